/* libsigmaton: events in, verdicts out. The embedding API; docs/embedding.md is its guide.
 *
 *     struct sigmaton_file *file;
 *     struct sigmaton_engine *engine;          // constant after creation, shared by all threads
 *     sigmaton_open("pack.so", NULL, &file, &why);
 *     sigmaton_engine_load(file, NULL, &engine, &why);
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
    SIGMATON_BLANK = 1, /* a line of blanks: no event, no fault (sigmaton_eval_ndjson alone) */
    SIGMATON_OK = 0,
    SIGMATON_ENOMEM = -1,
    SIGMATON_EINVAL = -2,  /* a NULL or senseless argument */
    SIGMATON_EPACK = -3,   /* the pack is no pack, or its tables are out of bounds */
    SIGMATON_EABI = -4,    /* the pack's ABI is of another major, or newer */
    SIGMATON_EREGEX = -5,  /* a regex of the pack does not compile */
    SIGMATON_EEVENT = -6,  /* the event is unreadable: verdict.error says why and where */
    SIGMATON_ELIMIT = -7,  /* the event exceeds a limit: likewise */
    SIGMATON_ETARGET = -8, /* the pack's code is for another processor or system, or a newer one */
    SIGMATON_EHASH = -9,   /* the pack file is not what was written: its SHA-256 differs */
    SIGMATON_EIO = -10,    /* the system refuses: the file cannot be read, memory not be sealed */
    SIGMATON_ESIGNATURE = -11, /* the pack file is not signed by the key that was given */
    SIGMATON_EBUILD = -12, /* this libsigmaton was built without what is asked for (libsodium) */
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

/* ---- Pack files ---------------------------------------------------------------------------------
 */

struct sigmaton_file; /* a pack file, checked and mapped */

struct sigmaton_open_options {
    uint32_t size; /* sizeof; an unknown tail must be zero */
    uint32_t reserved;
    /* NULL: signatures are not looked at. Else minisign's public key, the base64 or the whole text
     * of the key file, NUL-ended: a pack is loaded only when this key signed it. */
    const char *verify_key;
    /* The text of the signature file, not NUL-ended. NULL: sigmaton_open reads it beside the pack,
     * from `path` with .minisig behind; sigmaton_open_fd refuses. */
    const char *signature;
    size_t signature_len;
};

/* Reads the file once, into memory that cannot change afterwards, checks all of it (trailer and
 * hash, ELF, ABI, target, processor, every table) and maps its code. Nothing of a refused file
 * runs, and nothing of an accepted one before the first event. Files may be replaced or removed
 * once this has returned. options may be NULL. *ret_why, when not NULL, gets a static phrase.
 * With a verify_key the signature is checked first, over the very bytes that are mapped later.
 * SIGMATON_EIO, _EPACK, _EHASH, _EABI, _ETARGET, _ENOMEM; _ESIGNATURE: no signature, a malformed
 * one, another key's, of other bytes, or a malformed key; _EBUILD: a key was given to a library
 * without libsodium; _EINVAL: a NULL path, options from another world. Any thread; linear in the
 * file. */
enum sigmaton_status sigmaton_open(const char *path, const struct sigmaton_open_options *options,
                                   struct sigmaton_file **ret_file, const char **ret_why);
/* The same from a descriptor of a regular file, whose position is left alone and which stays the
 * caller's. */
enum sigmaton_status sigmaton_open_fd(int fd, const struct sigmaton_open_options *options,
                                      struct sigmaton_file **ret_file, const char **ret_why);
/* A pack that is linked into the program (build --emit obj or archive): checks all of it, as
 * sigmaton_engine_create will again. Statuses as sigmaton_open. */
enum sigmaton_status sigmaton_adopt(const struct sigmaton_pack *pack, const char **ret_why);
/* Whether a pack file is whole and what the holder of options' verify_key signed; loads nothing, so
 * that packs for other machines can be asked about. Statuses as sigmaton_open; _EINVAL without a
 * key. */
enum sigmaton_status sigmaton_verify(const char *path, const struct sigmaton_open_options *options,
                                     const char **ret_why);
/* The pack of an open file, until it is closed. NULL gives NULL. */
const struct sigmaton_pack *sigmaton_file_pack(const struct sigmaton_file *file);
/* Accepts NULL. Engines of the pack first. */
void sigmaton_close(struct sigmaton_file *file);

struct sigmaton_engine;
struct sigmaton_scratch;

/* Checks the whole pack, wherever it comes from (an open file, one linked into the program, the
 * compiler), prepares its regexes and routing. pack and options' judge are kept until destroy; the
 * strings of options are copied. Start-up only. options may be NULL. *ret_why, when not NULL, gets
 * a static phrase. SIGMATON_EINVAL, _ENOMEM, _EPACK, _EABI, _ETARGET, _EREGEX. */
