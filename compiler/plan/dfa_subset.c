/* Program -> states of the automaton: sets of places in the program at which the text read so far
 * may stand.
 *
 * A place is a TAKE, an ASSERT that waits for the next symbol, or MATCH. Assertions that look back
 * only are settled on arrival. `$` before a line feed is a guess, that nothing follows it: places
 * behind a guess are kept apart ("late"), live until the next symbol, and count only when that is
 * the end. */
#include "dfa_parts.h"

#include <string.h>

#include "str.h"

#define NO_BIT UINT32_MAX
#define NO_STATE UINT32_MAX
#define LATE "a counter behind an assertion"

struct closure {
    const uint64_t *places; /* NULL: not made yet */
};

struct state {
    const uint64_t *places;
    uint8_t before; /* enum dfa_beside */
    bool junk;      /* behind a malformed byte: only a character begins a place here */
    bool ends;      /* a part that is followed ends here */
    uint32_t hash;
};

struct subset {
    struct dfa_work *work;
    const struct dfa_program *p;
    const struct dfa_part *part;
    const struct dfa_alphabet *alphabet;
    struct dfa_table *table;
    bool is_told;     /* it begins where it is told to, not everywhere */
    bool is_followed; /* by another part: it goes on where it ends */
    uint32_t n_words;
    uint32_t *bit_of[2]; /* per node, in time and late; NO_BIT */
    uint32_t *node_of;   /* per bit */
    uint32_t late_from;  /* the first late bit */
    uint64_t *waiting;   /* bits of ASSERTs */
    uint64_t *chained;   /* bits of nodes with a chain */
    uint64_t *loops;     /* bits of nodes that loop .. */
    uint32_t *covers;    /* .. and find what all places from this bit on to their own find */
    struct closure *made[2][DFA_BESIDE__COUNT];    /* per node: what is reached without reading */
    struct dfa_class_set kinds[DFA_BESIDE__COUNT]; /* classes beside which it is that */
    uint32_t *stack, *marked, round;
    uint32_t *best, *best_round; /* per chain: the bit of the highest rank */
    VEC(struct state) states;    /* from state 2 on */
    uint32_t *index, n_index;    /* hash index: state + 1 */
    uint64_t *next;              /* [n_classes][n_words] */
    uint64_t *now, *now_only;    /* [n_words] */
    uint64_t *untold;            /* [n_words] */
};

static bool has_bit(const uint64_t *set, uint32_t bit)
{
    return set[bit / 64] >> bit % 64 & 1;
}

static void set_bit(uint64_t *set, uint32_t bit)
{
    set[bit / 64] |= UINT64_C(1) << bit % 64;
}

static void clear_bit(uint64_t *set, uint32_t bit)
{
    set[bit / 64] &= ~(UINT64_C(1) << bit % 64);
}

static void join(const struct subset *s, uint64_t *set, const uint64_t *with)
{
    for (uint32_t i = 0; i < s->n_words; i++)
        set[i] |= with[i];
}

static bool meet(const struct subset *s, const uint64_t *a, const uint64_t *b)
{
    uint64_t any = 0;
    for (uint32_t i = 0; i < s->n_words; i++)
        any |= a[i] & b[i];
    return any != 0;
}

static uint64_t *new_set(const struct subset *s)
{
    return ARENA_ARRAY(s->work->arena, s->n_words, uint64_t);
}

static uint32_t match_bit(const struct subset *s, bool late)
{
    return s->bit_of[late][s->part->nodes.n - 1];
}

/* ---- Places ---- */

static bool is_place(const struct dfa_node *node)
{
    return node->op == DFA_TAKE || node->op == DFA_ASSERT || node->op == DFA_MATCH;
}

/* Nodes that are reached from `from` on, marked with this round. */
static void mark_from(struct subset *s, uint32_t from)
{
    uint32_t depth = 0;
    s->stack[depth++] = from;
    while (depth > 0) {
        uint32_t i = s->stack[--depth];
        if (s->marked[i] == s->round)
            continue;
        s->marked[i] = s->round;
        const struct dfa_node *node = &s->part->nodes.v[i];
        if (node->op == DFA_SPLIT)
            s->stack[depth++] = node->y;
        if (node->op == DFA_SPLIT || node->op == DFA_JUMP)
            s->stack[depth++] = node->x;
        else if (node->op != DFA_MATCH)
            s->stack[depth++] = i + 1;
    }
}

