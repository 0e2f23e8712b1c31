/* Leaf predicates as data (pack.h, struct sigmaton_probe), for code that calls host->probe. The
 * leaves that stand side by side in an AND or OR are one list, asked by one call, and so is a gate
 * of nothing but leaves beside them; a leaf that stands alone is a list of one. A regex is told its
 * polarity, so a list that holds one is written for each polarity at which it is asked. */
#include "plan_parts.h"

#include <sigmaton/fold.h>
#include <string.h>

#include "arena.h"
#include "vec.h"

#define POSITIVE 1u
#define NEGATIVE 2u

struct writer {
    struct plan *p;
    uint32_t base;       /* image offset of the first word */
    VEC(uint64_t) words; /* the lists */
    VEC(struct plan_probes) rows;
    uint8_t *polarities;  /* [n_nodes]: at which the node is asked */
    bool *alone;          /* [n_nodes]: asked by itself somewhere */
    uint8_t *heights;     /* [n_nodes]: gates within, up to GATES */
    uint32_t *gate_at[2]; /* [n_nodes], by polarity: the list of a gate of leaves; 0: not written */
};
/* The gates that a probe may be, within its list: leaves alone are none. */
#define GATES 2u

/* ---- operands ---- */

/* Bytes can be compared one by one when no code point beyond ASCII has a case. */
static bool bytes_fold_alone(struct str s)
{
    uint32_t others[SIGMATON_FOLD_CLASS_MAX];
    for (const char *p = s.p, *end = str_end(s); p < end;) {
        unsigned char byte = (unsigned char)*p;
        if (byte < 0x80) {
            p++;
            continue;
        }
        uint32_t c = utf8_next(&p, end);
        if (c >= 0xDC00 && c <= 0xDFFF)
            return false;
        if (sigmaton_fold(c) != c || sigmaton_fold_class(c, others) > 1)
            return false;
    }
    return true;
}

/* The wildcard bytes of a pattern are not text. */
static bool pattern_folds_alone(struct str s)
{
    size_t start = 0;
    for (size_t i = 0; i <= s.len; i++) {
        if (i < s.len && (unsigned char)s.p[i] < SIGMATON_WILD_DASH)
            continue;
        if (i > start && !bytes_fold_alone((struct str){s.p + start, i - start}))
            return false;
        start = i + 1;
    }
    return true;
}

uint32_t plan_text_flags(const struct ir_node *x)
{
    bool alone = x->op == IR_OP_WILDCARD ? pattern_folds_alone(x->text) : bytes_fold_alone(x->text);
    return (x->cased ? SIGMATON_CASED : 0) | (alone ? SIGMATON_ASCII : 0);
}

uint32_t plan_number_kind(const struct number *n)
{
    return n->kind == NUMBER_INT    ? SIGMATON_INT
           : n->kind == NUMBER_UINT ? SIGMATON_UINT
                                    : SIGMATON_DOUBLE;
}

uint64_t plan_number_bits(const struct number *n)
{
    uint64_t bits;
    if (n->kind == NUMBER_FLOAT)
        memcpy(&bits, &n->f, sizeof bits);
    else
        bits = n->kind == NUMBER_INT ? (uint64_t)n->i : n->u;
    return bits;
}

/* A byte or-ed with 0x20 is a lower-case letter for that letter alone, in either case: exact. */
static void add_byte(uint64_t *pair, unsigned place, struct str text, size_t at, bool cased)
{
    unsigned char c = (unsigned char)text.p[at];
    pair[0] |= (uint64_t)c << (8 * place);
    if (!cased && c >= 'a' && c <= 'z')
        pair[1] |= UINT64_C(0x20) << (8 * place);
}

/* Pairs {want, mask} as pack.h tells; returns the words. text.len >= 1. */
static unsigned text_words(struct str text, bool cased, uint64_t words[4])
{
    size_t n = text.len;
    for (unsigned i = 0; n >= 8 && i < 8; i++) {
        add_byte(words, i, text, i, cased);
        add_byte(words + 2, i, text, n - 8 + i, cased);
    }
    for (unsigned i = 0; n >= 4 && n < 8 && i < 4; i++) {
        add_byte(words, i, text, i, cased);
        add_byte(words, 4 + i, text, n - 4 + i, cased);
    }
    const size_t few[3] = {0, n / 2, n - 1};
    for (unsigned i = 0; n < 4 && i < 3; i++)
        add_byte(words, i, text, few[i], cased);
    return n >= 8 ? 4 : 2;
}

