/* Mapped rules -> IR. The shapes follow SEMANTICS sections 3 to 8 one to one; nothing is simplified
 * here but what the constructors do. Recursion is bounded by the reader's limits on nesting. */
#include "ir.h"

#include <assert.h>
#include <string.h>

#include <sigmaton/fold.h>
#include <sigmaton/pack.h>

#include "arena.h"
#include "rule.h"

/* Folding may lengthen a character from two bytes to three. */
#define FOLD_GROWTH 2
#define NOT_LOWERED UINT32_MAX

struct lower {
    struct ir *ir;
    const struct rule *rule;
    uint32_t *identifiers; /* [cap_identifiers]: node of each identifier, or NOT_LOWERED */
    size_t cap_identifiers;
    uint32_t *stack; /* children of the gates that are being made */
    size_t n_stack, cap_stack;
    char *bytes; /* the pattern that is being folded */
    size_t cap_bytes;
};

static void push(struct lower *l, uint32_t node)
{
    if (l->n_stack == l->cap_stack) {
        size_t cap = l->cap_stack ? l->cap_stack * 2 : 64;
        uint32_t *stack = ARENA_ARRAY(l->ir->arena, cap, uint32_t);
        if (l->n_stack > 0)
            memcpy(stack, l->stack, l->n_stack * sizeof *stack);
        l->stack = stack;
        l->cap_stack = cap;
    }
    l->stack[l->n_stack++] = node;
}

/* The gate over what was pushed since `base`. */
static uint32_t pop(struct lower *l, enum ir_op op, size_t base)
{
    uint32_t node = ir_gate(l->ir, op, l->stack + base, (uint32_t)(l->n_stack - base));
    l->n_stack = base;
    return node;
}

/* ---- patterns ---- */

/* Appends the text, folded unless cased, at *len; there is room. */
static void put_text(char *out, size_t *len, struct str text, bool cased)
{
    if (cased) {
        memcpy(out + *len, text.p, text.len);
        *len += text.len;
        return;
    }
    const char *p = text.p, *end = str_end(text);
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x80) {
            out[(*len)++] = (char)sigmaton_fold(c);
            p++;
        } else {
            uint32_t code = utf8_next(&p, end);
            *len += utf8_put(sigmaton_fold(code), out + *len);
        }
    }
}

static char wild_byte(enum part_kind kind)
{
    switch (kind) {
    case PART_ONE:
        return (char)SIGMATON_WILD_ONE;
    case PART_DASH:
        return (char)SIGMATON_WILD_DASH;
    case PART_STAR:
    case PART_TEXT:
        break;
    }
    return (char)SIGMATON_WILD_STAR;
}

/* The pattern as bytes in l->bytes; slice of them. */
static struct str pattern_bytes(struct lower *l, const struct part *parts, size_t n, bool cased)
{
    size_t room = n;
    for (size_t i = 0; i < n; i++)
        room += parts[i].text.len * FOLD_GROWTH;
    if (room > l->cap_bytes) {
        l->cap_bytes = room * 2;
        l->bytes = arena_alloc(l->ir->arena, l->cap_bytes);
    }
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].kind == PART_TEXT)
            put_text(l->bytes, &len, parts[i].text, cased);
        else
            l->bytes[len++] = wild_byte(parts[i].kind);
    }
    return (struct str){l->bytes, len};
}

/* The operation for a middle part with or without a STAR on either side. */
static enum ir_op text_op(bool front, bool behind)
{
    if (front)
        return behind ? IR_OP_CONTAINS : IR_OP_SUFFIX;
    return behind ? IR_OP_PREFIX : IR_OP_EQ;
}

/* Keywords are searched anywhere (SEMANTICS section 8), so a keyword has a STAR on both sides,
 * whether the reader put it there or not. */
