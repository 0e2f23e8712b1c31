/* UTF-8 over arbitrary bytes, forwards and backwards.
 *
 * A byte that is not part of a well-formed sequence stands for itself: it is read as SRT_BAD +
 * byte, a surrogate, which no well-formed text can hold. Both directions cut a text at the same
 * places, because a lead byte never lies inside another sequence. The compiler's utf8_next reads
 * alike.
 */
#ifndef SRT_UTF8_H
#define SRT_UTF8_H

#include <sigmaton/fold.h>
#include <stdbool.h>
#include <string.h>

#define SRT_BAD UINT32_C(0xdc00)

/* Continuation bytes wanted after lead byte b: 1..3, or 0 when b leads nothing. */
static inline uint32_t srt_utf8_tail(uint8_t b)
{
    if (b < 0xc2 || b > 0xf4)
        return 0;
    return b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
}

/* Neither overlong, nor a surrogate, nor beyond U+10FFFF. */
static inline bool srt_utf8_legal(uint32_t c, uint32_t n_tail)
{
    if (n_tail == 2)
        return c >= 0x800 && (c < 0xd800 || c > 0xdfff);
    return n_tail == 1 || (c >= 0x10000 && c <= 0x10ffff);
}

/* Reads the code point at *p < end and advances. */
static inline uint32_t srt_utf8_next(const uint8_t **p, const uint8_t *end)
{
    const uint8_t *s = *p;
    const uint8_t b = *s;
    *p = s + 1;
    if (b < 0x80)
        return b;
    const uint32_t n = srt_utf8_tail(b);
    if (n == 0 || (size_t)(end - s) <= n)
        return SRT_BAD + b;
    uint32_t c = b & (0x3fu >> n);
    for (uint32_t i = 1; i <= n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return SRT_BAD + b;
        c = c << 6 | (s[i] & 0x3fu);
    }
    if (!srt_utf8_legal(c, n))
        return SRT_BAD + b;
    *p = s + n + 1;
    return c;
}

/* Reads the code point that ends at *p > start and steps back before it. */
static inline uint32_t srt_utf8_prev(const uint8_t *start, const uint8_t **p)
{
    const uint8_t *end = *p;
    const uint8_t *s = end - 1;
    const uint8_t last = *s;
    if (last >= 0x80) {
        for (int back = 0; back < 3 && s > start && (*s & 0xc0) == 0x80; back++)
            s--;
        const uint8_t *q = s;
        const uint32_t c = srt_utf8_next(&q, end);
        if (q == end) {
            *p = s;
            return c;
        }
    }
    *p = end - 1;
    return last < 0x80 ? last : SRT_BAD + last;
}

static inline uint32_t srt_fold_next(const uint8_t **p, const uint8_t *end)
{
    return sigmaton_fold(srt_utf8_next(p, end));
}

static inline uint32_t srt_fold_prev(const uint8_t *start, const uint8_t **p)
{
    return sigmaton_fold(srt_utf8_prev(start, p));
}

/* ASCII's folding of one byte. */
static inline uint8_t srt_fold_byte(uint8_t b)
{
    return (uint8_t)(b - 'A') < 26 ? (uint8_t)(b + 32) : b;
}

/* Eight bytes, ASCII letters folded. The sums cannot carry into the next byte. */
static inline uint64_t srt_fold_bytes(uint64_t w)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    const uint64_t low = w & (each * 0x7f);
    const uint64_t from_a = low + each * (0x80 - 'A'), beyond_z = low + each * (0x7f - 'Z');
    return w | ((from_a ^ beyond_z) & ~w & (each * 0x80)) >> 2;
}

static inline uint64_t srt_fold_word(const uint8_t *p)
{
    uint64_t w;
    memcpy(&w, p, 8);
    return srt_fold_bytes(w);
}

#endif
