/* What the levels of the scan share; for the gram_*.c files alone. */
#ifndef SRT_GRAM_VERIFY_H
#define SRT_GRAM_VERIFY_H

#include <stdbool.h>

#include "gram_scan.h"

#define SRT_GRAMS_BUCKETS_MAX (1u << (SIGMATON_GRAM_WORD_BITS_MAX - 1))
#define SRT_GRAMS_ONCE \
    65536u /* windows whose text is reported once in a scan; the others more often */

/* One scan. The two bitmaps are cleared when they are first needed, so that a value in which
 * nothing stands pays nothing for them. */
struct srt_gram_scan {
    const struct sigmaton_grams *g;
    const uint32_t *words;
    const uint8_t *p;
    uint32_t n, shift; /* shift: 32 - word_bits */
    bool raw;          /* p is JSON */
    bool may_hide;     /* escapes in it may hide a text: whoever scans looks for them */
    bool has_done, has_spent;
    uint64_t work; /* what may still be spent */
    srt_grams_mark mark;
    void *ctx;
    uint64_t done[SRT_GRAMS_ONCE / 64];         /* windows whose text was reported */
    uint64_t spent[SRT_GRAMS_BUCKETS_MAX / 64]; /* buckets reported whole */
};

/* What is sought, in p[n], which is JSON when raw. Not cleared whole: it is large. */
static inline void srt_gram_take(struct srt_gram_scan *s, const struct sigmaton_grams *g,
                                 const uint8_t *p, uint32_t n, bool raw, srt_grams_mark mark,
                                 void *ctx)
{
    s->g = g;
    s->p = p;
    s->n = n;
    s->raw = raw;
    s->may_hide = false;
    s->mark = mark;
    s->ctx = ctx;
}

/* Reports the texts of one or two bytes. */
void srt_gram_shorts(const struct srt_gram_scan *s);
/* Those of a set that stand in the n >= 1 bytes at p. */
uint32_t srt_gram_short_stand(const struct sigmaton_gram_short *set, const uint8_t *p, uint32_t n);

/* The window whose folded bytes are `folded` stands at p[at], says the filter: reports the texts
 * that really stand there. */
void srt_gram_verify(struct srt_gram_scan *s, uint32_t at, uint32_t folded);

srt_grams_scan_fn srt_grams_scan_sse42, srt_grams_scan_avx2, srt_grams_scan_avx512,
    srt_grams_scan_neon;
srt_grams_leaves_fn srt_grams_leaves_avx512;
srt_grams_raw_fn srt_grams_raw_sse42, srt_grams_raw_avx2, srt_grams_raw_avx512, srt_grams_raw_neon;

/* Shorter values go there from AVX2. */
void srt_gram_walk_sse42(struct srt_gram_scan *s);
/* Asks the filter, without masks, about all places that have four bytes. */
void srt_gram_walk_avx512(struct srt_gram_scan *s);
void srt_gram_shorts_avx512(const struct srt_gram_scan *s);
bool srt_gram_hides_sse42(const uint8_t *p, uint32_t n);

static inline const struct sigmaton_gram_short *srt_gram_short_sets(const struct sigmaton_grams *g)
{
    return (const void *)((const uint8_t *)g + g->shorts_off);
}

static inline void srt_gram_report_short(const struct srt_gram_scan *s,
                                         const struct sigmaton_gram_short *set, uint32_t stand)
{
    for (stand &= s->raw ? set->raw : set->decoded; stand != 0; stand &= stand - 1)
        s->mark(s->ctx, set->id[__builtin_ctz(stand)]);
}

/* Whether the escape at p, of which n bytes are left, hides ASCII: `\/`, or `\u00` and a digit
 * below
 * 8. Such bytes behind a backslash that is itself escaped count too; that only costs time. */
