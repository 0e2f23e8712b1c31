/* The masks of a table of texts (struct sigmaton_grams) for sixty-four places at a time; for files
 * compiled with -mavx512f -mavx512bw -mavx512vbmi. */
#ifndef SRT_GRAM_GROUPS_H
#define SRT_GRAM_GROUPS_H

#include <immintrin.h>
#include <stdint.h>

/* The groups of each ASCII byte; of the bytes beyond, which texts seldom have, those of the same
 * lower seven bits. */
struct groups {
    __m512i low, high; /* from 0 on, from 64 on */
};

/* By a byte's high half, of one mask. */
static inline __m128i groups_by_high(const uint8_t *mask)
{
    const __m128i by_high = _mm_loadu_si128((const void *)(mask + 16));
    return _mm_or_si128(by_high, _mm_shuffle_epi32(by_high, 0x4e));
}

static inline void load_groups(struct groups *t, const uint8_t *masks, uint32_t n_masks)
{
    const __m512i four =
        _mm512_set_epi64(0x0303030303030303, 0x0303030303030303, 0x0202020202020202,
                         0x0202020202020202, 0x0101010101010101, 0x0101010101010101, 0, 0);
    for (uint32_t i = 0; i < n_masks; i++) {
        const __m512i low = _mm512_broadcast_i32x4(_mm_loadu_si128((const void *)(masks + i * 32)));
        const __m512i high = _mm512_broadcast_i32x4(groups_by_high(masks + i * 32));
        t[i].low = _mm512_and_si512(low, _mm512_shuffle_epi8(high, four));
        t[i].high = _mm512_and_si512(
            low, _mm512_shuffle_epi8(high, _mm512_add_epi8(four, _mm512_set1_epi8(4))));
    }
}

static inline __m512i groups_of(const struct groups *t, __m512i v)
{
    return _mm512_permutex2var_epi8(t->low, v, t->high);
}

/* Bit i: some group has a window whose bytes are those of v[0], v[1], v[2], v[3] at i; of a
 * constant n_masks, 3 or 4. */
static inline __attribute__((always_inline)) uint64_t
groups_meet(const struct groups *t, uint32_t n_masks, const __m512i v[4])
{
    __m512i some = _mm512_and_si512(groups_of(&t[0], v[0]), groups_of(&t[1], v[1]));
    if (n_masks > 3)
        some = _mm512_and_si512(some, groups_of(&t[3], v[3]));
    return _mm512_test_epi8_mask(some, groups_of(&t[2], v[2]));
}

#endif
