/* Sixty-four places at a time; compiled with -mavx512f -mavx512bw and what AVX2 asks. The last
 * places are loaded under a mask, which reads nothing behind them. */
#include <immintrin.h>

#include "seek.h"

static inline uint64_t like(const uint8_t *p, __mmask64 places, __m512i want, __m512i mask)
{
    const __m512i v = _mm512_or_si512(_mm512_maskz_loadu_epi8(places, p), mask);
    return _mm512_mask_cmpeq_epi8_mask(places, v, want);
}

static const uint8_t *pair(const uint8_t *at, const uint8_t *stop, size_t gap, struct srt_look a,
                           struct srt_look b)
{
    const __m512i want_a = _mm512_set1_epi8((char)a.want), mask_a = _mm512_set1_epi8((char)a.mask);
    const __m512i want_b = _mm512_set1_epi8((char)b.want), mask_b = _mm512_set1_epi8((char)b.mask);
    for (; at < stop; at += 64) {
        const uint32_t n = stop - at < 64 ? (uint32_t)(stop - at) : 64;
        const __mmask64 places = _bzhi_u64(~UINT64_C(0), n);
        const uint64_t found = like(at + gap, like(at, places, want_a, mask_a), want_b, mask_b);
        if (found != 0)
            return at + __builtin_ctzll(found);
    }
    return stop;
}

/* The bit of each high half; a byte beyond ASCII is told by its sign. */
#define BITS _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0)

static const uint8_t *leaving(const uint8_t leaves[16], const uint8_t *p, const uint8_t *end)
{
    const __m512i low = _mm512_broadcast_i32x4(_mm_loadu_si128((const void *)leaves));
    const __m512i high = _mm512_broadcast_i32x4(BITS), half = _mm512_set1_epi8(0x0f);
    for (; p < end; p += 64) {
        const uint32_t n = end - p < 64 ? (uint32_t)(end - p) : 64;
        const __mmask64 places = _bzhi_u64(~UINT64_C(0), n);
        const __m512i v = _mm512_maskz_loadu_epi8(places, p);
        const __m512i by_low = _mm512_shuffle_epi8(low, _mm512_and_si512(v, half));
        const __m512i by_high =
            _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16(v, 4), half));
        const uint64_t found =
            (_mm512_test_epi8_mask(by_low, by_high) | _mm512_movepi8_mask(v)) & places;
        if (found != 0)
            return p + __builtin_ctzll(found);
    }
    return end;
}

const struct srt_seek srt_seek_avx512 = {pair, leaving, srt_masks_avx512};
