/* Reading whole collections from text in tests: rules, filters and correlations together. */
#ifndef SIGMATON_TESTS_RULESET_T_H
#define SIGMATON_TESTS_RULESET_T_H

#include "rule_t.h"

#include "ruleset.h"

struct t_collection {
    struct t_reading reading; /* sources and sink, for t_told */
    struct ruleset *set;
};

/* Reads all documents of `yaml` as one file; placeholders is a YAML map or NULL. */
static inline struct t_collection t_collect_str(struct arena *a, struct str yaml,
                                                const char *placeholders)
{
    struct t_collection c = {.reading = {.sources = sources_new(a)}};
    struct rule_options options = {0};
    struct collection state = {0};
    c.reading.sink = diag_sink_new(a, c.reading.sources);
    if (placeholders)
        options.placeholders = t_documents(a, &c.reading, str_of(placeholders)).v[0].root;
    c.set = ruleset_new(a, c.reading.sink);
    struct documents docs = t_documents(a, &c.reading, yaml);
    for (size_t i = 0; i < docs.n; i++)
        ruleset_add(c.set, &docs.v[i], &state, &options);
    ruleset_finish(c.set);
    return c;
}

static inline struct t_collection t_collect(struct arena *a, const char *yaml)
{
    return t_collect_str(a, str_of(yaml), NULL);
}

/* A detection rule with that name. */
#define T_RULE(name)                                                                       \
    "---\ntitle: " name "\nname: " name "\nlogsource: {product: p}\ndetection: {sel: {F: " \
    "x}, condition: sel}\n"
/* A correlation with that name; `map` is a flow map. */
#define T_CORRELATION(name, map) "---\ntitle: " name "\nname: " name "\ncorrelation: " map "\n"
/* A count over the rules of a flow list. */
#define T_COUNT(name, rules)                                                              \
    T_CORRELATION(name, "{type: event_count, rules: " rules ", timespan: 1m, condition: " \
                        "{gte: 2}}")

/* Names of what was accepted: rules, then filters, then correlations, by blanks. */
static inline struct str t_accepted(struct arena *a, const struct t_collection *c)
{
    struct text out;
    text_init(&out, a);
    for (size_t i = 0; i < c->set->n_rules; i++)
        text_addf(&out, " %.*s", STR_ARG(c->set->rules[i]->name));
    for (size_t i = 0; i < c->set->n_filters; i++)
        text_addf(&out, " %.*s", STR_ARG(c->set->filters[i]->head->name));
    for (size_t i = 0; i < c->set->n_correlations; i++)
        text_addf(&out, " %.*s", STR_ARG(c->set->correlations[i]->head->name));
    return str_trim(text_str(&out));
}

#endif
