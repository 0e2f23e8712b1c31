/* Sixty-four bytes as four quarters; compiled with -msse4.2. */
#include "scan.h"

#include <nmmintrin.h>

#define QUOTES srt_scan_quotes_sse42
#define LOOK srt_scan_look_sse42

struct block {
    __m128i v[4];
};

static inline struct block block_load(const uint8_t *p)
{
    struct block b;
    for (int i = 0; i < 4; i++)
        b.v[i] = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
    return b;
}

static inline uint64_t quarter_bits(__m128i m, int quarter)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(m) << 16 * quarter;
}

static inline uint64_t block_equal(struct block b, uint8_t c)
{
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits |= quarter_bits(_mm_cmpeq_epi8(b.v[i], _mm_set1_epi8((char)c)), i);
    return bits;
}

/* Bytes above 0x7f. */
static inline uint64_t block_wide(struct block b)
{
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits |= quarter_bits(b.v[i], i);
    return bits;
}

/* Bytes below 0x20 or above 0x7f: as signed bytes, all that is less than 0x20. */
static inline uint64_t block_odd(struct block b)
{
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++)
        bits |= quarter_bits(_mm_cmpgt_epi8(_mm_set1_epi8(0x20), b.v[i]), i);
    return bits;
}

/* Bytes that are an escape behind a backslash, but u: by high and low half, one bit a row. */
static inline uint64_t block_short_escapes(struct block b)
{
    const __m128i high = _mm_setr_epi8(0, 0, 1, 0, 0, 8, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i low = _mm_setr_epi8(0, 0, 7, 0, 4, 0, 2, 0, 0, 0, 0, 0, 8, 0, 2, 1);
    const __m128i half = _mm_set1_epi8(0x0f);
    uint64_t none = 0;
    for (int i = 0; i < 4; i++) {
        __m128i v = b.v[i];
        __m128i rows =
            _mm_and_si128(_mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi16(v, 4), half)),
                          _mm_shuffle_epi8(low, _mm_and_si128(v, half)));
        none |= quarter_bits(_mm_cmpeq_epi8(rows, _mm_setzero_si128()), i);
    }
    return ~none;
}

static inline uint32_t *places_put(uint32_t *to, uint64_t bits, uint32_t base)
{
    for (; bits != 0; bits &= bits - 1)
        *to++ = base + (uint32_t)__builtin_ctzll(bits);
    return to;
}

#include "scan_quotes.h"
