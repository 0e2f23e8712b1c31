#include "t.h"

#include "filters.h"
#include "ruleset.h"

/* Reads a collection and applies its filters. */
struct filtered {
    struct sources *sources;
    struct diag_sink *sink;
    struct rule **rules;
    struct ruleset *set;
};

static struct filtered filter(struct arena *a, struct str yaml)
{
    struct filtered f = {.sources = sources_new(a)};
    struct collection state = {0};
    f.sink = diag_sink_new(a, f.sources);
    f.set = ruleset_new(a, f.sink);
    struct documents docs =
        tree_read(a, f.sources, sources_add(f.sources, STR("t.yml"), yaml), f.sink);
    for (size_t i = 0; i < docs.n; i++)
        ruleset_add(f.set, &docs.v[i], &state, NULL);
    ruleset_finish(f.set);
    f.rules =
        filters_apply(a, f.sink, f.set->rules, f.set->n_rules, f.set->filters, f.set->n_filters);
    return f;
}

/* The conditions of rule `i`, a line each, and what was told. */
static struct str conditions(struct arena *a, const struct filtered *f, size_t rule)
{
    const struct rule *r = f->rules[rule];
    struct str *names = ARENA_ARRAY(a, r->n_identifiers, struct str);
    for (size_t i = 0; i < r->n_identifiers; i++)
        names[i] = r->identifiers[i].name;
    struct condition_scope scope = {.names = names, .n = r->n_identifiers};
    struct text out;
    text_init(&out, a);
    for (size_t i = 0; i < r->n_conditions; i++) {
        text_addz(&out, i ? "\n" : "");
        condition_print(&out, r->conditions[i], &scope);
    }
    for (size_t i = 0; i < diag_count(f->sink); i++) {
        text_addz(&out, "\n");
        text_add(&out, diag_get(f->sink, i)->message);
    }
    return text_str(&out);
}

#define RULE(source)                                                                   \
    "title: r\nname: r\nid: aaaaaaaa-0000-4000-8000-000000000000\nlogsource: {" source \
    "}\ndetection: {sel: {F: x}, condition: sel}\n"
#define FILTER(title, source, rules)                                              \
    "---\ntitle: " title "\nlogsource: {" source "}\nfilter: {rules: " rules ", " \
    "sel: {U: y}, condition: not sel}\n"

static void every_condition_is_anded_with_every_filter(void **state)
{
    struct arena *a = t_arena(state);
    struct filtered f =
        filter(a, STR("title: r\nlogsource: {product: p}\n"
                      "detection: {sel: {F: x}, b: {G: x}, condition: [sel or b, b]}\n" FILTER(
                          "f1", "product: p", "any") FILTER("f2", "product: p", "any")));
    t_assert_str(conditions(a, &f, 0), "((sel or b) and not sel [f1] and not sel [f2])\n"
                                       "(b and not sel [f1] and not sel [f2])");
}

static void selectors_see_only_their_own(void **state)
{
    struct arena *a = t_arena(state);
    struct filtered f = filter(
        a, STR("title: r\nlogsource: {product: p}\n"
               "detection: {sel_1: {F: x}, sel_2: {F: y}, condition: 1 of sel_*}\n"
               "---\ntitle: f\nlogsource: {product: p}\n"
               "filter: {rules: any, sel_3: {U: x}, sel_4: {U: y}, condition: all of them}\n"));
    t_assert_str(conditions(a, &f, 0), "(at least 1 of {sel_1, sel_2} and "
                                       "at least 2 of {sel_3 [f], sel_4 [f]})");
    t_assert_str(f.rules[0]->conditions[0]->children[1]->target, "them [f]");
}

