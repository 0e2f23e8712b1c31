#include "event.h"

#include <string.h>

void srt_event_cut(struct srt_event *event, uint32_t n_slots, struct srt_cutter *cutter)
{
    memset(event, 0, sizeof *event);
    event->n_slots = n_slots;
    event->slots = srt_cut(cutter, n_slots, sizeof *event->slots);
    event->leaves = srt_cut(cutter, SRT_EVENT_LEAVES_MAX, sizeof *event->leaves);
    event->text = srt_cut(cutter, SRT_EVENT_TEXT_MAX, 1);
}

void srt_event_reset(struct srt_event *event)
{
    if (event->n_slots > 0)
        memset(event->slots, 0, event->n_slots * sizeof *event->slots);
    event->n_leaves = 0;
    event->text_len = 0;
    event->join_len = 0;
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
