/* Relocatable objects of one pack into one: ELF64, little-endian, with addends (System V ABI,
 * chapter 4), as LLVM writes them. Sections stay whole and stand one behind the other, so no
 * relocation moves; only symbols get new numbers. What one object wants of another is found by name
 * and is local afterwards: the pack's own symbol remains. */
#include "cg.h"

#include <elf.h>
#include <string.h>

#include "arena.h"

struct object {
    const uint8_t *p;
    size_t len;
    const Elf64_Ehdr *header;
    const Elf64_Shdr *sections;
    uint32_t n_sections, symtab; /* symtab: 0 where there is none */
    const Elf64_Sym *symbols;
    uint32_t n_symbols;
    const char *names;                /* of symbols */
    uint32_t names_off, sections_off; /* where its strings stand in the merged table */
    uint32_t *section_of, *symbol_of; /* new numbers; 0: left out */
};

struct merge {
    struct arena *arena;
    struct object *parts;
    uint32_t n_parts;
    uint32_t n_sections, n_symbols, first_global;
    size_t n_strings;
    const char *why;
    uint8_t *out;
    size_t len;
};

static bool inside(const struct object *part, uint64_t off, uint64_t len)
{
    return off <= part->len && len <= part->len - off;
}

static bool refuse(struct merge *m, const char *why)
{
    m->why = why;
    return false;
}

static bool open_part(struct merge *m, struct object *part, const struct cg_bytes *object)
{
    *part = (struct object){.p = object->p, .len = object->len};
    part->header = (const void *)part->p;
    if (part->len < sizeof *part->header || memcmp(part->p, ELFMAG, SELFMAG) != 0 ||
        part->p[EI_CLASS] != ELFCLASS64 || part->p[EI_DATA] != ELFDATA2LSB)
        return refuse(m, "the object is none of ELF64");
    part->n_sections = part->header->e_shnum;
    part->sections = (const void *)(part->p + part->header->e_shoff);
    if (!inside(part, part->header->e_shoff, part->n_sections * sizeof *part->sections) ||
        part->header->e_shstrndx >= part->n_sections)
        return refuse(m, "the object's section table is cut short");
    part->section_of = ARENA_ARRAY(m->arena, part->n_sections, uint32_t);
    for (uint32_t i = 1; i < part->n_sections; i++) {
        const Elf64_Shdr *s = &part->sections[i];
        if (s->sh_type != SHT_NOBITS && !inside(part, s->sh_offset, s->sh_size))
            return refuse(m, "a section of the object is cut short");
        if (s->sh_type == SHT_GROUP || s->sh_type == SHT_REL || s->sh_type == SHT_SYMTAB_SHNDX)
            return refuse(m, "the object has a section of an unknown kind");
        if (s->sh_link >= part->n_sections ||
            (s->sh_type == SHT_RELA && s->sh_info >= part->n_sections))
            return refuse(m, "a section of the object speaks of none");
        part->symtab = s->sh_type == SHT_SYMTAB ? i : part->symtab;
    }
    const Elf64_Shdr *table = &part->sections[part->symtab];
    if (part->symtab == 0)
        return refuse(m, "the object has no symbols");
    part->symbols = (const void *)(part->p + table->sh_offset);
    part->n_symbols = (uint32_t)(table->sh_size / sizeof *part->symbols);
    part->symbol_of = ARENA_ARRAY(m->arena, part->n_symbols, uint32_t);
    part->names = (const char *)part->p + part->sections[table->sh_link].sh_offset;
    return true;
}

/* ---- numbers ---- */

static bool is_kept(const struct object *part, uint32_t number, bool first)
{
    const Elf64_Shdr *s = &part->sections[number];
    if (s->sh_type == SHT_RELA)
        return part->section_of[s->sh_info] != 0;
    bool own = s->sh_type == SHT_SYMTAB || s->sh_type == SHT_STRTAB ||
               (s->sh_type >= SHT_LOOS && s->sh_type < SHT_LOPROC); /* some name symbols */
    return (s->sh_flags & SHF_ALLOC) != 0 || (first && !own);
}

/* Sections before their relocations. */
static void number_sections(struct merge *m)
{
    m->n_sections = 1;
    for (uint32_t k = 0; k < m->n_parts; k++)
        for (int relocations = 0; relocations <= 1; relocations++)
            for (uint32_t i = 1; i < m->parts[k].n_sections; i++) {
                struct object *part = &m->parts[k];
                bool is_rela = part->sections[i].sh_type == SHT_RELA;
                if (is_rela == (bool)relocations && is_kept(part, i, k == 0))
                    part->section_of[i] = m->n_sections++;
            }
}

