#include "class.h"

#include <stdlib.h>

#include "host.h"

/* The first case of a key is for all ids that no other has. */
static size_t cases_count(const struct sigmaton_pack *pack)
{
    const struct sigmaton_key *keys = srt_pack_at(pack, pack->keys);
    size_t n = 0;
    for (uint32_t i = 0; i < pack->keys.len; i++)
        n += keys[i].cases.len - 1;
    return n;
}

static struct srt_classes *classes_cut(const struct sigmaton_pack *pack, struct srt_cutter *cutter)
{
    struct srt_classes laid = {.pack = pack, .id_slot = SIGMATON_NO_SLOT};
    struct srt_classes *c = srt_cut(cutter, 1, sizeof *c);
    srt_texts_cut(&laid.keys, pack->keys.len, cutter);
    const size_t n = cases_count(pack);
    for (laid.shift = 28; laid.shift > 0 && (size_t)1 << (32 - laid.shift) < 2 * n; laid.shift--)
        ;
    laid.entries = srt_cut(cutter, (size_t)1 << (32 - laid.shift), sizeof *laid.entries);
    if (c != NULL)
        *c = laid;
    return c;
}

static void cases_enter(struct srt_classes *c, uint32_t key, const struct sigmaton_case *cases,
                        uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        *srt_class_entry(c, key, cases[i].id) =
            (struct srt_class_entry){&cases[i], key, cases[i].id};
}

struct srt_classes *srt_classes_create(const struct sigmaton_pack *pack)
{
    struct srt_cutter cutter = {0};
    classes_cut(pack, &cutter);
    cutter = (struct srt_cutter){.base = calloc(1, cutter.used)};
    if (cutter.base == NULL)
        return NULL;
    struct srt_classes *c = classes_cut(pack, &cutter);
    const struct sigmaton_key *keys = srt_pack_at(pack, pack->keys);
    for (uint32_t i = 0; i < pack->keys.len; i++) {
        *srt_texts_put(&c->keys, keys[i].is_provider ? SRT_SPACE_PROVIDER : SRT_SPACE_CHANNEL,
                       srt_pack_at(pack, keys[i].text), keys[i].text.len) = i + 1;
        cases_enter(c, i + 1, srt_pack_at(pack, keys[i].cases), keys[i].cases.len);
    }
    const struct sigmaton_slot_info *infos = srt_pack_at(pack, pack->slots);
    for (uint32_t i = pack->slots.len; i-- > 0;)
        if ((infos[i].flags & SIGMATON_SLOT_EVENT_ID) != 0)
            c->id_slot = i;
    return c;
}

void srt_classes_destroy(struct srt_classes *classes)
{
    free(classes);
}

static bool when_holds(const struct sigmaton_pack *pack, uint32_t number,
                       const struct sigmaton_slot *slots)
{
    const struct sigmaton_when *when =
        (const struct sigmaton_when *)srt_pack_at(pack, pack->whens) + number;
    for (int i = 0; i < 2; i++)
        if (when->values[i].len > 0 &&
            srt_host()->eq(&slots[when->slot], srt_pack_at(pack, when->values[i]),
                           when->values[i].len, 0))
            return true;
    return false;
}

uint32_t srt_class_when(const struct srt_classes *c, const struct sigmaton_case *found,
                        const struct sigmaton_slot *slots)
{
    uint32_t held = 0;
    for (uint32_t i = 0; i < found->n_whens; i++)
        held |= (uint32_t)when_holds(c->pack, found->whens[i], slots) << i;
    return found->classes[held];
}
