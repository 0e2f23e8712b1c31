#include "elf.h"

#include <string.h>
#include <unistd.h>

#include "check.h"
#include "cpu.h"

#define HEADER_SIZE 64u
#define PROGRAM_SIZE 56u
#define SYMBOL_SIZE 24u
#define DYNAMIC_SIZE 16u

enum { TYPE_DYN = 3 };
enum { SEGMENT_LOAD = 1, SEGMENT_DYNAMIC = 2, SEGMENT_INTERP = 3, SEGMENT_TLS = 7 };
enum { FLAG_EXECUTE = 1, FLAG_WRITE = 2 };
enum { SYMBOL_OBJECT = 1 };

/* Entries of the dynamic section that do nothing by themselves. All others are refused. */
#define DT_NULL 0u
#define DT_HASH 4u
#define DT_STRTAB 5u
#define DT_SYMTAB 6u
#define DT_STRSZ 10u
#define DT_SYMENT 11u
#define DT_SONAME 14u
#define DT_FLAGS 30u
#define DT_GNU_HASH 0x6ffffef5u
#define DT_FLAGS_1 0x6ffffffbu
#define DF_TEXTREL 4u

struct reader {
    const uint8_t *p;
    size_t len;
    struct srt_elf *elf;
    uint64_t dynamic, dynamic_size; /* in the file */
    uint64_t hash, strtab, symtab, strsz;
    const char *why;
    enum sigmaton_status status;
};

static bool refuse(struct reader *r, enum sigmaton_status status, const char *why)
{
    if (r->why == NULL) {
        r->why = why;
        r->status = status;
    }
    return false;
}

static bool damaged(struct reader *r, const char *why)
{
    return refuse(r, SIGMATON_EPACK, why);
}

/* Zero beyond the end: every offset is checked where it matters. */
static uint64_t number(const struct reader *r, uint64_t off, unsigned size)
{
    uint64_t v = 0;
    if (off > r->len || size > r->len - off)
        return 0;
    for (unsigned i = 0; i < size; i++)
        v |= (uint64_t)r->p[off + i] << (8 * i);
    return v;
}

static bool inside(uint64_t off, uint64_t size, uint64_t whole)
{
    return off <= whole && size <= whole - off;
}

/* The place in the file of `size` bytes at an address that a segment holds; false when none does.
 */
static bool place(const struct reader *r, uint64_t address, uint64_t size, bool executable,
                  uint64_t *ret_off)
{
    for (uint32_t i = 0; i < r->elf->n_segments; i++) {
        const struct srt_segment *s = &r->elf->segments[i];
        if (address < s->address || !inside(address - s->address, size, s->size) ||
            (executable && !s->executable))
            continue;
        *ret_off = s->offset + (address - s->address);
        return true;
    }
    return false;
}

static bool header(struct reader *r)
{
    static const uint8_t elf64_little[7] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    if (r->len < HEADER_SIZE || memcmp(r->p, elf64_little, sizeof elf64_little) != 0)
        return damaged(r, "the file is no ELF shared object of 64 bits");
    if (number(r, 18, 2) != srt_cpu_elf_machine())
        return refuse(r, SIGMATON_ETARGET, "the pack is made for another processor");
    if (number(r, 16, 2) != TYPE_DYN || number(r, 54, 2) != PROGRAM_SIZE)
        return damaged(r, "the file is no ELF shared object of 64 bits");
    return inside(number(r, 32, 8), number(r, 56, 2) * PROGRAM_SIZE, r->len)
               ? true
               : damaged(r, "a table of the object lies outside the file");
}

static bool load(struct reader *r, uint64_t at)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t flags = number(r, at + 4, 4), memory = number(r, at + 40, 8);
    struct srt_segment s = {.offset = number(r, at + 8, 8),
                            .address = number(r, at + 16, 8),
                            .size = number(r, at + 32, 8),
                            .executable = (flags & FLAG_EXECUTE) != 0};
    if (memory == 0)
        return true;
    if (!inside(s.offset, s.size, r->len) || !inside(s.address, s.size, SRT_SPAN_MAX))
        return damaged(r, "a segment lies outside the file");
    if (s.size != memory)
        return damaged(r, "the pack has memory that is not in the file");
    if (s.executable && (flags & FLAG_WRITE))
        return damaged(r, "a segment is writable and executable");
    if (s.offset % page != s.address % page)
        return refuse(r, SIGMATON_ETARGET, "the pack is made for smaller pages");
    if (s.address / page * page < r->elf->span)
        return damaged(r, "two segments share a page");
    if (r->elf->n_segments == SRT_SEGMENTS_MAX)
        return damaged(r, "the object has too many segments");
    r->elf->segments[r->elf->n_segments++] = s;
    r->elf->span = (s.address + s.size + page - 1) / page * page;
    return true;
}

static bool program(struct reader *r, uint64_t at)
{
    switch (number(r, at, 4)) {
    case SEGMENT_LOAD:
        return load(r, at);
    case SEGMENT_DYNAMIC:
        r->dynamic = number(r, at + 8, 8);
        r->dynamic_size = number(r, at + 32, 8);
        return inside(r->dynamic, r->dynamic_size, r->len)
                   ? true
                   : damaged(r, "a table of the object lies outside the file");
    case SEGMENT_INTERP:
    case SEGMENT_TLS:
        return damaged(r, "the object is a program, or has variables of its own");
    default:
        return true;
    }
}

