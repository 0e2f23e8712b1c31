/* Regex AST -> program of small ops. A part's ops stand together, are entered at the first and left
 * behind the last, so that copies for counted repeats are made by moving numbers. */
#include "dfa_parts.h"

#define NODES_MAX 4000u

struct writer {
    struct dfa_work *work;
    struct dfa_program *p;
    struct dfa_part *part; /* that is being written */
    struct names *known;   /* sets by their ranges; ids from 1 */
};

static uint32_t here(const struct writer *w)
{
    return (uint32_t)w->part->nodes.n;
}

static struct dfa_node *add(struct writer *w, enum dfa_op op)
{
    struct dfa_node *node = VEC_PUSH(w->work->arena, &w->part->nodes);
    node->op = (uint8_t)op;
    return node;
}

static uint32_t set_of(struct writer *w, const struct regex *re)
{
    struct ranges r = ranges_of(w->work->arena, re);
    struct str key = {(const char *)r.list.v, r.list.n * sizeof *r.list.v};
    if (r.list.n == 0)
        key = STR("none");
    uint32_t id = names_intern(w->known, key);
    if (id > w->p->sets.n)
        *VEC_PUSH(w->work->arena, &w->p->sets) = r;
    return id - 1;
}

/* tail: nothing follows in the whole regex, so that the shortest match is as good as any. */
static bool write_out(struct writer *w, const struct regex *re, bool tail);

static bool is_loop(const struct regex *re)
{
    return re->kind == REGEX_REPEAT && re->max == REGEX_INF &&
           (re->children[0]->kind == REGEX_CHAR || re->children[0]->kind == REGEX_CLASS);
}

static bool write_cat(struct writer *w, const struct regex *re, bool tail)
{
    uint32_t from = here(w);
    for (size_t i = 0; i < re->n_children; i++) {
        bool last = i + 1 == re->n_children;
        if (!write_out(w, re->children[i], tail && last))
            return false;
        if (is_loop(re->children[i]) &&
            !(tail && last)) /* the character stands before the way back */
            w->part->nodes.v[here(w) - 2].loop = from + 1;
    }
    return true;
}

static bool write_alternatives(struct writer *w, const struct regex *re, bool tail)
{
    VEC(uint32_t) jumps = {0};
    for (size_t i = 0; i + 1 < re->n_children; i++) {
        uint32_t split = here(w);
        add(w, DFA_SPLIT)->x = split + 1;
        if (!write_out(w, re->children[i], tail))
            return false;
        *VEC_PUSH(w->work->arena, &jumps) = here(w);
        add(w, DFA_JUMP);
        w->part->nodes.v[split].y = here(w);
    }
    if (re->n_children > 0 && !write_out(w, re->children[re->n_children - 1], tail))
        return false;
    for (size_t i = 0; i < jumps.n; i++)
        w->part->nodes.v[jumps.v[i]].x = here(w);
    return true;
}

/* A part that was written, to be written again. */
struct piece {
    uint32_t from, len;          /* nodes */
    uint32_t chain_from, chains; /* chains that it made */
};

static bool copy(struct writer *w, struct piece of)
{
    uint32_t shift = here(w) - of.from, chain_shift = w->part->n_chains - of.chain_from;
    if (here(w) + of.len > NODES_MAX || !dfa_steps(w->work, of.len))
        return dfa_refuse(w->work, "too many repeats");
    for (uint32_t i = 0; i < of.len; i++) {
        struct dfa_node node = w->part->nodes.v[of.from + i];
        if (node.op == DFA_SPLIT || node.op == DFA_JUMP) {
            node.x += shift;
            node.y += shift;
        }
        if (node.chain > 0)
            node.chain += chain_shift;
        if (node.loop > 0)
            node.loop += shift;
        *VEC_PUSH(w->work->arena, &w->part->nodes) = node;
    }
    w->part->n_chains += of.chains;
    return true;
}

/* n copies of `len` nodes from `from` on: what stands at the same place of each is a chain. Ranks
 * rise from copy to copy, or fall. */
static void link_chains(struct writer *w, uint32_t from, uint32_t len, uint32_t n, bool rising)
{
    uint32_t first = w->part->n_chains + 1;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < len; k++) {
            struct dfa_node *node = &w->part->nodes.v[from + i * len + k];
            if (node->chain > 0)
                continue;
            node->chain = first + k;
            node->rank = rising ? i : n - i;
        }
    }
    w->part->n_chains += len;
}

/* x{n,}: the last copy again and again. With more copies behind it a place finds more. */
static bool write_loop(struct writer *w, struct piece of)
{
    uint32_t split = here(w);
    struct dfa_node *node = add(w, DFA_SPLIT);
    node->x = split - of.len;
    node->y = split + 1;
    return true;
}

static bool write_star(struct writer *w, const struct regex *re)
{
    uint32_t split = here(w);
    add(w, DFA_SPLIT)->x = split + 1;
    if (!write_out(w, re->children[0], false))
        return false;
    add(w, DFA_JUMP)->x = split;
    w->part->nodes.v[split].y = here(w);
    return true;
}

