/* Sets of code points for regexes: sorted, disjoint ranges, surrogates left out.
 *
 *     struct ranges r = ranges_of(arena, re);       what one CHAR or CLASS node matches, case and
 * negation applied
 */
#ifndef SIGMATON_IR_REGEX_SET_H
#define SIGMATON_IR_REGEX_SET_H

#include <stdbool.h>

#include "regex.h"
#include "vec.h"

#define REGEX_CODE_MAX 0x10ffffu

struct ranges {
    VEC(struct regex_range) list;
};

/* Adds lo..hi; the set is sorted again by ranges_merge. */
void ranges_add(struct arena *a, struct ranges *r, uint32_t lo, uint32_t hi);
void ranges_merge(struct ranges *r);
/* All below want merged sets and give merged sets. */
struct ranges ranges_complement(struct arena *a, const struct ranges *r);
struct ranges ranges_without(struct arena *a, const struct ranges *r, const struct ranges *without);
bool ranges_within(struct arena *a, const struct ranges *inner, const struct ranges *outer);
/* What a REGEX_CHAR or REGEX_CLASS matches. */
struct ranges ranges_of(struct arena *a, const struct regex *re);

#endif
