#include "read.h"

static const char sample[] =
    "title: \xC3\xA9\nlist: &l [1, {a: b}, 'q']\nk: *l\nk: *m\n---\na: [\n---\n"
    "a: 1\nb: 1\nc: 1\nd: 1\ne: 1\nf: 1\ng: 1\nh: 1\ni: 1\nj: 1\nk: 1\nl: 1\nm: 1\na: 1\n";

/* Reads the sample from an arena of `limit` bytes: true when that was enough. */
static bool enough(size_t limit)
{
    struct arena *a = arena_create(limit);
    if (setjmp(*arena_on_oom(a))) {
        arena_destroy(a);
        return false;
    }
    struct reading r = read_text(a, str_of(sample));
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < diag_count(r.sink); i++)
        diag_render_json(r.sink, i, &t);
    for (size_t i = 0; i < r.documents.n; i++)
        tree_print(&t, r.documents.v[i].root);
    arena_destroy(a);
    return true;
}

/* What leaks or is used after its end, AddressSanitizer tells. */
static void running_out_of_memory_anywhere_leaves_through_the_handler(void **state)
{
    (void)state;
    size_t limit = 0;
    while (!enough(limit))
        limit += 16;
    assert_in_range(limit, 1024, 1 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(running_out_of_memory_anywhere_leaves_through_the_handler),
    };
    return t_run(tests);
}
