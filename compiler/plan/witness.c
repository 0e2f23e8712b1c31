#include "witness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sigmaton/pack.h>

#include "arena.h"
#include "regex_required.h"
#include "usual.h"
#include "vec.h"

/* Longer lists of witnesses than this are not worth their tables: the rule is then asked whenever
 * the field is there. */
#define WITNESS_MAX 8192
/* How often a field that a rule names is there, how often a rule without witnesses is asked. */
#define COST_PRESENT 0.9
#define COST_WIDE 0.02
#define COST_NUMBER 0.004
#define COST_NONE 1e30
/* A text that rules mention often is a name that events mention often. */
#define COST_MENTION 0.0002
/* A name among names: whole values, path components, ends. */
#define SHARE_ANCHORED 0.0004
/* A short end, such as .exe. How texts begin: with one of a few roots. A whole value of a field of
 * which rules name few, and those short: it is one of a handful, a kind of event, a level, an
 * access mask; divided by their number. */
#define SHARE_SHORT_END 0.05
#define SHARE_PREFIX 0.02
#define SHARE_ENUMERATED 0.4
/* Whatever has no other guess. What is surely less than always, more than never.
 */
#define SHARE_ELSE 0.1
#define SHARE_LEAST 0.0005
#define SHARE_MOST 0.98
/* What a text more to look for everywhere costs. */
#define SHARE_SCAN 0.002

struct witness_table {
    struct arena *arena;
    const struct ir *ir;
    struct gram_prior *prior;
    const bool *reachable;      /* [node] */
    double *cost[2][2];         /* [id_known][negative][node] */
    struct names *mentions;     /* texts of leaves .. */
    VEC(uint32_t) n_mentions;   /* .. and how many leaves name each */
    uint32_t *n_whole;          /* [name]: whole values that leaves name of a field */
    float *truth;               /* [node]: how often it holds, about */
    const struct usual **usual; /* [name]: what the field usually says */
    uint32_t event_id;          /* the field's name, or UINT32_MAX */
    VEC(struct witness) found;  /* of the question in hand */
};

/* ---- texts ---- */

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static struct str lowered(struct arena *a, struct str s)
{
    struct str copy = {arena_copy(a, s.p, s.len), s.len};
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] >= 'A' && s.p[i] <= 'Z')
            ((char *)(uintptr_t)copy.p)[i] = (char)(s.p[i] + 32);
    return copy;
}

static double anchored_share(const struct witness_table *t, enum ir_op op, uint32_t field,
                             struct str s)
{
    if (s.len < 3)
        return 0.2;
    if (op == IR_OP_PREFIX)
        return SHARE_PREFIX;
    if (op == IR_OP_SUFFIX)
        return s.len < 5 ? SHARE_SHORT_END : SHARE_ANCHORED;
    double share = SHARE_ENUMERATED / (1 + t->n_whole[field]);
    return SHARE_ANCHORED + ldexp(share, s.len < 8 ? 0 : -(int)(s.len - 8) / 2);
}

static double text_share(const struct witness_table *t, enum ir_op op, uint32_t field, struct str s)
{
    double share = op == IR_OP_CONTAINS ? SHARE_SCAN + gram_rarity(t->prior, s)
                                        : anchored_share(t, op, field, s);
    uint32_t id = names_find(t->mentions, s);
    uint32_t n = id < t->n_mentions.n ? t->n_mentions.v[id] : 1;
    share += COST_MENTION * (n > 0 ? n - 1 : 0);
    return share < 1 ? share : 1;
}

/* The longest piece of a wildcard pattern that is plain ASCII; its place decides the kind. */
static struct witness wildcard_piece(struct arena *a, const struct ir_node *x)
{
    struct witness best = {.kind = WITNESS_PRESENT, .field = x->field};
    struct str s = x->text;
    for (size_t from = 0; from < s.len;) {
        size_t to = from;
        while (to < s.len && (unsigned char)s.p[to] < 0x80)
            to++;
        if (to - from > best.text.len) {
            best.text = (struct str){s.p + from, to - from};
            best.kind = from == 0     ? WITNESS_PREFIX
                        : to == s.len ? WITNESS_SUFFIX
                                      : WITNESS_CONTAINS;
        }
        from = to + 1;
    }
    if (best.kind != WITNESS_PRESENT)
        best.text = lowered(a, best.text);
    return best;
}

