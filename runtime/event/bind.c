#include "bind.h"

#include <string.h>

#include "leaf.h"
#include "number.h"
#include "utf8.h"

bool srt_ascii_equal(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    if (a_len != b_len)
        return false;
    size_t i = 0;
    for (; i + 8 <= a_len; i += 8)
        if (srt_fold_word(a + i) != srt_fold_word(b + i))
            return false;
    if (i < a_len && a_len >= 8) /* the last word, some of it once more */
        return srt_fold_word(a + a_len - 8) == srt_fold_word(b + a_len - 8);
    for (; i < a_len; i++)
        if (srt_fold_byte(a[i]) != srt_fold_byte(b[i]))
            return false;
    return true;
}

/* The first leaf of a slot that is of one of the kinds; NULL when it has none. */
static const struct sigmaton_slot *first_leaf(const struct sigmaton_slot *slot, uint32_t kinds)
{
    struct srt_leaves leaves = srt_leaves(slot);
    for (uint32_t i = 0; i < leaves.n; i++)
        if ((leaves.v[i].kind & kinds) != 0)
            return &leaves.v[i];
    return NULL;
}

const struct sigmaton_slot *srt_slot_string(const struct sigmaton_slot *slot)
{
    return first_leaf(slot, SIGMATON_TEXT);
}

static const struct sigmaton_slot *role_text(struct srt_role_slots role,
                                             const struct sigmaton_slot *slots)
{
    for (uint32_t i = 0; i < role.n; i++) {
        const struct sigmaton_slot *leaf = first_leaf(&slots[role.slots[i]], SIGMATON_SCALAR);
        if (leaf != NULL && leaf->len > 0)
            return leaf;
    }
    return NULL;
}

/* A whole number of 32 bits, however it is written. */
static bool id_of_number(struct srt_number number, uint32_t *ret_id)
{
    if (number.kind == SIGMATON_INT && number.bits <= UINT32_MAX) {
        *ret_id = (uint32_t)number.bits;
        return true;
    }
    if (number.kind != SIGMATON_DOUBLE)
        return false;
    double d = srt_number_double(number.bits);
    if (!(d >= 0 && d <= UINT32_MAX) || d != (double)(uint32_t)d)
        return false;
    *ret_id = (uint32_t)d;
    return true;
}

/* The first slot whose first leaf is a number decides, even when the number can be no event id. */
static bool role_id(struct srt_role_slots role, const struct sigmaton_slot *slots, uint32_t *ret_id)
{
    for (uint32_t i = 0; i < role.n; i++) {
        struct srt_leaves leaves = srt_leaves(&slots[role.slots[i]]);
        struct srt_number number;
        if (leaves.n > 0 && (leaves.v[0].kind & SIGMATON_SCALAR) != 0 &&
            srt_number_of(&leaves.v[0], &number))
            return id_of_number(number, ret_id);
    }
    return false;
}

struct srt_source srt_source_of(const struct srt_names *names, const struct sigmaton_slot *slots)
{
    struct srt_source source = {0};
    const struct sigmaton_slot *channel = role_text(names->roles[SRT_ROLE_CHANNEL], slots);
    if (channel != NULL) {
        source.channel = channel->at.text;
        source.channel_len = channel->len;
    }
    const struct sigmaton_slot *provider =
        channel == NULL ? role_text(names->roles[SRT_ROLE_PROVIDER], slots) : NULL;
    if (provider != NULL) {
        source.provider = provider->at.text;
        source.provider_len = provider->len;
    }
    source.has_id = role_id(names->roles[SRT_ROLE_EVENT_ID], slots, &source.id);
    return source;
}

/* Windows writes "-" for a name that is not known. */
static const struct sigmaton_slot *known_name(const struct sigmaton_slot *slot)
{
    const struct sigmaton_slot *name = srt_slot_string(slot);
    return name != NULL && !(name->len == 1 && name->at.text[0] == '-') ? name : NULL;
}

static void text_copy(uint8_t *to, const struct sigmaton_slot *slot)
{
    if (slot->len > 0) /* an empty text may have no address */
        memcpy(to, slot->at.text, slot->len);
}

/* field = domain \ source; source alone without a domain. */
static bool join(struct srt_event *event, const struct sigmaton_binding *b)
{
    const struct sigmaton_slot *name = known_name(&event->slots[b->source]);
    if (name == NULL)
        return true;
    const struct sigmaton_slot *domain =
        b->domain != SIGMATON_NO_SLOT ? known_name(&event->slots[b->domain]) : NULL;
    if (domain == NULL) {
        *srt_event_slot(event, b->field) = *name;
        return true;
    }
    size_t len = (size_t)domain->len + 1 + name->len;
    if (len > SRT_JOIN_MAX - event->join_len)
        return false;
    uint8_t *text = srt_event_text(event, len);
    if (text == NULL)
        return false;
    event->join_len += len;
    text_copy(text, domain);
    text[domain->len] = '\\';
    text_copy(text + domain->len + 1, name);
    *srt_event_slot(event, b->field) =
        (struct sigmaton_slot){.at.text = text, .len = (uint32_t)len, .kind = SIGMATON_TEXT};
    return true;
}

static bool binding_apply(struct srt_event *event, const struct sigmaton_binding *b)
{
    bool absent = event->slots[b->field].kind == SIGMATON_ABSENT;
    const struct sigmaton_slot *source = &event->slots[b->source];
    switch (b->kind) {
    case SIGMATON_BIND_RENAME:
        if (absent && source->kind != SIGMATON_ABSENT)
            *srt_event_slot(event, b->field) = *source;
        return true;
    case SIGMATON_BIND_OVERRIDE:
        *srt_event_slot(event, b->field) = *source;
        return true;
    default: /* SIGMATON_BIND_JOIN: a checked pack has no other */
        return !absent || join(event, b);
    }
}

/* A binding without a channel fits every event; nearly no other fits its id. */
static inline bool binding_fits(const struct sigmaton_pack *pack, const struct sigmaton_binding *b,
                                const struct srt_source *source)
{
    if (b->channel.len == 0)
        return true;
    return source->has_id && b->event_id == source->id && source->channel != NULL &&
           srt_ascii_equal(srt_pack_at(pack, b->channel), b->channel.len, source->channel,
                           source->channel_len);
}

bool srt_bindings_idle(const struct sigmaton_pack *pack, const struct srt_source *source,
                       const struct sigmaton_slot *slots)
{
    const struct sigmaton_binding *bindings = srt_pack_at(pack, pack->bindings);
    for (uint32_t i = 0; i < pack->bindings.len; i++) {
        const struct sigmaton_binding *b = &bindings[i];
        if (binding_fits(pack, b, source) &&
            (b->kind == SIGMATON_BIND_OVERRIDE ||
             (slots[b->field].kind == SIGMATON_ABSENT && slots[b->source].kind != SIGMATON_ABSENT)))
            return false;
    }
    return true;
}

enum sigmaton_status srt_bindings_apply(const struct sigmaton_pack *pack,
                                        const struct srt_source *source, struct srt_event *event,
                                        const char **ret_why)
{
    const struct sigmaton_binding *bindings = srt_pack_at(pack, pack->bindings);
    for (uint32_t i = 0; i < pack->bindings.len; i++) {
        const struct sigmaton_binding *b = &bindings[i];
        if (!binding_fits(pack, b, source))
            continue;
        if (!binding_apply(event, b)) {
            *ret_why = "joined user names exceed 1 MiB (SRT_JOIN_MAX)";
            return SIGMATON_ELIMIT;
        }
    }
    return SIGMATON_OK;
}
