/* Typed growable array in an arena.
 *
 *     VEC(struct span) spans = {0};
 *     *VEC_PUSH(arena, &spans) = (struct span){0};
 *     for (size_t i = 0; i < spans.n; i++) use(spans.v[i]);
 *
 * Growing leaves the old block in the arena; pointers to elements die at the next push.
 */
#ifndef SIGMATON_BASE_VEC_H
#define SIGMATON_BASE_VEC_H

#include <stddef.h>
#include <string.h>

#include "arena.h"

#define VEC(type)      \
    struct {           \
        type *v;       \
        size_t n, cap; \
    }

static inline void *vec_grow(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
    size_t want = *cap ? *cap * 2 : 8;
    void *w = arena_array(a, want, size);
    if (n > 0)
        memcpy(w, v, n * size);
    *cap = want;
    return w;
}

/* A pointer to one more, zeroed, element. */
#define VEC_PUSH(a, vec)                                                                       \
    ((vec)->n == (vec)->cap                                                                    \
         ? (void)((vec)->v = vec_grow((a), (vec)->v, (vec)->n, &(vec)->cap, sizeof *(vec)->v)) \
         : (void)0,                                                                            \
     &(vec)->v[(vec)->n++])

#endif
