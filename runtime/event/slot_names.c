#include "slot_names.h"

#include <stdlib.h>
#include <string.h>

/* Eight bytes a step: keys of events are hashed on the hot path. The table holds only the pack's
 * names, so an event cannot make its chains longer. */
static uint32_t key_hash(uint32_t place, const uint8_t *key, size_t len)
{
    const uint64_t k = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t h = (len + ((uint64_t)place << 32)) * k;
    for (; len >= 8; key += 8, len -= 8) {
        uint64_t w;
        memcpy(&w, key, 8);
        h = (h ^ w) * k;
        h ^= h >> 29;
    }
    if (len > 0) {
        uint64_t w = 0;
        memcpy(&w, key, len);
        h = (h ^ w) * k;
        h ^= h >> 29;
    }
    return (uint32_t)((h * k) >> 32);
}

const struct srt_name *srt_names_find(const struct srt_names *names, uint32_t place,
                                      const uint8_t *key, size_t len)
{
    if (len > names->len_max)
        return NULL;
    uint32_t i = names->buckets[key_hash(place, key, len) & names->mask];
    while (i != 0) {
        const struct srt_name *n = &names->names[i - 1];
        if (n->place == place && n->len == len && (len == 0 || memcmp(n->key, key, len) == 0))
            return n;
        i = n->next;
    }
    return NULL;
}

static struct srt_name *name_add(struct srt_names *names, uint32_t place, const uint8_t *key,
                                 uint32_t len)
{
    uint32_t *bucket = &names->buckets[key_hash(place, key, len) & names->mask];
    for (uint32_t i = *bucket; i != 0; i = names->names[i - 1].next) {
        struct srt_name *n = &names->names[i - 1];
        if (n->place == place && n->len == len && (len == 0 || memcmp(n->key, key, len) == 0))
            return n;
    }
    struct srt_name *n = &names->names[names->n_names++];
    *n = (struct srt_name){.key = key,
                           .len = len,
                           .place = place,
                           .slot = SIGMATON_NO_SLOT,
                           .below = SRT_NO_PLACE,
                           .next = *bucket,
                           .flat = len > 0 && memchr(key, '.', len) != NULL};
    *bucket = names->n_names;
    if (len > names->len_max)
        names->len_max = len;
    return n;
}

/* Enters the path of a slot. Places deeper than an event can be are left out. false: the path has
 * a slot already. */
static bool path_add(struct srt_names *names, uint32_t *n_places, const uint8_t *path, uint32_t len,
                     uint32_t slot)
{
    uint32_t place = SRT_ROOT;
    for (int level = 0; level < SIGMATON_DEPTH_MAX; level++) {
        struct srt_name *whole = name_add(names, place, path, len);
        if (whole->slot != SIGMATON_NO_SLOT)
            return false;
        whole->slot = slot;
        if (!whole->flat)
            break;
        const uint8_t *dot = memchr(path, '.', len);
        uint32_t head_len = (uint32_t)(dot - path);
        struct srt_name *head = name_add(names, place, path, head_len);
        if (head->below == SRT_NO_PLACE)
            head->below = (*n_places)++;
        place = head->below;
        path = dot + 1;
        len -= head_len + 1;
    }
    return true;
}

/* At most how many keys a path has: one per place it passes, whole and head. */
static size_t path_keys(const uint8_t *path, uint32_t len)
{
    size_t dots = 0;
    for (uint32_t i = 0; i < len && dots < SIGMATON_DEPTH_MAX; i++)
        dots += path[i] == '.';
    return 2 * dots + 1;
}

static const uint32_t role_flags[SRT_ROLE_COUNT] = {
    [SRT_ROLE_KEYWORDS] = SIGMATON_SLOT_KEYWORDS, [SRT_ROLE_CHANNEL] = SIGMATON_SLOT_CHANNEL,
    [SRT_ROLE_EVENT_ID] = SIGMATON_SLOT_EVENT_ID, [SRT_ROLE_PROVIDER] = SIGMATON_SLOT_PROVIDER,
    [SRT_ROLE_PRODUCT] = SIGMATON_SLOT_PRODUCT,   [SRT_ROLE_CATEGORY] = SIGMATON_SLOT_CATEGORY,
    [SRT_ROLE_SERVICE] = SIGMATON_SLOT_SERVICE,   [SRT_ROLE_ENVELOPE] = SIGMATON_SLOT_ENVELOPE,
    [SRT_ROLE_INNER] = SIGMATON_SLOT_INNER,
};

static size_t roles_count(const struct sigmaton_slot_info *infos, uint32_t n)
{
    size_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        for (int role = 0; role < SRT_ROLE_COUNT; role++)
            count += (infos[i].flags & role_flags[role]) != 0;
    return count;
}

static void roles_fill(struct srt_names *names, const struct sigmaton_slot_info *infos, uint32_t n,
                       uint32_t *at)
{
    for (int role = 0; role < SRT_ROLE_COUNT; role++) {
        names->roles[role].slots = at;
        for (uint32_t i = 0; i < n; i++)
            if ((infos[i].flags & role_flags[role]) != 0)
                *at++ = i;
        names->roles[role].n = (uint32_t)(at - names->roles[role].slots);
    }
}

/* Cuts everything out of one allocation; NULL when there is no memory. */
static struct srt_names *names_new(const struct sigmaton_slot_info *infos, uint32_t n,
                                   size_t n_keys)
{
    size_t n_buckets = 16;
    while (n_buckets < 2 * n_keys)
        n_buckets *= 2;
    if (n_buckets > UINT32_MAX)
        return NULL;
    struct srt_cutter cutter = {0};
    for (;;) {
        struct srt_names *names = srt_cut(&cutter, 1, sizeof *names);
        struct srt_name *keys = srt_cut(&cutter, n_keys, sizeof *keys);
        uint32_t *buckets = srt_cut(&cutter, n_buckets, sizeof *buckets);
        uint32_t *roles = srt_cut(&cutter, roles_count(infos, n), sizeof *roles);
        if (cutter.base != NULL) {
            names->names = keys;
            names->buckets = buckets;
            names->mask = (uint32_t)(n_buckets - 1);
            roles_fill(names, infos, n, roles);
            return names;
        }
        if (cutter.used == SIZE_MAX)
            return NULL;
        cutter = (struct srt_cutter){.base = calloc(1, cutter.used)};
        if (cutter.base == NULL)
            return NULL;
    }
}

enum sigmaton_status srt_names_create(const struct sigmaton_pack *pack,
                                      struct srt_names **ret_names, const char **ret_why)
{
    const struct sigmaton_slot_info *infos = srt_pack_at(pack, pack->slots);
    uint32_t n = pack->slots.len;
    size_t n_keys = 0;
    for (uint32_t i = 0; i < n; i++)
        n_keys += path_keys(srt_pack_at(pack, infos[i].name), infos[i].name.len);

    struct srt_names *names = names_new(infos, n, n_keys);
    if (names == NULL)
        return SIGMATON_ENOMEM;
    uint32_t n_places = SRT_ROOT + 1;
    for (uint32_t i = 0; i < n; i++) {
        if ((infos[i].flags & SIGMATON_SLOT_KEYWORDS) != 0)
            continue;
        const uint8_t *path = srt_pack_at(pack, infos[i].name);
        if (!path_add(names, &n_places, path, infos[i].name.len, i)) {
            srt_names_destroy(names);
            *ret_why = "two slots have the same name";
            return SIGMATON_EPACK;
        }
    }
    *ret_names = names;
    return SIGMATON_OK;
}

void srt_names_destroy(struct srt_names *names)
{
    free(names);
}
