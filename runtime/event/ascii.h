/* Texts compared without the case of ASCII letters, in line: every event's channel comes by. */
#ifndef SRT_ASCII_H
#define SRT_ASCII_H

#include <stddef.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "utf8.h"

#if defined(__SSE2__)
/* What v and w differ in but for the case of letters: not 0 in such bytes. Equal texts have other
 * bits alike, and of letters all but one. */
static inline __m128i srt_ascii_apart(__m128i v, __m128i w)
{
    const __m128i bit = _mm_set1_epi8(0x20);
    const __m128i from_z = _mm_add_epi8(_mm_or_si128(v, bit), _mm_set1_epi8(0x7f - 'z'));
    const __m128i letters = _mm_cmpgt_epi8(from_z, _mm_set1_epi8(0x7f - 26));
    return _mm_andnot_si128(_mm_and_si128(letters, bit), _mm_xor_si128(v, w));
}

static inline __m128i srt_ascii_load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* The first and the last eight bytes of p[len]. */
static inline __m128i srt_ascii_ends(const uint8_t *p, size_t len)
{
    return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(const void *)p),
                              _mm_loadl_epi64((const __m128i *)(const void *)(p + len - 8)));
}

/* For len >= 8. The last bytes may be looked at twice. */
static inline bool srt_ascii_long_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    __m128i apart = srt_ascii_apart(srt_ascii_ends(a, len), srt_ascii_ends(b, len));
    for (size_t i = 8; i + 8 < len; i += 16) {
        const size_t at = i + 16 <= len ? i : len - 16;
        apart =
            _mm_or_si128(apart, srt_ascii_apart(srt_ascii_load(a + at), srt_ascii_load(b + at)));
    }
    return _mm_movemask_epi8(_mm_cmpeq_epi8(apart, _mm_setzero_si128())) == 0xffff;
}
#else
static inline bool srt_ascii_long_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    for (size_t i = 0; i + 8 < len; i += 8)
        if (srt_fold_word(a + i) != srt_fold_word(b + i))
            return false;
    return srt_fold_word(a + len - 8) == srt_fold_word(b + len - 8);
}
#endif

static inline bool srt_ascii_equal(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    if (a_len != b_len)
        return false;
    if (a_len >= 8)
        return srt_ascii_long_equal(a, b, a_len);
    for (size_t i = 0; i < a_len; i++)
        if (srt_fold_byte(a[i]) != srt_fold_byte(b[i]))
            return false;
    return true;
}

#endif
