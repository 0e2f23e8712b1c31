/* THE OTHER LINE: one event through one pack. Implements <sigmaton/sigmaton.h>.
 *
 *     bytes -> srt_read_event: slots -> source, class -> bindings -> scan: candidates -> eval
 *     -> verdict
 *
 * An engine is constant after creation; a scratch belongs to one thread and holds all that an event
 * needs: one allocation, and one by runtime/match for its regexes.
 */
#ifndef SRT_ENGINE_H
#define SRT_ENGINE_H

#include "asks.h"
#include "bind.h"
#include "ndjson.h"
#include "profile.h"
#include "regex.h"
#include "route.h"
#include "runtime.h"
#include "scan.h"

struct sigmaton_engine {
    const struct sigmaton_pack *pack;
    struct sigmaton_file *file; /* owned; NULL: the pack is the caller's */
    sigmaton_eval_fn eval;
    sigmaton_scan_fn scan; /* NULL: every rule that the event meets is asked */
    const void *judge;
    struct srt_names *names;
    struct srt_bindings bindings;
    struct srt_scanner scanner;
    const uint64_t *keyword_rules; /* [n_words]: rules that ask the keywords; NULL: any may */
    struct srt_routes *routes;
    struct srt_classes *classes;
    const struct sigmaton_class *class_rows;
    struct srt_regexes *regexes;
    struct srt_asks asks;
    uint32_t n_rules;
    uint32_t n_words;       /* of a bitmap over the rules .. */
    uint32_t n_marked;      /* .. and of one over those words */
    uint32_t keywords_slot; /* SIGMATON_NO_SLOT: the pack has none */
    size_t n_memo_words;
};

struct sigmaton_scratch {
    const struct sigmaton_engine *engine;
    struct srt_event event;
    const struct sigmaton_slot *slots; /* of the event at hand: the event's, or the caller's */
    struct srt_tape tape;
    const uint8_t *json; /* the event's bytes; NULL: it came as slots */
    size_t json_len;
    bool on_tape;                /* they are on the tape */
    enum sigmaton_status failed; /* why a slot could not be decoded */
    struct srt_route_scratch route;
    struct srt_runtime runtime;
    struct srt_line search;         /* the runtime's and the event's */
    uint64_t *hits, *second, *none; /* [n_words]; second: of the second pass; none: always zero */
    uint64_t *candidates;           /* [n_words]: zero between events */
    uint64_t *marked;               /* [n_marked]: likewise */
    uint64_t *memo;                 /* [n_memo_words] */
    struct sigmaton_frame frame;    /* between events as it was made */
    const struct sigmaton_logsource *given; /* with the event at hand; NULL: it says itself */
    uint8_t *line;                          /* [SIGMATON_LINE_MAX]: pairs written as JSON */
    struct srt_profile *profile;            /* NULL: nobody asks what rules cost */
    uint64_t profile_clock;
};

/* The functions that kernels call back (engine.c). */
void srt_runtime_prepare(struct srt_runtime *runtime);

#endif
