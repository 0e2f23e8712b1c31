/* The hard gate behind each emission: an object with an undefined symbol would call into whatever
 * process it is linked into, one with a writable section would not be shared. Reads ELF64
 * little-endian by offset (System V ABI, chapter 4); other formats pass unread. */
#include "cg.h"

#include <string.h>

#define SECTION_SIZE 64u
#define SYMBOL_SIZE 24u
#define TYPE_SYMTAB 2u
#define FLAG_WRITE 1u
#define FLAG_ALLOC 2u

struct bytes {
    const uint8_t *p;
    size_t len;
};

static uint64_t read_at(const struct bytes *b, uint64_t off, unsigned size)
{
    uint64_t v = 0;
    if (off > b->len || size > b->len - off)
        return 0;
    for (unsigned i = 0; i < size; i++)
        v |= (uint64_t)b->p[off + i] << (8 * i);
    return v;
}

static bool inside(const struct bytes *b, uint64_t off, uint64_t len)
{
    return off <= b->len && len <= b->len - off;
}

static bool symbols_defined(const struct bytes *b, uint64_t off, uint64_t size)
{
    for (uint64_t i = 1; i < size / SYMBOL_SIZE; i++)
        if (read_at(b, off + i * SYMBOL_SIZE + 6, 2) == 0)
            return false;
    return true;
}

static const char *check_section(const struct bytes *b, uint64_t header)
{
    uint64_t type = read_at(b, header + 4, 4), flags = read_at(b, header + 8, 8);
    uint64_t off = read_at(b, header + 24, 8), size = read_at(b, header + 32, 8);
    if ((flags & FLAG_WRITE) && (flags & FLAG_ALLOC) && size > 0) /* empty ones are habit */
        return "the object has a writable section";
    if (type != TYPE_SYMTAB)
        return NULL;
    if (!inside(b, off, size))
        return "the object's symbol table is cut short";
    return symbols_defined(b, off, size) ? NULL : "the object has an undefined symbol";
}

bool object_check(const uint8_t *p, size_t len, const char **ret_why)
{
    const struct bytes b = {p, len};
    const char *why = NULL;
    static const uint8_t elf64_little[6] = {0x7f, 'E', 'L', 'F', 2, 1};
    if (len < sizeof elf64_little || memcmp(p, elf64_little, sizeof elf64_little) != 0)
        return true;
    uint64_t table = read_at(&b, 40, 8), n = read_at(&b, 60, 2);
    if (len < 64 || read_at(&b, 58, 2) != SECTION_SIZE || !inside(&b, table, n * SECTION_SIZE))
        why = "the object's section table is cut short";
    /* With 65,280 sections and more the number stands elsewhere: no pack has so many. */
    if (!why && n == 0)
        why = "the object has no sections";
    for (uint64_t i = 1; !why && i < n; i++)
        why = check_section(&b, table + i * SECTION_SIZE);
    if (why)
        *ret_why = why;
    return !why;
}
