/* host->index: which rules a slot's value points at (struct sigmaton_index of pack.h).
 *
 * One pass over the value's kinds of keys, none of which depends on how many texts are looked for:
 * the whole text, its last path component, its first and last bytes, its number, and the grams
 * inside it. Every hit is compared with the text that it stands for before the rules are marked.
 */
#ifndef SRT_INDEX_H
#define SRT_INDEX_H

#include <sigmaton/pack.h>

typedef int32_t srt_index_fn(struct sigmaton_frame *frame, const struct sigmaton_slot *s,
                             const struct sigmaton_index *index);
srt_index_fn srt_index, srt_index_avx512;

/* host->layer. The layer is part of a pack and trusted like its code. */
typedef int32_t srt_layer_fn(struct sigmaton_frame *frame, const struct sigmaton_slot *slots,
                             const struct sigmaton_layer *layer);
srt_layer_fn srt_layer, srt_layer_avx512;

#endif
