#include "gram_scan.h"

#include <stdbool.h>

#define KNOWN_FLAGS \
    (SIGMATON_GRAM_CASED | SIGMATON_GRAM_ESCAPES | SIGMATON_GRAM_DECODED | SIGMATON_GRAM_RAW)

/* n elements at off, which is a multiple of their alignment, lie inside the table. */
static bool inside(const struct sigmaton_grams *g, uint32_t off, uint64_t n, uint32_t element_size,
                   uint32_t align)
{
    return off % align == 0 && off >= sizeof *g && off <= g->size &&
           n <= (g->size - off) / element_size;
}

static const void *at(const struct sigmaton_grams *g, uint32_t off)
{
    return (const uint8_t *)g + off;
}

static const char *entry_fault(const struct sigmaton_grams *g, const struct sigmaton_gram *e)
{
    if (!inside(g, e->off, e->len, 1, 1))
        return "a text lies outside its table";
    if (e->len < 3 || e->len < g->min_len || e->before >= e->len)
        return "a text is shorter than its table says";
    if ((e->flags & ~KNOWN_FLAGS) != 0 || e->shift > 32)
        return "a text has unknown flags";
    return NULL;
}

static const char *buckets_fault(const struct sigmaton_grams *g)
{
    const uint32_t n = 1u << (g->word_bits - 1);
    const uint32_t *buckets = at(g, g->buckets_off);
    for (uint32_t i = 0; i < n; i++)
        if (buckets[i] > buckets[i + 1])
            return "the buckets of a table are not in order";
    return buckets[0] == 0 && buckets[n] == g->n_entries
               ? NULL
               : "the buckets of a table do not hold its texts";
}

static const char *shorts_fault(const struct sigmaton_grams *g)
{
    const struct sigmaton_gram_short *sets = at(g, g->shorts_off);
    for (uint32_t i = 0; i < g->n_shorts; i++)
        for (size_t k = 0; k < sizeof sets[i].reserved; k++)
            if (sets[i].reserved[k] != 0)
                return "a reserved field is not zero";
    return NULL;
}

const char *srt_grams_check(const void *table, uint64_t available)
{
    const struct sigmaton_grams *g = table;
    if (available < sizeof *g || g->size < sizeof *g || g->size > available || g->size % 8 != 0)
        return "a table of texts lies outside the pack";
    if (g->word_bits < SIGMATON_GRAM_WORD_BITS_MIN || g->word_bits > SIGMATON_GRAM_WORD_BITS_MAX)
        return "a table of texts has a filter of unknown size";
    if (g->n_masks != 0 && (g->n_masks < 3 || g->n_masks > SIGMATON_GRAM_MASKS_MAX))
        return "a table of texts has masks of an unknown number";
    if (g->min_len < 3)
        return "a text is shorter than its table says";
    const uint64_t n_words = UINT64_C(1) << g->word_bits;
    if (!inside(g, g->words_off, n_words, sizeof(uint32_t), 4) ||
        !inside(g, g->buckets_off, n_words / 2 + 1, sizeof(uint32_t), 4) ||
        !inside(g, g->entries_off, g->n_entries, sizeof(struct sigmaton_gram), 8) ||
        !inside(g, g->shorts_off, g->n_shorts, sizeof(struct sigmaton_gram_short), 4) ||
        (g->n_masks > 0 && !inside(g, g->masks_off, g->n_masks, 32, 8)))
        return "a part of a table of texts lies outside it";
    const struct sigmaton_gram *entries = at(g, g->entries_off);
    for (uint32_t i = 0; i < g->n_entries; i++) {
        const char *why = entry_fault(g, &entries[i]);
        if (why != NULL)
            return why;
    }
    const char *why = buckets_fault(g);
    return why != NULL ? why : shorts_fault(g);
}
