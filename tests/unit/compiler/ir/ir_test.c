#include "ir_harness.h"

static uint32_t contains(struct ir *ir, const char *field, const char *text)
{
    return ir_make(ir, &(struct ir_node){.op = IR_OP_CONTAINS,
                                         .field = names_intern(ir->names, str_of(field)),
                                         .text = str_of(text)});
}

static void the_constants_have_fixed_numbers(void **state)
{
    struct ir *ir = ir_new(t_arena(state));
    assert_int_equal(ir_make(ir, &(struct ir_node){.op = IR_OP_FALSE}), IR_FALSE);
    assert_int_equal(ir_make(ir, &(struct ir_node){.op = IR_OP_TRUE}), IR_TRUE);
}

static void equal_predicates_are_one_node(void **state)
{
    struct ir *ir = ir_new(t_arena(state));
    uint32_t a = contains(ir, "F", "x");
    assert_int_equal(contains(ir, "F", "x"), a);
    assert_int_not_equal(contains(ir, "G", "x"), a);
    assert_int_not_equal(contains(ir, "F", "y"), a);
}

/* Every operand that an op uses tells its nodes apart. */
static void each_operand_counts(void **state)
{
    struct ir *ir = ir_new(t_arena(state));
    uint32_t name = names_intern(ir->names, STR("F")), two = names_intern(ir->names, STR("G"));
    struct number one = {.kind = NUMBER_INT, .i = 1}, other = {.kind = NUMBER_INT, .i = 2};
    struct number real = {.kind = NUMBER_FLOAT, .f = 1}, zero = {.kind = NUMBER_FLOAT, .f = 0.0};
    struct number minus = {.kind = NUMBER_FLOAT, .f = -0.0};
    struct network v4 = {.address = {10}, .prefix = 8},
                   v6 = {.v6 = true, .address = {10}, .prefix = 8};
    struct network wide = {.address = {10}, .prefix = 7};
    struct str xy[] = {STR("x"), STR("y")}, xz[] = {STR("x"), STR("z")};
    const struct ir_node nodes[] = {
        {.op = IR_OP_EXISTS, .field = name},
        {.op = IR_OP_NULL, .field = name},
        {.op = IR_OP_BOOL, .field = name},
        {.op = IR_OP_BOOL, .field = name, .boolean = true},
        {.op = IR_OP_NUMBER, .field = name, .number = one},
        {.op = IR_OP_NUMBER, .field = name, .number = other},
        {.op = IR_OP_NUMBER, .field = name, .number = real},
        {.op = IR_OP_NUMBER, .field = name, .number = zero},
        {.op = IR_OP_NUMBER, .field = name, .number = minus},
        {.op = IR_OP_NUMBER, .field = name, .number = one, .compare = COMPARE_LT},
        {.op = IR_OP_TIME, .field = name, .number = one},
        {.op = IR_OP_TIME, .field = name, .number = one, .part = TIME_DAY},
        {.op = IR_OP_CIDR, .field = name, .network = v4},
        {.op = IR_OP_CIDR, .field = name, .network = v6},
        {.op = IR_OP_CIDR, .field = name, .network = wide},
        {.op = IR_OP_FIELDREF, .field = name, .other = two},
        {.op = IR_OP_FIELDREF, .field = name, .other = name},
        {.op = IR_OP_FIELDREF, .field = name, .other = two, .part = AFFIX_PREFIX},
        {.op = IR_OP_FIELDREF, .field = name, .other = two, .cased = true},
        {.op = IR_OP_EQ, .field = name, .text = STR("x")},
        {.op = IR_OP_EQ, .field = name, .text = STR("x"), .cased = true},
        {.op = IR_OP_EQ, .field = name},
        {.op = IR_OP_REGEX, .field = name, .text = STR("x")},
        {.op = IR_OP_EQ_SET, .field = name, .texts = xy, .n = 2},
        {.op = IR_OP_EQ_SET, .field = name, .texts = xz, .n = 2},
        {.op = IR_OP_EQ_SET, .field = name, .texts = xy, .n = 1},
        {.op = IR_OP_EQ_SET, .field = name, .texts = xy, .n = 2, .cased = true},
    };
    for (uint32_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
        assert_int_equal(ir_make(ir, &nodes[i]), i + 2);
    for (uint32_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
        assert_int_equal(ir_make(ir, &nodes[i]), i + 2);
    assert_null(ir_verify(ir, t_arena(state)));
}

static void operands_that_the_op_does_not_use_are_ignored(void **state)
{
    struct ir *ir = ir_new(t_arena(state));
    uint32_t plain = ir_make(ir, &(struct ir_node){.op = IR_OP_ANY});
    uint32_t noisy = ir_make(
        ir, &(struct ir_node){.op = IR_OP_ANY, .cased = true, .text = STR("x"), .count = 3});
    assert_int_equal(plain, noisy);
}

static void children_are_sorted_and_distinct(void **state)
{
    struct ir *ir = ir_new(t_arena(state));
    uint32_t a = contains(ir, "F", "a"), b = contains(ir, "F", "b");
    uint32_t gate = ir_gate(ir, IR_OP_AND, (uint32_t[]){b, a, b}, 3);
    assert_int_equal(ir_get(ir, gate)->n, 2);
    assert_int_equal(ir_get(ir, gate)->children[0], a);
    assert_int_equal(ir_gate(ir, IR_OP_AND, (uint32_t[]){a, b}, 2), gate);
    assert_int_not_equal(ir_gate(ir, IR_OP_OR, (uint32_t[]){a, b}, 2), gate);
}

static void a_gate_of_one_is_its_child_and_of_none_a_constant(void **state)
{
    struct ir *ir = ir_new(t_arena(state));
    uint32_t a = contains(ir, "F", "a");
    assert_int_equal(ir_gate(ir, IR_OP_OR, (uint32_t[]){a, a}, 2), a);
    assert_int_equal(ir_gate(ir, IR_OP_AND, NULL, 0), IR_TRUE);
    assert_int_equal(ir_gate(ir, IR_OP_OR, NULL, 0), IR_FALSE);
}

static void at_least_keeps_children_as_written(void **state)
{
    struct ir *ir = ir_new(t_arena(state));
    uint32_t a = contains(ir, "F", "a"), b = contains(ir, "F", "b"), kids[] = {b, a, b};
    uint32_t node =
        ir_make(ir, &(struct ir_node){.op = IR_OP_AT_LEAST, .count = 2, .children = kids, .n = 3});
    assert_memory_equal(ir_get(ir, node)->children, kids, sizeof kids);
}

static void texts_of_sets_are_sorted_and_distinct(void **state)
{
    struct ir *ir = ir_new(t_arena(state));
    struct str texts[] = {STR("b"), STR("a"), STR("b")};
    uint32_t node = ir_make(ir, &(struct ir_node){.op = IR_OP_EQ_SET, .texts = texts, .n = 3});
    assert_int_equal(ir_get(ir, node)->n, 2);
    t_assert_str(ir_get(ir, node)->texts[0], "a");
}

static void many_nodes_stay_distinct_and_found(void **state)
{
    enum { N = 50000 };
    struct arena *a = t_arena(state);
    struct ir *ir = ir_new(a);
    uint32_t *kids = ARENA_ARRAY(a, N, uint32_t);
    char text[16];
    for (uint32_t i = 0; i < N; i++) {
        snprintf(text, sizeof text, "v%u", i);
        kids[i] = contains(ir, "F", text);
    }
    assert_int_equal(ir->n_nodes, N + 2);
    for (uint32_t i = 0; i < N; i++) {
        snprintf(text, sizeof text, "v%u", i);
        assert_int_equal(contains(ir, "F", text), kids[i]);
    }
    uint32_t gate = ir_gate(ir, IR_OP_OR, kids, N);
    assert_int_equal(ir_get(ir, gate)->n, N);
    assert_null(ir_verify(ir, a));
}

static void what_no_root_reaches_is_not_marked(void **state)
{
    struct ir *ir = ir_new(t_arena(state));
    uint32_t a = contains(ir, "F", "a"), b = contains(ir, "F", "b"), c = contains(ir, "F", "c");
    uint32_t gate = ir_gate(ir, IR_OP_AND, (uint32_t[]){a, c}, 2);
    ir_add_rule(ir, NULL, STR("r"), gate);
    bool *reachable = ir_reachable(ir, t_arena(state));
    assert_true(reachable[a] && reachable[c] && reachable[gate]);
    assert_false(reachable[b] || reachable[IR_TRUE]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(the_constants_have_fixed_numbers),
        t_test(equal_predicates_are_one_node),
        t_test(each_operand_counts),
        t_test(operands_that_the_op_does_not_use_are_ignored),
        t_test(children_are_sorted_and_distinct),
        t_test(a_gate_of_one_is_its_child_and_of_none_a_constant),
        t_test(at_least_keeps_children_as_written),
        t_test(texts_of_sets_are_sorted_and_distinct),
        t_test(many_nodes_stay_distinct_and_found),
        t_test(what_no_root_reaches_is_not_marked),
    };
    return t_run(tests);
}
