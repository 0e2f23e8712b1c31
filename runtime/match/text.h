/* Text kernels: whole, prefix, suffix, substring.
 *
 * flags are pack.h's: SIGMATON_CASED compares bytes; SIGMATON_ASCII folds the text's ASCII letters
 * and compares bytes (the pattern is folded and has nothing but ASCII or code points without case);
 * neither: both sides are read code point by code point and folded, so the pattern need not be
 * folded. All are linear but for the search, which is linear too up to a constant.
 */
#ifndef SRT_TEXT_H
#define SRT_TEXT_H

#include <sigmaton/pack.h>
#include <stdbool.h>

#include "seek.h"

struct srt_runtime;

bool srt_text_eq(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags);
bool srt_text_prefix(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags);
bool srt_text_suffix(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags);
/* The leftmost place of p[m] in t[n]; *ret_end, when ret_end is not NULL, is the offset behind it.
 */
bool srt_text_find(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags,
                   uint32_t *ret_end);

/* The same with the instructions of a level. */
bool srt_text_find_by(const struct srt_seek *seek, const uint8_t *t, uint32_t n, const uint8_t *p,
                      uint32_t m, uint32_t flags, uint32_t *ret_end);

/* host->eq, prefix, suffix, contains */
int32_t srt_eq(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len, uint32_t flags);
int32_t srt_prefix(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len,
                   uint32_t flags);
int32_t srt_suffix(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len,
                   uint32_t flags);
/* runtime: of the event, or NULL. */
int32_t srt_contains(const struct srt_seek *seek, const struct srt_runtime *runtime,
                     const struct sigmaton_slot *s, const uint8_t *text, uint32_t len,
                     uint32_t flags);

#endif
