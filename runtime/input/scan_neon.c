/* Sixteen bytes at a time on AArch64. */
#include "scan.h"

#include <arm_neon.h>
#include <string.h>

#define WIDTH 16
#define WALK srt_scan_walk_neon
#define LOOK srt_scan_look_neon

struct block {
    uint8x16_t v;
};

static inline struct block block_load(const uint8_t *p)
{
    return (struct block){vld1q_u8(p)};
}

/* One bit per byte of a mask of 0x00 and 0xff. */
static inline uint32_t block_bits(uint8x16_t m)
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t bits = vandq_u8(m, vld1q_u8(weights));
    return (uint32_t)vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

static inline uint32_t block_equal(struct block b, uint8_t c)
{
    return block_bits(vceqq_u8(b.v, vdupq_n_u8(c)));
}

static inline uint32_t block_stops(struct block b)
{
    uint8x16_t m = vorrq_u8(vceqq_u8(b.v, vdupq_n_u8('"')), vceqq_u8(b.v, vdupq_n_u8('\n')));
    if (vmaxvq_u8(m) == 0)
        return 0;
    return block_bits(m);
}

/* Bytes below 0x20 or above 0x7f: as signed bytes, all that is less than 0x20. */
static inline uint32_t block_odd(struct block b)
{
    return block_bits(vcltq_s8(vreinterpretq_s8_u8(b.v), vdupq_n_s8(0x20)));
}

/* Bytes that are an escape behind a backslash, but u: by high and low half, one bit a row. */
static inline uint32_t block_short_escapes(struct block b)
{
    static const uint8_t high[16] = {0, 0, 1, 0, 0, 8, 2, 4},
                         low[16] = {0, 0, 7, 0, 4, 0, 2, 0, 0, 0, 0, 0, 8, 0, 2, 1};
    uint8x16_t rows = vandq_u8(vqtbl1q_u8(vld1q_u8(high), vshrq_n_u8(b.v, 4)),
                               vqtbl1q_u8(vld1q_u8(low), vandq_u8(b.v, vdupq_n_u8(0x0f))));
    return block_bits(vtstq_u8(rows, rows));
}

#include "scan_body.h"
