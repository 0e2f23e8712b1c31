/* The reading half of the engine: bytes into the slots of a scratch. */
#ifndef SRT_READ_H
#define SRT_READ_H

#include "engine.h"

/* Reads one event: all of json[len], or, with `lines`, what its first line end or its end ends.
 * *ret_used: bytes used, the line end among them. SIGMATON_BLANK (only with `lines`): the line
 * holds nothing. Else as sigmaton_eval_json; on failure the phrase and its place are on s->tape,
 * and every slot is absent. The keywords slot is left out. */
enum sigmaton_status srt_read_event(struct sigmaton_scratch *s, const void *json, size_t len,
                                    bool lines, size_t *ret_used);

/* Whether one of the rules, not NULL, may ask the keywords. */
bool srt_rules_ask_keywords(const struct sigmaton_engine *engine, const uint64_t *rules);
/* Whether a rule that the event meets may. */
static inline bool srt_asks_keywords(const struct sigmaton_engine *engine,
                                     struct srt_meeting meeting)
{
    if (engine->keywords_slot == SIGMATON_NO_SLOT)
        return false;
    return meeting.rules != NULL
               ? srt_rules_ask_keywords(engine, meeting.rules)
               : (engine->class_rows[meeting.class_number].flags & SIGMATON_CLASS_KEYWORDS) != 0;
}
/* Fills the keywords slot of the event last read, where it came as bytes. Status as above. */
enum sigmaton_status srt_read_keywords(struct sigmaton_scratch *s);

#endif
