/* The steps one after the other, and the automaton as the pack holds it. */
#include "dfa_build.h"

#include <sigmaton/pack.h>
#include <string.h>

#include "dfa_parts.h"

/* Pairs of printable characters that may leave the state of rest: a quarter of them. */
#define LEAVING_PAIRS_MAX (24u * 95u)

bool dfa_refuse(struct dfa_work *w, const char *why)
{
    if (!w->why)
        w->why = why;
    return false;
}

bool dfa_steps(struct dfa_work *w, uint64_t n)
{
    if (n > w->bounds.steps - w->steps) {
        w->steps = w->bounds.steps;
        return dfa_refuse(w, "too many steps to build");
    }
    w->steps += (uint32_t)n;
    return true;
}

/* ---- The blob ---- */

/* A regex whose parts have automata, and what is said of them all. */
struct built {
    const struct dfa_program *p;
    struct dfa_alphabet alphabet;
    struct dfa_table tables[DFA_PARTS_MAX];
};

static bool same_columns(const struct dfa_table *t, uint32_t a, uint32_t b)
{
    const uint32_t row = dfa_row(t), w = t->width;
    uint32_t differ = 0;
    for (uint32_t s = 0; s < t->n_states && differ == 0; s++) {
        const uint32_t *cells = t->next.v + (size_t)s * row;
        for (uint32_t i = 0; i < w; i++)
            differ |= cells[a * w + i] ^ cells[b * w + i];
    }
    return differ == 0;
}

static bool is_counted(const struct built *b, uint32_t counter, uint32_t class)
{
    return dfa_has(&b->alphabet.sets[b->p->counters[counter].set], class);
}

/* Whether nothing tells the classes apart. */
static bool same_class(const struct built *b, uint32_t x, uint32_t y)
{
    bool same = true;
    for (uint32_t i = 0; same && i < b->p->n_parts; i++)
        same = same_columns(&b->tables[i], x, y);
    for (uint32_t i = 0; same && i + 1 < b->p->n_parts; i++)
        same = is_counted(b, i, x) == is_counted(b, i, y);
    return same;
}

/* What nothing tells apart becomes one class: *ret_n of them. */
static uint8_t *merge_classes(struct dfa_work *w, const struct built *b, uint32_t *ret_n)
{
    const uint32_t n_classes = b->alphabet.n_classes;
    uint8_t *merged = ARENA_ARRAY(w->arena, n_classes, uint8_t), n = 0;
    uint32_t *first = ARENA_ARRAY(w->arena, n_classes, uint32_t);
    for (uint32_t c = 0; c < n_classes; c++) {
        uint8_t to = 0;
        while (to < n && !same_class(b, c, first[to]))
            to++;
        if (to == n)
            first[n++] = c;
        merged[c] = to;
    }
    *ret_n = n;
    return merged;
}

/* The intervals of the alphabet from 0x80 on, neighbours of one class as one; *ret_n of them. */
static uint32_t *wide_ranges(struct dfa_work *w, const struct dfa_alphabet *alphabet,
                             const uint8_t *merged, uint8_t *classes, uint32_t *ret_n)
{
    uint32_t *starts = ARENA_ARRAY(w->arena, alphabet->n_starts, uint32_t), n = 0;
    for (uint32_t i = 0; i < alphabet->n_starts; i++) {
        uint8_t class = merged[alphabet->classes[i]];
        if (i + 1 < alphabet->n_starts && alphabet->starts[i + 1] <= 0x80)
            continue;
        if (n > 0 && classes[n - 1] == class)
            continue;
        starts[n] = alphabet->starts[i] < 0x80 ? 0x80 : alphabet->starts[i];
        classes[n++] = class;
    }
    *ret_n = n;
    return starts;
}

static uint32_t align8(uint32_t n)
{
    return (n + 7) & ~7u;
}

static void fill_ascii(uint8_t ascii[128], const struct dfa_alphabet *alphabet,
                       const uint8_t *merged)
{
    uint32_t i = 0;
    for (uint32_t c = 0; c < 128; c++) {
        while (i + 1 < alphabet->n_starts && alphabet->starts[i + 1] <= c)
            i++;
        ascii[c] = merged[alphabet->classes[i]];
    }
}

/* A state in which a walk may rest. */
struct rest {
    bool leaves[128];              /* characters that lead elsewhere */
    bool follows[DFA_CLASSES_MAX]; /* classes that behind such a one lead elsewhere than here */
    uint32_t cost;                 /* pairs of printable characters that leave it so */
};

static uint32_t n_leaving(const uint16_t *next, const struct sigmaton_dfa *head, uint32_t row,
                          uint32_t most)
{
    uint32_t n = 0;
    for (uint32_t c = 0x20; c < 0x7f && n < most; c++)
        n += next[row + head->ascii[c]] != row;
    return n;
}

