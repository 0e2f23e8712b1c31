/* Keys as the runtime hashes them, without loops, against how packs are written. */
#include <string.h>

#include "t.h"

#include "keys.h"

#define LEN_MAX 40

static uint8_t text[LEN_MAX];

static void fill(uint32_t seed)
{
    for (uint32_t i = 0; i < LEN_MAX; i++)
        text[i] = (uint8_t)(seed * 131 + i * 37 + (i * i * seed >> 3));
}

static void runtime_and_pack_agree_about_keys_of_each_length(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 50; seed++) {
        fill(seed);
        for (uint32_t len = 0; len <= LEN_MAX; len++) {
            assert_true(srt_key_hash(text, len) == sigmaton_index_hash(text, len));
            assert_int_equal(srt_key_bit(text, len), sigmaton_tier_bit(text, len));
            if (len <= 8)
                assert_true(srt_key_word(text, len) == sigmaton_index_word(text, len));
        }
    }
}

static void letters_have_one_bit_in_both_cases(void **state)
{
    (void)state;
    for (uint32_t len = 0; len <= 16; len++)
        assert_int_equal(srt_key_bit((const uint8_t *)"ABCDEFGHIJKLMNOP", len),
                         sigmaton_tier_bit((const uint8_t *)"abcdefghijklmnop", len));
}

/* A tier's inner gate has 64 bits; shorter texts share one. */
static void bits_are_told_by_the_bytes_before_the_last_four(void **state)
{
    const uint8_t *a = (const uint8_t *)"c:\\x\\some.exe", *b = (const uint8_t *)"d:\\y\\some.dll";
    (void)state;
    assert_int_equal(sigmaton_tier_bit(a, 3), 0);
    assert_int_equal(sigmaton_tier_bit(a, 13), sigmaton_tier_bit(b, 13));
    assert_int_equal(sigmaton_tier_bit(a, 13), sigmaton_tier_bit(a + 5, 8));
    assert_int_equal(sigmaton_tier_bit(a, 13), sigmaton_tier_bit(a + 5, 4));
    for (uint32_t seed = 0; seed < 50; seed++) {
        fill(seed);
        assert_true(sigmaton_tier_bit(text, LEN_MAX) < 64);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runtime_and_pack_agree_about_keys_of_each_length),
        cmocka_unit_test(letters_have_one_bit_in_both_cases),
        cmocka_unit_test(bits_are_told_by_the_bytes_before_the_last_four),
    };
    return cmocka_run_group_tests_name("match/keys", tests, NULL, NULL);
}
