/* Sixteen places at a time by the masks, on AArch64. There is no gather: without masks this is the
 * plain scan. */
#include <arm_neon.h>
#include <string.h>

#include "gram_verify.h"
#include "seek.h"

struct halves {
    uint8x16_t low, high;
};

/* The groups that have the 16 bytes from p on at this place of their windows. */
static inline uint8x16_t groups(const struct halves *h, const uint8_t *p)
{
    const uint8x16_t v = vld1q_u8(p);
    return vandq_u8(vqtbl1q_u8(h->low, vandq_u8(v, vdupq_n_u8(0x0f))),
                    vqtbl1q_u8(h->high, vshrq_n_u8(v, 4)));
}

static inline void load_masks(struct halves *h, const uint8_t *masks, uint32_t n_masks)
{
    for (uint32_t i = 0; i < n_masks; i++)
        h[i] = (struct halves){vld1q_u8(masks + i * 32), vld1q_u8(masks + i * 32 + 16)};
}

/* One bit for each byte that is not 0. */
static inline uint32_t bits_of(uint8x16_t v)
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    if (vmaxvq_u8(v) == 0)
        return 0;
    v = vandq_u8(vtstq_u8(v, v), vld1q_u8(weights));
    return (uint32_t)vaddv_u8(vget_low_u8(v)) | (uint32_t)vaddv_u8(vget_high_u8(v)) << 8;
}

/* Bit i: some group has window i. Reads 15 + n_masks bytes. */
static inline uint32_t in_groups(const struct halves *h, uint32_t n_masks, const uint8_t *p)
{
    uint8x16_t v = vandq_u8(groups(&h[0], p), groups(&h[1], p + 1));
    v = vandq_u8(v, groups(&h[2], p + 2));
    if (n_masks > 3)
        v = vandq_u8(v, groups(&h[3], p + 3));
    return bits_of(v);
}

/* Bit i: byte i is a backslash, and u or / stands behind it. Reads 17 bytes. */
static inline uint32_t suspects(const uint8_t *p)
{
    const uint8x16_t v = vld1q_u8(p), next = vld1q_u8(p + 1);
    const uint8x16_t is_either =
        vorrq_u8(vceqq_u8(next, vdupq_n_u8('u')), vceqq_u8(next, vdupq_n_u8('/')));
    return bits_of(vandq_u8(vceqq_u8(v, vdupq_n_u8('\\')), is_either));
}

#define WIDTH 16
#include "gram_masks.h"

#define SCAN srt_grams_scan_neon
#define RAW srt_grams_raw_neon

static void walk(struct srt_gram_scan *s)
{
    if (s->g->n_masks == 0)
        srt_gram_rest(s, 0);
    else
        scan_masks(s);
}

#include "gram_entry.h"

#define SEEK srt_masks_neon
#include "gram_seek.h"