static uint32_t bind_of(const Elf64_Sym *s)
{
    return ELF64_ST_BIND(s->st_info);
}

static bool is_exported(const struct object *part, const Elf64_Sym *s)
{
    return s->st_shndx != SHN_UNDEF && strcmp(part->names + s->st_name, SIGMATON_PACK_SYMBOL) == 0;
}

static bool in_section(const struct object *part, const Elf64_Sym *s)
{
    return s->st_shndx < SHN_LORESERVE && part->section_of[s->st_shndx] != 0;
}

/* Locals first, as ELF wants it; of names of files the first object's. */
static void number_symbols(struct merge *m)
{
    m->n_symbols = 1;
    for (int exported = 0; exported <= 1; exported++) {
        m->first_global = m->n_symbols;
        for (uint32_t k = 0; k < m->n_parts; k++)
            for (uint32_t i = 1; i < m->parts[k].n_symbols; i++) {
                struct object *part = &m->parts[k];
                const Elf64_Sym *s = &part->symbols[i];
                bool file = s->st_shndx == SHN_ABS && k == 0;
                if (is_exported(part, s) == (bool)exported && (in_section(part, s) || file))
                    part->symbol_of[i] = m->n_symbols++;
            }
    }
}

static uint32_t find_defined(const struct merge *m, const char *name)
{
    for (uint32_t k = 0; k < m->n_parts; k++)
        for (uint32_t i = 1; i < m->parts[k].n_symbols; i++) {
            const struct object *part = &m->parts[k];
            const Elf64_Sym *s = &part->symbols[i];
            if (bind_of(s) != STB_LOCAL && s->st_shndx != SHN_UNDEF &&
                strcmp(part->names + s->st_name, name) == 0)
                return part->symbol_of[i];
        }
    return 0;
}

static bool resolve(struct merge *m)
{
    for (uint32_t k = 0; k < m->n_parts; k++)
        for (uint32_t i = 1; i < m->parts[k].n_symbols; i++) {
            struct object *part = &m->parts[k];
            const Elf64_Sym *s = &part->symbols[i];
            if (s->st_shndx != SHN_UNDEF)
                continue;
            part->symbol_of[i] = find_defined(m, part->names + s->st_name);
            if (part->symbol_of[i] == 0)
                return refuse(m, "the object has an undefined symbol");
        }
    return true;
}

/* ---- writing ---- */

static uint64_t section_align(const Elf64_Shdr *s)
{
    return s->sh_addralign > 8 ? s->sh_addralign : 8;
}

static size_t room(const struct merge *m)
{
    size_t n = sizeof(Elf64_Ehdr) + (m->n_sections + 2) * sizeof(Elf64_Shdr) + 64;
    n += m->n_symbols * sizeof(Elf64_Sym) + m->n_strings;
    for (uint32_t k = 0; k < m->n_parts; k++)
        for (uint32_t i = 1; i < m->parts[k].n_sections; i++)
            if (m->parts[k].section_of[i] != 0)
                n += m->parts[k].sections[i].sh_size + section_align(&m->parts[k].sections[i]);
    return n;
}

static void *append(struct merge *m, const void *p, size_t len, uint64_t align, uint64_t *ret_off)
{
    m->len = (m->len + align - 1) / align * align;
    *ret_off = m->len;
    m->len += len;
    return p && len > 0 ? memcpy(m->out + *ret_off, p, len) : m->out + *ret_off;
}

static void renumber(const struct object *part, Elf64_Rela *r, uint64_t size)
{
    for (size_t i = 0; i < size / sizeof *r; i++)
        r[i].r_info = ELF64_R_INFO((uint64_t)part->symbol_of[ELF64_R_SYM(r[i].r_info)],
                                   ELF64_R_TYPE(r[i].r_info));
}

static void add_sections(struct merge *m, const struct object *part, Elf64_Shdr *headers)
{
    for (uint32_t i = 1; i < part->n_sections; i++) {
        const Elf64_Shdr *theirs = &part->sections[i];
        if (part->section_of[i] == 0)
            continue;
        Elf64_Shdr *s = &headers[part->section_of[i]];
        *s = *theirs;
        s->sh_name += part->sections_off;
        s->sh_link = part->section_of[theirs->sh_link];
        size_t len = s->sh_type == SHT_NOBITS ? 0 : s->sh_size;
        void *data = append(m, part->p + theirs->sh_offset, len, section_align(s), &s->sh_offset);
        if (s->sh_type != SHT_RELA)
            continue;
        s->sh_link = m->n_sections; /* symbols stand behind all of these */
        s->sh_info = part->section_of[theirs->sh_info];
        renumber(part, data, len);
    }
}

