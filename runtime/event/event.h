/* One event: the slots of a pack over the caller's bytes.
 *
 * A slot borrows the event's own bytes wherever they can be used as they stand; only unescaped
 * texts, number texts and lists live here, in two arenas whose capacities are fixed when the
 * scratch is cut. Nothing allocates per event: an arena that is full makes SIGMATON_ELIMIT of the
 * event. Who fills a slot notes it, so that a reset costs what the event filled and no more.
 *
 *     srt_event_reset(&event);             // every slot absent, arenas empty
 *     *srt_event_slot(&event, i) = (struct sigmaton_slot){...};
 *     uint8_t *p = srt_event_text(&event, len);
 *     struct sigmaton_slot *leaves = srt_event_leaves(&event, n);
 */
#ifndef SRT_EVENT_H
#define SRT_EVENT_H

#include <sigmaton/sigmaton.h>

#include "cut.h"
#include "line.h"
#include "number.h"
#include "runtime.h"
#include "seek.h"

/* Bytes of all texts that bindings join of two (domain \ user). */
#define SRT_JOIN_MAX ((size_t)1 << 20)
/* The event unescaped and the texts of numbers, each as a field and as a keyword; what bindings
 * join. */
#define SRT_EVENT_TEXT_MAX \
    (2 * (SIGMATON_LINE_MAX + (size_t)SRT_NUMBER_TEXT * SIGMATON_VALUES_MAX) + SRT_JOIN_MAX)
/* Unescaped text of an event that is called ordinary (sigmaton_scratch_ordinary). */
#define SRT_ORDINARY_TEXT ((size_t)64 << 10)
/* A value is a leaf of one field and of the keywords. */
#define SRT_EVENT_LEAVES_MAX ((size_t)2 * SIGMATON_VALUES_MAX)

struct srt_event {
    struct sigmaton_slot *slots; /* [n_slots] */
    /* Slots that are not as reset left them, some perhaps twice; when the list is full, any may be
     * one. */
    struct sigmaton_slot **filled; /* [n_slots] */
    struct sigmaton_slot *leaves;
    uint8_t *text;
    const uint8_t *raw_end; /* of the bytes that SIGMATON_ESCAPED slots lie in */
    size_t n_leaves, text_len, join_len;
    const struct srt_seek *seek; /* that unescapes; NULL: none */
    struct srt_line *search;     /* what the scanner looks for beside quotes; NULL: nothing */
    uint32_t n_slots, n_filled;
    bool is_plain; /* see srt_scan */
};

/* Cuts an event's memory; call it twice, see cut.h. */
void srt_event_cut(struct srt_event *event, uint32_t n_slots, struct srt_cutter *cutter);
/* Every slot absent, arenas empty. An absent slot's other members stay as they were. */
void srt_event_reset(struct srt_event *event);

/* A slot to be filled: noted for the next reset. */
static inline struct sigmaton_slot *srt_event_slot(struct srt_event *event, uint32_t slot)
{
    struct sigmaton_slot *to = &event->slots[slot];
    if (event->n_filled < event->n_slots)
        event->filled[event->n_filled++] = to;
    return to;
}

/* Fills a reset event from slots[n_slots]. false: one is SIGMATON_ESCAPED, whose bytes nobody has
 * checked. */
bool srt_event_take(struct srt_event *event, const struct sigmaton_slot *slots);

/* Turns SIGMATON_ESCAPED into SIGMATON_TEXT in the event's arena; other kinds stay. false: the
 * arena is full, the slot is as it was. */
bool srt_slot_decode(struct srt_event *event, struct sigmaton_slot *slot);
/* The same for every slot. */
bool srt_slots_decode(struct srt_event *event);

#define SRT_UNESCAPE_SLACK 32

/* What a SIGMATON_ESCAPED slot of more than SRT_HEAD bytes begins with, as text; returns its
 * length, 0: the bytes cannot be parted there, or the slot is another. The slot stays as it is. */
uint32_t srt_slot_head(const struct srt_event *event, const struct sigmaton_slot *slot,
                       uint8_t text[SRT_HEAD_ROOM]);

/* JSON escapes, known to be valid, as the text they stand for; never longer than p[len], but up to
 * SRT_UNESCAPE_SLACK bytes are written behind it. Bytes up to `readable` may be read. Returns the
 * text's length. A lone surrogate is U+FFFD. seek: of the machine's level, or NULL. */
size_t srt_unescape(const struct srt_seek *seek, uint8_t *to, const uint8_t *p, size_t len,
                    const uint8_t *readable);

/* `len` bytes of text, uninitialised; NULL when the arena is full. */
uint8_t *srt_event_text(struct srt_event *event, size_t len);
/* `n` leaves, uninitialised; NULL when the arena is full. */
struct sigmaton_slot *srt_event_leaves(struct srt_event *event, size_t n);

#endif
