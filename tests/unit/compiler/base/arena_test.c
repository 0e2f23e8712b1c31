#include "t.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    for (size_t size = 0; size < 100; size++) {
        char *p = arena_alloc(t_arena(state), size);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, size);
    }
}

static void objects_of_all_sizes_keep_apart(void **state)
{
    static const size_t sizes[] = {1,      16, 17, 4000, 5000, 16 << 10, 1 << 20, (1 << 20) + 1,
                                   3 << 20};
    enum { ROUNDS = 4, N = sizeof sizes / sizeof *sizes };
    unsigned char *objects[ROUNDS][N];
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < N; i++) {
            objects[round][i] = arena_alloc(t_arena(state), sizes[i]);
            memset(objects[round][i], round * N + i, sizes[i]);
        }
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < N; i++) {
            assert_int_equal(objects[round][i][0], round * N + i);
            assert_int_equal(objects[round][i][sizes[i] - 1], round * N + i);
        }
}

static void empty_objects_are_unique(void **state)
{
    assert_ptr_not_equal(arena_alloc(t_arena(state), 0), arena_alloc(t_arena(state), 0));
}

/* Allocates `size` from an arena of `limit` bytes: true when there was room. */
static bool fits(size_t limit, size_t size)
{
    struct arena *a = arena_create(limit);
    if (setjmp(*arena_on_oom(a))) {
        arena_destroy(a);
        return false;
    }
    arena_alloc(a, size);
    assert_true(arena_used(a) <= limit);
    arena_destroy(a);
    return true;
}

static void the_limit_is_kept_on_both_sides(void **state)
{
    (void)state;
    assert_true(fits(4096, 4096));
    assert_false(fits(4096, 4097));
    assert_true(fits(16, 0));
    assert_false(fits(15, 1));
    assert_false(fits(0, 0));
    assert_false(fits(SIZE_MAX, SIZE_MAX));
    assert_false(fits(SIZE_MAX, SIZE_MAX - 16));
}

static void an_array_whose_size_overflows_is_out_of_memory(void **state)
{
    (void)state;
    struct arena *a = arena_create(1 << 20);
    bool failed = setjmp(*arena_on_oom(a));
    if (!failed)
        arena_array(a, SIZE_MAX / 2, 4);
    arena_destroy(a);
    assert_true(failed);
}

static void a_copy_ends_in_nul(void **state)
{
    char *copy = arena_copy(t_arena(state), "abcd", 3);
    assert_string_equal(copy, "abc");
    assert_string_equal(arena_copy(t_arena(state), NULL, 0), "");
}

struct log {
    char text[8];
    size_t n;
};
struct entry {
    struct log *log;
    char name;
};

static void note(void *object)
{
    struct entry *e = object;
    e->log->text[e->log->n++] = e->name;
}

static void deferred_calls_run_newest_first(void **state)
{
    (void)state;
    struct log log = {0};
    struct entry one = {&log, '1'}, two = {&log, '2'}, three = {&log, '3'};
    struct arena *a = arena_create(1 << 20);
    arena_defer(a, note, &one);
    arena_defer(a, note, &two);
    arena_defer(a, note, &three);
    assert_string_equal(log.text, "");
    arena_destroy(a);
    assert_string_equal(log.text, "321");
}

static void destroying_nothing_is_harmless(void **state)
{
    (void)state;
    arena_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(memory_is_zeroed_and_aligned),
        t_test(objects_of_all_sizes_keep_apart),
        t_test(empty_objects_are_unique),
        t_test(the_limit_is_kept_on_both_sides),
        t_test(an_array_whose_size_overflows_is_out_of_memory),
        t_test(a_copy_ends_in_nul),
        t_test(deferred_calls_run_newest_first),
        t_test(destroying_nothing_is_harmless),
    };
    return t_run(tests);
}
