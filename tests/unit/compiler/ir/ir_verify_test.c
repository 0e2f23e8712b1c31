#include <math.h>

#include "ir_harness.h"

/* An IR that holds; each test breaks one thing by hand. Node 2 is a text, 3 a set, 4 a gate. */
static struct ir *sound(struct arena *a)
{
    struct ir *ir = h_parse(a, "%0 = eq \"F\" \"x\"\n%1 = eq_set \"F\" \"a\" \"b\"\n"
                               "%2 = and %0 %1\nrule \"r\" = %2\n");
    assert_int_equal(ir->n_nodes, 5);
    return ir;
}

static void assert_fault(struct arena *a, const struct ir *ir, const char *want)
{
    const char *fault = ir_verify(ir, a);
    assert_non_null(fault);
    assert_string_equal(fault, want);
}

static void a_sound_ir_has_no_fault(void **state)
{
    assert_null(ir_verify(sound(t_arena(state)), t_arena(state)));
}

static void children_must_come_first(void **state)
{
    struct ir *ir = sound(t_arena(state));
    ir->nodes[4].children = (const uint32_t[]){2, 4};
    assert_fault(t_arena(state), ir, "node 4: a child does not come before its parent");
}

static void children_must_ascend(void **state)
{
    struct ir *ir = sound(t_arena(state));
    ir->nodes[4].children = (const uint32_t[]){3, 2};
    assert_fault(t_arena(state), ir, "node 4: children are not ascending and distinct");
    ir->nodes[4].children = (const uint32_t[]){2, 2};
    assert_fault(t_arena(state), ir, "node 4: children are not ascending and distinct");
}

static void gates_must_have_their_number_of_children(void **state)
{
    struct ir *ir = sound(t_arena(state));
    ir->nodes[4].n = 1;
    assert_fault(t_arena(state), ir, "node 4: `and` and `or` have at least two children");
    ir->nodes[4].op = IR_OP_NOT;
    ir->nodes[4].n = 2;
    assert_fault(t_arena(state), ir, "node 4: `not` has one child");
    ir->nodes[4].op = IR_OP_AT_LEAST;
    ir->nodes[4].count = 3;
    assert_fault(t_arena(state), ir, "node 4: at_least asks for none or too many");
}

static void texts_must_be_folded_utf8(void **state)
{
    struct ir *ir = sound(t_arena(state));
    ir->nodes[2].text = STR("X");
    assert_fault(t_arena(state), ir, "node 2: a text that ignores case is not folded");
    ir->nodes[2].text = STR("\xc3");
    assert_fault(t_arena(state), ir, "node 2: a text is not UTF-8");
}

static void texts_of_sets_must_ascend(void **state)
{
    struct ir *ir = sound(t_arena(state));
    ir->nodes[3].texts = (const struct str[]){STR("b"), STR("a")};
    assert_fault(t_arena(state), ir, "node 3: the texts of a set are not ascending and distinct");
}

static void names_and_operations_must_exist(void **state)
{
    struct ir *ir = sound(t_arena(state));
    ir->nodes[2].field = 7;
    assert_fault(t_arena(state), ir, "node 2: a field has no name");
    ir->nodes[2].op = IR_OP__COUNT;
    assert_fault(t_arena(state), ir, "node 2: an operation is none");
}

static void roots_must_exist(void **state)
{
    struct ir *ir = sound(t_arena(state));
    ir->rules[0].root = 5;
    assert_fault(t_arena(state), ir, "rule 0 has no root");
}

static void the_index_must_hold_every_node(void **state)
{
    struct ir *ir = sound(t_arena(state));
    memset(ir->index, 0, ir->cap_index * sizeof *ir->index);
    assert_fault(t_arena(state), ir, "the index does not hold the nodes");
}

static void operands_of_leaves_must_make_sense(void **state)
{
    static const struct {
        struct ir_node node;
        const char *fault;
    } rows[] = {
        {{.op = IR_OP_NUMBER, .compare = 9}, "node 2: a comparison is none"},
        {{.op = IR_OP_TIME, .part = 9}, "node 2: a part of a time is none"},
        {{.op = IR_OP_FIELDREF, .part = 9}, "node 2: an affix is none"},
        {{.op = IR_OP_FIELDREF, .other = 99}, "node 2: the other field has no name"},
        {{.op = IR_OP_NUMBER, .number = {.kind = NUMBER_UINT, .u = 5}},
         "node 2: an unsigned number fits a signed one"},
        {{.op = IR_OP_NUMBER, .number = {.kind = NUMBER_FLOAT, .f = (double)INFINITY}},
         "node 2: a number is not finite"},
        {{.op = IR_OP_CIDR, .network = {.prefix = 33}}, "node 2: a network's prefix is too long"},
        {{.op = IR_OP_CIDR, .network = {.address = {10, 1}, .prefix = 8}},
         "node 2: a network has host bits"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ir *ir = ir_new(t_arena(state));
        ir_make(ir, &rows[i].node);
        assert_fault(t_arena(state), ir, rows[i].fault);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_sound_ir_has_no_fault),
        t_test(children_must_come_first),
        t_test(children_must_ascend),
        t_test(gates_must_have_their_number_of_children),
        t_test(texts_must_be_folded_utf8),
        t_test(texts_of_sets_must_ascend),
        t_test(names_and_operations_must_exist),
        t_test(roots_must_exist),
        t_test(the_index_must_hold_every_node),
        t_test(operands_of_leaves_must_make_sense),
    };
    return t_run(tests);
}
