#include "ir_harness.h"

#include "ir_imply.h"

#define STEPS 10000

/* a, b and c are leaves that say nothing of each other. */
#define LEAVES "%0 = eq \"A\" \"a\"\n%1 = eq \"B\" \"b\"\n%2 = eq \"C\" \"c\"\n"

/* What the last two rules' roots say of each other: `=` both ways, `>` the first implies the
 * second,
 * `<`, `x` they clash, `.` nothing. */
static char relation(struct arena *a, const char *text)
{
    struct ir *ir = h_parse(a, text);
    uint32_t one = ir->rules[ir->n_rules - 2].root, two = ir->rules[ir->n_rules - 1].root;
    struct ir_proof p = {ir, STEPS}, q = {ir, STEPS}, r = {ir, STEPS}, s = {ir, STEPS};
    bool there = ir_implies(&p, one, two), back = ir_implies(&q, two, one);
    bool clash = ir_clash(&r, one, two);
    assert_int_equal(clash, ir_clash(&s, two, one));
    return there && back ? '=' : there ? '>' : back ? '<' : clash ? 'x' : '.';
}

static void one_text_operation_implies_another_on_the_same_field(void **state)
{
    static const struct {
        char want;
        const char *one, *two;
    } rows[] = {
        {'>', "eq \"F\" \"abc\"", "prefix \"F\" \"ab\""},
        {'>', "eq \"F\" \"abc\"", "suffix \"F\" \"bc\""},
        {'>', "eq \"F\" \"abc\"", "contains \"F\" \"b\""},
        {'>', "prefix \"F\" \"abc\"", "prefix \"F\" \"a\""},
        {'>', "prefix \"F\" \"abc\"", "contains \"F\" \"bc\""},
        {'>', "suffix \"F\" \"abc\"", "suffix \"F\" \"c\""},
        {'<', "contains \"F\" \"b\"", "contains \"F\" \"abc\""},
        {'>', "eq \"F\" \"abc\"", "exists \"F\""},
        {'>', "eq \"F\" \"abc\"", "any \"F\""},
        {'>', "any \"F\"", "exists \"F\""},
        {'.', "null \"F\"", "exists \"F\""},
        {'.', "null \"F\"", "any \"F\""},
        {'.', "prefix \"F\" \"abc\"", "suffix \"F\" \"abc\""},
        {'<', "prefix \"F\" \"abc\"", "eq \"F\" \"abc\""},
        {'.', "contains \"F\" \"abc\"", "prefix \"F\" \"a\""},
        {'.', "eq \"F\" \"abc\"", "eq \"F\" \"abd\""}, /* a field may have two values */
        {'.', "eq \"F\" \"abc\"", "contains \"G\" \"b\""},
        {'.', "eq cased \"F\" \"abc\"", "contains \"F\" \"b\""}, /* true, and not proven */
        {'.', "eq \"F\" \"abc\"", "contains cased \"F\" \"b\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *a = t_arena(state);
        struct str s = str_format(a, "%%0 = %s\n%%1 = %s\nrule \"x\" = %%0\nrule \"y\" = %%1\n",
                                  rows[i].one, rows[i].two);
        if (relation(a, s.p) != rows[i].want)
            fail_msg("%s, %s: not %c", rows[i].one, rows[i].two, rows[i].want);
    }
}

static void gates_are_taken_apart(void **state)
{
    static const struct {
        char want;
        const char *one, *two;
    } rows[] = {
        {'>', "and %0 %1", "or %0 %2"},
        {'>', "and %0 %1 %2", "and %0 %2"},
        {'>', "or %0 %1", "or %0 %1 %2"},
        {'<', "or %0 %1", "and %0 %1"},
        {'x', "and %0 %1", "not %0"},
        {'x', "not %0", "and %0 %1"},
        {'.', "or %0 %1", "not %0"},
        {'.', "and %0 %1", "at_least 1 %0 %1"},
        {'.', "at_least 2 %0 %1 %2", "or %0 %1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *a = t_arena(state);
        struct str s = str_format(a, "%s%%3 = %s\n%%4 = %s\nrule \"x\" = %%3\nrule \"y\" = %%4\n",
                                  LEAVES, rows[i].one, rows[i].two);
        char got = relation(a, s.p);
        if (got != rows[i].want)
            fail_msg("%s, %s: %c, not %c", rows[i].one, rows[i].two, got, rows[i].want);
    }
}

/* One root: is it never, always, or neither? */
static char fate(struct arena *a, const char *text, size_t steps)
{
    struct ir *ir = h_parse(a, text);
    struct ir_proof p = {ir, steps}, q = {ir, steps};
    bool never = ir_never(&p, ir->rules[0].root), always = ir_always(&q, ir->rules[0].root);
    assert_false(never && always);
    return never ? 'n' : always ? 'a' : '.';
}

static void what_never_and_what_always_holds_is_found(void **state)
{
    static const struct {
        char want;
        const char *text;
    } rows[] = {
        {'n', LEAVES "%3 = not %0\n%4 = and %0 %3\nrule \"r\" = %4\n"},
        {'a', LEAVES "%3 = not %0\n%4 = or %0 %3\nrule \"r\" = %4\n"},
        {'.', LEAVES "%3 = not %1\n%4 = and %0 %3\nrule \"r\" = %4\n"},
        {'n', LEAVES "%3 = or %0 %1\n%4 = not %3\n%5 = and %0 %4\nrule \"r\" = %5\n"},
        {'a', LEAVES "%3 = and %0 %1\n%4 = not %3\n%5 = or %0 %4\nrule \"r\" = %5\n"},
        {'n', LEAVES "%3 = and %0 %1\n%4 = not %3\n%5 = and %0 %1 %4\nrule \"r\" = %5\n"},
        {'.', LEAVES "%3 = and %0 %1\n%4 = not %3\n%5 = and %0 %4\nrule \"r\" = %5\n"},
        {'n', LEAVES "%3 = not %0\n%4 = and %0 %3\n%5 = and %1 %4\nrule \"r\" = %5\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *a = t_arena(state);
        if (fate(a, rows[i].text, STEPS) != rows[i].want)
            fail_msg("%s: not %c", rows[i].text, rows[i].want);
        assert_int_equal(fate(a, rows[i].text, 0), '.'); /* without steps nothing is proven */
    }
}

/* Soundness: over every assignment of three independent leaves, what is proven is so. */
struct world {
    const struct ir *ir;
    unsigned leaves;
};

static bool holds(const struct world *w, uint32_t node)
{
    const struct ir_node *n = ir_get(w->ir, node);
    unsigned count = 0;
    if (ir_op_info(n->op)->kind == IR_CONST)
        return node == IR_TRUE;
    if (ir_op_info(n->op)->kind == IR_LEAF)
        return w->leaves >> (n->field - 1) & 1;
    for (uint32_t i = 0; i < n->n; i++)
        count += holds(w, n->children[i]);
    switch (n->op) {
    case IR_OP_AND:
        return count == n->n;
    case IR_OP_OR:
        return count > 0;
    case IR_OP_NOT:
        return count == 0;
    default:
        return count >= n->count;
    }
}

static uint32_t some_node(struct ir *ir, const uint32_t *leaves, uint32_t *seed, unsigned depth)
{
    uint32_t children[3];
    *seed = *seed * 1664525u + 1013904223u;
    unsigned pick = *seed >> 16;
    if (depth == 0 || pick % 5 == 0)
        return leaves[pick / 5 % 3];
    if (pick % 5 == 1)
        return ir_not(ir, some_node(ir, leaves, seed, depth - 1));
    for (size_t i = 0; i < 3; i++)
        children[i] = some_node(ir, leaves, seed, depth - 1);
    if (pick % 5 == 2)
        return ir_make(
            ir, &(struct ir_node){.op = IR_OP_AT_LEAST, .count = 2, .children = children, .n = 3});
    return ir_gate(ir, pick % 5 == 3 ? IR_OP_AND : IR_OP_OR, children, 3);
}

static void nothing_is_proven_that_a_truth_table_refutes(void **state)
{
    struct ir *ir = ir_new(t_arena(state));
    uint32_t leaves[3], seed = 1;
    unsigned proven = 0;
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t field = names_intern(ir->names, str_sub(STR("ABC"), i, 1));
        assert_int_equal(field, i + 1);
        leaves[i] = ir_make(ir, &(struct ir_node){.op = IR_OP_EXISTS, .field = field});
    }
    for (unsigned round = 0; round < 5000; round++) {
        uint32_t a = some_node(ir, leaves, &seed, 3), b = some_node(ir, leaves, &seed, 3);
        struct ir_proof p = {ir, STEPS};
        bool implies = ir_implies(&p, a, b), clash = ir_clash(&p, a, b);
        bool never = ir_never(&p, a), always = ir_always(&p, a);
        proven += implies + clash + never + always;
        for (unsigned bits = 0; bits < 8; bits++) {
            struct world w = {ir, bits};
            bool x = holds(&w, a), y = holds(&w, b);
            assert_false(implies && x && !y);
            assert_false(clash && x && y);
            assert_false(never && x);
            assert_false(always && !x);
        }
    }
    assert_true(proven > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(one_text_operation_implies_another_on_the_same_field),
        t_test(gates_are_taken_apart),
        t_test(what_never_and_what_always_holds_is_found),
        t_test(nothing_is_proven_that_a_truth_table_refutes),
    };
    return t_run(tests);
}