static void number_places(struct subset *s, bool late, uint32_t *n)
{
    uint32_t n_nodes = (uint32_t)s->part->nodes.n;
    s->bit_of[late] = ARENA_ARRAY(s->work->arena, n_nodes, uint32_t);
    for (uint32_t i = 0; i < n_nodes; i++) {
        bool wanted = is_place(&s->part->nodes.v[i]) && (!late || s->marked[i] == s->round);
        s->bit_of[late][i] = wanted ? *n : NO_BIT;
        if (wanted)
            s->node_of[(*n)++] = i;
    }
}

static bool within(const struct dfa_class_set *a, const struct dfa_class_set *b)
{
    uint64_t more = 0;
    for (int i = 0; i < 4; i++)
        more |= a->bits[i] & ~b->bits[i];
    return more == 0;
}

/* From which node on a loop finds what the nodes before it find: whatever they read on the way to
 * it, it reads as well. `loop` itself when there is none. */
static uint32_t covered_from(const struct subset *s, uint32_t loop)
{
    const struct dfa_node *nodes = s->part->nodes.v;
    const struct dfa_class_set *set = &s->alphabet->sets[nodes[loop].x];
    uint32_t from = loop, lowest = loop;
    for (uint32_t i = loop; i-- > nodes[loop].loop - 1;) {
        if (nodes[i].op == DFA_TAKE && !within(&s->alphabet->sets[nodes[i].x], set))
            break;
        if (nodes[i].op == DFA_SPLIT || nodes[i].op == DFA_JUMP)
            lowest = nodes[i].x < lowest ? nodes[i].x : lowest;
        if (lowest >= i) /* no way leads back before i */
            from = i;
    }
    return from;
}

static void mark_loop(struct subset *s, uint32_t bit)
{
    uint32_t from = covered_from(s, s->node_of[bit]);
    while (from < s->node_of[bit] && s->bit_of[0][from] == NO_BIT)
        from++;
    if (from == s->node_of[bit])
        return;
    s->covers[bit] = s->bit_of[0][from];
    set_bit(s->loops, bit);
}

static void mark_bits(struct subset *s, uint32_t n_bits)
{
    s->waiting = new_set(s);
    s->chained = new_set(s);
    s->loops = new_set(s);
    s->covers = ARENA_ARRAY(s->work->arena, n_bits, uint32_t);
    for (uint32_t bit = 0; bit < n_bits; bit++) {
        const struct dfa_node *node = &s->part->nodes.v[s->node_of[bit]];
        if (node->op == DFA_ASSERT)
            set_bit(s->waiting, bit);
        if (node->chain > 0 && bit < s->late_from)
            set_bit(s->chained, bit);
        if (node->loop > 0 && bit < s->late_from)
            mark_loop(s, bit);
    }
}

static void number_all(struct subset *s)
{
    struct arena *a = s->work->arena;
    uint32_t n_nodes = (uint32_t)s->part->nodes.n, n_bits = 0;
    s->stack = ARENA_ARRAY(a, 2 * n_nodes + 2, uint32_t);
    s->marked = ARENA_ARRAY(a, n_nodes, uint32_t);
    s->node_of = ARENA_ARRAY(a, 2 * n_nodes, uint32_t);
    number_places(s, false, &n_bits);
    s->late_from = n_bits;
    s->round++;
    for (uint32_t i = 0; s->p->asserts[REGEX_TEXT_END] && i < n_nodes; i++)
        if (s->part->nodes.v[i].op == DFA_ASSERT && s->part->nodes.v[i].assertion == REGEX_TEXT_END)
            mark_from(s, i + 1);
    number_places(s, true, &n_bits);
    s->n_words = (n_bits + 63) / 64;
    mark_bits(s, n_bits);
    for (int late = 0; late < 2; late++)
        for (int k = 0; k < DFA_BESIDE__COUNT; k++)
            s->made[late][k] = ARENA_ARRAY(a, n_nodes, struct closure);
    for (uint32_t c = DFA_FIRST; c < s->alphabet->n_classes; c++)
        s->kinds[s->alphabet->beside[c]].bits[c / 64] |= UINT64_C(1) << c % 64;
}

