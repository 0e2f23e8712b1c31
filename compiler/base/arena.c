#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FIRST_CHUNK ((size_t)16 << 10)
/* Chunks double up to the size of a huge page; one or more of those are mapped as such, since a
 * large compilation would else spend a tenth of its time in faults of single pages. */
#define LAST_CHUNK ((size_t)2 << 20)

/* Under AddressSanitizer every object gets a block of its own, so that an overrun is seen. */
#if defined(__SANITIZE_ADDRESS__)
#define ONE_OBJECT_PER_CHUNK 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_OBJECT_PER_CHUNK 1
#endif
#endif
#ifndef ONE_OBJECT_PER_CHUNK
#define ONE_OBJECT_PER_CHUNK 0
#endif

struct chunk {
    struct chunk *next;
    size_t cap;    /* bytes of data */
    size_t mapped; /* bytes of the mapping, with this; 0: of the heap */
    _Alignas(16) char data[];
};

struct deferred {
    struct deferred *next;
    void (*fn)(void *object);
    void *object;
};

struct arena *arena_create(size_t limit)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->limit = limit;
    a->next_cap = FIRST_CHUNK;
    return a;
}

void arena_destroy(struct arena *a)
{
    if (!a)
        return;
    for (struct deferred *d = a->deferred; d; d = d->next)
        d->fn(d->object);
    for (struct chunk *c = a->chunks, *next; c; c = next) {
        next = c->next;
        if (c->mapped > 0)
            munmap(c, c->mapped);
        else
            free(c);
    }
    free(a);
}

jmp_buf *arena_on_oom(struct arena *a)
{
    a->armed = true;
    return &a->on_oom;
}

void arena_disarm(struct arena *a)
{
    a->armed = false;
}

void arena_out_of_memory(struct arena *a)
{
    if (!a->armed)
        abort();
    longjmp(a->on_oom, 1);
}

/* Zeroed pages that begin at a multiple of LAST_CHUNK. */
static void *map_aligned(size_t size)
{
    if (size > SIZE_MAX - LAST_CHUNK)
        return NULL;
    char *p =
        mmap(NULL, size + LAST_CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    size_t front = (LAST_CHUNK - (uintptr_t)p % LAST_CHUNK) % LAST_CHUNK;
    if (front > 0)
        munmap(p, front);
    munmap(p + front + size, LAST_CHUNK - front);
#ifdef MADV_HUGEPAGE
    (void)madvise(p + front, size, MADV_HUGEPAGE); /* refused: single pages, as good as before */
#endif
    return p + front;
}

/* Room for `size` bytes of data, or somewhat more. */
static struct chunk *chunk_create(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct chunk) - LAST_CHUNK)
        return NULL;
    size_t whole = sizeof(struct chunk) + size;
    if (ONE_OBJECT_PER_CHUNK || whole < LAST_CHUNK) {
        struct chunk *c = calloc(1, whole);
        if (c)
            c->cap = size;
        return c;
    }
    size_t mapped = (whole + LAST_CHUNK - 1) / LAST_CHUNK * LAST_CHUNK;
    struct chunk *c = map_aligned(mapped);
    if (c) {
        c->mapped = mapped;
        c->cap = mapped - sizeof *c;
    }
    return c;
}

/* What is left of the limit. */
static size_t allowance(const struct arena *a)
{
    return a->limit - arena_used(a);
}

/* Begins to fill a chunk of its own size. */
static bool next_chunk(struct arena *a)
{
    struct chunk *c = chunk_create(a->next_cap - sizeof(struct chunk));
    if (!c)
        return false;
    size_t allowed = allowance(a);
    a->used = arena_used(a);
    c->next = a->chunks;
    a->chunks = c;
    a->from = a->at = c->data;
    a->end = c->data + (c->cap < allowed ? c->cap : allowed);
    if (a->next_cap < LAST_CHUNK)
        a->next_cap *= 2;
    return true;
}

/* What is big gets a block of its own, behind the chunk that is being filled, so that the rest of
 * that one is not wasted. It counts against the limit, so the room in the chunk may shrink. */
static void *own_chunk(struct arena *a, size_t size, size_t rounded)
{
    struct chunk *c = chunk_create(size);
    if (!c)
        return NULL;
    struct chunk **behind = a->chunks ? &a->chunks->next : &a->chunks;
    c->next = *behind;
    *behind = c;
    a->used += rounded;
    if ((size_t)(a->end - a->at) > allowance(a))
        a->end = a->at + allowance(a);
    return c->data;
}

void *arena_alloc_slow(struct arena *a, size_t size)
{
    if (size == 0)
        size = 1;
    if (size > SIZE_MAX - ARENA_ALIGN)
        arena_out_of_memory(a);
    size_t rounded = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    if (rounded > allowance(a))
        arena_out_of_memory(a);
    if (rounded <= (size_t)(a->end - a->at))
        return arena_alloc(a, rounded);
    void *p = NULL;
    if (ONE_OBJECT_PER_CHUNK || size > a->next_cap / 4)
        p = own_chunk(a, ONE_OBJECT_PER_CHUNK ? size : rounded, rounded);
    else if (next_chunk(a))
        p = arena_alloc(a, rounded);
    if (!p)
        arena_out_of_memory(a);
    return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    if (size > 0 && n > SIZE_MAX / size)
        arena_out_of_memory(a);
    return arena_alloc(a, n * size);
}

char *arena_copy(struct arena *a, const char *p, size_t len)
{
    if (len == SIZE_MAX)
        arena_out_of_memory(a);
    char *copy = arena_alloc(a, len + 1);
    if (len > 0)
        memcpy(copy, p, len);
    return copy;
}

void arena_defer(struct arena *a, void (*fn)(void *object), void *object)
{
    struct deferred *d = ARENA_NEW(a, struct deferred);
    *d = (struct deferred){a->deferred, fn, object};
    a->deferred = d;
}

size_t arena_used(const struct arena *a)
{
    return a->used + (size_t)(a->at - a->from);
}