static enum ir_op op_of(enum witness_kind kind)
{
    return kind == WITNESS_EQ       ? IR_OP_EQ
           : kind == WITNESS_PREFIX ? IR_OP_PREFIX
           : kind == WITNESS_SUFFIX ? IR_OP_SUFFIX
                                    : IR_OP_CONTAINS;
}

static enum witness_kind kind_of(enum ir_op op)
{
    switch (op) {
    case IR_OP_EQ:
    case IR_OP_EQ_SET:
        return WITNESS_EQ;
    case IR_OP_PREFIX:
    case IR_OP_PREFIX_SET:
        return WITNESS_PREFIX;
    case IR_OP_SUFFIX:
    case IR_OP_SUFFIX_SET:
        return WITNESS_SUFFIX;
    default:
        return WITNESS_CONTAINS;
    }
}

static struct witness text_witness(struct arena *a, const struct ir_node *x, struct str s)
{
    struct witness w = {.kind = kind_of(x->op), .field = x->field};
    if (s.len == 0)
        w.kind = WITNESS_PRESENT;
    else if (!is_ascii(s))
        w.kind = WITNESS_WIDE;
    else
        w.text = x->cased ? lowered(a, s) : s;
    return w;
}

static double witness_share(const struct witness_table *t, const struct witness *w)
{
    const double usual = usual_share(t->usual[w->field], w);
    double share;
    switch (w->kind) {
    case WITNESS_PRESENT:
        return COST_PRESENT;
    case WITNESS_WIDE:
        return COST_WIDE;
    case WITNESS_NUMBER:
        share = COST_NUMBER;
        break;
    default:
        share = text_share(t, op_of(w->kind), w->field, w->text);
        break;
    }
    return share > usual ? share : usual;
}

/* ---- leaves ---- */

static bool is_id(const struct witness_table *t, const struct ir_node *x)
{
    return x->op == IR_OP_NUMBER && x->field == t->event_id && x->compare == COMPARE_EQ &&
           x->number.kind == NUMBER_INT && x->number.i >= 0 && x->number.i <= UINT32_MAX;
}

/* What a regex needs stands in the folded text; ASCII folds alone, so that is the text's own. */
static bool regex_witnesses(const struct witness_table *t, const struct ir_node *x,
                            void (*take)(void *ctx, const struct witness *w), void *ctx)
{
    struct required r;
    if (x->regex == NULL || !regex_required(t->arena, x->regex, &r))
        return false;
    for (uint32_t i = 0; i < r.n; i++) {
        struct witness w = {.kind = WITNESS_WIDE, .field = x->field};
        if (is_ascii(r.texts[i])) {
            w.kind = WITNESS_CONTAINS;
            w.text = lowered(t->arena, r.texts[i]);
        }
        take(ctx, &w);
    }
    return true;
}

/* Calls `take` for each witness of a leaf that is wanted to hold; false: it can hold of nothing. */
static bool leaf_witnesses(const struct witness_table *t, const struct ir_node *x,
                           void (*take)(void *ctx, const struct witness *w), void *ctx)
{
    struct witness w = {.kind = WITNESS_PRESENT, .field = x->field};
    bool in_set = ir_op_info(x->op)->kind == IR_SET;
    switch (x->op) {
    case IR_OP_NULL: /* also of a field that is not there */
        return false;
    case IR_OP_REGEX:
        if (regex_witnesses(t, x, take, ctx))
            return true;
        break;
    case IR_OP_EQ:
    case IR_OP_PREFIX:
    case IR_OP_SUFFIX:
    case IR_OP_CONTAINS:
        w = text_witness(t->arena, x, x->text);
        break;
    case IR_OP_WILDCARD:
        w = wildcard_piece(t->arena, x);
        break;
    case IR_OP_NUMBER:
        if (x->compare == COMPARE_EQ && x->number.kind == NUMBER_INT) {
            w.kind = WITNESS_NUMBER;
            w.number = x->number.i;
        }
        break;
    default:
        break;
    }
    for (uint32_t i = 0; in_set && i < x->n; i++) {
        w = text_witness(t->arena, x, x->texts[i]);
        take(ctx, &w);
    }
    if (!in_set)
        take(ctx, &w);
    return true;
}

struct sum {
    const struct witness_table *t;
    double share;
    bool has_wide, has_present; /* counted once */
};

