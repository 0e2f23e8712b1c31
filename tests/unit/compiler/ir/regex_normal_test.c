#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "ir_harness.h"
#include "regex.h"

static struct str normal(struct arena *a, const char *pattern, struct regex_flags flags)
{
    struct regex_error error = {0};
    struct regex *re = regex_parse(a, str_of(pattern), flags, &error);
    if (!re)
        print_error("%s: %s\n", pattern, error.what);
    assert_non_null(re);
    return ir_regex_normal(a, re);
}

static const struct {
    const char *pattern, *flags, *want;
} forms[] = {
    {"abc", "", "abc"},
    {"abc", "i", "[Aa][Bb][Cc]"},
    {"k1s", "i", "[Kk]1[Ss]"},
    {"\xc3\xa9", "", "\\x{e9}"},
    {"\xc3\xa9", "i", "[\\x{c9}\\x{e9}]"},
    {"\xce\xbc", "i", "[\\x{b5}\\x{39c}\\x{3bc}]"}, /* three mu */
    {"\xc3\x9f", "i", "[\\x{df}\\x{1e9e}]"},        /* sharp s is not ss */
    {"a.b", "", "a[^\\x{a}]b"},
    {"a.b", "s", "a(?s:.)b"},
    {"[a-c]", "", "[a-c]"},
    {"[ab]", "", "[ab]"},
    {"[a]", "", "a"},
    {"[^a]", "", "[^a]"},
    {"[^a]", "i", "[^Aa]"},
    {"[a-c]", "i", "[A-Ca-c]"},
    {"[\\]^-]", "", "[\\-\\]\\^]"},
    {"[\\s\\S]", "", "(?s:.)"},
    {"[^\\s\\S]", "", "[^\\x{0}-\\x{10ffff}]"},
    {"\\d\\w", "", "[0-9][0-9A-Z_a-z]"},
    {"\\D", "", "[^0-9]"},
    {"\\.\\*\\{\\\\", "", "\\.\\*\\{\\\\"},
    {"a b/c", "", "a b/c"},
    {"\\t\\n", "", "\\x{9}\\x{a}"},
    {"a|bc|", "", "a|bc|"},
    {"x(a|b)y", "", "x(?:a|b)y"},
    {"(ab)+", "", "(?:ab)+"},
    {"a*?b+?c??", "", "a*b+c?"},
    {"a{3}b{2,}c{0,5}", "", "a{3}b{2,}c{0,5}"},
    {"^a$", "", "\\Aa(?=\\n?\\z)"},
    {"^a$", "m", "(?:\\A|(?<=\\n)(?!\\z))a(?=\\n|\\z)"},
    {"\\Aa\\Z|\\z", "", "\\Aa(?=\\n?\\z)|\\z"},
    {"\\ba\\B", "", "\\ba\\B"},
    /* stars narrowed before what follows them, where the language stays the same */
    {"a.*b.*c", "", "a[^\\x{a}b]*b[^\\x{a}c]*c"},
    {"a.*b.*c$", "", "a[^\\x{a}b]*b[^\\x{a}]*c(?=\\n?\\z)"},
    {"(a.*b)+c", "", "(?:a[^\\x{a}]*b)+c"},
    {"[ab]*c[ab]*d", "", "[ab]*c[ab]*d"},
    {"(?i)a", "", "[Aa]"},
    {"(?i:a)b", "", "[Aa]b"},
    {"", "", ""},
};

static struct regex_flags flags_of(const char *z)
{
    return (struct regex_flags){strchr(z, 'i') != NULL, strchr(z, 'm') != NULL,
                                strchr(z, 's') != NULL};
}

static void normal_forms_are_as_told(void **state)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        t_assert_str(normal(t_arena(state), forms[i].pattern, flags_of(forms[i].flags)),
                     forms[i].want);
}

static void equal_sets_have_equal_texts(void **state)
{
    struct arena *a = t_arena(state);
    static const char *const sets[] = {"[abc]", "[a-c]", "[cbaab]", "[a-bb-c]"};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        t_assert_str(normal(a, sets[i], (struct regex_flags){0}), "[a-c]");
}

static bool pcre_finds(struct str pattern, uint32_t options, struct str subject)
{
    int code;
    PCRE2_SIZE off;
    pcre2_code *re = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""), pattern.len,
                                   PCRE2_UTF | options, &code, &off, NULL);
    if (!re)
        print_error("%.*s: %d at %zu\n", STR_ARG(pattern), code, off);
    assert_non_null(re);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(re, NULL);
    int rc = pcre2_match(re, (PCRE2_SPTR)subject.p, subject.len, 0, 0, data, NULL);
    pcre2_match_data_free(data);
    pcre2_code_free(re);
    return rc >= 0;
}

