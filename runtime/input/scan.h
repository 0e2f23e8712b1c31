/* The scanner: plain events into slots, in two stages.
 *
 * The first lists the quotes of a line, 64 bytes at a time, up to the line feed that ends it, and
 * sees whether anything in it wants a closer look: escapes, control characters, bytes beyond ASCII.
 * The second goes along the members of the event's object and jumps from quote to quote; most lines
 * have nothing to look at inside strings. Names are found by buckets made at start-up, and where
 * several share one by the pack's perfect hash. It takes events whose fields stand in the object
 * itself; where it meets anything else (a container under a name that goes on inside it, a list
 * under a field, a key with an escape, a fault of any kind) it gives up, and the tape reader
 * (ndjson.h) decides and says why. Both read alike where both read. No byte outside the text is
 * loaded. No allocation, no recursion; linear.
 *
 *     size_t used = srt_scan(&scanner, &event, text, len, true);
 *     if (used == 0)
 *         srt_event_reset(&event), ask the tape reader;
 *
 * Source: simdjson's masks (Langdale, Lemire, Parsing gigabytes of JSON per second, 2019) for the
 * first stage.
 */
#ifndef SRT_SCAN_H
#define SRT_SCAN_H

#include <string.h>

#include "simd.h"
#include "slot_names.h"

/* A name, by itself in a line of the cache. */
#define SRT_SCAN_TEXT 32u
struct srt_scan_name {
    /* The name, zeros behind it: at least one; all zeros: longer names, and those without a slot.
     */
    _Alignas(64) uint8_t text[SRT_SCAN_TEXT];
    const uint8_t *key;
    size_t off;    /* of the slot, from the first one on, in bytes */
    uint32_t len;  /* UINT32_MAX: the entry is free */
    uint32_t slot; /* SIGMATON_NO_SLOT: the head of names only */
    bool nested;   /* a container here is the tape reader's */
    bool eager;    /* routing or bindings read the slot: no escapes may stay */
    bool shared;   /* others have the bucket as well: ask the perfect hash */
};

/* Where a key of two bytes and more would be among the buckets, by the first and the last four
 * bytes that it has with its quotes. Most keys of an event are no names, most buckets empty. The
 * factors were tried with SigmaHQ's names and the keys of Windows events: of 200 members one finds
 * what is not its own name. */
#define SRT_SCAN_BUCKET_BITS 13
static inline uint32_t srt_scan_bucket(const uint8_t first[4], const uint8_t last[4], uint32_t len)
{
    uint32_t head, tail;
    memcpy(&head, first, sizeof head);
    memcpy(&tail, last, sizeof tail);
    return ((head + len) * UINT32_C(0x829a9993) + tail * UINT32_C(0x0db6eaa3)) >>
           (32 - SRT_SCAN_BUCKET_BITS);
}

struct srt_scan;

/* A place of the walk: the first quote of those listed that is not before p. */
struct srt_scan_place {
    const uint32_t *quote;
    const uint8_t *p;
};

/* Constant after creation, shared by all threads. */
struct srt_scanner {
    struct sigmaton_names head;
    const uint16_t *shifts;
    struct srt_scan_name *names; /* [head.n_entries]; NULL: the pack has no table */
    void (*quotes)(struct srt_scan *scan);
    struct srt_scan_place (*run)(struct srt_scan *scan, struct srt_scan_place from);
    bool (*look)(const uint8_t *p, const uint8_t *end);
    struct srt_scan_name *buckets[1 << SRT_SCAN_BUCKET_BITS]; /* the first name, or NULL */
    bool odd_names; /* some are not plain: their keys are not for the scanner */
    bool searches;  /* `quotes` looks for what srt_scan.search says */
    bool looks_all; /* the pack has keywords: every string is used */
};

/* Makes the scanner of a checked pack, which is kept until finish. A pack without names gives one
 * that takes nothing. false: there is no memory. Start-up only. */
bool srt_scanner_init(struct srt_scanner *scanner, const struct sigmaton_pack *pack,
                      enum srt_simd level);
void srt_scanner_finish(struct srt_scanner *scanner);

