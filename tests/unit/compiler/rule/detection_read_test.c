#include "rule_t.h"

#define HEAD "title: t\nlogsource: {product: p}\n"

struct row {
    const char *detection, *told;
};

static void check(void **state, const struct row *rows, size_t n)
{
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < n; i++) {
        struct t_reading r = t_read_str(a, str_format(a, HEAD "%s\n", rows[i].detection), NULL);
        t_assert_str(t_told(a, &r), rows[i].told);
    }
}
#define CHECK(rows) check(state, rows, sizeof(rows) / sizeof(rows)[0])

static void a_broken_detection_is_told_at_its_place(void **state)
{
    static const struct row rows[] = {
        {"", "1:1+5 missing_detection"},
        {"detection:", "3:1+9 missing_detection"},
        {"detection: [sel]", "3:12+5 invalid_detection"},
        {"detection: x", "3:12+1 invalid_detection"},
        {"detection: {}", "3:1+9 missing_identifiers\n3:1+9 missing_condition"},
        {"detection: {condition: a}", "3:1+9 missing_identifiers"},
        {"detection: {timeframe: 5m, condition: a}",
         "3:13+9 legacy_timeframe\n3:1+9 missing_identifiers"},
        {"detection: {a: {F: x}}", "3:1+9 missing_condition"},
        {"detection: {a: {F: x}, condition: }", "3:24+9 missing_condition"},
        {"detection: {a: {F: x}, condition: []}", "3:24+9 missing_condition"},
        {"detection: {a: {F: x}, condition: {x: a}}", "3:35+6 condition_type"},
        {"detection: {a: {F: x}, condition: 5}", "3:35+1 condition_type"},
        {"detection: {a: {F: x}, condition: [a, [a], null]}",
         "3:39+3 condition_type\n3:44+4 condition_type"},
        {"detection: {a: {}, condition: a}", "3:16+2 empty_detection"},
        {"detection: {a: [], condition: a}", "3:16+2 empty_detection"},
        {"detection: {a: [{F: x}, {}], condition: a}", "3:25+2 empty_detection"},
        {"detection: {a: ~, condition: a}", "3:16+1 invalid_keyword"},
        {"detection: {a: true, condition: a}", "3:16+4 invalid_keyword"},
        {"detection: {a: [true, x, null], condition: a}",
         "3:17+4 invalid_keyword\n3:26+4 invalid_keyword"},
        {"detection: {a: [.nan, {F: x}], condition: a}", "3:17+4 invalid_value_type"},
        {"detection: {5: {F: x}, b: {F: x}, condition: b}", "3:13+1 invalid_key"},
        {"detection: {a: {F: []}, b: {G: {}}, condition: c}",
         "3:20+2 empty_value_list\n3:32+2 invalid_value_type\n3:48+1 undefined_identifier"},
        {"detection: {a: {F: []}, condition: a}", "3:20+2 empty_value_list"},
        {"detection: {a: {F: x}, condition: [a and, b]}",
         "3:41+1 condition_syntax\n3:43+1 undefined_identifier"},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct t_reading r = t_read_str(a, str_format(a, HEAD "%s\n", rows[i].detection), NULL);
        assert_int_equal(r.n_rules, 0);
    }
    CHECK(rows);
}

static void an_unused_identifier_is_a_warning(void **state)
{
    static const struct row rows[] = {
        {"detection: {a: {F: x}, b: {F: x}, condition: a}", "3:24+1 unused_identifier"},
        {"detection: {a: {F: x}, b: {F: x}, condition: [a, not b]}", ""},
        {"detection: {a: {F: x}, b: {F: x}, condition: 1 of them}", ""},
        {"detection: {a: {F: x}, _b: {F: x}, condition: 1 of them}", "3:24+2 unused_identifier"},
        {"detection: {a: {F: x}, timeframe: 5m, condition: a}", "3:24+9 legacy_timeframe"},
    };
    CHECK(rows);
}

