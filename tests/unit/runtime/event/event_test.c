#include "image.h"

#include "event.h"

static struct srt_event event;
static void *memory;

static int setup(void **state)
{
    (void)state;
    struct srt_cutter cutter = {0};
    srt_event_cut(&event, 3, &cutter);
    memory = calloc(1, cutter.used);
    cutter = (struct srt_cutter){.base = memory};
    srt_event_cut(&event, 3, &cutter);
    return memory != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

static void the_arenas_hold_exactly_their_limits(void **state)
{
    (void)state;
    srt_event_reset(&event);
    assert_non_null(srt_event_text(&event, SRT_EVENT_TEXT_MAX - 1));
    assert_null(srt_event_text(&event, 2));
    assert_null(srt_event_text(&event, SIZE_MAX));
    uint8_t *last = srt_event_text(&event, 1);
    *last = 1;
    assert_null(srt_event_text(&event, 1));
    assert_non_null(srt_event_leaves(&event, SRT_EVENT_LEAVES_MAX - 1));
    assert_null(srt_event_leaves(&event, 2));
    srt_event_leaves(&event, 1)->kind = SIGMATON_NULL;
    assert_null(srt_event_leaves(&event, 1));
}

static void a_reset_event_is_empty(void **state)
{
    (void)state;
    srt_event_slot(&event, 2)->kind = SIGMATON_TEXT;
    srt_event_text(&event, 5);
    srt_event_reset(&event);
    assert_int_equal(event.slots[2].kind, SIGMATON_ABSENT);
    assert_int_equal(event.text_len, 0);
    assert_int_equal(event.n_leaves, 0);
}

/* There is room for as many notes as slots, and a slot may be filled often. */
static void a_reset_clears_slots_however_often_they_were_filled(void **state)
{
    (void)state;
    for (uint32_t n = 1; n < 8; n++)
        for (uint32_t last = 0; last < 3; last++) {
            srt_event_reset(&event);
            for (uint32_t i = 1; i < n; i++)
                srt_event_slot(&event, 1)->kind = i % 2 ? SIGMATON_TEXT : SIGMATON_ABSENT;
            *srt_event_slot(&event, last) = (struct sigmaton_slot){
                .at.text = (const uint8_t *)"\\n", .len = 2, .kind = SIGMATON_ESCAPED};
            event.raw_end = event.slots[last].at.text + 2;
            assert_true(srt_slots_decode(&event));
            assert_int_equal(event.slots[last].kind, SIGMATON_TEXT);
            srt_event_reset(&event);
            for (uint32_t i = 0; i < 3; i++)
                assert_int_equal(event.slots[i].kind, SIGMATON_ABSENT);
        }
}

static void pieces_are_counted_as_they_are_cut(void **state)
{
    (void)state;
    uint8_t room[256];
    struct srt_cutter counted = {0}, cut = {.base = room};
    static const size_t sizes[][2] = {{1, 1}, {0, 8}, {3, 8}, {5, 3}, {1, 0}, {2, 16}};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_null(srt_cut(&counted, sizes[i][0], sizes[i][1]));
        uint8_t *p = srt_cut(&cut, sizes[i][0], sizes[i][1]);
        assert_int_equal((size_t)(p - room) % SRT_CUT_ALIGN, 0);
        assert_int_equal(counted.used, cut.used);
        assert_true(p + sizes[i][0] * sizes[i][1] <= room + cut.used);
    }
}

static void a_piece_beyond_all_memory_is_noticed(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {
        {SIZE_MAX, 1}, {SIZE_MAX / 8, 16}, {2, SIZE_MAX}, {SIZE_MAX - 8, 1}};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct srt_cutter cutter = {0};
        assert_null(srt_cut(&cutter, sizes[i][0], sizes[i][1]));
        assert_null(srt_cut(&cutter, 1, 1));
        assert_true(cutter.used == SIZE_MAX);
    }
}

/* ---- the head of a long value ---- */

enum { LONG = SRT_HEAD + 64 };
static uint8_t json[LONG];

static uint32_t head_of(uint32_t len, uint8_t text[SRT_HEAD_ROOM])
{
    const struct sigmaton_slot slot = {.at.text = json, .len = len, .kind = SIGMATON_ESCAPED};
    srt_event_reset(&event);
    event.raw_end = json + LONG;
    return srt_slot_head(&event, &slot, text);
}

static void a_head_parts_neither_escapes_nor_characters(void **state)
{
    (void)state;
    const struct {
        uint32_t at;
        const char *bytes;
        uint32_t head; /* bytes of it */
    } rows[] = {
        {0, "", SRT_HEAD},
        {SRT_HEAD - 1, "\\n", SRT_HEAD - 1},
        {SRT_HEAD - 12, "\\n", SRT_HEAD - 12},
        {SRT_HEAD - 13, "\\n", SRT_HEAD},
        {SRT_HEAD, "\\n", SRT_HEAD},
        {SRT_HEAD - 6, "\\ud83d\\ude00", SRT_HEAD - 6},
        {SRT_HEAD - 1, "\xc3\xa9", SRT_HEAD - 1},
        {SRT_HEAD - 3, "\xf0\x9f\x98\x80", SRT_HEAD - 3},
        {SRT_HEAD - 2, "\xc3\xa9", SRT_HEAD},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t text[SRT_HEAD_ROOM];
        memset(json, 'a', sizeof json);
        memcpy(json + rows[i].at, rows[i].bytes, strlen(rows[i].bytes));
        uint8_t whole[LONG + SRT_UNESCAPE_SLACK];
        const size_t len = srt_unescape(NULL, whole, json, rows[i].head, json + LONG);
        assert_int_equal(head_of(LONG, text), len);
        assert_memory_equal(text, whole, len);
    }
}

static void short_values_and_values_full_of_escapes_have_no_head(void **state)
{
    (void)state;
    uint8_t text[SRT_HEAD_ROOM];
    memset(json, 'a', sizeof json);
    assert_int_equal(head_of(SRT_HEAD, text), 0);
    assert_int_equal(head_of(SRT_HEAD + 1, text), SRT_HEAD);
    for (uint32_t i = 0; i < LONG; i += 8)
        memcpy(json + i, "\\n", 2);
    assert_int_equal(head_of(LONG, text), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_arenas_hold_exactly_their_limits),
        cmocka_unit_test(a_reset_event_is_empty),
        cmocka_unit_test(a_reset_clears_slots_however_often_they_were_filled),
        cmocka_unit_test(pieces_are_counted_as_they_are_cut),
        cmocka_unit_test(a_piece_beyond_all_memory_is_noticed),
        cmocka_unit_test(a_head_parts_neither_escapes_nor_characters),
        cmocka_unit_test(short_values_and_values_full_of_escapes_have_no_head),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
