#include "ir_harness.h"
#include "rule.h"

/* The rule of a detection, lowered and printed. */
static struct str lowered(struct arena *a, const char *detection)
{
    struct sources *sources = sources_new(a);
    struct diag_sink *sink = diag_sink_new(a, sources);
    struct str yaml = str_format(a, "title: t\nlogsource: {product: p}\ndetection:\n%s", detection);
    struct documents docs = tree_read(a, sources, sources_add(sources, STR("t.yml"), yaml), sink);
    assert_int_equal(docs.n, 1);
    struct collection collection = {0};
    struct rule_options options = {0};
    struct rule *rule = NULL;
    enum document_kind kind = rule_read(a, sink, &docs.v[0], &collection, &options, &rule);
    for (size_t i = 0; i < diag_count(sink) && kind != DOCUMENT_RULE; i++)
        print_error("%.*s\n", STR_ARG(diag_get(sink, i)->message));
    assert_int_equal(kind, DOCUMENT_RULE);
    const struct rule *rules[] = {rule};
    struct ir *ir = ir_lower(a, rules, 1);
    assert_null(ir_verify(ir, a));
    assert_ptr_equal(ir->rules[0].rule, rule);
    return h_print(a, ir);
}

struct row {
    const char *detection, *want;
};

static void assert_rows(struct arena *a, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str got = lowered(a, rows[i].detection);
        if (!str_eq_z(got, rows[i].want))
            print_error("%s\n", rows[i].detection);
        t_assert_str(got, rows[i].want);
    }
}
#define ASSERT_ROWS(state, rows) assert_rows(t_arena(state), (rows), sizeof(rows) / sizeof *(rows))

#define SEL(item) "  condition: sel\n  sel:\n    " item "\n"
#define ONE(op) "%0 = " op "\nrule \"t\" = %0\n"

static const struct row patterns[] = {
    {SEL("F: ''"), ONE("eq \"F\" \"\"")},
    {SEL("F: AbC"), ONE("eq \"F\" \"abc\"")},
    {SEL("F: 'AbC*'"), ONE("prefix \"F\" \"abc\"")},
    {SEL("F: '*AbC'"), ONE("suffix \"F\" \"abc\"")},
    {SEL("F: '*AbC*'"), ONE("contains \"F\" \"abc\"")},
    {SEL("F: '*'"), ONE("any \"F\"")},
    {SEL("F|cased: '*'"), ONE("any \"F\"")},
    {SEL("F: 'a*b'"), ONE("wildcard \"F\" \"a\\*b\"")},
    {SEL("F: '?'"), ONE("wildcard \"F\" \"\\?\"")},
    {SEL("F: '*A?c*'"), ONE("wildcard \"F\" \"\\*a\\?c\\*\"")},
    {SEL("F|cased: 'A?c'"), ONE("wildcard cased \"F\" \"A\\?c\"")},
    {SEL("F|cased: AbC"), ONE("eq cased \"F\" \"AbC\"")},
    {SEL("F|contains: AbC"), ONE("contains \"F\" \"abc\"")},
    {SEL("F|contains: ''"), ONE("any \"F\"")},
    {SEL("F|startswith: 'a*b'"), ONE("wildcard \"F\" \"a\\*b\\*\"")},
    {SEL("F|windash: ' -x'"), ONE("wildcard \"F\" \" \\-x\"")},
    {SEL("F: '\xc3\x89\xe2\x84\xaa\xc8\xba'"), /* E acute; Kelvin stays; 2 bytes become 3 */
     ONE("eq \"F\" \"\xc3\xa9\xe2\x84\xaa\xe2\xb1\xa5\"")},
};

static const struct row values[] = {
    {SEL("F: null"), ONE("null \"F\"")},
    {SEL("F: true"), ONE("bool \"F\" true")},
    {SEL("F: -5"), ONE("number \"F\" eq -5")},
    {SEL("F: 18446744073709551615"), ONE("number \"F\" eq 18446744073709551615")},
    {SEL("F|gte: 1.5"), ONE("number \"F\" gte 0x1.8p0")},
    {SEL("F|hour|gte: 18"), ONE("time \"F\" hour gte 18")},
    {SEL("F|cidr: 10.0.0.0/8"), ONE("cidr \"F\" 10.0.0.0/8")},
    {SEL("F|exists: true"), ONE("exists \"F\"")},
    {SEL("F|exists: false"), "%0 = exists \"F\"\n%1 = not %0\nrule \"t\" = %1\n"},
    {SEL("F|fieldref: G"), ONE("fieldref \"F\" whole \"G\"")},
    {SEL("F|fieldref|endswith|cased: G"), ONE("fieldref cased \"F\" suffix \"G\"")},
    {SEL("F|re|i: 'a.'"), ONE("regex \"F\" \"[Aa][^\\\\x{a}]\"")},
    {SEL("F|base64offset|contains: ab"),
     "%0 = contains \"F\" \"yw\"\n%1 = contains \"F\" \"fi\"\n%2 = contains \"F\" \"hy\"\n"
     "%3 = or %0 %1 %2\nrule \"t\" = %3\n"},
};

