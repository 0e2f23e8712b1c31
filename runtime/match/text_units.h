/* What texts are compared by, for text.c and text_find.c: bytes, folded bytes or folded code
 * points. */
#ifndef SRT_TEXT_UNITS_H
#define SRT_TEXT_UNITS_H

#include <sigmaton/pack.h>
#include <stdbool.h>

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

/* Moves *t behind the pattern when the pattern stands there. *p ends where the texts part. */
static inline bool srt_skip_units(const uint8_t **t, const uint8_t *end, const uint8_t **p,
                                  const uint8_t *p_end, uint32_t flags)
{
    const uint8_t *at = *t;
    while (*p < p_end)
        if (at == end || srt_next_unit(&at, end, flags) != srt_next_unit(p, p_end, flags))
            return false;
    *t = at;
    return true;
}

#endif
