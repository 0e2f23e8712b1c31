#include "slots.h"

#include "utf8.h"

static const struct {
    const char *what;
    const char *bytes;
    uint32_t n;
    uint32_t units[5];
    uint32_t n_units;
} rows[] = {
    {"ASCII", "a\0z", 3, {'a', 0, 'z'}, 3},
    {"two bytes", "\xc2\x80\xdf\xbf", 4, {0x80, 0x7ff}, 2},
    {"three bytes", "\xe0\xa0\x80\xef\xbf\xbf", 6, {0x800, 0xffff}, 2},
    {"four bytes", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8, {0x10000, 0x10ffff}, 2},
    {"around the surrogates", "\xed\x9f\xbf\xee\x80\x80", 6, {0xd7ff, 0xe000}, 2},
    {"a surrogate", "\xed\xa0\x80", 3, {0xdced, 0xdca0, 0xdc80}, 3},
    {"an overlong two", "\xc1\xbf", 2, {0xdcc1, 0xdcbf}, 2},
    {"an overlong three", "\xe0\x9f\xbf", 3, {0xdce0, 0xdc9f, 0xdcbf}, 3},
    {"an overlong four", "\xf0\x8f\xbf\xbf", 4, {0xdcf0, 0xdc8f, 0xdcbf, 0xdcbf}, 4},
    {"beyond the last", "\xf4\x90\x80\x80", 4, {0xdcf4, 0xdc90, 0xdc80, 0xdc80}, 4},
    {"no lead", "\xf5\xff", 2, {0xdcf5, 0xdcff}, 2},
    {"a tail alone", "\x80z", 2, {0xdc80, 'z'}, 2},
    {"a cut sequence at the end", "a\xe2\x82", 3, {'a', 0xdce2, 0xdc82}, 3},
    {"a cut sequence before a whole one", "\xe2\xe2\x82\xac", 4, {0xdce2, 0x20ac}, 2},
    {"a tail too many", "\xe2\x82\xac\xac", 4, {0x20ac, 0xdcac}, 2},
    {"three tails too many", "\xc3\xa9\x80\x80\x80", 5, {0xe9, 0xdc80, 0xdc80, 0xdc80}, 4},
};

static void bytes_are_cut_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const uint8_t *p = (const uint8_t *)rows[i].bytes, *end = p + rows[i].n;
        for (uint32_t k = 0; k < rows[i].n_units; k++)
            SAME(p < end && srt_utf8_next(&p, end) == rows[i].units[k], 1, rows[i].what);
        SAME(p == end, 1, rows[i].what);
    }
}

static void both_directions_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const uint8_t *start = (const uint8_t *)rows[i].bytes, *p = start + rows[i].n;
        for (uint32_t k = rows[i].n_units; k > 0; k--)
            SAME(p > start && srt_utf8_prev(start, &p) == rows[i].units[k - 1], 1, rows[i].what);
        SAME(p == start, 1, rows[i].what);
    }
}

/* All texts of four bytes over one byte of each class. */
static void all_short_texts_are_cut_alike_from_both_ends(void **state)
{
    (void)state;
    static const uint8_t classes[] = {'a',  0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1,
                                      0xc2, 0xe0, 0xe2, 0xed, 0xf0, 0xf1, 0xf4, 0xf5};
    for (uint32_t x = 0; x < 65536; x++) {
        const uint8_t text[4] = {classes[x & 15], classes[x >> 4 & 15], classes[x >> 8 & 15],
                                 classes[x >> 12]};
        uint32_t units[4], n = 0;
        for (const uint8_t *p = text; p < text + 4;)
            units[n++] = srt_utf8_next(&p, text + 4);
        for (const uint8_t *p = text + 4; p > text;)
            assert_true(n > 0 && units[--n] == srt_utf8_prev(text, &p));
        assert_int_equal(n, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_cut_as_the_table_says),
        cmocka_unit_test(both_directions_agree),
        cmocka_unit_test(all_short_texts_are_cut_alike_from_both_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
