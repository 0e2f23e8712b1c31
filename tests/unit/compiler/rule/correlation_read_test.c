#include "ruleset_t.h"

#define HEAD "title: c\ncorrelation:\n"
#define REST "  timespan: 1m\n  condition: {gte: 2}\n"

/* The correlation of a collection that holds the rules a and b after it. */
static struct t_collection with_rules(struct arena *a, const char *yaml)
{
    return t_collect_str(a, str_format(a, "%s%s%s", yaml, T_RULE("a"), T_RULE("b")), NULL);
}

static struct str dumped(struct arena *a, const char *yaml)
{
    struct t_collection c = with_rules(a, yaml);
    struct text out;
    text_init(&out, a);
    if (c.set->n_correlations == 1)
        correlation_dump(&out, c.set->correlations[0]);
    else
        text_add(&out, t_told(a, &c.reading));
    return text_str(&out);
}

struct row {
    const char *yaml, *told;
};

static void check_rows(void **state, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct arena *a = t_arena(state);
        struct t_collection c = with_rules(a, rows[i].yaml);
        t_assert_str(t_told(a, &c.reading), rows[i].told);
        assert_int_equal(c.set->n_refused, 1);
        assert_int_equal(c.set->n_correlations, 0);
    }
}
#define CHECK_ROWS(state, rows) check_rows((state), (rows), sizeof(rows) / sizeof((rows)[0]))

static void everything_is_read(void **state)
{
    t_assert_str(
        dumped(t_arena(state),
               "title: c\n"
               "id: 3c7a5e10-9b42-4d6f-8a11-5d2e77aa0008\n"
               "falsepositives: one text\n"
               "generate: true\n"
               "correlation:\n"
               "  type: value_percentile\n"
               "  rules: [a, b]\n"
               "  timespan: 2h\n"
               "  group-by: [User, who]\n"
               "  aliases: {who: {a: Src, b: Dst}, other: {b: X}}\n"
               "  condition: {gt: 1.5, lte: 18446744073709551615, field: n, percentile: 95}\n"),
        "correlation \"c\"\n"
        "  id \"3c7a5e10-9b42-4d6f-8a11-5d2e77aa0008\"\n"
        "  taxonomy \"sigma\"\n"
        "  falsepositives \"one text\"\n"
        "  type value_percentile\n"
        "  rules \"a\" \"b\"\n"
        "  timespan 7200 s\n"
        "  group-by \"User\" \"who\"\n"
        "  condition gt 1.5 and lte 18446744073709551615\n"
        "  field \"n\"\n"
        "  percentile 95\n"
        "  alias \"who\" = \"Src\" \"Dst\"\n"
        "  alias \"other\" = \"other\" \"X\"\n"
        "  generate true\n");
}

static void scalars_stand_for_lists_of_one(void **state)
{
    t_assert_str(dumped(t_arena(state), HEAD "  type: value_count\n  rules: a\n  group-by: U\n"
                                             "  timespan: 1m\n  generate: false\n"
                                             "  condition: {neq: -1, field: [F, G]}\n"),
                 "correlation \"c\"\n  taxonomy \"sigma\"\n  type value_count\n  rules \"a\"\n"
                 "  timespan 60 s\n  group-by \"U\"\n  condition neq -1\n  field \"F\" \"G\"\n");
}

static void temporal_types_want_all_rules_unless_told(void **state)
{
    t_assert_str(
        dumped(t_arena(state), HEAD "  type: temporal_ordered\n  rules: [a, b]\n  timespan: 1m\n"),
        "correlation \"c\"\n  taxonomy \"sigma\"\n  type temporal_ordered\n"
        "  rules \"a\" \"b\"\n  timespan 60 s\n  condition gte 2\n");
}

static void an_expression_may_name_the_rules_itself(void **state)
{
    t_assert_str(dumped(t_arena(state), HEAD "  type: temporal\n  timespan: 1m\n"
                                             "  condition: b and not (a or b)\n"),
                 "correlation \"c\"\n  taxonomy \"sigma\"\n  type temporal\n  rules \"b\" \"a\"\n"
                 "  timespan 60 s\n  condition (b and not (a or b))\n");
}

static void a_type_is_one_of_eight(void **state)
{
    static const struct row rows[] = {
        {HEAD "  rules: a\n" REST, "2:1+11 correlation_type"},
        {HEAD "  type: [temporal]\n  rules: a\n" REST, "3:9+10 correlation_type"},
        {HEAD "  type: Temporal\n  rules: a\n" REST, "3:9+8 correlation_type"},
        {"title: c\ncorrelation: a\n", "2:14+1 correlation_type"},
        {"title: c\ncorrelation:\n", "2:13+1 correlation_type"},
    };
    CHECK_ROWS(state, rows);
}

