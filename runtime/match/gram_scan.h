/* Many texts at once: which of a table's texts (struct sigmaton_grams of pack.h) stand in a value.
 *
 *     srt_grams_scan_fn *scan = srt_grams_scan_at(srt_simd_choose());     once
 *     static void mark(void *ctx, uint32_t id) { ... }
 *     scan(table, text, n, mark, ctx);
 *
 * A table is checked once (srt_grams_check) and then believed. Everything here is safe from many
 * threads, allocates nothing and reads nothing outside [p, p + n) and the table.
 */
#ifndef SRT_GRAM_SCAN_H
#define SRT_GRAM_SCAN_H

#include <stdbool.h>

#include <sigmaton/pack.h>

#include "simd.h"

/* Called for each text found; perhaps more than once. */
typedef void (*srt_grams_mark)(void *ctx, uint32_t id);

/* Windows tried and bytes compared that a scan spends on verifying: so many for each byte of the
 * value, and a base. A value that costs more is made to hurt. From there on a bucket that is met is
 * reported whole, found or not, and not met again; so the time is linear in n and in the texts. */
#define SRT_GRAMS_WORK_PER_BYTE 16u
#define SRT_GRAMS_WORK_BASE 4096u

/* Reports every text of the table that stands in the n bytes at p. p may be NULL when n is 0. */
typedef void srt_grams_scan_fn(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n,
                               srt_grams_mark mark, void *ctx);

/* The scan without vector instructions. */
srt_grams_scan_fn srt_grams_scan;
/* The scan of a level, which the machine must have (srt_simd_has). All levels report the same. */
srt_grams_scan_fn *srt_grams_scan_at(enum srt_simd level);

/* The same for the raw bytes between the quotes of a JSON string whose escapes are known to be
 * good: what stands in the decoded value is reported, and seldom a text besides. False: escapes
 * that write ASCII as numbers, or `\/`, may hide a text; decode the value and scan that. Texts may
 * have been reported. plain: there are no such escapes, nobody needs to look. */
typedef bool srt_grams_raw_fn(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n,
                              bool plain, srt_grams_mark mark, void *ctx);
srt_grams_raw_fn srt_grams_raw;
srt_grams_raw_fn *srt_grams_raw_at(enum srt_simd level);

/* The scan of each scalar of a list, for less than as many scans; NULL: the level has none. */
typedef void srt_grams_leaves_fn(const struct sigmaton_grams *g, const struct sigmaton_slot *leaves,
                                 uint32_t n, srt_grams_mark mark, void *ctx);
srt_grams_leaves_fn *srt_grams_leaves_at(enum srt_simd level);

/* What one look at a short value shows; bit i: byte i. */
#define SRT_GLANCE_MAX 64u /* bytes */
struct srt_glance {
    uint64_t escapes;    /* backslashes */
    uint64_t separators; /* backslashes and slashes */
    uint64_t wide;       /* bytes beyond ASCII */
    uint64_t places;     /* where the masks of the table let a window of four bytes stand */
};

/* Whether such a look tells all: nothing stands where there are no places. */
static inline bool srt_gram_masks_suffice(const struct sigmaton_grams *g)
{
    return g->n_masks > 0 && g->n_shorts == 0 && g->min_len >= 4;
}

/* Goes on where such a look has ended, with a table that has masks and no short texts: reports as
 * srt_grams_scan does, or, raw, as srt_grams_raw where no escape hides a text. */
void srt_grams_ask(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n, uint64_t places,
                   bool raw, srt_grams_mark mark, void *ctx);

/* NULL when `table`, of which `available` bytes may be read, is such that a scan stays inside it;
 * else a static phrase that says what is wrong. table is 8-aligned. Linear in the table. */
const char *srt_grams_check(const void *table, uint64_t available);

#endif
