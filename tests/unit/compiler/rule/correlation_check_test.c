#include "ruleset_t.h"

#define UUID_A "aaaaaaaa-0000-4000-8000-000000000000"

/* Names accepted, and everything that was told. */
static void check(void **state, const char *yaml, const char *accepted, const char *told)
{
    struct arena *a = t_arena(state);
    struct t_collection c = t_collect(a, yaml);
    t_assert_str(t_accepted(a, &c), accepted);
    t_assert_str(t_told(a, &c.reading), told);
}

static void references_may_stand_before_what_they_mean(void **state)
{
    struct t_collection c = t_collect(t_arena(state), T_COUNT("outer", "[inner, a]")
                                                          T_COUNT("inner", "[a]") T_RULE("a"));
    assert_int_equal(c.set->n_correlations, 2);
    const struct correlation *outer = c.set->correlations[0];
    assert_ptr_equal(outer->rules[0].correlation, c.set->correlations[1]);
    assert_null(outer->rules[0].rule);
    assert_ptr_equal(outer->rules[1].rule, c.set->rules[0]);
    assert_null(outer->rules[1].correlation);
}

static void a_uuid_is_an_id_and_nothing_else_is(void **state)
{
    check(state,
          "title: a\nname: a\nid: " UUID_A "\nlogsource: {product: p}\n"
          "detection: {sel: {F: x}, condition: sel}\n" T_COUNT(
              "by_id", "[AAAAAAAA-0000-4000-8000-000000000000]") T_COUNT("by_name", "[a]"),
          "a by_id by_name", "");
    check(state, T_RULE(UUID_A) T_COUNT("c", "[" UUID_A "]"), UUID_A, "9:42+36 rule_not_found");
}

static void what_is_not_there_is_not_found(void **state)
{
    struct arena *a = t_arena(state);
    struct t_collection c = t_collect(a, T_RULE("failed") T_COUNT("c", "[faild, failed]"));
    t_assert_str(t_accepted(a, &c), "failed");
    const struct diag *d = diag_get(c.reading.sink, 0);
    t_assert_str(d->message,
                 "rule 'faild' was not read: no rule and no correlation has this id or name");
    t_assert_str(d->help, "did you mean 'failed'?");
    t_assert_str(d->rule, "c");
}

static void filters_and_titles_are_no_rules(void **state)
{
    struct arena *a = t_arena(state);
    struct t_collection c =
        t_collect(a, "title: f\nname: f\nlogsource: {product: p}\n"
                     "filter: {rules: any, sel: {F: x}, condition: not sel}\n" T_COUNT("c", "[f]"));
    t_assert_str(t_accepted(a, &c), "f");
    t_assert_str(diag_get(c.reading.sink, 0)->message, "rule 'f' is a filter");
    check(state,
          "title: only title\nlogsource: {product: p}\n"
          "detection: {sel: {F: x}, condition: sel}\n" T_COUNT("c", "[only title]"),
          "", "7:42+10 rule_not_found");
}

static void what_was_refused_takes_along_what_refers_to_it(void **state)
{
    struct arena *a = t_arena(state);
    struct t_collection c =
        t_collect(a, T_COUNT("outer", "[inner]") T_COUNT("inner", "[bad]") T_COUNT("fine", "[a]")
                         T_RULE("a") "---\ntitle: bad\nname: bad\nlogsource: {product: p}\n");
    t_assert_str(t_accepted(a, &c), "a fine");
    assert_int_equal(c.set->n_refused, 3);
    t_assert_str(t_told(a, &c.reading),
                 "19:1+5 missing_detection\n8:42+3 rule_not_found\n4:42+5 rule_not_found");
    t_assert_str(diag_get(c.reading.sink, 1)->message, "rule 'bad' was refused");
    t_assert_str(diag_get(c.reading.sink, 2)->message, "rule 'inner' was refused");
}

static void names_are_unique_over_all_kinds(void **state)
{
    check(state, T_RULE("a") T_COUNT("a", "[a]") T_COUNT("c", "[a]"), "a c",
          "8:7+1 duplicate_name");
}

