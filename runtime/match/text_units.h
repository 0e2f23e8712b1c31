/* What texts are compared by, for text.c and text_find.c: bytes, folded bytes or folded code
 * points. */
#ifndef SRT_TEXT_UNITS_H
#define SRT_TEXT_UNITS_H

#include <sigmaton/pack.h>
#include <stdbool.h>
#include <string.h>

#include "utf8.h"

static inline bool srt_by_bytes(uint32_t flags)
{
    return (flags & (SIGMATON_CASED | SIGMATON_ASCII)) != 0;
}

/* What is compared when case is ignored: a folded byte, or a folded code point. */
static inline uint32_t srt_next_unit(const uint8_t **p, const uint8_t *end, uint32_t flags)
{
    if (flags & SIGMATON_ASCII)
        return srt_fold_byte(*(*p)++);
    return srt_fold_next(p, end);
}

/* Whether eight bytes are the same in both, and ASCII: the same units, then, whatever they are
 * compared by. */
static inline bool srt_same_ascii(const uint8_t *t, const uint8_t *p)
{
    uint64_t a, b;
    memcpy(&a, t, sizeof a);
    memcpy(&b, p, sizeof b);
    return ((a ^ b) | (a & UINT64_C(0x8080808080808080))) == 0;
}

/* Moves *t behind the pattern when the pattern stands there. *p ends where the texts part. */
static inline bool srt_skip_units(const uint8_t **t, const uint8_t *end, const uint8_t **p,
                                  const uint8_t *p_end, uint32_t flags)
{
    const uint8_t *at = *t;
    for (; end - at >= 8 && p_end - *p >= 8 && srt_same_ascii(at, *p); *p += 8)
        at += 8;
    while (*p < p_end)
        if (at == end || srt_next_unit(&at, end, flags) != srt_next_unit(p, p_end, flags))
            return false;
    *t = at;
    return true;
}

#endif
