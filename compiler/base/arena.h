/* Bump arena: everything that a compilation makes lives and dies with one arena.
 *
 * Invariants: memory is zeroed and aligned for any object; nothing is freed singly; a call that
 * cannot get memory does not return but leaves through the handler (arena_on_oom), so callers never
 * test for NULL. One scratch arena per pass is made and destroyed by whoever runs the pass.
 *
 *     struct arena *a = arena_create(ARENA_LIMIT);
 *     if (!a || setjmp(*arena_on_oom(a))) { arena_destroy(a); return SIGMATON_ENOMEM; }
 *     struct node *n = ARENA_NEW(a, struct node);
 *     arena_destroy(a);
 */
#ifndef SIGMATON_BASE_ARENA_H
#define SIGMATON_BASE_ARENA_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

#define ARENA_ALIGN ((size_t)16)

/* Only for arena_alloc below; all else asks. */
struct arena {
    char *at, *end; /* room in the chunk that is being filled, no more than the limit allows */
    char *from;     /* where that room began .. */
    size_t used;    /* .. and what had been handed out before */
    size_t limit, next_cap;
    struct chunk *chunks; /* the first is the one that is being filled */
    struct deferred *deferred;
    bool armed;
    jmp_buf on_oom;
};

/* The default bound on one compilation: far above SigmaHQ (about 100 MB), far below a machine. */
#define ARENA_LIMIT ((size_t)4 << 30)

/* Makes an empty arena that will hand out at most `limit` bytes. NULL when there is no memory. */
struct arena *arena_create(size_t limit);

/* Runs the deferred calls, newest first, and frees everything. Accepts NULL. */
void arena_destroy(struct arena *a);

/* The jump buffer that a failed allocation leaves through; the owner calls setjmp on it. Until
 * arena_on_oom has been called a failure aborts, which only tests should ever see. */
jmp_buf *arena_on_oom(struct arena *a);
/* Ends what arena_on_oom began, before the function that called setjmp returns: from here on a
 * failure aborts. */
void arena_disarm(struct arena *a);

/* Leaves through the handler as a failed allocation does: for the memory of a library that failed.
 */
_Noreturn void arena_out_of_memory(struct arena *a);

/* arena_alloc where the chunk at hand has no room. */
void *arena_alloc_slow(struct arena *a, size_t size);

/* `size` zeroed bytes, aligned for any object; `size` 0 gives a valid unique pointer. Never NULL.
 */
static inline void *arena_alloc(struct arena *a, size_t size)
{
    size_t take = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    if (take == 0 || take < size || take > (size_t)(a->end - a->at))
        return arena_alloc_slow(a, size);
    void *p = a->at;
    a->at += take;
    return p;
}

/* `n` zeroed elements of `size` bytes; an overflow of the product counts as out of memory. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* A copy of `len` bytes with a NUL behind them that does not count. */
char *arena_copy(struct arena *a, const char *p, size_t len);

/* Calls fn(object) when the arena is destroyed: for what a library allocated on our behalf. The
 * call itself may run out of memory, so defer first, while object holds nothing, and acquire then.
 */
void arena_defer(struct arena *a, void (*fn)(void *object), void *object);

/* Bytes handed out so far. */
size_t arena_used(const struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

#endif
