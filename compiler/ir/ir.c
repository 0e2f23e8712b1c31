#include "ir.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

#define FIRST_NODES 256u

const struct ir_op_info ir_op_infos[] = {
#define IR_ROW(name, text, kind, cost, help) {text, help, IR_##kind, cost},
#include "ir_ops.def"
#undef IR_ROW
};

/* ---- equality ---- */

static uint64_t double_bits(double f)
{
    uint64_t bits;
    memcpy(&bits, &f, sizeof bits);
    return bits;
}

/* The number as 64 bits; with the kind they tell numbers apart exactly, -0.0 from 0.0 included. */
static uint64_t number_bits(const struct number *n)
{
    switch (n->kind) {
    case NUMBER_INT:
        return (uint64_t)n->i;
    case NUMBER_UINT:
        return n->u;
    case NUMBER_FLOAT:
        break;
    }
    return double_bits(n->f);
}

/* Which of the small operands an op uses, packed; the others are ignored wherever they come from.
 */
struct packed {
    uint64_t a, b;
};
#define PACK_OP UINT64_C(0xff)
#define PACK_CASED UINT64_C(0x100)
#define PACK_BOOLEAN UINT64_C(0x200)
#define PACK_COMPARE UINT64_C(0xff0000)
#define PACK_PART UINT64_C(0xff000000)
#define PACK_FIELD UINT64_C(0xffffffff00000000)
#define PACK_TEXT (PACK_OP | PACK_FIELD | PACK_CASED)
#define PACK_N UINT64_C(0xffffffff)
#define PACK_OTHER UINT64_C(0xffffffff00000000) /* FIELDREF */
#define PACK_COUNT UINT64_C(0xffffffff00000000) /* AT_LEAST */

static const struct packed used[IR_OP__COUNT] = {
    [IR_OP_FALSE] = {PACK_OP, 0},
    [IR_OP_TRUE] = {PACK_OP, 0},
    [IR_OP_AND] = {PACK_OP, PACK_N},
    [IR_OP_OR] = {PACK_OP, PACK_N},
    [IR_OP_NOT] = {PACK_OP, PACK_N},
    [IR_OP_AT_LEAST] = {PACK_OP, PACK_N | PACK_COUNT},
    [IR_OP_EXISTS] = {PACK_OP | PACK_FIELD, 0},
    [IR_OP_NULL] = {PACK_OP | PACK_FIELD, 0},
    [IR_OP_ANY] = {PACK_OP | PACK_FIELD, 0},
    [IR_OP_BOOL] = {PACK_OP | PACK_FIELD | PACK_BOOLEAN, 0},
    [IR_OP_NUMBER] = {PACK_OP | PACK_FIELD | PACK_COMPARE, 0},
    [IR_OP_TIME] = {PACK_OP | PACK_FIELD | PACK_COMPARE | PACK_PART, 0},
    [IR_OP_EQ] = {PACK_TEXT, 0},
    [IR_OP_PREFIX] = {PACK_TEXT, 0},
    [IR_OP_SUFFIX] = {PACK_TEXT, 0},
    [IR_OP_CONTAINS] = {PACK_TEXT, 0},
    [IR_OP_WILDCARD] = {PACK_TEXT, 0},
    [IR_OP_CIDR] = {PACK_OP | PACK_FIELD, 0},
    [IR_OP_FIELDREF] = {PACK_TEXT | PACK_PART, PACK_OTHER},
    [IR_OP_REGEX] = {PACK_OP | PACK_FIELD, 0},
    [IR_OP_EQ_SET] = {PACK_TEXT, PACK_N},
    [IR_OP_PREFIX_SET] = {PACK_TEXT, PACK_N},
    [IR_OP_SUFFIX_SET] = {PACK_TEXT, PACK_N},
    [IR_OP_CONTAINS_SET] = {PACK_TEXT, PACK_N},
};

static struct packed pack(const struct ir_node *n)
{
    uint64_t upper = n->op == IR_OP_FIELDREF ? n->other : n->count;
    uint64_t a = (uint64_t)n->op | (uint64_t)n->cased << 8 | (uint64_t)n->boolean << 9 |
                 (uint64_t)n->compare << 16 | (uint64_t)n->part << 24 | (uint64_t)n->field << 32;
    uint64_t b = n->n | upper << 32;
    return (struct packed){a & used[n->op].a, b & used[n->op].b};
}

