#include "automaton.h"
#include "regex_pack.h"

#include "dfa.h"

static const struct {
    const char *what, *text;
    uint32_t n;
    int found;
} rows[] = {
    {"nothing", "", 0, 0},
    {"an a at the end", "xxa", 3, 0},
    {"an a alone", "a", 1, 0},
    {"an a before x", "ax", 2, 1},
    {"an a before NUL", "a\0", 2, 1},
    {"an a before a wide character", "a\u00e9", 3, 1},
    {"an a behind wide characters", "\u00e9\u20ac\U0001f600ab", 11, 1},
    {"an a in the second block of eight", "xxxxxxxxxxaxxxxxxxxx", 20, 1},
    {"an a at the end of a block", "xxxxxxxax", 9, 1},
    {"an a at the end of the last block", "xxxxxxxxxxxxxxxa", 16, 0},
    {"an a before a malformed byte",
     "a\xff"
     "b",
     3, 0},
    {"an a behind a malformed byte",
     "\xff"
     "ab",
     3, 0},
    {"a text that begins within a character",
     "\x80\xbf"
     "ab",
     4, 1},
    {"continuation bytes alone", "\x80\x80", 2, 0},
};

/* Every level answers alike. */
static bool find_at_all(const struct sigmaton_dfa *dfa, const uint8_t *text, uint32_t n)
{
    const bool found = srt_dfa_find(dfa, text, n);
    for (int level = 0; level < SRT_SIMD_COUNT; level++)
        if (srt_simd_has((enum srt_simd)level))
            assert_int_equal(srt_dfa_find_by(srt_seek_at((enum srt_simd)level), dfa, text, n),
                             found);
    return found;
}

static void texts_are_found_as_the_table_says(void **state)
{
    (void)state;
    struct automaton a = automaton_make();
    assert_null(srt_dfa_check(&a.head, sizeof a));
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t *exact = malloc(rows[i].n + 1); /* a sanitizer sees a read behind it */
        uint8_t *text = exact + 1;
        memcpy(text, rows[i].text, rows[i].n);
        SAME(find_at_all(&a.head, text, rows[i].n), rows[i].found, rows[i].what);
        free(exact);
    }
}

/* A walk jumps over what is said to leave the state of rest as it is. */
static void a_state_of_rest_that_is_none_is_refused(void **state)
{
    (void)state;
    struct automaton a = automaton_make();
    assert_int_not_equal(a.head.rest, 0);
    for (int c = 0; c < 128; c++) {
        a.head.leaves[c & 15] ^= (uint8_t)(1u << (c >> 4));
        assert_non_null(srt_dfa_check(&a.head, sizeof a));
        a.head.leaves[c & 15] ^= (uint8_t)(1u << (c >> 4));
        a.head.leaves[16 + (c & 15)] ^= (uint8_t)(1u << (c >> 4));
        assert_non_null(srt_dfa_check(&a.head, sizeof a));
        a.head.leaves[16 + (c & 15)] ^= (uint8_t)(1u << (c >> 4));
    }
    assert_null(srt_dfa_check(&a.head, sizeof a));
    a.head.rest = a.head.n_classes; /* found */
    assert_non_null(srt_dfa_check(&a.head, sizeof a));
}

static void runs_of_any_length_are_walked(void **state)
{
    (void)state;
    struct automaton a = automaton_make();
    uint8_t text[200];
    for (uint32_t n = 0; n <= sizeof text; n++)
        for (uint32_t at = 0; at < n; at++) {
            memset(text, 'x', n);
            text[at] = 'a';
            SAME(find_at_all(&a.head, text, n), at + 1 < n, "one a");
        }
}

/* A pack of one regex with the automaton; PCRE2 would say otherwise about its pattern. */
static void the_pack_asks_the_automaton_and_not_pcre2(void **state)
{
    (void)state;
    struct {
        struct regex_pack pack;
        struct automaton automaton;
    } p;
    static const char *const patterns[] = {"(((never compiled"};
    regex_pack_fill(&p.pack, patterns, 1);
    p.automaton = automaton_make();
    p.pack.table[0].dfa = (struct sigmaton_ref){
        (uint32_t)((uint8_t *)&p.automaton - (uint8_t *)&p.pack), sizeof p.automaton};
    struct srt_regex_failure failure;
    struct srt_regexes *regexes =
        srt_regexes_create(&p.pack.pack, &(struct srt_regex_options){.match_limit = 1}, &failure);
    assert_non_null(regexes);
    struct srt_regex_scratch *scratch = srt_regex_scratch_create(regexes);
    assert_true(srt_regex_scratch_size(regexes) < 256);
    struct srt_runtime runtime = {.regex = scratch};
    struct sigmaton_frame frame = {.size = sizeof frame, .runtime = &runtime};
    const struct sigmaton_slot leaves[] = {slot_text("xa"), slot_kind(SIGMATON_NULL),
                                           slot_text("xax")};
    const struct sigmaton_slot list = slot_list(leaves, 3), none = slot_list(leaves, 2);
    const struct sigmaton_slot absent = slot_kind(SIGMATON_ABSENT),
                               empty = slot_bytes(NULL, 0, SIGMATON_TEXT);
    for (uint32_t negative = 0; negative < 2; negative++) {
        SAME(srt_host()->regex(&frame, &list, 0, negative), 1, "the last leaf");
        SAME(srt_host()->regex(&frame, &none, 0, negative), 0, "no leaf");
        SAME(srt_host()->regex(&frame, &absent, 0, negative), 0, "absent");
        SAME(srt_host()->regex(&frame, &empty, 0, negative), 0, "an empty text without bytes");
    }
    assert_int_equal(frame.limits_hit, 0);
    srt_regex_scratch_destroy(scratch);
    srt_regexes_destroy(regexes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_found_as_the_table_says),
        cmocka_unit_test(a_state_of_rest_that_is_none_is_refused),
        cmocka_unit_test(runs_of_any_length_are_walked),
        cmocka_unit_test(the_pack_asks_the_automaton_and_not_pcre2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