/* Fills the slots of a reset event from text[len], which is one event, or, with `lines`, begins
 * with one that a line end or the text's end ends. Returns the bytes used, the line end among them;
 * 0 when the event is not for the scanner: the event must be reset then. Texts are
 * SIGMATON_ESCAPED in an event with escapes, where nothing before the pack's code reads them.
 * event->is_plain is set where srt_scan_look would hold for every string that is used. */
size_t srt_scan(const struct srt_scanner *scanner, struct srt_event *event, const uint8_t *text,
                size_t len, bool lines);

/* Whether every string of text[len], an event that the scanner took, is sound and stands there as
 * it reads but for \b \f \n \r \t \" and \\: a text without those is in a string if it is in the
 * bytes. false also says "ask the tape reader": for \u, \/ and every fault. */
bool srt_scan_look(const struct srt_scanner *scanner, const uint8_t *text, size_t len);

/* ---- For the stages ------------------------------------------------------------------------ */

/* Quotes listed at a time: events have some hundred. */
#define SRT_SCAN_QUOTES 1024u
/* Behind the last one stand SRT_SCAN_NO_QUOTE, so many. */
#define SRT_SCAN_NO_QUOTES 4u
#define SRT_SCAN_NO_QUOTE UINT32_MAX

struct srt_scan {
    const struct srt_scanner *scanner;
    struct srt_event *event;
    struct srt_line *search; /* NULL: nothing is looked for */
    const uint8_t *begin, *end;
    bool lines; /* a line feed ends the event */
    uint32_t n_values;
    /* The first stage: what is listed, and of all bytes before `next`: */
    const uint8_t *next;
    uint64_t carry; /* the byte at `next` is escaped */
    uint32_t n_quotes;
    bool end_seen; /* there is nothing more to list */
    bool escapes;  /* backslashes */
    bool hidden;   /* \\u, \\/ or an escape that does not hold */
    bool faulty;   /* an escape that does not hold */
    bool wide;     /* bytes beyond ASCII */
    bool bad;      /* bytes that no string may have: control characters, malformed UTF-8 */
    const uint8_t *sequence_end; /* of the last UTF-8 sequence seen */
    /* Places, from `begin`, of quotes that nothing escapes; a block of 64 bytes is listed whole. */
    uint32_t quotes[SRT_SCAN_QUOTES + 64 + SRT_SCAN_NO_QUOTES];
};

/* Lists quotes behind those there are, until there are SRT_SCAN_QUOTES or the line ends. One per
 * level. */
void srt_scan_quotes_plain(struct srt_scan *scan);
void srt_scan_quotes_sse42(struct srt_scan *scan);
void srt_scan_quotes_avx2(struct srt_scan *scan);
void srt_scan_quotes_avx512(struct srt_scan *scan);
void srt_scan_quotes_neon(struct srt_scan *scan);
/* p behind the '{' of the event; returns the place behind its '}', or NULL. */
const uint8_t *srt_scan_walk(struct srt_scan *scan, const uint8_t *p);
/* The name key[len], which stands in quotes, or NULL. */
const struct srt_scan_name *srt_scan_name_find(const struct srt_scanner *scanner,
                                               const uint8_t *key, uint32_t len);
/* Members from a place on that are a key and a string with nothing to look at inside, or an
 * integer: nearly all. Returns where the first other member begins, or, where one at least was a
 * plain member and the last one, its object's brace. Keys are taken as they stand. Not for bytes
 * that no string may have (bad, faulty). AVX-512, and all others. */
struct srt_scan_place srt_scan_run_plain(struct srt_scan *scan, struct srt_scan_place from);
struct srt_scan_place srt_scan_run_avx512(struct srt_scan *scan, struct srt_scan_place from);
/* Longer keys are for others. */
#define SRT_SCAN_KEY_MAX 250u
/* srt_scan_look. One per level. */
bool srt_scan_look_plain(const uint8_t *p, const uint8_t *end);
bool srt_scan_look_sse42(const uint8_t *p, const uint8_t *end);
bool srt_scan_look_avx2(const uint8_t *p, const uint8_t *end);
bool srt_scan_look_avx512(const uint8_t *p, const uint8_t *end);
bool srt_scan_look_neon(const uint8_t *p, const uint8_t *end);

#endif