static void cycles_are_refused_and_only_they(void **state)
{
    check(state, T_RULE("a") T_COUNT("self", "[self]"), "a", "9:42+4 correlation_cycle");
    check(state, T_COUNT("x", "[y]") T_COUNT("y", "[z]") T_COUNT("z", "[x]"), "",
          "4:42+1 correlation_cycle\n8:42+1 correlation_cycle\n12:42+1 correlation_cycle");
    /* A diamond is no cycle. */
    check(state,
          T_RULE("a") T_COUNT("top", "[l, r]") T_COUNT("l", "[low]") T_COUNT("r", "[low]")
              T_COUNT("low", "[a]"),
          "a top l r low", "");
    /* Between two cycles, and on neither. */
    check(state, T_COUNT("x", "[x]") T_COUNT("between", "[x]") T_COUNT("y", "[y, between]"), "",
          "4:42+1 correlation_cycle\n8:42+1 rule_not_found\n12:42+1 correlation_cycle");
}

static void long_chains_are_followed(void **state)
{
    struct arena *a = t_arena(state);
    struct text t;
    text_init(&t, a);
    for (unsigned i = 0; i < 3000; i++)
        text_addf(&t,
                  "---\ntitle: c\nname: c%u\ncorrelation: {type: event_count, rules: c%u, "
                  "timespan: 1m, condition: {gte: 2}}\n",
                  i, i + 1);
    text_addz(&t, T_RULE("c3000"));
    struct t_collection c = t_collect_str(a, text_str(&t), NULL);
    assert_int_equal(c.set->n_correlations, 3000);
    text_addz(&t, T_COUNT("broken", "[c0, nobody]"));
    c = t_collect_str(a, text_str(&t), NULL);
    assert_int_equal(c.set->n_correlations, 3000);
}

static void a_rule_twice_counts_once(void **state)
{
    struct arena *a = t_arena(state);
    struct t_collection c = t_collect(
        a, "title: a\nname: a\nid: " UUID_A "\nlogsource: {product: p}\n"
           "detection: {sel: {F: x}, condition: sel}\n" T_CORRELATION(
               "c", "{type: temporal, rules: [a, " UUID_A "], timespan: 1m}")
               T_CORRELATION("o", "{type: temporal_ordered, rules: [a, a], timespan: 1m}"));
    t_assert_str(t_told(a, &c.reading), "9:42+36 repeated_rule");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(c.set->correlations[i]->n_rules, 2);
        assert_int_equal(c.set->correlations[i]->n_distinct, 1);
        assert_int_equal(c.set->correlations[i]->bounds[0].number.i, 1);
    }
}

static void aliases_mean_rules_by_id_or_name(void **state)
{
    struct arena *a = t_arena(state);
    struct t_collection c = t_collect(
        a, "title: a\nname: a\nid: " UUID_A "\nlogsource: {product: p}\n"
           "detection: {sel: {F: x}, condition: sel}\n" T_RULE("b") T_RULE("stranger")
               T_CORRELATION("c", "{type: temporal, rules: [a, b], timespan: 1m, group-by: x, "
                                  "aliases: {x: {" UUID_A ": Src, stranger: F}}}"));
    t_assert_str(t_told(a, &c.reading), "19:130+8 no_effect");
    assert_int_equal(c.set->n_correlations, 1);
    t_assert_str(c.set->correlations[0]->aliases[0].fields[0], "Src");
    t_assert_str(c.set->correlations[0]->aliases[0].fields[1], "x");
    check(state,
          T_RULE("a") T_CORRELATION("c", "{type: temporal, rules: a, timespan: 1m, "
                                         "aliases: {x: {nobody: F}}}"),
          "a", "9:69+6 rule_not_found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(references_may_stand_before_what_they_mean),
        t_test(a_uuid_is_an_id_and_nothing_else_is),
        t_test(what_is_not_there_is_not_found),
        t_test(filters_and_titles_are_no_rules),
        t_test(what_was_refused_takes_along_what_refers_to_it),
        t_test(names_are_unique_over_all_kinds),
        t_test(cycles_are_refused_and_only_they),
        t_test(long_chains_are_followed),
        t_test(a_rule_twice_counts_once),
        t_test(aliases_mean_rules_by_id_or_name),
    };
    return t_run(tests);
}
