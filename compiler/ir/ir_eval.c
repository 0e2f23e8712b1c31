/* The IR interpreter. It keeps nothing between predicates (the judge is shared by threads and the
 * frame's memo is laid out for generated code), so a shared node is asked again at each place where
 * it stands; that is also what regexes want, whose answer at a limit depends on the polarity. */
#include "ir_eval.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

_Static_assert((int)COMPARE_GTE == (int)SIGMATON_GTE, "comparisons are numbered alike");
_Static_assert((int)TIME_YEAR == (int)SIGMATON_YEAR, "parts of a time are numbered alike");
_Static_assert((int)AFFIX_INSIDE == (int)SIGMATON_INSIDE, "affixes are numbered alike");

#define NO_REGEX UINT32_MAX

struct ir_judge {
    const struct ir *ir;
    const uint32_t *slot_of;
    uint32_t *regex_of;        /* [n_nodes] */
    const uint32_t **children; /* [n_nodes]: gates' children, cheap first */
};

struct eval {
    const struct ir_judge *judge;
    const struct sigmaton_host *host;
    const struct sigmaton_slot *slots;
    struct sigmaton_frame *frame;
};

static const struct sigmaton_slot absent; /* for fields without a slot */

/* ---- making ---- */

struct priced {
    uint64_t cost;
    uint32_t node;
};

