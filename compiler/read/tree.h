/* YAML bytes -> node tree with byte spans, through libyaml's events.
 *
 * Limits hold while events are pulled, so hostile input ends early: depth, document size, scalar
 * size, nodes after alias expansion. Keys of a mapping are unique. Scalars are resolved by the
 * YAML 1.2 core schema (SEMANTICS section 1), except that digits with a leading zero stay text. A
 * faulty document is reported to the sink and left out; the rest of the stream goes on where
 * libyaml can.
 */
#ifndef SIGMATON_READ_TREE_H
#define SIGMATON_READ_TREE_H

#include "diag.h"
#include "source.h"
#include "str.h"

struct arena;

#define TREE_DEPTH_MAX 64
#define TREE_DOCUMENT_MAX ((size_t)1 << 20) /* bytes of one document */
#define TREE_SCALAR_MAX ((size_t)64 << 10)  /* bytes of one scalar */
#define TREE_NODES_MAX 200000               /* nodes of one document, aliases expanded */

enum node_kind {
    NODE_NULL,
    NODE_BOOL,
    NODE_INT,   /* fits int64 */
    NODE_UINT,  /* above INT64_MAX, fits uint64 */
    NODE_FLOAT, /* finite, also .inf and .nan: see is_special */
    NODE_STRING,
    NODE_LIST,
    NODE_MAP,
};

struct node {
    enum node_kind kind;
    struct span at;  /* the whole node; a map or list begins at its first key or dash */
    struct str text; /* scalar: the decoded text (also of numbers, as written) */
    bool quoted;     /* scalar: single, double, literal or folded style */
    bool is_special; /* NODE_FLOAT: infinity or not a number */
    bool boolean;
    uint32_t n; /* of items or pairs, else 0 */
    union {
        struct node **items; /* NODE_LIST: items[n] */
        struct pair *pairs;  /* NODE_MAP: pairs[n] in the order written */
        struct {
            int64_t integer;
            uint64_t uinteger; /* NODE_INT >= 0 and NODE_UINT */
            double real;       /* NODE_FLOAT, and the nearest double of integers */
        };
    };
};

struct pair {
    struct node *key; /* any scalar; a key that is a map or list is refused here */
    struct node *value;
};

struct document {
    struct node *root; /* NULL when the document was faulty (already reported) */
    uint32_t file;
    uint32_t number; /* from 0 in its file, empty documents not counted */
    struct span at;
};

struct documents {
    struct document *v;
    size_t n;
};

/* Reads all documents of a file. Empty documents are skipped. Faulty ones stand in the result with
 * a NULL root, so that they can be counted. One at a time per sink. */
struct documents tree_read(struct arena *a, const struct sources *sources, uint32_t file,
                           struct diag_sink *sink);

/* Many files with the memory of one: what tree_reader_read gives lives as long as the arena. */
struct tree_reader *tree_reader_new(struct arena *a);
struct documents tree_reader_read(struct tree_reader *r, const struct sources *sources,
                                  uint32_t file, struct diag_sink *sink);

/* The value of `key` in a map, or NULL. */
const struct node *node_find(const struct node *map, const char *key);
/* As node_find, giving the pair. */
const struct pair *node_find_pair(const struct node *map, const char *key);
const char *node_kind_name(enum node_kind kind); /* "a list", "a number", ... for messages */
/* The tree as indented text, for `dump --stage tree` and golden files. */
void tree_print(struct text *out, const struct node *root);

#endif
