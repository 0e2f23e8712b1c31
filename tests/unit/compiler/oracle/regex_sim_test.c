/* The simulation against a table of hand-made answers, and against PCRE2 on random regexes. */
#ifdef SIGMATON_TEST_PCRE2
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#endif

#include "regex_sim.h"
#include "t.h"

static struct regex *parse(struct arena *a, struct str pattern, struct regex_flags flags)
{
    struct regex_error error = {0};
    struct regex *re = regex_parse(a, pattern, flags, &error);
    if (!re)
        fail_msg("%.*s: %s", STR_ARG(pattern), error.what);
    return re;
}

static bool hits(struct arena *a, const char *pattern, struct regex_flags flags, struct str text)
{
    struct regex_program *p = regex_program_new(a, parse(a, str_of(pattern), flags));
    bool first = regex_sim_search(p, points_of(a, text, false));
    assert_int_equal(regex_sim_search(p, points_of(a, text, false)), first);
    return first;
}

struct row {
    const char *pattern;
    const char *yes[6], *no[6];
};

static void check(struct arena *a, const struct row *rows, size_t n, struct regex_flags flags)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < 6 && rows[i].yes[k]; k++)
            if (!hits(a, rows[i].pattern, flags, str_of(rows[i].yes[k])))
                fail_msg("/%s/ misses \"%s\"", rows[i].pattern, rows[i].yes[k]);
        for (size_t k = 0; k < 6 && rows[i].no[k]; k++)
            if (hits(a, rows[i].pattern, flags, str_of(rows[i].no[k])))
                fail_msg("/%s/ hits \"%s\"", rows[i].pattern, rows[i].no[k]);
    }
}

static void plain_regexes_search_anywhere(void **state)
{
    static const struct row rows[] = {
        {"", {"", "x"}, {0}},
        {"a", {"a", "xax", "\na"}, {"", "A", "b"}},
        {"abc", {"abc", "ababc", "aabcc"}, {"ab", "abxc", "ac"}},
        {"a.c",
         {"abc", "a.c", "a\tc", "a\u20acc", "xabcx"},
         {"ac", "a\nc",
          "a\xc3\xa4\xc3\xa4"
          "c"}},
        {"a|b", {"a", "b", "xb"}, {"", "c"}},
        {"ab|cd|ef", {"ab", "cd", "ef", "xefx"}, {"ac", "ad", "af"}},
        {"a|", {"", "a", "x"}, {0}},
        {"(ab|cd)+x", {"abx", "cdabx", "ababcdx"}, {"x", "acx", "abc"}},
        {"^(ab|cd)+$", {"ab", "cdab"}, {"", "abc", "xab"}},
        {"(?:ab)c", {"abc"}, {"ac", "bc"}},
        {"()", {"", "x"}, {0}},
        {"a()b", {"ab"}, {"a", "b"}},
        {"a\\.b", {"a.b"}, {"axb"}},
        {"\\\\cmd\\.exe", {"C:\\cmd.exe"}, {"C:/cmd.exe", "\\cmdxexe"}},
        {"\\/\\-\\\"\\;\\%\\@", {"/-\";%@"}, {"/-\";%"}},
        {"\\t\\n\\r", {"\t\n\r"}, {"tnr"}},
        {"\\x41", {"A"}, {"x41", "a"}},
        {"%foo%", {"a %foo% b"}, {"foo"}},
        {"\u00e9|\u00fc", {"x\u00fcx", "\u00e9"}, {"\u00c9", "e"}},
        {"\U0001f600.", {"\U0001f600\U0001f601"}, {"\U0001f600"}},
        {"a{2}b", {"aab", "aaab"}, {"ab"}},
        {"a{3}", {"aaa", "baaab"}, {"aa", "aabaa"}},
        {"^a{2,3}$", {"aa", "aaa"}, {"a", "aaaa"}},
        {"^a{2,}$", {"aa", "aaaaa"}, {"a", ""}},
        {"^a{0}$", {""}, {"a"}},
        {"^a{0,2}$", {"", "a", "aa"}, {"aaa"}},
        {"^(a{2}){2}$", {"aaaa"}, {"aa", "aaa", "aaaaa"}},
        {"^(ab?){2,3}$", {"aa", "abab", "aaab", "ababa"}, {"a", "abb"}},
        {"^(a|b){2}c$", {"abc", "bac", "aac"}, {"ac", "abac"}},
    };
    check(t_arena(state), rows, sizeof rows / sizeof rows[0], (struct regex_flags){0});
}