enum sigmaton_status sigmaton_engine_create(const struct sigmaton_pack *pack,
                                            const struct sigmaton_engine_options *options,
                                            struct sigmaton_engine **ret_engine,
                                            const char **ret_why);
/* The same of an open file, which the engine takes where this succeeds, and closes when it is
 * destroyed. The pack is not checked a second time. */
enum sigmaton_status sigmaton_engine_load(struct sigmaton_file *file,
                                          const struct sigmaton_engine_options *options,
                                          struct sigmaton_engine **ret_engine,
                                          const char **ret_why);
void sigmaton_engine_destroy(struct sigmaton_engine *engine); /* accepts NULL; scratches first */

enum sigmaton_status sigmaton_scratch_create(const struct sigmaton_engine *engine,
                                             struct sigmaton_scratch **ret_scratch);
void sigmaton_scratch_destroy(struct sigmaton_scratch *scratch);    /* accepts NULL */
size_t sigmaton_scratch_size(const struct sigmaton_engine *engine); /* bytes of one scratch */
/* Those of them, PCRE2's apart, that ordinary events touch: events that the scanner reads, without
 * lists and with at most 64 KiB of escaped text that rules ask for, met by no rule with keywords.
 * The rest is reserved, and untouched until an event needs it. */
size_t sigmaton_scratch_ordinary(const struct sigmaton_engine *engine);

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
/* Judges the first line of lines[len], len > 0, in one walk: nobody needs to look for line ends
 * before. A line feed ends a line, or the end of the bytes: whoever reads a stream gives whole
 * lines up to the last line feed he has. *ret_used: bytes of the line, its end among them, whatever
 * the status. SIGMATON_BLANK: the line holds blanks alone, the verdict is empty. SIGMATON_EINVAL: a
 * NULL argument, no bytes, or another engine's scratch; nothing is written. Else as
 * sigmaton_eval_json.
 *
 *     for (size_t used; len > 0; p += used, len -= used)
 *         status = sigmaton_eval_ndjson(engine, scratch, p, len, &used, &verdict);
 */
enum sigmaton_status sigmaton_eval_ndjson(const struct sigmaton_engine *engine,
                                          struct sigmaton_scratch *scratch, const void *lines,
                                          size_t len, size_t *ret_used,
                                          struct sigmaton_verdict *ret_verdict);
/* A slot that holds a text of less than 4 GiB, borrowed like all that slots point at. */
static inline struct sigmaton_slot sigmaton_text(const char *text, size_t len)
{
    struct sigmaton_slot s;
    s.at.text = (const uint8_t *)text;
    s.number = 0;
    s.len = (uint32_t)len;
    s.kind = SIGMATON_TEXT;
    return s;
}
/* Judges an event given as slots[n_slots of the pack]; bindings and routing apply as to a JSON
 * event. SIGMATON_EINVAL too for a slot that is SIGMATON_ESCAPED. */
enum sigmaton_status sigmaton_eval_slots(const struct sigmaton_engine *engine,
                                         struct sigmaton_scratch *scratch,
                                         const struct sigmaton_slot *slots,
                                         struct sigmaton_verdict *ret_verdict);
/* Where an event comes from, when its sender knows; NULL: not given. NUL-ended. */
struct sigmaton_logsource {
    const char *product, *category, *service;
};

/* A field of a flat event: {"Image": "C:\\a.exe", "EventID": 1}. */
struct sigmaton_pair {
    const char *name;  /* UTF-8; a name stands once, and may be a path: "winlog.channel" */
    const char *value; /* UTF-8; of numbers the text as JSON writes it, of booleans true or false */
    uint32_t name_len, value_len; /* bytes */
    uint32_t kind;                /* SIGMATON_TEXT, _INT, _UINT, _DOUBLE, _BOOL or _NULL */
    uint32_t reserved;            /* 0 */
};

enum sigmaton_form {
    SIGMATON_FORM_JSON,  /* of: char[n], one object without its line end */
    SIGMATON_FORM_SLOTS, /* of: struct sigmaton_slot[n], n as many as the pack has */
    SIGMATON_FORM_PAIRS, /* of: struct sigmaton_pair[n] */
};
struct sigmaton_event {
    uint32_t size; /* sizeof; an unknown tail must be zero */
    enum sigmaton_form form;
    const void *of;
    size_t n;
    const struct sigmaton_logsource *source; /* NULL: as the engine routes */
};

/* Judges one event, whatever its form. Everything is borrowed for the call. Statuses as
 * sigmaton_eval_json; SIGMATON_EINVAL too for a pair of another kind or too few slots,
 * SIGMATON_ELIMIT for pairs above SIGMATON_LINE_MAX when they are written as JSON. */
enum sigmaton_status sigmaton_eval(const struct sigmaton_engine *engine,
                                   struct sigmaton_scratch *scratch,
                                   const struct sigmaton_event *event,
                                   struct sigmaton_verdict *ret_verdict);
