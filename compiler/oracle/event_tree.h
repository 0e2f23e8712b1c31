/* JSON bytes -> tree, and what a field path finds in it.
 *
 * Strict RFC 8259, a byte order mark in front skipped. A string that is a value may be at fault (an
 * escape, a control character, UTF-8) without the event being so: nobody may ever look at it. A
 * line feed in a string is not among these faults, for it ends the line. Of duplicate keys in one
 * object only the first is kept. A lone surrogate escape reads as U+FFFD. Numbers stay as they are
 * written. Look-up and leaves: SEMANTICS section 5.
 *
 *     struct json *root = json_read(arena, text, &error);
 *     struct values leaves = json_leaves(arena, json_find(arena, root, STR("a.b")));
 */
#ifndef SIGMATON_ORACLE_EVENT_TREE_H
#define SIGMATON_ORACLE_EVENT_TREE_H

#include "arena.h"
#include "str.h"

/* Objects and arrays inside each other; the outermost counts as 1. */
#define EVENT_DEPTH_MAX 128

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_error {
    const char *what; /* a phrase */
    size_t off;       /* bytes from the start of the text */
};

struct json {
    enum json_kind kind;
    bool boolean;
    struct str text;         /* NUMBER: the token; STRING: decoded */
    struct str raw;          /* the bytes it was read from */
    struct json_error fault; /* STRING: what == NULL, or why text is empty */
    struct str *keys;        /* OBJECT: keys[n], decoded, all different */
    struct json **items;     /* ARRAY, OBJECT: items[n] */
    size_t n;
};

struct values {
    const struct json **v;
    size_t n;
};

/* Reads one JSON value that is the whole text. The tree points into text and lives in the arena.
 * NULL and *ret_error on failure; a string at fault is one. */
struct json *json_read(struct arena *a, struct str text, struct json_error *ret_error);
/* The same, but the value must be an object and its strings may be at fault. *ret_any_fault: one
 * is. */
struct json *json_read_event(struct arena *a, struct str text, struct json_error *ret_error,
                             bool *ret_any_fault);

/* The value of a key of an object; NULL when it has none or is no object. */
const struct json *json_member(const struct json *object, struct str key);
/* All values that the path finds; none: the field is absent. */
struct values json_find(struct arena *a, const struct json *object, struct str path);
/* The same inside an envelope (pipeline.h): blanks in the envelope's own keys do not count, objects
 * found are their `#text`. */
struct values json_find_in_envelope(struct arena *a, const struct json *envelope, struct str path);
/* The envelopes of an event that stand at a path. */
struct values json_envelopes(struct arena *a, const struct json *event, struct str path,
                             bool inner);
/* The scalars (null too) among the values, arrays flattened; objects have no leaves. */
struct values json_leaves(struct arena *a, struct values found);
/* Every scalar but null, at any depth, arrays and objects alike: what keywords search. */
struct values json_all_scalars(struct arena *a, const struct json *root);

/* True when the text is exactly a JSON number token. */
bool json_is_number(struct str s);

#endif