static void add_symbols(struct merge *m, Elf64_Shdr *header)
{
    size_t size = m->n_symbols * sizeof(Elf64_Sym);
    Elf64_Sym *out = append(m, NULL, size, 8, &header->sh_offset);
    for (uint32_t k = 0; k < m->n_parts; k++)
        for (uint32_t i = 1; i < m->parts[k].n_symbols; i++) {
            const struct object *part = &m->parts[k];
            Elf64_Sym s = part->symbols[i];
            if (part->symbol_of[i] == 0 || s.st_shndx == SHN_UNDEF)
                continue;
            if (!is_exported(part, &s)) {
                s.st_info = ELF64_ST_INFO(STB_LOCAL, ELF64_ST_TYPE(s.st_info));
                s.st_other = STV_DEFAULT;
            }
            s.st_name += part->names_off;
            if (s.st_shndx < SHN_LORESERVE)
                s.st_shndx = (Elf64_Section)part->section_of[s.st_shndx];
            out[part->symbol_of[i]] = s;
        }
    header->sh_type = SHT_SYMTAB;
    header->sh_size = size;
    header->sh_link = m->n_sections + 1;
    header->sh_info = m->first_global;
    header->sh_addralign = 8;
    header->sh_entsize = sizeof(Elf64_Sym);
}

/* One table for all names, with those of the new tables in front. */
static const char new_names[] = "\0.symtab\0.strtab";

static void place_strings(struct merge *m)
{
    m->n_strings = sizeof new_names;
    for (uint32_t k = 0; k < m->n_parts; k++) {
        struct object *part = &m->parts[k];
        uint32_t names = part->sections[part->symtab].sh_link, own = part->header->e_shstrndx;
        part->names_off = part->sections_off = (uint32_t)m->n_strings;
        m->n_strings += part->sections[names].sh_size;
        if (own == names)
            continue;
        part->sections_off = (uint32_t)m->n_strings;
        m->n_strings += part->sections[own].sh_size;
    }
}

static void add_strings(struct merge *m, Elf64_Shdr *header)
{
    uint8_t *out = append(m, NULL, m->n_strings, 1, &header->sh_offset);
    memcpy(out, new_names, sizeof new_names);
    for (uint32_t k = 0; k < m->n_parts; k++) {
        const struct object *part = &m->parts[k];
        const Elf64_Shdr *names = &part->sections[part->sections[part->symtab].sh_link];
        const Elf64_Shdr *own = &part->sections[part->header->e_shstrndx];
        memcpy(out + part->names_off, part->p + names->sh_offset, names->sh_size);
        memcpy(out + part->sections_off, part->p + own->sh_offset, own->sh_size);
    }
    header->sh_name = 9;
    header->sh_type = SHT_STRTAB;
    header->sh_size = m->n_strings;
    header->sh_addralign = 1;
}

static void write_object(struct merge *m)
{
    uint32_t n = m->n_sections + 2;
    Elf64_Shdr *headers = ARENA_ARRAY(m->arena, n, Elf64_Shdr);
    Elf64_Ehdr *header = (Elf64_Ehdr *)(void *)m->out;
    uint64_t off;
    append(m, m->parts[0].header, sizeof *header, 8, &off);
    for (uint32_t k = 0; k < m->n_parts; k++)
        add_sections(m, &m->parts[k], headers);
    headers[m->n_sections].sh_name = 1;
    add_symbols(m, &headers[m->n_sections]);
    add_strings(m, &headers[m->n_sections + 1]);
    append(m, headers, n * sizeof *headers, 8, &off);
    header->e_shoff = off;
    header->e_shnum = (Elf64_Half)n;
    header->e_shstrndx = (Elf64_Half)(n - 1);
}

bool object_merge(struct arena *a, const struct cg_bytes *objects, uint32_t n,
                  struct cg_bytes *ret_object, const char **ret_why)
{
    struct merge m = {.arena = a, .n_parts = n};
    m.parts = ARENA_ARRAY(a, n, struct object);
    bool fine = true;
    for (uint32_t k = 0; fine && k < n; k++)
        fine = open_part(&m, &m.parts[k], &objects[k]);
    if (fine) {
        number_sections(&m);
        number_symbols(&m);
        fine = resolve(&m);
    }
    if (!fine) {
        *ret_why = m.why;
        return false;
    }
    place_strings(&m);
    m.out = arena_alloc(a, room(&m));
    write_object(&m);
    *ret_object = (struct cg_bytes){m.out, m.len};
    return true;
}
