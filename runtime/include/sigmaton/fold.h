/* Case folding, header-only: Unicode 14.0 simple folding per code point (CaseFolding C + S), except
 * that ASCII folds only with ASCII: U+212A KELVIN SIGN and U+017F LONG S stay what they are
 * (SEMANTICS section 6).
 *
 * The compiler folds constants and the runtime folds text with this code, so they cannot differ.
 * Needs no initialisation, allocates nothing, safe from any thread. The table is made by
 * fold_table.pl.
 */
#ifndef SIGMATON_FOLD_H
#define SIGMATON_FOLD_H

#include <stddef.h>
#include <stdint.h>

/* Code points lo..hi, every `step`-th from lo, fold to themselves plus delta. Sorted by lo,
 * disjoint. */
struct sigmaton_fold_row {
    uint32_t lo, hi;
    int32_t delta;
    uint32_t step;
};

static const struct sigmaton_fold_row sigmaton_fold_rows[] = {
#include "fold_table.def"
};

#define SIGMATON_FOLD_ROWS (sizeof sigmaton_fold_rows / sizeof sigmaton_fold_rows[0])

/* The folded form of code point c; c itself where it has none. Costs a binary search beyond ASCII.
 */
static inline uint32_t sigmaton_fold(uint32_t c)
{
    if (c < 0x80)
        return c - 'A' < 26u ? c + 32 : c;
    size_t lo = 0, hi = SIGMATON_FOLD_ROWS;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (sigmaton_fold_rows[mid].hi < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == SIGMATON_FOLD_ROWS)
        return c;
    const struct sigmaton_fold_row *r = &sigmaton_fold_rows[lo];
    if (c < r->lo || (c - r->lo) % r->step != 0)
        return c;
    return (uint32_t)((int32_t)c + r->delta);
}

/* The code points that fold to the same as c, c included, in ascending order. out holds
 * SIGMATON_FOLD_CLASS_MAX. Returns how many. Linear in the table: for compile time. */
#define SIGMATON_FOLD_CLASS_MAX 4
static inline size_t sigmaton_fold_class(uint32_t c, uint32_t out[SIGMATON_FOLD_CLASS_MAX])
{
    uint32_t f = sigmaton_fold(c);
    size_t n = 0;
    uint32_t all[SIGMATON_FOLD_CLASS_MAX + 1];
    if (f < 0x80) {
        if (f - 'a' < 26u)
            all[n++] = f - 32;
    } else {
        for (size_t i = 0; i < SIGMATON_FOLD_ROWS && n < SIGMATON_FOLD_CLASS_MAX - 1; i++) {
            const struct sigmaton_fold_row *r = &sigmaton_fold_rows[i];
            uint32_t s = (uint32_t)((int32_t)f - r->delta);
            if (s >= r->lo && s <= r->hi && (s - r->lo) % r->step == 0)
                all[n++] = s;
        }
    }
    all[n++] = f;
    for (size_t i = 0; i < n; i++) { /* insertion sort of at most four */
        size_t j = i;
        for (; j > 0 && out[j - 1] > all[i]; j--)
            out[j] = out[j - 1];
        out[j] = all[i];
    }
    return n;
}

#endif
