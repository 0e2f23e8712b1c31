#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

struct tail {
    struct judge *judge;
    struct stream stream;
    double cost; /* of the clock */
};

static double one(struct tail *t, const struct bench_set *s, const struct bench_line *line)
{
    struct sigmaton_verdict v = {0};
    uint64_t mark = bench_wall_ns();
    if (judge_event(t->judge, line->p, line->len, &v) == SIGMATON_OK)
        stream_alerts(&t->stream, &v, s->name, line->record);
    double ns = (double)(bench_wall_ns() - mark) - t->cost;
    return ns > 1 ? ns : 1;
}

static void pass(struct tail *t, const struct bench_sets *sets, double *least)
{
    for (size_t s = 0; s < sets->n; s++) {
        for (size_t i = 0; i < sets->v[s].n_lines; i++, least++) {
            double ns = one(t, &sets->v[s], &sets->v[s].lines[i]);
            if (*least == 0 || ns < *least)
                *least = ns;
        }
    }
}

static void place(struct bench_tail *t, struct bench_event e)
{
    for (size_t i = 0; i < BENCH_SLOWEST; i++) {
        if (e.ns <= t->slowest[i].ns)
            continue;
        struct bench_event moved = t->slowest[i];
        t->slowest[i] = e;
        e = moved;
    }
}

static void find(struct bench_tail *ret, const struct bench_sets *sets, const double *least)
{
    for (size_t s = 0; s < sets->n; s++) {
        for (size_t i = 0; i < sets->v[s].n_lines; i++, least++) {
            const struct bench_line *line = &sets->v[s].lines[i];
            struct bench_event e = {&sets->v[s], line->record, line->len, *least};
            place(ret, e);
            if (line->len < 1024 || *least / line->len <= ret->ns_per_byte)
                continue;
            ret->ns_per_byte = *least / line->len;
            ret->worst = e;
        }
    }
}

/* Of a sorted array: the least value that is no less than the share q of all. */
static double rank(const double *v, size_t n, double q)
{
    size_t i = (size_t)(q * (double)n);
    return v[i < n ? i : n - 1];
}

static double clock_cost(void)
{
    double v[501];
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        uint64_t mark = bench_wall_ns();
        v[i] = (double)(bench_wall_ns() - mark);
    }
    return bench_stat(v, sizeof v / sizeof *v).min;
}

bool bench_slowest(struct judge *j, const struct bench_sets *sets, unsigned passes,
                   struct bench_tail *ret)
{
    struct tail t = {.judge = j, .cost = clock_cost()};
    struct srt_buffer *out = bench_alloc(1, sizeof *out);
    double *least = bench_alloc(sets->n_lines, sizeof *least);
    int to = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool done = to >= 0 && judge_stream(j, &t.stream, NULL, out);
    *ret = (struct bench_tail){.n = sets->n_lines};
    if (done) {
        srt_buffer_init(out, to);
        for (unsigned i = 0; i < passes; i++)
            pass(&t, sets, least);
        find(ret, sets, least);
        bench_stat(least, ret->n); /* sorts */
        ret->p50 = rank(least, ret->n, 0.5);
        ret->p99 = rank(least, ret->n, 0.99);
        ret->p999 = rank(least, ret->n, 0.999);
        ret->max = least[ret->n - 1];
        stream_close(&t.stream);
    }
    int why = errno;
    if (to >= 0)
        close(to);
    free(least);
    free(out);
    errno = why;
    return done;
}