static struct rest describe_rest(const struct dfa_table *t, const uint16_t *next,
                                 const struct sigmaton_dfa *head, uint32_t row)
{
    struct rest r = {0};
    bool seen[DFA_CLASSES_MAX] = {0};
    const uint32_t ends_from = t->ends_from * head->n_classes;
    uint32_t n_follow = 0;
    for (uint32_t c = 0; c < 128; c++) {
        const uint32_t class = head->ascii[c], to = next[row + class];
        r.leaves[c] = to != row;
        if (to == row || seen[class])
            continue;
        seen[class] = true;
        for (uint32_t i = 0; i < head->n_classes; i++)
            r.follows[i] |= next[to + i] != next[row + i] || (ends_from > 0 && to >= ends_from);
    }
    for (uint32_t c = 0x20; c < 0x7f; c++)
        n_follow += r.follows[head->ascii[c]];
    r.cost = n_leaving(next, head, row, UINT32_MAX) * n_follow;
    return r;
}

/* The state that the fewest pairs of characters leave for good, when they are few: a walk can then
 * jump from one of them to the next. */
static void choose_rest(const struct dfa_table *t, const uint16_t *next, struct sigmaton_dfa *head)
{
    struct rest best = {.cost = LEAVING_PAIRS_MAX + 1}, rest;
    for (uint32_t s = DFA_ACCEPT + 1; s < (t->ends_from > 0 ? t->ends_from : t->n_states); s++) {
        /* Something follows, so the cost is at least that. */
        if (n_leaving(next, head, s * head->n_classes, best.cost) >= best.cost)
            continue;
        rest = describe_rest(t, next, head, s * head->n_classes);
        if (rest.cost >= best.cost)
            continue;
        best = rest;
        head->rest = s * head->n_classes;
    }
    for (uint32_t c = 0; head->rest != 0 && c < 128; c++) {
        head->leaves[c & 15] |= (uint8_t)(best.leaves[c] << (c >> 4));
        head->leaves[16 + (c & 15)] |= (uint8_t)(best.follows[head->ascii[c]] << (c >> 4));
    }
}

/* The states by classes as merged. */
static void write_table(const struct dfa_table *t, const uint8_t *merged, uint32_t n_classes,
                        uint16_t *next)
{
    const uint32_t row = n_classes * t->width;
    for (uint32_t s = 0; s < t->n_states; s++)
        for (uint32_t i = 0; i < dfa_row(t); i++)
            next[s * row + merged[i / t->width] * t->width + i % t->width] =
                (uint16_t)(t->next.v[(size_t)s * dfa_row(t) + i] * row);
}

static void fill_link(const struct built *b, uint32_t i, const uint8_t *merged, uint32_t n_classes,
                      struct sigmaton_link *link)
{
    const struct dfa_table *t = &b->tables[i + 1];
    const uint32_t row = n_classes * t->width;
    *link = (struct sigmaton_link){.n_states = t->n_states,
                                   .start = t->start * row,
                                   .next_off = link->next_off,
                                   .ends_from = t->ends_from * row,
                                   .least = b->p->counters[i].least,
                                   .most = b->p->counters[i].most};
    for (uint32_t c = 0; c < b->alphabet.n_classes; c++)
        if (is_counted(b, i, c))
            link->counted[merged[c] / 8] |= (uint8_t)(1u << merged[c] % 8);
}

/* Where the tables stand, from `off` on; the end of the last. */
static uint64_t place_tables(const struct built *b, uint32_t n_classes, uint64_t off,
                             struct sigmaton_dfa *head, struct sigmaton_link *links)
{
    for (uint32_t i = 0; i < b->p->n_parts; i++) {
        const struct dfa_table *t = &b->tables[i];
        *(i == 0 ? &head->next_off : &links[i - 1].next_off) = (uint32_t)off;
        off += (uint64_t)t->n_states * n_classes * t->width * sizeof(uint16_t);
    }
    return off;
}

/* Characters of a text that holds what is sought, at least: each part that is followed takes one.
 */
static uint32_t min_len(const struct built *b)
{
    uint32_t sum = b->tables[0].min_len;
    for (uint32_t i = 0; i + 1 < b->p->n_parts; i++)
        sum += 1 + b->p->counters[i].least;
    return sum;
}

