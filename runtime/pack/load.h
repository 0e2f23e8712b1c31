/* A pack file, checked and in memory. The public calls are sigmaton_open and sigmaton_close
 * (<sigmaton/sigmaton.h>).
 *
 * The file is read once, through one descriptor, into memory of this process alone; that memory is
 * checked, and its tables are used where they stand, so that nobody can change what was checked.
 * Code is mapped from sealed memory (memfd_create), which is compared with what was checked.
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
