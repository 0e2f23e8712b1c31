/* fold.h: the table, its look-up, and perl's Unicode 14.0 as a stranger's opinion. */
#include "slots.h"

#include <sigmaton/fold.h>

#include "utf8.h"

#define LAST 0x10ffffu

static void known_letters_fold(void **state)
{
    (void)state;
    static const uint32_t pairs[][2] = {
        {'A', 'a'},         {'Z', 'z'},           {'@', '@'},         {'[', '['},
        {0xc0, 0xe0},       {0xd7, 0xd7},         {0xdf, 0xdf},       {0x1e9e, 0xdf},
        {0x130, 0x130},     {0x131, 0x131},       {0x178, 0xff},      {0xb5, 0x3bc},
        {0x3c2, 0x3c3},     {0x3a3, 0x3c3},       {0x23a, 0x2c65},    {0x2126, 0x3c9},
        {0x212b, 0xe5},     {0x212a, 0x212a},     {0x17f, 0x17f},     {0x13a0, 0x13a0},
        {0x13f8, 0x13f0},   {0xab70, 0x13a0},     {0x10400, 0x10428}, {0x1e900, 0x1e922},
        {0x1f600, 0x1f600}, {0x10ffff, 0x10ffff},
    };
    for (size_t i = 0; i < COUNT(pairs); i++)
        assert_int_equal(sigmaton_fold(pairs[i][0]), pairs[i][1]);
}

static void rows_are_sorted_and_disjoint(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIGMATON_FOLD_ROWS; i++) {
        const struct sigmaton_fold_row *r = &sigmaton_fold_rows[i];
        assert_true(r->step > 0 && r->lo <= r->hi && (r->hi - r->lo) % r->step == 0);
        assert_true(i == 0 || sigmaton_fold_rows[i - 1].hi < r->lo);
    }
}

static void folding_is_done_after_one_step(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= LAST; c++) {
        const uint32_t f = sigmaton_fold(c);
        assert_true(f <= LAST && sigmaton_fold(f) == f);
    }
}

static void ascii_folds_with_ascii_only(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= LAST; c++) {
        assert_true((c < 0x80) == (sigmaton_fold(c) < 0x80));
        if (c < 0x80)
            assert_int_equal(sigmaton_fold(c), srt_fold_byte((uint8_t)c));
    }
}

static void malformed_bytes_fold_to_themselves(void **state)
{
    (void)state;
    for (uint32_t b = 0x80; b <= 0xff; b++)
        assert_int_equal(sigmaton_fold(SRT_BAD + b), SRT_BAD + b);
}

/* A class holds c, is ascending, and its members fold alike; no other code point does. */
static void classes_are_what_folds_alike(void **state)
{
    (void)state;
    uint8_t *members = calloc(LAST + 1, 1);
    for (uint32_t c = 0; c <= LAST; c++)
        members[sigmaton_fold(c)]++;
    for (uint32_t c = 0; c <= 0x1ffff; c++) {
        uint32_t class[SIGMATON_FOLD_CLASS_MAX];
        const size_t n = sigmaton_fold_class(c, class);
        bool found = false;
        assert_int_equal(n, members[sigmaton_fold(c)]);
        for (size_t i = 0; i < n; i++) {
            found = found || class[i] == c;
            assert_true(sigmaton_fold(class[i]) == sigmaton_fold(c));
            assert_true(i == 0 || class[i - 1] < class[i]);
        }
        assert_true(found);
    }
    free(members);
}

/* Prints "code fold" for every simple folding; nothing when perl's Unicode is another one. */
static const char script[] =
    "perl -MUnicode::UCD=casefold -e 'exit if Unicode::UCD::UnicodeVersion() ne \"14.0.0\";"
    "for my $c (0 .. 0x10ffff) { next if $c >= 0xd800 && $c <= 0xdfff; my $f = casefold($c) or "
    "next;"
    "next if $f->{simple} eq \"\"; print $c, \" \", hex $f->{simple}, \"\\n\"; }' 2>/dev/null";

static void perl_folds_alike(void **state)
{
    (void)state;
    uint32_t *want = malloc((LAST + 1) * sizeof *want);
    for (uint32_t c = 0; c <= LAST; c++)
        want[c] = c;
    FILE *perl = popen(script, "r");
    uint32_t c, f, n = 0;
    for (; perl && fscanf(perl, "%u %u", &c, &f) == 2; n++)
        if ((c < 0x80) == (f < 0x80)) /* ASCII is closed, by decision */
            want[c] = f;
    if (perl)
        pclose(perl);
    for (c = 0; n > 0 && c <= LAST; c++)
        assert_int_equal(sigmaton_fold(c), want[c]);
    free(want);
    if (n == 0)
        print_message("# no perl with Unicode 14.0 here\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_letters_fold),
        cmocka_unit_test(rows_are_sorted_and_disjoint),
        cmocka_unit_test(folding_is_done_after_one_step),
        cmocka_unit_test(ascii_folds_with_ascii_only),
        cmocka_unit_test(malformed_bytes_fold_to_themselves),
        cmocka_unit_test(classes_are_what_folds_alike),
        cmocka_unit_test(perl_folds_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
