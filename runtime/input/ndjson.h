/* One JSON event into slots: RFC 8259, strict, in one walk over the bytes.
 *
 * The whole line is checked (structure, numbers, literals, escapes, control characters, UTF-8), but
 * only values that a slot asks for are unescaped. Neither step recurses or allocates. A byte order
 * mark at the start is skipped.
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

/* Fills the slots of a reset event from the tape, as SEMANTICS section 5 looks fields up; keywords
 * too, where the pack asks for them. SIGMATON_ELIMIT when an arena of the event is full. */
enum sigmaton_status srt_json_bind(struct srt_tape *tape, const struct srt_names *names,
                                   struct srt_event *event);

#endif
