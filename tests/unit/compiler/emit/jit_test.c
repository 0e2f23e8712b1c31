#include "pack_t.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const char text[] = "%0 = eq \"A\" \"abc\"\nrule \"0\" = %0\n";

static struct diag_sink *sink_of(struct arena *a)
{
    return diag_sink_new(a, sources_new(a));
}

static void a_linked_pack_answers(void **state)
{
    struct t_pack *p = t_pack(t_arena(state), text);
    *t_slot(p, "A") = T_TEXT("ABC");
    t_eval(p);
    assert_true(t_hit(p, 0));
    assert_true(jit_link_ns(p->jit) > 0);
    t_pack_end(p);
}

static void two_packs_live_side_by_side(void **state)
{
    struct t_pack *one = t_pack(t_arena(state), text);
    struct t_pack *two = t_pack(t_arena(state), "%0 = eq \"A\" \"abd\"\nrule \"0\" = %0\n");
    *t_slot(one, "A") = *t_slot(two, "A") = T_TEXT("abd");
    t_eval(one);
    t_eval(two);
    assert_false(t_hit(one, 0));
    assert_true(t_hit(two, 0));
    t_pack_end(one);
    t_eval(two);
    assert_true(t_hit(two, 0));
    t_pack_end(two);
}

/* The generator and its object may go; the linked pack is a copy. */
static void a_linked_pack_outlives_its_object(void **state)
{
    struct t_pack *p = t_pack(t_arena(state), text);
    codegen_destroy(p->codegen);
    p->codegen = NULL;
    *t_slot(p, "A") = T_TEXT("abc");
    t_eval(p);
    assert_true(t_hit(p, 0));
    t_pack_end(p);
}

static void what_is_no_object_is_reported(void **state)
{
    static const char *const objects[] = {"", "garbage", "\x7f\x45LF\x02\x01\x01"};
    for (size_t i = 0; i < 3; i++) {
        struct diag_sink *sink = sink_of(t_arena(state));
        assert_null(jit_create(sink, (const uint8_t *)objects[i], strlen(objects[i])));
        assert_int_equal(diag_count(sink), 1);
        assert_int_equal(diag_get(sink, 0)->code, DIAG_jit_failed);
    }
    jit_destroy(NULL);
}

#ifdef PR_SET_MDWE
#define SET_MDWE PR_SET_MDWE
#else
#define SET_MDWE 65
#endif

/* In a child, because it cannot be taken back. 2: the kernel does not know the switch. */
static int refused_in_child(struct t_pack *p)
{
    const uint8_t *object;
    size_t len;
    if (prctl(SET_MDWE, 1UL, 0UL, 0UL, 0UL) != 0)
        return 2;
    struct diag_sink *sink = sink_of(p->arena);
    if (!codegen_object(p->codegen, &object, &len) || jit_create(sink, object, len))
        return 1;
    return diag_count(sink) == 1 && diag_get(sink, 0)->code == DIAG_jit_refused ? 0 : 1;
}

static void refused_memory_is_told_from_failure(void **state)
{
    struct t_pack *p = t_pack(t_arena(state), text);
    pid_t child = fork();
    if (child == 0)
        _exit(refused_in_child(p));
    int status = 0;
    assert_true(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    t_pack_end(p);
    if (WEXITSTATUS(status) == 2)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_linked_pack_answers),
        t_test(two_packs_live_side_by_side),
        t_test(a_linked_pack_outlives_its_object),
        t_test(what_is_no_object_is_reported),
        t_test(refused_memory_is_told_from_failure),
    };
    return t_run(tests);
}
