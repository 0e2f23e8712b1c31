/* The scanner: plain events into slots, one walk over the bytes.
 *
 * It goes along the members of the event's object and jumps from quote to quote: a string that no
 * slot asks for is not looked at but for its end. Names are found by the pack's perfect hash. It
 * takes events whose fields stand in the object itself; where it meets anything else (a container
 * under a name that goes on inside it, a list under a field, a key with an escape, a fault of any
 * kind) it gives up, and the tape reader (ndjson.h) decides and says why. Both read alike where
 * both read. No byte outside the text is loaded. No allocation, no recursion; linear.
 *
 *     size_t used = srt_scan(&scanner, &event, text, len, true);
 *     if (used == 0)
 *         srt_event_reset(&event), ask the tape reader;
 *
 * Source: simdjson's masks (Langdale, Lemire, Parsing gigabytes of JSON per second, 2019) for used
 * strings; jumped strings have no masks, only a look back at each quote.
 */
#ifndef SRT_SCAN_H
#define SRT_SCAN_H

#include "bind.h"
#include "simd.h"

struct srt_scan_name {
    uint64_t first, last; /* sigmaton_name_ends */
    const uint8_t *key;
    uint32_t len;  /* UINT32_MAX: the entry is free */
    uint32_t slot; /* SIGMATON_NO_SLOT: the head of names only */
    bool nested;   /* a container here is the tape reader's */
    bool eager;    /* routing or bindings read the slot: no escapes may stay */
};

struct srt_scan;
typedef const uint8_t *(*srt_scan_walk)(struct srt_scan *scan, const uint8_t *p);

/* Constant after creation, shared by all threads. */
struct srt_scanner {
    struct sigmaton_names head;
    const uint16_t *shifts;
    struct srt_scan_name *names; /* [head.n_entries]; NULL: the pack has no table */
    srt_scan_walk walk;
    bool (*look)(const uint8_t *p, const uint8_t *end);
    bool looks_all; /* the pack has keywords: every string is used */
};

/* Makes the scanner of a checked pack, which is kept until finish. A pack without names gives one
 * that takes nothing. false: there is no memory. Start-up only. */
bool srt_scanner_init(struct srt_scanner *scanner, const struct sigmaton_pack *pack,
                      enum srt_simd level);
void srt_scanner_finish(struct srt_scanner *scanner);

/* Fills the slots of a reset event from text[len], which is one event, or, with `lines`, begins
 * with one that a line end or the text's end ends. Returns the bytes used, the line end among them;
 * 0 when the event is not for the scanner: the event must be reset then. Texts with escapes are
 * SIGMATON_ESCAPED where nothing before the pack's code reads them. event->is_plain is set where
 * srt_scan_look would hold, in packs with keywords. */
size_t srt_scan(const struct srt_scanner *scanner, struct srt_event *event, const uint8_t *text,
                size_t len, bool lines);

/* Whether every string of text[len], an event that the scanner took, is sound and stands there as
 * it reads but for \b \f \n \r \t \" and \\: a text without those is in a string if it is in the
 * bytes. false also says "ask the tape reader": for \u, \/ and every fault. */
bool srt_scan_look(const struct srt_scanner *scanner, const uint8_t *text, size_t len);

/* ---- For the levels ------------------------------------------------------------------------ */

struct srt_scan {
    const struct srt_scanner *scanner;
    struct srt_event *event;
    const uint8_t *begin, *end;
    bool lines;  /* a line feed is no blank */
    bool hidden; /* some string that was looked at has \\u or \\/ */
    uint32_t n_values;
};

/* p behind the '{' of the event; returns the place behind its '}', or NULL. One per level. */
const uint8_t *srt_scan_walk_plain(struct srt_scan *scan, const uint8_t *p);
const uint8_t *srt_scan_walk_sse42(struct srt_scan *scan, const uint8_t *p);
const uint8_t *srt_scan_walk_avx2(struct srt_scan *scan, const uint8_t *p);
const uint8_t *srt_scan_walk_neon(struct srt_scan *scan, const uint8_t *p);
/* srt_scan_look. One per level. */
bool srt_scan_look_plain(const uint8_t *p, const uint8_t *end);
bool srt_scan_look_sse42(const uint8_t *p, const uint8_t *end);
bool srt_scan_look_avx2(const uint8_t *p, const uint8_t *end);
bool srt_scan_look_neon(const uint8_t *p, const uint8_t *end);

#endif