/* ---- What is reached without reading ---- */

enum verdict { FAILS, HOLDS, WAITS, GUESSES };

/* before: what the last symbol was. */
static enum verdict on_arrival(uint8_t assertion, enum dfa_beside before)
{
    switch (assertion) {
    case REGEX_TEXT_START:
        return before == DFA_EDGE ? HOLDS : FAILS;
    case REGEX_LINE_START:
        return before == DFA_EDGE ? HOLDS : before == DFA_LF ? WAITS : FAILS;
    default:
        return WAITS;
    }
}

/* before and after are known. */
static enum verdict between(uint8_t assertion, enum dfa_beside before, enum dfa_beside after,
                            bool late)
{
    bool holds = false;
    switch (assertion) {
    case REGEX_TEXT_START:
        holds = before == DFA_EDGE;
        break;
    case REGEX_LINE_START: /* an LF that ends the text starts no line */
        holds = before == DFA_EDGE || (before == DFA_LF && after != DFA_EDGE);
        break;
    case REGEX_LINE_END:
        holds = after == DFA_EDGE || after == DFA_LF;
        break;
    case REGEX_TEXT_END:
        if (after == DFA_LF && !late)
            return GUESSES;
        holds = after == DFA_EDGE || after == DFA_LF;
        break;
    case REGEX_VERY_END:
        holds = after == DFA_EDGE;
        break;
    case REGEX_WORD:
        holds = (before == DFA_WORD) != (after == DFA_WORD);
        break;
    case REGEX_NOT_WORD:
        holds = (before == DFA_WORD) == (after == DFA_WORD);
        break;
    default:
        break;
    }
    return holds ? HOLDS : FAILS;
}

/* Adds to `set` all places that `from` leads to, settling assertions by `after` when it is known
 * (not NULL). */
static void follow(struct subset *s, uint64_t *set, uint32_t from, bool late,
                   enum dfa_beside before, const enum dfa_beside *after)
{
    uint32_t depth = 0, round = ++s->round;
    s->stack[depth++] = from;
    while (depth > 0) {
        uint32_t i = s->stack[--depth];
        const struct dfa_node *node = &s->part->nodes.v[i];
        if (s->marked[i] == round)
            continue;
        s->marked[i] = round;
        if (node->op == DFA_SPLIT)
            s->stack[depth++] = node->y;
        if (node->op == DFA_SPLIT || node->op == DFA_JUMP) {
            s->stack[depth++] = node->x;
            continue;
        }
        if (node->op != DFA_ASSERT) {
            set_bit(set, s->bit_of[late][i]);
            continue;
        }
        enum verdict v = after ? between(node->assertion, before, *after, late)
                               : on_arrival(node->assertion, before);
        if (v == WAITS || v == GUESSES) /* guesses are followed by whoever called */
            set_bit(set, s->bit_of[late][i]);
        else if (v == HOLDS)
            s->stack[depth++] = i + 1;
    }
}

static const uint64_t *closure(struct subset *s, uint32_t from, bool late, enum dfa_beside before)
{
    struct closure *made = &s->made[late][before][from];
    if (!made->places) {
        uint64_t *set = new_set(s);
        follow(s, set, from, late, before, NULL);
        made->places = set;
    }
    return made->places;
}

/* Late places of a state are behind a guess, which any symbol proves wrong. */
static void drop_late(struct subset *s, uint64_t *set)
{
    for (uint32_t bit = s->late_from; bit < s->n_words * 64; bit++)
        set[bit / 64] &= ~(UINT64_C(1) << bit % 64);
}

/* s->now: the places of the state once the next symbol is known to be of this kind. */
static void settle(struct subset *s, const struct state *state, enum dfa_beside after)
{
    uint32_t n_bits = after == DFA_EDGE ? s->n_words * 64 : s->late_from;
    memcpy(s->now, state->places, s->n_words * sizeof *s->now);
    if (after != DFA_EDGE)
        drop_late(s, s->now);
    if (!meet(s, s->now, s->waiting))
        return;
    for (uint32_t bit = 0; bit < n_bits; bit++)
        if (has_bit(state->places, bit) && has_bit(s->waiting, bit))
            follow(s, s->now, s->node_of[bit], bit >= s->late_from, state->before, &after);
    for (uint32_t bit = 0; after == DFA_LF && bit < s->late_from; bit++) {
        uint32_t node = s->node_of[bit];
        if (has_bit(s->now, bit) && has_bit(s->waiting, bit) &&
            s->part->nodes.v[node].assertion == REGEX_TEXT_END)
            follow(s, s->now, node + 1, true, state->before, &after);
    }
}

