#include "scan.h"

#include <stdlib.h>
#include <string.h>

static void level_take(struct srt_scanner *scanner, enum srt_simd level)
{
    (void)level;
#define LEVEL(value, name)                            \
    if (level == value) {                             \
        scanner->quotes = srt_scan_quotes_##name;     \
        scanner->look = srt_scan_look_##name;         \
        scanner->searches = value == SRT_SIMD_AVX512; \
    }
    LEVEL(level, plain)
    scanner->run = srt_scan_run_plain;
#if defined(__x86_64__)
    LEVEL(SRT_SIMD_SSE42, sse42)
    LEVEL(SRT_SIMD_AVX2, avx2)
    LEVEL(SRT_SIMD_AVX512, avx512)
    if (level == SRT_SIMD_AVX512)
        scanner->run = srt_scan_run_avx512;
#endif
#if defined(__aarch64__)
    LEVEL(SRT_SIMD_NEON, neon)
#endif
#undef LEVEL
}

/* Slots that are read before the pack's code runs. */
#define EAGER_FLAGS                                                            \
    (SIGMATON_SLOT_CHANNEL | SIGMATON_SLOT_EVENT_ID | SIGMATON_SLOT_PROVIDER | \
     SIGMATON_SLOT_TIME | SIGMATON_SLOT_PRODUCT | SIGMATON_SLOT_CATEGORY | SIGMATON_SLOT_SERVICE)

static void eager_mark(const struct sigmaton_pack *pack, bool *eager)
{
    const struct sigmaton_slot_info *infos = srt_pack_at(pack, pack->slots);
    const struct sigmaton_binding *bindings = srt_pack_at(pack, pack->bindings);
    const struct sigmaton_route *routes = srt_pack_at(pack, pack->routes);
    for (uint32_t i = 0; i < pack->slots.len; i++)
        eager[i] = (infos[i].flags & EAGER_FLAGS) != 0;
    for (uint32_t i = 0; i < pack->bindings.len; i++) {
        eager[bindings[i].source] = true;
        if (bindings[i].domain != SIGMATON_NO_SLOT)
            eager[bindings[i].domain] = true;
    }
    for (uint32_t i = 0; i < pack->routes.len; i++)
        if (routes[i].when_slot != SIGMATON_NO_SLOT)
            eager[routes[i].when_slot] = true;
}

/* A name that stands in quotes as it is, in every way to write it without \\u and \\/. Keys that
 * have what others have are the tape reader's. */
static bool is_plain(const struct sigmaton_pack *pack, const struct sigmaton_name *entry)
{
    const uint8_t *key = srt_pack_at(pack, entry->key);
    for (uint32_t i = 0; i < entry->key.len; i++)
        if (key[i] < 0x20 || key[i] >= 0x80 || key[i] == '\\' || key[i] == '"')
            return false;
    return entry->key.len > 0;
}

static struct srt_scan_name name_of(const struct sigmaton_pack *pack,
                                    const struct sigmaton_name *entry, const bool *eager)
{
    struct srt_scan_name to = {.len = UINT32_MAX, .slot = SIGMATON_NO_SLOT};
    if ((entry->flags & SIGMATON_NAME_USED) == 0 || !is_plain(pack, entry))
        return to;
    to.key = srt_pack_at(pack, entry->key);
    to.len = entry->key.len;
    to.slot = entry->slot;
    to.nested = (entry->flags & SIGMATON_NAME_HEAD) != 0;
    if (to.slot != SIGMATON_NO_SLOT) {
        const struct sigmaton_slot_info *infos = srt_pack_at(pack, pack->slots);
        to.nested |= (infos[to.slot].flags & (SIGMATON_SLOT_ENVELOPE | SIGMATON_SLOT_INNER)) != 0;
        to.eager = eager[to.slot];
        to.off = to.slot * sizeof(struct sigmaton_slot);
        if (to.len < SRT_SCAN_TEXT)
            memcpy(to.text, to.key, to.len);
    }
    return to;
}

#define SHORT_BUCKET 0 /* of keys that are too short to tell */

/* The bucket of a name, which has no quotes here. */
static uint32_t name_bucket(const struct srt_scan_name *name)
{
    const uint32_t n = name->len < 3 ? name->len : 3;
    uint8_t z[8];
    memset(z, '"', sizeof z);
    memcpy(z + 1, name->key, n);
    memcpy(z + 7 - n, name->key + name->len - n, n);
    return name->len < 2 ? SHORT_BUCKET : srt_scan_bucket(z, z + 4, name->len);
}

static void bucket_fill(struct srt_scanner *scanner, struct srt_scan_name *name)
{
    struct srt_scan_name **to = &scanner->buckets[name_bucket(name)];
    if (*to == NULL)
        *to = name;
    else
        (*to)->shared = true;
}

