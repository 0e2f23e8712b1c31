/* An event's class (pack.h, Classes): found by its channel or provider, its id and the conditions
 * that hold.
 *
 *     uint32_t number;
 *     if (srt_class_find(classes, &source, slots, &number)) ...
 */
#ifndef SRT_CLASS_H
#define SRT_CLASS_H

#include "origin.h"
#include "texts.h"

/* Where a key's case for an id is found. */
struct srt_class_entry {
    const struct sigmaton_case *found; /* NULL: the entry is free, and no later one has the id */
    uint32_t key, id;
};

struct srt_classes {
    const struct sigmaton_pack *pack;
    struct srt_texts keys;           /* channels and providers: number of the key + 1 */
    uint32_t id_slot;                /* the first slot that names event ids, or SIGMATON_NO_SLOT */
    uint32_t shift;                  /* of a hash of 32 bits, to an entry */
    struct srt_class_entry *entries; /* [1 << (32 - shift)], at most half of them taken */
};

/* Enters the keys of a checked pack, which is kept until destroy. NULL: no memory. Start-up only.
 */
struct srt_classes *srt_classes_create(const struct sigmaton_pack *pack);
void srt_classes_destroy(struct srt_classes *classes); /* accepts NULL */

/* A key's case for an id, or the entry where it would stand. */
static inline struct srt_class_entry *srt_class_entry(const struct srt_classes *c, uint32_t key,
                                                      uint32_t id)
{
    const uint32_t last = UINT32_MAX >> c->shift;
    uint32_t i = (id + key * UINT32_C(0x85ebca6b)) * UINT32_C(0x9e3779b1) >> c->shift;
    while (c->entries[i].found != NULL && (c->entries[i].id != id || c->entries[i].key != key))
        i = (i + 1) & last;
    return &c->entries[i];
}

/* The number of the event's key, counted from 1; 0: none. */
static inline uint32_t srt_class_key(const struct srt_classes *c, const struct srt_source *source)
{
    if (source->channel != NULL)
        return srt_texts_get(&c->keys, SRT_SPACE_CHANNEL, source->channel, source->channel_len);
    if (source->provider != NULL)
        return srt_texts_get(&c->keys, SRT_SPACE_PROVIDER, source->provider, source->provider_len);
    return 0;
}

/* The class that a case with conditions names. */
uint32_t srt_class_when(const struct srt_classes *classes, const struct sigmaton_case *found,
                        const struct sigmaton_slot *slots);

/* The class of an event whose slots are as it has them, before bindings. false: none that is
 * smaller than the whole table says. In line: every event comes by. */
static inline bool srt_class_find(const struct srt_classes *c, const struct srt_source *source,
                                  const struct sigmaton_slot *slots, uint32_t *ret_class)
{
    const uint32_t number = srt_class_key(c, source);
    if (number == 0)
        return false;
    if (c->id_slot != SIGMATON_NO_SLOT && slots[c->id_slot].kind == SIGMATON_LIST)
        return false; /* it may hold the ids that rules want, beside the one that routes it */
    const struct sigmaton_key *keys = srt_pack_at(c->pack, c->pack->keys);
    const struct sigmaton_case *found =
        source->has_id ? srt_class_entry(c, number, source->id)->found : NULL;
    if (found == NULL)
        found = srt_pack_at(c->pack, keys[number - 1].cases);
    *ret_class = found->n_whens == 0 ? found->classes[0] : srt_class_when(c, found, slots);
    return true;
}

#endif
