#include "seek.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__SSE2__) || (defined(__ARM_NEON) && defined(__aarch64__))
#define WIDTH 16
#ifdef __SSE2__
typedef __m128i vector;
static inline vector vector_of(uint8_t b)
{
    return _mm_set1_epi8((char)b);
}
static inline vector like(const uint8_t *p, vector want, vector mask)
{
    return _mm_cmpeq_epi8(_mm_or_si128(_mm_loadu_si128((const void *)p), mask), want);
}
/* A bit, or four, for each byte of both; bit 0 for the first. */
static inline uint64_t both_bits(vector a, vector b)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_and_si128(a, b));
}
#define BITS_PER_BYTE 1u
#else
typedef uint8x16_t vector;
static inline vector vector_of(uint8_t b)
{
    return vdupq_n_u8(b);
}
static inline vector like(const uint8_t *p, vector want, vector mask)
{
    return vceqq_u8(vorrq_u8(vld1q_u8(p), mask), want);
}
static inline uint64_t both_bits(vector a, vector b)
{
    const uint8x8_t half = vshrn_n_u16(vreinterpretq_u16_u8(vandq_u8(a, b)), 4);
    return vget_lane_u64(vreinterpret_u64_u8(half), 0) & UINT64_C(0x1111111111111111);
}
#define BITS_PER_BYTE 4u
#endif

/* From *at on, while there are WIDTH places. Whether one was found. */
static bool pair_wide(const uint8_t **at, const uint8_t *stop, size_t gap, struct srt_look a,
                      struct srt_look b)
{
    const vector want_a = vector_of(a.want), mask_a = vector_of(a.mask);
    const vector want_b = vector_of(b.want), mask_b = vector_of(b.mask);
    for (; stop - *at >= WIDTH; *at += WIDTH) {
        const uint64_t bits = both_bits(like(*at, want_a, mask_a), like(*at + gap, want_b, mask_b));
        if (bits == 0)
            continue;
        *at += (unsigned)__builtin_ctzll(bits) / BITS_PER_BYTE;
        return true;
    }
    return false;
}
#else
static bool pair_wide(const uint8_t **at, const uint8_t *stop, size_t gap, struct srt_look a,
                      struct srt_look b)
{
    (void)at, (void)stop, (void)gap, (void)a, (void)b;
    return false;
}
#endif

static const uint8_t *pair(const uint8_t *at, const uint8_t *stop, size_t gap, struct srt_look a,
                           struct srt_look b)
{
    if (pair_wide(&at, stop, gap, a, b))
        return at;
    while (at < stop && !(srt_looks(a, *at) && srt_looks(b, at[gap])))
        at++;
    return at;
}

static bool is_of(const uint8_t halves[16], uint8_t byte)
{
    return byte >= 0x80 || (halves[byte & 0x0f] >> (byte >> 4) & 1) != 0;
}

static const uint8_t *leaving(const uint8_t leaves[32], const uint8_t *p, const uint8_t *end)
{
    while (p < end && *p < 0x80 &&
           !(is_of(leaves, *p) && (p + 1 == end || is_of(leaves + 16, p[1]))))
        p++;
    return p;
}

static uint32_t groups_at(const uint8_t *masks, uint32_t place, uint8_t byte)
{
    const uint8_t *m = masks + (size_t)place * 32;
    return m[byte & 0x0f] & m[16 + (byte >> 4)];
}

static bool seek_masks(const uint8_t *masks, const uint8_t *t, uint32_t n, srt_seek_try *try,
                       void *ctx)
{
    for (uint32_t at = 0; at < n; at++) {
        uint32_t groups = groups_at(masks, 0, t[at]);
        for (uint32_t i = 1; i < SRT_SEEK_MASKS && groups != 0; i++)
            groups &= groups_at(masks, i, at + i < n ? t[at + i] : 0);
        if (groups != 0 && try(ctx, at))
            return true;
    }
    return false;
}

#if defined(__x86_64__)
#define LEVELS \
    LEVEL(SRT_SIMD_SSE42, sse42) LEVEL(SRT_SIMD_AVX2, avx2) LEVEL(SRT_SIMD_AVX512, avx512)
const struct srt_seek srt_seek_sse42 = {pair, leaving, srt_masks_sse42, NULL, NULL};
#elif defined(__aarch64__)
#define LEVELS LEVEL(SRT_SIMD_NEON, neon)
const struct srt_seek srt_seek_neon = {pair, leaving, srt_masks_neon, NULL, NULL};
#else
#define LEVELS
#endif
const struct srt_seek srt_seek_plain = {pair, leaving, seek_masks, NULL, NULL};

const struct srt_seek *srt_seek_at(enum srt_simd level)
{
#define LEVEL(value, name) \
    if (level == value)    \
        return &srt_seek_##name;
    LEVELS
#undef LEVEL
    return &srt_seek_plain;
}
