/* Sharing across rules beyond equal nodes: children that several AND gates (or several OR gates)
 * have in common become one gate, whose answer is then found once for an event.
 *
 * Method: order each gate's children by how many gates use them, most used first, and the gates by
 * these sequences; common beginnings are then neighbours (as in a frequent-pattern tree). Each
 * longest beginning of two or more neighbours is a candidate. Linear but for the sorting.
 *
 * Cost rule: a candidate saves (gates - 1) times the cost of its children (ir_ops.def). Candidates
 * are taken in order of saving; gates that went to an earlier one do not count; one that saves less
 * than SHARE_SAVING_MIN, or whose gates all belong to one rule, is left. Each gate takes part in
 * one candidate, so no rule nests more than twice as deep as before. */
#include "opt.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "vec.h"

/* Two text searches: less is not worth a gate of its own. */
#define SHARE_SAVING_MIN 40
/* Of each gate this many of the most used children are looked at. */
#define SHARE_WIDTH_MAX 24

#define NO_CANDIDATE UINT32_MAX

struct gate {
    uint32_t node;
    uint32_t n;
    uint32_t *ranks; /* of the children that more than one gate uses, ascending */
};

/* gates[from, to) begin with the same `depth` children. */
struct candidate {
    uint32_t from, to, depth;
    uint64_t saving;
};

struct share {
    struct ir *ir;
    struct arena *scratch;
    uint32_t n; /* nodes before the pass */
    bool *reachable;
    uint32_t *first_rule, *last_rule; /* by node: of the rules that reach it */
    uint64_t *cost;                   /* by node */
    uint32_t *uses;                   /* by node: gates of the kind at work */
    uint32_t *rank, *node_of_rank;
    VEC(struct gate) gates;
    VEC(struct candidate) candidates;
    uint32_t *taken;            /* by gate: candidate, or NO_CANDIDATE */
    const uint32_t **common;    /* by node: ranks that move into the common gate, or NULL */
    uint32_t *n_common;         /* by node */
    const uint32_t **rank_base; /* by node: node_of_rank of its kind */
};

/* ---- facts about nodes ---- */

static bool is_kind(const struct share *s, uint32_t node, enum ir_op op)
{
    return s->reachable[node] && ir_get(s->ir, node)->op == op;
}

static void find_costs(struct share *s)
{
    s->cost = ARENA_ARRAY(s->scratch, s->n, uint64_t);
    for (uint32_t node = 0; node < s->n; node++) {
        const struct ir_node *n = ir_get(s->ir, node);
        uint64_t cost = ir_op_info(n->op)->cost;
        for (uint32_t i = 0; ir_op_info(n->op)->kind == IR_GATE && i < n->n; i++)
            cost += s->cost[n->children[i]];
        s->cost[node] = cost < UINT32_MAX ? cost : UINT32_MAX; /* sums of sums stay in 64 bits */
    }
}

static void spread_rule(struct share *s, uint32_t node, uint32_t first, uint32_t last)
{
    if (first < s->first_rule[node])
        s->first_rule[node] = first;
    if (last > s->last_rule[node])
        s->last_rule[node] = last;
}

static void find_rules(struct share *s)
{
    s->first_rule = ARENA_ARRAY(s->scratch, s->n, uint32_t);
    s->last_rule = ARENA_ARRAY(s->scratch, s->n, uint32_t);
    for (uint32_t node = 0; node < s->n; node++)
        s->first_rule[node] = UINT32_MAX;
    for (uint32_t i = 0; i < s->ir->n_rules; i++)
        spread_rule(s, s->ir->rules[i].root, i, i);
    for (uint32_t node = s->n; node-- > 0;) {
        const struct ir_node *n = ir_get(s->ir, node);
        if (!s->reachable[node] || ir_op_info(n->op)->kind != IR_GATE)
            continue;
        for (uint32_t i = 0; i < n->n; i++)
            spread_rule(s, n->children[i], s->first_rule[node], s->last_rule[node]);
    }
}

/* ---- sequences ---- */

struct used {
    uint32_t uses, node;
};

