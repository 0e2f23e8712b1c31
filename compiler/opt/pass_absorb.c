/* Absorption: of the children of an `or`, an `and` that has another child among its own, or all
 * children of another such `and`, adds nothing: (a and b) or a = a. And the other way round. Holds
 * in three-valued logic too, so regexes do not matter. */
#include "opt.h"

#include "arena.h"
#include "vec.h"

/* Among more inner gates than this, only those that hold a sibling are found, not those that hold
 * all of another gate: that search is quadratic. */
#define ABSORB_GATES_MAX 32

struct absorb {
    struct arena *scratch;
    VEC(uint32_t) inner; /* children that are gates of the other kind */
    VEC(uint32_t) kept;
};

/* All children of `few` are children of `many`; both ascend. */
static bool holds_all(const struct ir_node *many, const struct ir_node *few)
{
    if (few->n >= many->n)
        return false;
    uint32_t i = 0;
    for (uint32_t j = 0; j < many->n && i < few->n; j++)
        i += many->children[j] == few->children[i];
    return i == few->n;
}

/* Does the inner gate add nothing to the outer one? */
static bool is_absorbed(const struct absorb *b, const struct ir *ir, const struct ir_node *outer,
                        const struct ir_node *gate)
{
    for (uint32_t i = 0; i < gate->n; i++)
        if (opt_holds_child(outer, gate->children[i]))
            return true;
    for (size_t i = 0; b->inner.n <= ABSORB_GATES_MAX && i < b->inner.n; i++)
        if (holds_all(gate, ir_get(ir, b->inner.v[i])))
            return true;
    return false;
}

static uint32_t absorb(void *ctx, struct ir *ir, uint32_t node)
{
    struct absorb *b = ctx;
    const struct ir_node *n = ir_get(ir, node);
    if (n->op != IR_OP_AND && n->op != IR_OP_OR)
        return node;
    enum ir_op other = n->op == IR_OP_AND ? IR_OP_OR : IR_OP_AND;
    b->inner.n = b->kept.n = 0;
    for (uint32_t i = 0; i < n->n; i++)
        if (ir_get(ir, n->children[i])->op == other)
            *VEC_PUSH(b->scratch, &b->inner) = n->children[i];
    if (b->inner.n == 0)
        return node;
    for (uint32_t i = 0; i < n->n; i++) {
        const struct ir_node *child = ir_get(ir, n->children[i]);
        if (child->op != other || !is_absorbed(b, ir, n, child))
            *VEC_PUSH(b->scratch, &b->kept) = n->children[i];
    }
    return ir_gate(ir, n->op, b->kept.v, (uint32_t)b->kept.n);
}

void pass_absorb(struct ir *ir, struct arena *scratch)
{
    struct absorb b = {.scratch = scratch};
    opt_rewrite(ir, scratch, absorb, &b);
}
