/* The tape reader: one JSON event into slots, whatever it looks like. RFC 8259, in one walk over
 * the bytes; the scanner (scan.h) takes the plain events off it.
 *
 * Structure (keys, numbers, literals, nesting) is checked in full. Of strings that are values only
 * the end is looked for; those that a slot asks for are checked when they are asked for (README).
 * Neither step recurses or allocates. A byte order mark at the start is skipped.
 *
 *     if (srt_json_parse(&tape, line, len) == SIGMATON_OK)
 *         srt_json_bind(&tape, names, &event);
 */
#ifndef SRT_NDJSON_H
#define SRT_NDJSON_H

#include "tape.h"

/* Cuts a reader's memory; call it twice, see cut.h. The memory must be zeroed. */
void srt_json_cut(struct srt_tape *tape, const struct srt_names *names, uint32_t n_slots,
                  struct srt_cutter *cutter);

/* Reads text[len], which is kept until the next call, onto the tape. SIGMATON_EEVENT: it is no JSON
 * object; SIGMATON_ELIMIT: too long, too deep or too many values. tape->error and error_off say
 * what and where. */
enum sigmaton_status srt_json_parse(struct srt_tape *tape, const uint8_t *text, size_t len);

/* Fills the slots of a reset event from the tape, as SEMANTICS section 5 looks fields up; not the
 * keywords. SIGMATON_EEVENT when a text that a slot asks for is at fault; SIGMATON_ELIMIT when an
 * arena of the event is full. */
enum sigmaton_status srt_json_bind(struct srt_tape *tape, const struct srt_names *names,
                                   struct srt_event *event);

/* Fills the keywords slot, where the pack has one, with every scalar. As srt_json_bind. */
enum sigmaton_status srt_json_keywords(struct srt_tape *tape, const struct srt_names *names,
                                       struct srt_event *event);

/* Checks every string, asked for or not. SIGMATON_EEVENT: see tape->error. */
enum sigmaton_status srt_json_texts(struct srt_tape *tape);

#endif