static inline bool srt_gram_hides(const uint8_t *p, uint32_t n)
{
    if (n < 2 || p[1] == '/')
        return n >= 2;
    return n >= 5 && p[1] == 'u' && p[2] == '0' && p[3] == '0' && p[4] < '8';
}

/* Four bytes, the first the lowest. */
static inline uint32_t srt_gram_load(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Whether the filter has the window of four bytes v: 1 or 0. */
static inline uint32_t srt_gram_lets(const struct srt_gram_scan *s, uint32_t v)
{
    const uint32_t folded = v & SIGMATON_GRAM_FOLD;
    return s->words[folded * SIGMATON_GRAM_FACTOR >> s->shift] >> (folded >> 24) & 1;
}

/* Asks the filter about the four bytes v that stand at p[at]. */
static inline void srt_gram_ask(struct srt_gram_scan *s, uint32_t at, uint32_t v)
{
    if (srt_gram_lets(s, v))
        srt_gram_verify(s, at, v & SIGMATON_GRAM_FOLD);
}

/* Begins a scan, but for g, p, n, raw, mark and ctx, which are given. False: no text that has a
 * window can stand there. */
static inline bool srt_gram_begin(struct srt_gram_scan *s)
{
    s->words = (const uint32_t *)(const void *)((const uint8_t *)s->g + s->g->words_off);
    s->shift = 32 - s->g->word_bits;
    s->has_done = s->has_spent = false;
    s->work = (uint64_t)s->n * SRT_GRAMS_WORK_PER_BYTE + SRT_GRAMS_WORK_BASE;
    return s->n >= s->g->min_len && s->g->n_entries > 0;
}

/* Asks about the last place, where three bytes are left and a zero behind them; when srt_gram_begin
 * said true. */
static inline void srt_gram_end(struct srt_gram_scan *s)
{
    if (s->g->min_len >= 4)
        return;
    const uint8_t *p = s->p + (s->n - 3);
    srt_gram_ask(s, s->n - 3, (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16);
}

/* Verifies the places at + i of the bits i of `lets`, which the filter has let through. */
static inline void srt_gram_visit(struct srt_gram_scan *s, uint32_t at, uint32_t lets)
{
    for (; lets != 0; lets &= lets - 1) {
        const uint32_t i = at + (uint32_t)__builtin_ctz(lets);
        srt_gram_verify(s, i, srt_gram_load(s->p + i) & SIGMATON_GRAM_FOLD);
    }
}

/* Asks the filter about the places at + i of the bits i of `maybe`. */
static inline void srt_gram_ask_all(struct srt_gram_scan *s, uint32_t at, uint32_t maybe)
{
    for (; maybe != 0; maybe &= maybe - 1) {
        const uint32_t i = at + (uint32_t)__builtin_ctz(maybe);
        srt_gram_ask(s, i, srt_gram_load(s->p + i));
    }
}

/* The same of sixty-four places. */
static inline void srt_gram_ask_places(struct srt_gram_scan *s, uint32_t at, uint64_t places)
{
    for (; places != 0; places &= places - 1) {
        const uint32_t i = at + (uint32_t)__builtin_ctzll(places);
        srt_gram_ask(s, i, srt_gram_load(s->p + i));
    }
}

/* Asks the filter about eight places; 11 bytes are read. Bit i of the answer is place i. */
static inline uint32_t srt_gram_eight(const struct srt_gram_scan *s, const uint8_t *p)
{
    uint32_t lets = 0;
    for (uint32_t i = 0; i < 8; i++)
        lets |= srt_gram_lets(s, srt_gram_load(p + i)) << i;
    return lets;
}

/* All places from `at` on that have four bytes. */
static inline void srt_gram_rest(struct srt_gram_scan *s, uint32_t at)
{
    for (; at + 11 <= s->n; at += 8)
        srt_gram_visit(s, at, srt_gram_eight(s, s->p + at));
    for (; at + 4 <= s->n; at++)
        srt_gram_ask(s, at, srt_gram_load(s->p + at));
}

#endif
