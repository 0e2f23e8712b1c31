/* A pack file, checked and in memory. The public calls are sigmaton_open and sigmaton_close
 * (<sigmaton/sigmaton.h>).
 *
 * The file is read once, through one descriptor, into a sealed piece of memory (memfd_create);
 * that memory is checked and that memory is mapped, so that nobody can change what was checked.
 * The mapping is made here and not by the dynamic linker: a pack has no relocation, no symbol to
 * look up and nothing to run at start. No page is ever writable and executable, or first the one
 * and then the other.
 */
#ifndef SRT_LOAD_H
#define SRT_LOAD_H

#include "elf.h"

struct sigmaton_file {
    const struct sigmaton_pack *pack;
    void *base; /* of the mapping */
    size_t span;
};

/* Checks the bytes of a whole pack file: trailer, hash, object, pack. bytes is 8-aligned. Runs and
 * allocates nothing. */
enum sigmaton_status srt_file_check(const uint8_t *bytes, size_t len, struct srt_elf *ret_elf,
                                    const char **ret_why);

#endif