static uint32_t lower_pattern(struct lower *l, uint32_t field, const struct pattern *p, bool cased)
{
    const struct part *parts = p->parts;
    size_t n = p->n;
    bool keyword = field == 0;
    bool front = n > 0 && parts[0].kind == PART_STAR;
    bool behind = n > (front ? 1 : 0) && parts[n - 1].kind == PART_STAR;
    struct ir_node node = {.field = field, .cased = cased};
    const struct part *inner = front ? parts + 1 : parts;
    size_t n_inner = n - (front ? 1 : 0) - (behind ? 1 : 0);
    if (n_inner == 0 && (n > 0 || keyword)) {
        node.op = IR_OP_ANY;
        return ir_make(l->ir, &node);
    }
    front |= keyword;
    behind |= keyword;
    if (n_inner == 0 || (n_inner == 1 && inner[0].kind == PART_TEXT)) {
        node.op = text_op(front, behind);
        node.text = pattern_bytes(l, inner, n_inner, cased);
        return ir_make(l->ir, &node);
    }
    struct part *whole = ARENA_ARRAY(l->ir->arena, n_inner + 2, struct part);
    size_t n_whole = 0;
    if (front)
        whole[n_whole++].kind = PART_STAR;
    memcpy(whole + n_whole, inner, n_inner * sizeof *whole);
    n_whole += n_inner;
    if (behind)
        whole[n_whole++].kind = PART_STAR;
    node.op = IR_OP_WILDCARD;
    node.text = pattern_bytes(l, whole, n_whole, cased);
    return ir_make(l->ir, &node);
}

/* ---- values, items, detections ---- */

static uint32_t lower_value(struct lower *l, uint32_t field, const struct value *v)
{
    struct ir *ir = l->ir;
    struct ir_node node = {.field = field, .cased = v->cased};
    size_t base = l->n_stack;
    switch (v->kind) {
    case VALUE_NULL:
        node.op = IR_OP_NULL;
        return ir_make(ir, &node);
    case VALUE_BOOL:
        node.op = IR_OP_BOOL;
        node.boolean = v->boolean;
        return ir_make(ir, &node);
    case VALUE_NUMBER:
        node.op = IR_OP_NUMBER;
        node.compare = (uint8_t)v->compare;
        node.number = v->number;
        return ir_make(ir, &node);
    case VALUE_TIME:
        node.op = IR_OP_TIME;
        node.part = (uint8_t)v->time_part;
        node.compare = (uint8_t)v->compare;
        node.number = v->number;
        return ir_make(ir, &node);
    case VALUE_PATTERN:
        for (size_t i = 0; i < v->n; i++)
            push(l, lower_pattern(l, field, &v->patterns[i], v->cased));
        return pop(l, IR_OP_OR, base);
    case VALUE_REGEX:
        node.op = IR_OP_REGEX;
        for (size_t i = 0; i < v->n; i++) {
            node.regex = v->regexes[i];
            node.text = ir_regex_normal(ir->arena, v->regexes[i]);
            push(l, ir_make(ir, &node));
        }
        return pop(l, IR_OP_OR, base);
    case VALUE_CIDR:
        node.op = IR_OP_CIDR;
        node.network = v->network;
        return ir_make(ir, &node);
    case VALUE_EXISTS:
        node.op = IR_OP_EXISTS;
        return v->boolean ? ir_make(ir, &node) : ir_not(ir, ir_make(ir, &node));
    case VALUE_FIELDREF:
        node.op = IR_OP_FIELDREF;
        node.part = (uint8_t)v->affix;
        node.other = names_intern(ir->names, v->other_field);
        return ir_make(ir, &node);
    }
    assert(false);
    return IR_FALSE;
}

static uint32_t lower_item(struct lower *l, const struct item *item)
{
    uint32_t field = names_intern(l->ir->names, item->field);
    size_t base = l->n_stack;
    for (size_t i = 0; i < item->n_values; i++)
        push(l, lower_value(l, field, item->values[i]));
    uint32_t node = pop(l, item->all ? IR_OP_AND : IR_OP_OR, base);
    return item->neq ? ir_not(l->ir, node) : node;
}