static bool programs(struct reader *r)
{
    uint64_t at = number(r, 32, 8), n = number(r, 56, 2);
    for (uint64_t i = 0; i < n; i++)
        if (!program(r, at + i * PROGRAM_SIZE))
            return false;
    return true;
}

static bool dynamic_entry(struct reader *r, uint64_t tag, uint64_t value)
{
    switch (tag) {
    case DT_HASH:
        r->hash = value;
        return true;
    case DT_STRTAB:
        r->strtab = value;
        return true;
    case DT_SYMTAB:
        r->symtab = value;
        return true;
    case DT_STRSZ:
        r->strsz = value;
        return true;
    case DT_SYMENT:
        return value == SYMBOL_SIZE ? true : damaged(r, "the symbols have an unknown size");
    case DT_FLAGS:
        return (value & DF_TEXTREL) == 0 ? true : damaged(r, "the pack has relocations");
    case DT_SONAME:
    case DT_GNU_HASH:
    case DT_FLAGS_1:
        return true;
    default:
        return damaged(r, "the object has constructors, relocations or needs other libraries");
    }
}

static bool dynamic(struct reader *r)
{
    for (uint64_t off = 0; off + DYNAMIC_SIZE <= r->dynamic_size; off += DYNAMIC_SIZE) {
        uint64_t tag = number(r, r->dynamic + off, 8);
        if (tag == DT_NULL)
            return true;
        if (!dynamic_entry(r, tag, number(r, r->dynamic + off + 8, 8)))
            return false;
    }
    return damaged(r, "the dynamic section has no end");
}

static bool is_pack_name(const struct reader *r, uint64_t name)
{
    uint64_t off;
    return name < r->strsz && sizeof SIGMATON_PACK_SYMBOL <= r->strsz - name &&
           place(r, r->strtab + name, sizeof SIGMATON_PACK_SYMBOL, false, &off) &&
           memcmp(r->p + off, SIGMATON_PACK_SYMBOL, sizeof SIGMATON_PACK_SYMBOL) == 0;
}

/* Finds the descriptor; *ret_size is what its symbol says of its size. */
static bool symbols(struct reader *r, uint64_t *ret_size)
{
    uint64_t hash, table;
    if (!place(r, r->hash, 8, false, &hash))
        return damaged(r, "the object has no table of symbols");
    uint64_t n = number(r, hash + 4, 4);
    if (!place(r, r->symtab, n * SYMBOL_SIZE, false, &table))
        return damaged(r, "the object has no table of symbols");
    bool found = false;
    for (uint64_t i = 1; i < n; i++) {
        uint64_t at = table + i * SYMBOL_SIZE;
        if (number(r, at + 6, 2) == 0)
            return damaged(r, "the object has an undefined symbol");
        if (!is_pack_name(r, number(r, at, 4)))
            continue;
        if ((number(r, at + 4, 1) & 15) != SYMBOL_OBJECT)
            return damaged(r, "sigmaton_pack is no constant");
        r->elf->pack_address = number(r, at + 8, 8);
        *ret_size = number(r, at + 16, 8);
        found = true;
    }
    return found ? true : damaged(r, "the object does not export sigmaton_pack");
}

/* The image must lie in one segment as a whole, and its code where code may be. */
static bool pack(struct reader *r, uint64_t size)
{
    uint64_t off, code;
    uint64_t address = r->elf->pack_address;
    if (address % 8 != 0 || size < sizeof(struct sigmaton_pack) ||
        !place(r, address, size, false, &off) || off % 8 != 0)
        return damaged(r, "the descriptor lies outside the file");
    const void *at = r->p + off;
    const struct sigmaton_pack *p = at;
    if (p->magic == SIGMATON_PACK_MAGIC && p->image_size > size)
        return damaged(r, "the tables lie outside the file");
    const char *why;
    enum sigmaton_status status = srt_pack_check(p, &why);
    if (status != SIGMATON_OK)
        return refuse(r, status, why);
    uint64_t eval = address + (uint64_t)(int64_t)p->eval_off;
    uint64_t scan = address + (uint64_t)(int64_t)p->scan_off;
    if (p->eval_off == 0 || !place(r, eval, 1, true, &code) ||
        (p->scan_off != 0 && !place(r, scan, 1, true, &code)))
        return damaged(r, "the pack has no code where it says");
    r->elf->pack = p;
    return true;
}

enum sigmaton_status srt_elf_read(const uint8_t *bytes, size_t len, struct srt_elf *ret_elf,
                                  const char **ret_why)
{
    struct srt_elf elf = {0};
    struct reader r = {.p = bytes, .len = len, .elf = &elf, .status = SIGMATON_EPACK};
    uint64_t size = 0;
    if (!header(&r) || !programs(&r) || !dynamic(&r) || !symbols(&r, &size) || !pack(&r, size)) {
        *ret_why = r.why;
        return r.status;
    }
    *ret_elf = elf;
    return SIGMATON_OK;
}
