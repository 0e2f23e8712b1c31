/* Sets of texts as the runtime's host->set reads them (struct sigmaton_set of pack.h).
 *
 * Layout, from the start of the set: header, bucket starts, where the texts begin, masks and places
 * of keys (CONTAINS), text bytes; size is a multiple of 8. A set below 64 KiB has numbers of 16
 * bits. Texts come in two kinds:
 *
 * - Bucketed: texts that compare byte by byte once the event's ASCII letters are folded. All texts
 *   of a cased set are such; else those that are well-formed and whose code points beyond ASCII
 * have no other case (emoji, CJK). min_len is the length of the shortest of them, UINT32_MAX
 * without any. The key of a text is its first (SUFFIX: last; CONTAINS: rarest) key_len bytes, 1 to
 * SET_KEY_MAX (CONTAINS: SET_INNER_KEY_MAX); for EQ the whole text, and key_len is the length of
 * the longest. A text's bucket is sigmaton_set_hash(key) >> (32 - bucket_bits), 1 <= bucket_bits <=
 * SET_BUCKET_BITS_MAX; bucket b's texts are entries[buckets[b] .. buckets[b + 1]).
 * - Single: all others, and texts shorter than the key. They are those from starts[last] on, each
 *   compared on its own, code point by code point where the set ignores case.
 *
 * flags has SIGMATON_CASED as given and SIGMATON_ASCII when no text is of the kind that needs
 * folding by code points. The masks deal the keys into eight groups: bit g of byte 32 * i + (c &
 * 15) and of byte 32 * i + 16 + (c >> 4) is set when a key of group g has the byte c, in either
 * case unless cased, at place i, or ends before i.
 */
#ifndef SIGMATON_PLAN_SETS_H
#define SIGMATON_PLAN_SETS_H

#include <sigmaton/pack.h>

#include "str.h"

struct arena;
struct gram_prior;

#define SET_KEY_MAX 8u
#define SET_INNER_KEY_MAX 4u
#define SET_BUCKET_BITS_MAX 16u

/* Builds a set of `n` >= 1 distinct texts (folded already unless cased). *ret_size bytes, 8-aligned
 * size, in a. prior says which bytes are rare; NULL: all are equal. Equal calls give equal bytes.
 */
uint8_t *set_build(struct arena *a, const struct gram_prior *prior, enum sigmaton_set_kind kind,
                   bool cased, const struct str *texts, uint32_t n, uint32_t *ret_size);

#endif
