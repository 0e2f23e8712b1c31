/* Sixty-four bytes as four quarters on AArch64. */
#include "scan.h"

#include <arm_neon.h>

#define QUOTES srt_scan_quotes_neon
#define LOOK srt_scan_look_neon

struct block {
    uint8x16_t v[4];
};

static inline struct block block_load(const uint8_t *p)
{
    return (struct block){{vld1q_u8(p), vld1q_u8(p + 16), vld1q_u8(p + 32), vld1q_u8(p + 48)}};
}

/* One bit per byte of masks of 0x00 and 0xff. Source: simdjson's arm64 to_bitmask. */
static inline uint64_t block_bits(const uint8x16_t m[4])
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t weight = vld1q_u8(weights);
    uint8x16_t low = vpaddq_u8(vandq_u8(m[0], weight), vandq_u8(m[1], weight));
    uint8x16_t high = vpaddq_u8(vandq_u8(m[2], weight), vandq_u8(m[3], weight));
    low = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(low, low)), 0);
}

static inline uint64_t block_equal(struct block b, uint8_t c)
{
    uint8x16_t m[4];
    for (int i = 0; i < 4; i++)
        m[i] = vceqq_u8(b.v[i], vdupq_n_u8(c));
    return block_bits(m);
}

/* Bytes above 0x7f. */
static inline uint64_t block_wide(struct block b)
{
    uint8x16_t m[4];
    for (int i = 0; i < 4; i++)
        m[i] = vcltzq_s8(vreinterpretq_s8_u8(b.v[i]));
    return block_bits(m);
}

/* Bytes below 0x20 or above 0x7f: as signed bytes, all that is less than 0x20. */
static inline uint64_t block_odd(struct block b)
{
    uint8x16_t m[4];
    for (int i = 0; i < 4; i++)
        m[i] = vcltq_s8(vreinterpretq_s8_u8(b.v[i]), vdupq_n_s8(0x20));
    return block_bits(m);
}

/* Bytes that are an escape behind a backslash, but u: by high and low half, one bit a row. */
static inline uint64_t block_short_escapes(struct block b)
{
    static const uint8_t high[16] = {0, 0, 1, 0, 0, 8, 2, 4},
                         low[16] = {0, 0, 7, 0, 4, 0, 2, 0, 0, 0, 0, 0, 8, 0, 2, 1};
    uint8x16_t m[4];
    for (int i = 0; i < 4; i++) {
        uint8x16_t rows = vandq_u8(vqtbl1q_u8(vld1q_u8(high), vshrq_n_u8(b.v[i], 4)),
                                   vqtbl1q_u8(vld1q_u8(low), vandq_u8(b.v[i], vdupq_n_u8(0x0f))));
        m[i] = vtstq_u8(rows, rows);
    }
    return block_bits(m);
}

static inline uint32_t *places_put(uint32_t *to, uint64_t bits, uint32_t base)
{
    for (; bits != 0; bits &= bits - 1)
        *to++ = base + (uint32_t)__builtin_ctzll(bits);
    return to;
}

#include "scan_quotes.h"