static void repeats_take_as_many_as_they_may(void **state)
{
    static const struct row rows[] = {
        {"^a*$", {"", "a", "aaaa"}, {"b", "aab"}},
        {"^a+$", {"a", "aaa"}, {"", "aab"}},
        {"^a?$", {"", "a"}, {"aa"}},
        {"^ab*c$", {"ac", "abc", "abbbc"}, {"abb", "bc"}},
        {"^.*x.*$", {"x", "axb", "xx"}, {"", "a", "a\nx\nb"}},
        {"a.*?b", {"axbxb", "ab"}, {"ba", "a\nb"}},
        {"^a+?b??c*?$", {"a", "aab", "abccc"}, {"b", "acb"}},
        {"^(a*)*$", {"", "a", "aaa"}, {"b"}},
        {"^(a*)+b$", {"b", "aab"}, {"a", ""}},
        {"^(a|ab)(c|bcd)(d*)$", {"abcd", "acd", "abc"}, {"abd"}},
        {"^(a?){3}a{3}$", {"aaa", "aaaaaa"}, {"aa", "aaaaaaa"}},
        {"^(|a)+$", {"", "aa"}, {"b"}},
        {"^(a|b)*abb$", {"abb", "aabb", "babaabb"}, {"ab", "abba"}},
        {"^(.{3})+$", {"abc", "abcdef"}, {"ab", "abcd", ""}},
        {"x{0,1}y{1}", {"y", "xy"}, {"x"}},
        {"(ab){2}", {"abab", "xababx"}, {"ab", "abba"}},
        {"^[ab]{2,4}c$", {"abc", "babac"}, {"ac", "ababac"}},
    };
    check(t_arena(state), rows, sizeof rows / sizeof rows[0], (struct regex_flags){0});
}

static void classes_hold_what_they_say(void **state)
{
    static const struct row rows[] = {
        {"^[abc]$", {"a", "b", "c"}, {"d", "A", ""}},
        {"^[a-cx-z]$", {"a", "b", "y"}, {"d", "w"}},
        {"^[^abc]$", {"d", "A", "\n", "\u20ac"}, {"a", "b"}},
        {"^[]a]$", {"]", "a"}, {"b"}},
        {"^[^]a]$", {"b"}, {"]", "a"}},
        {"^[a-]$", {"a", "-"}, {"b"}},
        {"^[-a]$", {"a", "-"}, {"b"}},
        {"^[.*+?]$", {".", "*", "+", "?"}, {"a", "\\"}},
        {"^[\\]\\\\^-]$", {"]", "\\", "^", "-"}, {"a"}},
        {"^\\d$", {"0", "9"}, {"a", "\u0660", "\uff11"}},
        {"^\\D$", {"a", "\n", "\u0660"}, {"0", "9"}},
        {"^\\w$", {"a", "Z", "0", "_"}, {"-", "\u00e4", "\u212a", "\u017f"}},
        {"^\\W$", {"-", "\u00e4", " "}, {"a", "_"}},
        {"^\\s$", {" ", "\t", "\n", "\r", "\f", "\v"}, {"a", "\u00a0", "\u2003"}},
        {"^\\S$", {"a", "\u00a0"}, {" ", "\t"}},
        {"^[\\d\\s]$", {"5", " "}, {"a"}},
        {"^[^\\d\\s]$", {"a", "-"}, {"5", " "}},
        {"^[\\w.-]+$", {"a.b-c_1", "..."}, {"a b", ""}},
        {"^[\\W_]$", {"_", "-"}, {"a", "1"}},
        {"^[a\\D]$", {"a", "x"}, {"1"}},
        {"^[\u00e4-\u00f6]$", {"\u00e4", "\u00f0"}, {"\u00e3", "\u00f7", "a"}},
        {"^[\u20ac-\U0001f600]$", {"\u20ac", "\U0001f600"}, {"\U0001f601", "\u20ab"}},
        {"^\\d{3}-\\w+\\s?$", {"123-abc ", "999-x"}, {"12-abc", "123-"}},
        {"^46[0-9]{2}$", {"4625"}, {"5625", "46250"}},
    };
    check(t_arena(state), rows, sizeof rows / sizeof rows[0], (struct regex_flags){0});
}

