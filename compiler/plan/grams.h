/* Tables that find many texts at once (struct sigmaton_grams of pack.h), built from the texts.
 *
 * Layout, from the start of the table: header, filter words, bucket starts, entries, sets of short
 * texts, masks, text bytes; size is a multiple of 8. Each text of three bytes or more has one
 * window: four neighbouring bytes, the rarest that it has, or all of it where it is shorter. A
 * window's folded bytes v (pack.h, SIGMATON_GRAM_FOLD) set bit v >> 24 of word
 * sigmaton_gram_word(v); three bytes set the whole word. The entries of words 2b and 2b + 1 stand
 * in bucket b. `before` is the window's place in the text, at most GRAM_BEFORE_MAX; `key` holds the
 * eight bytes at min(before, len - 8), the first the lowest, or all of a text that has fewer;
 * `shift` is the window's place there, in bits. Texts are stored as given, or as JSON escapes them
 * (gram_items.h). Masks are told in gram_masks.h.
 */
#ifndef SIGMATON_PLAN_GRAMS_H
#define SIGMATON_PLAN_GRAMS_H

#include <sigmaton/pack.h>

#include "gram_prior.h"

/* Windows are looked for among the first so many places of a text. */
#define GRAM_BEFORE_MAX 255u

struct gram_text {
    struct str text; /* ASCII, at least one byte; folded unless cased */
    bool cased;
    uint32_t id; /* what a hit reports */
};

/* Builds the table of `n` texts. Without a prior (NULL) a text's first window that is not crowded
 * is taken. *ret_size bytes, 8-aligned, in a. Equal calls give equal bytes. */
uint8_t *grams_build(struct arena *a, const struct gram_prior *prior, const struct gram_text *texts,
                     uint32_t n, uint32_t *ret_size);

#endif
