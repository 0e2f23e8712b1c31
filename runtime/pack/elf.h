/* The shared object inside a pack file, read as data: where its segments go and where the
 * descriptor lies. Nothing of it runs here, and what passes has nothing that would run by itself:
 * no constructor, no resolver, no other library, no relocation, no undefined symbol, no page that
 * is both writable and executable.
 *
 *     struct srt_elf elf;
 *     if (srt_elf_read(bytes, len, &elf, &why) == SIGMATON_OK) ... elf.pack ...
 *
 * Source: System V ABI, chapters 4 and 5. Allocates nothing.
 */
#ifndef SRT_ELF_H
#define SRT_ELF_H

#include <sigmaton/sigmaton.h>

#define SRT_SEGMENTS_MAX 8
/* Addresses of a pack: its offsets are 32 bits wide. */
#define SRT_SPAN_MAX (UINT64_C(1) << 32)

struct srt_segment {
    uint64_t address, offset, size; /* size: in the file and in memory */
    bool executable;
};

struct srt_elf {
    struct srt_segment segments[SRT_SEGMENTS_MAX]; /* by address, none in another's pages */
    uint32_t n_segments;
    uint64_t span;                    /* bytes of address space, whole pages, from address 0 */
    uint64_t pack_address;            /* of the descriptor */
    const struct sigmaton_pack *pack; /* the same, in the bytes of the file */
};

/* Reads the object in bytes[len], which is 8-aligned, checks it and then the whole pack
 * (srt_pack_check). SIGMATON_ETARGET: it is for another processor; SIGMATON_EPACK, SIGMATON_EABI;
 * *ret_why is a static phrase. */
enum sigmaton_status srt_elf_read(const uint8_t *bytes, size_t len, struct srt_elf *ret_elf,
                                  const char **ret_why);

#endif
