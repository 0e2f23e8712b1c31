/* Leaf predicates as data: one call of the runtime instead of code for each (pack.h, struct
 * sigmaton_probe).
 *
 * A probe answers as the code that the compiler would write out answers: equality, prefix and
 * suffix of a text by compares of words, an integer by one compare, all else by the kernels behind
 * the host table.
 */
#ifndef SRT_PROBE_H
#define SRT_PROBE_H

#include <sigmaton/pack.h>

/* host->probe. The probes are part of a pack and trusted like its code. */
int32_t srt_probe(struct sigmaton_frame *frame, uint32_t off);

#endif
