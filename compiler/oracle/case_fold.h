/* Simple case folding of code points, from a table of its own.
 *
 * Unicode 14.0.0, status C and S, except that ASCII folds only with ASCII. Folding twice is folding
 * once. fold_pairs.pl writes the table.
 */
#ifndef SIGMATON_ORACLE_CASE_FOLD_H
#define SIGMATON_ORACLE_CASE_FOLD_H

#include <stddef.h>
#include <stdint.h>

struct fold_pair {
    uint32_t from, to;
};

/* The folded form of a code point; itself when it has no other. Safe from any thread. */
uint32_t case_fold(uint32_t c);

/* The whole table, sorted by `from`. */
const struct fold_pair *case_fold_pairs(size_t *ret_n);

#endif
