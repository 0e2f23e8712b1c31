#include "wildcard.h"

#include <string.h>

#include "firsts.h"
#include "leaf.h"
#include "seek.h"
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

/* What finds runs of text in a value. */
struct finder {
    const struct srt_seek *seek;
    const struct srt_firsts_of *of; /* NULL: the value has none */
};

/* Behind the leftmost place of the run p[m] from `at` on; NULL: none. */
static const uint8_t *run_past(const struct finder *f, const uint8_t *at, const uint8_t *end,
                               const uint8_t *p, uint32_t m, uint32_t flags)
{
    uint32_t past = 0;
    if (f->of != NULL) {
        const uint8_t *from = f->of->text + srt_firsts_from(f->of, p, m, flags);
        at = from > at ? from : at;
    }
    return at <= end && srt_text_find_by(f->seek, at, (uint32_t)(end - at), p, m, flags, &past)
               ? at + past
               : NULL;
}

/* The leftmost place of what the segment starts with, p up to q, from `at` on; NULL: none. */
static const uint8_t *run_find(const struct finder *f, const uint8_t *at, const uint8_t *end,
                               const uint8_t *p, const uint8_t *q, uint32_t flags)
{
    const uint32_t m = (uint32_t)(q - p);
    if (m == 0)
        return at;
    if (!srt_by_bytes(flags)) /* the run in the text may have another length */
        return at;
    const uint8_t *past = run_past(f, at, end, p, m, flags);
    return past != NULL ? past - m : NULL;
}

static const uint8_t *run_end(const uint8_t *p, const uint8_t *p_end)
{
    while (p < p_end && !is_special(*p))
        p++;
    return p;
}

/* The longest run of a segment and how many bytes of a value can stand before it. */
struct anchor {
    const uint8_t *p, *end;
    size_t least, most;
};

static struct anchor anchor_of(const uint8_t *p, const uint8_t *p_end)
{
    struct anchor best = {p, p, 0, 0};
    for (size_t least = 0, most = 0; p < p_end;) {
        const uint8_t *q = run_end(p, p_end);
        if (q - p > best.end - best.p)
            best = (struct anchor){p, q, least, most};
        least += (size_t)(q - p);
        most += (size_t)(q - p);
        for (p = q; p < p_end && is_special(*p); p++) {
            least++;
            most += 4;
        }
    }
    return best;
}

/* The first place from `at` on where what the segment starts with, p up to q, stands and the anchor
 * may stand behind it; NULL: none. *next: where the anchor was found last, or NULL. */
static const uint8_t *place_find(const struct finder *f, const uint8_t *at, const uint8_t *end,
                                 const uint8_t *p, const uint8_t *q, const struct anchor *a,
                                 const uint8_t **next, uint32_t flags)
{
    for (;;) {
        at = run_find(f, at, end, p, q, flags);
        if (at == NULL || (size_t)(end - at) < a->least)
            return NULL;
        if (*next == NULL || *next < at + a->least)
            *next = run_find(f, at + a->least, end, a->p, a->end, flags);
        if (*next == NULL)
            return NULL;
        if ((size_t)(*next - at) <= a->most)
            return at;
        at = *next - a->most;
    }
}

/* Moves *t behind the leftmost place of the segment. */
static bool segment_find(const struct finder *f, const uint8_t **t, const uint8_t *end,
                         const uint8_t *p, const uint8_t *p_end, uint32_t flags)
{
    const uint8_t *q = run_end(p, p_end), *next = NULL;
    if (q == p_end) {
        const uint8_t *past = run_past(f, *t, end, p, (uint32_t)(p_end - p), flags);
        if (past != NULL)
            *t = past;
        return past != NULL;
    }
    const struct anchor anchor = anchor_of(p, p_end);
    const bool anchored = q > p && anchor.p > p && srt_by_bytes(flags);
    for (const uint8_t *at = *t; at < end; srt_utf8_next(&at, end)) {
        at = anchored ? place_find(f, at, end, p, q, &anchor, &next, flags)
                      : run_find(f, at, end, p, q, flags);
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

static bool matches(const struct finder *f, const uint8_t *t, uint32_t n, const uint8_t *p,
                    uint32_t m, uint32_t flags)
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
        if (p < star && !segment_find(f, &t, end, p, star, flags))
            return false;
    }
    return true;
}

bool srt_wildcard_match(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags)
{
    return matches(&(struct finder){.seek = &srt_seek_plain}, t, n, p, m, flags);
}

static bool leaf_matches(const struct srt_runtime *runtime, const struct sigmaton_slot *leaf,
                         const uint8_t *pattern, uint32_t len, uint32_t flags)
{
    const struct finder f = {.seek = runtime != NULL && runtime->seek != NULL ? runtime->seek
                                                                              : &srt_seek_plain,
                             .of = srt_firsts_at(runtime, leaf->at.text, leaf->len)};
    return (f.of == NULL || srt_firsts_allow(f.of, pattern, len, flags)) &&
           matches(&f, leaf->at.text, leaf->len, pattern, len, flags);
}

int32_t srt_wildcard(const struct srt_runtime *runtime, const struct sigmaton_slot *s,
                     const uint8_t *pattern, uint32_t len, uint32_t flags)
{
    SRT_ANY_TEXT_LEAF(s, leaf, leaf_matches(runtime, leaf, pattern, len, flags));
}
