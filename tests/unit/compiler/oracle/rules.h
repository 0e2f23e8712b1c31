/* Rule text -> mapped rules, for the tests of the oracle. */
#ifndef SIGMATON_TESTS_ORACLE_RULES_H
#define SIGMATON_TESTS_ORACLE_RULES_H

#include "pipeline.h"
#include "t.h"
#include "vec.h"

/* All rules of the text, which must be without fault. */
static inline struct mapped read_rules(struct arena *a, struct str text)
{
    struct sources *sources = sources_new(a);
    struct diag_sink *sink = diag_sink_new(a, sources);
    struct documents docs =
        tree_read(a, sources, sources_add(sources, STR("rules.yml"), text), sink);
    struct rule_options options = {0};
    struct collection state = {0};
    VEC(struct rule *) rules = {0};
    for (size_t i = 0; i < docs.n; i++) {
        struct rule *rule = NULL;
        if (docs.v[i].root &&
            rule_read(a, sink, &docs.v[i], &state, &options, &rule) == DOCUMENT_RULE)
            *VEC_PUSH(a, &rules) = rule;
    }
    assert_int_equal(diag_errors(sink), 0);
    struct selection_options all = {0};
    return pipeline_map(a, rules.v, rules.n, &all);
}

#endif