static void rules_are_texts(void **state)
{
    static const struct row rows[] = {
        {HEAD "  type: event_count\n" REST, "2:1+11 correlation_rules"},
        {HEAD "  type: event_count\n  rules: []\n" REST, "4:3+5 correlation_rules"},
        {HEAD "  type: event_count\n  rules: 5\n" REST, "4:10+1 correlation_rules"},
        {HEAD "  type: event_count\n  rules: [a, 5, '']\n" REST,
         "4:14+1 correlation_rules\n4:17+2 correlation_rules"},
    };
    CHECK_ROWS(state, rows);
}

static void a_condition_is_a_map_of_bounds(void **state)
{
#define COUNT HEAD "  type: event_count\n  rules: a\n  timespan: 1m\n"
    static const struct row rows[] = {
        {COUNT, "2:1+11 correlation_condition"},
        {COUNT "  condition: {}\n", "6:3+9 correlation_condition"},
        {COUNT "  condition: [gte]\n", "6:14+5 correlation_condition"},
        {COUNT "  condition: a\n", "6:14+1 correlation_condition"},
        {COUNT "  condition: {ge: 3}\n", "6:15+2 correlation_condition"},
        {COUNT "  condition: {gte: '3'}\n", "6:20+3 correlation_condition"},
        {COUNT "  condition: {gte: .inf}\n", "6:20+4 correlation_condition"},
        {COUNT "  condition: {gte: true, 5: 1}\n",
         "6:20+4 correlation_condition\n6:26+1 correlation_condition"},
        {COUNT "  condition: {gte: 3, percentile: 5}\n", "6:23+10 correlation_condition"},
    };
    CHECK_ROWS(state, rows);
}

static void a_percentile_lies_between_0_and_100(void **state)
{
#define PERCENTILE(p)                                                           \
    HEAD "  type: value_percentile\n  rules: a\n  timespan: 1m\n  condition: {" \
         "gte: 3, field: F, percentile: " p "}\n"
    static const struct row rows[] = {
        {PERCENTILE("-1"), "6:45+2 correlation_condition"},
        {PERCENTILE("100.5"), "6:45+5 correlation_condition"},
        {PERCENTILE("x"), "6:45+1 correlation_condition"},
    };
    CHECK_ROWS(state, rows);
    static const char *const good[] = {PERCENTILE("0"), PERCENTILE("99.9"), PERCENTILE("100")};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(with_rules(t_arena(state), good[i]).set->n_correlations, 1);
}

static void value_types_need_their_field(void **state)
{
#define VALUE(type, condition) \
    HEAD "  type: " type "\n  rules: a\n  timespan: 1m\n  condition: {gte: 3" condition "}\n"
    static const struct row rows[] = {
        {VALUE("value_count", ""), "6:3+9 correlation_field"},
        {VALUE("value_median", ", field: [a, b]"), "6:30+6 correlation_field"},
        {VALUE("value_percentile", ", field: [a, b]"), "6:30+6 correlation_field"},
        {VALUE("value_count", ", field: []"), "6:30+2 correlation_field"},
        {VALUE("value_count", ", field: 5"), "6:30+1 correlation_field"},
    };
    CHECK_ROWS(state, rows);
    assert_int_equal(
        with_rules(t_arena(state), VALUE("value_sum", ", field: [a]")).set->n_correlations, 1);
}

static void an_expression_names_exactly_the_rules(void **state)
{
#define TEMPORAL(condition) \
    HEAD "  type: temporal\n  rules: [a, b]\n  timespan: 1m\n  condition: " condition "\n"
    static const struct row rows[] = {
        {TEMPORAL("a and b and x"), "6:26+1 correlation_condition"},
        {TEMPORAL("not a"), "4:14+1 correlation_condition"},
        {TEMPORAL("a and"), "6:19+1 correlation_condition"},
        {TEMPORAL("1 of a"), "6:16+2 correlation_condition"},
        {TEMPORAL("a and b*"), "6:20+2 correlation_condition"},
        {TEMPORAL("a | b"), "6:16+1 correlation_condition"},
        {TEMPORAL("(a and b"), "6:14+1 correlation_condition"},
        {TEMPORAL("''"), "6:14+2 correlation_condition"},
    };
    CHECK_ROWS(state, rows);
}

static void a_deep_expression_is_a_fault_of_the_correlation(void **state)
{
    struct arena *a = t_arena(state);
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i <= CONDITION_DEPTH_MAX; i++)
        text_addz(&t, "not ");
    const char *yaml = str_format(a, HEAD "  type: temporal\n  timespan: 1m\n  condition: %.*sa\n",
                                  (int)t.len, t.p)
                           .p;
    struct t_collection c = with_rules(a, yaml);
    t_assert_str(diag_get(c.reading.sink, 0)->message,
                 "the condition is nested deeper than 64 levels");
    assert_int_equal(c.set->n_refused, 1);
}