static int by_cost(const void *a, const void *b)
{
    const struct priced *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost < y->cost ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

static uint64_t leaf_cost(const struct ir_node *n)
{
    switch (n->op) {
    case IR_OP_EQ_SET:
    case IR_OP_PREFIX_SET:
    case IR_OP_SUFFIX_SET:
    case IR_OP_CONTAINS_SET: /* asked text by text here */
        return (uint64_t)n->n * ir_op_info(n->op)->cost;
    default:
        return ir_op_info(n->op)->cost;
    }
}

/* Every gate's children, cheap first; *cost gets the sum. */
static const uint32_t *order_children(struct arena *a, const struct ir_node *n,
                                      const uint64_t *costs, uint64_t *cost)
{
    struct priced *priced = ARENA_ARRAY(a, n->n, struct priced);
    for (uint32_t i = 0; i < n->n; i++) {
        priced[i] = (struct priced){costs[n->children[i]], n->children[i]};
        *cost += priced[i].cost;
        if (*cost > UINT32_MAX) /* far beyond any order that matters, and no overflow */
            *cost = UINT32_MAX;
    }
    qsort(priced, n->n, sizeof *priced, by_cost);
    uint32_t *children = ARENA_ARRAY(a, n->n, uint32_t);
    for (uint32_t i = 0; i < n->n; i++)
        children[i] = priced[i].node;
    return children;
}

static bool find_regexes(struct ir_judge *j, struct arena *a, const struct str *regexes, size_t n)
{
    struct names *names = names_new(a);
    uint32_t *index_of = ARENA_ARRAY(a, n + 1, uint32_t); /* by name */
    index_of[0] = NO_REGEX;
    for (size_t i = 0; i < n; i++) {
        uint32_t before = names_count(names), name = names_intern(names, regexes[i]);
        if (name == before || (name == 0 && index_of[0] == NO_REGEX))
            index_of[name] = (uint32_t)i;
    }
    bool *reachable = ir_reachable(j->ir, a);
    for (uint32_t node = 0; node < j->ir->n_nodes; node++) {
        const struct ir_node *r = ir_get(j->ir, node);
        j->regex_of[node] = NO_REGEX;
        if (r->op != IR_OP_REGEX || !reachable[node])
            continue;
        uint32_t name = names_find(names, r->text);
        if (name == UINT32_MAX || index_of[name] == NO_REGEX)
            return false;
        j->regex_of[node] = index_of[name];
    }
    return true;
}

struct ir_judge *ir_judge_new(struct arena *a, const struct ir *ir, const uint32_t *slot_of,
                              const struct str *regexes, size_t n_regexes)
{
    struct ir_judge *j = ARENA_NEW(a, struct ir_judge);
    j->ir = ir;
    j->slot_of = slot_of;
    j->regex_of = ARENA_ARRAY(a, ir->n_nodes, uint32_t);
    j->children = ARENA_ARRAY(a, ir->n_nodes, const uint32_t *);
    if (!find_regexes(j, a, regexes, n_regexes))
        return NULL;
    uint64_t *costs = ARENA_ARRAY(a, ir->n_nodes, uint64_t);
    for (uint32_t node = 0; node < ir->n_nodes; node++) {
        const struct ir_node *n = ir_get(ir, node);
        costs[node] = leaf_cost(n);
        if (ir_op_info(n->op)->kind == IR_GATE)
            j->children[node] = order_children(a, n, costs, &costs[node]);
    }
    return j;
}

/* ---- judging ---- */

static const struct sigmaton_slot *slot_at(const struct eval *e, uint32_t field)
{
    uint32_t slot = e->judge->slot_of[field];
    return slot == SIGMATON_NO_SLOT ? &absent : &e->slots[slot];
}

static uint32_t text_flags(struct str s, bool cased)
{
    uint32_t flags = SIGMATON_ASCII | (cased ? SIGMATON_CASED : 0);
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return flags & ~SIGMATON_ASCII;
    return flags;
}

static bool holds_text(const struct eval *e, enum ir_op op, const struct ir_node *n, struct str s)
{
    const struct sigmaton_slot *slot = slot_at(e, n->field);
    const uint8_t *text = (const uint8_t *)s.p;
    uint32_t len = (uint32_t)s.len, flags = text_flags(s, n->cased);
    switch (op) {
    case IR_OP_EQ:
        return e->host->eq(slot, text, len, flags);
    case IR_OP_PREFIX:
        return e->host->prefix(slot, text, len, flags);
    case IR_OP_SUFFIX:
        return e->host->suffix(slot, text, len, flags);
    case IR_OP_CONTAINS:
        return e->host->contains(slot, text, len, flags);
    default: /* star and the other wildcard bytes are above ASCII, so the flag is never set */
        return e->host->wildcard(slot, text, len, flags);
    }
}

static enum ir_op op_of_set(enum ir_op op)
{
    switch (op) {
    case IR_OP_EQ_SET:
        return IR_OP_EQ;
    case IR_OP_PREFIX_SET:
        return IR_OP_PREFIX;
    case IR_OP_SUFFIX_SET:
        return IR_OP_SUFFIX;
    default:
        return IR_OP_CONTAINS;
    }
}

static bool holds_set(const struct eval *e, const struct ir_node *n)
{
    for (uint32_t i = 0; i < n->n; i++)
        if (holds_text(e, op_of_set(n->op), n, n->texts[i]))
            return true;
    return false;
}

static uint64_t number_bits(const struct number *n, uint32_t *ret_kind)
{
    uint64_t bits;
    switch (n->kind) {
    case NUMBER_INT:
        *ret_kind = SIGMATON_INT;
        return (uint64_t)n->i;
    case NUMBER_UINT:
        *ret_kind = SIGMATON_UINT;
        return n->u;
    case NUMBER_FLOAT:
        break;
    }
    *ret_kind = SIGMATON_DOUBLE;
    memcpy(&bits, &n->f, sizeof bits);
    return bits;
}

static bool holds_leaf(const struct eval *e, uint32_t node, const struct ir_node *n, bool negative)
{
    const struct sigmaton_host *host = e->host;
    const struct sigmaton_slot *slot = slot_at(e, n->field);
    uint32_t kind;
    uint64_t bits;
    switch (n->op) {
    case IR_OP_EXISTS:
        return slot->kind != SIGMATON_ABSENT;
    case IR_OP_NULL:
        return host->null(slot);
    case IR_OP_ANY:
        return host->any(slot);
    case IR_OP_BOOL:
        return host->boolean(slot, n->boolean);
    case IR_OP_NUMBER:
        bits = number_bits(&n->number, &kind);
        return host->number(slot, n->compare, kind, bits);
    case IR_OP_TIME:
        bits = number_bits(&n->number, &kind);
        return host->time(slot, n->part, n->compare, kind, bits);
    case IR_OP_CIDR:
        return host->cidr(slot, n->network.address, n->network.prefix, n->network.v6);
    case IR_OP_FIELDREF:
        return host->fieldref(slot, slot_at(e, n->other), n->part, n->cased ? SIGMATON_CASED : 0);
    case IR_OP_REGEX:
        return host->regex(e->frame, slot, e->judge->regex_of[node], negative);
    default:
        return holds_text(e, n->op, n, n->text);
    }
}

/* Depth is bounded by IR_DEPTH_MAX. `negative`: under an odd number of nots. */
static bool holds(const struct eval *e, uint32_t node, bool negative)
{
    const struct ir_node *n = ir_get(e->judge->ir, node);
    const uint32_t *children = e->judge->children[node];
    uint32_t met = 0;
    switch (n->op) {
    case IR_OP_FALSE:
        return false;
    case IR_OP_TRUE:
        return true;
    case IR_OP_NOT:
        return !holds(e, children[0], !negative);
    case IR_OP_AND:
        for (uint32_t i = 0; i < n->n; i++)
            if (!holds(e, children[i], negative))
                return false;
        return true;
    case IR_OP_OR:
        for (uint32_t i = 0; i < n->n; i++)
            if (holds(e, children[i], negative))
                return true;
        return false;
    case IR_OP_AT_LEAST:
        for (uint32_t i = 0; i < n->n && met < n->count && n->n - i >= n->count - met; i++)
            met += holds(e, children[i], negative);
        return met >= n->count;
    case IR_OP_EQ_SET:
    case IR_OP_PREFIX_SET:
    case IR_OP_SUFFIX_SET:
    case IR_OP_CONTAINS_SET:
        return holds_set(e, n);
    default:
        return holds_leaf(e, node, n, negative);
    }
}

uint64_t ir_judge_eval(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                       struct sigmaton_frame *frame, uint32_t word, uint64_t candidates)
{
    struct eval e = {frame->judge, host, slots, frame};
    const struct ir *ir = e.judge->ir;
    uint64_t hits = 0;
    for (uint64_t left = candidates; left != 0; left &= left - 1) {
        uint32_t bit = (uint32_t)__builtin_ctzll(left);
        uint32_t rule = word * 64 + bit;
        if (rule < ir->n_rules && holds(&e, ir->rules[rule].root, false))
            hits |= UINT64_C(1) << bit;
    }
    return hits;
}
