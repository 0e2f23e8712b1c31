/* The condition language: lexer and recursive descent, one function per production (SEMANTICS
 * section 4).
 *
 * Selectors are resolved here: COND_AT_LEAST names the identifiers that `1 of sel*` selected, so
 * that no consumer matches patterns again.
 */
#ifndef SIGMATON_RULE_CONDITION_H
#define SIGMATON_RULE_CONDITION_H

#include "diag.h"
#include "str.h"

struct arena;

#define CONDITION_DEPTH_MAX 64
#define CONDITION_LENGTH_MAX 8192     /* bytes of one condition */
#define CONDITION_SELECTED_MAX 100000 /* identifiers that the selectors of one condition select */

enum condition_kind {
    COND_IDENTIFIER, /* identifier */
    COND_AND,        /* children[n >= 2] */
    COND_OR,         /* children[n >= 2] */
    COND_NOT,        /* children[0] */
    COND_AT_LEAST, /* at least `count` of identifiers selected[n]; `all of` has count == n_selected
                    */
};

struct condition {
    enum condition_kind kind;
    struct span at;
    uint32_t identifier; /* index into the rule's identifiers */
    struct condition **children;
    size_t n_children;
    uint32_t count;
    uint32_t *selected; /* indices into the rule's identifiers, in their order */
    size_t n_selected;
    struct str quantifier, target; /* as written, for explain: "1", "sel*" */
};

/* What the parser may name: the rule's search identifiers in order of appearance. Or the rules of a
 * correlation: then there are no selectors, and faults are those of the correlation's condition. */
struct condition_scope {
    const struct str *names;
    size_t n;
    bool rules;
};

/* Parses one condition text. `at` is the place of its scalar; `text` may differ from the source
 * bytes at that place (folded or escaped scalars), so places inside are exact only for plain
 * one-line scalars. Returns NULL after reporting. Syntax errors are reported before name errors. */
struct condition *condition_parse(struct arena *a, struct diag_sink *sink, struct str text,
                                  struct span at, const struct condition_scope *scope);
/* The names of a condition over rules in order of appearance, each once, with their places; as far
 * as the text can be read. Returns how many; *ret_names and *ret_places are arrays of that many. */
size_t condition_names(struct arena *a, struct diag_sink *sink, struct str text, struct span at,
                       struct str **ret_names, struct span **ret_places);
void condition_print(struct text *out, const struct condition *c,
                     const struct condition_scope *scope);

#endif
