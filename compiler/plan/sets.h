/* Sets of texts as the runtime's host->set reads them (struct sigmaton_set of pack.h).
 *
 * Layout: header, bucket starts, entries ordered by bucket, filter bitmap, text bytes. The key of a
 * text is its first (EQ: all, SUFFIX: last) key_len bytes; its bucket is sigmaton_set_hash(key) >>
 * (32 - bucket_bits); pack.h has the hash, so that this room and match/set.c agree.
 */
#ifndef SIGMATON_PLAN_SETS_H
#define SIGMATON_PLAN_SETS_H

#include <sigmaton/pack.h>

#include "str.h"

struct arena;

/* Builds a set of `n` >= 1 distinct texts (folded already unless cased). *ret_size bytes, 8-aligned
 * size, in a. */
uint8_t *set_build(struct arena *a, enum sigmaton_set_kind kind, bool cased,
                   const struct str *texts, uint32_t n, uint32_t *ret_size);

#endif
