#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "plan_parts.h"

/* Marks what one rule reaches: each node once, without recursion. */
struct walk {
    const struct ir *ir;
    uint32_t *seen; /* the stamp of the last walk that came by */
    uint32_t *stack;
    uint32_t stamp;
};

static void count_rule(struct plan *p, struct walk *w, uint32_t rule)
{
    uint32_t n = 0;
    w->stamp = rule + 1;
    w->stack[n++] = w->ir->rules[rule].root;
    w->seen[w->stack[0]] = w->stamp;
    while (n > 0) {
        uint32_t node = w->stack[--n];
        const struct ir_node *x = ir_get(w->ir, node);
        p->uses[node]++;
        if (x->op == IR_OP_REGEX)
            p->rule_regexes[rule]++;
        if (ir_op_info(x->op)->kind != IR_GATE)
            continue;
        for (uint32_t i = 0; i < x->n; i++) {
            if (w->seen[x->children[i]] == w->stamp)
                continue;
            w->seen[x->children[i]] = w->stamp;
            w->stack[n++] = x->children[i];
        }
    }
}

static void count_uses(struct plan *p)
{
    uint32_t n = p->ir->n_nodes;
    struct walk w = {.ir = p->ir};
    w.seen = arena_array(p->arena, n, sizeof *w.seen);
    w.stack = arena_array(p->arena, n, sizeof *w.stack);
    for (uint32_t i = 0; i < p->ir->n_rules; i++)
        count_rule(p, &w, i);
}

/* A predicate's answer is worth keeping when asking again costs a kernel call. A regex is asked
 * anew each time: its answer depends on the polarity, and each run has its own limit. */
static void choose_memo(struct plan *p)
{
    for (uint32_t i = 0; i < p->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(p->ir, i);
        const struct ir_op_info *info = ir_op_info(x->op);
        bool leaf = info->kind == IR_LEAF || info->kind == IR_SET;
        bool keep = p->reachable[i] && leaf && x->op != IR_OP_REGEX &&
                    info->cost >= PLAN_MEMO_COST && p->uses[i] >= 2;
        p->memo_of[i] = keep ? p->n_memo++ : PLAN_NO_MEMO;
    }
}

struct priced {
    uint32_t cost, node;
};

static int by_cost(const void *a, const void *b)
{
    const struct priced *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost < y->cost ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

static uint32_t *cheap_first(struct plan *p, const struct ir_node *x)
{
    struct priced *priced = arena_array(p->arena, x->n, sizeof *priced);
    uint32_t *order = arena_array(p->arena, x->n, sizeof *order);
    for (uint32_t i = 0; i < x->n; i++)
        priced[i] = (struct priced){p->cost[x->children[i]], x->children[i]};
    qsort(priced, x->n, sizeof *priced, by_cost);
    for (uint32_t i = 0; i < x->n; i++)
        order[i] = priced[i].node;
    return order;
}

/* Children have smaller numbers than their parents, so one sweep sees every child first. */
static void price(struct plan *p)
{
    for (uint32_t i = 0; i < p->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(p->ir, i);
        const struct ir_op_info *info = ir_op_info(x->op);
        uint64_t cost = info->cost;
        p->cost[i] = (uint32_t)cost;
        if (!p->reachable[i] || info->kind != IR_GATE)
            continue;
        for (uint32_t k = 0; k < x->n; k++)
            cost += p->cost[x->children[k]];
        p->cost[i] = cost > UINT32_MAX ? UINT32_MAX : (uint32_t)cost;
        bool sortable = x->op == IR_OP_AND || x->op == IR_OP_OR;
        p->children[i] = sortable ? cheap_first(p, x) : x->children;
    }
}

struct plan *plan_make(struct arena *a, struct diag_sink *sink, const struct ir *ir,
                       const struct plan_options *options)
{
    struct plan *p = ARENA_NEW(a, struct plan);
    uint32_t n = ir->n_nodes;
    p->arena = a;
    p->ir = ir;
    p->reachable = ir_reachable(ir, a);
    p->memo_of = arena_array(a, n, sizeof *p->memo_of);
    p->uses = arena_array(a, n, sizeof *p->uses);
    p->cost = arena_array(a, n, sizeof *p->cost);
    p->children = arena_array(a, n, sizeof *p->children);
    p->rule_regexes = arena_array(a, ir->n_rules, sizeof *p->rule_regexes);
    count_uses(p);
    choose_memo(p);
    price(p);
    plan_slots(p, options);
    plan_regexes(p, options);
    plan_rule_slots(p);
    plan_sources(p);
    plan_classes(p, options);
    return plan_image(p, sink, options) ? p : NULL;
}
