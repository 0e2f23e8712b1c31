/* A rule, pipelines, and what comes out as text. */
#ifndef SIGMATON_TESTS_PIPELINE_T_H
#define SIGMATON_TESTS_PIPELINE_T_H

#include "t.h"

#include "pipeline_apply.h"
#include "tree.h"

struct pipe_case {
    const char *pipeline;  /* its transformations, or with `whole` the file */
    const char *detection; /* of the rule: flow or block YAML below `detection:` */
    const char *want;      /* the dump from the first identifier on, or the first message */
    bool whole;
};

static inline struct rule *pipe_rule(struct arena *a, struct sources *sources,
                                     struct diag_sink *sink, const char *detection)
{
    struct str text = str_format(a,
                                 "title: T\nid: 11111111-0000-0000-0000-000000000001\n"
                                 "level: high\nstatus: test\ndate: 2024-05-01\n"
                                 "tags: [attack.t1059]\nauthor: me\n"
                                 "logsource: {product: windows, category: process_creation}\n"
                                 "detection:\n%s",
                                 detection);
    uint32_t file = sources_add(sources, STR("rule.yml"), text);
    struct documents d = tree_read(a, sources, file, sink);
    struct collection state = {0};
    struct rule_options options = {.defer = true};
    struct rule *rule = NULL;
    assert_int_equal(d.n, 1);
    rule_read(a, sink, &d.v[0], &state, &options, &rule);
    if (!rule)
        print_error("%.*s\n", STR_ARG(diag_get(sink, 0)->message));
    assert_non_null(rule);
    return rule;
}

/* What n pipeline files make of the rule; the first message when it is refused. */
static inline struct str pipe_run(struct arena *a, const char *const *pipelines, size_t n,
                                  const char *detection)
{
    struct sources *sources = sources_new(a);
    struct diag_sink *sink = diag_sink_new(a, sources);
    const struct rule *rule = pipe_rule(a, sources, sink, detection);
    struct text before, after;
    uint32_t *files = ARENA_ARRAY(a, n, uint32_t);
    for (size_t i = 0; i < n; i++)
        files[i] = sources_add(sources, str_format(a, "pipe%zu.yml", i), str_of(pipelines[i]));
    size_t n_before = diag_count(sink);
    text_init(&before, a);
    text_init(&after, a);
    rule_dump(&before, rule);
    struct pipelines_run run = {
        .arena = a,
        .sink = sink,
        .pipelines = pipelines_read_sources(a, sources, sink, files, n),
    };
    const struct rule *rules[] = {rule};
    struct mapped m = {.rules = rules, .n = 1};
    size_t n_refused = run.pipelines ? pipelines_map(&run, &m) : 1;
    rule_dump(&after, rule);
    assert_true(str_eq(text_str(&before), text_str(&after))); /* the original is untouched */
    assert_int_equal(m.n + n_refused, run.pipelines ? 1 : 2);
    if (n_refused > 0)
        return diag_get(sink, n_before)->message;
    text_init(&after, a);
    rule_dump(&after, m.rules[0]);
    const char *from = strstr(str_dup(a, text_str(&after)).p, "  logsource");
    return str_of(from);
}

static inline void pipe_check(struct arena *a, const struct pipe_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *p = cases[i].pipeline;
        if (!cases[i].whole)
            p = str_format(a, "transformations:\n%s", p).p;
        struct str got = pipe_run(a, &p, 1, cases[i].detection);
        struct str head = STR("  logsource category=\"process_creation\" product=\"windows\"\n");
        if (str_starts(got, head))
            got = str_sub(got, head.len, got.len);
        if (!str_eq_z(got, cases[i].want))
            print_error("case %zu: %s\n", i, p);
        t_assert_str(got, cases[i].want);
    }
}

#define PIPE_CHECK(state, cases) \
    pipe_check(t_arena(state), (cases), sizeof(cases) / sizeof *(cases))

#endif
