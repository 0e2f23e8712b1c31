/* Which slots each rule asks, as a word. */
#ifndef SRT_ASKS_H
#define SRT_ASKS_H

#include <sigmaton/pack.h>

/* The bit of all slots that have no bit of their own: those that the fewest rules ask. */
#define SRT_ASKS_OTHERS (UINT64_C(1) << 63)

/* For each rule of a checked pack the bits of the slots that it asks. To be freed; NULL: there is
 * no memory. Start-up only. */
uint64_t *srt_asks_create(const struct sigmaton_pack *pack);

#endif