static bool has_text(enum ir_op op)
{
    return (op >= IR_OP_EQ && op <= IR_OP_WILDCARD) || op == IR_OP_REGEX;
}

static uint32_t hash_of(const struct ir_node *n)
{
    struct packed small = pack(n);
    uint64_t h = small.a ^ small.b * UINT64_C(0x9e3779b97f4a7c15);
    if (ir_op_infos[n->op].kind == IR_GATE) {
        h = hash_bytes(n->children, n->n * sizeof *n->children, h);
    } else if (ir_op_infos[n->op].kind == IR_SET) {
        for (uint32_t i = 0; i < n->n; i++)
            h = hash_bytes(n->texts[i].p, n->texts[i].len, h);
    } else if (has_text(n->op)) {
        h = hash_bytes(n->text.p, n->text.len, h);
    } else if (n->op == IR_OP_NUMBER || n->op == IR_OP_TIME) {
        uint64_t number[2] = {number_bits(&n->number), n->number.kind};
        h = hash_bytes(number, sizeof number, h);
    } else if (n->op == IR_OP_CIDR) {
        h = hash_bytes(n->network.address, sizeof n->network.address, h ^ n->network.prefix);
    } else {
        h = hash_bytes(NULL, 0, h);
    }
    return (uint32_t)(h ^ h >> 32);
}

static bool same_texts(const struct str *a, const struct str *b, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (!str_eq(a[i], b[i]))
            return false;
    return true;
}

static bool same_network(const struct network *a, const struct network *b)
{
    return a->v6 == b->v6 && a->prefix == b->prefix &&
           memcmp(a->address, b->address, sizeof a->address) == 0;
}

static bool same(const struct ir_node *a, const struct ir_node *b)
{
    struct packed x = pack(a), y = pack(b);
    if (x.a != y.a || x.b != y.b)
        return false;
    if (ir_op_infos[a->op].kind == IR_GATE)
        return a->n == 0 || memcmp(a->children, b->children, a->n * sizeof *a->children) == 0;
    if (ir_op_infos[a->op].kind == IR_SET)
        return same_texts(a->texts, b->texts, a->n);
    if (has_text(a->op))
        return str_eq(a->text, b->text);
    if (a->op == IR_OP_NUMBER || a->op == IR_OP_TIME)
        return a->number.kind == b->number.kind &&
               number_bits(&a->number) == number_bits(&b->number);
    return a->op != IR_OP_CIDR || same_network(&a->network, &b->network);
}

/* ---- storage ---- */

static void index_put(struct ir *ir, uint32_t node)
{
    uint32_t mask = ir->cap_index - 1, at = ir->hashes[node] & mask;
    while (ir->index[at] != 0)
        at = (at + 1) & mask;
    ir->index[at] = node + 1;
}

/* The index has at least twice as many places as there is room for nodes. */
void ir_reserve(struct ir *ir, uint32_t n)
{
    if (n <= ir->cap_nodes)
        return;
    if (n > UINT32_MAX / 8)
        arena_out_of_memory(ir->arena);
    uint32_t cap = FIRST_NODES;
    while (cap < n)
        cap *= 2;
    struct ir_node *nodes = ARENA_ARRAY(ir->arena, cap, struct ir_node);
    uint32_t *hashes = ARENA_ARRAY(ir->arena, cap, uint32_t);
    if (ir->n_nodes > 0) {
        memcpy(nodes, ir->nodes, ir->n_nodes * sizeof *nodes);
        memcpy(hashes, ir->hashes, ir->n_nodes * sizeof *hashes);
    }
    ir->nodes = nodes;
    ir->hashes = hashes;
    ir->cap_nodes = cap;
    ir->cap_index = cap * 2;
    ir->index = ARENA_ARRAY(ir->arena, ir->cap_index, uint32_t);
    for (uint32_t i = 0; i < ir->n_nodes; i++)
        index_put(ir, i);
}