static void add_share(void *ctx, const struct witness *w)
{
    struct sum *s = ctx;
    bool again =
        (w->kind == WITNESS_WIDE && s->has_wide) || (w->kind == WITNESS_PRESENT && s->has_present);
    s->has_wide |= w->kind == WITNESS_WIDE;
    s->has_present |= w->kind == WITNESS_PRESENT;
    s->share += again ? 0 : witness_share(s->t, w);
}

static double leaf_cost(const struct witness_table *t, const struct ir_node *x)
{
    struct sum s = {.t = t};
    if (!leaf_witnesses(t, x, add_share, &s))
        return COST_NONE;
    return s.share < COST_PRESENT || x->n < 2 ? s.share : COST_PRESENT;
}

/* ---- gates ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* When `count` of n children hold, one of any n - count + 1 does. */
static double at_least_cost(struct arena *scratch, const struct ir_node *x, const double *cost)
{
    if (x->count == 0 || x->count > x->n)
        return x->count == 0 ? COST_NONE : 0;
    double sum = 0, *sorted = ARENA_ARRAY(scratch, x->n, double);
    for (uint32_t i = 0; i < x->n; i++)
        sorted[i] = cost[x->children[i]];
    qsort(sorted, x->n, sizeof *sorted, by_value);
    for (uint32_t i = 0; i < x->n - x->count + 1; i++)
        sum += sorted[i];
    return sum;
}

static double gate_cost(const struct witness_table *t, const struct ir_node *x, bool negative,
                        double *const cost[2])
{
    bool all = (x->op == IR_OP_AND) == negative; /* every way in must show something */
    double sum = 0, least = COST_NONE;
    if (x->op == IR_OP_NOT)
        return cost[!negative][x->children[0]];
    if (x->op == IR_OP_AT_LEAST)
        return negative ? COST_NONE : at_least_cost(t->arena, x, cost[0]);
    for (uint32_t i = 0; i < x->n; i++) {
        double c = cost[negative][x->children[i]];
        sum += c;
        least = c < least ? c : least;
    }
    return all ? sum : least;
}

static void price(struct witness_table *t, bool id_known)
{
    double *const cost[2] = {t->cost[id_known][0], t->cost[id_known][1]};
    for (uint32_t i = 0; i < t->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(t->ir, i);
        bool gate = ir_op_info(x->op)->kind == IR_GATE;
        if (!t->reachable[i])
            continue;
        if (x->op == IR_OP_TRUE || x->op == IR_OP_FALSE) {
            cost[0][i] = x->op == IR_OP_TRUE ? COST_NONE : 0;
            cost[1][i] = x->op == IR_OP_TRUE ? 0 : COST_NONE;
            continue;
        }
        if (gate)
            cost[0][i] = gate_cost(t, x, false, cost);
        else if (id_known) /* all but ids cost what they did */
            cost[0][i] = is_id(t, x) ? COST_NONE : t->cost[0][0][i];
        else
            cost[0][i] = leaf_cost(t, x);
        cost[1][i] = gate ? gate_cost(t, x, true, cost) : COST_NONE;
    }
}

/* ---- how often predicates hold ---- */

/* Some leaves show a witness much more often than they hold. */
static double leaf_truth(const struct witness_table *t, const struct ir_node *x, double cost)
{
    struct sum s = {.t = t};
    switch (x->op) {
    case IR_OP_FALSE:
    case IR_OP_NULL:
        return SHARE_LEAST;
    case IR_OP_FIELDREF:
    case IR_OP_CIDR:
    case IR_OP_REGEX:
        return SHARE_ELSE;
    case IR_OP_EQ:
        return x->text.len == 0 ? SHARE_LEAST : cost;
    case IR_OP_EQ_SET:
        for (uint32_t i = 0; i < x->n; i++) {
            struct witness w = text_witness(t->arena, x, x->texts[i]);
            if (w.text.len > 2)
                add_share(&s, &w);
        }
        return s.share;
    default:
        return cost;
    }
}

static double gate_truth(const struct ir_node *x, const float *truth)
{
    double all = 1, any = 0;
    for (uint32_t i = 0; i < x->n; i++) {
        all *= (double)truth[x->children[i]];
        any += (double)truth[x->children[i]];
    }
    return x->op == IR_OP_NOT ? 1 - all : x->op == IR_OP_AND ? all : any;
}