static void anchors_stand_between_code_points(void **state)
{
    static const struct row rows[] = {
        {"^a", {"a", "ab"}, {"ba", "b\na"}},
        {"a$", {"a", "ba", "a\n"}, {"ab", "a\nb", "a\n\n"}},
        {"^$", {"", "\n"}, {"a", "\n\n"}},
        {"$^", {"", "\n"}, {"a"}},
        {"a\\z", {"a", "ba"}, {"a\n", "ab"}},
        {"a\\Z", {"a", "a\n"}, {"ab", "a\n\n"}},
        {"\\Aa", {"a"}, {"ba", "b\na"}},
        {"\\bcat\\b", {"cat", "a cat.", "-cat-"}, {"concat", "cats", "_cat", "cat1"}},
        {"\\Bcat", {"concat", "_cat"}, {"cat", " cat"}},
        {"cat\\B", {"cats"}, {"cat", "cat "}},
        {"\\b\u00e4\\b", {"a\u00e4b"}, {"\u00e4", " \u00e4 "}},
        {"\\b", {"a", " a"}, {"", " ", "\u00e4"}},
        {"^\\B", {"", " ", "-a"}, {"a"}},
        {"^\\B$", {""}, {"a"}},
        {"(^a|b)c", {"ac", "xbc"}, {"xac"}},
        {"a(b|$)", {"ab", "a", "xa"}, {"ac"}},
        {"(^|,)x(,|$)", {"x", "a,x,b", "a,x"}, {"ax", "a,xb"}},
        {"^^a$$", {"a"}, {"ba"}},
        {"(\\b|x)*y", {"y", "xy", "axxy"}, {"x"}},
        {"a^b", {0}, {"ab", "a\nb", "a^b"}},
        {"a\\n^b", {0}, {"a\nb"}},
        {"a$\\n", {"a\n"}, {"a", "a\n\n"}},
        {"a$b", {0}, {"ab", "a$b"}},
    };
    check(t_arena(state), rows, sizeof rows / sizeof rows[0], (struct regex_flags){0});
}

static void multiline_anchors_stand_at_line_feeds(void **state)
{
    static const struct row rows[] = {
        {"^b", {"b", "a\nb"}, {"ab", "a\rb"}},
        {"a$", {"a", "a\nb", "a\n"}, {"ab", "a\r\n"}},
        {"^$", {"", "\n", "a\n\nb"}, {"a", "a\n"}}, /* as in PCRE: a final LF starts no line */
        {"^a$\\n^b$", {"a\nb", "x\na\nb\ny"}, {"ab", "a\nbx"}},
        {"\\Ab", {"b"}, {"a\nb"}},
        {"a\\Z", {"a", "a\n"}, {"a\nb"}},
        {"a\\z", {"a"}, {"a\n", "a\nb"}},
        {"a.b", {"a-b"}, {"a\nb"}},
    };
    check(t_arena(state), rows, sizeof rows / sizeof rows[0],
          (struct regex_flags){.multiline = true});
}

