#include "case_fold.h"
#include "t.h"

static void code_points_fold_simply_and_ascii_only_with_ascii(void **state)
{
    (void)state;
    static const uint32_t cases[][2] = {
        {'A', 'a'},      {'Z', 'z'},         {'a', 'a'},         {'@', '@'},
        {'[', '['},      {0xC4, 0xE4},       {0xDF, 0xDF},       {0x1E9E, 0xDF},
        {0x17F, 0x17F},  {0x212A, 0x212A},   {0x212B, 0xE5},     {0x130, 0x130},
        {0x131, 0x131},  {0x3A3, 0x3C3},     {0x3C2, 0x3C3},     {0x1C5, 0x1C6},
        {0x410, 0x430},  {0x10400, 0x10428}, {0x13A0, 0x13A0},   {0xAB70, 0x13A0},
        {0x2126, 0x3C9}, {0xFB06, 0xFB06},   {0x1E921, 0x1E943}, {0x10FFFF, 0x10FFFF},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(case_fold(cases[i][0]), cases[i][1]);
}

static void folding_twice_is_folding_once(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++)
        if (case_fold(case_fold(c)) != case_fold(c))
            fail_msg("U+%04X", c);
}

static void the_table_is_sorted_and_never_crosses_the_border_of_ascii(void **state)
{
    (void)state;
    size_t n = 0;
    const struct fold_pair *pairs = case_fold_pairs(&n);
    assert_true(n > 1300);
    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || pairs[i - 1].from < pairs[i].from);
        assert_int_equal(pairs[i].from < 0x80, pairs[i].to < 0x80);
        assert_int_equal(case_fold(pairs[i].from), pairs[i].to);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(code_points_fold_simply_and_ascii_only_with_ascii),
        t_test(folding_twice_is_folding_once),
        t_test(the_table_is_sorted_and_never_crosses_the_border_of_ascii),
    };
    return t_run(tests);
}