const struct srt_scan_name *srt_scan_name_find(const struct srt_scanner *scanner,
                                               const uint8_t *key, uint32_t len)
{
    const uint32_t bucket = len < 2 ? SHORT_BUCKET : srt_scan_bucket(key - 1, key + len - 3, len);
    const struct srt_scan_name *name = scanner->buckets[bucket];
    if (name == NULL)
        return NULL;
    if (name->shared) {
        const uint64_t hash =
            sigmaton_name_hash(scanner->head.seed, key, len, sigmaton_name_ends(key, len));
        name = &scanner->names[sigmaton_name_entry(&scanner->head, scanner->shifts, hash)];
    }
    return name->len == len && memcmp(name->key, key, len) == 0 ? name : NULL;
}

bool srt_scanner_init(struct srt_scanner *scanner, const struct sigmaton_pack *pack,
                      enum srt_simd level)
{
    *scanner = (struct srt_scanner){0};
    level_take(scanner, level);
    const struct sigmaton_slot_info *infos = srt_pack_at(pack, pack->slots);
    for (uint32_t i = 0; i < pack->slots.len; i++)
        scanner->looks_all |= (infos[i].flags & SIGMATON_SLOT_KEYWORDS) != 0;
    if (pack->names.len == 0)
        return true;
    struct srt_root_names root = srt_root_names_of(pack);
    bool *eager = calloc((size_t)pack->slots.len + 1, sizeof *eager);
    scanner->head = *root.head;
    scanner->shifts = root.shifts;
    const size_t size = (size_t)root.head->n_entries * sizeof *scanner->names;
    scanner->names = aligned_alloc(_Alignof(struct srt_scan_name), size);
    if (eager != NULL && scanner->names != NULL) {
        eager_mark(pack, eager);
        for (uint32_t i = 0; i < root.head->n_entries; i++) {
            scanner->names[i] = name_of(pack, &root.entries[i], eager);
            if (scanner->names[i].key != NULL)
                bucket_fill(scanner, &scanner->names[i]);
            else
                scanner->odd_names |= (root.entries[i].flags & SIGMATON_NAME_USED) != 0;
        }
    }
    bool ok = eager != NULL && scanner->names != NULL;
    free(eager);
    if (!ok)
        srt_scanner_finish(scanner);
    return ok;
}

void srt_scanner_finish(struct srt_scanner *scanner)
{
    free(scanner->names);
    scanner->names = NULL;
}

/* Behind the event: nothing but blanks up to the end; NULL: something else. */
static const uint8_t *rest_skip(const struct srt_scan *s, const uint8_t *p)
{
    for (; p < s->end; p++) {
        if (*p == '\n' && s->lines)
            return p + 1;
        if (*p != ' ' && *p != '\t' && *p != '\r' && *p != '\n')
            return NULL;
    }
    return p;
}

/* What is to be looked for beside quotes. */
static struct srt_line *search_begin(const struct srt_scanner *scanner, struct srt_event *event)
{
    struct srt_line *line = event->search;
    if (line == NULL)
        return NULL;
    line->n = 0;
    line->seen = false;
    return scanner->searches && line->grams != NULL ? line : NULL;
}

size_t srt_scan(const struct srt_scanner *scanner, struct srt_event *event, const uint8_t *text,
                size_t len, bool lines)
{
    if (scanner->names == NULL || len < 2 || text[0] != '{' || (len > SIGMATON_LINE_MAX && !lines))
        return 0;
    /* A line that is too long does not end in what is looked at. */
    size_t seen = len < SIGMATON_LINE_MAX ? len : SIGMATON_LINE_MAX;
    struct srt_scan s; /* not cleared whole: it is large */
    s.scanner = scanner;
    s.event = event;
    s.begin = s.next = text;
    s.end = text + seen;
    s.lines = lines;
    s.n_values = 1;
    s.carry = 0;
    s.sequence_end = text;
    s.n_quotes = 0;
    s.search = search_begin(scanner, event);
    s.end_seen = s.escapes = s.hidden = s.faulty = s.wide = s.bad = false;
    event->raw_end = s.end;
    const uint8_t *p = srt_scan_walk(&s, text + 1);
    if (p == NULL || s.n_values > SIGMATON_VALUES_MAX)
        return 0;
    p = rest_skip(&s, p);
    if (p == NULL || (p == s.end && seen < len && p[-1] != '\n'))
        return 0;
    event->is_plain = !s.hidden;
    if (s.search != NULL)
        s.search->seen = s.end_seen;
    return (size_t)(p - text);
}

bool srt_scan_look(const struct srt_scanner *scanner, const uint8_t *text, size_t len)
{
    return scanner->look(text, text + len);
}
