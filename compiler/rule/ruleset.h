/* All documents of one compilation: what was read of them, and what only the whole shows.
 *
 *     struct ruleset *set = ruleset_new(a, sink);
 *     ruleset_read(set, crew, trees, n_files, &options);
 *     ruleset_finish(set);          rules, filters, correlations stand in set, in reading order
 *
 * The order of documents does not matter: references are resolved when all are there.
 */
#ifndef SIGMATON_RULE_RULESET_H
#define SIGMATON_RULE_RULESET_H

#include "correlation.h"
#include "crew.h"
#include "filter.h"
#include "vec.h"

struct ruleset_entry {
    struct rule *head;
    struct filter *filter;           /* this, */
    struct correlation *correlation; /* this, or neither: a rule */
};

struct ruleset {
    struct arena *arena;
    struct diag_sink *sink;
    VEC(struct ruleset_entry) entries; /* what was accepted, until ruleset_finish */
    VEC(struct rule *) refused;        /* heads, for messages: id, name and title as far as known */
    size_t n_refused, n_nothing;       /* documents; nothing: `action: global` and `reset` */
    size_t n_filters_read;
    struct rule **rules;
    struct filter **filters;
    struct correlation **correlations;
    size_t n_rules, n_filters, n_correlations;
};

struct ruleset *ruleset_new(struct arena *a, struct diag_sink *sink);
/* Reads one document; returns what it was. `state` is that of its file. */
enum document_kind ruleset_add(struct ruleset *set, const struct document *doc,
                               struct collection *state, const struct rule_options *options);
/* Reads the documents of the files [n], each file by one member of the crew. */
void ruleset_read(struct ruleset *set, struct crew *crew, const struct documents *trees, uint32_t n,
                  const struct rule_options *options);
/* Checks what all documents say of each other and fills rules, filters and correlations. Once, at
 * the end. */
void ruleset_finish(struct ruleset *set);

#endif
