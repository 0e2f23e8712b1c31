/* Object bytes -> a pack in memory (ORC LLJIT). Files and linking join here.
 *
 * The object is what ahead-of-time building writes; LLJIT links a copy of it. A jit owns its
 * memory; no pack or entry of it may be used after jit_destroy. */
#ifndef SIGMATON_EMIT_EMIT_H
#define SIGMATON_EMIT_EMIT_H

#include <sigmaton/pack.h>

#include "diag.h"

struct jit;

/* NULL after reporting: DIAG_jit_failed, or DIAG_jit_refused where the system refuses executable
 * memory. */
struct jit *jit_create(struct diag_sink *sink, const uint8_t *object, size_t len);
void jit_destroy(struct jit *jit); /* accepts NULL */
const struct sigmaton_pack *jit_pack(const struct jit *jit);
uint64_t jit_link_ns(const struct jit *jit);

#endif
