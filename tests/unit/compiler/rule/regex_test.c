#include "rule_t.h"

#include "regex.h"

static const struct regex_flags no_flags;

static struct str ast(struct arena *a, struct str pattern, struct regex_flags flags)
{
    struct regex_error error = {0};
    struct text out;
    text_init(&out, a);
    struct regex *re = regex_parse(a, pattern, flags, &error);
    if (re)
        regex_print_ast(&out, re);
    else
        text_addf(&out, "%u+%u %s", (unsigned)error.off, (unsigned)error.len, error.what);
    return text_str(&out);
}

struct row {
    const char *pattern, *ast;
};

static void check(void **state, const struct row *rows, size_t n)
{
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < n; i++)
        t_assert_str(ast(a, str_of(rows[i].pattern), no_flags), rows[i].ast);
}
#define CHECK(rows) check(state, rows, sizeof(rows) / sizeof(rows)[0])

static void atoms_and_operators_build_the_tree(void **state)
{
    static const struct row rows[] = {
        {"", "empty"},
        {"abc", "(cat \"abc\")"},
        {"a", "\"a\""},
        {"a|b|cd", "(or \"a\" \"b\" (cat \"cd\"))"},
        {"a|", "(or \"a\" empty)"},
        {"(ab)c", "(cat \"abc\")"},
        {"(a|b)|c", "(or \"a\" \"b\" \"c\")"},
        {"^a$", "(cat text-start \"a\" text-end)"},
        {"\\Aa\\Z|\\z", "(or (cat text-start \"a\" text-end) very-end)"},
        {"\\ba\\B", "(cat word-boundary \"a\" no-word-boundary)"},
        {".", "[\\x{0}-\\x{9}\\x{b}-\\x{10ffff}]"},
        {"\xc3\xa9", "\"\xc3\xa9\""},
        {"()", "empty"},
        {"]}", "(cat \"]}\")"},
        {"(?:a)(?<n>b)(?P<m>c)(?'o'd)", "(cat \"abcd\")"},
        {"a(?#no(te)+b", "(cat (repeat 1 inf \"a\") \"b\")"},
    };
    CHECK(rows);
}

static void quantifiers_have_bounds_and_no_laziness(void **state)
{
    static const struct row rows[] = {
        {"a*", "(repeat 0 inf \"a\")"},
        {"a+?", "(repeat 1 inf \"a\")"},
        {"a??", "(repeat 0 1 \"a\")"},
        {"a{3}", "(repeat 3 3 \"a\")"},
        {"a{3,}?", "(repeat 3 inf \"a\")"},
        {"a{0,1000}", "(repeat 0 1000 \"a\")"},
        {"ab{2}", "(cat \"a\" (repeat 2 2 \"b\"))"},
        {"a{1}", "\"a\""},
        {"xa{0}y", "(cat \"xy\")"},
        {"()*", "empty"},
    };
    CHECK(rows);
}

static void a_brace_that_is_no_quantifier_is_a_literal(void **state)
{
    static const struct row rows[] = {
        {"{", "\"{\""},
        {"a{", "(cat \"a{\")"},
        {"a{,3}", "(cat \"a{,3}\")"},
        {"a{1, 2}", "(cat \"a{1, 2}\")"},
        {"a{x}", "(cat \"a{x}\")"},
        {"{a}", "(cat \"{a}\")"},
    };
    CHECK(rows);
}

static void classes_are_sorted_and_merged(void **state)
{
    static const struct row rows[] = {
        {"[abc]", "[a-c]"},
        {"[ca-bx-z]", "[a-cx-z]"},
        {"[a]", "\"a\""},
        {"[^a]", "[^a]"},
        {"[]a]", "[\\x{5d}a]"},
        {"[^]a]", "[^\\x{5d}a]"},
        {"[a-]", "[\\x{2d}a]"},
        {"[-a]", "[\\x{2d}a]"},
        {"[\\w-]", "[\\x{2d}0-9A-Z_a-z]"},
        {"[\\d.]", "[.0-9]"},
        {"[^\\s]", "[^\\x{9}-\\x{d}\\x{20}]"},
        {"[\\D]", "[\\x{0}-/:-\\x{10ffff}]"},
        {"[[:digit:]a]", "[0-9a]"},
        {"[[:^alpha:]]", "[\\x{0}-@[-`{-\\x{10ffff}]"},
        {"[\\b\\x41-\\x{43}]", "[\\x{8}A-C]"},
        {"[[a]", "[[a]"},
        {"[[:al]", "[:[al]"},
        {"[.*+?]", "[*-+.?]"},
        {"[\\]\\-\\\\]", "[\\x{2d}\\x{5c}-\\x{5d}]"},
        {"\\d", "[0-9]"},
        {"\\W", "[^0-9A-Z_a-z]"},
        {"\\v", "[\\x{a}-\\x{d}\\x{85}\\x{2028}-\\x{2029}]"},
    };
    CHECK(rows);
}

