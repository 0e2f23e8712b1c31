#include "firsts.h"

#include <string.h>

#include "text_units.h"

#define CASE UINT32_C(0x20202020) /* letters, and some other bytes, without case */
#define FACTOR UINT32_C(0x9e3779b1)
#define NOWHERE UINT16_MAX

static uint32_t cell_of(const uint8_t *p)
{
    uint32_t four;
    memcpy(&four, p, sizeof four);
    return (four | CASE) * FACTOR >> (32 - SRT_FIRSTS_BITS);
}

static uint32_t pair_cell_of(const uint8_t *p)
{
    uint16_t two;
    memcpy(&two, p, sizeof two);
    return (two | (uint16_t)CASE) * FACTOR >> (32 - SRT_FIRSTS_PAIR_BITS);
}

/* From the last place to the first, so that what stays is the first. n >= SRT_FIRSTS_GRAM. */
static void fill(struct srt_firsts_of *of)
{
    const uint8_t *t = of->text;
    const uint32_t last = of->len - 1;
    memset(of->first, 0xff, sizeof of->first);
    memset(of->pair, 0xff, sizeof of->pair);
    of->shift = 0;
    while (of->len >> of->shift >= NOWHERE)
        of->shift++;
    of->wide = t[last] >= 0x80 ? last : of->len;
    for (uint32_t at = last; at-- > 0;) {
        const uint16_t place = (uint16_t)(at >> of->shift);
        of->pair[pair_cell_of(t + at)] = place;
        if (at + SRT_FIRSTS_GRAM <= of->len)
            of->first[cell_of(t + at)] = place;
        if (t[at] >= 0x80)
            of->wide = at;
    }
}

const struct srt_firsts_of *srt_firsts_find(struct srt_firsts *firsts, uint64_t event,
                                            const uint8_t *t, uint32_t n)
{
    if (firsts->event != event) {
        firsts->event = event;
        firsts->n = 0;
    }
    struct srt_firsts_of *of = firsts->values, *end = of + firsts->n;
    while (of < end && (of->text != t || of->len != n))
        of++;
    if (of == end) {
        if (firsts->n == SRT_FIRSTS_VALUES)
            return NULL;
        firsts->n++;
        of->text = t;
        of->len = n;
        of->n_asked = 0;
    }
    if (of->n_asked > SRT_FIRSTS_ASKED)
        return of;
    if (of->n_asked++ < SRT_FIRSTS_ASKED)
        return NULL;
    fill(of);
    return of;
}

/* A character beyond ASCII is none whose fold is ASCII, so a text that has one stands where the
 * value has one, with at most as many bytes before it. */
static uint32_t wide_from(const struct srt_firsts_of *of, const uint8_t *p, uint32_t m)
{
    uint32_t before = 0;
    while (before < m && p[before] < 0x80)
        before++;
    if (before == m)
        return 0;
    if (of->wide == of->len)
        return of->len;
    return of->wide > before ? of->wide - before : 0;
}

uint32_t srt_firsts_from(const struct srt_firsts_of *of, const uint8_t *p, uint32_t m,
                         uint32_t flags)
{
    uint32_t from = 0;
    if (!srt_by_bytes(flags))
        return wide_from(of, p, m);
    const bool fours = m >= SRT_FIRSTS_GRAM;
    const uint32_t gram = fours ? SRT_FIRSTS_GRAM : 2;
    const uint32_t all = m >= gram ? m - gram + 1 : 0;
    const uint32_t n = all < SRT_FIRSTS_GRAMS ? all : SRT_FIRSTS_GRAMS;
    for (uint32_t i = 0; i < n; i++) {
        const uint16_t first = fours ? of->first[cell_of(p + i)] : of->pair[pair_cell_of(p + i)];
        if (first == NOWHERE)
            return of->len;
        const uint32_t place = (uint32_t)first << of->shift;
        if (place > from + i)
            from = place - i;
    }
    return from;
}

bool srt_firsts_allow(const struct srt_firsts_of *of, const uint8_t *p, uint32_t m, uint32_t flags)
{
    uint32_t run = 0;
    for (uint32_t i = 0; i <= m; i++) {
        if (i < m && p[i] < SIGMATON_WILD_DASH)
            continue;
        if (srt_firsts_from(of, p + run, i - run, flags) == of->len)
            return false;
        run = i + 1;
    }
    return true;
}