/* ---- States ---- */

/* Of each chain the place of the highest rank stays. */
static void prune(struct subset *s, uint64_t *set)
{
    uint32_t round = ++s->round;
    for (uint32_t i = 0; i < s->n_words; i++) {
        for (uint64_t left = set[i] & s->chained[i]; left != 0; left &= left - 1) {
            uint32_t bit = i * 64 + (uint32_t)__builtin_ctzll(left);
            const struct dfa_node *node = &s->part->nodes.v[s->node_of[bit]];
            if (s->best_round[node->chain] != round) {
                s->best_round[node->chain] = round;
                s->best[node->chain] = bit;
                continue;
            }
            uint32_t other = s->best[node->chain];
            bool better = node->rank > s->part->nodes.v[s->node_of[other]].rank;
            s->best[node->chain] = better ? bit : other;
            uint32_t gone = better ? other : bit;
            set[gone / 64] &= ~(UINT64_C(1) << gone % 64);
        }
    }
}

/* What a loop finds as well need not be kept. */
static void cover(const struct subset *s, uint64_t *set)
{
    for (uint32_t i = 0; i < s->n_words; i++)
        for (uint64_t left = set[i] & s->loops[i]; left != 0; left &= left - 1) {
            uint32_t bit = i * 64 + (uint32_t)__builtin_ctzll(left);
            for (uint32_t gone = s->covers[bit]; gone < bit; gone++)
                set[gone / 64] &= ~(UINT64_C(1) << gone % 64);
        }
}

static void grow_index(struct subset *s)
{
    s->n_index = s->n_index ? s->n_index * 2 : 256;
    s->index = ARENA_ARRAY(s->work->arena, s->n_index, uint32_t);
    for (size_t i = 0; i < s->states.n; i++) {
        uint32_t at = s->states.v[i].hash & (s->n_index - 1);
        while (s->index[at] != 0)
            at = (at + 1) & (s->n_index - 1);
        s->index[at] = (uint32_t)i + 1;
    }
}

static bool same_state(const struct subset *s, const struct state *a, const struct state *b)
{
    return a->hash == b->hash && a->before == b->before && a->junk == b->junk &&
           a->ends == b->ends && memcmp(a->places, b->places, s->n_words * sizeof *a->places) == 0;
}

/* The number of the state with these places; NO_STATE when there may be no more. */
static uint32_t state_of(struct subset *s, uint64_t *places, enum dfa_beside before, bool junk)
{
    const bool ends = has_bit(places, match_bit(s, false));
    if (ends && !s->is_followed)
        return DFA_ACCEPT;
    if (ends)
        clear_bit(places, match_bit(s, false));
    if (meet(s, places, s->chained))
        prune(s, places);
    if (meet(s, places, s->loops))
        cover(s, places);
    bool waits = meet(s, places, s->waiting);
    struct state state = {.places = places,
                          .before = (uint8_t)(waits ? before : DFA_OTHER),
                          .junk = junk && waits,
                          .ends = ends};
    state.hash = (uint32_t)hash_bytes(places, s->n_words * sizeof *places,
                                      state.before * 4u + state.ends * 2u + state.junk);
    uint32_t at = state.hash & (s->n_index - 1);
    for (; s->index[at] != 0; at = (at + 1) & (s->n_index - 1))
        if (same_state(s, &s->states.v[s->index[at] - 1], &state))
            return s->index[at] + 1;
    if (s->states.n + 2 >= s->work->bounds.states) {
        dfa_refuse(s->work, "too many states");
        return NO_STATE;
    }
    if ((s->states.n + 3) * dfa_row(s->table) * sizeof(uint16_t) > s->work->bounds.bytes) {
        dfa_refuse(s->work, "too many bytes");
        return NO_STATE;
    }
    uint64_t *kept = new_set(s);
    memcpy(kept, places, s->n_words * sizeof *kept);
    state.places = kept;
    *VEC_PUSH(s->work->arena, &s->states) = state;
    s->index[at] = (uint32_t)s->states.n;
    if (s->states.n * 2 > s->n_index)
        grow_index(s);
    return (uint32_t)s->states.n + 1;
}

