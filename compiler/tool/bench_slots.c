/* Slots of many events, kept small: only those that an event fills, texts as offsets. For judging
 * they are laid out again as a sensor would have them: an array of all slots, texts nearby and warm
 * in the cache. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { BATCH = 16 };

/* Where a text is. */
enum place { IN_LINE, IN_EXTRA, IN_LEAVES };

/* A slot and where its text or its leaves are. at.text is not used. */
struct kept {
    uint64_t number;
    uint32_t slot; /* of a leaf: 0 */
    uint32_t len, kind;
    uint32_t off; /* bytes into the line or the extra texts, or leaves */
    enum place place;
};

struct event {
    size_t first; /* of the slots, leaves behind them */
    size_t extra; /* first byte */
    uint32_t n_slots, n_leaves;
    uint32_t n_extra; /* bytes */
    uint32_t line;
};

struct bench_slots {
    const struct bench_set *set;
    struct event *events;
    size_t n_events;
    struct kept *kept;
    size_t n_kept, cap_kept;
    uint8_t *extra;
    size_t n_extra, cap_extra;
    uint32_t n_slots;
    /* One batch, laid out. */
    struct sigmaton_slot *slots;  /* [BATCH * n_slots] */
    struct sigmaton_slot *leaves; /* [BATCH * max_leaves] */
    uint8_t *bytes;               /* [BATCH * max_bytes]: line, then extra texts */
    size_t max_leaves, max_bytes;
    uint64_t clock_cost;
};

static struct kept *add_kept(struct bench_slots *b)
{
    if (b->n_kept == b->cap_kept) {
        b->cap_kept = b->cap_kept ? 2 * b->cap_kept : 4096;
        b->kept = bench_grow(b->kept, b->cap_kept, sizeof *b->kept);
    }
    return &b->kept[b->n_kept++];
}

static uint32_t add_extra(struct bench_slots *b, struct event *e, const uint8_t *p, uint32_t len)
{
    while (b->n_extra + len > b->cap_extra) {
        b->cap_extra = b->cap_extra ? 2 * b->cap_extra : 65536;
        b->extra = bench_grow(b->extra, b->cap_extra, 1);
    }
    if (len > 0)
        memcpy(b->extra + b->n_extra, p, len);
    b->n_extra += len;
    e->n_extra += len;
    return e->n_extra - len;
}

static void keep(struct bench_slots *b, struct event *e, uint32_t slot,
                 const struct sigmaton_slot *s, uint32_t leaves_before)
{
    const struct bench_line *line = &b->set->lines[e->line];
    struct kept *k = add_kept(b);
    *k = (struct kept){.number = s->number, .slot = slot, .len = s->len, .kind = s->kind};
    if (s->kind == SIGMATON_LIST) {
        k->place = IN_LEAVES;
        k->off = leaves_before;
        return;
    }
    if (!(s->kind & (SIGMATON_SCALAR | SIGMATON_ESCAPED)))
        return;
    uintptr_t at = (uintptr_t)s->at.text - (uintptr_t)line->p; /* far away: huge */
    if (at < line->len && s->len <= line->len - at) {
        k->off = (uint32_t)at;
    } else {
        k->place = IN_EXTRA;
        k->off = add_extra(b, e, s->at.text, s->len);
    }
}

static void keep_event(struct bench_slots *b, struct event *e, const struct sigmaton_slot *slots)
{
    e->first = b->n_kept;
    e->extra = b->n_extra;
    for (uint32_t i = 0; i < b->n_slots; i++) {
        if (slots[i].kind == SIGMATON_ABSENT)
            continue;
        keep(b, e, i, &slots[i], e->n_leaves);
        e->n_slots++;
        if (slots[i].kind == SIGMATON_LIST)
            e->n_leaves += slots[i].len;
    }
    for (uint32_t i = 0; i < b->n_slots; i++)
        for (uint32_t l = 0; slots[i].kind == SIGMATON_LIST && l < slots[i].len; l++)
            keep(b, e, 0, &slots[i].at.leaves[l], 0);
    size_t bytes = b->set->lines[e->line].len + e->n_extra;
    b->max_leaves = e->n_leaves > b->max_leaves ? e->n_leaves : b->max_leaves;
    b->max_bytes = bytes > b->max_bytes ? bytes : b->max_bytes;
}

