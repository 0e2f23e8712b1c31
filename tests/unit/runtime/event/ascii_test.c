/* Texts without the case of ASCII letters, against one byte after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ascii.h"

#define LEN_MAX 49

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static void two_bytes_are_equal_but_for_the_case_of_letters_wherever_they_stand(void **state)
{
    (void)state;
    static const size_t lens[] = {1, 7, 8, 9, 15, 16, 17, 23, 24, 25, 32, 33, 40, 41, LEN_MAX};
    for (size_t l = 0; l < sizeof lens / sizeof *lens; l++)
        for (size_t at = 0; at < lens[l]; at++)
            for (uint32_t pair = 0; pair < 0x10000; pair += 1 + (at > 0)) {
                uint8_t a[LEN_MAX], b[LEN_MAX];
                memset(a, 'x', sizeof a);
                memset(b, 'X', sizeof b);
                a[at] = (uint8_t)pair;
                b[at] = (uint8_t)(pair >> 8);
                if (srt_ascii_equal(a, lens[l], b, lens[l]) != (lower(a[at]) == lower(b[at])))
                    fail_msg("%zu bytes, %02x and %02x at %zu", lens[l], a[at], b[at], at);
            }
}

static void texts_of_different_lengths_differ(void **state)
{
    (void)state;
    static const uint8_t text[LEN_MAX];
    for (size_t a = 0; a < LEN_MAX; a++)
        for (size_t b = 0; b < LEN_MAX; b++)
            assert_int_equal(srt_ascii_equal(text, a, text, b), a == b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_bytes_are_equal_but_for_the_case_of_letters_wherever_they_stand),
        cmocka_unit_test(texts_of_different_lengths_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
