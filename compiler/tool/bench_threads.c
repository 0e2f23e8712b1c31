#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"

/* Lines that a thread takes at once. */
enum { CHUNK = 512 };

struct work {
    const struct bench_set **sets; /* [n_chunks] with first[n_chunks]: a chunk each */
    size_t *first;
    size_t n_chunks;
    atomic_size_t next;
};

struct worker {
    pthread_t thread;
    struct work *work;
    struct judge judge; /* a copy with a scratch of its own */
    struct stream stream;
    struct srt_buffer *out;
    bool opened, started;
    uint64_t cpu_ns;
};

static void chunk(struct worker *w, const struct bench_set *s, size_t first)
{
    for (size_t i = first; i < s->n_lines && i < first + CHUNK; i++) {
        struct sigmaton_verdict v = {0};
        const struct bench_line *line = &s->lines[i];
        if (judge_event(&w->judge, line->p, line->len, &v) == SIGMATON_OK)
            stream_alerts(&w->stream, &v, s->name, line->record);
    }
    srt_buffer_flush(w->out);
}

static void *run(void *worker)
{
    struct worker *w = worker;
    uint64_t mark = bench_cpu_ns();
    for (size_t i; (i = atomic_fetch_add(&w->work->next, 1)) < w->work->n_chunks;)
        chunk(w, w->work->sets[i], w->work->first[i]);
    w->cpu_ns = bench_cpu_ns() - mark;
    return NULL;
}

static void work_make(struct work *work, const struct bench_sets *sets)
{
    size_t most = sets->n_lines / CHUNK + sets->n;
    work->sets = bench_alloc(most, sizeof *work->sets);
    work->first = bench_alloc(most, sizeof *work->first);
    for (size_t s = 0; s < sets->n; s++) {
        for (size_t i = 0; i < sets->v[s].n_lines; i += CHUNK) {
            work->sets[work->n_chunks] = &sets->v[s];
            work->first[work->n_chunks++] = i;
        }
    }
}

static bool worker_open(struct worker *w, struct work *work, const struct judge *j, int to)
{
    *w = (struct worker){.work = work, .judge = *j, .out = bench_alloc(1, sizeof *w->out)};
    w->judge.scratch = NULL;
    srt_buffer_init(w->out, to);
    w->opened = true;
    return sigmaton_scratch_create(j->runtime, &w->judge.scratch) == SIGMATON_OK &&
           judge_stream(&w->judge, &w->stream, NULL, w->out);
}

static void worker_close(struct worker *w)
{
    if (!w->opened)
        return;
    stream_close(&w->stream);
    sigmaton_scratch_destroy(w->judge.scratch);
    free(w->out);
}

/* Wall clock of n workers over all chunks; 0: a thread could not be started. */
static double timed(struct worker *workers, unsigned n, double *ret_cpu)
{
    bool done = true;
    uint64_t mark = bench_wall_ns();
    atomic_store(&workers[0].work->next, 0);
    for (unsigned i = 0; i < n; i++) {
        workers[i].started = pthread_create(&workers[i].thread, NULL, run, &workers[i]) == 0;
        done = done && workers[i].started;
    }
    *ret_cpu = 0;
    for (unsigned i = 0; i < n; i++) {
        if (workers[i].started)
            pthread_join(workers[i].thread, NULL);
        *ret_cpu += (double)workers[i].cpu_ns;
    }
    return done ? (double)(bench_wall_ns() - mark) : 0;
}

static bool rounds(struct worker *workers, unsigned n_threads, unsigned n, double events,
                   struct bench_threads *ret)
{
    double *v = bench_alloc((size_t)4 * n, sizeof *v), *one = v, *many = v + n, *ratio = v + 2 * n,
           *cpu = v + 3 * n;
    bool done = true;
    for (unsigned i = 0; done && i < n; i++) {
        double cpu_one, cpu_many;
        double a = timed(workers, 1, &cpu_one), b = timed(workers, n_threads, &cpu_many);
        done = a > 0 && b > 0;
        one[i] = a / events, many[i] = b / events, ratio[i] = a / b, cpu[i] = cpu_one / cpu_many;
    }
    if (done)
        *ret = (struct bench_threads){n_threads, bench_stat(one, n), bench_stat(many, n),
                                      bench_stat(ratio, n), bench_stat(cpu, n)};
    free(v);
    return done;
}

bool bench_threads(struct judge *j, const struct bench_sets *sets, unsigned n_threads,
                   unsigned n_rounds, struct bench_threads *ret)
{
    struct work work = {0};
    struct worker *workers = bench_alloc(n_threads, sizeof *workers);
    int to = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool done = to >= 0;
    work_make(&work, sets);
    for (unsigned i = 0; done && i < n_threads; i++)
        done = worker_open(&workers[i], &work, j, to);
    done = done && rounds(workers, n_threads, n_rounds, (double)sets->n_lines, ret);
    int why = errno;
    for (unsigned i = 0; i < n_threads; i++)
        worker_close(&workers[i]);
    if (to >= 0)
        close(to);
    free(workers);
    free(work.sets);
    free(work.first);
    errno = why;
    return done;
}