static void dotall_lets_the_dot_take_line_feeds(void **state)
{
    static const struct row rows[] = {
        {"a.b", {"a\nb", "axb"}, {"ab"}},
        {"^a.*b$", {"a\n\nb", "ab", "ab\n"}, {"a\nbc"}},
        {"[^a].", {"b\n"}, {"ab"}},
    };
    check(t_arena(state), rows, sizeof rows / sizeof rows[0], (struct regex_flags){.dotall = true});
}

static void ignoring_case_compares_folded_forms(void **state)
{
    static const struct row rows[] = {
        {"abc", {"ABC", "aBc", "xAbCx"}, {"ab"}},
        {"\u00e4", {"\u00c4", "\u00e4"}, {"a"}},
        {"\u03c3", {"\u03a3", "\u03c2", "\u03c3"}, {"s"}},
        {"k", {"K", "k"}, {"\u212a"}},
        {"\u212a", {"\u212a"}, {"k", "K"}},
        {"s", {"S"}, {"\u017f"}},
        {"\u00e5", {"\u00c5", "\u212b"}, {"a"}},
        {"[a-c]", {"B", "c"}, {"d", "D"}},
        {"^[^a-c]$", {"d", "D", "1"}, {"a", "B"}},
        {"[\u0430-\u044f]", {"\u0410", "\u042f"}, {"a", "\u0451"}},
        {"^[^\u0430-\u044f]$", {"\u0451", "a"}, {"\u0410", "\u042f"}},
        {"[\u03a3]", {"\u03c2", "\u03c3"}, {"s"}},
        {"[k]", {"K"}, {"\u212a"}},
        {"^[^k]$", {"\u212a", "a"}, {"k", "K"}},
        {"[\u212a]", {"\u212a"}, {"k"}},
        {"^\\w$", {"k", "S"}, {"\u212a", "\u017f"}},
        {"^\\W$", {"\u212a", "\u017f"}, {"k", "S"}},
        {"[Z-a]", {"z", "A", "_", "Z"}, {"b", "Y"}},
        {"\u1e9e", {"\u00df", "\u1e9e"}, {"ss"}},
        {"\U00010400", {"\U00010428"}, {"\U00010401"}},
    };
    check(t_arena(state), rows, sizeof rows / sizeof rows[0], (struct regex_flags){.icase = true});
}

static void inline_flags_reach_as_far_as_they_are_written(void **state)
{
    static const struct row rows[] = {
        {"(?i)abc", {"ABC", "abc"}, {"ab"}}, {"a(?i:b)c", {"abc", "aBc"}, {"Abc", "abC"}},
        {"(?s)a.b", {"a\nb"}, {"ab"}},       {"(?m)^b", {"a\nb"}, {"ab"}},
        {"(?im)^b$", {"a\nB\nc"}, {"ab"}},
    };
    check(t_arena(state), rows, sizeof rows / sizeof rows[0], (struct regex_flags){0});
}

static void a_nul_and_a_long_text_are_text_like_any(void **state)
{
    struct arena *a = t_arena(state);
    struct regex_flags none = {0};
    assert_true(hits(a, "a.b", none, (struct str){"a\0b", 3}));
    assert_false(hits(a, "^a$", none, (struct str){"a\0", 2}));
    char *text = arena_alloc(a, 20000);
    memset(text, 'a', 20000);
    assert_false(hits(a, "(a*)*b", none, (struct str){text, 20000}));
    assert_false(hits(a, "(a|aa)+$x", none, (struct str){text, 20000}));
    assert_true(hits(a, "^a{1000}", none, (struct str){text, 20000}));
}

#ifdef SIGMATON_TEST_PCRE2

