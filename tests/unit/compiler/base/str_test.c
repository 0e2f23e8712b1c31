#include "t.h"

static void equality_ignores_case_only_of_ascii(void **state)
{
    (void)state;
    assert_true(str_eq(STR("Image"), STR("Image")));
    assert_false(str_eq(STR("Image"), STR("image")));
    assert_true(str_eq_nocase(STR("Image"), STR("iMAGE")));
    assert_false(str_eq_nocase(STR("\xC3\x89"), STR("\xC3\xA9")));
    assert_false(str_eq_nocase(STR("@"), STR("`")));
    assert_true(str_eq((struct str){NULL, 0}, STR("")));
    assert_false(str_eq_z(STR("a\0b"), "a"));
}

static void order_is_by_bytes_and_prefixes_come_first(void **state)
{
    (void)state;
    static const char *const sorted[] = {"", "a", "a/b", "ab", "b", "\xC3\xA9"};
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            int got = str_cmp(str_of(sorted[i]), str_of(sorted[j]));
            assert_int_equal((got > 0) - (got < 0), (i > j) - (i < j));
        }
}

static void slices_are_clipped_to_their_text(void **state)
{
    (void)state;
    t_assert_str(str_sub(STR("abcdef"), 2, 3), "cde");
    t_assert_str(str_sub(STR("abcdef"), 4, 99), "ef");
    t_assert_str(str_sub(STR("abcdef"), 99, 1), "");
    assert_int_equal(str_sub((struct str){NULL, 0}, 1, 1).len, 0);
    t_assert_str(str_trim(STR(" \t\r\n a b \v\f")), "a b");
    t_assert_str(str_trim(STR("   ")), "");
    assert_int_equal(str_find(STR("a|b"), '|'), 1);
    assert_int_equal(str_find(STR("ab"), '|'), 2);
    assert_int_equal(str_find((struct str){NULL, 0}, '|'), 0);
    assert_true(str_starts(STR("abc"), STR("")));
    assert_true(str_starts(STR("abc"), STR("abc")));
    assert_false(str_starts(STR("abc"), STR("abcd")));
    assert_true(str_ends(STR("abc"), STR("bc")));
    assert_false(str_ends(STR("bc"), STR("abc")));
}

static void distance_counts_edits_and_swaps(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        unsigned cap, want;
    } cases[] = {
        {"contains", "contains", 2, 0},
        {"contians", "contains", 2, 1},
        {"contain", "contains", 2, 1},
        {"", "ab", 2, 2},
        {"", "abc", 2, 3},
        {"re", "i", 2, 2},
        {"selection", "filter", 2, 3},
        {"kitten", "sitting", 5, 3},
        {"abc", "abc", 0, 0},
        {"abc", "abd", 0, 1},
        {"ab", "ba", 0, 1},
        {"ab", "ba", 1, 1},
        {"abcdef", "badcfe", 3, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str a = str_of(cases[i].a), b = str_of(cases[i].b);
        assert_int_equal(str_distance(a, b, cases[i].cap), cases[i].want);
        assert_int_equal(str_distance(b, a, cases[i].cap), cases[i].want);
    }
}

static void distance_of_long_texts_is_far(void **state)
{
    (void)state;
    char text[STR_DISTANCE_MAX + 1];
    memset(text, 'x', sizeof text);
    struct str just = {text, STR_DISTANCE_MAX}, over = {text, STR_DISTANCE_MAX + 1};
    assert_int_equal(str_distance(just, just, 2), 0);
    assert_int_equal(str_distance(over, over, 2), 3);
}

static void utf8_is_decoded_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t want;
        size_t consumed;
    } cases[] = {
        {"a", 'a', 1},
        {"\xC3\xA9", 0xE9, 2},
        {"\xE2\x82\xAC", 0x20AC, 3},
        {"\xF0\x9F\x98\x80", 0x1F600, 4},
        {"\xF4\x8F\xBF\xBF", 0x10FFFF, 4},
        {"\xC0\x80", 0xDCC0, 1}, /* longer than needed */
        {"\xC1\xBF", 0xDCC1, 1},
        {"\xE0\x9F\xBF", 0xDCE0, 1},
        {"\xF0\x8F\xBF\xBF", 0xDCF0, 1},
        {"\xED\xA0\x80", 0xDCED, 1},     /* a surrogate */
        {"\xF4\x90\x80\x80", 0xDCF4, 1}, /* beyond the last */
        {"\xF5\x80\x80\x80", 0xDCF5, 1},
        {"\x80", 0xDC80, 1}, /* no beginning */
        {"\xFF", 0xDCFF, 1},
        {"\xC3", 0xDCC3, 1}, /* cut off */
        {"\xE2\x82", 0xDCE2, 1},
        {"\xF0\x9F\x98", 0xDCF0, 1},
        {"\xE2\x82x", 0xDCE2, 1},
        {"\xC3(", 0xDCC3, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *p = cases[i].bytes, *end = p + strlen(p);
        assert_int_equal(utf8_next(&p, end), cases[i].want);
        assert_int_equal(p - cases[i].bytes, cases[i].consumed);
        assert_int_equal(utf8_valid(str_of(cases[i].bytes)),
                         cases[i].want < 0xDC80 || cases[i].want > 0xDCFF);
    }
}

static void utf8_is_written_as_it_was_read(void **state)
{
    (void)state;
    static const uint32_t points[] = {0,      'a',    0x7F,    0x80,     0x7FF,  0x800,
                                      0xFFFD, 0xFFFF, 0x10000, 0x10FFFF, 0xDC80, 0xDCFF};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        char bytes[4];
        size_t n = utf8_put(points[i], bytes);
        const char *p = bytes;
        assert_int_equal(utf8_next(&p, bytes + n), points[i]);
        assert_ptr_equal(p, bytes + n);
    }
}

static void text_grows_over_many_pieces(void **state)
{
    struct text t;
    text_init(&t, t_arena(state));
    assert_int_equal(text_str(&t).len, 0);
    for (int i = 0; i < 1000; i++)
        text_addf(&t, "%d,", i);
    text_addz(&t, "");
    text_add(&t, (struct str){NULL, 0});
    assert_int_equal(text_str(&t).len, 10 * 2 + 90 * 3 + 900 * 4);
    assert_true(str_ends(text_str(&t), STR("998,999,")));
}

static void quoting_escapes_what_a_reader_could_mistake(void **state)
{
    struct text t;
    text_init(&t, t_arena(state));
    text_quoted(&t, STR("a\"b\\c\n\t\r\x01\x7F\xC3\xA9"));
    t_assert_str(text_str(&t), "\"a\\\"b\\\\c\\n\\t\\r\\x01\\x7F\xC3\xA9\"");
}

static void formatting_takes_any_length(void **state)
{
    t_assert_str(str_format(t_arena(state), "%s-%d", "a", 7), "a-7");
    assert_int_equal(str_format(t_arena(state), "%05000d", 7).len, 5000);
    t_assert_str(str_format(t_arena(state), "%s", ""), "");
    t_assert_str(str_dup(t_arena(state), STR("abc")), "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(equality_ignores_case_only_of_ascii),
        t_test(order_is_by_bytes_and_prefixes_come_first),
        t_test(slices_are_clipped_to_their_text),
        t_test(distance_counts_edits_and_swaps),
        t_test(distance_of_long_texts_is_far),
        t_test(utf8_is_decoded_strictly),
        t_test(utf8_is_written_as_it_was_read),
        t_test(text_grows_over_many_pieces),
        t_test(quoting_escapes_what_a_reader_could_mistake),
        t_test(formatting_takes_any_length),
    };
    return t_run(tests);
}
