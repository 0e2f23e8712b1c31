/* Tokens of either reader into leaves, and what the text of a JSON string may be: no control
 * character, escapes that RFC 8259 knows, well-formed UTF-8 (RFC 3629). */
#ifndef SRT_LEAF_TEXT_H
#define SRT_LEAF_TEXT_H

#include "event.h"

/* The leaf of a number token. false: the event's arena is full. */
bool srt_number_leaf(struct srt_event *event, const uint8_t *token, uint32_t len,
                     struct sigmaton_slot *ret_leaf);
/* The leaf of the literal that begins with `first`: true, false or null. */
void srt_literal_leaf(uint8_t first, struct sigmaton_slot *ret_leaf);

/* The sequence at p < end: its length, or 0 when it is malformed (overlong, surrogate, too large,
 * cut off). */
size_t srt_utf8_sequence(const uint8_t *p, const uint8_t *end);

/* The escape whose backslash is at p < end: its length; 0: *ret_what says what is wrong, NULL where
 * it is cut off. */
size_t srt_escape_length(const uint8_t *p, const uint8_t *end, const char **ret_what);
/* Whether the byte behind a backslash, at p < end, begins an escape that holds. */
bool srt_escape_holds(const uint8_t *p, const uint8_t *end);

/* What is wrong in p[len], a phrase, and *ret_at where; NULL when all is well. */
const char *srt_text_fault(const uint8_t *p, size_t len, const uint8_t **ret_at);

/* Whether p[len], whose escapes hold, has no control character and is UTF-8. */
bool srt_text_is_sound(const uint8_t *p, size_t len);

#endif
