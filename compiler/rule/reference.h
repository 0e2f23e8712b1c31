/* How correlations and filters name rules: by id when the reference is a UUID, else by name. */
#ifndef SIGMATON_RULE_REFERENCE_H
#define SIGMATON_RULE_REFERENCE_H

#include "rule.h"

struct reference {
    struct str text;
    struct span at;
};

/* One of the rules that share an id or a name, in the order of the index. */
struct rule_link {
    size_t rule; /* index into the rules that the index was made of */
    const struct rule_link *next;
};

struct rule_index;

/* The rules are kept as long as the arena. */
struct rule_index *rule_index_new(struct arena *a, struct rule *const *rules, size_t n);
/* The rules that the text means, or NULL. */
const struct rule_link *rule_index_find(const struct rule_index *index, struct str text);
/* "did you mean 'x'?" among the names, or the empty slice. */
struct str rule_index_help(const struct rule_index *index, struct str text);

/* An id as a key: letter case does not matter. */
struct str id_key(struct arena *a, struct str id);

#endif