static uint32_t lower_detection(struct lower *l, const struct detection *d)
{
    if (d->kind == DETECTION_ITEM)
        return lower_item(l, d->item);
    size_t base = l->n_stack;
    for (size_t i = 0; i < d->n_children; i++)
        push(l, lower_detection(l, d->children[i]));
    return pop(l, d->kind == DETECTION_ALL_OF ? IR_OP_AND : IR_OP_OR, base);
}

/* ---- conditions ---- */

static uint32_t lower_identifier(struct lower *l, uint32_t i)
{
    if (l->identifiers[i] == NOT_LOWERED)
        l->identifiers[i] = lower_detection(l, l->rule->identifiers[i].detection);
    return l->identifiers[i];
}

static uint32_t lower_at_least(struct lower *l, const struct condition *c)
{
    size_t base = l->n_stack;
    for (size_t i = 0; i < c->n_selected; i++)
        push(l, lower_identifier(l, c->selected[i]));
    if (c->count <= 1)
        return pop(l, IR_OP_OR, base);
    if (c->count >= c->n_selected)
        return pop(l, IR_OP_AND, base);
    uint32_t node = ir_make(l->ir, &(struct ir_node){.op = IR_OP_AT_LEAST,
                                                     .count = c->count,
                                                     .children = l->stack + base,
                                                     .n = (uint32_t)(l->n_stack - base)});
    l->n_stack = base;
    return node;
}

static uint32_t lower_condition(struct lower *l, const struct condition *c)
{
    size_t base = l->n_stack;
    switch (c->kind) {
    case COND_IDENTIFIER:
        return lower_identifier(l, c->identifier);
    case COND_NOT:
        return ir_not(l->ir, lower_condition(l, c->children[0]));
    case COND_AT_LEAST:
        return lower_at_least(l, c);
    case COND_AND:
    case COND_OR:
        break;
    }
    for (size_t i = 0; i < c->n_children; i++)
        push(l, lower_condition(l, c->children[i]));
    return pop(l, c->kind == COND_AND ? IR_OP_AND : IR_OP_OR, base);
}

static void lower_rule(struct lower *l, const struct rule *rule)
{
    if (rule->n_identifiers > l->cap_identifiers) {
        l->cap_identifiers = rule->n_identifiers * 2;
        l->identifiers = ARENA_ARRAY(l->ir->arena, l->cap_identifiers, uint32_t);
    }
    for (size_t i = 0; i < rule->n_identifiers; i++)
        l->identifiers[i] = NOT_LOWERED;
    l->rule = rule;
    size_t base = l->n_stack;
    for (size_t i = 0; i < rule->n_conditions; i++)
        push(l, lower_condition(l, rule->conditions[i]));
    uint32_t root = pop(l, IR_OP_OR, base);
    ir_add_rule(l->ir, rule, rule->id.len > 0 ? rule->id : rule->title, root);
}

/* About as many nodes as the rules will make: their values, and a gate for each identifier. Shared
 * ones make it too high, gates too low. */
static size_t count_values(const struct detection *d)
{
    if (d->kind == DETECTION_ITEM)
        return d->item->n_values + 1;
    size_t n = 1;
    for (size_t i = 0; i < d->n_children; i++)
        n += count_values(d->children[i]);
    return n;
}

struct ir *ir_lower(struct arena *a, const struct rule *const *rules, size_t n)
{
    struct lower l = {.ir = ir_new(a)};
    size_t nodes = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < rules[i]->n_identifiers; j++)
            nodes += count_values(rules[i]->identifiers[j].detection);
    ir_reserve(l.ir, nodes < UINT32_MAX / 8 ? (uint32_t)nodes : UINT32_MAX / 8);
    for (size_t i = 0; i < n; i++)
        lower_rule(&l, rules[i]);
    return l.ir;
}
