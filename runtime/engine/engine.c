#include "engine.h"

#include <stdlib.h>
#include <string.h>

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
    e->n_marked = e->n_words / 64 + (e->n_words % 64 != 0);
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
    const struct srt_role_slots keywords = e->names->roles[SRT_ROLE_KEYWORDS];
    e->keywords_slot = keywords.n > 0 ? keywords.slots[0] : SIGMATON_NO_SLOT;
    e->class_rows = srt_pack_at(e->pack, e->pack->classes);
    e->routes = srt_routes_create(e->pack, options);
    e->classes = srt_classes_create(e->pack);
    const bool ok = srt_asks_init(&e->asks, e->pack);
    return e->routes != NULL && e->classes != NULL && ok ? SIGMATON_OK : SIGMATON_ENOMEM;
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
    srt_asks_finish(&engine->asks);
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
    else if (s->engine->keywords_slot == slot - s->event.slots)
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

static bool slot_ready(struct sigmaton_scratch *s, uint32_t number)
{
    struct sigmaton_slot *slot = &s->event.slots[number];
    return slot->kind != SIGMATON_ESCAPED || slot_decode(&s->runtime, slot);
}

/* What a rule asks without probes, decoded. */
static bool rule_slots_decode(struct sigmaton_scratch *s, uint32_t number)
{
    const struct sigmaton_rule *rules = srt_pack_at(s->engine->pack, s->engine->pack->rules);
    const uint32_t *v = srt_pack_at(s->engine->pack, rules[number].slots);
    for (uint32_t i = 0; i < rules[number].slots.len; i++)
        if (!slot_ready(s, v[i]))
            return false;
    return true;
}

/* What candidates ask, decoded: nearly all of it slots that have bits. false: one of them cannot
 * be. */
static bool candidates_decode(const struct sigmaton_engine *e, struct sigmaton_scratch *s)
{
    uint64_t asked = 0;
    for (uint32_t m = 0; m < e->n_marked; m++)
        for (uint64_t words = s->marked[m]; words != 0; words &= words - 1) {
            const uint32_t w = m * 64 + lowest(words);
            for (uint64_t left = s->candidates[w]; left != 0; left &= left - 1) {
                const uint32_t rule = w * 64 + lowest(left);
                asked |= e->asks.rules[rule];
                if ((e->asks.rules[rule] & SRT_ASKS_OTHERS) != 0 && !rule_slots_decode(s, rule))
                    return false;
            }
        }
    for (asked &= ~SRT_ASKS_OTHERS; asked != 0; asked &= asked - 1)
        if (!slot_ready(s, e->asks.slots[lowest(asked)]))
            return false;
    return true;
}

/* Marks the rules of the event's class that it could meet. false: a value could not be decoded. */
static inline bool layers_scan(const struct sigmaton_engine *e, struct sigmaton_scratch *s,
                               uint64_t class_number)
{
    const struct sigmaton_ref layers = e->class_rows[class_number].layers;
    const uint32_t *v = srt_pack_at(e->pack, layers);
    for (uint32_t i = 0; i < layers.len; i++)
        if (e->scan(s->runtime.host, s->slots, &s->frame, v[i]) == 0)
            return false;
    return true;
}

/* Leaves the candidates that are among the rules. */
static void candidates_keep(const struct sigmaton_engine *e, struct sigmaton_scratch *s,
                            const uint64_t *rules)
{
    for (uint32_t m = 0; m < e->n_marked; m++)
        for (uint64_t left = s->marked[m]; left != 0; left &= left - 1)
            s->candidates[m * 64 + lowest(left)] &= rules[m * 64 + lowest(left)];
}

static void candidates_forget(const struct sigmaton_engine *e, struct sigmaton_scratch *s)
{
    for (uint32_t m = 0; m < e->n_marked; m++) {
        for (uint64_t left = s->marked[m]; left != 0; left &= left - 1)
            s->candidates[m * 64 + lowest(left)] = 0;
        s->marked[m] = 0;
    }
}

/* Asks the pack once; how many rules hit. Bits of rules that were not asked are cleared: what is
 * behind eval is code that no check has seen. */
static uint32_t ask(const struct sigmaton_engine *e, struct sigmaton_scratch *s, uint64_t *hits)
{
    uint32_t n = 0;
    memset(s->memo, 0, e->n_memo_words * sizeof *s->memo);
    memset(hits, 0, e->n_words * sizeof *hits);
    for (uint32_t m = 0; m < e->n_marked; m++)
        for (uint64_t left = s->marked[m]; left != 0; left &= left - 1) {
            const uint32_t w = m * 64 + lowest(left);
            const uint64_t asked = s->candidates[w];
            if (asked == 0)
                continue;
            hits[w] = e->eval(s->runtime.host, s->slots, &s->frame, w, asked) & asked;
            n += bits_count(&hits[w], 1);
        }
    return n;
}

/* Two passes where a regex ran into a limit: what hits only if those runs had matched is not
 * judged. */
static void judge(const struct sigmaton_engine *e, struct sigmaton_scratch *s,
                  struct sigmaton_verdict *v)
{
    s->runtime.event++; /* 64 bits: never 0 again */
    v->n_hits = ask(e, s, s->hits);
    v->hits = s->hits;
    if (s->frame.limits_hit == 0)
        return;
    s->frame.assume = 1;
    (void)ask(e, s, s->second);
    s->frame.assume = 0;
    s->frame.limits_hit = 0;
    for (uint32_t w = 0; w < e->n_words; w++)
        s->second[w] &= ~s->hits[w];
    v->unjudged = s->second;
    v->n_unjudged = bits_count(s->second, e->n_words);
}

