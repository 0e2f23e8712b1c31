#include "wildcard.h"

#include <string.h>

#include "leaf.h"
#include "text.h"
#include "text_units.h"
#include "utf8.h"

/* A pattern is segments with stars between them. The first and the last are fixed at the ends of
 * the text; each of the others takes the leftmost place behind its forerunner, which is never worse
 * than a later place, so nothing is ever tried twice. */

static bool is_special(uint8_t b)
{
    return b >= SIGMATON_WILD_DASH;
}

static bool is_dash(uint32_t c)
{
    return c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015);
}

static bool same_byte(uint8_t t, uint8_t p, uint32_t flags)
{
    return (flags & SIGMATON_CASED ? t : srt_fold_byte(t)) == p;
}

/* The one element of a segment at *p against the text at *t < end; moves both. */
static bool step(const uint8_t **t, const uint8_t *end, const uint8_t **p, const uint8_t *p_end,
                 uint32_t flags)
{
    switch (**p) {
    case SIGMATON_WILD_ONE:
        (*p)++;
        srt_utf8_next(t, end);
        return true;
    case SIGMATON_WILD_DASH:
        (*p)++;
        return is_dash(srt_utf8_next(t, end));
    default:
        if (srt_by_bytes(flags))
            return same_byte(*(*t)++, *(*p)++, flags);
        return srt_fold_next(t, end) == srt_fold_next(p, p_end);
    }
}

/* Moves *t behind the segment when it stands there. */
static bool segment_at(const uint8_t **t, const uint8_t *end, const uint8_t *p,
                       const uint8_t *p_end, uint32_t flags)
{
    const uint8_t *at = *t;
    while (p < p_end)
        if (at == end || !step(&at, end, &p, p_end, flags))
            return false;
    *t = at;
    return true;
}

/* step, from the right: what ends at *p against what ends at *t > start. */
static bool step_back(const uint8_t *start, const uint8_t **t, const uint8_t *p_start,
                      const uint8_t **p, uint32_t flags)
{
    switch ((*p)[-1]) {
    case SIGMATON_WILD_ONE:
        (*p)--;
        srt_utf8_prev(start, t);
        return true;
    case SIGMATON_WILD_DASH:
        (*p)--;
        return is_dash(srt_utf8_prev(start, t));
    default:
        if (srt_by_bytes(flags))
            return same_byte(*--(*t), *--(*p), flags);
        return srt_fold_prev(start, t) == srt_fold_prev(p_start, p);
    }
}

/* Moves *end before the segment when the text ends in it. */
static bool segment_before(const uint8_t *start, const uint8_t **end, const uint8_t *p,
                           const uint8_t *p_end, uint32_t flags)
{
    const uint8_t *at = *end;
    while (p < p_end)
        if (at == start || !step_back(start, &at, p, &p_end, flags))
            return false;
    *end = at;
    return true;
}

/* The leftmost place of what the segment starts with, p up to q, from `at` on; NULL: none. */
static const uint8_t *run_find(const uint8_t *at, const uint8_t *end, const uint8_t *p,
                               const uint8_t *q, uint32_t flags)
{
    uint32_t past = 0;
    const uint32_t n = (uint32_t)(end - at), m = (uint32_t)(q - p);
    if (m == 0)
        return at;
    if (!srt_by_bytes(flags)) /* the run in the text may have another length */
        return at;
    return srt_text_find(at, n, p, m, flags, &past) ? at + (past - m) : NULL;
}

/* Moves *t behind the leftmost place of the segment. */
static bool segment_find(const uint8_t **t, const uint8_t *end, const uint8_t *p,
                         const uint8_t *p_end, uint32_t flags)
{
    const uint8_t *q = p;
    while (q < p_end && !is_special(*q))
        q++;
    if (q == p_end) {
        uint32_t past = 0;
        if (!srt_text_find(*t, (uint32_t)(end - *t), p, (uint32_t)(p_end - p), flags, &past))
            return false;
        *t += past;
        return true;
    }
    for (const uint8_t *at = *t; at < end; srt_utf8_next(&at, end)) {
        at = run_find(at, end, p, q, flags);
        if (at == NULL)
            return false;
        const uint8_t *past = at;
        if (segment_at(&past, end, p, p_end, flags)) {
            *t = past;
            return true;
        }
    }
    return false;
}

static const uint8_t *next_star(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *star = p < end ? memchr(p, SIGMATON_WILD_STAR, (size_t)(end - p)) : NULL;
    return star ? star : end;
}

bool srt_wildcard_match(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags)
{
    static const uint8_t nothing[1] = {0};
    if (n == 0)
        t = nothing; /* a NULL text must not be counted from */
    if (m == 0)
        return n == 0;
    const uint8_t *end = t + n, *p_end = p + m;
    const uint8_t *star = next_star(p, p_end);
    if (!segment_at(&t, end, p, star, flags))
        return false;
    if (star == p_end)
        return t == end;
    p = star + 1;
    const uint8_t *tail = p_end;
    while (tail[-1] != SIGMATON_WILD_STAR)
        tail--;
    if (!segment_before(t, &end, tail, p_end, flags))
        return false;
    for (; p < tail; p = star + 1) {
        star = next_star(p, tail);
        if (p < star && !segment_find(&t, end, p, star, flags))
            return false;
    }
    return true;
}

int32_t srt_wildcard(const struct sigmaton_slot *s, const uint8_t *pattern, uint32_t len,
                     uint32_t flags)
{
    SRT_ANY_TEXT_LEAF(s, leaf, srt_wildcard_match(leaf->at.text, leaf->len, pattern, len, flags));
}
