/* Texts of one field under an `or`: what another text implies goes, and what is left of one kind
 * becomes one set where it is enough. Of what is left, searches get a guard (guard.h).
 *
 * Whatever holds "ab" holds "a", so contains "ab" adds nothing beside contains "a"; likewise prefix
 * beside prefix, suffix beside suffix, and eq, prefix and suffix beside what their own text meets.
 * Texts that ignore case are folded UTF-8 on both sides, so bytes decide. Leaves of a list do not
 * matter: the leaf that meets the one text meets the other.
 *
 * Sorted texts of which none starts with another have this property: if any of them starts a given
 * text, it is the last one that is not above it. So each question is one binary search, and a whole
 * `or` of n texts costs n log n searches and no pairs. */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "guard.h"
#include "vec.h"

/* Fewer texts of one kind stay predicates of their own, which other rules may share. */
#define VALUES_SET_MIN 3

/* Longer texts are not searched for shorter ones inside them: it would rarely find any, and bounds
 * what a hostile rule can make the comparisons cost. */
#define VALUES_SEARCH_MAX 512

struct entry {
    uint32_t field;
    bool cased;
    enum ir_op op; /* EQ, PREFIX, SUFFIX or CONTAINS */
    struct str text;
};

struct values {
    struct ir *ir;
    struct arena *scratch;
    struct guard *guard;
    VEC(struct entry) entries;
    VEC(struct str) texts;
    VEC(uint32_t) children; /* of the new gate */
    VEC(uint32_t) any_fields;
};

#define PAIRS 1024u
/* Entries of one field and case mode, cut by op; each part sorted: suffixes from their ends. */
struct group {
    struct entry *v[4];
    size_t n[4];
    bool first_byte[256]; /* of some contains text */
    uint64_t
        pairs[PAIRS / 64]; /* hashes of their first two bytes; all where one is a single byte */
};
#define PART(op) ((op)-IR_OP_EQ)

/* ---- order ---- */

/* Compares from the last byte to the first, shorter first. */
static int cmp_reversed(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    for (size_t i = 1; i <= len; i++) {
        unsigned char x = (unsigned char)a.p[a.len - i], y = (unsigned char)b.p[b.len - i];
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a.len > b.len) - (a.len < b.len);
}

static int cmp_text(enum ir_op op, struct str a, struct str b)
{
    return op == IR_OP_SUFFIX ? cmp_reversed(a, b) : str_cmp(a, b);
}

static bool starts(enum ir_op op, struct str s, struct str with)
{
    return op == IR_OP_SUFFIX ? str_ends(s, with) : str_starts(s, with);
}

static int by_group(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    if (x->cased != y->cased)
        return x->cased ? 1 : -1;
    if (x->op != y->op)
        return x->op < y->op ? -1 : 1;
    return cmp_text(x->op, x->text, y->text);
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* ---- subsumption ---- */

/* Keeps what does not start with (SUFFIX: end in) another of the sorted entries. */
static size_t drop_extended(struct entry *v, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || !starts(v[i].op, v[i].text, v[kept - 1].text))
            v[kept++] = v[i];
    return kept;
}

/* Does one of the entries, none of which starts another, start s? */
static bool is_started(const struct entry *v, size_t n, struct str s)
{
    size_t lo = 0, hi = n; /* the first entry above s */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (cmp_text(v[mid].op, v[mid].text, s) <= 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo > 0 && starts(v[lo - 1].op, s, v[lo - 1].text);
}

static uint32_t pair_of(const char *p)
{
    return ((uint32_t)(unsigned char)p[0] * 33 + (unsigned char)p[1]) % PAIRS;
}

static void add_start(struct group *g, struct str s)
{
    g->first_byte[(unsigned char)s.p[0]] = true;
    if (s.len == 1)
        memset(g->pairs, 0xff, sizeof g->pairs);
    else
        g->pairs[pair_of(s.p) / 64] |= UINT64_C(1) << pair_of(s.p) % 64;
}

/* Does s hold one of the contains texts at `from` or later? */
static bool is_contained(const struct group *g, struct str s, size_t from)
{
    const struct entry *v = g->v[PART(IR_OP_CONTAINS)];
    size_t n = g->n[PART(IR_OP_CONTAINS)];
    if (n > 0 && v[0].text.len == 0)
        return true;
    if (s.len > VALUES_SEARCH_MAX)
        return false;
    for (size_t i = from; n > 0 && i < s.len; i++) {
        if (!g->first_byte[(unsigned char)s.p[i]])
            continue;
        uint32_t pair = i + 1 < s.len ? pair_of(s.p + i) : 0;
        if ((i + 1 == s.len || (g->pairs[pair / 64] >> pair % 64 & 1) != 0) &&
            is_started(v, n, str_sub(s, i, s.len)))
            return true;
    }
    return false;
}

/* Of the entries of one op, those whose text holds no contains text at `from` or later. */
static size_t drop_containing(const struct group *g, const struct entry *v, size_t n, size_t from,
                              struct entry *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!is_contained(g, v[i].text, from))
            out[kept++] = v[i];
    return kept;
}

/* `spare` has room for the contains entries: they are asked while they are being thinned out. A
 * text whose own beginning is asked would find itself, hence `from` 1 there; the beginning is what
 * drop_extended has seen to. */
