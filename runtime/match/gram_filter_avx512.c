/* Tables without masks: sixteen places at a time by gathering from the filter. And texts of one or
 * two bytes, sixty-four places at a time. Compiled like gram_avx512.c; what is loaded is loaded
 * under a mask, which reads nothing behind the value. */
#include <immintrin.h>

#include "gram_verify.h"

/* Places of which those that the filter lets through are written down before any is verified: what
 * a branch would have to guess for each is guessed once. */
#define BLOCK 256u

struct filter {
    const int *words;
    __m128i shift;
};

/* Bit i: the filter has the window at p + i, of the n bytes there. */
static inline __mmask16 lets_at(const struct filter *f, const uint8_t *p, uint32_t n)
{
    const __m512i steps =
        _mm512_set_epi32(0x1211100f, 0x11100f0e, 0x100f0e0d, 0x0f0e0d0c, 0x0e0d0c0b, 0x0d0c0b0a,
                         0x0c0b0a09, 0x0b0a0908, 0x0a090807, 0x09080706, 0x08070605, 0x07060504,
                         0x06050403, 0x05040302, 0x04030201, 0x03020100);
    const __mmask32 here = n < 32 ? (1u << n) - 1 : UINT32_MAX;
    const __m512i windows =
        _mm512_permutexvar_epi8(steps, _mm512_castsi256_si512(_mm256_maskz_loadu_epi8(here, p)));
    const __m512i folded = _mm512_and_si512(windows, _mm512_set1_epi32((int)SIGMATON_GRAM_FOLD));
    const __m512i word = _mm512_srl_epi32(
        _mm512_mullo_epi32(folded, _mm512_set1_epi32((int)SIGMATON_GRAM_FACTOR)), f->shift);
    const __m512i bit = _mm512_sllv_epi32(_mm512_set1_epi32(1), _mm512_srli_epi32(folded, 24));
    return _mm512_test_epi32_mask(_mm512_i32gather_epi32(word, f->words, 4), bit) &
           (__mmask16)(here >> 3);
}

/* The places [from, to) that the filter lets through, of which each has four bytes: how many. */
static inline uint32_t sift(const struct srt_gram_scan *s, const struct filter *f, uint32_t from,
                            uint32_t to, uint32_t *places)
{
    const __m512i each = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    uint32_t n = 0;
    for (uint32_t at = from; at < to; at += 16) {
        const __mmask16 lets = lets_at(f, s->p + at, s->n - at);
        const __m512i some = _mm512_add_epi32(_mm512_set1_epi32((int)at), each);
        _mm512_storeu_si512(places + n, _mm512_maskz_compress_epi32(lets, some));
        n += (uint32_t)__builtin_popcount(lets);
    }
    return n;
}

/* The entries of all places are on their way before the first is looked at. (gcc takes a call of a
 * function that only fetches for a call of nothing.) */
static inline __attribute__((always_inline)) void fetch(const struct srt_gram_scan *s,
                                                        const uint32_t *places, uint32_t n)
{
    const uint8_t *base = (const uint8_t *)s->g;
    const uint32_t *buckets = (const uint32_t *)(const void *)(base + s->g->buckets_off);
    const struct sigmaton_gram *entries =
        (const struct sigmaton_gram *)(const void *)(base + s->g->entries_off);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t folded = srt_gram_load(s->p + places[i]) & SIGMATON_GRAM_FOLD;
        __builtin_prefetch(&entries[buckets[(folded * SIGMATON_GRAM_FACTOR >> s->shift) / 2]]);
    }
}

void srt_gram_walk_avx512(struct srt_gram_scan *s)
{
    const struct filter f = {
        .words = (const int *)(const void *)s->words,
        .shift = _mm_cvtsi32_si128((int)s->shift),
    };
    uint32_t places[BLOCK + 16]; /* sixteen are stored at a time */
    for (uint32_t from = 0; from + 4 <= s->n; from += BLOCK) {
        const uint32_t left = s->n - 3 - from;
        const uint32_t n = sift(s, &f, from, from + (left < BLOCK ? left : BLOCK), places);
        fetch(s, places, n);
        for (uint32_t i = 0; i < n; i++)
            srt_gram_verify(s, places[i], srt_gram_load(s->p + places[i]) & SIGMATON_GRAM_FOLD);
    }
}

/* ---- Texts of one or two bytes ---- */

/* A bit for each ASCII byte's texts; of other bytes nothing that counts. */
struct ascii {
    __m512i low, high;
};

static inline struct ascii load_ascii(const uint8_t *at)
{
    return (struct ascii){_mm512_loadu_si512(at), _mm512_loadu_si512(at + 64)};
}

static inline __m512i texts_of(const struct ascii *t, __m512i v)
{
    return _mm512_permutex2var_epi8(t->low, v, t->high);
}

static inline uint32_t any_of(__m512i v)
{
    uint64_t all = (uint64_t)_mm512_reduce_or_epi64(v);
    all |= all >> 32;
    all |= all >> 16;
    return (uint32_t)(all | all >> 8) & 0xff;
}

static inline uint32_t short_stand(const struct sigmaton_gram_short *set, const uint8_t *p,
                                   uint32_t n)
{
    const struct ascii first = load_ascii(set->at[0]), second = load_ascii(set->at[1]);
    const __m512i single = _mm512_set1_epi8((char)set->single);
    __m512i stand = _mm512_setzero_si512(), beyond = stand;
    for (uint32_t at = 0; at < n; at += 64) {
        const __mmask64 here = _bzhi_u64(~UINT64_C(0), n - at < 64 ? n - at : 64),
                        next = _bzhi_u64(~UINT64_C(0), n - at - 1 < 64 ? n - at - 1 : 64);
        const __m512i v = _mm512_maskz_loadu_epi8(here, p + at),
                      w = _mm512_maskz_loadu_epi8(next, p + at + 1);
        const __m512i fits =
            _mm512_mask_mov_epi8(single, next, texts_of(&second, w)); /* none behind the end */
        stand = _mm512_or_si512(
            stand, _mm512_and_si512(fits, _mm512_maskz_mov_epi8(here, texts_of(&first, v))));
        beyond = _mm512_or_si512(beyond, v);
    }
    if (_mm512_movepi8_mask(beyond) != 0) /* some byte is not ASCII */
        return srt_gram_short_stand(set, p, n);
    return any_of(stand);
}

void srt_gram_shorts_avx512(const struct srt_gram_scan *s)
{
    const struct sigmaton_gram_short *sets = srt_gram_short_sets(s->g);
    for (uint32_t k = 0; s->n > 0 && k < s->g->n_shorts; k++)
        srt_gram_report_short(s, &sets[k], short_stand(&sets[k], s->p, s->n));
}
