/* Sixteen places at a time by the masks; compiled with -msse4.2 -mpopcnt. There is no gather:
 * without masks this is the plain scan. */
#include <immintrin.h>
#include <string.h>

#include "gram_verify.h"
#include "seek.h"

struct halves {
    __m128i low, high;
};

static inline __m128i load16(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* The groups that have the 16 bytes from p on at this place of their windows. */
static inline __m128i groups(const struct halves *h, const uint8_t *p)
{
    const __m128i v = load16(p), half = _mm_set1_epi8(0x0f);
    return _mm_and_si128(_mm_shuffle_epi8(h->low, _mm_and_si128(v, half)),
                         _mm_shuffle_epi8(h->high, _mm_and_si128(_mm_srli_epi16(v, 4), half)));
}

static inline void load_masks(struct halves *h, const uint8_t *masks, uint32_t n_masks)
{
    for (uint32_t i = 0; i < n_masks; i++)
        h[i] = (struct halves){load16(masks + i * 32), load16(masks + i * 32 + 16)};
}

/* Bit i: some group has window i. Reads 15 + n_masks bytes. */
static inline uint32_t in_groups(const struct halves *h, uint32_t n_masks, const uint8_t *p)
{
    __m128i v = _mm_and_si128(groups(&h[0], p), groups(&h[1], p + 1));
    v = _mm_and_si128(v, groups(&h[2], p + 2));
    if (n_masks > 3)
        v = _mm_and_si128(v, groups(&h[3], p + 3));
    return ~(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_setzero_si128())) & 0xffff;
}

/* Bit i: byte i is a backslash, and u or / stands behind it. Reads 17 bytes. */
static inline uint32_t suspects(const uint8_t *p)
{
    const __m128i v = load16(p), next = load16(p + 1);
    const __m128i is_either = _mm_or_si128(_mm_cmpeq_epi8(next, _mm_set1_epi8('u')),
                                           _mm_cmpeq_epi8(next, _mm_set1_epi8('/')));
    return (uint32_t)_mm_movemask_epi8(
        _mm_and_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')), is_either));
}

#define WIDTH 16
#include "gram_masks.h"

#define SCAN srt_grams_scan_sse42
#define RAW srt_grams_raw_sse42

void srt_gram_walk_sse42(struct srt_gram_scan *s)
{
    if (s->g->n_masks == 0)
        srt_gram_rest(s, 0);
    else
        scan_masks(s);
}

bool srt_gram_hides_sse42(const uint8_t *p, uint32_t n)
{
    return hides(p, n);
}

#define walk srt_gram_walk_sse42
#include "gram_entry.h"

#define SEEK srt_masks_sse42
#include "gram_seek.h"
