/* Where texts can first stand: a bound that is never too far, kept for one event; what searches
 * answer with it is what they answer without. */
#include "firsts.h"
#include "slots.h"
#include "text.h"
#include "utf8.h"
#include "wildcard.h"

enum { LONG = (70 << 10), ASCII = SIGMATON_ASCII };

static struct srt_firsts firsts;
static uint8_t value[LONG];
static struct srt_runtime runtime;

/* Words in rows, each a little different, from one seed. */
static void value_fill(uint32_t seed, uint32_t letters)
{
    for (size_t i = 0; i < sizeof value; i++) {
        seed = seed * 1664525 + 1013904223;
        value[i] = (uint8_t)((seed >> 30) == 0 ? ' ' : "AbcdefGhijklmnop"[(seed >> 20) % letters]);
    }
}

static int setup(void **state)
{
    (void)state;
    const uint64_t event = runtime.event + 1;
    memset(&firsts, 0xff, sizeof firsts); /* what an earlier event left counts for nothing */
    firsts.event = 0;
    runtime = (struct srt_runtime){.event = event, .firsts = &firsts};
    value_fill(1, 16);
    return 0;
}

/* Asked until it has a table, if it gets one. */
static const struct srt_firsts_of *table_of(const uint8_t *t, uint32_t n)
{
    for (uint32_t i = 0; i < SRT_FIRSTS_ASKED; i++)
        assert_null(srt_firsts_at(&runtime, t, n));
    return srt_firsts_at(&runtime, t, n);
}

static void values_from_a_length_on_have_a_table_once_they_are_asked_often(void **state)
{
    (void)state;
    assert_null(table_of(value, SRT_FIRSTS_LEN - 1));
    assert_non_null(table_of(value, SRT_FIRSTS_LEN));
    assert_non_null(srt_firsts_at(&runtime, value, SRT_FIRSTS_LEN));
}

static void only_the_first_values_of_an_event_have_tables(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SRT_FIRSTS_VALUES; i++)
        assert_non_null(table_of(value + i, SRT_FIRSTS_LEN));
    assert_null(table_of(value + SRT_FIRSTS_VALUES, SRT_FIRSTS_LEN));
    assert_non_null(srt_firsts_at(&runtime, value, SRT_FIRSTS_LEN));
    assert_null(srt_firsts_at(&runtime, value, SRT_FIRSTS_LEN + 1));
}

static void the_next_event_begins_anew(void **state)
{
    (void)state;
    assert_non_null(table_of(value, SRT_FIRSTS_LEN));
    runtime.event++;
    assert_non_null(table_of(value, SRT_FIRSTS_LEN));
}

static void without_an_event_or_memory_there_is_none(void **state)
{
    (void)state;
    assert_null(srt_firsts_at(NULL, value, LONG));
    runtime.firsts = NULL;
    assert_null(table_of(value, LONG));
    runtime.firsts = &firsts;
    runtime.event = 0;
    assert_null(table_of(value, LONG));
    runtime.event = 1;
}

/* Texts of the value in the form that packs have them, from everywhere in it. */
static void no_bound_is_behind_the_place(uint32_t n)
{
    const struct srt_firsts_of *of = table_of(value, n);
    uint32_t n_far = 0;
    for (uint32_t at = 0; at + 100 <= n; at += 97) {
        uint8_t p[100];
        uint32_t end = 0, m = 1 + at % 100;
        for (uint32_t i = 0; i < m; i++)
            p[i] = srt_fold_byte(value[at + i]);
        assert_true(srt_text_find(value, n, p, m, ASCII, &end));
        assert_true(srt_firsts_from(of, p, m, ASCII) <= end - m);
        assert_true(srt_firsts_from(of, value + at, m, SIGMATON_CASED) <= at);
        n_far += srt_firsts_from(of, p, m, ASCII) + 1 >= end - m;
    }
    assert_true(n_far > n / 97 / 2);
}

static void no_bound_is_behind_the_place_of_a_text(void **state)
{
    (void)state;
    no_bound_is_behind_the_place(UINT16_MAX - 1);
    runtime.event++;
    no_bound_is_behind_the_place(UINT16_MAX);
    runtime.event++;
    no_bound_is_behind_the_place(LONG);
}

static void the_last_four_bytes_are_known(void **state)
{
    (void)state;
    memcpy(value + SRT_FIRSTS_LEN - 4, "WXYZ", 4);
    const struct srt_firsts_of *of = table_of(value, SRT_FIRSTS_LEN);
    assert_int_equal(srt_firsts_from(of, BYTES("wxyz"), ASCII), SRT_FIRSTS_LEN - 4);
    assert_int_equal(srt_firsts_from(of, BYTES("wxy"), ASCII), SRT_FIRSTS_LEN - 4);
    assert_int_equal(srt_firsts_from(of, BYTES("yz"), ASCII), SRT_FIRSTS_LEN - 2);
    assert_int_equal(srt_firsts_from(of, BYTES("zy"), ASCII), SRT_FIRSTS_LEN);
    assert_int_equal(srt_firsts_from(of, BYTES("q"), ASCII), 0);
    assert_int_equal(srt_firsts_from(of, BYTES(""), ASCII), 0);
    assert_int_equal(srt_firsts_from(of, BYTES("xwyz"), ASCII), SRT_FIRSTS_LEN);
    assert_int_equal(srt_firsts_from(of, BYTES("wxyz"), 0), 0);
}

