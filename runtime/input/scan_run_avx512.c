/* Keys and values by masked vectors; compiled with -mavx512bw -mavx512vl -mbmi -mbmi2. */
#include "scan.h"

#include <immintrin.h>

#define RUN srt_scan_run_avx512
#define AHEAD 8 /* integers are read by words */

/* Names have zeros behind them, keys none in them. */
static inline bool key_equal(const struct srt_scan_name *name, const uint8_t *key, uint32_t len)
{
    const __m256i v = _mm256_maskz_loadu_epi8(_bzhi_u32(~UINT32_C(0), len), key);
    return _mm256_cmpneq_epi8_mask(v, _mm256_load_si256((const void *)name->text)) == 0;
}

static inline bool has_escapes(const uint8_t *p, size_t n)
{
    const __m512i slash = _mm512_set1_epi8('\\');
    for (; n > 64; n -= 64, p += 64)
        if (_mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p), slash) != 0)
            return true;
    const __mmask64 inside = _bzhi_u64(~UINT64_C(0), (uint32_t)n);
    return _mm512_cmpeq_epi8_mask(_mm512_maskz_loadu_epi8(inside, p), slash) != 0;
}

#define DIGITS 16
/* Up to sixteen bytes less '0', the last one last; nothing before the first is touched. */
static inline __m128i digits_at(const uint8_t *p, size_t n)
{
    const __mmask16 used = (__mmask16)(UINT32_C(0xffff) << (16 - n));
    const __m128i text = _mm_maskz_loadu_epi8(used, (const void *)((uintptr_t)p + n - 16));
    return _mm_maskz_sub_epi8(used, text, _mm_set1_epi8('0'));
}

static inline bool digits_hold(const uint8_t *p, size_t n)
{
    return _mm_cmpgt_epu8_mask(digits_at(p, n), _mm_set1_epi8(9)) == 0;
}

static inline uint64_t digits_number(const uint8_t *p, size_t n)
{
    const __m128i two = _mm_maddubs_epi16(digits_at(p, n), _mm_set1_epi16(1 << 8 | 10));
    const __m128i four = _mm_madd_epi16(two, _mm_set1_epi32(1 << 16 | 100));
    const __m128i eight =
        _mm_madd_epi16(_mm_packus_epi32(four, four), _mm_set1_epi32(1 << 16 | 10000));
    const uint64_t halves = (uint64_t)_mm_cvtsi128_si64(eight);
    return (uint32_t)halves * UINT64_C(100000000) + (halves >> 32);
}

#include "scan_run.h"
