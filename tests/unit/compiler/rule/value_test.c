#include "rule_t.h"

#include "value.h"

static struct str printed(struct arena *a, struct pattern p)
{
    struct text out;
    text_init(&out, a);
    pattern_print(&out, &p);
    return text_str(&out);
}

/* A pattern as its parts: texts in <>, wildcards as they are. */
static struct str parts(struct arena *a, struct pattern p)
{
    struct text out;
    text_init(&out, a);
    for (size_t i = 0; i < p.n; i++) {
        switch (p.parts[i].kind) {
        case PART_TEXT:
            text_addf(&out, "<%.*s>", STR_ARG(p.parts[i].text));
            break;
        case PART_STAR:
            text_addz(&out, "*");
            break;
        case PART_ONE:
            text_addz(&out, "?");
            break;
        case PART_DASH:
            text_addz(&out, "D");
            break;
        }
    }
    return text_str(&out);
}

static void every_escape_means_what_the_table_says(void **state)
{
    static const struct {
        const char *written, *parts;
    } rows[] = {
        {"\\*", "<*>"},
        {"\\?", "<?>"},
        {"\\\\", "<\\>"},
        {"\\\\*", "<\\>*"},
        {"\\\\\\*", "<\\*>"},
        {"\\\\\\\\*", "<\\\\>*"},
        {"\\x", "<\\x>"},
        {"a\\", "<a\\>"},
        {"\\", "<\\>"},
        {"a\\\\\\", "<a\\\\>"},
        {"\\\\\\\\", "<\\\\>"},
        {"\\\\\\x", "<\\\\x>"},
        {"C:\\dir\\*", "<C:\\dir*>"},
        {"C:\\dir\\\\*", "<C:\\dir\\>*"},
        {"\\\\srv\\share", "<\\srv\\share>"},
        {"\\\\\\\\srv", "<\\\\srv>"},
        {"*\\cmd.exe", "*<\\cmd.exe>"},
        {"a\\?*", "<a?>*"},
        {"50\\% \\*", "<50\\% *>"},
        {"a**b", "<a>*<b>"},
        {"a?*?b", "<a>?*?<b>"},
        {"[a-c]x(1)+{2}^$|%_", "<[a-c]x(1)+{2}^$|%_>"},
        {"", ""},
        {"*", "*"},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        t_assert_str(parts(a, pattern_parse(a, str_of(rows[i].written))), rows[i].parts);
}

static void a_nul_byte_is_an_ordinary_character(void **state)
{
    struct arena *a = t_arena(state);
    struct pattern p = pattern_parse(a, STR("a\0b*"));
    assert_int_equal(p.n, 2);
    assert_true(str_eq(p.parts[0].text, STR("a\0b")));
}

static void a_printed_pattern_reads_back_as_itself(void **state)
{
    static const char *const rows[] = {"a*b?c", "\\*\\?\\\\", "\\\\\\\\srv\\\\*", "x\\\\", ""};
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pattern p = pattern_parse(a, str_of(rows[i]));
        struct pattern again = pattern_parse(a, printed(a, p));
        assert_true(str_eq(parts(a, p), parts(a, again)));
    }
}

static void print_escapes_what_would_blur(void **state)
{
    struct arena *a = t_arena(state);
    t_assert_str(printed(a, pattern_of_text(a, STR("a\\*?\"\n\x7f"))), "a\\\\\\*\\?\\\"\\x0a\\x7f");
}

static void an_affix_adds_a_star_unless_one_is_there(void **state)
{
    static const struct {
        const char *written;
        bool front, behind;
        const char *parts;
    } rows[] = {
        {"a", true, true, "*<a>*"},   {"a", false, true, "<a>*"},
        {"a", true, false, "*<a>"},   {"*a*", true, true, "*<a>*"},
        {"", true, true, "*"},        {"a?c*", false, true, "<a>?<c>*"},
        {"?", true, true, "*?*"},     {"a\\*", false, true, "<a*>*"},
        {"\\", true, true, "*<\\>*"},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pattern p = pattern_parse(a, str_of(rows[i].written));
        t_assert_str(parts(a, pattern_affix(a, &p, rows[i].front, rows[i].behind)), rows[i].parts);
    }
}

static void windash_marks_the_dash_that_starts_a_word(void **state)
{
    static const struct {
        const char *written, *parts;
    } rows[] = {
        {"-run", "D<run>"},
        {"/run", "D<run>"},
        {"\xe2\x80\x93run", "D<run>"},
        {"\xe2\x80\x94run", "D<run>"},
        {"\xe2\x80\x95run", "D<run>"},
        {"\xe2\x88\x92run", "<\xe2\x88\x92run>"}, /* U+2212 is no dash of Windows */
        {" -a -b", "< >D<a >D<b>"},
        {"a-b", "<a-b>"},
        {" - ", "< - >"},
        {"x -", "<x ->"},
        {"-*", "<->*"},
        {"--x", "<->D<x>"},
        {"http://x", "<http:/>D<x>"},
        {"*-x*", "*D<x>*"},
        {"a*-x", "<a>*D<x>"},
        {"-set-item", "D<set-item>"},
        {"\"-x\"", "<\">D<x\">"},
        {"-_", "D<_>"},
        {"-\xc3\xa9", "D<\xc3\xa9>"},
        {"\xc3\xa9-x", "<\xc3\xa9-x>"},
        {"\xe2\x80\x9c-x", "<\xe2\x80\x9c>D<x>"}, /* a typographic quote is no letter */
        {"plain", "<plain>"},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pattern p = pattern_parse(a, str_of(rows[i].written));
        t_assert_str(parts(a, pattern_windash(a, &p)), rows[i].parts);
    }
}

static void a_literal_is_a_pattern_without_marks(void **state)
{
    static const struct {
        const char *written;
        bool literal, wildcard;
    } rows[] = {{"a", true, false},
                {"", true, false},
                {"\\*", true, false},
                {"a*", false, true},
                {"?", false, true}};
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str text;
        struct pattern p = pattern_parse(a, str_of(rows[i].written));
        assert_int_equal(pattern_literal(&p, &text), rows[i].literal);
        assert_int_equal(pattern_has_wildcard(&p), rows[i].wildcard);
    }
}

static void joined_texts_become_one(void **state)
{
    struct arena *a = t_arena(state);
    struct pattern rows[] = {pattern_parse(a, STR("a*")), pattern_parse(a, STR("*b")),
                             pattern_parse(a, STR("c"))};
    t_assert_str(parts(a, pattern_join(a, rows, 3)), "<a>*<bc>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(every_escape_means_what_the_table_says),
        t_test(a_nul_byte_is_an_ordinary_character),
        t_test(a_printed_pattern_reads_back_as_itself),
        t_test(print_escapes_what_would_blur),
        t_test(an_affix_adds_a_star_unless_one_is_there),
        t_test(windash_marks_the_dash_that_starts_a_word),
        t_test(a_literal_is_a_pattern_without_marks),
        t_test(joined_texts_become_one),
    };
    return t_run(tests);
}
