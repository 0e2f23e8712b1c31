#include "rule_t.h"

#include "condition.h"

static const struct str names[] = {
    {"a", 1},    {"b", 1},       {"c", 1},       {"sel_a", 5},  {"sel_b", 5},
    {"_hid", 4}, {"notepad", 7}, {"android", 7}, {"orange", 6}, {"1", 1},
    {"all", 3},  {"f.x", 3},     {"sel-one", 7},
};
static const struct condition_scope scope = {.names = names, .n = sizeof names / sizeof names[0]};

/* The condition as text, or what was told: "column+length category". */
static struct str read_text(struct arena *a, struct str text)
{
    struct sources *sources = sources_new(a);
    struct diag_sink *sink = diag_sink_new(a, sources);
    uint32_t file = sources_add(sources, STR("t.yml"), text);
    struct span at = {file, 0, (uint32_t)text.len};
    struct condition *c = condition_parse(a, sink, text, at, &scope);
    struct text out;
    text_init(&out, a);
    if (c)
        condition_print(&out, c, &scope);
    for (size_t i = 0; i < diag_count(sink); i++) {
        const struct diag *d = diag_get(sink, i);
        text_addf(&out, "%s%u+%u %s", i ? "; " : "", d->at.off, d->at.len,
                  diag_info(d->code)->category);
    }
    return text_str(&out);
}

struct row {
    const char *text, *result;
};

static void check(void **state, const struct row *rows, size_t n)
{
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < n; i++)
        t_assert_str(read_text(a, str_of(rows[i].text)), rows[i].result);
}
#define CHECK(rows) check(state, rows, sizeof(rows) / sizeof(rows)[0])

static void operators_bind_or_and_not_in_this_order(void **state)
{
    static const struct row rows[] = {
        {"a", "a"},
        {"a or b and c", "(a or (b and c))"},
        {"(a or b) and c", "((a or b) and c)"},
        {"not a or b", "(not a or b)"},
        {"not not a", "not not a"},
        {"not (a and b)", "not (a and b)"},
        {"a or b or c", "(a or b or c)"},
        {"a and b and not c", "(a and b and not c)"},
        {"((((a))))", "a"},
        {"not(a)and b", "(not a and b)"},
        {" \t\r\n\f\va\nor\tb ", "(a or b)"},
    };
    CHECK(rows);
}

static void keywords_end_where_words_end(void **state)
{
    static const struct row rows[] = {
        {"notepad and android or orange", "((notepad and android) or orange)"},
        {"1", "1"},
        {"all and 1", "(all and 1)"},
        {"sel-one", "sel-one"},
        {"1 of them or 1", "(at least 1 of {a, b, c, sel_a, sel_b, notepad, android, orange, 1, "
                           "all, f.x, sel-one} or 1)"},
    };
    CHECK(rows);
}

static void selectors_are_resolved(void **state)
{
    static const struct row rows[] = {
        {"1 of sel_*", "at least 1 of {sel_a, sel_b}"},
        {"any of sel_*", "at least 1 of {sel_a, sel_b}"},
        {"all of sel*", "at least 3 of {sel_a, sel_b, sel-one}"},
        {"2 of sel*", "at least 2 of {sel_a, sel_b, sel-one}"},
        {"1 of sel_a", "at least 1 of {sel_a}"},
        {"1 of *_a", "at least 1 of {sel_a}"},
        {"1 of f*x", "at least 1 of {f.x}"},
        {"1 of _*", "at least 1 of {_hid}"},
        {"1 of _hid", "at least 1 of {_hid}"},
        {"_hid", "_hid"},
        {"not 1 of sel_* or a", "(not at least 1 of {sel_a, sel_b} or a)"},
        {"1 of **s*l*_*b*", "at least 1 of {sel_b}"},
    };
    CHECK(rows);
}

