#include "engine.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host.h"

/* ---- Start-up ------------------------------------------------------------------------------ */

/* Options of an older caller are shorter, those of a newer one may only be longer by zeros. */
static bool options_take(const struct sigmaton_engine_options *from,
                         struct sigmaton_engine_options *to)
{
    *to = (struct sigmaton_engine_options){.size = sizeof *to};
    if (from == NULL)
        return true;
    if (from->size < sizeof from->size)
        return false;
    const uint8_t *bytes = (const uint8_t *)from;
    for (size_t i = sizeof *to; i < from->size; i++)
        if (bytes[i] != 0)
            return false;
    memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
    return (unsigned)to->routing <= SIGMATON_ROUTE_GIVEN &&
           (unsigned)to->regex <= SIGMATON_REGEX_INTERP;
}

static enum sigmaton_status regexes_prepare(struct sigmaton_engine *e,
                                            enum sigmaton_regex_mode mode, const char **why)
{
    const struct srt_regex_options options = {.jit = mode == SIGMATON_REGEX_JIT,
                                              .match_limit = SIGMATON_MATCH_LIMIT};
    struct srt_regex_failure failure = {0};
    e->regexes = srt_regexes_create(e->pack, &options, &failure);
    if (e->regexes != NULL)
        return SIGMATON_OK;
    if (failure.no_memory)
        return SIGMATON_ENOMEM;
    *why = "a regex of the pack does not compile";
    return SIGMATON_EREGEX;
}

/* Offsets from the pack to its code; a pack without code wants an interpreter. */
static sigmaton_eval_fn eval_of(const struct sigmaton_pack *pack,
                                const struct sigmaton_engine_options *options)
{
    if (options->eval != NULL)
        return options->eval;
    if (pack->eval_off == 0)
        return NULL;
    uintptr_t address = (uintptr_t)pack + (uintptr_t)(intptr_t)pack->eval_off;
    sigmaton_eval_fn eval;
    _Static_assert(sizeof eval == sizeof address, "code and data have addresses of one size");
    memcpy(&eval, &address, sizeof eval);
    return eval;
}

static enum sigmaton_status engine_fill(struct sigmaton_engine *e,
                                        const struct sigmaton_engine_options *options,
                                        const char **why)
{
    enum sigmaton_status status = srt_pack_check(e->pack, why);
    if (status != SIGMATON_OK)
        return status;
    e->eval = eval_of(e->pack, options);
    if (e->eval == NULL) {
        *why = "the pack has no code and no interpreter is given";
        return SIGMATON_EPACK;
    }
    e->judge = options->judge;
    e->n_rules = e->pack->rules.len;
    e->n_words = e->n_rules / 64 + (e->n_rules % 64 != 0);
    e->n_memo_words = 2 * (((size_t)e->pack->n_memo + 63) / 64);
    status = srt_names_create(e->pack, &e->names, why);
    if (status == SIGMATON_OK)
        status = regexes_prepare(e, options->regex, why);
    if (status != SIGMATON_OK)
        return status;
    e->routes = srt_routes_create(e->pack, options);
    return e->routes != NULL ? SIGMATON_OK : SIGMATON_ENOMEM;
}

enum sigmaton_status sigmaton_engine_create(const struct sigmaton_pack *pack,
                                            const struct sigmaton_engine_options *options,
                                            struct sigmaton_engine **ret_engine,
                                            const char **ret_why)
{
    const char *why = NULL;
    struct sigmaton_engine_options taken;
    struct sigmaton_engine *e = NULL;
    enum sigmaton_status status = SIGMATON_EINVAL;
    if (pack == NULL || ret_engine == NULL || !options_take(options, &taken))
        goto out;
    e = calloc(1, sizeof *e);
    status = SIGMATON_ENOMEM;
    if (e == NULL)
        goto out;
    e->pack = pack;
    status = engine_fill(e, &taken, &why);
    if (status == SIGMATON_OK) {
        *ret_engine = e;
        e = NULL;
    }
out:
    sigmaton_engine_destroy(e);
    if (ret_why != NULL)
        *ret_why = why != NULL ? why : sigmaton_status_text(status);
    return status;
}

void sigmaton_engine_destroy(struct sigmaton_engine *engine)
{
    if (engine == NULL)
        return;
    srt_names_destroy(engine->names);
    srt_routes_destroy(engine->routes);
    srt_regexes_destroy(engine->regexes);
    free(engine);
}

/* ---- One event ----------------------------------------------------------------------------- */

static uint32_t bits_count(const uint64_t *words, uint32_t n)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        for (uint64_t w = words[i]; w != 0; w &= w - 1)
            count++;
    return count;
}

static bool any_bit(const uint64_t *words, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (words[i] != 0)
            return true;
    return false;
}

/* Asks the pack once. Bits of rules that were not asked are cleared: what is behind eval is code
 * that no check has seen. */
static void ask(const struct sigmaton_engine *e, struct sigmaton_scratch *s,
                struct sigmaton_frame *frame, const uint64_t *candidates, uint64_t *hits)
{
    memset(s->memo, 0, e->n_memo_words * sizeof *s->memo);
    for (uint32_t w = 0; w < e->n_words; w++) {
        const uint64_t asked = candidates[w];
        hits[w] = asked != 0 ? e->eval(srt_host(), s->event.slots, frame, w, asked) & asked : 0;
    }
}

/* Two passes where a regex ran into a limit: what hits only if those runs had matched is not
 * judged. */
