/* Patterns, addresses and times against single texts. */
#include "match.h"
#include "t.h"

/* A pattern of parts: '*' is a run, '?' one, '~' a dash, the rest text. */
static struct pattern pattern_of(struct arena *a, const char *written)
{
    size_t len = strlen(written);
    struct pattern p = {ARENA_ARRAY(a, len, struct part), 0};
    for (size_t i = 0; i < len;) {
        struct part *part = &p.parts[p.n++];
        size_t n = strcspn(written + i, "*?~");
        part->kind = n > 0               ? PART_TEXT
                     : written[i] == '*' ? PART_STAR
                     : written[i] == '?' ? PART_ONE
                                         : PART_DASH;
        part->text = (struct str){written + i, n};
        i += n > 0 ? n : 1;
    }
    return p;
}

static bool matches(struct arena *a, const char *written, const char *text, bool cased,
                    bool anywhere)
{
    struct glob g = {.arena = a};
    struct pattern p = pattern_of(a, written);
    glob_set(&g, &p, cased, anywhere);
    return glob_matches(&g, points_of(a, str_of(text), !cased));
}

static void a_pattern_matches_the_whole_text(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool matches;
    } cases[] = {
        {"", "", true},
        {"", "x", false},
        {"abc", "ABC", true},
        {"abc", "abcd", false},
        {"abc", "ab", false},
        {"*", "", true},
        {"*", "x\ny", true},
        {"?", "", false},
        {"?", "x", true},
        {"?", "\U0001f600", true},
        {"??", "\U0001f600", false},
        {"?", "\n", true},
        {"a*c", "abc", true},
        {"a*c", "ac", true},
        {"a*c", "acb", false},
        {"a*b*c", "aXbYbc", true},
        {"*ab", "aab", true},
        {"*aab*", "aaab", true},
        {"a?c", "abc", true},
        {"a?c", "ac", false},
        {"*a*a*a*", "aa", false},
        {"*a*a*a*", "aaa", true},
        {"*?", "", false},
        {"*?", "x", true},
        {"?*?", "x", false},
        {"?*?", "xy", true},
        {"~enc", "-ENC", true},
        {"~enc", "/enc", true},
        {"~enc", "\u2013enc", true},
        {"~enc", "\u2014enc", true},
        {"~enc", "\u2015enc", true},
        {"~enc", "\u2212enc", false},
        {"~enc", "enc", false},
        {"\u00e4", "\u00c4", true},
        {"\u03c3", "\u03c2", true},
        {"ss", "\u00df", false},
        {"k", "\u212a", false},
        {"s", "\u017f", false},
        {"[a-c]", "b", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (matches(t_arena(state), cases[i].pattern, cases[i].text, false, false) !=
            cases[i].matches)
            fail_msg("%s on %s", cases[i].pattern, cases[i].text);
}

static void cased_compares_code_points_and_keywords_search(void **state)
{
    struct arena *a = t_arena(state);
    assert_true(matches(a, "aB", "aB", true, false));
    assert_false(matches(a, "aB", "ab", true, false));
    assert_false(matches(a, "b", "abc", false, false));
    assert_true(matches(a, "b", "abc", false, true));
    assert_true(matches(a, "*b*", "abc", false, true));
    assert_false(matches(a, "a?b", "ab", false, true));
}

/* The same question by the book: table[i][k] says whether the first i wanted match the first k. */
static bool matches_by_table(const struct glob *g, struct points text)
{
    enum { SIDE = 16 };
    bool table[SIDE][SIDE] = {{true}};
    assert_true(g->n < SIDE && text.n < SIDE);
    for (size_t i = 1; i <= g->n; i++) {
        uint32_t want = g->v[i - 1];
        table[i][0] = want == 0x110000 && table[i - 1][0];
        for (size_t k = 1; k <= text.n; k++)
            table[i][k] = want == 0x110000
                              ? table[i - 1][k] || table[i][k - 1]
                              : table[i - 1][k - 1] && (want == 0x110001 || want == text.v[k - 1]);
    }
    return table[g->n][text.n];
}

static void walking_and_the_table_agree(void **state)
{
    struct arena *a = t_arena(state);
    unsigned seed = 20240701;
    print_message("# seed %u\n", seed);
    for (int round = 0; round < 20000; round++) {
        char written[9] = "", text[11] = "";
        for (int i = rand_r(&seed) % 9; i > 0; i--)
            written[i - 1] = "ab*?"[rand_r(&seed) % 4];
        for (int i = rand_r(&seed) % 11; i > 0; i--)
            text[i - 1] = "ab"[rand_r(&seed) % 2];
        struct glob g = {.arena = a};
        struct pattern p = pattern_of(a, written);
        glob_set(&g, &p, true, false);
        struct points points = points_of(a, str_of(text), false);
        if (glob_matches(&g, points) != matches_by_table(&g, points))
            fail_msg("%s on %s", written, text);
    }
}

static void addresses_are_strict(void **state)
{
    (void)state;
    static const char *const yes[] = {
        "0.0.0.0",
        "255.255.255.255",
        "10.1.2.3",
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3::5:6:7:8",
        "FE80::ABCD",
        "::ffff:10.0.0.1",
        "1:2:3:4:5:6:1.2.3.4",
        "::1.2.3.4",
        "0001:0:0::",
        "64:ff9b::1.2.3.4",
    };
    static const char *const no[] = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.04",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4:80",
        "1.2.3.4/32",
        "1..3.4",
        "1.2.3.",
        "0x1.2.3.4",
        "1.2.3.+4",
        ":",
        ":::",
        "1:",
        ":1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "g::",
        "fe80::1%1",
        "[::1]",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1.2.3.4::",
        "::1.2.3",
        "1:2:3:4:5:6:7:8::",
        "::1:",
        "1.2.3.4:1:2:3:4:5:6",
        "1:2:3:4::5:6:7:8",
        "localhost",
        "1.2.3.1000",
    };
    bool v6;
    uint8_t address[16];
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (!address_read(str_of(yes[i]), &v6, address))
            fail_msg("refused: %s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (address_read(str_of(no[i]), &v6, address))
            fail_msg("taken: %s", no[i]);
}

static void networks_hold_their_own_family_up_to_the_prefix(void **state)
{
    (void)state;
    const struct network ten = {false, {10, 128}, 9};
    const struct network all4 = {false, {0}, 0};
    const struct network one = {false, {192, 168, 0, 1}, 32};
    const struct network doc = {true, {0x20, 0x01, 0x0d, 0xb8}, 32};
    const struct network all6 = {true, {0}, 0};
    const struct {
        const struct network *network;
        const char *text;
        bool inside;
    } cases[] = {
        {&ten, "10.128.0.0", true},
        {&ten, "10.255.255.255", true},
        {&ten, "10.127.255.255", false},
        {&ten, "11.128.0.0", false},
        {&ten, "::ffff:10.128.0.0", false},
        {&all4, "1.2.3.4", true},
        {&all4, "::1", false},
        {&all4, "x", false},
        {&one, "192.168.0.1", true},
        {&one, "192.168.0.2", false},
        {&doc, "2001:db8::1", true},
        {&doc, "2001:DB8:0:0::", true},
        {&doc, "2001:db9::", false},
        {&all6, "::", true},
        {&all6, "1.2.3.4", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (address_in(str_of(cases[i].text), cases[i].network) != cases[i].inside)
            fail_msg("%s", cases[i].text);
}

static const char *const part_names = "mhdwMY"; /* by enum time_part */

static struct leaf leaf_of_text(struct json *json, const char *text)
{
    *json = (struct json){.kind = JSON_STRING, .text = str_of(text)};
    return (struct leaf){.json = json, .has_text = true, .text = json->text};
}

static void time_parts_are_taken_as_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char part;
        int64_t value; /* -1: no time */
    } cases[] = {
        {"2024-03-05T17:42:09Z", 'm', 42},
        {"2024-03-05 17:42", 'h', 17},
        {"2024-03-05T17:42:09.123456789+09:30", 'h', 17},
        {"2024-03-05T17:42-08:00", 'd', 5},
        {"2024-03-05T17:42:09", 'M', 3},
        {"0001-03-05T17:42:09", 'Y', 1},
        {"2024-02-29T00:00:00Z", 'd', 29},
        {"2000-02-29T00:00:00Z", 'd', 29},
        {"2024-12-30T00:00", 'w', 1},
        {"2024-12-29T00:00", 'w', 52},
        {"2020-12-31T00:00", 'w', 53},
        {"2021-01-03T00:00", 'w', 53},
        {"2021-01-04T00:00", 'w', 1},
        {"2023-01-01T00:00", 'w', 52},
        {"2016-01-03T00:00", 'w', 53},
        {"2023-02-29T00:00:00Z", 'd', -1},
        {"1900-02-29T00:00:00Z", 'd', -1},
        {"2024-04-31T00:00:00Z", 'd', -1},
        {"2024-13-01T00:00:00Z", 'd', -1},
        {"2024-00-01T00:00:00Z", 'd', -1},
        {"2024-01-00T00:00:00Z", 'd', -1},
        {"2024-01-01T24:00:00Z", 'd', -1},
        {"2024-01-01T00:60:00Z", 'd', -1},
        {"2024-01-01T00:00:00.Z", 'd', -1},
        {"2024-01-01T00:00:00ZZ", 'd', -1},
        {"2024-01-01T00:00:00+0100", 'd', -1},
        {"2024-01-01T00:00:00+01", 'd', -1},
        {"2024-01-01", 'd', -1},
        {"2024-01-01T", 'd', -1},
        {"2024-1-01T00:00", 'd', -1},
        {"24-01-01T00:00", 'd', -1},
        {" 2024-01-01T00:00", 'd', -1},
        {"2024-01-01  00:00", 'd', -1},
        {"2024/01/01 00:00", 'd', -1},
        {"", 'd', -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json json;
        struct leaf leaf = leaf_of_text(&json, cases[i].text);
        enum time_part part = (enum time_part)(strchr(part_names, cases[i].part) - part_names);
        int64_t value = -1;
        if (!time_part_of(&leaf, part, &value))
            value = -1;
        if (value != cases[i].value)
            fail_msg("%s %c: %lld", cases[i].text, cases[i].part, (long long)value);
    }
}

static void numbers_are_seconds_or_milliseconds_in_utc(void **state)
{
    (void)state;
    static const struct {
        struct number number;
        char part;
        int64_t value; /* -1: no time */
    } cases[] = {
        {{.i = 0}, 'h', 0},
        {{.i = 0}, 'Y', 1970},
        {{.i = 0}, 'w', 1},
        {{.i = 3600}, 'h', 1},
        {{.i = -1}, 'Y', 1969},
        {{.i = -1}, 'm', 59},
        {{.i = -1}, 'd', 31},
        {{.i = 951782400}, 'd', 29}, /* 2000-02-29 */
        {{.i = 1709600400}, 'h', 1},
        {{.i = 1709600400123}, 'h', 1},
        {{.i = 1709600400123}, 'Y', 2024},
        {{.i = 1000000000000}, 'Y', 33658},
        {{.i = 1000000000001}, 'Y', 2001},
        {{.kind = NUMBER_FLOAT, .f = 3599.999}, 'm', 59},
        {{.kind = NUMBER_FLOAT, .f = -0.5}, 'Y', 1969},
        {{.kind = NUMBER_FLOAT, .f = 1e300}, 'Y', -1},
        {{.kind = NUMBER_FLOAT, .f = -1e300}, 'Y', -1},
        {{.kind = NUMBER_UINT, .u = UINT64_MAX}, 'm', 25},
        {{.i = INT64_MAX}, 'Y', 292278994},
        {{.i = INT64_MIN}, 'm', 29},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json json = {.kind = JSON_NUMBER};
        struct leaf leaf = {.json = &json, .has_number = true, .number = cases[i].number};
        enum time_part part = (enum time_part)(strchr(part_names, cases[i].part) - part_names);
        int64_t value = -1;
        if (!time_part_of(&leaf, part, &value))
            value = -1;
        if (value != cases[i].value)
            fail_msg("row %zu: %lld", i, (long long)value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_pattern_matches_the_whole_text),
        t_test(cased_compares_code_points_and_keywords_search),
        t_test(walking_and_the_table_agree),
        t_test(addresses_are_strict),
        t_test(networks_hold_their_own_family_up_to_the_prefix),
        t_test(time_parts_are_taken_as_written),
        t_test(numbers_are_seconds_or_milliseconds_in_utc),
    };
    return t_run(tests);
}
