/* Cuts the pieces of a scratch out of one allocation. With base NULL it only counts, so that the
 * same function states the size and then lays the pieces out:
 *
 *     struct srt_cutter c = {0};
 *     x_cut(&x, &c);                       // counts
 *     c = (struct srt_cutter){.base = calloc(1, c.used)};
 *     x_cut(&x, &c);                       // cuts
 */
#ifndef SRT_CUT_H
#define SRT_CUT_H

#include <stddef.h>
#include <stdint.h>

#define SRT_CUT_ALIGN ((size_t)16)

struct srt_cutter {
    unsigned char *base;
    size_t used; /* bytes; SIZE_MAX once a piece did not fit a size_t */
};

/* `n` elements of `size` bytes, aligned to 16. NULL while counting and after an overflow. */
static inline void *srt_cut(struct srt_cutter *c, size_t n, size_t size)
{
    if (c->used == SIZE_MAX || (size != 0 && n > (SIZE_MAX - c->used - SRT_CUT_ALIGN) / size)) {
        c->used = SIZE_MAX;
        return NULL;
    }
    void *piece = c->base != NULL ? c->base + c->used : NULL;
    c->used += (n * size + SRT_CUT_ALIGN - 1) / SRT_CUT_ALIGN * SRT_CUT_ALIGN;
    return piece;
}

#endif