static void escapes_are_characters(void **state)
{
    static const struct row rows[] = {
        {"\\.\\*\\\"\\-\\/\\_\\ ", "(cat \".*\\\"-/_ \")"},
        {"\\t\\n\\r", "(cat \"\\t\\n\\r\")"},
        {"\\x41\\x{e9}\\x4", "(cat \"A\xc3\xa9\\x04\")"},
        {"\\0", "\"\\x00\""},
        {"\\0123", "(cat \"\\n3\")"},
        {"\\cA\\c[", "(cat \"\\x01\\x1B\")"},
        {"\\a\\e\\f", "(cat \"\\x07\\x1B\\x0C\")"},
        {"\\\xc3\xa9", "\"\xc3\xa9\""},
    };
    CHECK(rows);
}

static void flags_hold_from_the_start_to_the_end_of_their_group(void **state)
{
    static const struct row rows[] = {
        {"(?i)a", "i\"a\""},
        {"(?i)[a-c]", "i[a-c]"},
        {"(?im)^a", "(cat line-start i\"a\")"},
        {"(?i)(?s)a.", "(cat i\"a\" [\\x{0}-\\x{10ffff}])"},
        {"a(?i:b)c", "(cat \"a\" i\"b\" \"c\")"},
        {"(?i)a(?-i:b)", "(cat i\"a\" \"b\")"},
        {"(?:(?i)a|b)c", "(cat (or i\"a\" i\"b\") \"c\")"},
        {"(?m:$)$", "(cat line-end text-end)"},
        {"(?#x)(?i)a", "i\"a\""},
    };
    CHECK(rows);
}

static void flags_from_outside_count_too(void **state)
{
    struct arena *a = t_arena(state);
    t_assert_str(ast(a, STR("^a.$"), (struct regex_flags){true, true, true}),
                 "(cat line-start i\"a\" [\\x{0}-\\x{10ffff}] line-end)");
}

#define NOT_OURS " part of Sigma's regex language"

static void what_is_not_in_the_language_is_refused_with_its_place(void **state)
{
    static const struct row rows[] = {
        {"a(?=b)", "1+3 look-ahead is not" NOT_OURS},
        {"a(?!b)", "1+3 look-ahead is not" NOT_OURS},
        {"(?<=a)", "0+4 look-behind is not" NOT_OURS},
        {"(?<!a)", "0+4 look-behind is not" NOT_OURS},
        {"(?>a)", "0+3 atomic groups are not" NOT_OURS},
        {"(a)\\1", "3+2 back-references are not" NOT_OURS},
        {"(?P<n>a)(?P=n)", "8+4 back-references are not" NOT_OURS},
        {"\\k<n>", "0+2 back-references are not" NOT_OURS},
        {"(?R)", "0+3 recursion is not" NOT_OURS},
        {"(?1)", "0+3 recursion is not" NOT_OURS},
        {"(?(1)a)", "0+3 conditional groups are not" NOT_OURS},
        {"(?|a)", "0+3 branch reset is not" NOT_OURS},
        {"(*UTF8)a", "0+2 verbs are not" NOT_OURS},
        {"a++", "1+2 possessive quantifiers are not" NOT_OURS},
        {"a{2}+", "1+4 possessive quantifiers are not" NOT_OURS},
        {"a(?i)b", "1+4 flags for the rest stand at the start of the pattern or of a group"},
        {"(?x)a", "2+1 only the flags i, m and s are" NOT_OURS},
        {"\\pL", "0+2 Unicode properties are not supported; write the range of characters"},
        {"\\h", "0+2 \\h is not supported; write [ \\t]"},
        {"\\Qa\\E", "0+2 \\Q..\\E is not supported; escape each character"},
        {"\\y", "0+2 a backslash before this letter has no meaning"},
        {"[\\B]", "1+2 an anchor has no meaning in a class"},
        {"[[.a.]]", "1+5 collating elements are not supported"},
    };
    CHECK(rows);
}

