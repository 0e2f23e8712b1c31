/* The slots that each rule's predicate asks: what has to be decoded before it is judged. */
#include <stdlib.h>

#include "arena.h"
#include "plan_parts.h"

struct walk {
    struct plan *plan;
    uint32_t *node_seen, *slot_seen; /* the stamp of the last rule that came by */
    uint32_t *stack, *slots;
    uint32_t n_stack, n_slots, stamp;
};

static void push(struct walk *w, uint32_t node)
{
    if (w->node_seen[node] == w->stamp)
        return;
    w->node_seen[node] = w->stamp;
    w->stack[w->n_stack++] = node;
}

static void see_field(struct walk *w, uint32_t field)
{
    uint32_t slot = w->plan->slot_of[field];
    if (w->slot_seen[slot] != w->stamp)
        w->slots[w->n_slots++] = slot;
    w->slot_seen[slot] = w->stamp;
}

static void see_node(struct walk *w, uint32_t node)
{
    const struct ir_node *x = ir_get(w->plan->ir, node);
    enum ir_op_kind kind = ir_op_info(x->op)->kind;
    for (uint32_t i = 0; kind == IR_GATE && i < x->n; i++)
        push(w, x->children[i]);
    if (kind == IR_LEAF || kind == IR_SET)
        see_field(w, x->field);
    if (x->op == IR_OP_FIELDREF)
        see_field(w, x->other);
}

static int by_slot(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void see_rule(struct walk *w, uint32_t rule)
{
    struct plan *p = w->plan;
    w->stamp = rule + 1;
    w->n_slots = 0;
    push(w, p->ir->rules[rule].root);
    while (w->n_stack > 0)
        see_node(w, w->stack[--w->n_stack]);
    qsort(w->slots, w->n_slots, sizeof *w->slots, by_slot);
    struct plan_slots *slots = &p->rule_slots[rule];
    slots->v = arena_array(p->arena, w->n_slots, sizeof *slots->v);
    for (; slots->n < w->n_slots; slots->n++) {
        slots->v[slots->n] = w->slots[slots->n];
        if (p->slots[w->slots[slots->n]].flags & SIGMATON_SLOT_KEYWORDS)
            p->keyword_rules[rule / 64] |= UINT64_C(1) << rule % 64;
    }
}

void plan_rule_slots(struct plan *p)
{
    struct walk w = {.plan = p};
    w.node_seen = arena_array(p->arena, p->ir->n_nodes, sizeof *w.node_seen);
    w.slot_seen = arena_array(p->arena, p->n_slots, sizeof *w.slot_seen);
    w.slots = arena_array(p->arena, p->n_slots, sizeof *w.slots);
    w.stack = arena_array(p->arena, p->ir->n_nodes, sizeof *w.stack);
    p->rule_slots = arena_array(p->arena, p->ir->n_rules, sizeof *p->rule_slots);
    for (uint32_t i = 0; i < p->ir->n_rules; i++)
        see_rule(&w, i);
}
