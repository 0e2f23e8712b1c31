#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGN ((size_t)16)
#define FIRST_CHUNK ((size_t)16 << 10)
#define LAST_CHUNK ((size_t)1 << 20)

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
    size_t len, cap; /* bytes of data */
    _Alignas(16) char data[];
};

struct deferred {
    struct deferred *next;
    void (*fn)(void *object);
    void *object;
};

struct arena {
    struct chunk *chunks; /* the first is the one that is being filled */
    struct deferred *deferred;
    size_t limit, used, next_cap;
    bool armed;
    jmp_buf on_oom;
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

static struct chunk *chunk_create(size_t cap)
{
    if (cap > SIZE_MAX - sizeof(struct chunk))
        return NULL;
    struct chunk *c = calloc(1, sizeof *c + cap);
    if (c)
        c->cap = cap;
    return c;
}

/* A chunk with room for `size` bytes. What is big gets a block of its own, behind the chunk that is
 * being filled, so that the rest of that one is not wasted. */
static struct chunk *chunk_for(struct arena *a, size_t size)
{
    struct chunk *c = a->chunks;
    if (!ONE_OBJECT_PER_CHUNK && c && c->cap - c->len >= size)
        return c;
    bool own = ONE_OBJECT_PER_CHUNK || size > a->next_cap / 4;
    struct chunk *made = chunk_create(own ? size : a->next_cap);
    if (!made)
        return NULL;
    if (own && c) {
        made->next = c->next;
        c->next = made;
        return made;
    }
    made->next = c;
    a->chunks = made;
    if (!own && a->next_cap < LAST_CHUNK)
        a->next_cap *= 2;
    return made;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size == 0)
        size = 1;
    if (size > SIZE_MAX - ALIGN)
        arena_out_of_memory(a);
    size_t rounded = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (rounded > a->limit - a->used)
        arena_out_of_memory(a);
    size_t take = ONE_OBJECT_PER_CHUNK ? size : rounded;
    struct chunk *c = chunk_for(a, take);
    if (!c)
        arena_out_of_memory(a);
    void *p = c->data + c->len;
    c->len += take;
    a->used += rounded;
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
    return a->used;
}