/* Case is left out: there the library's own folding differs, which is why the form exists. */
static void pcre2_finds_with_the_normal_form_what_it_finds_with_the_pattern(void **state)
{
    static const char *const patterns[] = {
        "^a",
        "a$",
        "^$",
        "^",
        "$",
        "\\Aa",
        "a\\Z",
        "a\\z",
        "\\bab\\b",
        "\\Ba",
        "a.b",
        "[^a]b",
        "(a|b)*c",
        "a{2,3}b",
        "(?:ab){2}",
        "\\w+\\s\\d",
        "[\\d\\s]x",
        "[^\\w]",
        "a|^b|c$",
        "\\.",
        "[a\\-c]",
        "(^a|b$)+",
        "(a*)*b",
        "a{0}b",
        "\\x{e9}",
        ".",
        "[\\W\\d]",
        "a.*b.*a",
        "a.*b.*a$",
        ".*a.*b.*",
        "a.*\\n.*b",
        "[ab]*a[a-c]*c",
        "[abc]*a[ab]*b$",
        "(a.*b)+c",
        "^.*a|b.*a.*\\n",
        "a*a*a",
        "a.*a$",
    };
    static const char *const subjects[] = {
        "",          "a",        "a\n",      "\na",      "a\nb",         "b\na\n", "\n",
        "\n\n",      "ab",       "aab",      "aaab",     "abab",         "a b",    "xa",
        "a1 2",      "ab\nab",   "c",        "abc\n",    "a\rb",         "1x",     " x",
        ".",         "-",        "\xc3\xa9", "a\u00e9b", "\xe2\x84\xaa", "b",      "acbcabc",
        "bacab\nab", "a\n\nb\n",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        for (unsigned mode = 0; mode < 4; mode++) {
            struct regex_flags flags = {.multiline = mode & 1, .dotall = mode & 2};
            struct str form = normal(t_arena(state), patterns[i], flags);
            uint32_t options = (mode & 1 ? PCRE2_MULTILINE : 0u) | (mode & 2 ? PCRE2_DOTALL : 0u);
            for (size_t j = 0; j < sizeof subjects / sizeof *subjects; j++) {
                bool want = pcre_finds(str_of(patterns[i]), options, str_of(subjects[j]));
                bool got = pcre_finds(form, 0, str_of(subjects[j]));
                if (got != want)
                    print_error("%s as %.*s, mode %u, subject %zu\n", patterns[i], STR_ARG(form),
                                mode, j);
                assert_int_equal(got, want);
            }
        }
}

static void ascii_letters_match_ascii_only_when_case_is_ignored(void **state)
{
    struct arena *a = t_arena(state);
    struct regex_flags icase = {.icase = true};
    assert_true(pcre_finds(normal(a, "k", icase), 0, STR("K")));
    assert_false(pcre_finds(normal(a, "k", icase), 0, STR("\xe2\x84\xaa"))); /* Kelvin sign */
    assert_false(pcre_finds(normal(a, "[s]", icase), 0, STR("\xc5\xbf")));   /* long s */
    assert_true(pcre_finds(normal(a, "[^k]", icase), 0, STR("\xe2\x84\xaa")));
    assert_false(pcre_finds(normal(a, "[^k]", icase), 0, STR("K")));
}

/* Each row's first fold class, as a character and as a set, against every member of it. */
static void case_closes_over_fold_classes(void **state)
{
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < SIGMATON_FOLD_ROWS; i++) {
        uint32_t same[SIGMATON_FOLD_CLASS_MAX], c = sigmaton_fold_rows[i].lo;
        size_t n = sigmaton_fold_class(c, same);
        struct regex_range range = {c, c};
        struct regex one = {.kind = REGEX_CHAR, .icase = true, .c = sigmaton_fold(c)};
        struct regex set = {.kind = REGEX_CLASS, .icase = true, .ranges = &range, .n_ranges = 1};
        struct str printed = ir_regex_normal(a, &one);
        assert_true(str_eq(printed, ir_regex_normal(a, &set)));
        for (size_t j = 0; j < n; j++) {
            char subject[4];
            assert_true(pcre_finds(printed, 0, (struct str){subject, utf8_put(same[j], subject)}));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(normal_forms_are_as_told),
        t_test(equal_sets_have_equal_texts),
        t_test(pcre2_finds_with_the_normal_form_what_it_finds_with_the_pattern),
        t_test(ascii_letters_match_ascii_only_when_case_is_ignored),
        t_test(case_closes_over_fold_classes),
    };
    return t_run(tests);
}