/* A random regex of the common language, at most n pieces. */
static void add_random(struct text *t, unsigned *seed, int n)
{
    static const char *const atoms[] = {
        "a", "b",   "c",   ".",   "\\n", "[ab]", "[^a]", "\\w",   "\\W",    "\\s",          "^",
        "$", "\\b", "\\B", "\\A", "\\z", "\\Z",  "\\d",  "[b-d]", "\u00e4", "[^\\s\u00e4]", " "};
    static const char *const repeats[] = {"",  "",   "",    "",      "*",    "+",
                                          "?", "*?", "{2}", "{1,2}", "{0,1}"};
    for (int i = 0; i <= rand_r(seed) % 3 && n > 0; i++, n--) {
        if (i > 0 && rand_r(seed) % 4 == 0)
            text_addz(t, "|");
        int kind = rand_r(seed) % 6;
        bool anchor = false;
        if (kind == 0 && n > 1) {
            text_addz(t, rand_r(seed) % 2 ? "(" : "(?i:");
            add_random(t, seed, n - 1);
            text_addz(t, ")");
        } else {
            const char *atom = atoms[(size_t)rand_r(seed) % (sizeof atoms / sizeof atoms[0])];
            anchor = strchr("^$", atom[0]) || (atom[0] == '\\' && strchr("bBAzZ", atom[1]));
            text_addz(t, atom);
        }
        if (!anchor)
            text_addz(t, repeats[(size_t)rand_r(seed) % (sizeof repeats / sizeof repeats[0])]);
    }
}

static struct str random_text(struct arena *a, unsigned *seed)
{
    static const char *const letters[] = {"a", "b", "c", "A",      "B",     "\n",
                                          " ", "_", "1", "\u00e4", "\u00c4"};
    struct text t;
    text_init(&t, a);
    for (int i = rand_r(seed) % 7; i > 0; i--)
        text_addz(&t, letters[(size_t)rand_r(seed) % (sizeof letters / sizeof letters[0])]);
    return text_str(&t);
}

static bool pcre2_hits(struct str pattern, uint32_t options, struct str text)
{
    int error;
    PCRE2_SIZE off;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)pattern.p, pattern.len, options | PCRE2_UTF, &error, &off, NULL);
    if (!code)
        fail_msg("PCRE2 refuses %.*s", STR_ARG(pattern));
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int n = pcre2_match(code, (PCRE2_SPTR)(text.p ? text.p : ""), text.len, 0, 0, data, NULL);
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return n >= 0;
}

static void the_simulation_and_pcre2_agree(void **state)
{
    unsigned seed = 20240702;
    print_message("# seed %u\n", seed);
    for (int round = 0; round < 3000; round++) {
        struct arena *a = arena_create(T_ARENA_LIMIT);
        struct regex_flags flags = {rand_r(&seed) % 2, rand_r(&seed) % 2, rand_r(&seed) % 2};
        uint32_t options = (flags.icase ? PCRE2_CASELESS : 0) |
                           (flags.multiline ? PCRE2_MULTILINE : 0) |
                           (flags.dotall ? PCRE2_DOTALL : 0);
        struct text t;
        text_init(&t, a);
        add_random(&t, &seed, 5);
        struct str pattern = text_str(&t);
        struct regex_program *p = regex_program_new(a, parse(a, pattern, flags));
        for (int i = 0; i < 8; i++) {
            struct str text = random_text(a, &seed);
            if (regex_sim_search(p, points_of(a, text, false)) !=
                pcre2_hits(pattern, options, text))
                fail_msg("/%.*s/ with %x on \"%.*s\"", STR_ARG(pattern), options, STR_ARG(text));
        }
        arena_destroy(a);
    }
    (void)state;
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(plain_regexes_search_anywhere),
        t_test(repeats_take_as_many_as_they_may),
        t_test(classes_hold_what_they_say),
        t_test(anchors_stand_between_code_points),
        t_test(multiline_anchors_stand_at_line_feeds),
        t_test(dotall_lets_the_dot_take_line_feeds),
        t_test(ignoring_case_compares_folded_forms),
        t_test(inline_flags_reach_as_far_as_they_are_written),
        t_test(a_nul_and_a_long_text_are_text_like_any),
#ifdef SIGMATON_TEST_PCRE2
        t_test(the_simulation_and_pcre2_agree),
#endif
    };
    return t_run(tests);
}
