/* host->index: which rules a slot's value points at (struct sigmaton_index of pack.h).
 *
 * One pass over the value's kinds of keys, none of which depends on how many texts are looked for:
 * the whole text, its last path component, its first and last bytes, its number, and the grams
 * inside it. Every hit is compared with the text that it stands for before the rules are marked.
 */
#ifndef SRT_INDEX_H
#define SRT_INDEX_H

#include <sigmaton/pack.h>

int32_t srt_index(struct sigmaton_frame *frame, const struct sigmaton_slot *s,
                  const struct sigmaton_index *index);

/* host->layer. The layer is part of a pack and trusted like its code. */
int32_t srt_layer(struct sigmaton_frame *frame, const struct sigmaton_slot *slots,
                  const struct sigmaton_layer *layer);

#endif
