#include "class.h"

#include <stdlib.h>

#include "host.h"

static struct srt_classes *classes_cut(const struct sigmaton_pack *pack, struct srt_cutter *cutter)
{
    struct srt_classes laid = {.pack = pack, .id_slot = SIGMATON_NO_SLOT};
    struct srt_classes *c = srt_cut(cutter, 1, sizeof *c);
    srt_texts_cut(&laid.keys, pack->keys.len, cutter);
    if (c != NULL)
        *c = laid;
    return c;
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
    for (uint32_t i = 0; i < pack->keys.len; i++)
        *srt_texts_put(&c->keys, keys[i].is_provider ? SRT_SPACE_PROVIDER : SRT_SPACE_CHANNEL,
                       srt_pack_at(pack, keys[i].text), keys[i].text.len) = i + 1;
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

static uint32_t key_of(const struct srt_classes *c, const struct srt_source *source)
{
    if (source->channel != NULL)
        return srt_texts_get(&c->keys, SRT_SPACE_CHANNEL, source->channel, source->channel_len);
    if (source->provider != NULL)
        return srt_texts_get(&c->keys, SRT_SPACE_PROVIDER, source->provider, source->provider_len);
    return 0;
}

/* Cases [1, n) are in the order of their ids; the first is for all others. */
static const struct sigmaton_case *case_of(const struct sigmaton_case *cases, uint32_t n,
                                           const struct srt_source *source)
{
    uint32_t lo = 1, hi = n;
    while (source->has_id && lo < hi) {
        const uint32_t mid = lo + (hi - lo) / 2;
        if (cases[mid].id == source->id)
            return &cases[mid];
        if (cases[mid].id < source->id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return &cases[0];
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

bool srt_class_find(const struct srt_classes *c, const struct srt_source *source,
                    const struct sigmaton_slot *slots, uint32_t *ret_class)
{
    const uint32_t number = key_of(c, source);
    if (number == 0)
        return false;
    if (c->id_slot != SIGMATON_NO_SLOT && slots[c->id_slot].kind == SIGMATON_LIST)
        return false; /* it may hold the ids that rules want, beside the one that routes it */
    const struct sigmaton_key *keys = srt_pack_at(c->pack, c->pack->keys);
    const struct sigmaton_ref cases = keys[number - 1].cases;
    const struct sigmaton_case *found = case_of(srt_pack_at(c->pack, cases), cases.len, source);
    uint32_t held = 0;
    for (uint32_t i = 0; i < found->n_whens; i++)
        held |= (uint32_t)when_holds(c->pack, found->whens[i], slots) << i;
    *ret_class = found->classes[held];
    return true;
}
