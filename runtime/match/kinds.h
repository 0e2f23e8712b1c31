/* What a slot holds, whatever its text: a scalar, null, a boolean. */
#ifndef SRT_KINDS_H
#define SRT_KINDS_H

#include <sigmaton/pack.h>

/* host->any, null, boolean */
int32_t srt_any(const struct sigmaton_slot *s);
int32_t srt_null(const struct sigmaton_slot *s);
int32_t srt_boolean(const struct sigmaton_slot *s, uint32_t value);

#endif
