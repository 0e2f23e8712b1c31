/* Thirty-two places at a time by the masks, eight by gathering from the filter; compiled with
 * -mavx2 -mbmi -mbmi2. */
#include <immintrin.h>
#include <string.h>

#include "gram_verify.h"
#include "seek.h"

/* ---- The filter at eight places ---- */

struct gather {
    const int *words;
    __m256i factor, fold;
    __m128i shift;
};

/* The eight windows that begin in the 11 bytes from byte `first` of v on. */
static inline __m256i windows(__m128i v, char first)
{
    const __m256i steps = _mm256_setr_epi8(0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6, 4, 5, 6,
                                           7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(v),
                               _mm256_add_epi8(steps, _mm256_set1_epi8(first)));
}

/* Bit i: the filter has window i. The bit that a window asks for is moved to the sign. */
static inline uint32_t gather(const struct gather *f, __m256i v)
{
    v = _mm256_and_si256(v, f->fold);
    const __m256i word = _mm256_srl_epi32(_mm256_mullo_epi32(v, f->factor), f->shift);
    const __m256i bits = _mm256_i32gather_epi32(f->words, word, 4);
    const __m256i up = _mm256_sub_epi32(_mm256_set1_epi32(31), _mm256_srli_epi32(v, 24));
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_sllv_epi32(bits, up)));
}

static inline __m128i load16(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static void scan_filter(struct srt_gram_scan *s)
{
    const struct gather f = {
        .words = (const int *)(const void *)s->words,
        .factor = _mm256_set1_epi32((int)SIGMATON_GRAM_FACTOR),
        .fold = _mm256_set1_epi32((int)SIGMATON_GRAM_FOLD),
        .shift = _mm_cvtsi32_si128((int)s->shift),
    };
    uint32_t at = 0;
    if (s->n < 16) {
        srt_gram_rest(s, 0);
        return;
    }
    for (; at + 16 <= s->n; at += 8)
        srt_gram_visit(s, at, gather(&f, windows(load16(s->p + at), 0)));
    while (at + 4 <= s->n) { /* the last 16 bytes once more, from where there are eleven on */
        const uint32_t end = s->n - 16, first = at - end < 5 ? at - end : 5;
        srt_gram_visit(s, at,
                       gather(&f, windows(load16(s->p + end), (char)first)) >> (at - end - first));
        at = end + first + 8;
    }
}

/* ---- The masks at thirty-two places ---- */

struct halves {
    __m256i low, high;
};

/* The groups that have the 32 bytes from p on at this place of their windows. */
static inline __m256i groups(const struct halves *h, const uint8_t *p)
{
    const __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
    const __m256i half = _mm256_set1_epi8(0x0f);
    return _mm256_and_si256(
        _mm256_shuffle_epi8(h->low, _mm256_and_si256(v, half)),
        _mm256_shuffle_epi8(h->high, _mm256_and_si256(_mm256_srli_epi16(v, 4), half)));
}

static inline void load_masks(struct halves *h, const uint8_t *masks, uint32_t n_masks)
{
    for (uint32_t i = 0; i < n_masks; i++)
        h[i] = (struct halves){_mm256_broadcastsi128_si256(load16(masks + i * 32)),
                               _mm256_broadcastsi128_si256(load16(masks + i * 32 + 16))};
}

/* Bit i: some group has window i. Reads 31 + n_masks bytes. */
static inline uint32_t in_groups(const struct halves *h, uint32_t n_masks, const uint8_t *p)
{
    __m256i v = _mm256_and_si256(groups(&h[0], p), groups(&h[1], p + 1));
    v = _mm256_and_si256(v, groups(&h[2], p + 2));
    if (n_masks > 3)
        v = _mm256_and_si256(v, groups(&h[3], p + 3));
    return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_setzero_si256()));
}

/* Bit i: byte i is a backslash, and u or / stands behind it. Reads 33 bytes. */
static inline uint32_t suspects(const uint8_t *p)
{
    const __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
    const __m256i next = _mm256_loadu_si256((const __m256i *)(const void *)(p + 1));
    const __m256i is_either = _mm256_or_si256(_mm256_cmpeq_epi8(next, _mm256_set1_epi8('u')),
                                              _mm256_cmpeq_epi8(next, _mm256_set1_epi8('/')));
    return (uint32_t)_mm256_movemask_epi8(
        _mm256_and_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\')), is_either));
}

#define WIDTH 32
#include "gram_masks.h"

#define SCAN srt_grams_scan_avx2
#define RAW srt_grams_raw_avx2

static inline void walk_any(struct srt_gram_scan *s)
{
    if (s->g->n_masks == 0)
        scan_filter(s);
    else if (s->n < WIDTH + 3)
        srt_gram_walk_sse42(s);
    else
        scan_masks(s);
}

static inline bool hides_any(const uint8_t *p, uint32_t n)
{
    return n <= WIDTH ? srt_gram_hides_sse42(p, n) : hides(p, n);
}

#define walk walk_any
#define hides hides_any
#include "gram_entry.h"

#define SEEK srt_masks_avx2
#include "gram_seek.h"
