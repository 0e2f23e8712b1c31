#include "sha256.h"

#include "cpu.h"

#if defined __x86_64__ && defined __GNUC__
#include <immintrin.h>

/* Intel SHA Extensions, July 2013: two rounds an instruction on the state as ABEF and CDGH. */
__attribute__((target("sha,sse4.1,ssse3"))) static void
blocks_x86(uint32_t state[8], const uint8_t *p, size_t n_blocks)
{
    const uint32_t *k = sigmaton_sha256_constants();
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abcd = _mm_loadu_si128((const __m128i *)(const void *)state);
    __m128i efgh = _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
    __m128i badc = _mm_shuffle_epi32(abcd, 0xb1), hgfe = _mm_shuffle_epi32(efgh, 0x1b);
    __m128i abef = _mm_alignr_epi8(badc, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
    for (; n_blocks > 0; n_blocks--, p += SIGMATON_SHA256_BLOCK) {
        __m128i w[4], abef_was = abef, cdgh_was = cdgh;
        for (int i = 0; i < 4; i++)
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i)),
                                    swap);
        for (int i = 0; i < 16; i++) {
            __m128i now = w[i % 4];
            __m128i sum =
                _mm_add_epi32(now, _mm_loadu_si128((const __m128i *)(const void *)(k + 4 * i)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
            /* The words of four rounds on, from the last sixteen. */
            __m128i next = _mm_sha256msg1_epu32(now, w[(i + 1) % 4]);
            next = _mm_add_epi32(next, _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4));
            w[i % 4] = _mm_sha256msg2_epu32(next, w[(i + 3) % 4]);
        }
        abef = _mm_add_epi32(abef, abef_was);
        cdgh = _mm_add_epi32(cdgh, cdgh_was);
    }
    __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
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
