#include "slots.h"

#include "arena.h"
#include "firsts.h"
#include "set.h"
#include "sets.h"

static int make_arena(void **state)
{
    *state = arena_create((size_t)64 << 20);
    return *state ? 0 : -1;
}

static int end_arena(void **state)
{
    arena_destroy(*state);
    return 0;
}

static const struct sigmaton_set *build(void **state, enum sigmaton_set_kind kind, bool cased,
                                        const struct str *texts, uint32_t n)
{
    uint32_t size = 0;
    const uint8_t *bytes = set_build(*state, NULL, kind, cased, texts, n, &size);
    const struct sigmaton_set *set = (const void *)bytes;
    assert_int_equal(set->size, size);
    assert_int_equal(set->n, n);
    return set;
}

static int holds(const struct sigmaton_set *set, const char *text)
{
    const struct sigmaton_slot s = slot_text(text);
    return srt_host()->set(&s, set);
}

#define WORD(literal)                \
    {                                \
        literal, sizeof(literal) - 1 \
    }
static const struct str words[] = {WORD("mimikatz"), WORD("\\cmd.exe"), WORD("-enc "),
                                   WORD("x"),        WORD("\u00df"),    WORD("\U0001f600!")};

static void each_kind_asks_its_own_question(void **state)
{
    static const struct {
        enum sigmaton_set_kind kind;
        const char *text;
        int holds;
    } rows[] = {
        {SIGMATON_SET_EQ, "MIMIKATZ", 1},
        {SIGMATON_SET_EQ, "mimikatz ", 0},
        {SIGMATON_SET_EQ, "mimikat", 0},
        {SIGMATON_SET_EQ, "X", 1},
        {SIGMATON_SET_EQ, "\u1e9e", 1},
        {SIGMATON_SET_EQ, "\U0001f600!", 1},
        {SIGMATON_SET_EQ, "", 0},
        {SIGMATON_SET_PREFIX, "Mimikatz.exe", 1},
        {SIGMATON_SET_PREFIX, "xyz", 1},
        {SIGMATON_SET_PREFIX, "\u1e9ez", 1},
        {SIGMATON_SET_PREFIX, "amimikatz", 0},
        {SIGMATON_SET_PREFIX, "mimik", 0},
        {SIGMATON_SET_SUFFIX, "C:\\CMD.EXE", 1},
        {SIGMATON_SET_SUFFIX, "C:\\cmd.exe ", 0},
        {SIGMATON_SET_SUFFIX, "a\u1e9e", 1},
        {SIGMATON_SET_SUFFIX, "md.exe", 0},
        {SIGMATON_SET_CONTAINS, "a MimiKatz b", 1},
        {SIGMATON_SET_CONTAINS, "a -ENC b", 1},
        {SIGMATON_SET_CONTAINS, "a -enc", 0},
        {SIGMATON_SET_CONTAINS, "a \u1e9e b", 1},
        {SIGMATON_SET_CONTAINS, "a \U0001f600! b", 1},
        {SIGMATON_SET_CONTAINS, "a \U0001f600 b", 0},
        {SIGMATON_SET_CONTAINS, "taxi", 1},
        {SIGMATON_SET_CONTAINS, "", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        SAME(holds(build(state, rows[i].kind, false, words, COUNT(words)), rows[i].text),
             rows[i].holds, rows[i].text);
}

static void a_cased_set_compares_bytes(void **state)
{
    const struct str texts[] = {STR("Enc"), STR("\u00c9")};
    const struct sigmaton_set *set = build(state, SIGMATON_SET_CONTAINS, true, texts, 2);
    assert_int_equal(set->flags, SIGMATON_CASED | SIGMATON_ASCII);
    SAME(holds(set, "xEncx"), 1, "Enc");
    SAME(holds(set, "xencx"), 0, "enc");
    SAME(holds(set, "x\u00c9"), 1, "capital");
    SAME(holds(set, "x\u00e9"), 0, "small");
}

static void only_texts_with_case_beyond_ascii_stand_alone(void **state)
{
    const struct str no_case[] = {STR("abcd"), STR("\U0001f600"), STR("\u20ac\u20ac")};
    const struct str with_case[] = {STR("abcd"), STR("\u00e9\u00e9"), STR("efgh")};
    const struct sigmaton_set *plain = build(state, SIGMATON_SET_CONTAINS, false, no_case, 3);
    const struct sigmaton_set *mixed = build(state, SIGMATON_SET_CONTAINS, false, with_case, 3);
    assert_int_equal(plain->flags, SIGMATON_ASCII);
    assert_int_equal(mixed->flags, 0);
    const uint16_t *starts = (const void *)(mixed + 1);
    assert_int_equal(mixed->is_wide, 0);
    assert_int_equal(starts[1u << mixed->bucket_bits], 2);
    assert_int_equal(mixed->min_len, 4);
    assert_int_equal(mixed->key_len, SET_INNER_KEY_MAX);
}

static void a_set_of_one_text_is_that_text(void **state)
{
    const struct str one[] = {STR("a")};
    for (uint32_t kind = SIGMATON_SET_EQ; kind <= SIGMATON_SET_CONTAINS; kind++) {
        const struct sigmaton_set *set = build(state, kind, false, one, 1);
        SAME(holds(set, "A"), 1, "itself");
        SAME(holds(set, "b"), 0, "another");
        SAME(holds(set, ""), 0, "nothing");
    }
}

static void the_empty_text_may_be_in_a_set(void **state)
{
    const struct str texts[] = {STR(""), STR("abcdef")};
    SAME(holds(build(state, SIGMATON_SET_EQ, false, texts, 2), ""), 1, "is empty");
    SAME(holds(build(state, SIGMATON_SET_EQ, false, texts, 2), "a"), 0, "is not empty");
    for (uint32_t kind = SIGMATON_SET_PREFIX; kind <= SIGMATON_SET_CONTAINS; kind++)
        SAME(holds(build(state, kind, false, texts, 2), "q"), 1, "holds the empty text");
}

static void lists_and_other_values_are_leaves(void **state)
{
    const struct str texts[] = {STR("15"), STR("true")};
    const struct sigmaton_set *set = build(state, SIGMATON_SET_EQ, false, texts, 2);
    const struct sigmaton_slot leaves[] = {slot_kind(SIGMATON_NULL), slot_text("a"), slot_int("15"),
                                           slot_bool(1)};
    for (uint32_t n = 0; n <= COUNT(leaves); n++) {
        const struct sigmaton_slot list = slot_list(leaves, n);
        SAME(srt_host()->set(&list, set), n >= 3, "a list");
    }
    SAME(srt_host()->set(&leaves[0], set), 0, "null");
    SAME(srt_host()->set(&leaves[3], set), 1, "a boolean");
}

/* More texts than buckets may be, all lengths. */
static void a_large_set_finds_each_of_its_texts_and_no_other(void **state)
{
    enum { N = 100000 };
    struct str *texts = arena_array(*state, N, sizeof *texts);
    for (uint32_t i = 0; i < N; i++)
        texts[i] = str_format(*state, "%x~", i * 7919);
    for (uint32_t kind = SIGMATON_SET_EQ; kind <= SIGMATON_SET_CONTAINS; kind++) {
        const struct sigmaton_set *set = build(state, kind, false, texts, N);
        assert_int_equal(set->bucket_bits, SET_BUCKET_BITS_MAX);
        assert_int_equal(set->is_wide, 1);
        for (uint32_t i = 0; i < N; i += 97)
            SAME(holds(set, texts[i].p), 1, texts[i].p);
        SAME(holds(set, "not there"), 0, "not there");
    }
}

/* 64 KiB is what numbers of 16 bits can tell. */
static void sets_about_the_reach_of_short_numbers_find_their_last_text(void **state)
{
    for (uint32_t len = 65480; len < 65536; len++) {
        char *longest = arena_alloc(*state, len + 1);
        memset(longest, 'a', len);
        longest[len] = '\0';
        const struct str texts[] = {STR("bcde"), {longest, len}, STR("fghi")};
        for (uint32_t kind = SIGMATON_SET_EQ; kind <= SIGMATON_SET_CONTAINS; kind++) {
            const struct sigmaton_set *set = build(state, kind, false, texts, 3);
            assert_int_equal(set->is_wide, set->size > UINT16_MAX);
            for (uint32_t i = 0; i < 3; i++)
                SAME(holds(set, texts[i].p), 1, texts[i].p);
        }
    }
}

/* Keys of one to eight bytes, inside of one to four: found at both ends and in the middle, missed
 * when a byte is gone. */
static void every_key_length_finds_at_every_place(void **state)
{
    static const char letters[] = "abcdefghij";
    for (uint32_t len = 1; len <= 10; len++) {
        const struct str texts[] = {{letters, len}, {"zzzzzzzzzz", len}};
        for (uint32_t kind = SIGMATON_SET_PREFIX; kind <= SIGMATON_SET_CONTAINS; kind++) {
            const struct sigmaton_set *set = build(state, kind, false, texts, 2);
            const uint32_t most = kind == SIGMATON_SET_CONTAINS ? SET_INNER_KEY_MAX : SET_KEY_MAX;
            assert_int_equal(set->key_len, len < most ? len : most);
            const bool start = kind != SIGMATON_SET_SUFFIX, end = kind != SIGMATON_SET_PREFIX;
            const int n = (int)len;
            SAME(holds(set, str_format(*state, "%.*s", n, letters).p), 1, "itself");
            SAME(holds(set, str_format(*state, "%.*s--", n, letters).p), start, "in front");
            SAME(holds(set, str_format(*state, "--%.*s", n, letters).p), end, "behind");
            SAME(holds(set, str_format(*state, "-%.*s-", n, letters).p), start && end, "inside");
            SAME(holds(set, str_format(*state, "-%.*s-", n - 1, letters).p), 0, "cut");
        }
    }
}

/* One text in sixteen may be shorter than the key; it is then asked on its own. */
static void few_short_texts_do_not_shorten_the_key(void **state)
{
    struct str texts[16];
    for (uint32_t i = 0; i < COUNT(texts); i++)
        texts[i] = str_format(*state, "long%u", i);
    texts[3] = STR("x");
    const struct sigmaton_set *set = build(state, SIGMATON_SET_CONTAINS, false, texts, 16);
    assert_int_equal(set->key_len, SET_INNER_KEY_MAX);
    SAME(holds(set, "taXi"), 1, "the short one");
    SAME(holds(set, "xx LONG15"), 1, "a long one");
    set = build(state, SIGMATON_SET_CONTAINS, false, texts, 15);
    assert_int_equal(set->key_len, 1);
    SAME(holds(set, "taXi"), 1, "the short one");
}

/* Of a value that is asked often, with the texts at every place of it and case. */
static void sets_find_the_same_in_values_with_a_table(void **state)
{
    enum { LEN = 4096 };
    static const struct str texts[] = {WORD("mimikatz"), WORD("\\cmd.exe"), WORD("-enc "),
                                       WORD("sekurlsa"), WORD("payload.ps1")};
    const struct sigmaton_set *set =
        build(state, SIGMATON_SET_CONTAINS, false, texts, COUNT(texts));
    struct srt_firsts *firsts = calloc(1, sizeof *firsts);
    struct srt_runtime runtime = {.event = 1, .firsts = firsts};
    uint8_t t[LEN];
    assert_non_null(firsts);
    const struct sigmaton_slot s = slot_bytes(t, LEN, SIGMATON_TEXT);
    for (uint32_t at = 0; at + 16 < LEN; at += 31, runtime.event++) {
        for (uint32_t i = 0; i < LEN; i++)
            t[i] = (uint8_t) "sekurls mimikat -en "[i % 20];
        for (uint32_t i = 0; i <= SRT_FIRSTS_ASKED; i++)
            assert_int_equal(srt_set(&srt_seek_plain, &runtime, &s, set), 0);
        memcpy(t + at, at % 2 ? "PAYLOAD.PS1" : "MimiKatz", at % 2 ? 11 : 8);
        runtime.event++;
        for (uint32_t i = 0; i <= SRT_FIRSTS_ASKED; i++)
            assert_int_equal(srt_set(&srt_seek_plain, &runtime, &s, set), 1);
    }
    free(firsts);
}

/* One text that has case beyond ASCII, or none of four bytes, and the whole value is searched. */
static void sets_of_texts_that_tables_do_not_know_are_searched_for_from_the_start(void **state)
{
    const struct sigmaton_set *set =
        build(state, SIGMATON_SET_CONTAINS, false, words, COUNT(words));
    struct srt_firsts *firsts = calloc(1, sizeof *firsts);
    struct srt_runtime runtime = {.event = 1, .firsts = firsts};
    uint8_t t[SRT_FIRSTS_LEN];
    assert_non_null(firsts);
    const struct sigmaton_slot s = slot_bytes(t, sizeof t, SIGMATON_TEXT);
    for (uint32_t k = 0; k < 3; k++, runtime.event++) {
        memset(t, 'a', sizeof t);
        memcpy(t + 1000, k == 1 ? "x" : "\u1e9e", k == 1 ? 1 : k == 2 ? 3 : 0);
        for (uint32_t i = 0; i <= SRT_FIRSTS_ASKED; i++)
            assert_int_equal(srt_set(&srt_seek_plain, &runtime, &s, set), k > 0);
    }
    free(firsts);
}

static void equal_calls_give_equal_bytes(void **state)
{
    const struct sigmaton_set *a = build(state, SIGMATON_SET_CONTAINS, false, words, COUNT(words));
    const struct sigmaton_set *b = build(state, SIGMATON_SET_CONTAINS, false, words, COUNT(words));
    assert_memory_equal(a, b, a->size);
}

#define WITH_ARENA(f) cmocka_unit_test_setup_teardown(f, make_arena, end_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(each_kind_asks_its_own_question),
        WITH_ARENA(a_cased_set_compares_bytes),
        WITH_ARENA(only_texts_with_case_beyond_ascii_stand_alone),
        WITH_ARENA(a_set_of_one_text_is_that_text),
        WITH_ARENA(the_empty_text_may_be_in_a_set),
        WITH_ARENA(lists_and_other_values_are_leaves),
        WITH_ARENA(a_large_set_finds_each_of_its_texts_and_no_other),
        WITH_ARENA(sets_about_the_reach_of_short_numbers_find_their_last_text),
        WITH_ARENA(every_key_length_finds_at_every_place),
        WITH_ARENA(few_short_texts_do_not_shorten_the_key),
        WITH_ARENA(sets_find_the_same_in_values_with_a_table),
        WITH_ARENA(sets_of_texts_that_tables_do_not_know_are_searched_for_from_the_start),
        WITH_ARENA(equal_calls_give_equal_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