static void guess_truth(struct witness_table *t)
{
    t->truth = ARENA_ARRAY(t->arena, t->ir->n_nodes, float);
    for (uint32_t i = 0; i < t->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(t->ir, i);
        if (!t->reachable[i])
            continue;
        double share = ir_op_info(x->op)->kind == IR_GATE ? gate_truth(x, t->truth)
                                                          : leaf_truth(t, x, t->cost[true][0][i]);
        share = share > SHARE_LEAST ? share : SHARE_LEAST;
        t->truth[i] = (float)(share < SHARE_MOST ? share : SHARE_MOST);
    }
}

static void mention(struct witness_table *t, struct str s)
{
    gram_prior_count(t->prior, s);
    uint32_t id = names_intern(t->mentions, s);
    while (t->n_mentions.n <= id)
        *VEC_PUSH(t->arena, &t->n_mentions) = 0;
    t->n_mentions.v[id]++;
}

static void count_mentions(struct witness_table *t)
{
    t->mentions = names_new(t->arena);
    t->n_whole = ARENA_ARRAY(t->arena, names_count(t->ir->names), uint32_t);
    for (uint32_t i = 0; i < t->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(t->ir, i);
        if (!t->reachable[i])
            continue;
        if (x->op >= IR_OP_EQ && x->op <= IR_OP_CONTAINS)
            mention(t, x->text);
        if (x->op == IR_OP_EQ || x->op == IR_OP_EQ_SET)
            t->n_whole[x->field] += x->op == IR_OP_EQ ? 1 : x->n;
        for (uint32_t k = 0; ir_op_info(x->op)->kind == IR_SET && k < x->n; k++)
            mention(t, x->texts[k]);
    }
}

struct witness_table *witness_table_new(struct arena *a, const struct ir *ir,
                                        struct gram_prior *prior, bool has_usual)
{
    struct witness_table *t = ARENA_NEW(a, struct witness_table);
    t->arena = a;
    t->ir = ir;
    t->prior = prior;
    t->reachable = ir_reachable(ir, a);
    t->event_id = names_find(ir->names, STR("EventID"));
    t->usual = ARENA_ARRAY(a, names_count(ir->names), const struct usual *);
    for (uint32_t i = 0; has_usual && i < names_count(ir->names); i++)
        t->usual[i] = usual_rows_of(names_text(ir->names, i));
    count_mentions(t);
    for (int known = 0; known < 2; known++) {
        for (int negative = 0; negative < 2; negative++)
            t->cost[known][negative] = ARENA_ARRAY(a, ir->n_nodes, double);
        price(t, known);
    }
    guess_truth(t);
    return t;
}

/* ---- the choice ---- */

struct choice {
    struct witness_table *t;
    double *const *cost;
};

static void keep(void *ctx, const struct witness *w)
{
    struct choice *c = ctx;
    *VEC_PUSH(c->t->arena, &c->t->found) = *w;
}

static void keep_leaf(struct choice *c, uint32_t node)
{
    const struct ir_node *x = ir_get(c->t->ir, node);
    struct witness present = {.kind = WITNESS_PRESENT, .field = x->field};
    if (x->n < 2 || c->t->cost[0][0][node] < COST_PRESENT)
        leaf_witnesses(c->t, x, keep, c);
    else /* the field's presence says as much */
        keep(c, &present);
}

static void choose(struct choice *c, uint32_t node, bool negative);

/* The cheapest children, as many as at_least_cost counts. */
static void choose_some(struct choice *c, const struct ir_node *x)
{
    bool *taken = ARENA_ARRAY(c->t->arena, x->n, bool);
    for (uint32_t k = x->n - x->count + 1; x->count <= x->n && k > 0; k--) {
        uint32_t best = UINT32_MAX;
        for (uint32_t i = 0; i < x->n; i++)
            if (!taken[i] &&
                (best == UINT32_MAX || c->cost[0][x->children[i]] < c->cost[0][x->children[best]]))
                best = i;
        taken[best] = true;
        choose(c, x->children[best], false);
    }
}

static uint32_t cheapest(const struct ir_node *x, const double *cost)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < x->n; i++)
        if (cost[x->children[i]] < cost[x->children[best]])
            best = i;
    return x->children[best];
}

