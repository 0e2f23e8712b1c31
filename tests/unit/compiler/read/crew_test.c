#include "crew.h"

#include <stdatomic.h>

#include "t.h"

enum { ITEMS = 10000 };

struct counted {
    atomic_uint times[ITEMS];
    uint32_t last[CREW_MAX]; /* the item before, and one */
    uint32_t *kept[ITEMS];
    bool descends[CREW_MAX];
    uint32_t fails; /* this item needs more memory than there is */
};

static void count(void *ctx, const struct crew_member *member, uint32_t item)
{
    struct counted *c = ctx;
    atomic_fetch_add(&c->times[item], 1);
    c->descends[member->number] |= c->last[member->number] > item;
    c->last[member->number] = item + 1;
    c->kept[item] = ARENA_NEW(member->arena, uint32_t);
    *c->kept[item] = item;
    if (item == c->fails)
        (void)arena_alloc(member->arena, ARENA_LIMIT + 1);
}

static void every_item_is_done_once_and_what_it_made_is_kept(void **state)
{
    static const unsigned sizes[] = {0, 1, 2, 7, CREW_MAX + 1};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct arena *a = t_arena(state);
        struct crew *crew = crew_new(a, sizes[s]);
        struct counted *c = ARENA_NEW(a, struct counted);
        c->fails = ITEMS;
        assert_in_range(crew_size(crew), 1, CREW_MAX);
        for (unsigned again = 1; again <= 2; again++) {
            memset(c->last, 0, sizeof c->last);
            crew_run(crew, ITEMS, count, c);
            for (uint32_t i = 0; i < ITEMS; i++) {
                assert_int_equal(atomic_load(&c->times[i]), again);
                assert_int_equal(*c->kept[i], i);
            }
        }
        crew_run(crew, 0, count, c);
        for (unsigned i = 0; i < CREW_MAX; i++)
            assert_false(c->descends[i]);
    }
}

/* True when all items were done. */
static bool all_done(unsigned n, uint32_t fails)
{
    struct arena *a = arena_create(ARENA_LIMIT);
    if (setjmp(*arena_on_oom(a))) {
        arena_destroy(a);
        return false;
    }
    struct counted *c = ARENA_NEW(a, struct counted);
    c->fails = fails;
    crew_run(crew_new(a, n), ITEMS, count, c);
    arena_destroy(a);
    return true;
}

static void running_out_of_memory_in_a_member_leaves_through_the_callers_handler(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 4; n++) {
        assert_false(all_done(n, 0));
        assert_false(all_done(n, ITEMS / 2));
        assert_true(all_done(n, ITEMS));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(every_item_is_done_once_and_what_it_made_is_kept),
        t_test(running_out_of_memory_in_a_member_leaves_through_the_callers_handler),
    };
    return t_run(tests);
}