/* n copies that may be left out: each behind a split to the end. With more of them left a place
 * finds more. */
static bool write_optional(struct writer *w, const struct regex *re, uint32_t n)
{
    struct piece of = {.from = here(w), .chain_from = w->part->n_chains};
    add(w, DFA_SPLIT)->x = of.from + 1;
    if (!write_out(w, re->children[0], false))
        return false;
    of.len = here(w) - of.from;
    of.chains = w->part->n_chains - of.chain_from;
    for (uint32_t i = 1; i < n; i++)
        if (!copy(w, of))
            return false;
    for (uint32_t i = 0; i < n; i++)
        w->part->nodes.v[of.from + i * of.len].y = here(w);
    if (n > 1)
        link_chains(w, of.from, of.len, n, false);
    return true;
}

/* As the tail x{n,m} is x{n}; with more copies behind it a place finds more there, too. */
static bool write_repeat(struct writer *w, const struct regex *re, bool tail)
{
    struct piece of = {.from = here(w), .chain_from = w->part->n_chains};
    if (re->min == 0 && tail)
        return true;
    if (re->min == 0)
        return re->max == REGEX_INF ? write_star(w, re) : write_optional(w, re, re->max);
    if (!write_out(w, re->children[0], tail && re->min == 1))
        return false;
    of.len = here(w) - of.from;
    of.chains = w->part->n_chains - of.chain_from;
    for (uint32_t i = 1; i < re->min; i++)
        if (!copy(w, of))
            return false;
    if ((tail || re->max == REGEX_INF) && re->min > 1)
        link_chains(w, of.from, of.len, re->min, true);
    if (tail || re->max == re->min)
        return true;
    return re->max == REGEX_INF ? write_loop(w, of) : write_optional(w, re, re->max - re->min);
}

/* Recursion is bounded by REGEX_DEPTH_MAX. */
static bool write_out(struct writer *w, const struct regex *re, bool tail)
{
    if (here(w) >= NODES_MAX || !dfa_steps(w->work, 1))
        return dfa_refuse(w->work, "too many repeats");
    switch (re->kind) {
    case REGEX_EMPTY:
        return true;
    case REGEX_CHAR:
    case REGEX_CLASS: {
        uint32_t set = set_of(w, re);
        add(w, DFA_TAKE)->x = set;
        return true;
    }
    case REGEX_CAT:
        return write_cat(w, re, tail);
    case REGEX_ALT:
        return write_alternatives(w, re, tail);
    case REGEX_REPEAT:
        return write_repeat(w, re, tail);
    default:
        add(w, DFA_ASSERT)->assertion = (uint8_t)re->kind;
        w->p->asserts[re->kind] = true;
        return true;
    }
}

/* ---- Parts ---- */

/* A part takes something, so no counter stands first or behind another one, where a part begins;
 * nor last, for there it is as good as its least. */
static bool is_counter(const struct regex *cat, size_t i, size_t part_from, uint32_t counted_from)
{
    const struct regex *re = cat->children[i];
    return i > part_from && i + 1 < cat->n_children && re->kind == REGEX_REPEAT &&
           re->max != REGEX_INF && re->max >= counted_from && re->min <= SIGMATON_LINK_LEAST_MAX &&
           (re->children[0]->kind == REGEX_CHAR || re->children[0]->kind == REGEX_CLASS);
}

bool dfa_counts(const struct regex *re, uint32_t counted_from)
{
    bool counts = false;
    for (size_t i = 1; counted_from > 0 && re->kind == REGEX_CAT && i < re->n_children; i++)
        counts |= is_counter(re, i, 0, counted_from);
    return counts;
}

/* What stands side by side at the top, from `from` up to `to`. */
static bool write_part(struct writer *w, const struct regex *re, size_t from, size_t to)
{
    struct regex part = *re;
    part.children = re->children + from;
    part.n_children = to - from;
    return write_out(w, &part, to == re->n_children);
}

static bool write_parts(struct writer *w, const struct regex *re, uint32_t counted_from)
{
    size_t from = 0;
    for (size_t i = 1; i < re->n_children && w->p->n_parts < DFA_PARTS_MAX; i++) {
        if (!is_counter(re, i, from, counted_from))
            continue;
        const struct regex *counted = re->children[i];
        if (!write_part(w, re, from, i))
            return false;
        add(w, DFA_MATCH);
        w->p->counters[w->p->n_parts - 1] = (struct dfa_counter){
            .set = set_of(w, counted->children[0]), .least = counted->min, .most = counted->max};
        w->part = &w->p->parts[w->p->n_parts++];
        from = i + 1;
    }
    return write_part(w, re, from, re->n_children);
}

struct dfa_program *dfa_program(struct dfa_work *work, const struct regex *re,
                                uint32_t counted_from)
{
    struct dfa_program *p = ARENA_NEW(work->arena, struct dfa_program);
    struct writer w = {work, p, &p->parts[0], names_new(work->arena)};
    p->n_parts = 1;
    if (!(dfa_counts(re, counted_from) ? write_parts(&w, re, counted_from)
                                       : write_out(&w, re, true)))
        return NULL;
    add(&w, DFA_MATCH);
    return p;
}
