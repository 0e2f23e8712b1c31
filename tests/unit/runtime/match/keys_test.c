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
            if (len <= 8)
                assert_true(srt_key_word(text, len) == sigmaton_index_word(text, len));
        }
    }
}

static void ends_hold_all_of_a_short_text_and_both_ends_of_a_long_one(void **state)
{
    (void)state;
    fill(7);
    for (uint32_t len = 0; len <= LEN_MAX; len++) {
        const struct srt_ends ends = srt_ends_of(text, len);
        const uint32_t n = len < 8 ? len : 8;
        assert_int_equal(ends.n, n);
        assert_true(ends.first == sigmaton_index_word(text, n));
        assert_true(ends.last == sigmaton_index_word(text + (len - n), n));
    }
}

static void beginnings_and_ends_are_words_of_their_own(void **state)
{
    (void)state;
    fill(3);
    for (uint32_t len = 1; len <= LEN_MAX; len++) {
        const struct srt_ends ends = srt_ends_of(text, len);
        for (uint32_t key = 1; key <= ends.n; key++) {
            assert_true(srt_ends_prefix(&ends, key) == sigmaton_index_word(text, key));
            assert_true(srt_ends_suffix(&ends, key) == sigmaton_index_word(text + len - key, key));
        }
    }
}

static uint64_t whole(const char *s)
{
    const struct srt_ends e = srt_ends_of((const uint8_t *)s, (uint32_t)strlen(s));
    return sigmaton_tier_whole(e.first, e.last, (uint32_t)strlen(s));
}

static void letters_have_one_hash_in_both_cases(void **state)
{
    (void)state;
    assert_true(whole("ABC") == whole("abc"));
    assert_true(whole("Some\\Long\\Path.EXE") == whole("some\\long\\path.exe"));
}

static void length_and_either_end_tell_texts_apart(void **state)
{
    (void)state;
    assert_true(whole("aaaaaaaaa") != whole("aaaaaaaaaa"));
    assert_true(whole("abcdefgh-12345678") != whole("xbcdefgh-12345678"));
    assert_true(whole("abcdefgh-12345678") != whole("abcdefgh-12345679"));
    assert_true(whole("abcd") != whole("abce"));
    assert_true(whole("") != whole(" "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runtime_and_pack_agree_about_keys_of_each_length),
        cmocka_unit_test(ends_hold_all_of_a_short_text_and_both_ends_of_a_long_one),
        cmocka_unit_test(beginnings_and_ends_are_words_of_their_own),
        cmocka_unit_test(letters_have_one_hash_in_both_cases),
        cmocka_unit_test(length_and_either_end_tell_texts_apart),
    };
    return cmocka_run_group_tests_name("match/keys", tests, NULL, NULL);
}