struct ir *ir_new(struct arena *a)
{
    struct ir *ir = ARENA_NEW(a, struct ir);
    ir->arena = a;
    ir->names = names_new(a);
    uint32_t f = ir_make(ir, &(struct ir_node){.op = IR_OP_FALSE});
    uint32_t t = ir_make(ir, &(struct ir_node){.op = IR_OP_TRUE});
    assert(f == IR_FALSE && t == IR_TRUE);
    (void)f, (void)t;
    return ir;
}

/* Fills `to`, which is zero, with what the op of `from` uses; what that points to is copied. */
static void own(struct arena *a, struct ir_node *to, const struct ir_node *from)
{
    const struct packed small = used[from->op];
    enum ir_op_kind kind = ir_op_infos[from->op].kind;
    to->op = from->op;
    to->cased = (small.a & PACK_CASED) != 0 && from->cased;
    to->boolean = (small.a & PACK_BOOLEAN) != 0 && from->boolean;
    to->compare = (small.a & PACK_COMPARE) != 0 ? from->compare : 0;
    to->part = (small.a & PACK_PART) != 0 ? from->part : 0;
    to->field = (small.a & PACK_FIELD) != 0 ? from->field : 0;
    to->n = (small.b & PACK_N) != 0 ? from->n : 0;
    to->other = from->op == IR_OP_FIELDREF ? from->other : 0;
    to->count = from->op == IR_OP_AT_LEAST ? from->count : 0;
    if (kind == IR_GATE) {
        uint32_t *children = ARENA_ARRAY(a, from->n, uint32_t);
        if (from->n > 0)
            memcpy(children, from->children, from->n * sizeof *children);
        to->children = children;
    } else if (kind == IR_SET) {
        struct str *texts = ARENA_ARRAY(a, from->n, struct str);
        for (uint32_t i = 0; i < from->n; i++)
            texts[i] = str_dup(a, from->texts[i]);
        to->texts = texts;
    } else if (has_text(from->op)) {
        to->text = from->text.len > 0 ? str_dup(a, from->text) : from->text;
        to->regex = from->op == IR_OP_REGEX ? from->regex : NULL;
    } else if (from->op == IR_OP_NUMBER || from->op == IR_OP_TIME) {
        to->number = from->number;
    } else if (from->op == IR_OP_CIDR) {
        to->network = from->network;
    }
}

static uint32_t find_or_add(struct ir *ir, const struct ir_node *n)
{
    uint32_t hash = hash_of(n);
    if (ir->n_nodes == ir->cap_nodes)
        ir_reserve(ir, ir->n_nodes + 1);
    uint32_t mask = ir->cap_index - 1, at = hash & mask;
    for (; ir->index[at] != 0; at = (at + 1) & mask) {
        uint32_t node = ir->index[at] - 1;
        if (ir->hashes[node] == hash && same(&ir->nodes[node], n))
            return node;
    }
    uint32_t node = ir->n_nodes++;
    own(ir->arena, &ir->nodes[node], n);
    ir->hashes[node] = hash;
    ir->index[at] = node + 1;
    return node;
}

/* ---- constructors ---- */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool ascending(const uint32_t *v, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        if (v[i - 1] >= v[i])
            return false;
    return true;
}

/* Children sorted and distinct, in ir->sorted; *n shrinks. */
static const uint32_t *sort_children(struct ir *ir, const uint32_t *children, uint32_t *n)
{
    if (ascending(children, *n))
        return children;
    if (*n > ir->cap_sorted) {
        ir->cap_sorted = *n * 2;
        ir->sorted = ARENA_ARRAY(ir->arena, ir->cap_sorted, uint32_t);
    }
    memcpy(ir->sorted, children, *n * sizeof *children);
    qsort(ir->sorted, *n, sizeof *ir->sorted, by_number);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < *n; i++)
        if (kept == 0 || ir->sorted[kept - 1] != ir->sorted[i])
            ir->sorted[kept++] = ir->sorted[i];
    *n = kept;
    return ir->sorted;
}

static const struct str *sort_texts(struct ir *ir, const struct str *texts, uint32_t *n)
{
    uint32_t i = 1;
    while (i < *n && str_cmp(texts[i - 1], texts[i]) < 0)
        i++;
    if (i >= *n)
        return texts;
    struct str *sorted = ARENA_ARRAY(ir->arena, *n, struct str);
    memcpy(sorted, texts, *n * sizeof *texts);
    qsort(sorted, *n, sizeof *sorted, by_bytes);
    uint32_t kept = 0;
    for (i = 0; i < *n; i++)
        if (kept == 0 || !str_eq(sorted[kept - 1], sorted[i]))
            sorted[kept++] = sorted[i];
    *n = kept;
    return sorted;
}

