/* The test harness: cmocka with what it needs, an arena per test, and slices that compare.
 *
 *     static void a_rule_without_title_is_refused(void **state)
 *     {
 *         struct arena *a = t_arena(state);
 *         t_assert_str(rule->title, "x");
 *     }
 *     int main(void)
 *     {
 *         const struct CMUnitTest tests[] = {t_test(a_rule_without_title_is_refused)};
 *         return t_run(tests);
 *     }
 *
 * Each test gets an empty arena of its own. Running out of memory aborts, unless the test arms the
 * arena. A group that shares one arena passes t_setup and t_teardown to cmocka_run_group_tests.
 */
#ifndef SIGMATON_TESTS_T_H
#define SIGMATON_TESTS_T_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "str.h"

#define T_ARENA_LIMIT ((size_t)256 << 20)

static inline int t_setup(void **state)
{
    *state = arena_create(T_ARENA_LIMIT);
    return *state ? 0 : -1;
}

static inline int t_teardown(void **state)
{
    arena_destroy(*state);
    *state = NULL;
    return 0;
}

static inline struct arena *t_arena(void **state)
{
    return *state;
}

/* One row of the table of tests. */
#define t_test(function) cmocka_unit_test_setup_teardown(function, t_setup, t_teardown)
#define t_run(tests) cmocka_run_group_tests(tests, NULL, NULL)

static inline void t_assert_str_at(struct str got, const char *want, const char *file, int line)
{
    if (str_eq_z(got, want))
        return;
    print_error("%s:%d:\n  want: %s\n  got:  %.*s\n", file, line, want, STR_ARG(got));
    _fail(file, line);
}

/* The slice holds exactly the bytes of the NUL-ended text. */
#define t_assert_str(got, want) t_assert_str_at((got), (want), __FILE__, __LINE__)

#endif