struct bench_slots *bench_slots_fill(struct judge *j, const struct bench_set *s)
{
    struct bench_slots *b = bench_alloc(1, sizeof *b);
    b->set = s;
    b->n_slots = bench_pack(j)->slots.len;
    b->events = bench_alloc(s->n_lines, sizeof *b->events);
    for (size_t i = 0; i < s->n_lines; i++) {
        const struct sigmaton_slot *slots;
        if (srt_event_slots(j->scratch, s->lines[i].p, s->lines[i].len, &slots) != SIGMATON_OK)
            continue;
        b->events[b->n_events] = (struct event){.line = (uint32_t)i};
        keep_event(b, &b->events[b->n_events++], slots);
    }
    b->slots = bench_alloc((size_t)BATCH * b->n_slots, sizeof *b->slots);
    b->leaves = bench_alloc(BATCH * b->max_leaves, sizeof *b->leaves);
    b->bytes = bench_alloc(BATCH * b->max_bytes, 1);
    b->clock_cost = bench_cpu_cost();
    return b;
}

void bench_slots_free(struct bench_slots *b)
{
    if (!b)
        return;
    free(b->events);
    free(b->kept);
    free(b->extra);
    free(b->slots);
    free(b->leaves);
    free(b->bytes);
    free(b);
}

size_t bench_slots_events(const struct bench_slots *b)
{
    return b->n_events;
}

static struct sigmaton_slot lay(const struct kept *k, const uint8_t *line, const uint8_t *extra,
                                const struct sigmaton_slot *leaves)
{
    struct sigmaton_slot s = {.number = k->number, .len = k->len, .kind = k->kind};
    if (k->place == IN_LEAVES)
        s.at.leaves = leaves + k->off;
    else
        s.at.text = (k->place == IN_LINE ? line : extra) + k->off;
    return s;
}

/* Event e as the n-th of the batch. */
static void lay_out(struct bench_slots *b, const struct event *e, size_t n)
{
    const struct bench_line *line = &b->set->lines[e->line];
    uint8_t *bytes = b->bytes + n * b->max_bytes, *extra = bytes + line->len;
    struct sigmaton_slot *slots = b->slots + n * b->n_slots,
                         *leaves = b->leaves + n * b->max_leaves;
    memcpy(bytes, line->p, line->len);
    if (e->n_extra > 0)
        memcpy(extra, b->extra + e->extra, e->n_extra);
    const struct kept *k = b->kept + e->first;
    for (uint32_t i = 0; i < e->n_slots; i++)
        slots[k[i].slot] = lay(&k[i], bytes, extra, leaves);
    for (uint32_t i = 0; i < e->n_leaves; i++)
        leaves[i] = lay(&k[e->n_slots + i], bytes, extra, NULL);
}

static void clear(struct bench_slots *b, const struct event *e, size_t n)
{
    for (uint32_t i = 0; i < e->n_slots; i++)
        b->slots[n * b->n_slots + b->kept[e->first + i].slot] = (struct sigmaton_slot){0};
}

uint64_t bench_slots_judge(struct bench_slots *b, struct judge *j, struct bench_counter *counter,
                           uint64_t *ret_hits)
{
    uint64_t ns = 0;
    *ret_hits = 0;
    for (size_t first = 0; first < b->n_events; first += BATCH) {
        size_t n = b->n_events - first < BATCH ? b->n_events - first : BATCH;
        for (size_t i = 0; i < n; i++)
            lay_out(b, &b->events[first + i], i);
        if (counter)
            bench_counter_start(counter);
        uint64_t mark = bench_cpu_ns();
        for (size_t i = 0; i < n; i++) {
            struct sigmaton_verdict v = {0};
            sigmaton_eval_slots(j->runtime, j->scratch, b->slots + i * b->n_slots, &v);
            *ret_hits += v.n_hits;
        }
        uint64_t took = bench_cpu_ns() - mark;
        if (counter)
            bench_counter_stop(counter);
        ns += took > b->clock_cost ? took - b->clock_cost : 0;
        for (size_t i = 0; i < n; i++)
            clear(b, &b->events[first + i], i);
    }
    return ns;
}
