/* What an event says of where it comes from: its channel, its provider, its event id.
 *
 *     struct srt_source source;
 *     srt_source_of(names, slots, &source);
 */
#ifndef SRT_ORIGIN_H
#define SRT_ORIGIN_H

#include "slot_names.h"

/* Texts are borrowed from the slots. */
struct srt_source {
    const uint8_t *channel, *provider; /* NULL: none */
    uint32_t channel_len, provider_len;
    uint32_t id;
    bool has_id;
};

/* The first leaf of a slot that is of one of the kinds (SIGMATON_*); NULL: none. */
const struct sigmaton_slot *srt_slot_leaf(const struct sigmaton_slot *slot, uint32_t kinds);

/* The first leaf of a slot that has text alone: a JSON string, or a number whose double is infinite
 * (the oracle's leaf_is_string). NULL: none. */
static inline const struct sigmaton_slot *srt_slot_string(const struct sigmaton_slot *slot)
{
    return srt_slot_leaf(slot, SIGMATON_TEXT);
}

/* Whether the first leaf of a slot is a number or a numeric text. Where that is a whole number of
 * 32 bits, however it is written, it is the source's id. */
bool srt_slot_id(const struct sigmaton_slot *slot, struct srt_source *source);

/* The first leaf with text of the first slot that has one. */
static inline const struct sigmaton_slot *srt_role_text(struct srt_role_slots role,
                                                        const struct sigmaton_slot *slots)
{
    for (uint32_t i = 0; i < role.n; i++) {
        const struct sigmaton_slot *leaf = &slots[role.slots[i]];
        if (leaf->kind == SIGMATON_LIST)
            leaf = srt_slot_leaf(leaf, SIGMATON_SCALAR);
        if (leaf != NULL && (leaf->kind & SIGMATON_SCALAR) != 0 && leaf->len > 0)
            return leaf;
    }
    return NULL;
}

/* Of the slots flagged CHANNEL (PROVIDER) the first with a leaf that has text, and that text; of
 * those flagged EVENT_ID the first whose first leaf is a number or a numeric text, even when that
 * can be no event id. Without a channel alone the provider counts, and is looked for. In line: most
 * events have a text and a whole number where they are looked for first. */
static inline void srt_source_of(const struct srt_names *names, const struct sigmaton_slot *slots,
                                 struct srt_source *ret_source)
{
    const struct sigmaton_slot *text = srt_role_text(names->roles[SRT_ROLE_CHANNEL], slots);
    *ret_source = (struct srt_source){0};
    if (text != NULL) {
        ret_source->channel = text->at.text;
        ret_source->channel_len = text->len;
    } else if ((text = srt_role_text(names->roles[SRT_ROLE_PROVIDER], slots)) != NULL) {
        ret_source->provider = text->at.text;
        ret_source->provider_len = text->len;
    }
    const struct srt_role_slots ids = names->roles[SRT_ROLE_EVENT_ID];
    for (uint32_t i = 0; i < ids.n; i++) {
        const struct sigmaton_slot *slot = &slots[ids.slots[i]];
        if (slot->kind == SIGMATON_INT && slot->number <= UINT32_MAX) {
            ret_source->id = (uint32_t)slot->number;
            ret_source->has_id = true;
            return;
        }
        if (slot->kind != SIGMATON_ABSENT && srt_slot_id(slot, ret_source))
            return;
    }
}

#endif
