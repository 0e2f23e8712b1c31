#include "event.h"

#include <string.h>

#define ESCAPE_MAX 12u /* bytes of a pair of surrogates */
_Static_assert(SRT_HEAD_ROOM >= SRT_HEAD + SRT_UNESCAPE_SLACK, "a head has room as text");

void srt_event_cut(struct srt_event *event, uint32_t n_slots, struct srt_cutter *cutter)
{
    memset(event, 0, sizeof *event);
    event->n_slots = n_slots;
    event->slots = srt_cut(cutter, n_slots, sizeof *event->slots);
    event->filled = srt_cut(cutter, n_slots, sizeof(struct sigmaton_slot *));
    event->text = srt_cut(cutter, SRT_EVENT_TEXT_MAX + SRT_UNESCAPE_SLACK, 1);
    event->leaves = srt_cut(cutter, SRT_EVENT_LEAVES_MAX, sizeof *event->leaves);
}

/* Of the n_filled slots that may not be as reset left them the one at i: all, when the list is
 * full. */
static inline struct sigmaton_slot *filled_at(const struct srt_event *event, uint32_t i)
{
    return event->n_filled < event->n_slots ? event->filled[i] : &event->slots[i];
}

void srt_event_reset(struct srt_event *event)
{
    for (uint32_t i = 0; i < event->n_filled; i++)
        filled_at(event, i)->kind = SIGMATON_ABSENT;
    event->n_filled = 0;
    event->n_leaves = 0;
    event->text_len = 0;
    event->join_len = 0;
    event->is_plain = false;
}

uint8_t *srt_event_text(struct srt_event *event, size_t len)
{
    if (len > SRT_EVENT_TEXT_MAX - event->text_len)
        return NULL;
    uint8_t *p = event->text + event->text_len;
    event->text_len += len;
    return p;
}

struct sigmaton_slot *srt_event_leaves(struct srt_event *event, size_t n)
{
    if (n > SRT_EVENT_LEAVES_MAX - event->n_leaves)
        return NULL;
    struct sigmaton_slot *p = event->leaves + event->n_leaves;
    event->n_leaves += n;
    return p;
}

bool srt_event_take(struct srt_event *event, const struct sigmaton_slot *slots)
{
    for (uint32_t i = 0; i < event->n_slots; i++) {
        if (slots[i].kind == SIGMATON_ESCAPED)
            return false;
        if (slots[i].kind != SIGMATON_ABSENT)
            *srt_event_slot(event, i) = slots[i];
    }
    return true;
}

bool srt_slot_decode(struct srt_event *event, struct sigmaton_slot *slot)
{
    if (slot->kind != SIGMATON_ESCAPED)
        return true;
    if (memchr(slot->at.text, '\\', slot->len) == NULL) { /* one of the line's other strings has */
        slot->kind = SIGMATON_TEXT;
        return true;
    }
    uint8_t *text = srt_event_text(event, slot->len);
    if (text == NULL)
        return false;
    size_t len = srt_unescape(event->seek, text, slot->at.text, slot->len, event->raw_end);
    event->text_len -= slot->len - len;
    slot->at.text = text;
    slot->len = (uint32_t)len;
    slot->kind = SIGMATON_TEXT;
    return true;
}

/* Up to where p[SRT_HEAD ..] can be cut: no escape and no character is parted. 0: nowhere in its
 * second half. */
static uint32_t head_end(const uint8_t *p)
{
    uint32_t end = SRT_HEAD;
    while (end > SRT_HEAD / 2 && (p[end] & 0xc0) == 0x80)
        end--;
    for (uint32_t at = end; at-- > SRT_HEAD / 2;) {
        if (p[at] == '\\')
            end = at;
        else if (end - at == ESCAPE_MAX)
            return end;
    }
    return 0;
}

uint32_t srt_slot_head(const struct srt_event *event, const struct sigmaton_slot *slot,
                       uint8_t text[SRT_HEAD_ROOM])
{
    if (slot->kind != SIGMATON_ESCAPED || slot->len <= SRT_HEAD)
        return 0;
    const uint8_t *p = slot->at.text;
    return (uint32_t)srt_unescape(event->seek, text, p, head_end(p), event->raw_end);
}

bool srt_slots_decode(struct srt_event *event)
{
    for (uint32_t i = 0; i < event->n_filled; i++)
        if (!srt_slot_decode(event, filled_at(event, i)))
            return false;
    return true;
}
