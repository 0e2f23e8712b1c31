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

/* From the last place to the first, so that what stays is the first. n >= SRT_FIRSTS_GRAM. */
static void fill(struct srt_firsts_of *of)
{
    memset(of->first, 0xff, sizeof of->first);
    of->shift = 0;
    while (of->len >> of->shift >= NOWHERE)
        of->shift++;
    for (uint32_t at = of->len - SRT_FIRSTS_GRAM + 1; at-- > 0;)
        of->first[cell_of(of->text + at)] = (uint16_t)(at >> of->shift);
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

uint32_t srt_firsts_from(const struct srt_firsts_of *of, const uint8_t *p, uint32_t m,
                         uint32_t flags)
{
    uint32_t from = 0;
    if (m < SRT_FIRSTS_GRAM || !srt_by_bytes(flags))
        return 0;
    const uint32_t all = m - SRT_FIRSTS_GRAM + 1;
    const uint32_t n = all < SRT_FIRSTS_GRAMS ? all : SRT_FIRSTS_GRAMS;
    for (uint32_t i = 0; i < n; i++) {
        const uint16_t first = of->first[cell_of(p + i)];
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
