#include "engine.h"

#include <stdlib.h>
#include <string.h>

#include "asks.h"
#include "check.h"
#include "host.h"
#include "read.h"

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
    *why = failure.no_pcre2 ? "a regex of the pack needs PCRE2, which this library is built without"
                            : "a regex of the pack does not compile";
    return SIGMATON_EREGEX;
}

/* The pack's code, by offsets from the pack. A pack without code wants an interpreter, and an
 * interpreter asks every rule that the event meets: it judges the search for candidates too. */
static void code_take(struct sigmaton_engine *e, const struct sigmaton_engine_options *options)
{
    const struct sigmaton_pack *pack = e->pack;
    _Static_assert(sizeof e->eval == sizeof(uintptr_t), "code and data have addresses of one size");
#ifdef __wasm__
    const uintptr_t base = 0; /* functions have numbers, not addresses */
#else
    const uintptr_t base = (uintptr_t)pack;
#endif
    e->eval = options->eval;
    if (e->eval != NULL || pack->eval_off == 0)
        return;
    uintptr_t eval = base + (uintptr_t)(intptr_t)pack->eval_off;
    uintptr_t scan = base + (uintptr_t)(intptr_t)pack->scan_off;
    memcpy(&e->eval, &eval, sizeof eval);
    if (pack->scan_off != 0)
        memcpy(&e->scan, &scan, sizeof scan);
}

/* checked: the pack is that of an open file, which nobody can have changed since. */
static enum sigmaton_status engine_fill(struct sigmaton_engine *e, bool checked,
                                        const struct sigmaton_engine_options *options,
                                        const char **why)
{
    enum sigmaton_status status = checked ? SIGMATON_OK : srt_pack_check(e->pack, why);
    if (status != SIGMATON_OK)
        return status;
    code_take(e, options);
    if (e->eval == NULL) {
        *why = "the pack has no code and no interpreter is given";
        return SIGMATON_EPACK;
    }
    e->judge = options->judge;
    e->n_rules = e->pack->rules.len;
    e->n_words = e->n_rules / 64 + (e->n_rules % 64 != 0);
    e->n_memo_words = 2 * (((size_t)e->pack->n_memo + 63) / 64);
    status = srt_names_create(e->pack, &e->names, why);
    e->bindings = srt_bindings_of(e->pack);
    if (status == SIGMATON_OK)
        status = regexes_prepare(e, options->regex, why);
    if (status != SIGMATON_OK)
        return status;
    if (e->pack->keywords.len > 0)
        e->keyword_rules = srt_pack_at(e->pack, e->pack->keywords);
    if (!srt_scanner_init(&e->scanner, e->pack, srt_simd_choose()))
        return SIGMATON_ENOMEM;
    e->asks = srt_asks_create(e->pack);
    e->routes = srt_routes_create(e->pack, options);
    e->classes = srt_classes_create(e->pack);
    return e->routes != NULL && e->classes != NULL && e->asks != NULL ? SIGMATON_OK
                                                                      : SIGMATON_ENOMEM;
}

static enum sigmaton_status engine_make(const struct sigmaton_pack *pack, bool checked,
                                        const struct sigmaton_engine_options *options,
                                        struct sigmaton_engine **ret_engine, const char **ret_why)
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
    status = engine_fill(e, checked, &taken, &why);
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

enum sigmaton_status sigmaton_engine_create(const struct sigmaton_pack *pack,
                                            const struct sigmaton_engine_options *options,
                                            struct sigmaton_engine **ret_engine,
                                            const char **ret_why)
{
    return engine_make(pack, false, options, ret_engine, ret_why);
}

enum sigmaton_status sigmaton_engine_load(struct sigmaton_file *file,
                                          const struct sigmaton_engine_options *options,
                                          struct sigmaton_engine **ret_engine, const char **ret_why)
{
    const struct sigmaton_pack *pack = sigmaton_file_pack(file);
    enum sigmaton_status status = engine_make(pack, true, options, ret_engine, ret_why);
    if (status == SIGMATON_OK)
        (*ret_engine)->file = file;
    return status;
}

