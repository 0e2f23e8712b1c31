/* Correlation rules (SEMANTICS section 9): what a document says, checked, nothing evaluated.
 *
 * correlation_read fills all that one document tells; correlations_check (rule_check.h) resolves
 * the references when all documents are there, and only then `rule`, `correlation`, `fields` of
 * aliases, `n_distinct` and the default bound are set.
 */
#ifndef SIGMATON_RULE_CORRELATION_H
#define SIGMATON_RULE_CORRELATION_H

#include "reference.h"

#define CORRELATION_RULES_MAX 1000 /* references of one correlation */
#define CORRELATION_FIELDS_MAX 64  /* of group-by, of the field list of a value_count, and aliases \
                                    */

enum correlation_type {
    CORRELATION_EVENT_COUNT,
    CORRELATION_VALUE_COUNT,
    CORRELATION_TEMPORAL,
    CORRELATION_TEMPORAL_ORDERED,
    CORRELATION_VALUE_SUM,
    CORRELATION_VALUE_AVG,
    CORRELATION_VALUE_PERCENTILE,
    CORRELATION_VALUE_MEDIAN,
    CORRELATION_TYPE__COUNT
};

enum correlation_operator {
    CORRELATION_GT,
    CORRELATION_GTE,
    CORRELATION_LT,
    CORRELATION_LTE,
    CORRELATION_EQ,
    CORRELATION_NEQ,
    CORRELATION_OPERATOR__COUNT
};

struct correlation_bound {
    enum correlation_operator op;
    struct number number;
};

/* A referenced rule: exactly one of the two pointers is set. */
struct correlation_rule {
    struct reference reference;
    const struct rule *rule; /* as read, before filters and selection */
    const struct correlation *correlation;
};

/* `{alias: {rule: field}}`, as written and as it comes to bear. */
struct correlation_alias {
    struct str name;
    struct span at;
    struct reference *rules; /* [n] */
    struct str *written;     /* [n] the field of rules[i] */
    size_t n;
    struct str *fields; /* [n_rules of the correlation]: the field that the alias is in that rule */
};

struct correlation {
    struct rule *head; /* attributes alone: no log source, identifiers or conditions */
    enum correlation_type type;
    struct correlation_rule *rules; /* in the order of `rules`, else of the condition */
    size_t n_rules;
    size_t n_distinct; /* different rules among them */
    uint64_t timespan; /* seconds */
    struct str *group_by;
    size_t n_group_by; /* 0: one group of everything */
    /* AND-linked; on temporal types that give none: gte n_distinct. None with an expression. */
    struct correlation_bound *bounds;
    size_t n_bounds;
    struct condition *expression; /* temporal types: identifiers are indices into rules; or NULL */
    struct str *fields;           /* of value_ types; several for value_count only */
    size_t n_fields;
    bool has_percentile; /* value_percentile: else the rarity of the value */
    struct number percentile;
    struct correlation_alias *aliases;
    size_t n_aliases;
    bool generate; /* the referenced rules raise alerts of their own, too */
};

/* Reads a document whose kind is DOCUMENT_CORRELATION. NULL after reporting all that is wrong. */
struct correlation *correlation_read(struct arena *a, struct diag_sink *sink,
                                     const struct document *doc);

const char *correlation_type_name(enum correlation_type type);
const char *correlation_operator_name(enum correlation_operator op);
bool correlation_is_temporal(enum correlation_type type);

/* As text, for `dump`. */
void correlation_dump(struct text *out, const struct correlation *c);

#endif
