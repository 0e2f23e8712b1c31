/* libsigmaton: events in, verdicts out. The embedding API.
 *
 *     struct sigmaton_engine *engine;          // constant after creation, shared by all threads
 *     sigmaton_engine_create(pack, NULL, &engine, NULL);
 *     struct sigmaton_scratch *scratch;        // one per thread
 *     sigmaton_scratch_create(engine, &scratch);
 *     struct sigmaton_verdict v;
 *     if (sigmaton_eval_json(engine, scratch, line, len, &v) == SIGMATON_OK && v.n_hits) ...
 *
 * No call but create and destroy allocates, locks, writes or touches the locale; none prints or
 * exits.
 */
#ifndef SIGMATON_H
#define SIGMATON_H

#include <sigmaton/pack.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The library is built with hidden symbols; these are its face. */
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

enum sigmaton_status {
    SIGMATON_OK = 0,
    SIGMATON_ENOMEM = -1,
    SIGMATON_EINVAL = -2, /* a NULL or senseless argument */
    SIGMATON_EPACK = -3,  /* the pack is no pack, or its tables are out of bounds */
    SIGMATON_EABI = -4,   /* the pack's ABI is of another major, or newer */
    SIGMATON_EREGEX = -5, /* a regex of the pack does not compile */
    SIGMATON_EEVENT = -6, /* the event is unreadable: verdict.error says why and where */
    SIGMATON_ELIMIT = -7, /* the event exceeds a limit: likewise */
};
const char *sigmaton_status_text(enum sigmaton_status status);

/* Limits on one event; each has a test on both sides. */
#define SIGMATON_LINE_MAX ((size_t)1 << 20) /* bytes of one event's JSON */
#define SIGMATON_DEPTH_MAX 128              /* nested objects and arrays */
#define SIGMATON_VALUES_MAX 65536           /* keys and values of one event */
#define SIGMATON_MATCH_LIMIT 100000         /* PCRE2 match limit of one regex run */

enum sigmaton_routing { SIGMATON_ROUTE_AUTO, SIGMATON_ROUTE_NONE, SIGMATON_ROUTE_GIVEN };
enum sigmaton_regex_mode { SIGMATON_REGEX_AUTO, SIGMATON_REGEX_JIT, SIGMATON_REGEX_INTERP };

struct sigmaton_engine_options {
    uint32_t size; /* sizeof; an unknown tail must be zero */
    enum sigmaton_routing routing;
    const char *product, *category, *service; /* SIGMATON_ROUTE_GIVEN; NULL: not given */
    enum sigmaton_regex_mode regex; /* AUTO is the interpreter: no writable and executable page */
    sigmaton_eval_fn eval; /* NULL: the pack's own code; else an interpreter of the same pack .. */
    const void *judge;     /* .. and what it wants in frame->judge */
};

struct sigmaton_engine;
struct sigmaton_scratch;

/* Checks the whole pack, prepares its regexes and routing. pack and options' judge are kept until
 * destroy; the strings of options are copied. Start-up only. options may be NULL. On SIGMATON_EPACK
 * and SIGMATON_EREGEX *ret_why, when not NULL, gets a static or engine-independent phrase. */
enum sigmaton_status sigmaton_engine_create(const struct sigmaton_pack *pack,
                                            const struct sigmaton_engine_options *options,
                                            struct sigmaton_engine **ret_engine,
                                            const char **ret_why);
void sigmaton_engine_destroy(struct sigmaton_engine *engine); /* accepts NULL; scratches first */

enum sigmaton_status sigmaton_scratch_create(const struct sigmaton_engine *engine,
                                             struct sigmaton_scratch **ret_scratch);
void sigmaton_scratch_destroy(struct sigmaton_scratch *scratch);    /* accepts NULL */
size_t sigmaton_scratch_size(const struct sigmaton_engine *engine); /* bytes of one scratch */

/* The answer to one event; pointers are the scratch's and live until its next use. */
struct sigmaton_verdict {
    const uint64_t *hits; /* [(n_rules + 63) / 64] */
    const uint64_t
        *unjudged; /* likewise: rules without a verdict because a regex ran into a limit */
    uint32_t n_rules, n_hits, n_unjudged;
    const struct sigmaton_slot *slots; /* [n_slots] of the pack, as bound */
    const char *error;                 /* phrase, static; NULL when the status is OK */
    size_t error_off;                  /* byte offset in the event */
};

/* Judges one JSON event of `len` bytes, without its line end. One at a time per scratch.
 * SIGMATON_EEVENT and SIGMATON_ELIMIT: see the verdict's error, its bitmaps are empty;
 * SIGMATON_EINVAL: a NULL argument or another engine's scratch, the verdict is not written. */
enum sigmaton_status sigmaton_eval_json(const struct sigmaton_engine *engine,
                                        struct sigmaton_scratch *scratch, const void *json,
                                        size_t len, struct sigmaton_verdict *ret_verdict);
/* Judges an event given as slots[n_slots of the pack]; bindings and routing apply as to a JSON
 * event. */
enum sigmaton_status sigmaton_eval_slots(const struct sigmaton_engine *engine,
                                         struct sigmaton_scratch *scratch,
                                         const struct sigmaton_slot *slots,
                                         struct sigmaton_verdict *ret_verdict);
/* Only reads the event: slots are set, hits and unjudged are not. For front ends that need an
 * event's time. */
enum sigmaton_status sigmaton_read_json(const struct sigmaton_engine *engine,
                                        struct sigmaton_scratch *scratch, const void *json,
                                        size_t len, struct sigmaton_verdict *ret_verdict);

/* What the pack says. */
uint32_t sigmaton_n_rules(const struct sigmaton_engine *engine);
const struct sigmaton_rule *sigmaton_rule_at(const struct sigmaton_engine *engine, uint32_t index);
/* A text of the pack. Never NULL; len may be 0. */
const char *sigmaton_ref_text(const struct sigmaton_engine *engine, struct sigmaton_ref ref,
                              size_t *ret_len);
const char *sigmaton_version(void);
/* Writes the version of PCRE2 that is at work, "10.42 2022-12-11", NUL-ended and cut to cap >= 1
 * bytes. */
void sigmaton_regex_library(char *out, size_t cap);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif
#endif