static void judge(const struct sigmaton_engine *e, struct sigmaton_scratch *s,
                  const uint64_t *candidates, struct sigmaton_verdict *v)
{
    if (!any_bit(candidates, e->n_words))
        return;
    struct sigmaton_frame frame = {
        .size = sizeof frame, .memo = s->memo, .runtime = &s->runtime, .judge = e->judge};
    s->runtime.event++; /* 64 bits: never 0 again */
    ask(e, s, &frame, candidates, s->hits);
    v->hits = s->hits;
    if (frame.limits_hit != 0) {
        frame.assume = 1;
        ask(e, s, &frame, candidates, s->second);
        for (uint32_t w = 0; w < e->n_words; w++)
            s->second[w] &= ~s->hits[w];
        v->unjudged = s->second;
        v->n_unjudged = bits_count(s->second, e->n_words);
    }
    v->n_hits = bits_count(s->hits, e->n_words);
}

static struct sigmaton_verdict verdict_start(const struct sigmaton_scratch *s)
{
    return (struct sigmaton_verdict){.hits = s->none,
                                     .unjudged = s->none,
                                     .n_rules = s->engine->n_rules,
                                     .slots = s->event.slots};
}

static enum sigmaton_status verdict_fail(const struct sigmaton_scratch *s,
                                         struct sigmaton_verdict *v, enum sigmaton_status status,
                                         const char *error, size_t off)
{
    *v = verdict_start(s);
    v->error = error;
    v->error_off = off;
    return status;
}

/* Bindings after routing: an event is routed by what it says itself. */
static enum sigmaton_status slots_judge(struct sigmaton_scratch *s, bool only_read,
                                        struct sigmaton_verdict *v)
{
    const struct sigmaton_engine *e = s->engine;
    const uint64_t *candidates = s->none;
    const char *why = NULL;
    struct srt_source source = srt_source_of(e->names, s->event.slots);
    if (!only_read)
        candidates = srt_route(e->routes, e->names, &source, s->event.slots, &s->route);
    enum sigmaton_status status = srt_bindings_apply(e->pack, &source, &s->event, &why);
    if (status != SIGMATON_OK)
        return verdict_fail(s, v, status, why, 0);
    judge(e, s, candidates, v);
    return status;
}

static enum sigmaton_status json_judge(const struct sigmaton_engine *engine,
                                       struct sigmaton_scratch *s, const void *json, size_t len,
                                       bool only_read, struct sigmaton_verdict *v)
{
    if (engine == NULL || s == NULL || s->engine != engine || (json == NULL && len > 0) ||
        v == NULL)
        return SIGMATON_EINVAL;
    srt_event_reset(&s->event);
    *v = verdict_start(s);
    enum sigmaton_status status = srt_json_parse(&s->tape, json, len);
    if (status == SIGMATON_OK)
        status = srt_json_bind(&s->tape, engine->names, &s->event);
    if (status != SIGMATON_OK) {
        srt_event_reset(&s->event);
        return verdict_fail(s, v, status, s->tape.error, s->tape.error_off);
    }
    return slots_judge(s, only_read, v);
}

enum sigmaton_status sigmaton_eval_json(const struct sigmaton_engine *engine,
                                        struct sigmaton_scratch *scratch, const void *json,
                                        size_t len, struct sigmaton_verdict *ret_verdict)
{
    return json_judge(engine, scratch, json, len, false, ret_verdict);
}

enum sigmaton_status sigmaton_read_json(const struct sigmaton_engine *engine,
                                        struct sigmaton_scratch *scratch, const void *json,
                                        size_t len, struct sigmaton_verdict *ret_verdict)
{
    return json_judge(engine, scratch, json, len, true, ret_verdict);
}

enum sigmaton_status sigmaton_eval_slots(const struct sigmaton_engine *engine,
                                         struct sigmaton_scratch *scratch,
                                         const struct sigmaton_slot *slots,
                                         struct sigmaton_verdict *ret_verdict)
{
    if (engine == NULL || scratch == NULL || scratch->engine != engine || ret_verdict == NULL ||
        (slots == NULL && engine->pack->slots.len > 0))
        return SIGMATON_EINVAL;
    srt_event_reset(&scratch->event);
    if (scratch->event.n_slots > 0)
        memcpy(scratch->event.slots, slots, scratch->event.n_slots * sizeof *slots);
    *ret_verdict = verdict_start(scratch);
    return slots_judge(scratch, false, ret_verdict);
}

/* ---- What the pack says -------------------------------------------------------------------- */

uint32_t sigmaton_n_rules(const struct sigmaton_engine *engine)
{
    return engine != NULL ? engine->n_rules : 0;
}

const struct sigmaton_rule *sigmaton_rule_at(const struct sigmaton_engine *engine, uint32_t index)
{
    if (engine == NULL || index >= engine->n_rules)
        return NULL;
    const struct sigmaton_rule *rules = srt_pack_at(engine->pack, engine->pack->rules);
    return &rules[index];
}

const char *sigmaton_ref_text(const struct sigmaton_engine *engine, struct sigmaton_ref ref,
                              size_t *ret_len)
{
    bool inside = engine != NULL && (uint64_t)ref.off + ref.len <= engine->pack->image_size;
    if (ret_len != NULL)
        *ret_len = inside ? ref.len : 0;
    return inside ? srt_pack_at(engine->pack, ref) : "";
}

const char *sigmaton_version(void)
{
    return SIGMATON_VERSION;
}

void sigmaton_regex_library(char *out, size_t cap)
{
    srt_regex_library(out, cap);
}
