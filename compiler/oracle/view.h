/* An event as rules see it: fields looked up through the event's shape, leaves with their text and
 * number.
 *
 * Shapes (pipeline.h, shape_rows): events of some channels carry a Sigma field under another name.
 * A look-up asks the rows of the event's channel and id in order; the first that applies answers;
 * the look-ups inside a row read the event's own names. Everything is remembered until the event's
 * arena goes.
 */
#ifndef SIGMATON_ORACLE_VIEW_H
#define SIGMATON_ORACLE_VIEW_H

#include "event_tree.h"
#include "pipeline.h"

/* A text as code points. */
struct points {
    const uint32_t *v;
    size_t n;
};

struct leaf {
    const struct json *json;
    bool has_text, has_number;
    struct str text;
    struct number number;
    struct points plain, folded; /* made by view_points */
};

struct field {
    bool present; /* the path finds something, whatever it is */
    struct leaf *leaves;
    size_t n;
};

struct view {
    struct arena *arena;
    const struct json *root;
    const struct names *names;    /* fields of the rules; others are looked up anew each time */
    const struct field **fields;  /* by name; NULL: not asked yet */
    const struct field *keywords; /* NULL: not asked yet */
    struct str channel;           /* empty: none */
    bool has_id;
    struct number id;
};

struct view *view_new(struct arena *a, const struct json *root, const struct names *names);
/* A field of a rule, through the shape. */
const struct field *view_field(struct view *v, struct str name);
/* A field under the event's own name, in the event itself or else in its envelopes. */
const struct field *view_raw(const struct view *v, struct str name);
/* Every scalar of the event. */
const struct field *view_keywords(struct view *v);
/* Whether the leaf is a string: a JSON string, or a number that no double holds, for such a token
 * has text and no number (SEMANTICS section 5). */
bool leaf_is_string(const struct leaf *leaf);
/* The leaf's text (has_text holds), folded or as it is. */
struct points view_points(const struct view *v, struct leaf *leaf, bool folded);
/* The text of the first leaf that has one; empty when none has. */
struct str view_raw_text(const struct view *v, struct str name);

/* Any text as code points, folded or as it is. */
struct points points_of(struct arena *a, struct str s, bool folded);

#endif