static enum sigmaton_probe_op probe_op(const struct ir_node *x, uint32_t flags)
{
    bool words = flags != 0 && x->text.len > 0;
    switch (x->op) {
    case IR_OP_EXISTS:
        return SIGMATON_PROBE_EXISTS;
    case IR_OP_NULL:
        return SIGMATON_PROBE_NULL;
    case IR_OP_ANY:
        return SIGMATON_PROBE_ANY;
    case IR_OP_BOOL:
        return SIGMATON_PROBE_BOOL;
    case IR_OP_NUMBER:
        return SIGMATON_PROBE_NUMBER;
    case IR_OP_TIME:
        return SIGMATON_PROBE_TIME;
    case IR_OP_EQ:
        return words ? SIGMATON_PROBE_EQ_WORDS : SIGMATON_PROBE_EQ;
    case IR_OP_PREFIX:
        return words ? SIGMATON_PROBE_PREFIX_WORDS : SIGMATON_PROBE_PREFIX;
    case IR_OP_SUFFIX:
        return words ? SIGMATON_PROBE_SUFFIX_WORDS : SIGMATON_PROBE_SUFFIX;
    case IR_OP_CONTAINS:
        return SIGMATON_PROBE_CONTAINS;
    case IR_OP_WILDCARD:
        return SIGMATON_PROBE_WILDCARD;
    case IR_OP_CIDR:
        return SIGMATON_PROBE_CIDR;
    case IR_OP_FIELDREF:
        return SIGMATON_PROBE_FIELDREF;
    case IR_OP_REGEX:
        return SIGMATON_PROBE_REGEX;
    default:
        return SIGMATON_PROBE_SET;
    }
}

/* The operands of x; returns the words in use. */
static unsigned fill_operands(const struct plan *p, uint32_t node, struct sigmaton_probe *q)
{
    const struct ir_node *x = ir_get(p->ir, node);
    switch (x->op) {
    case IR_OP_BOOL:
        q->a = x->boolean;
        return 0;
    case IR_OP_NUMBER:
    case IR_OP_TIME:
        q->a = x->compare;
        q->b = plan_number_kind(&x->number);
        q->words[0] = plan_number_bits(&x->number);
        q->words[1] = x->part;
        return x->op == IR_OP_TIME ? 2 : 1;
    case IR_OP_CIDR:
        q->a = x->network.prefix;
        q->b = x->network.v6;
        return 0;
    case IR_OP_FIELDREF:
        q->a = p->slot_of[x->other];
        q->b = x->part;
        return 0;
    case IR_OP_REGEX:
        q->a = p->regex_of[node];
        q->b = x->regex != NULL ? ir_regex_least(x->regex) : 0;
        return 0;
    default:
        q->a = (uint32_t)x->text.len;
        if (q->op != SIGMATON_PROBE_EQ_WORDS && q->op != SIGMATON_PROBE_PREFIX_WORDS &&
            q->op != SIGMATON_PROBE_SUFFIX_WORDS)
            return 0;
        return text_words(x->text, x->cased, q->words);
    }
}

/* ---- lists ---- */

static bool is_leaf(const struct ir_node *x)
{
    return ir_op_info(x->op)->kind == IR_LEAF || ir_op_info(x->op)->kind == IR_SET;
}

/* What a probe can say: a leaf, a gate of leaves, or the negation of one. */
static bool is_probe(const struct writer *w, uint32_t node)
{
    return w->heights[node] < GATES;
}

static void measure(struct writer *w)
{
    for (uint32_t node = 0; node < w->p->ir->n_nodes; node++) {
        const struct ir_node *x = ir_get(w->p->ir, node);
        uint8_t height = is_leaf(x) ? 0 : GATES;
        if (x->op == IR_OP_NOT)
            height = w->heights[x->children[0]];
        if ((x->op == IR_OP_AND || x->op == IR_OP_OR) && x->n > 0)
            height = 1;
        for (uint32_t i = 0; height == 1 && x->op != IR_OP_NOT && i < x->n; i++)
            if (w->heights[x->children[i]] > 0)
                height = GATES;
        w->heights[node] = height;
    }
}

