/* The perfect hash over root keys: what the slot table says, no more and no less. */
#include <string.h>

#include "slot_names.h"
#include "check.h"

static const char wrong_size[] = "the table of names lies outside the pack";
static const char wrong_name[] = "a name of a slot is not in the table of names";

static bool is_power_of_two(uint32_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

static bool text_is(const struct sigmaton_pack *pack, struct sigmaton_ref ref, const uint8_t *p,
                    uint32_t len)
{
    return ref.len == len && (uint64_t)ref.off + len <= pack->image_size &&
           (len == 0 || memcmp(srt_pack_at(pack, ref), p, len) == 0);
}

/* The key is where its hash says. */
static bool key_stands(const struct sigmaton_pack *pack, const struct srt_root_names *root,
                       const uint8_t *key, uint32_t len, uint32_t slot, uint32_t flags)
{
    const struct sigmaton_name *e = srt_root_entry(root, key, len);
    return (e->flags & flags) == flags && text_is(pack, e->key, key, len) &&
           (slot == SIGMATON_NO_SLOT || e->slot == slot);
}

/* Whole name and head of a slot. */
static bool slot_stands(const struct sigmaton_pack *pack, const struct srt_root_names *root,
                        uint32_t slot)
{
    const struct sigmaton_slot_info *info =
        (const struct sigmaton_slot_info *)srt_pack_at(pack, pack->slots) + slot;
    const uint8_t *name = srt_pack_at(pack, info->name);
    if ((info->flags & SIGMATON_SLOT_KEYWORDS) != 0)
        return true;
    const uint8_t *dot = info->name.len > 0 ? memchr(name, '.', info->name.len) : NULL;
    return key_stands(pack, root, name, info->name.len, slot, SIGMATON_NAME_USED) &&
           (dot == NULL || key_stands(pack, root, name, (uint32_t)(dot - name), SIGMATON_NO_SLOT,
                                      SIGMATON_NAME_USED | SIGMATON_NAME_HEAD));
}

/* A free entry is all zero; a head is the beginning of some name, which slot_stands cannot see. */
static bool entry_holds(const struct sigmaton_pack *pack, const struct sigmaton_name *e)
{
    const struct sigmaton_slot_info *infos = srt_pack_at(pack, pack->slots);
    if ((e->flags & SIGMATON_NAME_USED) == 0)
        return e->flags == 0 && e->slot == 0 && e->key.len == 0;
    if ((e->flags & ~(SIGMATON_NAME_USED | SIGMATON_NAME_HEAD)) != 0 ||
        (uint64_t)e->key.off + e->key.len > pack->image_size)
        return false;
    if (e->slot == SIGMATON_NO_SLOT)
        return (e->flags & SIGMATON_NAME_HEAD) != 0;
    return e->slot < pack->slots.len &&
           text_is(pack, e->key, srt_pack_at(pack, infos[e->slot].name), infos[e->slot].name.len);
}

static bool refuse(const char **ret_why, const char *why)
{
    *ret_why = why;
    return false;
}

bool srt_check_names(const struct sigmaton_pack *pack, const char **ret_why)
{
    struct sigmaton_ref ref = pack->names;
    const struct sigmaton_names *head = srt_pack_at(pack, ref);
    if (ref.len == 0)
        return true;
    if (ref.off % 8 != 0 || (uint64_t)ref.off + ref.len > pack->image_size ||
        ref.len < sizeof *head || !is_power_of_two(head->n_buckets) ||
        !is_power_of_two(head->n_entries) ||
        sizeof *head + ((uint64_t)head->n_buckets * 2 + 7) / 8 * 8 +
                (uint64_t)head->n_entries * sizeof(struct sigmaton_name) !=
            ref.len)
        return refuse(ret_why, wrong_size);
    struct srt_root_names root = srt_root_names_of(pack);
    for (uint32_t i = 0; i < head->n_entries; i++)
        if (!entry_holds(pack, &root.entries[i]))
            return refuse(ret_why, wrong_name);
    for (uint32_t i = 0; i < pack->slots.len; i++)
        if (!slot_stands(pack, &root, i))
            return refuse(ret_why, wrong_name);
    return true;
}