static void the_rule_that_was_read_stays_as_it_was(void **state)
{
    struct arena *a = t_arena(state);
    struct filtered f = filter(a, STR(RULE("product: p") FILTER("f", "product: p", "any")));
    assert_ptr_not_equal(f.rules[0], f.set->rules[0]);
    assert_int_equal(f.set->rules[0]->n_identifiers, 1);
    assert_int_equal(f.set->rules[0]->conditions[0]->kind, COND_IDENTIFIER);
    assert_int_equal(f.set->filters[0]->head->conditions[0]->children[0]->identifier, 0);
    f = filter(a, STR(RULE("product: p")));
    assert_ptr_equal(f.rules[0], f.set->rules[0]);
}

static void a_filter_reaches_what_its_log_source_contains(void **state)
{
    static const struct {
        const char *rule, *filter;
        bool reached;
    } rows[] = {
        {"product: p, category: c", "product: p", true},
        {"product: p, category: c", "product: P, category: C", true},
        {"product: p, category: c", "category: c", true},
        {"product: p, category: c", "product: p, service: s", false},
        {"product: p", "product: p, category: c", false},
        {"product: p", "product: q", false},
        {"product: p", "service: p", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = t_arena(state);
        struct filtered f = filter(
            a, str_format(a,
                          "title: r\nlogsource: {%s}\ndetection: {sel: {F: x}, condition: sel}\n"
                          "---\ntitle: f\nlogsource: {%s}\n"
                          "filter: {rules: any, sel: {U: y}, condition: not sel}\n",
                          rows[i].rule, rows[i].filter));
        t_assert_str(conditions(a, &f, 0), rows[i].reached ? "(sel and not sel [f])" : "sel");
    }
}

static void rules_are_named_by_id_or_name_and_reached_once(void **state)
{
    static const struct {
        const char *rules, *conditions;
    } rows[] = {
        {"r", "(sel and not sel [f])"},
        {"AAAAAAAA-0000-4000-8000-000000000000", "(sel and not sel [f])"},
        {"[r, aaaaaaaa-0000-4000-8000-000000000000, r]", "(sel and not sel [f])"},
        {"R", "sel\nthe filter does not reach 'R': no detection rule that was read has this id or "
              "name"},
        {"[x, r]", "(sel and not sel [f])\nthe filter does not reach 'x': no detection rule that "
                   "was read has this id or name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *a = t_arena(state);
        struct filtered f =
            filter(a, str_format(a,
                                 "---\ntitle: f\nlogsource: {product: p}\nfilter: {rules: %s, "
                                 "sel: {U: y}, condition: not sel}\n---\n%s",
                                 rows[i].rules, RULE("product: p")));
        t_assert_str(conditions(a, &f, 0), rows[i].conditions);
    }
}

static void a_named_rule_of_another_log_source_is_told(void **state)
{
    struct arena *a = t_arena(state);
    struct filtered f = filter(a, STR(RULE("product: q") FILTER("f", "product: p", "r")));
    t_assert_str(conditions(a, &f, 0), "sel\nthe filter does not reach 'r': its log source is not "
                                       "within that of the filter");
    t_assert_str(diag_get(f.sink, 0)->rule, "f");
}

static void correlations_are_not_reached(void **state)
{
    struct arena *a = t_arena(state);
    struct filtered f =
        filter(a, STR(RULE("product: p") "---\ntitle: c\nname: c\ncorrelation: {type: event_count, "
                                         "rules: r, timespan: 1m, condition: {gte: 2}}\n" FILTER(
                                             "f", "product: p", "c")));
    t_assert_str(conditions(a, &f, 0), "sel\nthe filter does not reach 'c': no detection rule that "
                                       "was read has this id or name");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(every_condition_is_anded_with_every_filter),
        t_test(selectors_see_only_their_own),
        t_test(the_rule_that_was_read_stays_as_it_was),
        t_test(a_filter_reaches_what_its_log_source_contains),
        t_test(rules_are_named_by_id_or_name_and_reached_once),
        t_test(a_named_rule_of_another_log_source_is_told),
        t_test(correlations_are_not_reached),
    };
    return t_run(tests);
}
