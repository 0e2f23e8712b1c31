#include "bind.h"

#include <string.h>

#include "ascii.h"

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

struct srt_bindings srt_bindings_of(const struct sigmaton_pack *pack)
{
    struct srt_bindings all = {
        .pack = pack, .rows = srt_pack_at(pack, pack->bindings), .n = pack->bindings.len};
    while (all.first_any < all.n && all.rows[all.first_any].channel.len > 0)
        all.ids |= UINT64_C(1) << all.rows[all.first_any++].event_id % 64;
    return all;
}

/* A binding without a channel fits every event. */
static bool binding_fits(const struct srt_bindings *bindings, const struct sigmaton_binding *b,
                         const struct srt_source *source)
{
    if (b->channel.len == 0)
        return true;
    return source->has_id && b->event_id == source->id && source->channel != NULL &&
           srt_ascii_equal(srt_pack_at(bindings->pack, b->channel), b->channel.len, source->channel,
                           source->channel_len);
}

bool srt_bindings_change_nothing(const struct srt_bindings *bindings, uint32_t from,
                                 const struct srt_source *source, const struct sigmaton_slot *slots)
{
    for (uint32_t i = from; i < bindings->n; i++) {
        const struct sigmaton_binding *b = &bindings->rows[i];
        if ((b->kind == SIGMATON_BIND_OVERRIDE || (slots[b->source].kind != SIGMATON_ABSENT &&
                                                   slots[b->field].kind == SIGMATON_ABSENT)) &&
            binding_fits(bindings, b, source))
            return false;
    }
    return true;
}

enum sigmaton_status srt_bindings_apply(const struct srt_bindings *bindings,
                                        const struct srt_source *source, struct srt_event *event,
                                        const char **ret_why)
{
    for (uint32_t i = srt_bindings_first(bindings, source); i < bindings->n; i++) {
        const struct sigmaton_binding *b = &bindings->rows[i];
        if (!binding_fits(bindings, b, source))
            continue;
        if (!binding_apply(event, b)) {
            *ret_why = "joined user names exceed 1 MiB (SRT_JOIN_MAX)";
            return SIGMATON_ELIMIT;
        }
    }
    return SIGMATON_OK;
}
