#include "read.h"

#include <string.h>

/* One event by the tape reader. */
static enum sigmaton_status tape_read(struct sigmaton_scratch *s)
{
    enum sigmaton_status status = srt_json_parse(&s->tape, s->json, s->json_len);
    s->on_tape = status == SIGMATON_OK;
    if (status == SIGMATON_OK)
        status = srt_json_bind(&s->tape, s->engine->names, &s->event);
    if (status != SIGMATON_OK)
        srt_event_reset(&s->event);
    return status;
}

/* The first line of s->json becomes all of it, without its end and a carriage return before that.
 */
static size_t line_cut(struct sigmaton_scratch *s)
{
    size_t used = s->json_len;
    const uint8_t *feed = used > 0 ? memchr(s->json, '\n', used) : NULL;
    if (feed != NULL) {
        s->json_len = (size_t)(feed - s->json);
        used = s->json_len + 1;
    }
    if (s->json_len > 0 && s->json[s->json_len - 1] == '\r')
        s->json_len--;
    return used;
}

static bool is_blank(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r')
            return false;
    return true;
}

enum sigmaton_status srt_read_event(struct sigmaton_scratch *s, const void *json, size_t len,
                                    bool lines, size_t *ret_used)
{
    srt_event_reset(&s->event);
    s->slots = s->event.slots;
    s->runtime.line = NULL;
    s->runtime.plain = false;
    s->json = json;
    s->json_len = len;
    s->on_tape = false;
    size_t used = srt_scan(&s->engine->scanner, &s->event, json, len, lines);
    *ret_used = used > 0 ? used : len;
    if (used > 0) {
        s->runtime.plain = s->event.is_plain;
        if (lines)
            s->json_len = used;
        while (s->json[s->json_len - 1] <= ' ') /* up to the brace that closes it */
            s->json_len--;
        return SIGMATON_OK;
    }
    srt_event_reset(&s->event);
    if (lines)
        *ret_used = line_cut(s);
    if (lines && s->json_len <= SIGMATON_LINE_MAX && is_blank(s->json, s->json_len))
        return SIGMATON_BLANK;
    return tape_read(s);
}

bool srt_rules_ask_keywords(const struct sigmaton_engine *engine, const uint64_t *rules)
{
    const uint64_t *asking = engine->keyword_rules;
    for (uint32_t w = 0; w < engine->n_words; w++)
        if ((rules[w] & (asking != NULL ? asking[w] : UINT64_MAX)) != 0)
            return true;
    return false;
}

enum sigmaton_status srt_read_keywords(struct sigmaton_scratch *s)
{
    enum sigmaton_status status = SIGMATON_OK;
    if (s->json == NULL)
        return status;
    if (!s->on_tape) {
        status = srt_json_parse(&s->tape, s->json, s->json_len);
        s->on_tape = status == SIGMATON_OK;
    }
    if (status == SIGMATON_OK)
        status = srt_json_keywords(&s->tape, s->engine->names, &s->event);
    if (status != SIGMATON_OK)
        srt_event_reset(&s->event);
    return status;
}