static bool has_flags(enum ir_op op)
{
    return op == IR_OP_EQ || op == IR_OP_PREFIX || op == IR_OP_SUFFIX || op == IR_OP_CONTAINS ||
           op == IR_OP_WILDCARD;
}

static void put_probe(struct writer *w, const struct sigmaton_probe *q)
{
    for (uint32_t i = 0; i < q->size / 8u; i++)
        memcpy(VEC_PUSH(w->p->arena, &w->words), (const char *)q + 8 * (size_t)i, 8);
}

static void add_probe(struct writer *w, uint32_t node, bool negative)
{
    const struct plan *p = w->p;
    const struct ir_node *x = ir_get(p->ir, node);
    struct sigmaton_probe q = {0};
    uint32_t flags = 0;
    for (; x->op == IR_OP_NOT; x = ir_get(p->ir, node)) {
        flags ^= SIGMATON_PROBE_NOT;
        negative = !negative;
        node = x->children[0];
    }
    if (!is_leaf(x)) {
        q.op = SIGMATON_PROBE_GATE;
        q.flags = (uint8_t)flags;
        q.memo = SIGMATON_NO_MEMO;
        q.size = (uint16_t)offsetof(struct sigmaton_probe, words);
        q.off = (int32_t)(w->gate_at[negative][node] - (w->base + 8 * (uint32_t)w->words.n));
        put_probe(w, &q);
        return;
    }
    uint32_t text = has_flags(x->op) ? plan_text_flags(x) : x->cased ? SIGMATON_CASED : 0;
    if (x->op == IR_OP_REGEX && negative)
        flags |= SIGMATON_PROBE_NEGATIVE;
    q.op = (uint8_t)probe_op(x, text);
    q.flags = (uint8_t)(flags | text);
    q.slot = p->slot_of[x->field];
    q.memo = p->memo_of[node];
    uint32_t size =
        (uint32_t)offsetof(struct sigmaton_probe, words) + 8 * fill_operands(p, node, &q);
    q.size = (uint16_t)size;
    if (p->blob_of[node] != PLAN_NO_BLOB)
        q.off = (int32_t)(p->blob_of[node] - (w->base + 8 * (uint32_t)w->words.n));
    put_probe(w, &q);
}

static uint32_t add_list(struct writer *w, const uint32_t *nodes, uint32_t n, bool any,
                         bool negative);

static bool has_regex(const struct ir *ir, uint32_t node)
{
    const struct ir_node *x = ir_get(ir, node);
    bool found = x->op == IR_OP_REGEX;
    for (uint32_t i = 0; !found && !is_leaf(x) && i < x->n; i++) /* as deep as GATES and a NOT */
        found = has_regex(ir, x->children[i]);
    return found;
}

/* The list of a gate of leaves, or the negation of one, which others point to. */
static void add_gate(struct writer *w, uint32_t node, bool negative)
{
    const struct ir_node *x = ir_get(w->p->ir, node);
    for (; x->op == IR_OP_NOT; x = ir_get(w->p->ir, node)) {
        negative = !negative;
        node = x->children[0];
    }
    if (is_leaf(x) || w->gate_at[negative][node] != 0)
        return;
    uint32_t at = add_list(w, w->p->children[node], x->n, x->op == IR_OP_OR, negative);
    w->gate_at[negative][node] = at;
    if (!has_regex(w->p->ir, node))
        w->gate_at[!negative][node] = at;
}

/* Writes the list, behind those that it points to; returns its image offset. */
static uint32_t add_list(struct writer *w, const uint32_t *nodes, uint32_t n, bool any,
                         bool negative)
{
    struct sigmaton_probes head = {n, any};
    for (uint32_t i = 0; i < n; i++)
        add_gate(w, nodes[i], negative);
    uint32_t off = w->base + 8 * (uint32_t)w->words.n;
    memcpy(VEC_PUSH(w->p->arena, &w->words), &head, sizeof head);
    for (uint32_t i = 0; i < n; i++)
        add_probe(w, nodes[i], negative);
    return off;
}

