/* The shape of and, or, not: gates of one kind merged into their parent, double not gone, x and
 * not x false, x or not x true. The last two hold only where no regex is below x: a regex that
 * ends at a limit has no answer, and `x and not x` then has none either. */
#include "opt.h"

#include <string.h>

#include "arena.h"
#include "vec.h"

/* A gate with more children that has several parents stays a node of its own: writing it out in
 * each parent would undo sharing, and could make the IR much bigger than the rules. */
#define FLATTEN_SHARED_MAX 8

struct flatten {
    struct ir *ir;
    struct arena *scratch;
    uint32_t *to;   /* by old node */
    uint32_t *uses; /* by old node: parents and rules */
    bool *regex;    /* by node, [n_regex]: a regex is below */
    uint32_t n_regex, cap_regex;
    VEC(uint32_t) children;
};

static uint32_t *count_uses(const struct ir *ir, struct arena *scratch, const bool *reachable)
{
    uint32_t *uses = ARENA_ARRAY(scratch, ir->n_nodes, uint32_t);
    for (uint32_t node = 0; node < ir->n_nodes; node++) {
        const struct ir_node *n = ir_get(ir, node);
        if (!reachable[node] || ir_op_info(n->op)->kind != IR_GATE)
            continue;
        for (uint32_t i = 0; i < n->n; i++)
            uses[n->children[i]]++;
    }
    for (uint32_t i = 0; i < ir->n_rules; i++)
        uses[ir->rules[i].root]++;
    return uses;
}

/* Computed as nodes come: children have smaller numbers. */
static bool has_regex(struct flatten *f, uint32_t node)
{
    if (node >= f->cap_regex) {
        uint32_t cap = f->ir->n_nodes * 2;
        bool *regex = ARENA_ARRAY(f->scratch, cap, bool);
        if (f->n_regex > 0)
            memcpy(regex, f->regex, f->n_regex * sizeof *regex);
        f->regex = regex;
        f->cap_regex = cap;
    }
    for (; f->n_regex <= node; f->n_regex++) {
        const struct ir_node *n = ir_get(f->ir, f->n_regex);
        bool below = n->op == IR_OP_REGEX;
        for (uint32_t i = 0; ir_op_info(n->op)->kind == IR_GATE && i < n->n && !below; i++)
            below = f->regex[n->children[i]];
        f->regex[f->n_regex] = below;
    }
    return f->regex[node];
}

/* Does some child stand beside its own negation? */
static bool has_opposites(struct flatten *f, uint32_t node)
{
    const struct ir_node *n = ir_get(f->ir, node);
    for (uint32_t i = 0; i < n->n; i++) {
        const struct ir_node *child = ir_get(f->ir, n->children[i]);
        if (child->op == IR_OP_NOT && opt_holds_child(n, child->children[0]) &&
            !has_regex(f, child->children[0]))
            return true;
    }
    return false;
}

/* AND or OR: children that are gates of the same kind give their own children instead. */
static uint32_t merge(struct flatten *f, enum ir_op op, const struct ir_node *n)
{
    f->children.n = 0;
    for (uint32_t i = 0; i < n->n; i++) {
        uint32_t child = f->to[n->children[i]];
        const struct ir_node *c = ir_get(f->ir, child);
        bool inner = c->op == op && (f->uses[n->children[i]] == 1 || c->n <= FLATTEN_SHARED_MAX);
        for (uint32_t j = 0; inner && j < c->n; j++)
            *VEC_PUSH(f->scratch, &f->children) = c->children[j];
        if (!inner)
            *VEC_PUSH(f->scratch, &f->children) = child;
    }
    uint32_t made = ir_gate(f->ir, op, f->children.v, (uint32_t)f->children.n);
    made = opt_fold_node(f->ir, f->scratch, made);
    if (ir_get(f->ir, made)->op == op && has_opposites(f, made))
        return op == IR_OP_AND ? IR_FALSE : IR_TRUE;
    return made;
}

static uint32_t flatten_at_least(struct flatten *f, struct ir_node n)
{
    f->children.n = 0;
    for (uint32_t i = 0; i < n.n; i++)
        *VEC_PUSH(f->scratch, &f->children) = f->to[n.children[i]];
    n.children = f->children.v;
    return opt_fold_node(f->ir, f->scratch, ir_make(f->ir, &n));
}

static uint32_t flatten(struct flatten *f, uint32_t node)
{
    if (ir_op_info(ir_get(f->ir, node)->op)->kind != IR_GATE)
        return node;
    struct ir_node n = *ir_get(f->ir, node);
    switch (n.op) {
    case IR_OP_AND:
    case IR_OP_OR:
        return merge(f, n.op, &n);
    case IR_OP_AT_LEAST:
        return flatten_at_least(f, n);
    case IR_OP_NOT: {
        uint32_t child = f->to[n.children[0]];
        const struct ir_node *c = ir_get(f->ir, child);
        if (c->op == IR_OP_NOT)
            return c->children[0];
        return opt_fold_node(f->ir, f->scratch, ir_not(f->ir, child));
    }
    default:
        return node;
    }
}

void pass_flatten(struct ir *ir, struct arena *scratch)
{
    struct flatten f = {.ir = ir, .scratch = scratch};
    bool *reachable = ir_reachable(ir, scratch);
    uint32_t n = ir->n_nodes;
    f.uses = count_uses(ir, scratch, reachable);
    f.to = ARENA_ARRAY(scratch, n, uint32_t);
    for (uint32_t node = 0; node < n; node++)
        if (reachable[node])
            f.to[node] = flatten(&f, node);
    for (uint32_t i = 0; i < ir->n_rules; i++)
        ir->rules[i].root = f.to[ir->rules[i].root];
}