/* Depth is bounded by IR_DEPTH_MAX; only priced predicates are entered. */
static void choose(struct choice *c, uint32_t node, bool negative)
{
    const struct ir_node *x = ir_get(c->t->ir, node);
    if (c->t->found.n > WITNESS_MAX)
        return;
    if (ir_op_info(x->op)->kind != IR_GATE) {
        if (ir_op_info(x->op)->kind != IR_CONST)
            keep_leaf(c, node);
        return;
    }
    if (x->op == IR_OP_NOT) {
        choose(c, x->children[0], !negative);
    } else if (x->op == IR_OP_AT_LEAST) {
        choose_some(c, x);
    } else if ((x->op == IR_OP_AND) == negative) {
        for (uint32_t i = 0; i < x->n; i++)
            choose(c, x->children[i], negative);
    } else {
        choose(c, cheapest(x, c->cost[negative]), negative);
    }
}

struct witnesses witness_of(const struct witness_table *table, uint32_t rule, bool id_known)
{
    struct witness_table *t = (struct witness_table *)(uintptr_t)table;
    uint32_t root = t->ir->rules[rule].root;
    struct choice c = {t, t->cost[id_known]};
    double cost = c.cost[0][root];
    if (cost >= COST_NONE)
        return (struct witnesses){.always = true, .cost = 1};
    t->found.n = 0;
    choose(&c, root, false);
    if (t->found.n > WITNESS_MAX)
        return (struct witnesses){.always = true, .cost = 1};
    return (struct witnesses){.v = t->found.v, .n = (uint32_t)t->found.n, .cost = cost};
}

/* ---- what the rest is worth ---- */

/* Whether to show a witness is nearly to hold: of leaves, and of any of some leaves. */
static bool is_shown(const struct ir *ir, uint32_t node)
{
    const struct ir_node *x = ir_get(ir, node);
    bool shown = ir_op_info(x->op)->kind != IR_GATE || x->op == IR_OP_OR;
    for (uint32_t i = 0; shown && x->op == IR_OP_OR && i < x->n; i++)
        shown = ir_op_info(ir_get(ir, x->children[i])->op)->kind != IR_GATE;
    return shown;
}

bool witness_child(const struct witness_table *t, uint32_t root, uint32_t *ret_child)
{
    const struct ir_node *x = ir_get(t->ir, root);
    const double *cost = t->cost[true][0];
    if (x->op != IR_OP_AND || x->n == 0 || cost[root] >= COST_NONE)
        return false;
    *ret_child = cheapest(x, cost);
    return is_shown(t->ir, *ret_child);
}

double witness_truth(const struct witness_table *t, uint32_t node)
{
    return (double)t->truth[node];
}

/* ---- event ids ---- */

/* An or of ids, or one id. */
static bool ids_of(struct witness_table *t, uint32_t node, uint32_t *ids, uint32_t *ret_n)
{
    const struct ir_node *x = ir_get(t->ir, node);
    if (is_id(t, x)) {
        ids[0] = (uint32_t)x->number.i;
        *ret_n = 1;
        return true;
    }
    if (x->op != IR_OP_OR)
        return false;
    for (uint32_t i = 0; i < x->n; i++) {
        const struct ir_node *child = ir_get(t->ir, x->children[i]);
        if (!is_id(t, child))
            return false;
        ids[i] = (uint32_t)child->number.i;
    }
    *ret_n = x->n;
    return true;
}

static int by_id(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

bool witness_ids(const struct witness_table *table, uint32_t rule, const uint32_t **ret_ids,
                 uint32_t *ret_n)
{
    struct witness_table *t = (struct witness_table *)(uintptr_t)table;
    uint32_t root = t->ir->rules[rule].root, n = 0;
    const struct ir_node *x = ir_get(t->ir, root);
    uint32_t n_children = x->op == IR_OP_AND ? x->n : 1;
    for (uint32_t i = 0; i < n_children; i++) {
        uint32_t child = x->op == IR_OP_AND ? x->children[i] : root;
        uint32_t room = ir_get(t->ir, child)->n + 1;
        uint32_t *ids = ARENA_ARRAY(t->arena, room, uint32_t);
        if (!ids_of(t, child, ids, &n))
            continue;
        qsort(ids, n, sizeof *ids, by_id);
        *ret_ids = ids;
        *ret_n = n;
        return true;
    }
    return false;
}
