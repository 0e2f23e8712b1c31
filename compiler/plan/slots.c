#include "plan_parts.h"

#include "arena.h"
#include "vec.h"

struct slots {
    struct plan *plan;
    VEC(struct plan_slot) list;
    VEC(uint32_t) slot_of; /* by name id */
};

/* Gives the field a slot, if it has none, and the slot a flag. */
static void want_id(struct slots *s, uint32_t id, uint32_t flag)
{
    struct arena *a = s->plan->arena;
    while (s->slot_of.n <= id)
        *VEC_PUSH(a, &s->slot_of) = SIGMATON_NO_SLOT;
    if (s->slot_of.v[id] == SIGMATON_NO_SLOT) {
        s->slot_of.v[id] = (uint32_t)s->list.n;
        VEC_PUSH(a, &s->list)->name = names_text(s->plan->ir->names, id);
    }
    s->list.v[s->slot_of.v[id]].flags |= flag;
}

static void want(struct slots *s, struct str name, uint32_t flag)
{
    want_id(s, names_intern(s->plan->ir->names, name), flag);
}

static void want_all(struct slots *s, const char *const *names, size_t n, uint32_t flag)
{
    for (size_t i = 0; i < n; i++)
        want(s, str_of(names[i]), flag);
}

static void want_roles(struct slots *s, const struct plan_options *options)
{
    want_all(s, channel_fields, n_channel_fields, SIGMATON_SLOT_CHANNEL);
    want_all(s, event_id_fields, n_event_id_fields, SIGMATON_SLOT_EVENT_ID);
    want_all(s, provider_fields, n_provider_fields, SIGMATON_SLOT_PROVIDER);
    if (options->time_field.len > 0)
        want(s, options->time_field, SIGMATON_SLOT_TIME);
    else
        want_all(s, time_fields, n_time_fields, SIGMATON_SLOT_TIME);
    want_all(s, product_fields, n_label_fields, SIGMATON_SLOT_PRODUCT);
    want_all(s, category_fields, n_label_fields, SIGMATON_SLOT_CATEGORY);
    want_all(s, service_fields, n_label_fields, SIGMATON_SLOT_SERVICE);
}

static bool asks_fields(const struct ir_node *x)
{
    enum ir_op_kind kind = ir_op_info(x->op)->kind;
    return kind == IR_LEAF || kind == IR_SET;
}

static void want_fields_of(struct slots *s, const struct ir_node *x)
{
    if (!asks_fields(x))
        return;
    if (x->field != 0)
        want_id(s, x->field, SIGMATON_SLOT_RULE);
    if (x->op == IR_OP_FIELDREF)
        want_id(s, x->other, SIGMATON_SLOT_RULE);
}

/* In the order in which the rules name them. Each node is walked once: what stands below it in a
 * later rule has its slots already. */
static void want_rule_fields(struct slots *s)
{
    const struct ir *ir = s->plan->ir;
    bool *seen = arena_array(s->plan->arena, ir->n_nodes, sizeof *seen);
    uint32_t *stack = arena_array(s->plan->arena, ir->n_nodes, sizeof *stack);
    for (uint32_t i = 0; i < ir->n_nodes; i++)
        if (s->plan->reachable[i] && asks_fields(ir_get(ir, i)) && ir_get(ir, i)->field == 0)
            want(s, STR(""), SIGMATON_SLOT_KEYWORDS | SIGMATON_SLOT_RULE);
    for (uint32_t rule = 0; rule < ir->n_rules; rule++) {
        uint32_t n = 0;
        stack[n] = ir->rules[rule].root;
        n += !seen[stack[n]];
        seen[stack[0]] = true;
        while (n > 0) {
            const struct ir_node *x = ir_get(ir, stack[--n]);
            want_fields_of(s, x);
            uint32_t n_children = ir_op_info(x->op)->kind == IR_GATE ? x->n : 0;
            for (uint32_t i = n_children; i-- > 0;) {
                if (seen[x->children[i]])
                    continue;
                seen[x->children[i]] = true;
                stack[n++] = x->children[i];
            }
        }
    }
}

/* Fields that rules name, whether or not a predicate asks them still: an event whose value there
 * cannot be read is unreadable, whatever the passes found out. Likewise rules that name keywords.
 * Bounded by the depth of YAML. */
static void want_named(struct slots *s, uint32_t rule, const struct detection *d)
{
    for (size_t i = 0; d->kind != DETECTION_ITEM && i < d->n_children; i++)
        want_named(s, rule, d->children[i]);
    if (d->kind != DETECTION_ITEM)
        return;
    if (d->item->field.len == 0)
        s->plan->keyword_rules[rule / 64] |= UINT64_C(1) << rule % 64;
    want(s, d->item->field,
         d->item->field.len > 0 ? SIGMATON_SLOT_RULE : SIGMATON_SLOT_KEYWORDS | SIGMATON_SLOT_RULE);
    for (size_t i = 0; i < d->item->n_values; i++)
        if (d->item->values[i]->kind == VALUE_FIELDREF)
            want(s, d->item->values[i]->other_field, SIGMATON_SLOT_RULE);
}

static void want_named_fields(struct slots *s)
{
    struct plan *p = s->plan;
    p->keyword_rules = arena_array(p->arena, (p->ir->n_rules + 63) / 64, sizeof *p->keyword_rules);
    for (uint32_t r = 0; r < s->plan->ir->n_rules; r++) {
        const struct rule *rule = s->plan->ir->rules[r].rule;
        for (size_t i = 0; rule && i < rule->n_identifiers; i++)
            want_named(s, r, rule->identifiers[i].detection);
    }
}

static bool has_slot(const struct slots *s, const char *name)
{
    uint32_t id = names_find(s->plan->ir->names, str_of(name));
    return id < s->slot_of.n && s->slot_of.v[id] != SIGMATON_NO_SLOT;
}

/* No row reads what an earlier one gives (tests/unit/compiler/pipeline holds the table to it), so a
 * row is wanted when its field is, and nothing follows from it but slots for what it reads. */
static void want_shapes(struct slots *s)
{
    struct plan *p = s->plan;
    p->shapes = arena_array(p->arena, n_shape_rows, sizeof *p->shapes);
    for (size_t i = 0; i < n_shape_rows; i++)
        p->shapes[i] = has_slot(s, shape_rows[i].field);
    for (size_t i = 0; i < n_shape_rows; i++) {
        if (!p->shapes[i])
            continue;
        want(s, str_of(shape_rows[i].source), SIGMATON_SLOT_SOURCE);
        if (shape_rows[i].domain)
            want(s, str_of(shape_rows[i].domain), SIGMATON_SLOT_SOURCE);
    }
}

void plan_slots(struct plan *p, const struct plan_options *options)
{
    struct slots s = {.plan = p};
    want_roles(&s, options);
    want_rule_fields(&s);
    want_named_fields(&s);
    for (size_t i = 0; i < n_logsource_rows; i++)
        if (logsource_rows[i].when_field)
            want(&s, str_of(logsource_rows[i].when_field), SIGMATON_SLOT_SOURCE);
    want_shapes(&s);
    for (size_t i = 0; i < n_envelope_rows; i++)
        want(&s, str_of(envelope_rows[i].path),
             envelope_rows[i].inner ? SIGMATON_SLOT_INNER : SIGMATON_SLOT_ENVELOPE);
    while (s.slot_of.n < names_count(p->ir->names))
        *VEC_PUSH(p->arena, &s.slot_of) = SIGMATON_NO_SLOT;
    p->slots = s.list.v;
    p->n_slots = (uint32_t)s.list.n;
    p->slot_of = s.slot_of.v;
}