static void group_by_aliases_and_generate_have_their_types(void **state)
{
#define GOOD HEAD "  type: event_count\n  rules: a\n" REST
    static const struct row rows[] = {
        {GOOD "  group-by: 5\n", "7:13+1 correlation_group_by"},
        {GOOD "  group-by: [U, 5]\n", "7:17+1 correlation_group_by"},
        {GOOD "  aliases: x\n", "7:12+1 correlation_aliases"},
        {GOOD "  aliases: {x: y}\n", "7:13+1 correlation_aliases"},
        {GOOD "  aliases: {x: {a: 5}}\n", "7:17+1 correlation_aliases"},
        {GOOD "  generate: maybe\n", "7:13+5 correlation_generate"},
        {"generate: 1\n" GOOD, "1:11+1 correlation_generate"},
        {"generate: true\n" GOOD "  generate: false\n", "8:13+5 correlation_generate"},
        {GOOD "  timeframe: 5m\n", "7:3+9 correlation_timespan"},
    };
    CHECK_ROWS(state, rows);
}

static void limits_hold_at_their_numbers(void **state)
{
    static const struct {
        const char *front, *item, *end, *back, *category;
        bool numbered;
        size_t max;
    } rows[] = {
        {HEAD "  type: event_count\n  rules: [", "r", ",", "]\n" REST T_RULE("r0"),
         "correlation_rules", false, CORRELATION_RULES_MAX},
        {GOOD "  group-by: [", "U", ",", "]\n", "correlation_group_by", true,
         CORRELATION_FIELDS_MAX},
        {GOOD "  aliases: {", "x", ": {a: b},", "}\n", "correlation_aliases", true,
         CORRELATION_FIELDS_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t over = 0; over < 2; over++) {
            struct arena *a = t_arena(state);
            struct text t;
            text_init(&t, a);
            text_addz(&t, rows[i].front);
            for (size_t n = 0; n < rows[i].max + over; n++)
                text_addf(&t, "%s%zu%s", rows[i].item, rows[i].numbered ? n : 0, rows[i].end);
            text_addz(&t, rows[i].back);
            struct t_collection c = with_rules(a, str_format(a, "%.*s", (int)t.len, t.p).p);
            assert_int_equal(c.set->n_correlations, 1 - over);
            if (over)
                assert_string_equal(diag_info(diag_get(c.reading.sink, 0)->code)->category,
                                    rows[i].category);
        }
}

static void what_has_no_effect_is_told_and_accepted(void **state)
{
    static const struct row rows[] = {
        {GOOD "  groupby: U\n", "7:3+7 no_effect"},
        {"logsource: {product: p}\n" GOOD, "1:1+9 no_effect"},
        {HEAD "  type: event_count\n  rules: a\n  timespan: 1m\n  condition: {gte: 2, field: F}\n",
         "6:23+5 no_effect"},
        {HEAD "  type: event_count\n  rules: a\n  timeframe: 1m\n  condition: {gte: 2}\n",
         "5:3+9 correlation_timeframe"},
        {HEAD "  type: event_count\n  rules: a\n  timespan: 2w\n  condition: {gte: 2}\n",
         "5:13+2 timespan_unit"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct t_collection c = with_rules(t_arena(state), rows[i].yaml);
        t_assert_str(t_told(t_arena(state), &c.reading), rows[i].told);
        assert_int_equal(c.set->n_correlations, 1);
    }
}

static void attributes_are_those_of_rules_without_a_log_source(void **state)
{
    static const struct row rows[] = {
        {"correlation:\n  type: event_count\n  rules: a\n" REST, "1:1+11 missing_title"},
        {"id: x\n" GOOD, "1:5+1 invalid_id"},
        {"level: hgih\n" GOOD, "1:8+4 invalid_level"},
    };
    CHECK_ROWS(state, rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(everything_is_read),
        t_test(scalars_stand_for_lists_of_one),
        t_test(temporal_types_want_all_rules_unless_told),
        t_test(an_expression_may_name_the_rules_itself),
        t_test(a_type_is_one_of_eight),
        t_test(rules_are_texts),
        t_test(a_condition_is_a_map_of_bounds),
        t_test(a_percentile_lies_between_0_and_100),
        t_test(value_types_need_their_field),
        t_test(an_expression_names_exactly_the_rules),
        t_test(a_deep_expression_is_a_fault_of_the_correlation),
        t_test(group_by_aliases_and_generate_have_their_types),
        t_test(limits_hold_at_their_numbers),
        t_test(what_has_no_effect_is_told_and_accepted),
        t_test(attributes_are_those_of_rules_without_a_log_source),
    };
    return t_run(tests);
}
