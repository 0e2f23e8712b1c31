#include "ruleset_t.h"

#define HEAD "title: f\nlogsource: {product: p}\n"

static struct str dumped(struct arena *a, const char *yaml)
{
    struct t_collection c = t_collect(a, yaml);
    struct text out;
    text_init(&out, a);
    if (c.set->n_filters == 1 && diag_count(c.reading.sink) == 0)
        filter_dump(&out, c.set->filters[0]);
    else
        text_add(&out, t_told(a, &c.reading));
    return text_str(&out);
}

static void a_filter_is_a_rule_that_names_rules(void **state)
{
    t_assert_str(dumped(t_arena(state), HEAD
                        "level: low\nfilter:\n  rules: [a, 3c7a5e10-9b42-4d6f-8a11-5d2e77aa0008]\n"
                        "  sel: {User: x}\n  condition: not sel\n"),
                 "filter \"f\"\n  taxonomy \"sigma\"\n  level low\n  logsource product=\"p\"\n"
                 "  rules \"a\" \"3c7a5e10-9b42-4d6f-8a11-5d2e77aa0008\"\n"
                 "  identifier \"sel\"\n    all of\n      field \"User\": any of\n        \"x\"\n"
                 "  condition not sel\n");
}

static void any_and_the_empty_list_mean_all_rules(void **state)
{
    static const struct {
        const char *rules;
        bool any;
        size_t n;
    } rows[] = {{"any", true, 0}, {"[]", true, 0}, {"one", false, 1}, {"[any]", false, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = t_arena(state);
        struct t_collection c = t_collect_str(
            a,
            str_format(a, HEAD "filter: {rules: %s, sel: {F: x}, condition: not sel}\n",
                       rows[i].rules),
            NULL);
        assert_int_equal(c.set->n_filters, 1);
        assert_int_equal(c.set->filters[0]->any, rows[i].any);
        assert_int_equal(c.set->filters[0]->n_rules, rows[i].n);
    }
}

static void faults_have_their_categories(void **state)
{
    static const struct {
        const char *yaml, *told;
    } rows[] = {
        {HEAD "filter: [sel]\n", "3:9+5 invalid_filter"},
        {HEAD "filter:\n", "3:8+1 invalid_filter"},
        {HEAD "filter: {sel: {F: x}, condition: sel}\n", "3:1+6 filter_rules"},
        {HEAD "filter: {rules: , sel: {F: x}, condition: sel}\n", "3:10+5 filter_rules"},
        {HEAD "filter: {rules: 5, sel: {F: x}, condition: sel}\n", "3:17+1 filter_rules"},
        {HEAD "filter: {rules: {a: b}, sel: {F: x}, condition: sel}\n", "3:17+6 filter_rules"},
        {HEAD "filter: {rules: [a, 5, ''], sel: {F: x}, condition: sel}\n",
         "3:21+1 filter_rules\n3:24+2 filter_rules"},
        {HEAD "filter: {rules: any, sel: {F: x}}\n", "3:1+6 filter_condition"},
        {HEAD "filter: {rules: any, sel: {F: x}, condition: }\n", "3:35+9 filter_condition"},
        {HEAD "filter: {rules: any, sel: {F: x}, condition: [sel]}\n", "3:46+5 filter_condition"},
        {HEAD "filter: {rules: any, sel: {F: x}, condition: not rules}\n",
         "3:50+5 undefined_identifier"},
        {HEAD "filter: {rules: any, sel: {F: x}, condition: sel and}\n", "3:53+1 condition_syntax"},
        {HEAD "filter: {rules: any, sel: {F|contians: x}, condition: sel}\n",
         "3:30+8 unknown_modifier"},
        {HEAD "filter: {rules: any, condition: sel}\n", "3:1+6 missing_identifiers"},
        {"title: f\nfilter: {rules: any, sel: {F: x}, condition: sel}\n",
         "1:1+5 missing_logsource"},
        {"logsource: {product: p}\nfilter: {rules: any, sel: {F: x}, condition: sel}\n",
         "1:1+9 missing_title"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = t_arena(state);
        struct t_collection c = t_collect(a, rows[i].yaml);
        t_assert_str(t_told(a, &c.reading), rows[i].told);
        assert_int_equal(c.set->n_filters, 0);
        assert_int_equal(c.set->n_refused, 1);
    }
}

static void a_detection_beside_it_has_no_effect(void **state)
{
    t_assert_str(dumped(t_arena(state),
                        HEAD "filter: {rules: any, sel: {F: x}, condition: not sel}\n"
                             "detection: {sel: {F: x}, condition: sel}\n"),
                 "4:1+9 no_effect");
}

static void a_collection_has_a_limit_of_filters(void **state)
{
    struct arena *a = t_arena(state);
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < FILTERS_MAX; i++)
        text_addz(&t, "---\n" HEAD "filter: {rules: any, s: {F: x}, condition: s}\n");
    struct t_collection c = t_collect_str(a, text_str(&t), NULL);
    assert_int_equal(c.set->n_filters, FILTERS_MAX);
    text_addz(&t, "---\n" HEAD "filter: {rules: any, s: {F: x}, condition: s}\n");
    c = t_collect_str(a, text_str(&t), NULL);
    assert_int_equal(c.set->n_filters, FILTERS_MAX);
    assert_int_equal(c.set->n_refused, 1);
    t_assert_str(diag_get(c.reading.sink, 0)->message,
                 "filter is more than the 10000 that a collection may have");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_filter_is_a_rule_that_names_rules), t_test(any_and_the_empty_list_mean_all_rules),
        t_test(faults_have_their_categories),        t_test(a_detection_beside_it_has_no_effect),
        t_test(a_collection_has_a_limit_of_filters),
    };
    return t_run(tests);
}
