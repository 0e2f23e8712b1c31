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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_arenas_hold_exactly_their_limits),
        cmocka_unit_test(a_reset_event_is_empty),
        cmocka_unit_test(pieces_are_counted_as_they_are_cut),
        cmocka_unit_test(a_piece_beyond_all_memory_is_noticed),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