/* The list of a gate, or a part of one; of a gate of leaves it may stand already. */
static uint32_t list_of(struct writer *w, uint32_t node, const uint32_t *nodes, uint32_t n,
                        bool negative)
{
    bool any = ir_get(w->p->ir, node)->op == IR_OP_OR;
    if (w->heights[node] != 1)
        return add_list(w, nodes, n, any, negative);
    add_gate(w, node, negative);
    return w->gate_at[negative][node];
}

static void add_row(struct writer *w, uint32_t node, uint32_t first, const uint32_t *nodes,
                    uint32_t n)
{
    struct plan_probes row = {first, n, {0, 0}};
    bool regex = false;
    for (uint32_t i = 0; i < n; i++)
        regex |= has_regex(w->p->ir, nodes[i]);
    if (!regex) {
        row.off[0] = row.off[1] = list_of(w, node, nodes, n, false);
    } else {
        if (w->polarities[node] & POSITIVE)
            row.off[0] = list_of(w, node, nodes, n, false);
        if (w->polarities[node] & NEGATIVE)
            row.off[1] = list_of(w, node, nodes, n, true);
    }
    *VEC_PUSH(w->p->arena, &w->rows) = row;
}

static void add_rows(struct writer *w, uint32_t node)
{
    const struct ir *ir = w->p->ir;
    const struct ir_node *x = ir_get(ir, node);
    if (is_leaf(x) && w->alone[node])
        add_row(w, node, 0, &node, 1);
    if (x->op != IR_OP_AND && x->op != IR_OP_OR)
        return;
    const uint32_t *children = w->p->children[node];
    for (uint32_t first = 0, end; first < x->n; first = end + 1) {
        for (end = first; end < x->n && is_probe(w, children[end]);)
            end++;
        if (end > first)
            add_row(w, node, first, children + first, end - first);
    }
}

/* Parents have larger numbers than their children, so one sweep from the roots sees every parent
 * first. */
static void mark(struct writer *w)
{
    const struct plan *p = w->p;
    const struct ir *ir = p->ir;
    for (uint32_t i = 0; i < ir->n_rules; i++) {
        w->polarities[ir->rules[i].root] |= POSITIVE;
        w->alone[ir->rules[i].root] = true;
    }
    for (uint32_t node = ir->n_nodes; node-- > 0;) {
        const struct ir_node *x = ir_get(ir, node);
        if (!p->reachable[node] || ir_op_info(x->op)->kind != IR_GATE)
            continue;
        uint8_t as = w->polarities[node];
        if (x->op == IR_OP_NOT)
            as = (uint8_t)((as & POSITIVE ? NEGATIVE : 0) | (as & NEGATIVE ? POSITIVE : 0));
        /* A negated leaf is in its gate's list; a gate below a NOT asks its own child again. */
        bool alone = x->op == IR_OP_AT_LEAST ||
                     (x->op == IR_OP_NOT && (w->alone[node] || !is_probe(w, node)));
        for (uint32_t i = 0; i < x->n; i++) {
            w->polarities[x->children[i]] |= as;
            w->alone[x->children[i]] |= alone;
        }
    }
}

const void *plan_probes(struct plan *p, uint32_t base, uint32_t *ret_size)
{
    uint32_t n = p->ir->n_nodes;
    struct writer w = {.p = p, .base = base};
    w.polarities = arena_array(p->arena, n, sizeof *w.polarities);
    w.alone = arena_array(p->arena, n, sizeof *w.alone);
    w.heights = arena_array(p->arena, n, sizeof *w.heights);
    for (int negative = 0; negative < 2; negative++)
        w.gate_at[negative] = arena_array(p->arena, n, sizeof *w.gate_at[negative]);
    p->probes_at = arena_array(p->arena, (size_t)n + 1, sizeof *p->probes_at);
    measure(&w);
    mark(&w);
    for (uint32_t node = 0; node < n; node++) {
        p->probes_at[node] = (uint32_t)w.rows.n;
        if (p->reachable[node])
            add_rows(&w, node);
    }
    p->probes_at[n] = (uint32_t)w.rows.n;
    p->probes = w.rows.v;
    *ret_size = 8 * (uint32_t)w.words.n;
    return w.words.v;
}
