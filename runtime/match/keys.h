/* The hashes of pack.h by which texts are looked up, without a loop over their bytes. */
#ifndef SRT_KEYS_H
#define SRT_KEYS_H

#include <sigmaton/pack.h>
#include <string.h>

#define SRT_KEY_FOLD UINT64_C(0x2020202020202020)

/* sigmaton_index_word of `len` <= 8 bytes, without a loop. */
static inline uint64_t srt_key_word(const uint8_t *p, uint32_t len)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t w = 0;
    if (len == 8) {
        memcpy(&w, p, 8);
        return w | SRT_KEY_FOLD;
    }
    if (len >= 4) {
        uint32_t a, b;
        memcpy(&a, p, 4);
        memcpy(&b, p + len - 4, 4);
        w = a | (uint64_t)b << (8 * (len - 4));
    } else if (len > 0) {
        w = p[0] | (uint64_t)p[len / 2] << (8 * (len / 2)) |
            (uint64_t)p[len - 1] << (8 * (len - 1));
    } else {
        return 0;
    }
    return w | (SRT_KEY_FOLD >> (64 - 8 * len));
#else
    return sigmaton_index_word(p, len);
#endif
}

/* The first and the last bytes of a text, n of them: eight, or all it has. */
struct srt_ends {
    uint64_t first, last;
    uint32_t n;
};

static inline struct srt_ends srt_ends_of(const uint8_t *p, uint32_t len)
{
    const uint32_t n = len < 8 ? len : 8;
    return (struct srt_ends){srt_key_word(p, n), srt_key_word(p + (len - n), n), n};
}

/* Of those the first `len` bytes, 1 to n, as srt_key_word of them; and the last ones. */
static inline uint64_t srt_ends_prefix(const struct srt_ends *ends, uint32_t len)
{
    return ends->first & UINT64_MAX >> (64 - 8 * len);
}

static inline uint64_t srt_ends_suffix(const struct srt_ends *ends, uint32_t len)
{
    return ends->last >> 8 * (ends->n - len);
}

/* sigmaton_index_hash */
static inline uint64_t srt_key_hash(const uint8_t *p, uint32_t len)
{
    uint64_t h = len;
    for (; len > 8; p += 8, len -= 8)
        h = sigmaton_index_mix(h, srt_key_word(p, 8));
    return sigmaton_index_mix(h, srt_key_word(p, len)) * UINT64_C(0x9e3779b97f4a7c15);
}

#endif
