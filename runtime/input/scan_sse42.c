/* Sixteen bytes at a time; compiled with -msse4.2. */
#include "scan.h"

#include <nmmintrin.h>
#include <string.h>

#define WIDTH 16
#define WALK srt_scan_walk_sse42
#define LOOK srt_scan_look_sse42

struct block {
    __m128i v;
};

static inline struct block block_load(const uint8_t *p)
{
    return (struct block){_mm_loadu_si128((const __m128i *)(const void *)p)};
}

static inline uint32_t block_bits(__m128i m)
{
    return (uint32_t)_mm_movemask_epi8(m);
}

static inline uint32_t block_equal(struct block b, uint8_t c)
{
    return block_bits(_mm_cmpeq_epi8(b.v, _mm_set1_epi8((char)c)));
}

static inline uint32_t block_stops(struct block b)
{
    return block_bits(_mm_or_si128(_mm_cmpeq_epi8(b.v, _mm_set1_epi8('"')),
                                   _mm_cmpeq_epi8(b.v, _mm_set1_epi8('\n'))));
}

/* Bytes below 0x20 or above 0x7f: as signed bytes, all that is less than 0x20. */
static inline uint32_t block_odd(struct block b)
{
    return block_bits(_mm_cmpgt_epi8(_mm_set1_epi8(0x20), b.v));
}

/* Bytes that are an escape behind a backslash, but u: by high and low half, one bit a row. */
static inline uint32_t block_short_escapes(struct block b)
{
    const __m128i high = _mm_setr_epi8(0, 0, 1, 0, 0, 8, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i low = _mm_setr_epi8(0, 0, 7, 0, 4, 0, 2, 0, 0, 0, 0, 0, 8, 0, 2, 1);
    const __m128i half = _mm_set1_epi8(0x0f);
    __m128i rows =
        _mm_and_si128(_mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi16(b.v, 4), half)),
                      _mm_shuffle_epi8(low, _mm_and_si128(b.v, half)));
    return ~block_bits(_mm_cmpeq_epi8(rows, _mm_setzero_si128()));
}

#include "scan_body.h"
