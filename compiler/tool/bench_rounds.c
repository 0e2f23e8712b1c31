#include <errno.h>
#include <stdlib.h>

#include "bench.h"

struct round {
    struct judge *judge;
    struct bench_floor *floor;
    const struct bench_rounds_options *options;
    struct bench_slots **slots; /* [n_sets]; NULL: no match-only */
};

static void times_init(struct bench_times *t, unsigned n)
{
    *t = (struct bench_times){.allocations = -1};
    for (int w = 0; w < BENCH_WHAT_COUNT; w++)
        t->ns[w] = bench_alloc(n, sizeof *t->ns[w]);
}

static void times_free(struct bench_times *t)
{
    for (int w = 0; w < BENCH_WHAT_COUNT; w++)
        free(t->ns[w]);
}

/* The counts that are the same in every pass, instructions and allocations: once, not timed. */
static bool count_set(const struct round *r, const struct bench_set *s, struct bench_slots *slots,
                      struct bench_times *t)
{
    struct bench_counter c;
    struct bench_run run = {0};
    uint64_t hits = 0;
    bench_counter_open(&c);
    bench_counter_start(&c);
    size_t n_feeds = bench_newlines(s);
    t->instructions[BENCH_SCAN] = bench_counter_take(&c);
    if (r->floor)
        t->n_refused = bench_floor_parse(r->floor, s);
    t->instructions[BENCH_FLOOR] = bench_counter_take(&c);
    long long before = bench_allocations();
    bool done = bench_run(r->judge, s, &run);
    t->instructions[BENCH_RUN] = bench_counter_take(&c);
    bench_counter_stop(&c);
    if (before >= 0)
        t->allocations = bench_allocations() - before;
    if (slots) {
        bench_slots_judge(slots, r->judge, &c, &hits);
        t->instructions[BENCH_MATCH] = bench_counter_take(&c);
    }
    bench_counter_close(&c);
    t->differs = slots && done && hits != run.n_alerts;
    t->n_events = run.n_events;
    t->n_unreadable = run.n_unreadable;
    t->n_alerts = run.n_alerts;
    t->n_bytes = s->len;
    return done && n_feeds <= s->len;
}

static bool time_set(const struct round *r, const struct bench_set *s, struct bench_slots *slots,
                     unsigned i, struct bench_times *t)
{
    struct bench_run run;
    uint64_t hits, mark = bench_cpu_ns();
    size_t feeds = bench_newlines(s);
    uint64_t scanned = bench_cpu_ns();
    size_t refused = r->floor ? bench_floor_parse(r->floor, s) : 0;
    uint64_t parsed = bench_cpu_ns();
    t->ns[BENCH_SCAN][i] = (double)(scanned - mark) + (feeds > s->len ? 1 : 0);
    t->ns[BENCH_FLOOR][i] = r->floor ? (double)(parsed - scanned) : 0;
    if (!bench_run(r->judge, s, &run))
        return false;
    t->ns[BENCH_RUN][i] = (double)run.cpu_ns;
    if (slots)
        t->ns[BENCH_MATCH][i] = (double)bench_slots_judge(slots, r->judge, NULL, &hits);
    return refused == t->n_refused && run.n_alerts == t->n_alerts;
}

/* One round of a set with values of its own, whose alerts must be those of the set. */
static bool time_varied(const struct round *r, const struct bench_set *s, unsigned i,
                        struct bench_times *t, struct bench_varied *varied)
{
    struct bench_set other = {.fd = -1};
    struct bench_slots *slots = NULL;
    uint64_t was = BENCH_DIGEST_START, is = BENCH_DIGEST_START, alerts = 0;
    bool done = bench_vary(r->judge, s, i, &other, varied) &&
                bench_digest(r->judge, s, &was, &alerts) &&
                bench_digest(r->judge, &other, &is, &alerts);
    if (done && was != is) {
        errno = 0;
        done = false;
    }
    if (done && r->options->match)
        slots = bench_slots_fill(r->judge, &other);
    done = done && time_set(r, &other, slots, i, t);
    bench_slots_free(slots);
    bench_set_close(&other);
    return done;
}

static void add_up(struct bench_times *all, const struct bench_times *t, unsigned n)
{
    for (int w = 0; w < BENCH_WHAT_COUNT; w++) {
        for (unsigned i = 0; i < n; i++)
            all->ns[w][i] += t->ns[w][i];
        all->instructions[w] += t->instructions[w];
    }
    if (t->allocations >= 0)
        all->allocations = (all->allocations < 0 ? 0 : all->allocations) + t->allocations;
    all->differs |= t->differs;
    all->n_events += t->n_events;
    all->n_unreadable += t->n_unreadable;
    all->n_alerts += t->n_alerts;
    all->n_refused += t->n_refused;
    all->n_bytes += t->n_bytes;
}

static bool time_all(struct round *r, const struct bench_sets *sets, struct bench_rounds *ret)
{
    bool done = true;
    for (unsigned i = 0; done && i < r->options->n; i++)
        for (size_t s = 0; done && s < sets->n; s++)
            done = r->options->vary ? time_varied(r, &sets->v[s], i, &ret->sets[s], &ret->varied)
                                    : time_set(r, &sets->v[s], r->slots[s], i, &ret->sets[s]);
    return done;
}

bool bench_rounds(struct judge *j, const struct bench_sets *sets, struct bench_floor *floor,
                  const struct bench_rounds_options *o, struct bench_rounds *ret)
{
    struct round r = {j, floor, o, bench_alloc(sets->n, sizeof *r.slots)};
    bool done = true;
    *ret = (struct bench_rounds){.n = o->n};
    ret->sets = bench_alloc(sets->n, sizeof *ret->sets);
    times_init(&ret->all, o->n);
    for (size_t s = 0; s < sets->n; s++) {
        times_init(&ret->sets[s], o->n);
        r.slots[s] = o->match ? bench_slots_fill(j, &sets->v[s]) : NULL;
        done = done && count_set(&r, &sets->v[s], r.slots[s], &ret->sets[s]);
    }
    done = done && time_all(&r, sets, ret);
    for (size_t s = 0; s < sets->n; s++) {
        add_up(&ret->all, &ret->sets[s], o->n);
        bench_slots_free(r.slots[s]);
    }
    free(r.slots);
    return done;
}

void bench_rounds_free(struct bench_rounds *r, size_t n_sets)
{
    for (size_t s = 0; r->sets && s < n_sets; s++)
        times_free(&r->sets[s]);
    times_free(&r->all);
    free(r->sets);
}

struct bench_stat bench_per_event(const struct bench_times *t, enum bench_what what, unsigned n)
{
    double *v = bench_alloc(n, sizeof *v);
    double events = (double)(t->n_events + t->n_unreadable);
    for (unsigned i = 0; i < n; i++)
        v[i] = events > 0 ? t->ns[what][i] / events : 0;
    struct bench_stat s = bench_stat(v, n);
    free(v);
    return s;
}

struct bench_stat bench_ratio(const struct bench_times *t, enum bench_what what, unsigned n)
{
    double *v = bench_alloc(n, sizeof *v);
    for (unsigned i = 0; i < n; i++)
        v[i] = t->ns[BENCH_FLOOR][i] > 0 ? t->ns[what][i] / t->ns[BENCH_FLOOR][i] : 0;
    struct bench_stat s = bench_stat(v, n);
    free(v);
    return s;
}
