/* The host table: what packs may call. This room turns a slot and a constant into a yes or a no.
 *
 * Invariants of every function in the table: safe from many threads, allocates nothing, takes no
 * lock, does not depend on the locale, reads no byte past a slot's len; any bytes are good. A list
 * holds when any leaf does. SEMANTICS sections 5 to 8 decide what "holds" means.
 */
#ifndef SRT_HOST_H
#define SRT_HOST_H

#include <sigmaton/pack.h>

/* The one table; constant, lives as long as the process. */
const struct sigmaton_host *srt_host(void);

#endif
