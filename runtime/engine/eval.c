/* sigmaton_eval: one event in any form. */
#include <string.h>

#include "engine.h"

/* ---- Pairs, written as the JSON object that they are ----------------------------------------- */

struct writer {
    uint8_t *p; /* [SIGMATON_LINE_MAX] */
    size_t len;
    bool full;
};

static void put(struct writer *w, const void *p, size_t len)
{
    if (w->full || len > SIGMATON_LINE_MAX - w->len) {
        w->full = true;
        return;
    }
    if (len > 0)
        memcpy(w->p + w->len, p, len);
    w->len += len;
}

static void put_text(struct writer *w, const char *p, uint32_t len)
{
    static const char hex[] = "0123456789abcdef";
    uint32_t from = 0;
    put(w, "\"", 1);
    for (uint32_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)p[i];
        char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        put(w, p + from, i - from);
        put(w, escape, sizeof escape);
        from = i + 1;
    }
    put(w, p + from, len - from);
    put(w, "\"", 1);
}

/* Nothing that could be more than one token; whether it is one, the reader says. */
static bool is_number(const char *p, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++)
        if (memchr("0123456789+-.eE", p[i], 15) == NULL)
            return false;
    return len > 0;
}

static bool is_word(const struct sigmaton_pair *pair, const char *word)
{
    return pair->value_len == strlen(word) && memcmp(pair->value, word, pair->value_len) == 0;
}

static bool put_value(struct writer *w, const struct sigmaton_pair *pair)
{
    if (pair->kind == SIGMATON_NULL) {
        put(w, "null", 4);
        return true;
    }
    if (pair->value == NULL && pair->value_len > 0)
        return false;
    switch (pair->kind) {
    case SIGMATON_TEXT:
        put_text(w, pair->value, pair->value_len);
        return true;
    case SIGMATON_INT:
    case SIGMATON_UINT:
    case SIGMATON_DOUBLE:
        if (!is_number(pair->value, pair->value_len))
            return false;
        break;
    case SIGMATON_BOOL:
        if (pair->value == NULL || (!is_word(pair, "true") && !is_word(pair, "false")))
            return false;
        break;
    default:
        return false;
    }
    put(w, pair->value, pair->value_len);
    return true;
}

static bool put_pairs(struct writer *w, const struct sigmaton_pair *pairs, size_t n)
{
    put(w, "{", 1);
    for (size_t i = 0; i < n; i++) {
        if (pairs[i].reserved != 0 || (pairs[i].name == NULL && pairs[i].name_len > 0))
            return false;
        put(w, ",", i > 0);
        put_text(w, pairs[i].name, pairs[i].name_len);
        put(w, ":", 1);
        if (!put_value(w, &pairs[i]))
            return false;
    }
    put(w, "}", 1);
    return true;
}

static enum sigmaton_status eval_pairs(const struct sigmaton_engine *engine,
                                       struct sigmaton_scratch *s,
                                       const struct sigmaton_pair *pairs, size_t n,
                                       struct sigmaton_verdict *v)
{
    struct writer w = {.p = s->line};
    if (!put_pairs(&w, pairs, n))
        return SIGMATON_EINVAL;
    enum sigmaton_status status = sigmaton_eval_json(engine, s, w.p, w.full ? 0 : w.len, v);
    if (w.full) { /* what was judged is nothing */
        status = SIGMATON_ELIMIT;
        v->error = "the pairs exceed SIGMATON_LINE_MAX as JSON";
        v->error_off = 0;
    }
    return status;
}

/* ---- The call ------------------------------------------------------------------------------ */

/* A caller's struct may be longer than ours by zeros. */
static bool event_fits(const struct sigmaton_event *event)
{
    const uint8_t *bytes = (const uint8_t *)event;
    if (event == NULL || event->size < sizeof *event || (event->of == NULL && event->n > 0))
        return false;
    for (size_t i = sizeof *event; i < event->size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static enum sigmaton_status eval_form(const struct sigmaton_engine *engine,
                                      struct sigmaton_scratch *s,
                                      const struct sigmaton_event *event,
                                      struct sigmaton_verdict *v)
{
    switch (event->form) {
    case SIGMATON_FORM_JSON:
        return sigmaton_eval_json(engine, s, event->of, event->n, v);
    case SIGMATON_FORM_SLOTS:
        return event->n == engine->pack->slots.len ? sigmaton_eval_slots(engine, s, event->of, v)
                                                   : SIGMATON_EINVAL;
    case SIGMATON_FORM_PAIRS:
        return eval_pairs(engine, s, event->of, event->n, v);
    }
    return SIGMATON_EINVAL;
}

enum sigmaton_status sigmaton_eval(const struct sigmaton_engine *engine,
                                   struct sigmaton_scratch *scratch,
                                   const struct sigmaton_event *event,
                                   struct sigmaton_verdict *ret_verdict)
{
    if (engine == NULL || scratch == NULL || scratch->engine != engine || ret_verdict == NULL ||
        !event_fits(event))
        return SIGMATON_EINVAL;
    scratch->given = event->source;
    enum sigmaton_status status = eval_form(engine, scratch, event, ret_verdict);
    scratch->given = NULL;
    return status;
}