static void a_broken_pattern_is_refused_with_its_place(void **state)
{
    static const struct row rows[] = {
        {"*", "0+1 nothing to repeat"},
        {"a|*", "2+1 nothing to repeat"},
        {"(+)", "1+1 nothing to repeat"},
        {"{2}", "0+1 nothing to repeat"},
        {"(?i)*", "4+1 nothing to repeat"},
        {"^*", "1+1 an anchor cannot be repeated"},
        {"\\b+", "2+1 an anchor cannot be repeated"},
        {"a**", "2+1 a quantifier cannot be repeated"},
        {"a{2}{3}", "4+1 a quantifier cannot be repeated"},
        {"a{3,1}", "1+5 the bounds of the count are reversed"},
        {"[a", "0+1 this bracket is never closed"},
        {"[]", "0+1 this bracket is never closed"},
        {"x[z-a]", "2+3 the range runs backwards"},
        {"[a-\\d]", "1+4 a range needs a character on both sides"},
        {"[\\d-z]", "1+4 a range needs a character on both sides"},
        {"[[:foo:]]", "1+7 no POSIX class has this name"},
        {"[:alpha:]", "0+9 a POSIX class stands inside another pair of brackets"},
        {"x(a", "1+1 this parenthesis is never closed"},
        {"a)", "1+1 this parenthesis was never opened"},
        {"a(?#", "1+3 this comment is never closed"},
        {"(?<1>a)", "3+1 a group's name is letters, digits and _"},
        {"(?<n", "3+0 a group's name is missing or never closed"},
        {"a\\", "1+1 a backslash at the end"},
        {"[\\", "1+1 a backslash at the end"},
        {"\\xg", "0+2 \\x needs one or two hex digits"},
        {"\\x{}", "0+3 \\x{ needs hex digits and a }"},
        {"\\x{110000}", "0+9 there is no character above \\x{10ffff}"},
        {"\\x{d800}", "0+8 a surrogate is no character"},
        {"a\xff", "1+1 not valid UTF-8"},
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

static bool parses(struct arena *a, struct str pattern)
{
    struct regex_error error = {0};
    return regex_parse(a, pattern, no_flags, &error) != NULL;
}

static struct str nested(struct arena *a, size_t n)
{
    return str_format(a, "%.*s%.*s", STR_ARG(repeated(a, "(", n, "a")),
                      STR_ARG(repeated(a, ")", n, "")));
}

static void limits_hold_on_both_sides(void **state)
{
    struct arena *a = t_arena(state);
    assert_true(parses(a, repeated(a, "a", REGEX_LENGTH_MAX, "")));
    assert_false(parses(a, repeated(a, "a", REGEX_LENGTH_MAX + 1, "")));
    assert_true(parses(a, nested(a, REGEX_DEPTH_MAX)));
    assert_false(parses(a, nested(a, REGEX_DEPTH_MAX + 1)));
    assert_true(parses(a, str_format(a, "a{%d}", REGEX_REPEAT_MAX)));
    assert_false(parses(a, str_format(a, "a{%d}", REGEX_REPEAT_MAX + 1)));
    assert_false(parses(a, str_format(a, "a{0,%d}", REGEX_REPEAT_MAX + 1)));
    assert_true(parses(a, STR("a{99999999999999999999,")));
    assert_false(parses(a, STR("a{99999999999999999999,}")));
    /* (a{n}){m} counts n + 1 nodes m times, and itself */
    assert_true(parses(a, STR("(?:a{999}){99}")));
    assert_false(parses(a, STR("(?:a{1000}){100}")));
    assert_false(parses(a, STR("(?:a{999}){99}(?:a{999}){99}")));
    assert_false(parses(a, STR("((((a{1000}){1000}){1000}){1000}){1000}")));
}

static void a_literal_regex_is_known(void **state)
{
    static const struct {
        const char *pattern, *text; /* NULL: not literal */
    } rows[] = {{"abc", "abc"},    {"a\\.b", "a.b"}, {"", ""},     {"(?i)a[b]", "ab"},
                {"a(?i:b)", NULL}, {"a.", NULL},     {"^a", NULL}, {"a|b", NULL}};
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct regex_error error = {0};
        struct str text;
        struct regex *re = regex_parse(a, str_of(rows[i].pattern), no_flags, &error);
        assert_int_equal(regex_is_literal(a, re, &text), rows[i].text != NULL);
        if (rows[i].text)
            t_assert_str(text, rows[i].text);
    }
}

static void a_nul_byte_is_a_character_of_a_pattern(void **state)
{
    struct arena *a = t_arena(state);
    t_assert_str(ast(a, STR("a\0+"), no_flags), "(cat \"a\" (repeat 1 inf \"\\x00\"))");
    t_assert_str(ast(a, STR("[a\0]"), no_flags), "[\\x{0}a]");
    t_assert_str(ast(a, (struct str){NULL, 0}, no_flags), "empty");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(atoms_and_operators_build_the_tree),
        t_test(quantifiers_have_bounds_and_no_laziness),
        t_test(a_brace_that_is_no_quantifier_is_a_literal),
        t_test(classes_are_sorted_and_merged),
        t_test(escapes_are_characters),
        t_test(flags_hold_from_the_start_to_the_end_of_their_group),
        t_test(flags_from_outside_count_too),
        t_test(what_is_not_in_the_language_is_refused_with_its_place),
        t_test(a_broken_pattern_is_refused_with_its_place),
        t_test(limits_hold_on_both_sides),
        t_test(a_literal_regex_is_known),
        t_test(a_nul_byte_is_a_character_of_a_pattern),
    };
    return t_run(tests);
}