/* ---- Steps ---- */

/* Adds `to` to s->next of every class that is in the set and of the kind. False at a bound. */
static bool step_to(struct subset *s, const struct dfa_class_set *set, enum dfa_beside kind,
                    const uint64_t *to)
{
    uint64_t n = 1;
    for (uint32_t w = 0; w < 4; w++) {
        uint64_t classes = set->bits[w] & s->kinds[kind].bits[w];
        for (; classes != 0; classes &= classes - 1, n += s->n_words) {
            uint32_t c = w * 64 + (uint32_t)__builtin_ctzll(classes);
            join(s, s->next + (size_t)c * s->n_words, to);
        }
    }
    return dfa_steps(s->work, n);
}

/* Adds to s->next what one place of s->now reads of the classes of this kind. */
static bool read_place(struct subset *s, uint32_t bit, enum dfa_beside kind)
{
    bool late = bit >= s->late_from;
    uint32_t node = s->node_of[bit];
    uint8_t op = s->part->nodes.v[node].op;
    if (late && kind != DFA_LF)
        return true;
    if (op == DFA_MATCH && late) { /* the guess stands until the next symbol */
        memset(s->now_only, 0, s->n_words * sizeof *s->now_only);
        set_bit(s->now_only, bit);
        return step_to(s, &s->kinds[DFA_LF], kind, s->now_only);
    }
    return op != DFA_TAKE || step_to(s, &s->alphabet->sets[s->part->nodes.v[node].x], kind,
                                     closure(s, node + 1, late, kind));
}

static bool read_symbol(struct subset *s, enum dfa_beside kind)
{
    for (uint32_t i = 0; i < s->n_words; i++)
        for (uint64_t left = s->now[i]; left != 0; left &= left - 1)
            if (!read_place(s, i * 64 + (uint32_t)__builtin_ctzll(left), kind))
                return false;
    return true;
}

/* Whether the part ends at this place of the text, as only the next symbol tells. That is too late
 * for the part behind. */
static bool ends_late(struct subset *s)
{
    bool ends = has_bit(s->now, match_bit(s, false));
    if (match_bit(s, true) != NO_BIT)
        ends |= has_bit(s->now, match_bit(s, true));
    if (ends && s->is_followed)
        dfa_refuse(s->work, LATE);
    return ends;
}

/* The end, and a malformed byte, which ends a piece of the text: behind it a match may begin anew
 * once a character comes. */
static bool fill_ends(struct subset *s, const struct state *state, uint32_t *row)
{
    const uint32_t width = s->table->width;
    settle(s, state, DFA_EDGE);
    uint32_t end = DFA_DEAD, junk = DFA_ACCEPT;
    if (ends_late(s) && !state->junk) {
        end = DFA_ACCEPT;
    } else {
        uint64_t *places = s->next + (size_t)DFA_JUNK * s->n_words;
        if (!s->is_told)
            join(s, places, closure(s, 0, false, DFA_OTHER));
        junk = state_of(s, places, DFA_OTHER, true);
    }
    for (uint32_t i = 0; i < width; i++) {
        row[DFA_END * width + i] = end;
        row[DFA_JUNK * width + i] = junk;
    }
    return junk != NO_STATE && s->work->why == NULL;
}

