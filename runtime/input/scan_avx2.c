/* Thirty-two bytes at a time; compiled with -mavx2 -mbmi -mbmi2. */
#include "scan.h"

#include <immintrin.h>
#include <string.h>

#define WIDTH 32
#define WALK srt_scan_walk_avx2
#define LOOK srt_scan_look_avx2

struct block {
    __m256i v;
};

static inline struct block block_load(const uint8_t *p)
{
    return (struct block){_mm256_loadu_si256((const __m256i *)(const void *)p)};
}

static inline uint32_t block_bits(__m256i m)
{
    return (uint32_t)_mm256_movemask_epi8(m);
}

static inline uint32_t block_equal(struct block b, uint8_t c)
{
    return block_bits(_mm256_cmpeq_epi8(b.v, _mm256_set1_epi8((char)c)));
}

static inline uint32_t block_stops(struct block b)
{
    return block_bits(_mm256_or_si256(_mm256_cmpeq_epi8(b.v, _mm256_set1_epi8('"')),
                                      _mm256_cmpeq_epi8(b.v, _mm256_set1_epi8('\n'))));
}

/* Bytes below 0x20 or above 0x7f: as signed bytes, all that is less than 0x20. */
static inline uint32_t block_odd(struct block b)
{
    return block_bits(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), b.v));
}

/* Bytes that are an escape behind a backslash, but u: by high and low half, one bit a row. */
static inline uint32_t block_short_escapes(struct block b)
{
    const __m256i high =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 0, 1, 0, 0, 8, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i low =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 0, 7, 0, 4, 0, 2, 0, 0, 0, 0, 0, 8, 0, 2, 1));
    const __m256i half = _mm256_set1_epi8(0x0f);
    __m256i rows = _mm256_and_si256(
        _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(b.v, 4), half)),
        _mm256_shuffle_epi8(low, _mm256_and_si256(b.v, half)));
    return ~block_bits(_mm256_cmpeq_epi8(rows, _mm256_setzero_si256()));
}

#include "scan_body.h"
