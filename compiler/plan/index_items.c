#include "index_items.h"

#include <stdlib.h>

#include "arena.h"
#include "vec.h"
#include "witness.h"

/* Items of the pool. */
struct wanted {
    size_t from, n;
    bool always, is_made;
};

struct index_items {
    struct plan *plan;
    struct arena *arena;
    struct wanted *wanted[2]; /* [n_rules], by whether the event's id is known */
    VEC(struct sought) pool;
    VEC(struct sought) items;
};

static bool is_separator(char c)
{
    return c == '\\' || c == '/';
}

/* "\name" or "/name": what stands behind the last separator of a path. The name has nothing that
 * JSON escapes: where a value is searched as written, an escape's backslash would end it. */
static bool is_name(struct str s)
{
    for (size_t i = 1; i < s.len; i++)
        if (is_separator(s.p[i]) || s.p[i] == '"' || (unsigned char)s.p[i] < 0x20)
            return false;
    return s.len > 1 && is_separator(s.p[0]);
}

static uint32_t key_len(struct str s)
{
    return s.len >= 8 ? 8 : s.len >= 4 ? 4 : s.len >= 2 ? 2 : 1;
}

static uint32_t kind_of(const struct witness *w)
{
    switch (w->kind) {
    case WITNESS_PRESENT:
        return ITEM_PRESENT;
    case WITNESS_WIDE:
        return ITEM_WIDE;
    case WITNESS_NUMBER:
        return ITEM_NUMBER;
    case WITNESS_EQ:
        return ITEM_EQ;
    case WITNESS_PREFIX:
        return ITEM_PREFIX + key_len(w->text);
    case WITNESS_SUFFIX:
        return is_name(w->text) ? ITEM_NAME : ITEM_SUFFIX + key_len(w->text);
    default:
        return ITEM_GRAM;
    }
}

/* The text as JSON writes it; control characters aside, which JSON may write in two ways: a text
 * with such is never looked for there, and values that hold \\u are decoded first. */
static struct str json_of(struct arena *a, struct str s)
{
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < s.len; i++) {
        static const char *const written[] = {
            ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r"};
        unsigned char c = (unsigned char)s.p[i];
        if (c < sizeof written / sizeof *written && written[c])
            text_addz(&t, written[c]);
        else if (c == '\\' || c == '"')
            text_addf(&t, "\\%c", c);
        else
            text_add(&t, (struct str){s.p + i, 1});
    }
    return text_str(&t);
}

/* Values that hold escapes are searched as they are written. One without an escape is never such a
 * value. */
static void add_json(struct index_items *ix, struct sought item)
{
    uint32_t kind = item.kind;
    struct str plain = item.text;
    bool prefix = kind >= ITEM_PREFIX && kind < ITEM_SUFFIX;
    bool suffix = kind >= ITEM_SUFFIX && kind < ITEM_JSON_PREFIX;
    if (!prefix && !suffix && kind != ITEM_EQ)
        return;
    item.text = json_of(ix->arena, plain);
    if (kind == ITEM_EQ && item.text.len == plain.len)
        return;
    item.kind = prefix   ? ITEM_JSON_PREFIX + key_len(item.text)
                : suffix ? ITEM_JSON_SUFFIX + key_len(item.text)
                         : ITEM_JSON_EQ;
    *VEC_PUSH(ix->arena, &ix->pool) = item;
}

static void make(struct index_items *ix, struct wanted *wanted, uint32_t rule, bool id_known)
{
    const struct plan *p = ix->plan;
    const struct witnesses w = witness_of(p->witnesses, rule, id_known);
    *wanted = (struct wanted){.from = ix->pool.n, .always = w.always, .is_made = true};
    for (uint32_t i = 0; !w.always && i < w.n; i++) {
        const struct sought item = {.slot = p->slot_of[w.v[i].field],
                                    .kind = kind_of(&w.v[i]),
                                    .rule = rule,
                                    .text = w.v[i].text,
                                    .number = w.v[i].number};
        *VEC_PUSH(ix->arena, &ix->pool) = item;
        add_json(ix, item);
    }
    wanted->n = ix->pool.n - wanted->from;
}

struct index_items *index_items_new(struct plan *p)
{
    struct index_items *ix = ARENA_NEW(p->arena, struct index_items);
    ix->plan = p;
    ix->arena = p->arena;
    for (int id_known = 0; id_known < 2; id_known++)
        ix->wanted[id_known] = ARENA_ARRAY(p->arena, p->ir->n_rules, struct wanted);
    return ix;
}

int index_by_meaning(const struct sought *x, const struct sought *y)
{
    if (x->slot != y->slot)
        return x->slot < y->slot ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return str_cmp(x->text, y->text);
}

static int by_item(const void *a, const void *b)
{
    const struct sought *x = a, *y = b;
    int order = index_by_meaning(x, y);
    return order != 0 ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

const struct sought *index_items(struct index_items *ix, struct plan_layer *layer, size_t *ret_n)
{
    const uint32_t n_rules = ix->plan->ir->n_rules;
    layer->always = ARENA_ARRAY(ix->arena, (n_rules + 63) / 64, uint64_t);
    ix->items.n = 0;
    for (uint32_t rule = 0; rule < n_rules; rule++) {
        if (!(layer->rules[rule / 64] >> rule % 64 & 1))
            continue;
        struct wanted *w = &ix->wanted[layer->id_known][rule];
        if (!w->is_made)
            make(ix, w, rule, layer->id_known);
        if (w->always)
            layer->always[rule / 64] |= UINT64_C(1) << rule % 64;
        for (size_t i = 0; i < w->n; i++)
            *VEC_PUSH(ix->arena, &ix->items) = ix->pool.v[w->from + i];
    }
    if (ix->items.n > 0)
        qsort(ix->items.v, ix->items.n, sizeof *ix->items.v, by_item);
    *ret_n = ix->items.n;
    return ix->items.v;
}
