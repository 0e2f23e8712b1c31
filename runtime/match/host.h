/* The host table: what packs may call. This room turns a slot and a constant into a yes or a no.
 *
 * Invariants of every function in the table: safe from many threads, allocates nothing, takes no
 * lock, does not depend on the locale, reads no byte past a slot's len; any bytes are good. A list
 * holds when any leaf does. SEMANTICS sections 5 to 8 decide what "holds" means.
 */
#ifndef SRT_HOST_H
#define SRT_HOST_H

#include <sigmaton/pack.h>

#include "simd.h"

/* The table of a level, which the machine must have; constant, lives as long as the process. All
 * answer the same. */
const struct sigmaton_host *srt_host_at(enum srt_simd level);
/* The one without vector instructions that only some machines have. */
const struct sigmaton_host *srt_host(void);

#endif