/* The first rule from `from` on that hit, n_rules when there is none:
 *     for (uint32_t i = sigmaton_next_hit(&v, 0); i < v.n_rules; i = sigmaton_next_hit(&v, i + 1))
 * _unjudged: that has no verdict. */
uint32_t sigmaton_next_hit(const struct sigmaton_verdict *verdict, uint32_t from);
uint32_t sigmaton_next_unjudged(const struct sigmaton_verdict *verdict, uint32_t from);
/* Only reads the event: slots are set, but the keywords; hits and unjudged are not. For front ends
 * that need an event's time. */
enum sigmaton_status sigmaton_read_json(const struct sigmaton_engine *engine,
                                        struct sigmaton_scratch *scratch, const void *json,
                                        size_t len, struct sigmaton_verdict *ret_verdict);

/* ---- Hot swap -----------------------------------------------------------------------------------
 *
 * A handle whose engine can be replaced while threads judge with it:
 *
 *     sigmaton_live_create(engine, &live);
 *     sigmaton_reader_create(live, &reader);       // one per thread
 *     sigmaton_reader_eval(reader, &event, &v);    // that thread
 *     sigmaton_live_swap(live, newer);             // any other
 *
 * Every event is judged by one engine. Once a swap has returned, no event begins with the old one.
 * Readers take no lock and allocate nothing; an old engine is destroyed by the first swap, reader's
 * end or sigmaton_live_engines after its last reader has begun its next event. */
struct sigmaton_live;
struct sigmaton_reader;

/* Takes the engine where this succeeds, and destroys it when it is no longer used. SIGMATON_EINVAL,
 * _ENOMEM. */
enum sigmaton_status sigmaton_live_create(struct sigmaton_engine *engine,
                                          struct sigmaton_live **ret_live);
void sigmaton_live_destroy(struct sigmaton_live *live); /* accepts NULL; readers first */
/* The same; on failure the old engine goes on and the new one stays the caller's. Allocates a
 * scratch for each reader. Any thread, one after the other. */
enum sigmaton_status sigmaton_live_swap(struct sigmaton_live *live, struct sigmaton_engine *engine);
/* Destroys what is not used any more; engines that are left: 1, and those that some reader has not
 * left yet. Any thread. */
size_t sigmaton_live_engines(struct sigmaton_live *live);
/* A thread's place; any thread may make and destroy it, one at a time may use it. */
enum sigmaton_status sigmaton_reader_create(struct sigmaton_live *live,
                                            struct sigmaton_reader **ret_reader);
void sigmaton_reader_destroy(struct sigmaton_reader *reader); /* accepts NULL */
/* sigmaton_eval with the current engine. The verdict's pointers live until the reader's next use.
 */
enum sigmaton_status sigmaton_reader_eval(struct sigmaton_reader *reader,
                                          const struct sigmaton_event *event,
                                          struct sigmaton_verdict *ret_verdict);
/* The engine that judged the reader's last event, for the texts of its rules; until its next use.
 */
const struct sigmaton_engine *sigmaton_reader_engine(const struct sigmaton_reader *reader);

/* What the pack says. */
uint32_t sigmaton_n_rules(const struct sigmaton_engine *engine);
const struct sigmaton_rule *sigmaton_rule_at(const struct sigmaton_engine *engine, uint32_t index);
/* A text of the pack. Never NULL; len may be 0. */
const char *sigmaton_ref_text(const struct sigmaton_engine *engine, struct sigmaton_ref ref,
                              size_t *ret_len);
/* Tag `index` of a rule; NULL from the last on. */
const char *sigmaton_rule_tag(const struct sigmaton_engine *engine, uint32_t rule, uint32_t index,
                              size_t *ret_len);
/* Names of a rule's level and status, NUL-ended; "" for none and for unknown numbers. */
const char *sigmaton_level_text(uint32_t level);
const char *sigmaton_rule_status_text(uint32_t status);
/* Slots by number (NULL from the last on) and by field name (SIGMATON_NO_SLOT: no rule and no
 * routing looks at it). Finding is linear: once at start, not per event. */
uint32_t sigmaton_n_slots(const struct sigmaton_engine *engine);
const char *sigmaton_slot_name(const struct sigmaton_engine *engine, uint32_t slot,
                               size_t *ret_len);
uint32_t sigmaton_slot_find(const struct sigmaton_engine *engine, const char *name, size_t len);
const struct sigmaton_pack *sigmaton_engine_pack(const struct sigmaton_engine *engine);
const char *sigmaton_version(void);
/* The instructions that readers and kernels use on this machine: "avx512", "avx2", "sse42", "neon",
 * "plain". The environment variable SIGMATON_SIMD can lower it; it is read when an engine is
 * created. */
const char *sigmaton_simd(void);
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
