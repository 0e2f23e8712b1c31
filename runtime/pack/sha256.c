#include "sha256.h"

#include "cpu.h"

#if defined __x86_64__ && defined __GNUC__
#include <immintrin.h>

#define FOR_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define PART static inline __attribute__((always_inline)) FOR_SHA

/* One text on its way: the state as ABEF and CDGH, and the last sixteen words of the block. */
struct lane {
    __m128i abef, cdgh, w[4], abef_was, cdgh_was;
};

PART void lane_enter(struct lane *l, const uint32_t state[8])
{
    __m128i abcd = _mm_loadu_si128((const __m128i *)(const void *)state);
    __m128i efgh = _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
    __m128i badc = _mm_shuffle_epi32(abcd, 0xb1), hgfe = _mm_shuffle_epi32(efgh, 0x1b);
    l->abef = _mm_alignr_epi8(badc, hgfe, 8);
    l->cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
}

PART void lane_leave(const struct lane *l, uint32_t state[8])
{
    __m128i feba = _mm_shuffle_epi32(l->abef, 0x1b), dchg = _mm_shuffle_epi32(l->cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

PART void block_enter(struct lane *l, const uint8_t *p)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    l->abef_was = l->abef;
    l->cdgh_was = l->cdgh;
    for (int i = 0; i < 4; i++)
        l->w[i] =
            _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i)), swap);
}

PART void block_leave(struct lane *l)
{
    l->abef = _mm_add_epi32(l->abef, l->abef_was);
    l->cdgh = _mm_add_epi32(l->cdgh, l->cdgh_was);
}

/* Intel SHA Extensions, July 2013: two rounds an instruction. */
PART void four_rounds(struct lane *l, const uint32_t *k, int i)
{
    __m128i sum = _mm_add_epi32(l->w[i], _mm_loadu_si128((const __m128i *)(const void *)k));
    l->cdgh = _mm_sha256rnds2_epu32(l->cdgh, l->abef, sum);
    l->abef = _mm_sha256rnds2_epu32(l->abef, l->cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

/* The words of sixteen rounds on, from the last sixteen. */
PART void next_words(struct lane *l, int i)
{
    __m128i late = l->w[(i + 3) % 4];
    __m128i next = _mm_sha256msg1_epu32(l->w[i], l->w[(i + 1) % 4]);
    next = _mm_add_epi32(next, _mm_alignr_epi8(late, l->w[(i + 2) % 4], 4));
    l->w[i] = _mm_sha256msg2_epu32(next, late);
}

FOR_SHA static void blocks_x86(uint32_t state[8], const uint8_t *p, size_t n_blocks)
{
    struct lane l;
    lane_enter(&l, state);
    for (; n_blocks > 0; n_blocks--, p += SIGMATON_SHA256_BLOCK) {
        const uint32_t *k = sigmaton_sha256_constants();
        block_enter(&l, p);
        for (int round = 0; round < 48; round += 16)
            for (int i = 0; i < 4; i++, k += 4) {
                four_rounds(&l, k, i);
                next_words(&l, i);
            }
        for (int i = 0; i < 4; i++, k += 4)
            four_rounds(&l, k, i);
        block_leave(&l);
    }
    lane_leave(&l, state);
}

/* Blocks of two texts at a time: a round waits for the one before, and the other text fills the
 * wait. */
FOR_SHA static void pairs_x86(uint32_t a[8], uint32_t b[8], const uint8_t *p, const uint8_t *q,
                              size_t n_blocks)
{
    struct lane l, m;
    lane_enter(&l, a);
    lane_enter(&m, b);
    for (; n_blocks > 0; n_blocks--, p += SIGMATON_SHA256_BLOCK, q += SIGMATON_SHA256_BLOCK) {
        const uint32_t *k = sigmaton_sha256_constants();
        block_enter(&l, p);
        block_enter(&m, q);
        for (int round = 0; round < 48; round += 16)
            for (int i = 0; i < 4; i++, k += 4) {
                four_rounds(&l, k, i);
                four_rounds(&m, k, i);
                next_words(&l, i);
                next_words(&m, i);
            }
        for (int i = 0; i < 4; i++, k += 4) {
            four_rounds(&l, k, i);
            four_rounds(&m, k, i);
        }
        block_leave(&l);
        block_leave(&m);
    }
    lane_leave(&l, a);
    lane_leave(&m, b);
}

static void halves_x86(const uint8_t *p, size_t len, uint8_t out[SIGMATON_SHA256_SIZE])
{
    size_t half = sigmaton_half(len);
    uint32_t a[8], b[8];
    uint8_t both[2 * SIGMATON_SHA256_SIZE];
    sigmaton_sha256_start(a);
    sigmaton_sha256_start(b);
    pairs_x86(a, b, p, p + half, half / SIGMATON_SHA256_BLOCK);
    sigmaton_sha256_end(blocks_x86, a, half, p + half, 0, both);
    sigmaton_sha256_end(blocks_x86, b, half, p + 2 * half, len - 2 * half,
                        both + SIGMATON_SHA256_SIZE);
    sigmaton_sha256_with(blocks_x86, both, sizeof both, out);
}
#endif

void srt_sha256(const void *p, size_t len, uint8_t out[SIGMATON_SHA256_SIZE])
{
#if defined __x86_64__ && defined __GNUC__
    if (srt_cpu_hashes()) {
        sigmaton_sha256_with(blocks_x86, p, len, out);
        return;
    }
#endif
    sigmaton_sha256(p, len, out);
}

void srt_hash_halves(const void *p, size_t len, uint8_t out[SIGMATON_SHA256_SIZE])
{
#if defined __x86_64__ && defined __GNUC__
    if (srt_cpu_hashes()) {
        halves_x86(p, len, out);
        return;
    }
#endif
    sigmaton_hash_halves(p, len, out);
}