/* Takes what it needs: a copy of a node that was written a moment ago waits for all of it. */
static uint32_t make_gate(struct ir *ir, const struct ir_node *node)
{
    struct ir_node gate = {
        .op = node->op, .count = node->count, .n = node->n, .children = node->children};
    if (gate.op == IR_OP_AND || gate.op == IR_OP_OR) {
        gate.children = sort_children(ir, gate.children, &gate.n);
        if (gate.n == 1)
            return gate.children[0];
        if (gate.n == 0)
            return gate.op == IR_OP_AND ? IR_TRUE : IR_FALSE;
    }
    for (uint32_t i = 0; i < gate.n; i++)
        assert(gate.children[i] < ir->n_nodes);
    return find_or_add(ir, &gate);
}

uint32_t ir_make(struct ir *ir, const struct ir_node *node)
{
    if (ir_op_infos[node->op].kind == IR_GATE)
        return make_gate(ir, node);
    if (ir_op_infos[node->op].kind == IR_LEAF || ir_op_infos[node->op].kind == IR_CONST)
        return find_or_add(ir, node);
    struct ir_node n = *node;
    n.texts = sort_texts(ir, n.texts, &n.n);
    return find_or_add(ir, &n);
}

uint32_t ir_gate(struct ir *ir, enum ir_op op, const uint32_t *children, uint32_t n)
{
    assert(op == IR_OP_AND || op == IR_OP_OR);
    return ir_make(ir, &(struct ir_node){.op = op, .children = children, .n = n});
}

uint32_t ir_not(struct ir *ir, uint32_t child)
{
    return ir_make(ir, &(struct ir_node){.op = IR_OP_NOT, .children = &child, .n = 1});
}

void ir_add_rule(struct ir *ir, const struct rule *rule, struct str label, uint32_t root)
{
    if (ir->n_rules == ir->cap_rules) {
        uint32_t cap = ir->cap_rules ? ir->cap_rules * 2 : 16;
        struct ir_rule *rules = ARENA_ARRAY(ir->arena, cap, struct ir_rule);
        if (ir->n_rules > 0)
            memcpy(rules, ir->rules, ir->n_rules * sizeof *rules);
        ir->rules = rules;
        ir->cap_rules = cap;
    }
    ir->rules[ir->n_rules++] = (struct ir_rule){rule, label, root};
}

/* ---- walks ---- */

bool *ir_reachable(const struct ir *ir, struct arena *scratch)
{
    bool *marked = ARENA_ARRAY(scratch, ir->n_nodes, bool);
    for (uint32_t i = 0; i < ir->n_rules; i++)
        marked[ir->rules[i].root] = true;
    for (uint32_t node = ir->n_nodes; node-- > 0;) { /* children have smaller numbers */
        const struct ir_node *n = ir_get(ir, node);
        if (!marked[node] || ir_op_infos[n->op].kind != IR_GATE)
            continue;
        for (uint32_t i = 0; i < n->n; i++)
            marked[n->children[i]] = true;
    }
    return marked;
}

void ir_measure(const struct ir *ir, struct arena *a, uint32_t **ret_depth, uint32_t **ret_unfolded)
{
    uint32_t *depth = ARENA_ARRAY(a, ir->n_nodes, uint32_t);
    uint32_t *unfolded = ARENA_ARRAY(a, ir->n_nodes, uint32_t);
    for (uint32_t node = 0; node < ir->n_nodes; node++) {
        const struct ir_node *n = ir_get(ir, node);
        uint32_t deepest = 0;
        uint64_t sum = 1;
        for (uint32_t i = 0; ir_op_infos[n->op].kind == IR_GATE && i < n->n; i++) {
            uint32_t below = depth[n->children[i]] + 1;
            deepest = below > deepest ? below : deepest;
            sum += unfolded[n->children[i]];
        }
        depth[node] = deepest;
        unfolded[node] = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
    }
    if (ret_depth)
        *ret_depth = depth;
    if (ret_unfolded)
        *ret_unfolded = unfolded;
}
