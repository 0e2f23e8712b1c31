/* Sixty-four bytes as two halves; compiled with -mavx2 -mbmi -mbmi2. */
#include "scan.h"

#include <immintrin.h>

#define QUOTES srt_scan_quotes_avx2
#define LOOK srt_scan_look_avx2

struct block {
    __m256i low, high;
};

static inline struct block block_load(const uint8_t *p)
{
    return (struct block){_mm256_loadu_si256((const __m256i *)(const void *)p),
                          _mm256_loadu_si256((const __m256i *)(const void *)(p + 32))};
}

static inline uint64_t block_bits(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high)
                                                     << 32;
}

static inline uint64_t block_equal(struct block b, uint8_t c)
{
    const __m256i wanted = _mm256_set1_epi8((char)c);
    return block_bits(_mm256_cmpeq_epi8(b.low, wanted), _mm256_cmpeq_epi8(b.high, wanted));
}

/* Bytes above 0x7f. */
static inline uint64_t block_wide(struct block b)
{
    return block_bits(b.low, b.high);
}

/* Bytes below 0x20 or above 0x7f: as signed bytes, all that is less than 0x20. */
static inline uint64_t block_odd(struct block b)
{
    const __m256i blank = _mm256_set1_epi8(0x20);
    return block_bits(_mm256_cmpgt_epi8(blank, b.low), _mm256_cmpgt_epi8(blank, b.high));
}

static inline __m256i short_escapes(__m256i v)
{
    const __m256i high =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 0, 1, 0, 0, 8, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i low =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 0, 7, 0, 4, 0, 2, 0, 0, 0, 0, 0, 8, 0, 2, 1));
    const __m256i half = _mm256_set1_epi8(0x0f);
    __m256i rows =
        _mm256_and_si256(_mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(v, 4), half)),
                         _mm256_shuffle_epi8(low, _mm256_and_si256(v, half)));
    return _mm256_cmpeq_epi8(rows, _mm256_setzero_si256());
}

/* Bytes that are an escape behind a backslash, but u: by high and low half, one bit a row. */
static inline uint64_t block_short_escapes(struct block b)
{
    return ~block_bits(short_escapes(b.low), short_escapes(b.high));
}

/* Eight at a time, some of them for nothing: how many there are cannot be foreseen. */
static inline uint32_t *places_put(uint32_t *to, uint64_t bits, uint32_t base)
{
    uint32_t *next = to + __builtin_popcountll(bits);
    do {
        for (int i = 0; i < 8; i++) {
            to[i] = base + (uint32_t)_tzcnt_u64(bits);
            bits = _blsr_u64(bits);
        }
        to += 8;
    } while (bits != 0);
    return next;
}

#include "scan_quotes.h"
