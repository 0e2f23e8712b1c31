/* Names to slots.
 *
 * srt_names is made once from the pack's slot table: one hash of (place, key) -> slot and place.
 * A place is a field path cut at its first dots: `a.b.c` is the key "a.b.c" at the root, "b.c" at
 * place a and "c" at place a.b, so that a reader looks each key of the event up once, at the places
 * it passes.
 *
 *     const struct srt_name *n = srt_names_find(names, SRT_ROOT, key, len);
 *     if (n != NULL && n->slot != SIGMATON_NO_SLOT) ...
 */
#ifndef SRT_SLOT_NAMES_H
#define SRT_SLOT_NAMES_H

#include "event.h"

#define SRT_ROOT UINT32_C(0)
#define SRT_NO_PLACE UINT32_MAX

struct srt_name {
    const uint8_t *key; /* the rest of a field path, or its part up to the first dot */
    uint32_t len;
    uint32_t place; /* where the key stands */
    uint32_t slot;  /* the field that ends here, or SIGMATON_NO_SLOT */
    uint32_t below; /* the place of fields that go on inside the value, or SRT_NO_PLACE */
    uint32_t next;  /* in the bucket: index + 1, or 0 */
    bool flat;      /* the key holds a dot: where it stands, it wins over the path it spells */
};

/* What slots are for, each with its slots in slot order. */
enum srt_role {
    SRT_ROLE_KEYWORDS,
    SRT_ROLE_CHANNEL,
    SRT_ROLE_EVENT_ID,
    SRT_ROLE_PROVIDER,
    SRT_ROLE_PRODUCT,
    SRT_ROLE_CATEGORY,
    SRT_ROLE_SERVICE,
    SRT_ROLE_ENVELOPE,
    SRT_ROLE_INNER,
    SRT_ROLE_COUNT,
};
struct srt_role_slots {
    const uint32_t *slots;
    uint32_t n;
};

struct srt_names {
    struct srt_name *names;
    uint32_t *buckets; /* index + 1 into names, or 0 */
    uint32_t n_names, mask;
    uint32_t len_max; /* no key is longer */
    struct srt_role_slots roles[SRT_ROLE_COUNT];
};

/* Makes the names of a checked pack, which is kept until destroy. SIGMATON_EPACK (two slots of one
 * name; *ret_why says so) or SIGMATON_ENOMEM. Start-up only. */
enum sigmaton_status srt_names_create(const struct sigmaton_pack *pack,
                                      struct srt_names **ret_names, const char **ret_why);
void srt_names_destroy(struct srt_names *names); /* accepts NULL */

/* The name `key[len]` at a place, or NULL. Safe from any thread. */
const struct srt_name *srt_names_find(const struct srt_names *names, uint32_t place,
                                      const uint8_t *key, size_t len);

/* Tables and texts of a checked pack. */
static inline const void *srt_pack_at(const struct sigmaton_pack *pack, struct sigmaton_ref ref)
{
    return (const uint8_t *)pack + ref.off;
}

/* A pack's perfect hash over root keys, which it has. */
struct srt_root_names {
    const struct sigmaton_names *head;
    const uint16_t *shifts;
    const struct sigmaton_name *entries;
};

static inline struct srt_root_names srt_root_names_of(const struct sigmaton_pack *pack)
{
    struct srt_root_names root = {.head = srt_pack_at(pack, pack->names)};
    const uint8_t *behind = (const uint8_t *)(root.head + 1);
    root.shifts = (const void *)behind;
    root.entries = (const void *)(behind + ((size_t)root.head->n_buckets * 2 + 7) / 8 * 8);
    return root;
}

/* The one entry where key[len] may stand. */
static inline const struct sigmaton_name *srt_root_entry(const struct srt_root_names *root,
                                                         const uint8_t *key, uint32_t len)
{
    uint64_t hash = sigmaton_name_hash(root->head->seed, key, len, sigmaton_name_ends(key, len));
    return &root->entries[sigmaton_name_entry(root->head, root->shifts, hash)];
}

#endif
