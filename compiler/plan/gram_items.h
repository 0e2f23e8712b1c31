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
    struct str text; /* two bytes or more */
    uint32_t id;
    uint32_t flags; /* SIGMATON_GRAM_* */
};

/* The items of all texts but those of one byte: in a, *ret_n of them, in the order of the texts. */
struct gram_item *gram_items(struct arena *a, const struct gram_text *texts, uint32_t n,
                             uint32_t *ret_n);

/* Whether a window may begin at byte `at` of the item's text. Texts of at most four bytes have one
 * window, at 0. */
bool gram_window_fits(const struct gram_item *item, size_t at);

/* The folded bytes of the window at byte `at`, zeros behind the text's end. */
uint32_t gram_window(struct str s, size_t at);

#endif
