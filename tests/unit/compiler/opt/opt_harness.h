/* For the tests of single passes: a text before, the pass, a text after. */
#ifndef SIGMATON_TESTS_OPT_HARNESS_H
#define SIGMATON_TESTS_OPT_HARNESS_H

#include "ir_harness.h"
#include "opt.h"

struct h_pair {
    const char *name, *before, *after; /* after NULL: as before */
};

static inline struct str h_after(struct arena *a, const char *before, enum opt_pass pass)
{
    struct ir *ir = h_parse(a, before);
    opt_run(ir, ~(1u << pass), NULL, NULL);
    assert_null(ir_verify(ir, a));
    return h_print(a, ir);
}

static inline void h_assert_pairs(enum opt_pass pass, const struct h_pair *pairs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct arena *a = arena_create(T_ARENA_LIMIT);
        const char *want = pairs[i].after ? pairs[i].after : pairs[i].before;
        struct str got = h_after(a, pairs[i].before, pass);
        if (!str_eq_z(got, want))
            print_error("%s\n", pairs[i].name);
        t_assert_str(got, want);
        arena_destroy(a);
    }
}
#define H_ASSERT_PAIRS(pass, pairs) h_assert_pairs((pass), (pairs), sizeof(pairs) / sizeof *(pairs))

#endif
