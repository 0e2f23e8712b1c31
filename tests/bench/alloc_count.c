/* Counts calls of the allocator, for `sigmaton bench` to ask: preload it.
 *
 *     LD_PRELOAD=build/tests/bench/alloc_count.so sigmaton bench ...
 *
 * Interposed are malloc, calloc, realloc, aligned_alloc and posix_memalign; the calls of all
 * threads count. glibc only. */
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void **ret_p, size_t alignment, size_t size);
long long sigmaton_bench_allocations(void);

#pragma GCC visibility push(default)

static atomic_llong n_calls;

static void counted(void)
{
    atomic_fetch_add_explicit(&n_calls, 1, memory_order_relaxed);
}

void *malloc(size_t size)
{
    counted();
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    counted();
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    counted();
    return __libc_realloc(p, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    counted();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **ret_p, size_t alignment, size_t size)
{
    counted();
    void *p = __libc_memalign(alignment, size);
    if (!p)
        return ENOMEM;
    *ret_p = p;
    return 0;
}

long long sigmaton_bench_allocations(void)
{
    return atomic_load_explicit(&n_calls, memory_order_relaxed);
}

#pragma GCC visibility pop