static bool write_blob(struct dfa_work *w, const struct built *b, struct dfa *ret)
{
    uint32_t n_classes, n_ranges, n_links = b->p->n_parts - 1;
    const struct dfa_table *t = &b->tables[0];
    const struct dfa_alphabet *alphabet = &b->alphabet;
    struct sigmaton_link links[SIGMATON_DFA_LINKS_MAX] = {0};
    uint8_t *merged = merge_classes(w, b, &n_classes);
    uint8_t *classes = ARENA_ARRAY(w->arena, alphabet->n_starts, uint8_t);
    uint32_t *starts = wide_ranges(w, alphabet, merged, classes, &n_ranges);
    struct sigmaton_dfa head = {.n_states = t->n_states,
                                .n_classes = n_classes,
                                .start = t->start * n_classes,
                                .start_inside = t->start_inside * n_classes,
                                .ends_from = t->ends_from * n_classes,
                                .end_class = merged[DFA_END],
                                .junk_class = merged[DFA_JUNK],
                                .n_ranges = n_ranges,
                                .min_len = min_len(b),
                                .n_links = n_links};
    head.ranges_off = (uint32_t)(sizeof head + n_links * sizeof *links);
    head.classes_off = head.ranges_off + n_ranges * (uint32_t)sizeof *starts;
    uint64_t size = place_tables(b, n_classes, align8(head.classes_off + n_ranges), &head, links);
    if (size > w->bounds.bytes)
        return dfa_refuse(w, "too many bytes");
    head.size = align8((uint32_t)size);
    fill_ascii(head.ascii, alphabet, merged);
    uint8_t *blob = arena_alloc(w->arena, head.size);
    memcpy(blob + head.ranges_off, starts, n_ranges * sizeof *starts);
    memcpy(blob + head.classes_off, classes, n_ranges);
    uint16_t *next = (uint16_t *)(void *)(blob + head.next_off);
    write_table(t, merged, n_classes, next);
    choose_rest(t, next, &head);
    ret->n_states = t->n_states;
    for (uint32_t i = 0; i < n_links; i++) {
        fill_link(b, i, merged, n_classes, &links[i]);
        write_table(&b->tables[i + 1], merged, n_classes,
                    (uint16_t *)(void *)(blob + links[i].next_off));
        ret->n_states += links[i].n_states;
    }
    memcpy(blob, &head, sizeof head);
    memcpy(blob + sizeof head, links, n_links * sizeof *links);
    ret->blob = blob;
    ret->size = head.size;
    ret->n_classes = n_classes;
    ret->n_links = n_links;
    return true;
}

/* The automata of all parts. False when a bound is met. */
static bool build_tables(struct dfa_work *w, struct built *b)
{
    const uint32_t last = b->p->n_parts - 1;
    for (uint32_t i = 0; i <= last; i++) {
        if (!dfa_subset(w, b->p, i, &b->alphabet, &b->tables[i]))
            return false;
        if (i < last)
            dfa_sort_ends(w, &b->tables[i]);
        else
            dfa_bury(w, &b->tables[i]);
    }
    return true;
}

static void build(struct dfa_work *w, const struct regex *re, uint32_t counted_from,
                  struct dfa *ret)
{
    struct built b = {0};
    b.p = dfa_program(w, re, counted_from);
    if (b.p && dfa_alphabet(w, b.p, &b.alphabet) && build_tables(w, &b))
        write_blob(w, &b, ret);
    ret->why = w->why;
    ret->steps = w->steps;
}

static void destroy_held(void *holder)
{
    arena_destroy(*(struct arena **)holder);
}

static uint8_t *copy_blob(struct arena *a, const uint8_t *blob, uint32_t size)
{
    uint8_t *copy = arena_alloc(a, size); /* aligned, as the walk wants it */
    memcpy(copy, blob, size);
    return copy;
}

static struct dfa build_within(struct arena *a, const struct regex *re, struct dfa_bounds bounds,
                               uint32_t counted_from)
{
    struct dfa d = {0};
    struct arena **holder = ARENA_NEW(a, struct arena *);
    arena_defer(a, destroy_held, holder); /* the copy below may run out of memory */
    struct arena *scratch = *holder = arena_create(ARENA_LIMIT);
    if (!scratch || setjmp(*arena_on_oom(scratch)))
        arena_out_of_memory(a);
    build(&(struct dfa_work){.arena = scratch, .bounds = bounds}, re, counted_from, &d);
    if (!d.why)
        d.blob = copy_blob(a, d.blob, d.size);
    arena_destroy(scratch);
    *holder = NULL;
    return d;
}

static struct dfa_bounds bounds_of(const struct dfa_bounds *bounds)
{
    static const struct dfa_bounds all = {DFA_STATES_MAX, DFA_BYTES_MAX, DFA_STEPS_MAX,
                                          DFA_CHAIN_BYTES_MAX};
    return bounds ? *bounds : all;
}

struct dfa dfa_build_chain(struct arena *a, const struct regex *re, const struct dfa_bounds *bounds,
                           uint32_t counted_from)
{
    struct dfa_bounds of_chain = bounds_of(bounds);
    of_chain.bytes = of_chain.chain_bytes;
    if (!dfa_counts(re, counted_from))
        return (struct dfa){.why = "nothing is counted"};
    return build_within(a, re, of_chain, counted_from);
}

struct dfa dfa_build(struct arena *a, const struct regex *re, const struct dfa_bounds *bounds)
{
    struct dfa d = build_within(a, re, bounds_of(bounds), 0), chain;
    if (!d.why)
        return d;
    chain = dfa_build_chain(a, re, bounds, DFA_COUNTED_FROM);
    d.steps += chain.steps;
    chain.steps = d.steps;
    return chain.why ? d : chain;
}
