/* Thirty-two places at a time; compiled with -mavx2 -mbmi -mbmi2. */
#include <immintrin.h>

#include "seek.h"

#define WIDTH 32

struct pair {
    __m256i want_a, mask_a, want_b, mask_b;
};

static inline __m256i like(const uint8_t *p, __m256i want, __m256i mask)
{
    const __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
    return _mm256_cmpeq_epi8(_mm256_or_si256(v, mask), want);
}

/* Bit i: place i. Reads [p, p + 32) and, gap bytes behind, as many. */
static inline uint32_t places(const uint8_t *p, size_t gap, const struct pair *q)
{
    return (uint32_t)_mm256_movemask_epi8(
        _mm256_and_si256(like(p, q->want_a, q->mask_a), like(p + gap, q->want_b, q->mask_b)));
}

static const uint8_t *pair(const uint8_t *at, const uint8_t *stop, size_t gap, struct srt_look a,
                           struct srt_look b)
{
    if (stop - at < WIDTH)
        return srt_seek_plain.pair(at, stop, gap, a, b);
    const struct pair q = {_mm256_set1_epi8((char)a.want), _mm256_set1_epi8((char)a.mask),
                           _mm256_set1_epi8((char)b.want), _mm256_set1_epi8((char)b.mask)};
    for (; stop - at >= WIDTH; at += WIDTH) {
        const uint32_t found = places(at, gap, &q);
        if (found != 0)
            return at + __builtin_ctz(found);
    }
    if (at == stop)
        return stop;
    const uint32_t found = places(stop - WIDTH, gap, &q) >> (WIDTH - (stop - at));
    return found != 0 ? at + __builtin_ctz(found) : stop; /* the last places once more */
}

/* The bit of each high half; a byte beyond ASCII is told by its sign. */
#define BITS _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0)

/* Bytes whose low half, by `low`, has the bit of their high half. */
static inline uint32_t of_halves(__m256i low, __m256i by_high, __m256i low_halves)
{
    const __m256i both = _mm256_and_si256(_mm256_shuffle_epi8(low, low_halves), by_high);
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(both, _mm256_setzero_si256()));
}

/* The last place waits for the byte behind it. */
static const uint8_t *leaving(const uint8_t leaves[32], const uint8_t *p, const uint8_t *end)
{
    const __m256i low = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)leaves));
    const __m256i next = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)(leaves + 16)));
    const __m256i high = _mm256_broadcastsi128_si256(BITS), half = _mm256_set1_epi8(0x0f);
    for (; end - p >= WIDTH; p += WIDTH - 1) {
        const __m256i v = _mm256_loadu_si256((const void *)p);
        const __m256i low_halves = _mm256_and_si256(v, half);
        const __m256i by_high =
            _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(v, 4), half));
        const uint32_t wide = (uint32_t)_mm256_movemask_epi8(v);
        const uint32_t follows = of_halves(next, by_high, low_halves) | wide;
        const uint32_t found = (of_halves(low, by_high, low_halves) & follows >> 1) | wide;
        if (found != 0)
            return p + __builtin_ctz(found);
    }
    return srt_seek_plain.leaving(leaves, p, end);
}

const struct srt_seek srt_seek_avx2 = {pair, leaving, srt_masks_avx2, NULL, NULL};