/* Fills the cells of one kind of character. */
static bool fill_kind(struct subset *s, const struct state *state, enum dfa_beside kind,
                      uint32_t *row)
{
    const uint32_t width = s->table->width;
    settle(s, state, kind);
    bool accepts = has_bit(s->now, match_bit(s, false));
    if (accepts && s->is_followed)
        return dfa_refuse(s->work, LATE);
    if (!accepts && !read_symbol(s, kind))
        return false;
    for (uint32_t c = DFA_FIRST; c < s->alphabet->n_classes; c++) {
        if (!dfa_has(&s->kinds[kind], c))
            continue;
        uint64_t *places = s->next + (size_t)c * s->n_words;
        uint32_t *cell = row + (size_t)c * width;
        if (s->is_told) {
            memcpy(s->untold, places, s->n_words * sizeof *places);
            *cell++ = accepts ? DFA_ACCEPT : state_of(s, s->untold, kind, false);
        }
        join(s, places, closure(s, 0, false, kind));
        *cell = accepts ? DFA_ACCEPT : state_of(s, places, kind, false);
        if (*cell == NO_STATE || cell[1 - (int)width] == NO_STATE)
            return false;
    }
    return true;
}

static bool fill_row(struct subset *s, uint32_t number)
{
    uint32_t n_classes = s->alphabet->n_classes;
    uint32_t *row = s->table->next.v + (size_t)number * dfa_row(s->table);
    struct state state = s->states.v[number - 2];
    memset(s->next, 0, (size_t)n_classes * s->n_words * sizeof *s->next);
    if (!fill_ends(s, &state, row))
        return false;
    for (int kind = 0; kind < DFA_EDGE; kind++)
        if (!fill_kind(s, &state, (enum dfa_beside)kind, row))
            return false;
    return dfa_steps(s->work, (uint64_t)dfa_row(s->table) * s->n_words);
}

static void add_row(struct subset *s, uint32_t value)
{
    for (uint32_t i = 0; i < dfa_row(s->table); i++)
        *VEC_PUSH(s->work->arena, &s->table->next) = value;
}

static uint32_t start_state(struct subset *s, enum dfa_beside before)
{
    memset(s->now, 0, s->n_words * sizeof *s->now);
    if (!s->is_told)
        join(s, s->now, closure(s, 0, false, before));
    return state_of(s, s->now, before, false);
}

/* A part that is followed takes something: else the next would begin before the first symbol. */
static bool may_be_empty(struct subset *s)
{
    bool empty = false;
    for (int before = 0; before < DFA_BESIDE__COUNT; before++)
        empty |= has_bit(closure(s, 0, false, (enum dfa_beside)before), match_bit(s, false));
    return empty;
}

static bool build_states(struct subset *s)
{
    struct dfa_table *t = s->table;
    bool start_counts = s->p->asserts[REGEX_TEXT_START] || s->p->asserts[REGEX_LINE_START];
    add_row(s, DFA_DEAD);
    add_row(s, DFA_ACCEPT);
    t->start = start_state(s, start_counts ? DFA_EDGE : DFA_OTHER);
    t->start_inside = start_state(s, DFA_OTHER);
    for (uint32_t i = 0; i < s->states.n; i++) {
        add_row(s, DFA_DEAD);
        if (!fill_row(s, i + 2))
            return false;
    }
    t->n_states = (uint32_t)s->states.n + 2;
    for (uint32_t i = 0; i < t->n_states; i++)
        *VEC_PUSH(s->work->arena, &t->ends) = i >= 2 && s->states.v[i - 2].ends;
    return t->start != NO_STATE && t->start_inside != NO_STATE;
}

bool dfa_subset(struct dfa_work *w, const struct dfa_program *p, uint32_t part,
                const struct dfa_alphabet *alphabet, struct dfa_table *ret)
{
    struct subset s = {.work = w,
                       .p = p,
                       .part = &p->parts[part],
                       .alphabet = alphabet,
                       .table = ret,
                       .is_told = part > 0,
                       .is_followed = part + 1 < p->n_parts};
    *ret = (struct dfa_table){.n_classes = alphabet->n_classes, .width = s.is_told ? 2 : 1};
    number_all(&s);
    grow_index(&s);
    s.now = new_set(&s);
    s.now_only = new_set(&s);
    s.untold = new_set(&s);
    s.next = ARENA_ARRAY(w->arena, (size_t)alphabet->n_classes * s.n_words, uint64_t);
    s.best = ARENA_ARRAY(w->arena, s.part->n_chains + 1, uint32_t);
    s.best_round = ARENA_ARRAY(w->arena, s.part->n_chains + 1, uint32_t);
    if (s.is_followed && may_be_empty(&s))
        return dfa_refuse(w, "a part before a counter may be empty");
    return build_states(&s);
}
