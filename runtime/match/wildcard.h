/* Wildcard patterns (pack.h: 0xff any run, 0xfe one code point, 0xfd a dash; other bytes are text).
 */
#ifndef SRT_WILDCARD_H
#define SRT_WILDCARD_H

#include <sigmaton/pack.h>
#include <stdbool.h>

struct srt_runtime;

/* True when the pattern p[m] matches the whole of t[n]. flags as in text.h. Between stars the
 * leftmost place is taken, so that the cost is at most n times the longest run between stars. */
bool srt_wildcard_match(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags);

/* host->wildcard */
/* runtime: of the event, or NULL. */
int32_t srt_wildcard(const struct srt_runtime *runtime, const struct sigmaton_slot *s,
                     const uint8_t *pattern, uint32_t len, uint32_t flags);

#endif
