/* What a scan does at the places that the filter lets through; for the gram_*.c files alone. */
#ifndef SRT_GRAM_VERIFY_H
#define SRT_GRAM_VERIFY_H

#include <stdbool.h>

#include "gram_scan.h"

#define SRT_GRAMS_BUCKETS_MAX (1u << (SIGMATON_GRAM_WORD_BITS_MAX - 1))

/* One scan. The two bitmaps are cleared when they are first needed, so that a value in which
 * nothing stands pays nothing for them. */
struct srt_gram_scan {
    const struct sigmaton_grams *g;
    const uint32_t *words;
    const uint8_t *p;
    uint32_t n;
    bool has_done, has_spent;
    uint64_t work; /* what may still be spent */
    srt_grams_mark mark;
    void *ctx;
    uint64_t done[SRT_GRAMS_ONCE / 64];         /* windows whose text was reported */
    uint64_t spent[SRT_GRAMS_BUCKETS_MAX / 64]; /* buckets reported whole */
};

/* The window whose folded bytes are `folded` stands at p[at], says the filter: reports the texts
 * that really stand there. */
void srt_gram_verify(struct srt_gram_scan *s, uint32_t at, uint32_t folded);

/* Four bytes, the first the lowest. */
static inline uint32_t srt_gram_load(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Asks the filter about the four bytes v that stand at p[at]. */
static inline void srt_gram_ask(struct srt_gram_scan *s, uint32_t at, uint32_t v)
{
    const uint32_t folded = v & SIGMATON_GRAM_FOLD;
    const uint32_t word = s->words[sigmaton_gram_word(folded, s->g->word_bits)];
    if (word >> (folded >> 24) & 1)
        srt_gram_verify(s, at, folded);
}

#endif