static const struct detection *first(const struct t_reading *r)
{
    return r->rules[0]->identifiers[0].detection;
}

static struct t_reading read_sel(struct arena *a, const char *sel)
{
    struct str yaml = str_format(a, HEAD "detection:\n  sel: %s\n  condition: sel\n", sel);
    struct t_reading r = t_read_str(a, yaml, NULL);
    assert_int_equal(r.n_rules, 1);
    return r;
}

static void maps_are_all_of_and_lists_any_of(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = read_sel(a, "{F: x, G: y}");
    assert_int_equal(first(&r)->kind, DETECTION_ALL_OF);
    assert_int_equal(first(&r)->n_children, 2);
    r = read_sel(a, "[{F: x, G: y}, k, [{H: z}, l]]");
    assert_int_equal(first(&r)->kind, DETECTION_ANY_OF);
    assert_int_equal(first(&r)->n_children, 3);
    assert_int_equal(first(&r)->children[0]->kind, DETECTION_ALL_OF);
    assert_int_equal(first(&r)->children[1]->kind, DETECTION_ITEM);
    assert_int_equal(first(&r)->children[2]->kind, DETECTION_ANY_OF);
    r = read_sel(a, "[a, b]");
    assert_int_equal(first(&r)->kind, DETECTION_ITEM);
    assert_int_equal(first(&r)->item->n_values, 2);
    r = read_sel(a, "word");
    assert_int_equal(first(&r)->kind, DETECTION_ITEM);
}

static struct str nested(struct arena *a, size_t n)
{
    struct text out;
    text_init(&out, a);
    text_addz(&out, HEAD "detection:\n  condition: sel\n  sel: ");
    for (size_t i = 1; i < n; i++)
        text_addz(&out, "[");
    text_addz(&out, "{F: x}");
    for (size_t i = 1; i < n; i++)
        text_addz(&out, "]");
    return text_str(&out);
}

static void depth_holds_on_both_sides(void **state)
{
    struct arena *a = t_arena(state);
    assert_int_equal(t_read_str(a, nested(a, DETECTION_DEPTH_MAX), NULL).n_rules, 1);
    struct t_reading r = t_read_str(a, nested(a, DETECTION_DEPTH_MAX + 1), NULL);
    assert_int_equal(r.n_rules, 0);
    assert_int_equal(diag_get(r.sink, 0)->code, DIAG_detection_depth);
}

static struct t_reading read_many(struct arena *a, size_t n_identifiers, size_t n_conditions)
{
    struct text out;
    text_init(&out, a);
    text_addz(&out, HEAD "detection:\n");
    for (size_t i = 0; i < n_identifiers; i++)
        text_addf(&out, "  s%zu: {F: x}\n", i);
    text_addz(&out, "  condition:\n");
    for (size_t i = 0; i < n_conditions; i++)
        text_addz(&out, "  - all of them\n");
    return t_read_str(a, text_str(&out), NULL);
}

static void numbers_hold_on_both_sides(void **state)
{
    struct arena *a = t_arena(state);
    assert_int_equal(read_many(a, RULE_IDENTIFIERS_MAX, 1).n_rules, 1);
    struct t_reading r = read_many(a, RULE_IDENTIFIERS_MAX + 1, 1);
    assert_int_equal(r.n_rules, 0);
    assert_int_equal(diag_get(r.sink, 0)->code, DIAG_detection_size);
    assert_int_equal(read_many(a, 1, RULE_CONDITIONS_MAX).n_rules, 1);
    r = read_many(a, 1, RULE_CONDITIONS_MAX + 1);
    assert_int_equal(r.n_rules, 0);
    assert_int_equal(diag_get(r.sink, 0)->code, DIAG_detection_size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_broken_detection_is_told_at_its_place),
        t_test(an_unused_identifier_is_a_warning),
        t_test(maps_are_all_of_and_lists_any_of),
        t_test(depth_holds_on_both_sides),
        t_test(numbers_hold_on_both_sides),
    };
    return t_run(tests);
}
