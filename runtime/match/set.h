/* Sets of texts, asked all at once. The layout is told in compiler/plan/sets.h, which writes it.
 */
#ifndef SRT_SET_H
#define SRT_SET_H

#include <sigmaton/pack.h>

#include "seek.h"

struct srt_runtime;

/* host->set. The set is part of a pack and trusted like its code. runtime: of the event, or NULL.
 */
int32_t srt_set(const struct srt_seek *seek, const struct srt_runtime *runtime,
                const struct sigmaton_slot *s, const struct sigmaton_set *set);

#endif
