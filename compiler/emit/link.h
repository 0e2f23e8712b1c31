/* Object bytes -> the bytes of a shared object, by the system's linker: the one place of the house
 * that starts a process.
 *
 * ld.lld where it is there (no relocation, no page that a process would have to itself), else GNU
 * ld, else the C compiler. No shell, and of the environment only PATH and TMPDIR, so that nothing
 * of it reaches the bytes. The file has one exported symbol, no undefined one, no needed library.
 */
#ifndef SIGMATON_EMIT_LINK_H
#define SIGMATON_EMIT_LINK_H

#include "diag.h"
#include "target.h"

struct link_options {
    const struct target *target; /* TARGET_ELF */
    const char *linker;          /* a name or path; NULL: the first that is found */
};

/* Links in a folder of its own below TMPDIR (else /tmp), which is gone afterwards. False after
 * reporting: DIAG_no_linker, DIAG_link_failed. *ret_bytes is malloc's. */
bool link_shared(struct diag_sink *sink, struct arena *a, const struct link_options *options,
                 const uint8_t *object, size_t len, uint8_t **ret_bytes, size_t *ret_len);

/* Whether one of the linkers that link_shared would look for, for this machine, stands in PATH. */
bool link_is_possible(void);

#endif
