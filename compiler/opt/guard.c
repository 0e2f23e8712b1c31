#include "guard.h"

#include <sigmaton/pack.h>
#include <string.h>

#include "arena.h"
#include "vec.h"

/* One search more is worth it where it stands for so many. With three a compilation of SigmaHQ is
 * 0.5 % dearer than without guards, with five 0.2 %. */
#define GUARD_MIN 5
/* Shorter texts stand everywhere. */
#define GUARD_TEXT_MIN 4

struct search {
    uint32_t node;
    uint32_t field;
    uint32_t needs; /* the child, or the node itself, whose texts it cannot do without */
    bool cased;     /* they */
    bool taken;
};

struct guard {
    struct arena *scratch;
    struct ir *ir;
    opt_rewrite_fn join;
    void *ctx;
    VEC(struct search) searches;
    VEC(uint32_t) texts, same, children;
};

/* ---- what a predicate needs ---- */

/* The longest piece of a pattern that is plain ASCII. */
static struct str longest_piece(struct str pattern)
{
    struct str best = {pattern.p, 0};
    for (size_t from = 0, to; from < pattern.len; from = to + 1) {
        for (to = from; to < pattern.len && (unsigned char)pattern.p[to] < 0x80;)
            to++;
        if (to - from > best.len)
            best = str_sub(pattern, from, to - from);
    }
    return best;
}

/* Others fail at their first or last bytes. */
static bool is_open(struct str pattern)
{
    return pattern.len > 1 && (unsigned char)pattern.p[0] == SIGMATON_WILD_STAR &&
           (unsigned char)pattern.p[pattern.len - 1] == SIGMATON_WILD_STAR;
}

/* The leaf that tells field and case, if x is a search; else NULL. An OR of texts to be found,
 * alike in field and case, is one too: too few for a set. */
static const struct ir_node *leaf_of(const struct ir *ir, const struct ir_node *x)
{
    const struct ir_node *first = x->op == IR_OP_OR ? ir_get(ir, x->children[0]) : x;
    bool search = x->op == IR_OP_CONTAINS || x->op == IR_OP_CONTAINS_SET || x->op == IR_OP_REGEX ||
                  x->op == IR_OP_OR || (x->op == IR_OP_WILDCARD && is_open(x->text));
    for (uint32_t i = 0; x->op == IR_OP_OR && search && i < x->n; i++) {
        const struct ir_node *child = ir_get(ir, x->children[i]);
        search = child->op == IR_OP_CONTAINS && child->field == first->field &&
                 child->cased == first->cased;
    }
    return search ? first : NULL;
}

/* The i-th of the texts of which a search needs one; of a regex none is told. */
static bool needed_text(const struct ir *ir, const struct ir_node *x, uint32_t i,
                        struct str *ret_text)
{
    bool several = x->op == IR_OP_OR || x->op == IR_OP_CONTAINS_SET;
    if (x->op == IR_OP_REGEX || i >= (several ? x->n : 1))
        return false;
    *ret_text = x->op == IR_OP_OR             ? ir_get(ir, x->children[i])->text
                : x->op == IR_OP_CONTAINS_SET ? x->texts[i]
                : x->op == IR_OP_WILDCARD     ? longest_piece(x->text)
                                              : x->text;
    return true;
}

/* The length of the shortest of them. */
static size_t needed_len(const struct ir *ir, const struct ir_node *x)
{
    size_t least = SIZE_MAX;
    struct str text;
    for (uint32_t i = 0; needed_text(ir, x, i, &text); i++)
        least = text.len < least ? text.len : least;
    return least < SIZE_MAX ? least : 0;
}

/* A pattern, or an AND of searches in one field. */
static bool find_search(const struct ir *ir, uint32_t node, struct search *ret)
{
    const struct ir_node *x = ir_get(ir, node);
    const uint32_t *parts = x->op == IR_OP_AND ? x->children : &node;
    uint32_t n = x->op == IR_OP_AND ? x->n : 1, field = 0;
    size_t best = GUARD_TEXT_MIN - 1;
    if (x->op != IR_OP_AND && x->op != IR_OP_WILDCARD)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        const struct ir_node *part = ir_get(ir, parts[i]), *leaf = leaf_of(ir, part);
        if (!leaf || (i > 0 && leaf->field != field))
            return false;
        size_t len = needed_len(ir, part);
        field = leaf->field;
        if (len > best) {
            best = len;
            *ret = (struct search){node, field, parts[i], leaf->cased, false};
        }
    }
    return best >= GUARD_TEXT_MIN && names_text(ir->names, field).len > 0; /* keywords: the line */
}

/* ---- gates ---- */

/* The texts that a search needs, as leaves. */
static void add_needs(struct guard *g, const struct search *s)
{
    const struct ir_node x = *ir_get(g->ir, s->needs); /* making nodes moves them */
    struct ir_node leaf = {.op = IR_OP_CONTAINS, .field = s->field, .cased = s->cased};
    for (uint32_t i = 0; needed_text(g->ir, &x, i, &leaf.text); i++)
        *VEC_PUSH(g->scratch, &g->texts) = ir_make(g->ir, &leaf);
}

/* The searches from `first` on that are in its field, behind their guard, or as they are where they
 * are few. */
static void put_field(struct guard *g, size_t first)
{
    const struct search like = g->searches.v[first];
    g->same.n = g->texts.n = 0;
    for (size_t i = first; i < g->searches.n; i++) {
        struct search *s = &g->searches.v[i];
        if (s->taken || s->field != like.field || s->cased != like.cased)
            continue;
        s->taken = true;
        *VEC_PUSH(g->scratch, &g->same) = s->node;
        add_needs(g, s);
    }
    if (g->same.n < GUARD_MIN) {
        for (size_t i = 0; i < g->same.n; i++)
            *VEC_PUSH(g->scratch, &g->children) = g->same.v[i];
        return;
    }
    uint32_t texts = ir_gate(g->ir, IR_OP_OR, g->texts.v, (uint32_t)g->texts.n);
    uint32_t both[2] = {g->join(g->ctx, g->ir, texts),
                        ir_gate(g->ir, IR_OP_OR, g->same.v, (uint32_t)g->same.n)};
    *VEC_PUSH(g->scratch, &g->children) = ir_gate(g->ir, IR_OP_AND, both, 2);
}

uint32_t guard_or(struct guard *g, uint32_t node)
{
    const struct ir_node n = *ir_get(g->ir, node);
    struct search s;
    if (n.op != IR_OP_OR || n.n < GUARD_MIN)
        return node;
    g->searches.n = g->children.n = 0;
    for (uint32_t i = 0; i < n.n; i++)
        if (find_search(g->ir, n.children[i], &s))
            *VEC_PUSH(g->scratch, &g->searches) = s;
        else
            *VEC_PUSH(g->scratch, &g->children) = n.children[i];
    if (g->searches.n < GUARD_MIN)
        return node;
    for (size_t i = 0; i < g->searches.n; i++)
        if (!g->searches.v[i].taken)
            put_field(g, i);
    return ir_gate(g->ir, IR_OP_OR, g->children.v, (uint32_t)g->children.n);
}

struct guard *guard_new(struct ir *ir, struct arena *scratch, opt_rewrite_fn join, void *ctx)
{
    struct guard *g = ARENA_NEW(scratch, struct guard);
    *g = (struct guard){.scratch = scratch, .ir = ir, .join = join, .ctx = ctx};
    return g;
}