/* Whatever has a character beyond ASCII stands where the value has one. */
static void characters_beyond_ascii_stand_where_there_are_some(void **state)
{
    (void)state;
    const struct srt_firsts_of *of = table_of(value, SRT_FIRSTS_LEN);
    assert_int_equal(srt_firsts_from(of, BYTES("\u00e9"), 0), SRT_FIRSTS_LEN);
    assert_int_equal(srt_firsts_from(of, BYTES("ab\u00e9"), 0), SRT_FIRSTS_LEN);
    assert_int_equal(srt_firsts_from(of, BYTES("ab"), 0), 0);
    for (uint32_t at = 0; at + 2 <= SRT_FIRSTS_LEN; at += at == 3 ? SRT_FIRSTS_LEN - 5 : 1) {
        runtime.event++;
        value_fill(1, 16);
        memcpy(value + at, "\xc3\x89", 2); /* its capital letter */
        of = table_of(value, SRT_FIRSTS_LEN);
        assert_int_equal(srt_firsts_from(of, BYTES("\u00e9"), 0), at);
        assert_int_equal(srt_firsts_from(of, BYTES("a\u00e9"), 0), at > 0 ? at - 1 : 0);
        assert_int_equal(srt_firsts_from(of, BYTES("abcd\u00e9"), 0), at > 4 ? at - 4 : 0);
        assert_int_equal(srt_firsts_from(of, BYTES("a"), 0), 0);
    }
    value[SRT_FIRSTS_LEN - 1] = 'x';
    value[SRT_FIRSTS_LEN - 2] = 'x';
    runtime.event++;
    value[SRT_FIRSTS_LEN - 1] = 0xff; /* the last byte alone */
    of = table_of(value, SRT_FIRSTS_LEN);
    assert_int_equal(srt_firsts_from(of, BYTES("\u00e9"), 0), SRT_FIRSTS_LEN - 1);
}

static void patterns_are_let_through_when_all_their_runs_may_stand(void **state)
{
    (void)state;
    memcpy(value + 100, "WXYZ", 4);
    const struct srt_firsts_of *of = table_of(value, SRT_FIRSTS_LEN);
    assert_true(srt_firsts_allow(of, BYTES("\xffwxyz\xff"), ASCII));
    assert_true(srt_firsts_allow(of, BYTES("\xffwx\xfe\xfdxy"), ASCII));
    assert_false(srt_firsts_allow(of, BYTES("\xffwxyz\xffzyxw"), ASCII));
    assert_false(srt_firsts_allow(of, BYTES("zyxw\xffwxyz"), ASCII));
}

/* Asks for what stands in the value and what nearly does, with a table and without. */
static void searches_answer_as_without(void **state)
{
    (void)state;
    for (uint32_t letters = 2; letters <= 16; letters *= 2) {
        uint32_t n_found = 0;
        value_fill(letters, letters);
        runtime.event++;
        const struct sigmaton_slot s = slot_bytes(value, LONG, SIGMATON_TEXT);
        for (uint32_t at = 0; at + 40 < LONG; at += 499) {
            uint8_t p[44];
            const uint32_t m = 2 + at % 30;
            p[0] = SIGMATON_WILD_STAR;
            for (uint32_t i = 0; i < m; i++)
                p[i + 1] = srt_fold_byte(value[at + i]);
            p[m] = (uint8_t)(at % 2 ? p[m] : 'o');
            assert_int_equal(srt_contains(&srt_seek_plain, &runtime, &s, p + 1, m, ASCII),
                             srt_text_find(value, LONG, p + 1, m, ASCII, NULL));
            p[1 + m / 3] = "\xff\xfe\xfd "[at % 4];
            p[1 + m / 2] = at % 3 ? p[1 + m / 2] : SIGMATON_WILD_ONE;
            p[m + 1] = SIGMATON_WILD_STAR;
            const int32_t holds = srt_wildcard(&runtime, &s, p, m + 2, ASCII);
            assert_int_equal(holds, srt_wildcard_match(value, LONG, p, m + 2, ASCII));
            n_found += (uint32_t)holds;
        }
        assert_true(n_found > 20);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_from_a_length_on_have_a_table_once_they_are_asked_often),
        TEST(only_the_first_values_of_an_event_have_tables),
        TEST(the_next_event_begins_anew),
        TEST(without_an_event_or_memory_there_is_none),
        TEST(no_bound_is_behind_the_place_of_a_text),
        TEST(the_last_four_bytes_are_known),
        TEST(characters_beyond_ascii_stand_where_there_are_some),
        TEST(patterns_are_let_through_when_all_their_runs_may_stand),
        TEST(searches_answer_as_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
