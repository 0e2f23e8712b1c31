/* The rule AST: what a document says, checked, values final (modifiers applied), nothing evaluated.
 *
 * Plain structs in one arena, each with its span. Detections keep their written shape: maps are
 * "all of", lists are "any of". The oracle evaluates this tree as it stands; ir/lower turns the
 * same tree into the predicate DAG. So everything here is as obvious as it can be, and nothing is
 * clever.
 */
#ifndef SIGMATON_RULE_RULE_H
#define SIGMATON_RULE_RULE_H

#include "condition.h"
#include "diag.h"
#include "tree.h"
#include "value.h"

struct arena;

enum rule_level {
    LEVEL_NONE,
    LEVEL_INFORMATIONAL,
    LEVEL_LOW,
    LEVEL_MEDIUM,
    LEVEL_HIGH,
    LEVEL_CRITICAL,
};

enum rule_status {
    STATUS_NONE,
    STATUS_UNSUPPORTED,
    STATUS_DEPRECATED,
    STATUS_EXPERIMENTAL,
    STATUS_TEST,
    STATUS_STABLE,
};

struct logsource {
    struct str category, product, service; /* empty: not given */
    struct span at;
};

/* One `field|modifiers: values`. The values are OR-linked, with `all` AND-linked; `neq` negates the
 * whole. An entry of values may itself stand for several texts that are OR-linked whatever `all`
 * says (base64offset, expand): struct value holds them as alternatives. */
struct item {
    struct str field; /* empty: keywords */
    struct span field_at;
    struct span at;
    bool all, neq;
    struct value **values;
    size_t n_values;
    /* Placeholders that wait for a pipeline (rule_options.defer): until they are known the values
     * hold them as text, and the item is read again from what was written. Keywords without a key:
     * key == written. */
    struct str *pending;
    size_t n_pending;
    const struct node *key, *written;
};

enum detection_kind { DETECTION_ITEM, DETECTION_ALL_OF, DETECTION_ANY_OF };

struct detection {
    enum detection_kind kind;
    struct span at;
    struct item *item;           /* DETECTION_ITEM */
    struct detection **children; /* the others: map = ALL_OF, list = ANY_OF */
    size_t n_children;
};

struct identifier {
    struct str name;
    struct span at;
    struct detection *detection;
};

struct rule {
    uint32_t file, document; /* where it came from; document counts from 0 */
    struct span at;
    struct str title, id, name, description, author, taxonomy;
    enum rule_level level;
    enum rule_status status;
    struct str *tags;
    size_t n_tags;
    struct str *falsepositives;
    size_t n_falsepositives;
    struct logsource logsource;
    struct identifier *identifiers;
    size_t n_identifiers;
    struct condition **conditions; /* OR-linked */
    size_t n_conditions;
    const struct node *root; /* the document, for custom attributes */
};

enum document_kind {
    DOCUMENT_RULE,        /* *ret_rule is set */
    DOCUMENT_REFUSED,     /* reported to the sink */
    DOCUMENT_CORRELATION, /* for correlation_read */
    DOCUMENT_FILTER,      /* for filter_read */
    DOCUMENT_NONE,        /* `action: global` or `reset`: no rule of its own */
};

/* Nodes of all documents of one file that came out of a merge: templates count wherever they are
 * merged in, so that a small file cannot stand for a huge one. */
#define COLLECTION_NODES_MAX 2000000

/* State between the documents of one file: the templates of `action: global` and `repeat`. Zeroed
 * at start. */
struct collection {
    const struct node *global, *previous;
    size_t n_merged; /* nodes, see COLLECTION_NODES_MAX */
};

#define RULE_IDENTIFIERS_MAX 1000
#define RULE_CONDITIONS_MAX 100
#define DETECTION_DEPTH_MAX 32 /* lists and maps of one search identifier */
/* What expand, base64offset, and windash before an encoder may write out, in one rule: bytes of
 * text, with RULE_VARIANT_COST more for each variant. */
#define RULE_VARIANTS_MAX ((size_t)16 << 20)
#define RULE_VARIANT_COST 64

/* Placeholder values for `expand`, from --placeholders: a map name -> list of texts. NULL: none. */
struct rule_options {
    const struct node *placeholders;
    size_t *variants_left; /* of RULE_VARIANTS_MAX; NULL: every item has its own */
    bool defer;            /* a placeholder without values waits for a pipeline: see struct item */
    bool again; /* an item is read again: null stands for any text, and no warning is told twice */
};

/* Reads one document as a rule. All errors of the document are reported, not just the first. */
enum document_kind rule_read(struct arena *a, struct diag_sink *sink, const struct document *doc,
                             struct collection *state, const struct rule_options *options,
                             struct rule **ret_rule);

const char *rule_level_name(enum rule_level level);    /* "" for LEVEL_NONE */
const char *rule_status_name(enum rule_status status); /* "" for STATUS_NONE */
bool rule_level_parse(struct str s, enum rule_level *ret_level);
bool rule_status_parse(struct str s, enum rule_status *ret_status);

/* The AST as text, for `dump --stage rule` and golden files. */
void rule_dump(struct text *out, const struct rule *rule);

#endif