void sigmaton_engine_destroy(struct sigmaton_engine *engine)
{
    if (engine == NULL)
        return;
    srt_names_destroy(engine->names);
    srt_scanner_finish(&engine->scanner);
    srt_routes_destroy(engine->routes);
    srt_classes_destroy(engine->classes);
    free(engine->asks);
    srt_regexes_destroy(engine->regexes);
    sigmaton_close(engine->file);
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

static uint32_t lowest(uint64_t word)
{
    return (uint32_t)__builtin_ctzll(word);
}

static uint32_t marked_words(const struct sigmaton_engine *e)
{
    return e->n_words / 64 + (e->n_words % 64 != 0);
}

/* Every rule that the event meets is a candidate. */
static void candidates_all(const struct sigmaton_engine *e, struct sigmaton_scratch *s,
                           const uint64_t *rules)
{
    memcpy(s->candidates, rules, e->n_words * sizeof *rules);
    for (uint32_t w = 0; w < e->n_words; w++)
        s->marked[w / 64] |= (uint64_t)(rules[w] != 0) << w % 64;
}

/* ---- Slots that are decoded when somebody needs them ---- */

static struct sigmaton_scratch *scratch_of(const struct srt_runtime *runtime)
{
    return (struct sigmaton_scratch *)((uintptr_t)runtime -
                                       offsetof(struct sigmaton_scratch, runtime));
}

static bool is_keywords(const struct sigmaton_scratch *s, const struct sigmaton_slot *slot)
{
    const struct srt_role_slots role = s->engine->names->roles[SRT_ROLE_KEYWORDS];
    return role.n > 0 && slot == &s->event.slots[role.slots[0]];
}

/* runtime->looks */
static bool slot_looks(const struct srt_runtime *runtime, const uint8_t *p, uint32_t n)
{
    return srt_scan_look(&scratch_of(runtime)->engine->scanner, p, n);
}

/* runtime->decode */
static bool slot_decode(struct srt_runtime *runtime, struct sigmaton_slot *slot)
{
    struct sigmaton_scratch *s = scratch_of(runtime);
    if (s->slots != s->event.slots) /* a caller's, whose escapes nobody has checked */
        s->failed = SIGMATON_EINVAL;
    else if (is_keywords(s, slot))
        s->failed = srt_read_keywords(s);
    else if (!srt_slot_decode(&s->event, slot))
        s->failed = SIGMATON_ELIMIT;
    return s->failed == SIGMATON_OK;
}

/* runtime->head */
static uint32_t slot_head(const struct srt_runtime *runtime, const struct sigmaton_slot *slot,
                          uint8_t text[SRT_HEAD_ROOM])
{
    const struct sigmaton_scratch *s = scratch_of(runtime);
    return s->slots == s->event.slots ? srt_slot_head(&s->event, slot, text) : 0;
}

void srt_runtime_prepare(struct srt_runtime *runtime)
{
    runtime->head = slot_head;
    runtime->looks = slot_looks;
    runtime->decode = slot_decode;
}

/* What rule asks without probes, decoded. */
static bool rule_slots_decode(struct sigmaton_scratch *s, const struct sigmaton_rule *rule)
{
    const uint32_t *v = srt_pack_at(s->engine->pack, rule->slots);
    for (uint32_t i = 0; i < rule->slots.len; i++) {
        struct sigmaton_slot *slot = &s->event.slots[v[i]];
        if (slot->kind == SIGMATON_ESCAPED && !slot_decode(&s->runtime, slot))
            return false;
    }
    return true;
}

/* Candidates ask the same few slots: a rule is looked at only where it asks one that none before it
 * has asked. */
static bool candidates_decode(const struct sigmaton_engine *e, struct sigmaton_scratch *s)
{
    const struct sigmaton_rule *rules = srt_pack_at(e->pack, e->pack->rules);
    uint64_t decoded = 0;
    for (uint32_t m = 0; m < marked_words(e); m++)
        for (uint64_t words = s->marked[m]; words != 0; words &= words - 1) {
            const uint32_t w = m * 64 + lowest(words);
            for (uint64_t left = s->candidates[w]; left != 0; left &= left - 1) {
                const uint32_t rule = w * 64 + lowest(left);
                if ((e->asks[rule] & ~decoded) == 0)
                    continue;
                if (!rule_slots_decode(s, &rules[rule]))
                    return false;
                decoded |= e->asks[rule] & ~SRT_ASKS_OTHERS;
            }
        }
    return true;
}

/* Searches the event for what its class looks for. false: a value could not be decoded. */
static bool candidates_find(const struct sigmaton_engine *e, struct sigmaton_scratch *s,
                            struct sigmaton_frame *frame, struct srt_meeting meeting)
{
    const struct sigmaton_class *classes = srt_pack_at(e->pack, e->pack->classes);
    const struct sigmaton_ref layers = classes[meeting.class_number].layers;
    const uint32_t *v = srt_pack_at(e->pack, layers);
    for (uint32_t i = 0; i < layers.len; i++)
        if (e->scan(s->runtime.host, s->slots, frame, v[i]) == 0)
            return false;
    for (uint32_t m = 0; meeting.rules != NULL && m < marked_words(e); m++)
        for (uint64_t left = s->marked[m]; left != 0; left &= left - 1)
            s->candidates[m * 64 + lowest(left)] &= meeting.rules[m * 64 + lowest(left)];
    return s->slots != s->event.slots || candidates_decode(e, s);
}

static void candidates_forget(const struct sigmaton_engine *e, struct sigmaton_scratch *s)
{
    for (uint32_t m = 0; m < marked_words(e); m++) {
        for (uint64_t left = s->marked[m]; left != 0; left &= left - 1)
            s->candidates[m * 64 + lowest(left)] = 0;
        s->marked[m] = 0;
    }
}

/* Asks the pack once; how many rules hit. Bits of rules that were not asked are cleared: what is
 * behind eval is code that no check has seen. */
static uint32_t ask(const struct sigmaton_engine *e, struct sigmaton_scratch *s,
                    struct sigmaton_frame *frame, uint64_t *hits)
{
    uint32_t n = 0;
    memset(s->memo, 0, e->n_memo_words * sizeof *s->memo);
    memset(hits, 0, e->n_words * sizeof *hits);
    for (uint32_t m = 0; m < marked_words(e); m++)
        for (uint64_t left = s->marked[m]; left != 0; left &= left - 1) {
            const uint32_t w = m * 64 + lowest(left);
            const uint64_t asked = s->candidates[w];
            if (asked == 0)
                continue;
            hits[w] = e->eval(s->runtime.host, s->slots, frame, w, asked) & asked;
            n += bits_count(&hits[w], 1);
        }
    return n;
}

/* Two passes where a regex ran into a limit: what hits only if those runs had matched is not
 * judged. */
static void judge(const struct sigmaton_engine *e, struct sigmaton_scratch *s,
                  struct sigmaton_frame *frame, struct sigmaton_verdict *v)
{
    s->runtime.event++; /* 64 bits: never 0 again */
    v->n_hits = ask(e, s, frame, s->hits);
    v->hits = s->hits;
    if (frame->limits_hit != 0) {
        frame->assume = 1;
        (void)ask(e, s, frame, s->second);
        for (uint32_t w = 0; w < e->n_words; w++)
            s->second[w] &= ~s->hits[w];
        v->unjudged = s->second;
        v->n_unjudged = bits_count(s->second, e->n_words);
    }
}

static bool any_candidate(const struct sigmaton_engine *e, const struct sigmaton_scratch *s)
{
    for (uint32_t m = 0; m < marked_words(e); m++)
        if (s->marked[m] != 0)
            return true;
    return false;
}

/* Member by member: a whole verdict would be made elsewhere and copied. */
static void verdict_start(const struct sigmaton_scratch *s, struct sigmaton_verdict *v)
{
    v->hits = v->unjudged = s->none;
    v->n_rules = s->engine->n_rules;
    v->n_hits = v->n_unjudged = 0;
    v->slots = s->slots;
    v->error = NULL;
    v->error_off = 0;
}

static enum sigmaton_status verdict_fail(const struct sigmaton_scratch *s,
                                         struct sigmaton_verdict *v, enum sigmaton_status status,
                                         const char *error, size_t off)
{
    verdict_start(s, v);
    v->error = error;
    v->error_off = off;
    return status;
}

/* The keywords of an event that came as bytes. The scanner's events keep them in the bytes, for the
 * search of candidates to look at, where all strings are sound and escape nothing but single
 * characters; else they are read at once. */
static enum sigmaton_status keywords_take(const struct sigmaton_engine *e,
                                          struct sigmaton_scratch *s)
{
    const struct srt_role_slots role = e->names->roles[SRT_ROLE_KEYWORDS];
    if (s->json == NULL)
        return SIGMATON_OK;
    if (s->on_tape || e->scan == NULL || !s->event.is_plain)
        return srt_read_keywords(s);
    s->runtime.line = s->json;
    *srt_event_slot(&s->event, role.slots[0]) = (struct sigmaton_slot){
        .at.text = s->json, .len = (uint32_t)s->json_len, .kind = SIGMATON_ESCAPED};
    return SIGMATON_OK;
}

/* Keywords and bindings of a routed event; *ret_why: a phrase. */
static enum sigmaton_status slots_complete(const struct sigmaton_engine *e,
                                           struct sigmaton_scratch *s,
                                           const struct srt_source *source, bool all, bool keywords,
                                           const char **ret_why)
{
    enum sigmaton_status status = keywords ? keywords_take(e, s) : SIGMATON_OK;
    *ret_why = s->tape.error;
    if (status != SIGMATON_OK)
        return status;
    *ret_why = "the event's unescaped text exceeds the scratch (SRT_EVENT_TEXT_MAX)";
    if (all && !srt_slots_decode(&s->event))
        return SIGMATON_ELIMIT;
    if (srt_bindings_idle(&e->bindings, source, s->slots))
        return SIGMATON_OK;
    if (s->slots != s->event.slots) {
        *ret_why = "a slot holds escapes";
        if (!srt_event_take(&s->event, s->slots))
            return SIGMATON_EINVAL;
        s->slots = s->event.slots;
    }
    return srt_bindings_apply(&e->bindings, source, &s->event, ret_why);
}

static enum sigmaton_status slots_fail(struct sigmaton_scratch *s, struct sigmaton_verdict *v,
                                       enum sigmaton_status status, const char *why)
{
    size_t off = why == s->tape.error ? s->tape.error_off : 0;
    srt_event_reset(&s->event);
    return verdict_fail(s, v, status, why, off);
}

/* Bindings after routing: an event is routed by what it says itself. */
static enum sigmaton_status slots_judge(struct sigmaton_scratch *s, bool only_read,
                                        struct sigmaton_verdict *v)
{
    const struct sigmaton_engine *e = s->engine;
    const char *why = NULL;
    struct srt_meeting meeting = {0};
    struct srt_source source = srt_source_of(e->names, s->slots);
    s->failed = SIGMATON_OK;
    if (s->given != NULL && !only_read)
        meeting.rules = srt_route_given(e->routes, s->given, &s->route);
    else if (!only_read && e->scan != NULL)
        meeting = srt_meet(e->routes, e->classes, e->names, &source, s->slots, &s->route);
    else if (!only_read)
        meeting.rules = srt_route(e->routes, e->names, &source, s->slots, &s->route);
    enum sigmaton_status status = slots_complete(e, s, &source, only_read || e->scan == NULL,
                                                 !only_read && srt_asks_keywords(e, meeting), &why);
    v->slots = s->slots;
    if (status != SIGMATON_OK)
        return slots_fail(s, v, status, why);
    if (only_read)
        return status;
    struct sigmaton_frame frame = {.size = sizeof frame,
                                   .memo = s->memo,
                                   .runtime = &s->runtime,
                                   .judge = e->judge,
                                   .candidates = s->candidates,
                                   .marked = s->marked};
    if (e->scan == NULL)
        candidates_all(e, s, meeting.rules);
    bool judged = e->scan == NULL || candidates_find(e, s, &frame, meeting);
    if (judged && any_candidate(e, s)) {
        judge(e, s, &frame, v);
        judged = s->failed == SIGMATON_OK;
    }
    if (judged && s->profile != NULL)
        srt_profile_event(s);
    candidates_forget(e, s);
    if (judged)
        return SIGMATON_OK;
    return slots_fail(s, v, s->failed,
                      s->failed == SIGMATON_EEVENT ? s->tape.error
                                                   : "the event's unescaped text exceeds the "
                                                     "scratch (SRT_EVENT_TEXT_MAX)");
}

static bool is_ready(const struct sigmaton_engine *engine, const struct sigmaton_scratch *s,
                     const struct sigmaton_verdict *v)
{
    return engine != NULL && s != NULL && s->engine == engine && v != NULL;
}

static enum sigmaton_status json_judge(const struct sigmaton_engine *engine,
                                       struct sigmaton_scratch *s, const void *json, size_t len,
                                       bool only_read, struct sigmaton_verdict *v)
{
    size_t used;
    if (!is_ready(engine, s, v) || (json == NULL && len > 0))
        return SIGMATON_EINVAL;
    enum sigmaton_status status = srt_read_event(s, json, len, false, &used);
    if (status != SIGMATON_OK)
        return verdict_fail(s, v, status, s->tape.error, s->tape.error_off);
    verdict_start(s, v);
    return slots_judge(s, only_read, v);
}

enum sigmaton_status sigmaton_eval_ndjson(const struct sigmaton_engine *engine,
                                          struct sigmaton_scratch *scratch, const void *lines,
                                          size_t len, size_t *ret_used,
                                          struct sigmaton_verdict *ret_verdict)
{
    if (!is_ready(engine, scratch, ret_verdict) || lines == NULL || len == 0 || ret_used == NULL)
        return SIGMATON_EINVAL;
    enum sigmaton_status status = srt_read_event(scratch, lines, len, true, ret_used);
    verdict_start(scratch, ret_verdict);
    if (status == SIGMATON_BLANK)
        return status;
    if (status != SIGMATON_OK)
        return verdict_fail(scratch, ret_verdict, status, scratch->tape.error,
                            scratch->tape.error_off);
    return slots_judge(scratch, false, ret_verdict);
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
    if (!is_ready(engine, scratch, ret_verdict) || (slots == NULL && engine->pack->slots.len > 0))
        return SIGMATON_EINVAL;
    srt_event_reset(&scratch->event);
    scratch->slots = slots;
    scratch->json = NULL;
    scratch->runtime.line = NULL;
    scratch->runtime.plain = false;
    verdict_start(scratch, ret_verdict);
    return slots_judge(scratch, false, ret_verdict);
}