static void syntax_errors_have_their_place(void **state)
{
    static const struct row rows[] = {
        {"", "0+0 condition_syntax"},
        {"  ", "2+0 condition_syntax"},
        {"a and", "5+0 condition_syntax"},
        {"a b", "2+1 condition_syntax"},
        {"a and b)", "7+1 condition_syntax"},
        {"(a or b", "0+1 condition_syntax"},
        {"a AND b", "2+3 condition_syntax"},
        {"NOT a", "4+1 condition_syntax"},
        {"a & b", "2+1 condition_syntax"},
        {"a or or b", "5+2 condition_syntax"},
        {"and a", "0+3 condition_syntax"},
        {"()", "1+1 condition_syntax"},
        {"all of (a or b)", "7+1 condition_syntax"},
        {"1 of", "4+0 condition_syntax"},
        {"of them", "0+2 condition_syntax"},
        {"a or of", "5+2 condition_syntax"},
        {"some of them", "0+4 condition_syntax"},
        {"ALL of them", "0+3 condition_syntax"},
        {"sel_*", "0+5 condition_syntax"},
        {"f.x", "1+1 condition_syntax"},
        {"a or \xc3\xa9", "5+2 condition_syntax"},
        {"a | count() > 5", "2+13 deprecated_aggregation"},
        {"a AND b | near c", "8+8 deprecated_aggregation"},
    };
    CHECK(rows);
}

static void name_errors_come_all_and_after_syntax(void **state)
{
    static const struct row rows[] = {
        {"a and not d", "10+1 undefined_identifier"},
        {"x or y", "0+1 undefined_identifier; 5+1 undefined_identifier"},
        {"them", "0+4 undefined_identifier"},
        {"A", "0+1 undefined_identifier"},
        {"a and not 1 of filter*", "15+7 empty_selector"},
        {"1 of hid*", "5+4 empty_selector"},
        {"0 of them", "0+9 selector_count"},
        {"4 of sel*", "0+9 selector_count"},
        {"99999999999999999999 of sel*", "0+28 selector_count"},
        {"x and", "5+0 condition_syntax"},
    };
    CHECK(rows);
}

static struct str repeated(struct arena *a, const char *what, size_t n, const char *end)
{
    struct text out;
    text_init(&out, a);
    for (size_t i = 0; i < n; i++)
        text_addz(&out, what);
    text_addz(&out, end);
    return text_str(&out);
}

static bool parses(struct arena *a, struct str text)
{
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    return condition_parse(a, sink, text, NO_SPAN, &scope) != NULL;
}

static void limits_hold_on_both_sides(void **state)
{
    struct arena *a = t_arena(state);
    assert_true(parses(a, repeated(a, "not ", CONDITION_DEPTH_MAX, "a")));
    assert_false(parses(a, repeated(a, "not ", CONDITION_DEPTH_MAX + 1, "a")));
    for (size_t n = CONDITION_DEPTH_MAX; n <= CONDITION_DEPTH_MAX + 1; n++) {
        struct str text = str_format(a, "%.*s%.*s", STR_ARG(repeated(a, "(", n, "a")),
                                     STR_ARG(repeated(a, ")", n, "")));
        assert_int_equal(parses(a, text), n == CONDITION_DEPTH_MAX);
    }
    assert_true(parses(a, repeated(a, " ", CONDITION_LENGTH_MAX - 1, "a")));
    assert_false(parses(a, repeated(a, " ", CONDITION_LENGTH_MAX, "a")));
}

/* `n` selectors of all `m` identifiers. */
static bool selects(struct arena *a, size_t n, size_t m)
{
    struct str *many = ARENA_ARRAY(a, m, struct str);
    for (size_t i = 0; i < m; i++)
        many[i] = str_format(a, "s%zu", i);
    struct condition_scope wide = {.names = many, .n = m};
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    return condition_parse(a, sink, repeated(a, "1 of * or ", n, "s0"), NO_SPAN, &wide) != NULL;
}

static void what_selectors_select_is_bounded(void **state)
{
    struct arena *a = t_arena(state);
    assert_true(selects(a, 100, CONDITION_SELECTED_MAX / 100));
    assert_false(selects(a, 101, CONDITION_SELECTED_MAX / 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(operators_bind_or_and_not_in_this_order),
        t_test(keywords_end_where_words_end),
        t_test(selectors_are_resolved),
        t_test(syntax_errors_have_their_place),
        t_test(name_errors_come_all_and_after_syntax),
        t_test(limits_hold_on_both_sides),
        t_test(what_selectors_select_is_bounded),
    };
    return t_run(tests);
}
