/* Masks: which windows vector instructions can keep apart from text by looking at halves of bytes.
 *
 * Windows are dealt into eight groups. For each of a window's first bytes, two tables of sixteen
 * say which groups have a window with such a low and such a high half there; a place that no group
 * has at all of its bytes is passed over. This is much cheaper by place than asking the filter, and
 * worth it as long as few places are left (Teddy, of Hyperscan and the Rust library aho-corasick).
 */
#ifndef SIGMATON_PLAN_GRAM_MASKS_H
#define SIGMATON_PLAN_GRAM_MASKS_H

#include <sigmaton/pack.h>

#include "gram_items.h"

#define GRAM_GROUPS 8u

struct gram_masks {
    uint8_t half[SIGMATON_GRAM_MASKS_MAX][2][16]; /* low, high: a bit for each group */
    uint32_t n;
    double pass; /* the share of places that some group has, as expected */
};

/* Deals the windows of the items into groups and chooses, of each item, the window that lets the
 * fewest places more through: before[n] is written. word_bits are
 * the filter's, whose buckets are not to be crowded. False, when so
 * many places would be let through that asking the filter everywhere is cheaper; then nothing is
 * written. Linear in the bytes of the texts. */
bool gram_masks_choose(struct arena *a, const struct gram_prior *prior,
                       const struct gram_item *items, uint32_t n, uint32_t word_bits,
                       uint32_t *before, struct gram_masks *ret_masks);

#endif
