/* The steps one after the other, and the automaton as the pack holds it. */
#include "dfa_build.h"

#include <sigmaton/pack.h>
#include <string.h>

#include "dfa_parts.h"

/* Printable characters that may leave the state of rest. */
#define LEAVING_MAX 24u

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

/* Classes whose columns are equal become one: *ret_n of them. */
static uint8_t *merge_classes(struct dfa_work *w, const struct dfa_table *t, uint32_t *ret_n)
{
    uint8_t *merged = ARENA_ARRAY(w->arena, t->n_classes, uint8_t), n = 0;
    uint32_t *first = ARENA_ARRAY(w->arena, t->n_classes, uint32_t);
    for (uint32_t c = 0; c < t->n_classes; c++) {
        uint8_t to = 0;
        for (; to < n; to++) {
            uint32_t s = 0;
            while (s < t->n_states && t->next.v[(size_t)s * t->n_classes + c] ==
                                          t->next.v[(size_t)s * t->n_classes + first[to]])
                s++;
            if (s == t->n_states)
                break;
        }
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

/* The state that most of the ASCII leaves as it is, when that is nearly all: a walk can then jump
 * from one of the others to the next. */
static void choose_rest(const struct dfa_table *t, const uint16_t *next, struct sigmaton_dfa *head)
{
    uint32_t fewest = LEAVING_MAX + 1;
    for (uint32_t s = DFA_ACCEPT + 1; s < t->n_states; s++) {
        const uint32_t row = s * head->n_classes;
        uint32_t n = 0;
        for (uint32_t c = 0x20; c < 0x7f && n < fewest; c++)
            n += next[row + head->ascii[c]] != row;
        if (n >= fewest)
            continue;
        fewest = n;
        head->rest = row;
    }
    for (uint32_t c = 0; head->rest != 0 && c < 128; c++)
        if (next[head->rest + head->ascii[c]] != head->rest)
            head->leaves[c & 15] |= (uint8_t)(1u << (c >> 4));
}

static bool write_blob(struct dfa_work *w, const struct dfa_table *t,
                       const struct dfa_alphabet *alphabet, struct dfa *ret)
{
    uint32_t n_classes, n_ranges;
    uint8_t *merged = merge_classes(w, t, &n_classes);
    uint8_t *classes = ARENA_ARRAY(w->arena, alphabet->n_starts, uint8_t);
    uint32_t *starts = wide_ranges(w, alphabet, merged, classes, &n_ranges);
    struct sigmaton_dfa head = {.n_states = t->n_states,
                                .n_classes = n_classes,
                                .start = t->start * n_classes,
                                .start_inside = t->start_inside * n_classes,
                                .end_class = merged[DFA_END],
                                .junk_class = merged[DFA_JUNK],
                                .n_ranges = n_ranges,
                                .min_len = t->min_len};
    head.ranges_off = sizeof head;
    head.classes_off = head.ranges_off + n_ranges * (uint32_t)sizeof *starts;
    head.next_off = align8(head.classes_off + n_ranges);
    uint64_t size = head.next_off + (uint64_t)t->n_states * n_classes * sizeof(uint16_t);
    if (size > w->bounds.bytes)
        return dfa_refuse(w, "too many bytes");
    head.size = align8((uint32_t)size);
    fill_ascii(head.ascii, alphabet, merged);
    uint8_t *blob = arena_alloc(w->arena, head.size);
    uint16_t *next = (uint16_t *)(void *)(blob + head.next_off);
    memcpy(blob + head.ranges_off, starts, n_ranges * sizeof *starts);
    memcpy(blob + head.classes_off, classes, n_ranges);
    for (uint32_t s = 0; s < t->n_states; s++)
        for (uint32_t c = 0; c < t->n_classes; c++)
            next[s * n_classes + merged[c]] =
                (uint16_t)(t->next.v[(size_t)s * t->n_classes + c] * n_classes);
    choose_rest(t, next, &head);
    memcpy(blob, &head, sizeof head);
    ret->blob = blob;
    ret->size = head.size;
    ret->n_states = t->n_states;
    ret->n_classes = n_classes;
    return true;
}

static void build(struct dfa_work *w, const struct regex *re, struct dfa *ret)
{
    struct dfa_alphabet alphabet;
    struct dfa_table table;
    struct dfa_program *p = dfa_program(w, re);
    if (p && dfa_alphabet(w, p, &alphabet) && dfa_subset(w, p, &alphabet, &table)) {
        dfa_bury(w, &table);
        write_blob(w, &table, &alphabet, ret);
    }
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

struct dfa dfa_build(struct arena *a, const struct regex *re, const struct dfa_bounds *bounds)
{
    static const struct dfa_bounds all = {DFA_STATES_MAX, DFA_BYTES_MAX, DFA_STEPS_MAX};
    struct dfa d = {0};
    struct arena **holder = ARENA_NEW(a, struct arena *);
    arena_defer(a, destroy_held, holder); /* the copy below may run out of memory */
    struct arena *scratch = *holder = arena_create(ARENA_LIMIT);
    if (!scratch || setjmp(*arena_on_oom(scratch)))
        arena_out_of_memory(a);
    build(&(struct dfa_work){.arena = scratch, .bounds = bounds ? *bounds : all}, re, &d);
    if (!d.why)
        d.blob = copy_blob(a, d.blob, d.size);
    arena_destroy(scratch);
    *holder = NULL;
    return d;
}
