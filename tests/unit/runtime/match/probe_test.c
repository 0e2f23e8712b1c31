/* Lists of probes: who decides, what is kept, what a negation turns round. Each operation's answer
 * is compared with the code that the compiler writes out in tests/unit/compiler/codegen. */
#include "slots.h"

struct list {
    struct sigmaton_probes head;
    struct sigmaton_probe probes[3];
};

/* Presence of the slots 0, 1, 2. */
static struct list presence(uint32_t any)
{
    struct list l = {.head = {3, any}};
    for (uint32_t i = 0; i < 3; i++)
        l.probes[i] = (struct sigmaton_probe){.op = SIGMATON_PROBE_EXISTS,
                                              .size = sizeof l.probes[i],
                                              .slot = i,
                                              .memo = SIGMATON_NO_MEMO};
    return l;
}

static int ask(const struct list *l, const struct sigmaton_slot *slots, uint64_t *memo)
{
    /* The image may be any bytes: only the probes in it are looked at. */
    const size_t off = offsetof(struct list, head);
    struct sigmaton_frame frame = {
        .size = sizeof frame, .memo = memo, .slots = slots, .image = (const void *)l};
    return srt_host()->probe(&frame, (uint32_t)off);
}

static void all_or_any_of_a_list_holds(void **state)
{
    (void)state;
    const struct list all = presence(0), any = presence(1);
    for (unsigned event = 0; event < 8; event++) {
        struct sigmaton_slot slots[3] = {{.len = 0}};
        for (unsigned i = 0; i < 3; i++)
            slots[i].kind = event >> i & 1 ? SIGMATON_NULL : SIGMATON_ABSENT;
        assert_int_equal(ask(&all, slots, NULL), event == 7);
        assert_int_equal(ask(&any, slots, NULL), event != 0);
    }
}

static void an_empty_list_holds_unless_any_is_wanted(void **state)
{
    (void)state;
    struct list all = presence(0), any = presence(1);
    all.head.n = any.head.n = 0;
    assert_int_equal(ask(&all, NULL, NULL), 1);
    assert_int_equal(ask(&any, NULL, NULL), 0);
}

static void a_negated_probe_holds_when_its_predicate_does_not(void **state)
{
    (void)state;
    struct list l = presence(0);
    l.probes[1].flags = SIGMATON_PROBE_NOT;
    struct sigmaton_slot slots[3] = {{.kind = SIGMATON_NULL}, {.len = 0}, {.kind = SIGMATON_NULL}};
    assert_int_equal(ask(&l, slots, NULL), 1);
    slots[1].kind = SIGMATON_NULL;
    assert_int_equal(ask(&l, slots, NULL), 0);
}

/* The predicate's own answer is kept, not the negation's. */
static void an_answer_is_kept_for_the_event(void **state)
{
    (void)state;
    struct list l = presence(0);
    l.head.n = 1;
    l.probes[0].memo = 65;
    l.probes[0].flags = SIGMATON_PROBE_NOT;
    uint64_t memo[4] = {0};
    struct sigmaton_slot slots[3] = {{.kind = SIGMATON_NULL}};
    assert_int_equal(ask(&l, slots, memo), 0);
    assert_true(memo[2] == 2 && memo[3] == 2 && memo[0] == 0 && memo[1] == 0);
    slots[0].kind = SIGMATON_ABSENT; /* not looked at again */
    assert_int_equal(ask(&l, slots, memo), 0);
    memo[2] = memo[3] = 0;
    assert_int_equal(ask(&l, slots, memo), 1);
    assert_true(memo[2] == 2 && memo[3] == 0);
}

/* Slot 0 and (slot 1 or slot 2), and slot 0 and neither of them. */
static void a_gate_in_a_list_is_asked_as_a_list(void **state)
{
    (void)state;
    struct {
        struct list outer, inner;
    } l = {presence(0), presence(1)};
    l.outer.head.n = l.inner.head.n = 2;
    l.outer.probes[1].op = SIGMATON_PROBE_GATE;
    l.outer.probes[1].off = (int32_t)((char *)&l.inner - (char *)&l.outer.probes[1]);
    l.inner.probes[0].slot = 1;
    l.inner.probes[1].slot = 2;
    for (unsigned event = 0; event < 8; event++) {
        struct sigmaton_slot slots[3] = {{.len = 0}};
        for (unsigned i = 0; i < 3; i++)
            slots[i].kind = event >> i & 1 ? SIGMATON_NULL : SIGMATON_ABSENT;
        l.outer.probes[1].flags = 0;
        assert_int_equal(ask(&l.outer, slots, NULL), (event & 1) != 0 && event > 1);
        l.outer.probes[1].flags = SIGMATON_PROBE_NOT;
        assert_int_equal(ask(&l.outer, slots, NULL), event == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_or_any_of_a_list_holds),
        cmocka_unit_test(an_empty_list_holds_unless_any_is_wanted),
        cmocka_unit_test(a_negated_probe_holds_when_its_predicate_does_not),
        cmocka_unit_test(an_answer_is_kept_for_the_event),
        cmocka_unit_test(a_gate_in_a_list_is_asked_as_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