static int by_uses(const void *a, const void *b)
{
    const struct used *x = a, *y = b;
    if (x->uses != y->uses)
        return x->uses > y->uses ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

static int by_rank(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Ranks the children of the gates of one kind: most used is 0. */
static void rank_children(struct share *s, enum ir_op op)
{
    memset(s->uses, 0, s->n * sizeof *s->uses);
    for (uint32_t node = 0; node < s->n; node++) {
        const struct ir_node *n = ir_get(s->ir, node);
        for (uint32_t i = 0; is_kind(s, node, op) && i < n->n; i++)
            s->uses[n->children[i]]++;
    }
    struct used *used = ARENA_ARRAY(s->scratch, s->n, struct used);
    uint32_t n_used = 0;
    for (uint32_t node = 0; node < s->n; node++)
        if (s->uses[node] > 1)
            used[n_used++] = (struct used){s->uses[node], node};
    qsort(used, n_used, sizeof *used, by_uses);
    s->node_of_rank = ARENA_ARRAY(s->scratch, n_used, uint32_t);
    for (uint32_t i = 0; i < n_used; i++) {
        s->node_of_rank[i] = used[i].node;
        s->rank[used[i].node] = i;
    }
}

static int by_ranks(const void *a, const void *b)
{
    const struct gate *x = a, *y = b;
    for (uint32_t i = 0; i < x->n && i < y->n; i++)
        if (x->ranks[i] != y->ranks[i])
            return x->ranks[i] < y->ranks[i] ? -1 : 1;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

/* The gates of one kind with at least two children that others use too, in order. */
static void list_gates(struct share *s, enum ir_op op)
{
    s->gates.n = 0;
    for (uint32_t node = 0; node < s->n; node++) {
        const struct ir_node *n = ir_get(s->ir, node);
        uint32_t shared = 0;
        for (uint32_t i = 0; is_kind(s, node, op) && i < n->n; i++)
            shared += s->uses[n->children[i]] > 1;
        if (shared < 2)
            continue;
        struct gate g = {node, 0, ARENA_ARRAY(s->scratch, shared, uint32_t)};
        for (uint32_t i = 0; i < n->n; i++)
            if (s->uses[n->children[i]] > 1)
                g.ranks[g.n++] = s->rank[n->children[i]];
        qsort(g.ranks, g.n, sizeof *g.ranks, by_rank);
        if (g.n > SHARE_WIDTH_MAX)
            g.n = SHARE_WIDTH_MAX;
        *VEC_PUSH(s->scratch, &s->gates) = g;
    }
    if (s->gates.n > 0)
        qsort(s->gates.v, s->gates.n, sizeof *s->gates.v, by_ranks);
}

/* ---- candidates ---- */

static uint64_t saving_of(const struct share *s, const struct candidate *c, uint64_t gates)
{
    uint64_t cost = 0;
    for (uint32_t i = 0; i < c->depth; i++)
        cost += s->cost[s->node_of_rank[s->gates.v[c->from].ranks[i]]];
    return gates > 0 ? (gates - 1) * cost : 0;
}

static void add_candidate(struct share *s, uint32_t from, uint32_t to, uint32_t depth)
{
    struct candidate c = {from, to, depth, 0};
    c.saving = saving_of(s, &c, to - from);
    if (c.saving >= SHARE_SAVING_MIN)
        *VEC_PUSH(s->scratch, &s->candidates) = c;
}

static uint32_t common_depth(const struct gate *a, const struct gate *b)
{
    uint32_t i = 0;
    while (i < a->n && i < b->n && a->ranks[i] == b->ranks[i])
        i++;
    return i;
}

/* Every run of neighbours with its longest common beginning, by a stack of runs that are open:
 * depth grows towards the top. */
static void find_candidates(struct share *s)
{
    struct open {
        uint32_t from, depth;
    } stack[SHARE_WIDTH_MAX + 1];
    uint32_t n_open = 0;
    s->candidates.n = 0;
    for (uint32_t i = 1; i <= s->gates.n; i++) {
        uint32_t depth = i < s->gates.n ? common_depth(&s->gates.v[i - 1], &s->gates.v[i]) : 0;
        uint32_t from = i - 1;
        while (n_open > 0 && stack[n_open - 1].depth > depth) {
            n_open--;
            from = stack[n_open].from;
            add_candidate(s, from, i, stack[n_open].depth);
        }
        if (depth >= 2 && (n_open == 0 || stack[n_open - 1].depth < depth))
            stack[n_open++] = (struct open){from, depth};
    }
}

static int by_saving(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->saving != y->saving)
        return x->saving > y->saving ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->depth > y->depth) - (x->depth < y->depth);
}

/* Gives the candidate its gates if what is left of them is worth it. */
static void take_candidate(struct share *s, uint32_t index)
{
    const struct candidate *c = &s->candidates.v[index];
    uint32_t left = 0, first = UINT32_MAX, last = 0;
    for (uint32_t i = c->from; i < c->to; i++) {
        uint32_t node = s->gates.v[i].node;
        if (s->taken[i] != NO_CANDIDATE)
            continue;
        left++;
        first = s->first_rule[node] < first ? s->first_rule[node] : first;
        last = s->last_rule[node] > last ? s->last_rule[node] : last;
    }
    if (left < 2 || first == last || saving_of(s, c, left) < SHARE_SAVING_MIN)
        return;
    for (uint32_t i = c->from; i < c->to; i++) {
        if (s->taken[i] != NO_CANDIDATE)
            continue;
        s->taken[i] = index;
        uint32_t node = s->gates.v[i].node;
        s->common[node] = s->gates.v[i].ranks;
        s->n_common[node] = c->depth;
        s->rank_base[node] = s->node_of_rank;
    }
}

static void share_kind(struct share *s, enum ir_op op)
{
    rank_children(s, op);
    list_gates(s, op);
    find_candidates(s);
    if (s->candidates.n == 0)
        return;
    qsort(s->candidates.v, s->candidates.n, sizeof *s->candidates.v, by_saving);
    s->taken = ARENA_ARRAY(s->scratch, s->gates.n, uint32_t);
    for (uint32_t i = 0; i < s->gates.n; i++)
        s->taken[i] = NO_CANDIDATE;
    for (uint32_t i = 0; i < s->candidates.n; i++)
        take_candidate(s, i);
}

/* ---- rewriting ---- */

static bool holds_rank(const uint32_t *ranks, uint32_t n, const uint32_t *node_of, uint32_t node)
{
    for (uint32_t i = 0; i < n; i++)
        if (node_of[ranks[i]] == node)
            return true;
    return false;
}

/* The gate with its common children in a gate of their own; children by `to`. */
static uint32_t split(struct share *s, uint32_t node, const uint32_t *to)
{
    struct ir_node n = *ir_get(s->ir, node);
    uint32_t *children = ARENA_ARRAY(s->scratch, n.n + 1, uint32_t), kept = 1;
    uint32_t n_common = s->n_common[node], common[SHARE_WIDTH_MAX];
    for (uint32_t i = 0; i < n_common; i++)
        common[i] = to[s->rank_base[node][s->common[node][i]]];
    children[0] = ir_gate(s->ir, n.op, common, n_common);
    for (uint32_t i = 0; i < n.n; i++)
        if (!holds_rank(s->common[node], n_common, s->rank_base[node], n.children[i]))
            children[kept++] = to[n.children[i]];
    return ir_gate(s->ir, n.op, children, kept);
}

static void rewrite(struct share *s)
{
    uint32_t *to = ARENA_ARRAY(s->scratch, s->n, uint32_t);
    for (uint32_t node = 0; node < s->n; node++) {
        to[node] = node;
        if (!s->reachable[node] || ir_op_info(ir_get(s->ir, node)->op)->kind != IR_GATE)
            continue;
        if (s->common[node]) {
            to[node] = split(s, node, to);
            continue;
        }
        struct ir_node n = *ir_get(s->ir, node);
        uint32_t *children = ARENA_ARRAY(s->scratch, n.n, uint32_t), same = 0;
        for (uint32_t i = 0; i < n.n; i++) {
            children[i] = to[n.children[i]];
            same += children[i] == n.children[i];
        }
        if (same == n.n)
            continue;
        n.children = children;
        to[node] = ir_make(s->ir, &n);
    }
    for (uint32_t i = 0; i < s->ir->n_rules; i++)
        s->ir->rules[i].root = to[s->ir->rules[i].root];
}

void pass_share(struct ir *ir, struct arena *scratch)
{
    struct share s = {.ir = ir, .scratch = scratch, .n = ir->n_nodes};
    s.reachable = ir_reachable(ir, scratch);
    find_costs(&s);
    find_rules(&s);
    s.uses = ARENA_ARRAY(scratch, s.n, uint32_t);
    s.rank = ARENA_ARRAY(scratch, s.n, uint32_t);
    s.common = ARENA_ARRAY(scratch, s.n, const uint32_t *);
    s.n_common = ARENA_ARRAY(scratch, s.n, uint32_t);
    s.rank_base = ARENA_ARRAY(scratch, s.n, const uint32_t *);
    share_kind(&s, IR_OP_AND);
    share_kind(&s, IR_OP_OR);
    rewrite(&s);
}
