/* One field against another. */
#ifndef SRT_FIELDREF_H
#define SRT_FIELDREF_H

#include <sigmaton/pack.h>

/* host->fieldref: any leaf of s against any leaf of other; `other` is the affix for PREFIX, SUFFIX
 * and INSIDE. WHOLE compares by number where both have one and not both are texts. */
int32_t srt_fieldref(const struct sigmaton_slot *s, const struct sigmaton_slot *other,
                     uint32_t affix, uint32_t flags);

#endif