#define AB "%0 = eq \"F\" \"a\"\n%1 = eq \"F\" \"b\"\n"

static const struct row items[] = {
    {SEL("F: [a, b, a]"), AB "%2 = or %0 %1\nrule \"t\" = %2\n"},
    {SEL("F|all: [a, b]"), AB "%2 = and %0 %1\nrule \"t\" = %2\n"},
    {SEL("F|neq: [a, b]"), AB "%2 = or %0 %1\n%3 = not %2\nrule \"t\" = %3\n"},
    {SEL("F|all|neq: [a, b]"), AB "%2 = and %0 %1\n%3 = not %2\nrule \"t\" = %3\n"},
    {"  condition: sel\n  sel: {F: a, G: b}\n",
     "%0 = eq \"F\" \"a\"\n%1 = eq \"G\" \"b\"\n%2 = and %0 %1\nrule \"t\" = %2\n"},
    {"  condition: sel\n  sel: [{F: a}, {F: b}]\n", AB "%2 = or %0 %1\nrule \"t\" = %2\n"},
    {"  condition: sel\n  sel: [K, 'l*', '']\n",
     "%0 = contains \"\" \"k\"\n%1 = contains \"\" \"l\"\n%2 = any \"\"\n%3 = or %0 %1 %2\n"
     "rule \"t\" = %3\n"},
    {"  condition: sel\n  sel: ['a?b', 'c*d*']\n",
     "%0 = wildcard \"\" \"\\*a\\?b\\*\"\n%1 = wildcard \"\" \"\\*c\\*d\\*\"\n%2 = or %0 %1\n"
     "rule \"t\" = %2\n"},
    {"  condition: sel\n  sel: 4104\n", ONE("contains \"\" \"4104\"")},
};

#define IDENTIFIERS "  s1: {F: a}\n  s2: {F: b}\n  s3: {F: c}\n  s4: {F: a}\n"
#define ABC AB "%2 = eq \"F\" \"c\"\n"

static const struct row conditions[] = {
    {IDENTIFIERS "  condition: s1 and not s2\n",
     AB "%2 = not %1\n%3 = and %0 %2\nrule \"t\" = %3\n"},
    {IDENTIFIERS "  condition: 1 of s*\n", ABC "%3 = or %0 %1 %2\nrule \"t\" = %3\n"},
    {IDENTIFIERS "  condition: all of s*\n", ABC "%3 = and %0 %1 %2\nrule \"t\" = %3\n"},
    {IDENTIFIERS "  condition: 2 of s*\n", ABC "%3 = at_least 2 %0 %1 %2 %0\nrule \"t\" = %3\n"},
    {IDENTIFIERS "  condition: 4 of s*\n", ABC "%3 = and %0 %1 %2\nrule \"t\" = %3\n"},
    {IDENTIFIERS "  condition: [s1, s2]\n", AB "%2 = or %0 %1\nrule \"t\" = %2\n"},
    {IDENTIFIERS "  condition: s1 or s4\n", "%0 = eq \"F\" \"a\"\nrule \"t\" = %0\n"},
};

static void patterns_are_recognised_by_shape(void **state)
{
    ASSERT_ROWS(state, patterns);
}

static void each_kind_of_value_has_its_operation(void **state)
{
    ASSERT_ROWS(state, values);
}

static void items_link_and_negate_as_written(void **state)
{
    ASSERT_ROWS(state, items);
}

static void conditions_become_gates(void **state)
{
    ASSERT_ROWS(state, conditions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(patterns_are_recognised_by_shape),
        t_test(each_kind_of_value_has_its_operation),
        t_test(items_link_and_negate_as_written),
        t_test(conditions_become_gates),
    };
    return t_run(tests);
}
