#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "plan_parts.h"
#include "witness.h"

/* How often a predicate holds of which a witness has shown. */
#define SHOWN_HOLDS 0.95

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
    double rank;
    uint32_t node;
};

static int by_rank(const void *a, const void *b)
{
    const struct priced *x = a, *y = b;
    if (x->rank < y->rank || x->rank > y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

/* Children in the order in which they decide most for what they cost. `shown` is the one of which a
 * witness was seen, which nearly always holds then; UINT32_MAX: none is. */
static uint32_t *telling_first(struct plan *p, const struct ir_node *x, uint32_t shown,
                               const float *expected)
{
    struct priced *priced = arena_array(p->arena, x->n, sizeof *priced);
    uint32_t *order = arena_array(p->arena, x->n, sizeof *order);
    for (uint32_t i = 0; i < x->n; i++) {
        const uint32_t child = x->children[i];
        double share = witness_truth(p->witnesses, child);
        if (child == shown)
            share = SHOWN_HOLDS;
        const double decides = x->op == IR_OP_AND ? 1 - share : share;
        priced[i] = (struct priced){expected[child] / decides, child};
    }
    qsort(priced, x->n, sizeof *priced, by_rank);
    for (uint32_t i = 0; i < x->n; i++)
        order[i] = priced[i].node;
    return order;
}

/* What a gate costs until a child decides. */
static double expected_cost(const struct plan *p, const struct ir_node *x, const uint32_t *order,
                            const float *expected)
{
    double sum = 0, reached = 1;
    for (uint32_t i = 0; i < x->n; i++) {
        const double share = witness_truth(p->witnesses, order[i]);
        sum += reached * (double)expected[order[i]];
        reached *= x->op == IR_OP_AND ? share : x->op == IR_OP_OR ? 1 - share : 1;
    }
    return sum;
}

static void find_witnesses(struct plan *p, const struct plan_options *options)
{
    p->prior = options->no_prior ? gram_prior_none(p->arena) : gram_prior_new(p->arena, true);
    for (size_t i = 0; i < options->sample.n; i++)
        gram_prior_sample(p->prior, options->sample.values[i]);
    p->witnesses = witness_table_new(p->arena, p->ir, p->prior, !options->no_prior);
}

/* Children have smaller numbers than their parents, so one sweep sees every child first. */
static void price(struct plan *p, float *expected)
{
    for (uint32_t i = 0; i < p->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(p->ir, i);
        const struct ir_op_info *info = ir_op_info(x->op);
        uint64_t cost = info->cost;
        p->cost[i] = (uint32_t)cost;
        expected[i] = (float)cost;
        if (!p->reachable[i] || info->kind != IR_GATE)
            continue;
        for (uint32_t k = 0; k < x->n; k++)
            cost += p->cost[x->children[k]];
        p->cost[i] = cost > UINT32_MAX ? UINT32_MAX : (uint32_t)cost;
        bool sortable = x->op == IR_OP_AND || x->op == IR_OP_OR;
        p->children[i] = sortable ? telling_first(p, x, UINT32_MAX, expected) : x->children;
        expected[i] += (float)expected_cost(p, x, p->children[i], expected);
    }
}

/* A rule is asked where its witnesses have shown: what they stand for tells little more. */
static void order_rule(struct plan *p, uint32_t rule, const float *expected)
{
    uint32_t root = p->ir->rules[rule].root, shown;
    if (witness_child(p->witnesses, root, &shown))
        p->children[root] = telling_first(p, ir_get(p->ir, root), shown, expected);
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
    find_witnesses(p, options);
    float *expected = arena_array(a, n, sizeof *expected);
    price(p, expected);
    for (uint32_t i = 0; i < ir->n_rules; i++)
        order_rule(p, i, expected);
    plan_slots(p, options);
    plan_regexes(p, options);
    plan_rule_slots(p);
    plan_sources(p);
    plan_classes(p);
    return plan_image(p, sink, options) ? p : NULL;
}