/* What is marked, judged and forgotten. false: a value could not be decoded. */
static bool candidates_judge(const struct sigmaton_engine *e, struct sigmaton_scratch *s,
                             const uint64_t *rules, struct sigmaton_verdict *v)
{
    if (rules != NULL)
        candidates_keep(e, s, rules);
    const bool escapes = e->asks.any && e->scan != NULL && s->slots == s->event.slots;
    bool judged = !escapes || candidates_decode(e, s);
    if (judged) {
        judge(e, s, v);
        judged = s->failed == SIGMATON_OK;
    }
    if (judged && s->profile != NULL)
        srt_profile_event(s);
    candidates_forget(e, s);
    return judged;
}

static inline bool any_candidate(const struct sigmaton_engine *e, const struct sigmaton_scratch *s)
{
    for (uint32_t m = 0; m < e->n_marked; m++)
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
static inline enum sigmaton_status keywords_take(const struct sigmaton_engine *e,
                                                 struct sigmaton_scratch *s)
{
    if (s->json == NULL)
        return SIGMATON_OK;
    if (s->on_tape || e->scan == NULL || !s->event.is_plain)
        return srt_read_keywords(s);
    s->runtime.line = s->json;
    *srt_event_slot(&s->event, e->keywords_slot) = (struct sigmaton_slot){
        .at.text = s->json, .len = (uint32_t)s->json_len, .kind = SIGMATON_ESCAPED};
    return SIGMATON_OK;
}

#define TEXT_FULL "the event's unescaped text exceeds the scratch (SRT_EVENT_TEXT_MAX)"

/* The pack's bindings; *ret_why: a phrase. An event that came as slots is copied where they change
 * it. */
static enum sigmaton_status bindings_run(const struct sigmaton_engine *e,
                                         struct sigmaton_scratch *s,
                                         const struct srt_source *source, const char **ret_why)
{
    if (s->slots != s->event.slots) {
        *ret_why = "a slot holds escapes";
        if (!srt_event_take(&s->event, s->slots))
            return SIGMATON_EINVAL;
        s->slots = s->event.slots;
    }
    return srt_bindings_apply(&e->bindings, source, &s->event, ret_why);
}

/* Keywords and bindings of a routed event; all: nothing stays escaped. */
static inline enum sigmaton_status slots_complete(const struct sigmaton_engine *e,
                                                  struct sigmaton_scratch *s,
                                                  const struct srt_source *source, bool keywords,
                                                  bool all, const char **ret_why)
{
    if (keywords) {
        enum sigmaton_status status = keywords_take(e, s);
        *ret_why = s->tape.error;
        if (status != SIGMATON_OK)
            return status;
    }
    *ret_why = TEXT_FULL;
    if (all && !srt_slots_decode(&s->event))
        return SIGMATON_ELIMIT;
    if (srt_bindings_idle(&e->bindings, source, s->slots))
        return SIGMATON_OK;
    return bindings_run(e, s, source, ret_why);
}

static enum sigmaton_status slots_fail(struct sigmaton_scratch *s, struct sigmaton_verdict *v,
                                       enum sigmaton_status status, const char *why)
{
    size_t off = why == s->tape.error ? s->tape.error_off : 0;
    srt_event_reset(&s->event);
    return verdict_fail(s, v, status, why, off);
}

static inline struct srt_meeting event_meet(const struct sigmaton_engine *e,
                                            struct sigmaton_scratch *s,
                                            const struct srt_source *source)
{
    if (s->given == NULL && e->scan != NULL)
        return srt_meet(e->routes, e->classes, e->names, source, s->slots, &s->route);
    return (struct srt_meeting){
        .rules = s->given != NULL ? srt_route_given(e->routes, s->given, &s->route)
                                  : srt_route(e->routes, e->names, source, s->slots, &s->route)};
}

/* Bindings after routing: an event is routed by what it says itself. Nearly all events have no
 * candidate. */
static enum sigmaton_status slots_judge(struct sigmaton_scratch *s, struct sigmaton_verdict *v)
{
    const struct sigmaton_engine *e = s->engine;
    const char *why;
    struct srt_source source;
    srt_source_of(e->names, s->slots, &source);
    const struct srt_meeting meeting = event_meet(e, s, &source);
    enum sigmaton_status status =
        slots_complete(e, s, &source, srt_asks_keywords(e, meeting), e->scan == NULL, &why);
    v->slots = s->slots;
    if (status != SIGMATON_OK)
        return slots_fail(s, v, status, why);
    s->failed = SIGMATON_OK;
    bool found = true;
    if (e->scan == NULL)
        candidates_all(e, s, meeting.rules);
    else
        found = layers_scan(e, s, meeting.class_number);
    if (found && !any_candidate(e, s))
        return SIGMATON_OK;
    if (found && candidates_judge(e, s, meeting.rules, v))
        return SIGMATON_OK;
    candidates_forget(e, s);
    return slots_fail(s, v, s->failed, s->failed == SIGMATON_EEVENT ? s->tape.error : TEXT_FULL);
}

/* All that can be said of the slots without asking a rule. */
static enum sigmaton_status slots_show(struct sigmaton_scratch *s, struct sigmaton_verdict *v)
{
    const char *why;
    struct srt_source source;
    srt_source_of(s->engine->names, s->slots, &source);
    enum sigmaton_status status = slots_complete(s->engine, s, &source, false, true, &why);
    v->slots = s->slots;
    return status == SIGMATON_OK ? status : slots_fail(s, v, status, why);
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
    return only_read ? slots_show(s, v) : slots_judge(s, v);
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
    return slots_judge(scratch, ret_verdict);
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
    return slots_judge(scratch, ret_verdict);
}
