/* What one look at a short value shows; for files compiled like gram_avx512.c. */
#ifndef SRT_GLANCE_AVX512_H
#define SRT_GLANCE_AVX512_H

#include <immintrin.h>

#include "gram_scan.h"

/* The numbers from i <= 3 on. */
static inline __m512i srt_bytes_from(uint32_t i)
{
    static const uint8_t from[64 + 3] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
        23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45,
        46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 63, 63, 63};
    return _mm512_loadu_si512(from + i);
}

/* The groups that have each of the bytes, by their halves. */
static inline __m512i srt_groups_by_half(const uint8_t *mask, __m512i low, __m512i high)
{
    const __m128i by_low = _mm_loadu_si128((const void *)mask);
    const __m128i by_high = _mm_loadu_si128((const void *)(mask + 16));
    return _mm512_and_si512(_mm512_shuffle_epi8(_mm512_broadcast_i32x4(by_low), low),
                            _mm512_shuffle_epi8(_mm512_broadcast_i32x4(by_high), high));
}

/* Places that have four bytes, of a value of n <= 64 that is v, with zeros behind it: by halves of
 * bytes, for which the masks are used as they stand. */
static inline uint64_t srt_places_of_few(const struct sigmaton_grams *g, __m512i v, uint32_t n)
{
    const uint8_t *masks = (const uint8_t *)g + g->masks_off;
    const __m512i half = _mm512_set1_epi8(0x0f);
    const __m512i low = _mm512_and_si512(v, half);
    const __m512i high = _mm512_and_si512(_mm512_srli_epi16(v, 4), half);
    __m512i some = srt_groups_by_half(masks, low, high);
    for (uint32_t i = 1; i < 3; i++)
        some = _mm512_and_si512(
            some, _mm512_permutexvar_epi8(srt_bytes_from(i),
                                          srt_groups_by_half(masks + 32 * i, low, high)));
    if (g->n_masks > 3)
        some = _mm512_and_si512(
            some,
            _mm512_permutexvar_epi8(srt_bytes_from(3), srt_groups_by_half(masks + 96, low, high)));
    return _mm512_test_epi8_mask(some, some) & _bzhi_u64(~UINT64_C(0), n) >> 3;
}

static inline struct srt_glance srt_glance(const struct sigmaton_grams *g, const uint8_t *p,
                                           uint32_t n)
{
    const __m512i v = _mm512_maskz_loadu_epi8(_bzhi_u64(~UINT64_C(0), n), p);
    const uint64_t escapes = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\'));
    return (struct srt_glance){
        .escapes = escapes,
        .separators = escapes | _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('/')),
        .wide = _mm512_movepi8_mask(v),
        .places = g != NULL && g->n_masks > 0 ? srt_places_of_few(g, v, n) : 0,
    };
}

#endif