static void drop_subsumed(struct group *g, struct entry *spare)
{
    const unsigned eq = PART(IR_OP_EQ), prefix = PART(IR_OP_PREFIX), suffix = PART(IR_OP_SUFFIX),
                   contains = PART(IR_OP_CONTAINS);
    g->n[contains] = drop_extended(g->v[contains], g->n[contains]);
    for (size_t i = 0; i < g->n[contains]; i++)
        if (g->v[contains][i].text.len > 0)
            add_start(g, g->v[contains][i].text);
    if (g->n[contains] > 1) {
        size_t n = drop_containing(g, g->v[contains], g->n[contains], 1, spare);
        memcpy(g->v[contains], spare, n * sizeof *spare);
        g->n[contains] = n;
    }
    for (unsigned part = prefix; part <= suffix; part++) {
        g->n[part] = drop_extended(g->v[part], g->n[part]);
        g->n[part] = drop_containing(g, g->v[part], g->n[part], 0, g->v[part]);
    }
    g->n[eq] = drop_containing(g, g->v[eq], g->n[eq], 0, g->v[eq]);
    size_t kept = 0;
    for (size_t i = 0; i < g->n[eq]; i++)
        if (!is_started(g->v[prefix], g->n[prefix], g->v[eq][i].text) &&
            !is_started(g->v[suffix], g->n[suffix], g->v[eq][i].text))
            g->v[eq][kept++] = g->v[eq][i];
    g->n[eq] = kept;
}

/* ---- gates ---- */

static void add_entry(struct values *s, const struct ir_node *n, enum ir_op op, struct str text)
{
    *VEC_PUSH(s->scratch, &s->entries) = (struct entry){n->field, n->cased, op, text};
}

/* Sorts the children into texts and others. */
static void take_children(struct values *s, const struct ir_node *gate)
{
    s->entries.n = s->children.n = s->any_fields.n = 0;
    for (uint32_t i = 0; i < gate->n; i++) {
        const struct ir_node *n = ir_get(s->ir, gate->children[i]);
        if (n->op >= IR_OP_EQ && n->op <= IR_OP_CONTAINS) {
            add_entry(s, n, n->op, n->text);
            continue;
        }
        if (n->op >= IR_OP_EQ_SET && n->op <= IR_OP_CONTAINS_SET) {
            for (uint32_t j = 0; j < n->n; j++)
                add_entry(s, n, (enum ir_op)(n->op - IR_OP_EQ_SET + IR_OP_EQ), n->texts[j]);
            continue;
        }
        if (n->op == IR_OP_ANY)
            *VEC_PUSH(s->scratch, &s->any_fields) = n->field;
        *VEC_PUSH(s->scratch, &s->children) = gate->children[i];
    }
}

/* The sorted entries v[n] of one op as children. */
static void put_texts(struct values *s, const struct entry *v, size_t n)
{
    if (n == 0)
        return;
    struct ir_node node = {.op = v->op, .field = v->field, .cased = v->cased};
    for (size_t i = 0; i < n && n < VALUES_SET_MIN; i++) {
        node.text = v[i].text;
        *VEC_PUSH(s->scratch, &s->children) = ir_make(s->ir, &node);
    }
    if (n < VALUES_SET_MIN)
        return;
    s->texts.n = 0;
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(s->scratch, &s->texts) = v[i].text;
    if (v->op == IR_OP_SUFFIX)
        qsort(s->texts.v, n, sizeof *s->texts.v, by_bytes);
    node.op = (enum ir_op)(v->op - IR_OP_EQ + IR_OP_EQ_SET);
    node.texts = s->texts.v;
    node.n = (uint32_t)n;
    *VEC_PUSH(s->scratch, &s->children) = ir_make(s->ir, &node);
}

static bool holds_any(const struct values *s, uint32_t field)
{
    for (size_t i = 0; i < s->any_fields.n; i++)
        if (s->any_fields.v[i] == field)
            return true;
    return false;
}

/* Sorted entries v[n] of one field and case mode. */
static void put_group(struct values *s, struct entry *v, size_t n)
{
    if (holds_any(s, v->field)) /* every text is a scalar */
        return;
    struct group g = {0};
    size_t at = 0;
    for (unsigned part = 0; part < 4; part++) {
        g.v[part] = v + at;
        while (at < n && PART(v[at].op) == part)
            at++;
        g.n[part] = (size_t)(v + at - g.v[part]);
    }
    if (g.n[PART(IR_OP_EQ)] < n && n > 1)
        drop_subsumed(&g, ARENA_ARRAY(s->scratch, g.n[PART(IR_OP_CONTAINS)], struct entry));
    for (unsigned part = 0; part < 4; part++)
        put_texts(s, g.v[part], g.n[part]);
}

static uint32_t join(void *ctx, struct ir *ir, uint32_t node)
{
    struct values *s = ctx;
    const struct ir_node *n = ir_get(ir, node);
    if (n->op != IR_OP_OR)
        return node;
    take_children(s, n);
    size_t n_entries = s->entries.n;
    if (n_entries == 0 || n_entries + s->any_fields.n < 2)
        return node;
    qsort(s->entries.v, n_entries, sizeof *s->entries.v, by_group);
    for (size_t from = 0, to; from < n_entries; from = to) {
        const struct entry *first = &s->entries.v[from];
        for (to = from + 1; to < n_entries && s->entries.v[to].field == first->field &&
                            s->entries.v[to].cased == first->cased;)
            to++;
        put_group(s, s->entries.v + from, to - from);
    }
    return ir_gate(ir, IR_OP_OR, s->children.v, (uint32_t)s->children.n);
}

static uint32_t rewrite(void *ctx, struct ir *ir, uint32_t node)
{
    struct values *s = ctx;
    if (ir_get(ir, node)->op != IR_OP_OR)
        return node;
    return guard_or(s->guard, join(ctx, ir, node));
}

void pass_values(struct ir *ir, struct arena *scratch)
{
    struct values s = {.ir = ir, .scratch = scratch};
    s.guard = guard_new(ir, scratch, join, &s);
    opt_rewrite(ir, scratch, rewrite, &s);
}
