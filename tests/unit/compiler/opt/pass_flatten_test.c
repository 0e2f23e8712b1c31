#include "opt_harness.h"

#define ABC "%0 = any \"a\"\n%1 = any \"b\"\n%2 = any \"c\"\n"

static const struct h_pair shapes[] = {
    {"and in and", ABC "%3 = and %0 %1\n%4 = and %2 %3\nrule \"r\" = %4\n",
     ABC "%3 = and %0 %1 %2\nrule \"r\" = %3\n"},
    {"or in or", ABC "%3 = or %0 %1\n%4 = or %0 %2 %3\nrule \"r\" = %4\n",
     ABC "%3 = or %0 %1 %2\nrule \"r\" = %3\n"},
    {"or in and stays", ABC "%3 = or %0 %1\n%4 = and %2 %3\nrule \"r\" = %4\n", NULL},
    {"not not", ABC "%3 = and %0 %1 %2\n%4 = not %3\n%5 = not %4\nrule \"r\" = %5\n",
     ABC "%3 = and %0 %1 %2\nrule \"r\" = %3\n"},
    {"through double not",
     ABC "%3 = and %0 %1\n%4 = not %3\n%5 = not %4\n%6 = and %2 %5\nrule \"r\" = %6\n",
     ABC "%3 = and %0 %1 %2\nrule \"r\" = %3\n"},
};

static const struct h_pair opposites[] = {
    {"x and not x", "%0 = any \"a\"\n%1 = not %0\n%2 = and %0 %1\nrule \"r\" = %2\n",
     "%0 = false\nrule \"r\" = %0\n"},
    {"x or not x", "%0 = any \"a\"\n%1 = not %0\n%2 = or %0 %1\nrule \"r\" = %2\n",
     "%0 = true\nrule \"r\" = %0\n"},
    {"after merging",
     ABC "%3 = not %0\n%4 = and %1 %3\n%5 = and %0 %4\n%6 = or %2 %5\nrule \"r\" = %6\n",
     "%0 = any \"c\"\nrule \"r\" = %0\n"},
    {"a regex may have no answer",
     "%0 = regex \"a\" \"a\"\n%1 = not %0\n%2 = and %0 %1\nrule \"r\" = %2\n", NULL},
    {"nor what is above it",
     "%0 = regex \"a\" \"a\"\n%1 = any \"a\"\n%2 = or %0 %1\n%3 = not %2\n%4 = and %2 %3\n"
     "rule \"r\" = %4\n",
     NULL},
    {"constants under at_least",
     ABC "%3 = not %0\n%4 = or %0 %3\n%5 = at_least 2 %1 %2 %4\nrule \"r\" = %5\n",
     "%0 = any \"b\"\n%1 = any \"c\"\n%2 = or %0 %1\nrule \"r\" = %2\n"},
};

static void gates_of_one_kind_merge(void **state)
{
    (void)state;
    H_ASSERT_PAIRS(OPT_FLATTEN, shapes);
}

static void opposites_decide_unless_a_regex_is_below(void **state)
{
    (void)state;
    H_ASSERT_PAIRS(OPT_FLATTEN, opposites);
}

/* Two rules that have an `or` of n in common, each with a child more. */
static uint32_t gates_after(struct arena *a, uint32_t n)
{
    struct ir *ir = ir_new(a);
    uint32_t kids[64];
    for (uint32_t i = 0; i < n + 2; i++)
        kids[i] = ir_make(
            ir, &(struct ir_node){.op = IR_OP_ANY,
                                  .field = names_intern(ir->names, str_format(a, "f%u", i))});
    uint32_t common = ir_gate(ir, IR_OP_OR, kids, n);
    for (uint32_t i = 0; i < 2; i++)
        ir_add_rule(ir, NULL, STR("r"),
                    ir_gate(ir, IR_OP_OR, (uint32_t[]){common, kids[n + i]}, 2));
    opt_run(ir, ~(1u << OPT_FLATTEN), NULL, NULL);
    bool *reachable = ir_reachable(ir, a);
    uint32_t gates = 0;
    for (uint32_t node = 0; node < ir->n_nodes; node++)
        gates += reachable[node] && ir_get(ir, node)->op == IR_OP_OR;
    return gates;
}

static void big_gates_with_several_parents_stay(void **state)
{
    assert_int_equal(gates_after(t_arena(state), 8), 2);
    assert_int_equal(gates_after(t_arena(state), 9), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(gates_of_one_kind_merge),
        t_test(opposites_decide_unless_a_regex_is_below),
        t_test(big_gates_with_several_parents_stay),
    };
    return t_run(tests);
}
