#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "engine.h"

void *bench_alloc(size_t n, size_t size)
{
    void *p = calloc(n > 0 ? n : 1, size);
    if (p)
        return p;
    fputs("sigmaton bench: out of memory\n", stderr);
    exit(EXIT_USAGE);
}

void *bench_grow(void *p, size_t n, size_t size)
{
    void *q = n <= SIZE_MAX / size ? realloc(p, n > 0 ? n * size : 1) : NULL;
    if (q)
        return q;
    fputs("sigmaton bench: out of memory\n", stderr);
    exit(EXIT_USAGE);
}

const struct sigmaton_pack *bench_pack(const struct judge *j)
{
    return j->runtime->pack;
}

static uint64_t clock_ns(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t bench_cpu_ns(void)
{
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t bench_wall_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

uint64_t bench_cpu_cost(void)
{
    double v[501];
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        uint64_t t = bench_cpu_ns();
        v[i] = (double)(bench_cpu_ns() - t);
    }
    return (uint64_t)bench_stat(v, sizeof v / sizeof *v).median;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Linear between the two nearest ranks. */
static double quantile(const double *v, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t i = (size_t)at;
    double part = at - (double)i;
    return i + 1 < n ? v[i] + part * (v[i + 1] - v[i]) : v[i];
}

struct bench_stat bench_stat(double *v, size_t n)
{
    if (n == 0)
        return (struct bench_stat){0};
    qsort(v, n, sizeof *v, compare);
    return (struct bench_stat){quantile(v, n, 0.5), quantile(v, n, 0.25), quantile(v, n, 0.75),
                               v[0], v[n - 1]};
}

void bench_counter_open(struct bench_counter *c)
{
    struct perf_event_attr a = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof a,
        .config = PERF_COUNT_HW_INSTRUCTIONS,
        .disabled = 1,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    c->fd = (int)syscall(SYS_perf_event_open, &a, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

void bench_counter_close(struct bench_counter *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

void bench_counter_start(struct bench_counter *c)
{
    if (c->fd >= 0)
        ioctl(c->fd, PERF_EVENT_IOC_ENABLE, 0);
}

void bench_counter_stop(struct bench_counter *c)
{
    if (c->fd >= 0)
        ioctl(c->fd, PERF_EVENT_IOC_DISABLE, 0);
}

uint64_t bench_counter_take(struct bench_counter *c)
{
    uint64_t n = 0;
    if (c->fd < 0 || read(c->fd, &n, sizeof n) != (ssize_t)sizeof n)
        return 0;
    ioctl(c->fd, PERF_EVENT_IOC_RESET, 0);
    return n;
}

/* Defined by the preloaded counter, else NULL. */
extern long long sigmaton_bench_allocations(void) __attribute__((weak));

long long bench_allocations(void)
{
    return sigmaton_bench_allocations ? sigmaton_bench_allocations() : -1;
}
