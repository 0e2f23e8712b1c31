#include "pipeline_t.h"

#include "pipeline_file.h"

static struct str first_fault(struct arena *a, const char *text)
{
    return pipe_run(a, &text, 1, "    s: {F: 1}\n    condition: s\n");
}

static void pipelines_run_by_priority_then_path(void **state)
{
    static const char *const files[] = {
        "priority: 10\ntransformations: [{type: field_name_suffix, suffix: 1}]\n",
        "priority: -5\ntransformations: [{type: field_name_suffix, suffix: '2'}]\n",
        "priority: 10\ntransformations: [{type: field_name_suffix, suffix: '3'}]\n",
    };
    struct arena *a = t_arena(state);
    const char *first = "transformations: [{type: field_name_suffix, suffix: 1}]\n";
    t_assert_str(first_fault(a, first), "'suffix' must be a text, this is a number");
    const char *const good[] = {
        "priority: 10\ntransformations: [{type: field_name_suffix, suffix: '1'}]\n", files[1],
        files[2]};
    struct str got = pipe_run(a, good, 3, "    s: {F: 1}\n    condition: s\n");
    assert_non_null(strstr(got.p, "field \"F213\""));
}

static void what_the_matcher_has_no_use_for_is_no_fault(void **state)
{
    struct str got = first_fault(t_arena(state), "name: x\nallowed_backends: [splunk]\nvars:\n"
                                                 "transformations:\npostprocessing: []\n");
    assert_true(str_starts(got, STR("  logsource")));
}

static void nesting_is_bounded(void **state)
{
    struct arena *a = t_arena(state);
    for (unsigned depth = PIPELINE_NEST_MAX; depth <= PIPELINE_NEST_MAX + 1; depth++) {
        struct text t;
        text_init(&t, a);
        text_addz(&t, "transformations: [");
        for (unsigned i = 0; i < depth; i++)
            text_addz(&t, "{type: nest, items: [");
        text_addz(&t, "{type: set_state, key: a, val: b}");
        for (unsigned i = 0; i < depth; i++)
            text_addz(&t, "]}");
        text_addz(&t, "]\n");
        struct str got = first_fault(a, str_dup(a, text_str(&t)).p);
        if (depth <= PIPELINE_NEST_MAX)
            assert_true(str_starts(got, STR("  logsource")));
        else
            t_assert_str(got, "more than 8 nest inside each other");
    }
}

static void the_number_of_steps_is_bounded(void **state)
{
    struct arena *a = t_arena(state);
    for (unsigned n = PIPELINE_STEPS_MAX; n <= PIPELINE_STEPS_MAX + 1; n++) {
        struct text t;
        text_init(&t, a);
        text_addz(&t, "transformations:\n");
        for (unsigned i = 0; i < n; i++)
            text_addz(&t, "- {type: set_state, key: a, val: b}\n");
        struct str got = first_fault(a, str_dup(a, text_str(&t)).p);
        assert_int_equal(str_starts(got, STR("  logsource")), n == PIPELINE_STEPS_MAX);
    }
}

static void texts_that_grow_without_end_refuse_the_rule(void **state)
{
    struct text t;
    text_init(&t, t_arena(state));
    text_addz(&t, "transformations:\n");
    for (unsigned i = 0; i < 40; i++)
        text_addz(&t, "- {type: replace_string, regex: '^.*$', replacement: '\\g<0>\\g<0>'}\n");
    const char *p = str_dup(t_arena(state), text_str(&t)).p;
    struct str got = pipe_run(t_arena(state), &p, 1, "    s: {F: abcdefgh}\n    condition: s\n");
    assert_true(str_starts(got, STR("'replace_string' cannot be applied")));
}

static void rules_that_grow_without_end_are_refused(void **state)
{
    struct text t;
    text_init(&t, t_arena(state));
    text_addz(&t, "transformations:\n");
    for (unsigned i = 0; i < 20; i++)
        text_addz(&t, "- {type: field_name_mapping, mapping: {F: [F, F, F]}}\n");
    const char *p = str_dup(t_arena(state), text_str(&t)).p;
    t_assert_str(pipe_run(t_arena(state), &p, 1, "    s: {F: a}\n    condition: s\n"),
                 "'field_name_mapping' cannot be applied to this rule: the rule grows too large");
}

static void every_built_in_pipeline_is_found_and_read(void **state)
{
    static const char *const names[] = {"ecs-windows", "security-4688"};
    struct arena *a = t_arena(state);
    struct sources *sources = sources_new(a);
    struct diag_sink *sink = diag_sink_new(a, sources);
    assert_non_null(pipelines_read(a, sources, sink, names, 2));
    assert_int_equal(diag_count(sink), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(pipelines_run_by_priority_then_path),
        t_test(what_the_matcher_has_no_use_for_is_no_fault),
        t_test(nesting_is_bounded),
        t_test(the_number_of_steps_is_bounded),
        t_test(texts_that_grow_without_end_refuse_the_rule),
        t_test(rules_that_grow_without_end_are_refused),
        t_test(every_built_in_pipeline_is_found_and_read),
    };
    return t_run(tests);
}
