/* What a table of texts searches for: a text, or the forms in which it stands in different values.
 *
 * The same table serves decoded values and the raw bytes of JSON strings. A text that has four
 * neighbouring bytes which stand in JSON as they are takes its window there, and is found in both.
 * Of another there are two items: the text itself for decoded values, and for raw ones the text as
 * JSON escapes it.
 */
#ifndef SIGMATON_PLAN_GRAM_ITEMS_H
#define SIGMATON_PLAN_GRAM_ITEMS_H

#include <stddef.h>

#include <sigmaton/pack.h>

#include "grams.h"

struct gram_item {
    struct str text;
    uint32_t id;
    uint32_t flags; /* SIGMATON_GRAM_* */
};

/* Items of so many bytes have no window: they are told by their bytes alone. */
#define GRAM_SHORT 2u

/* The items of all texts: in a, in the order of the texts; short ones by themselves. */
struct gram_items {
    struct gram_item *longer, *shorts;
    uint32_t n_longer, n_shorts;
};
struct gram_items gram_items(struct arena *a, const struct gram_text *texts, uint32_t n);

/* Writes short items, eight at a time, as gram_sets_of of them. */
void gram_shorts_write(const struct gram_item *items, uint32_t n, struct sigmaton_gram_short *sets);
static inline uint32_t gram_sets_of(uint32_t n_shorts)
{
    return (n_shorts + 7) / 8;
}

/* Whether a window may begin at byte `at` of the item's text. Texts of at most four bytes have one
 * window, at 0. */
bool gram_window_fits(const struct gram_item *item, size_t at);

/* The folded bytes of the window at byte `at`, zeros behind the text's end. */
uint32_t gram_window(struct str s, size_t at);

#endif
