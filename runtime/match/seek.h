/* Where in a value texts may stand: what the vector instructions of a level are used for outside
 * the scan for many texts (gram_scan.h). Nothing outside [t, t + n) is read.
 *
 *     const struct srt_seek *seek = srt_seek_at(srt_simd_choose());     once
 *     for (; (at = seek->pair(at, stop, gap, a, b)) < stop; at++)
 */
#ifndef SRT_SEEK_H
#define SRT_SEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simd.h"

/* What the byte at one place of a text looks like in the value: (byte | mask) == want. Exact: a
 * byte or-ed with 0x20 is a lower-case letter for that letter alone. */
struct srt_look {
    uint8_t want, mask;
};

static inline struct srt_look srt_look_of(uint8_t c)
{
    return (struct srt_look){c, c >= 'a' && c <= 'z' ? 0x20 : 0};
}

static inline bool srt_looks(struct srt_look l, uint8_t b)
{
    return (b | l.mask) == l.want;
}

/* The first place p of [at, stop) with *p like a and p[gap] like b; stop when there is none. Reads
 * [at, stop + gap). */
typedef const uint8_t *srt_pair_fn(const uint8_t *at, const uint8_t *stop, size_t gap,
                                   struct srt_look a, struct srt_look b);

/* The first place p of [at, stop) where the text of 1 to SRT_FIND_MAX ASCII bytes stands, letters
 * small in the text and without case in the value; stop when there is none. Looks first for the
 * text's bytes `first` and `second`. Reads [at, stop + len - 1), a bounded time for each place. */
#define SRT_FIND_MAX 64u
typedef const uint8_t *srt_find_fn(const uint8_t *at, const uint8_t *stop, const uint8_t *text,
                                   uint32_t len, uint32_t first, uint32_t second);

/* A place where a text may stand; true ends the search. */
typedef bool srt_seek_try(void *ctx, uint32_t at);

/* Tries, from the first on, the places of the n bytes at t where some of eight groups has the byte
 * there, the next and the one after that, zeros behind the end; perhaps others as well. Whether a
 * try ended it. masks: [SRT_SEEK_MASKS][2][16], for each of the three bytes, by its low and by its
 * high half, the groups that have such a byte. */
#define SRT_SEEK_MASKS 3u
typedef bool srt_masks_fn(const uint8_t *masks, const uint8_t *t, uint32_t n, srt_seek_try *try,
                          void *ctx);

/* The first byte of [p, end) that is not ASCII, or of which leaves[its low half] has the bit of its
 * high half and the same holds of leaves + 16 and the byte behind it, or that byte is not ASCII, or
 * there is none; end when there is no such byte. */
typedef const uint8_t *srt_leaving_fn(const uint8_t leaves[32], const uint8_t *p,
                                      const uint8_t *end);

/* JSON escapes of one character undone, from [p, end), which is valid, to `to`, up to the first
 * that begins with \u. Returns how far it came. Nothing outside [p, end) is read, nothing behind
 * what was put is written. */
struct srt_unescaped {
    uint8_t *to;
    const uint8_t *p;
};
typedef struct srt_unescaped srt_unescape_fn(uint8_t *to, const uint8_t *p, const uint8_t *end);

struct srt_seek {
    srt_pair_fn *pair;
    srt_leaving_fn *leaving;
    srt_masks_fn *masks;
    srt_unescape_fn *unescape; /* NULL: event/unescape.c does as well by itself */
    srt_find_fn *find;         /* NULL: from pair to pair */
};

/* Of a level, which the machine must have; all find the same. */
const struct srt_seek *srt_seek_at(enum srt_simd level);

extern const struct srt_seek srt_seek_plain, srt_seek_sse42, srt_seek_avx2, srt_seek_avx512,
    srt_seek_neon;
srt_masks_fn srt_masks_sse42, srt_masks_avx2, srt_masks_avx512, srt_masks_neon;

#endif
