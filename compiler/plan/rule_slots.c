/* The slots that each rule's predicate asks: what has to be decoded before it is judged. */
#include "arena.h"
#include "plan_parts.h"

struct walk {
    struct plan *plan;
    uint32_t *node_seen, *slot_seen; /* the stamp of the last rule that came by */
    uint32_t *stack;
    uint32_t n_stack, stamp;
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
    w->slot_seen[w->plan->slot_of[field]] = w->stamp;
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

static void see_rule(struct walk *w, uint32_t rule)
{
    struct plan *p = w->plan;
    uint32_t n = 0;
    w->stamp = rule + 1;
    push(w, p->ir->rules[rule].root);
    while (w->n_stack > 0)
        see_node(w, w->stack[--w->n_stack]);
    for (uint32_t s = 0; s < p->n_slots; s++)
        n += w->slot_seen[s] == w->stamp;
    struct plan_slots *slots = &p->rule_slots[rule];
    slots->v = arena_array(p->arena, n, sizeof *slots->v);
    for (uint32_t s = 0; s < p->n_slots; s++) {
        if (w->slot_seen[s] != w->stamp)
            continue;
        slots->v[slots->n++] = s;
        if (p->slots[s].flags & SIGMATON_SLOT_KEYWORDS)
            p->keyword_rules[rule / 64] |= UINT64_C(1) << rule % 64;
    }
    /* As written: whether an event can be read must not hang on what the passes left of a rule. */
    const struct rule *written = p->ir->rules[rule].rule;
    if (written && plan_names_keywords(written))
        p->keyword_rules[rule / 64] |= UINT64_C(1) << rule % 64;
}

void plan_rule_slots(struct plan *p)
{
    struct walk w = {.plan = p};
    w.node_seen = arena_array(p->arena, p->ir->n_nodes, sizeof *w.node_seen);
    w.slot_seen = arena_array(p->arena, p->n_slots, sizeof *w.slot_seen);
    w.stack = arena_array(p->arena, p->ir->n_nodes, sizeof *w.stack);
    p->rule_slots = arena_array(p->arena, p->ir->n_rules, sizeof *p->rule_slots);
    p->keyword_rules = arena_array(p->arena, (p->ir->n_rules + 63) / 64, sizeof *p->keyword_rules);
    for (uint32_t i = 0; i < p->ir->n_rules; i++)
        see_rule(&w, i);
}
