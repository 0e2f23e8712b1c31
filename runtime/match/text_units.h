/* What texts are compared by, for text.c, text_find.c and set.c: bytes, folded bytes or folded code
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

static inline bool srt_word_equal(const uint8_t *t, const uint8_t *p)
{
    uint64_t want;
    memcpy(&want, p, 8);
    return srt_fold_word(t) == want;
}

/* All of 1 to 7 bytes, in one word: from four on the first and the last four of them. */
static inline uint64_t srt_short_word(const uint8_t *p, uint32_t n)
{
    if (n < 4)
        return p[0] | (uint64_t)p[n / 2] << 8 | (uint64_t)p[n - 1] << 16;
    uint32_t first, last;
    memcpy(&first, p, 4);
    memcpy(&last, p + n - 4, 4);
    return first | (uint64_t)last << 32;
}

/* n bytes of an event and of a pattern, which is folded already. */
static inline bool srt_bytes_equal(const uint8_t *t, const uint8_t *p, uint32_t n, uint32_t flags)
{
    if (n == 0)
        return true;
    if (flags & SIGMATON_CASED)
        return memcmp(t, p, n) == 0;
    if (n < 8)
        return srt_fold_bytes(srt_short_word(t, n)) == srt_short_word(p, n);
    for (uint32_t i = 0; i + 8 < n; i += 8)
        if (!srt_word_equal(t + i, p + i))
            return false;
    return srt_word_equal(t + n - 8, p + n - 8); /* may overlap the one before */
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
