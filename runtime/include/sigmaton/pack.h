/* THE DOOR: what a rule pack is, and what it may ask of the runtime. C11 and C++; stdint and stddef
 * only.
 *
 * The compiler writes packs, the runtime reads them; they share this header, automaton.h, which
 * it includes, pack_layout.def and fold.h and nothing else. A pack is one constant image: struct
 * sigmaton_pack, then tables at offsets from its first byte, then (not part of the image) machine
 * code at eval_off. It holds no address of the process that made it, has no undefined symbol and
 * exports one: sigmaton_pack. Structs grow at the end only.
 *
 * Source: CONTRACT section 5; docs/abi.md tells the layout in words.
 */
#ifndef SIGMATON_PACK_H
#define SIGMATON_PACK_H

#include <stddef.h>
#include <stdint.h>

#include <sigmaton/automaton.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIGMATON_PACK_MAGIC UINT32_C(0x4b504753) /* "SGPK" */
#define SIGMATON_ABI_MAJOR 0
#define SIGMATON_ABI_MINOR 7
#define SIGMATON_PACK_SYMBOL "sigmaton_pack"

/* Pointers that packs use stand at multiples of 8 everywhere, so that wasm32 finds them where 64
 * bits do. Offsets of code are numbers of functions there. */
#ifdef __cplusplus
#define SIGMATON_AT_8 alignas(8)
#else
#define SIGMATON_AT_8 _Alignas(8)
#endif

/* ---- Slots: the values of one event ---- */

/* What a slot holds; one bit each, so that a set of kinds is one mask test. */
#define SIGMATON_ABSENT UINT32_C(0)
#define SIGMATON_NULL UINT32_C(1)
#define SIGMATON_BOOL UINT32_C(2) /* number is 0 or 1; text is "true" or "false" */
#define SIGMATON_INT UINT32_C(4)  /* number is an int64_t; text as written ("-0" is "0") */
#define SIGMATON_UINT UINT32_C(8) /* number is a uint64_t above INT64_MAX; text as written */
/* number holds the bits of a finite double; text: integer tokens as written, else the shortest
 * decimal that reads back the same */
#define SIGMATON_DOUBLE UINT32_C(16)
#define SIGMATON_TEXT UINT32_C(32)   /* a string, or a number token whose double is infinite */
#define SIGMATON_LIST UINT32_C(64)   /* leaves[len]: arrays flattened, of scalars and nulls */
#define SIGMATON_EMPTY UINT32_C(128) /* a list without leaves: [] or nothing but objects */
#define SIGMATON_OBJECT UINT32_C(256)
/* a string whose text is JSON as written, escapes or none; decoded before a predicate sees it, by
 * host->probe or before eval, and no leaf of a list is such */
#define SIGMATON_ESCAPED UINT32_C(512)

#define SIGMATON_SCALAR \
    (SIGMATON_BOOL | SIGMATON_INT | SIGMATON_UINT | SIGMATON_DOUBLE | SIGMATON_TEXT)
#define SIGMATON_NUMBER (SIGMATON_INT | SIGMATON_UINT | SIGMATON_DOUBLE)

/* A value borrowed from the caller's bytes. Every scalar carries its text, so that text predicates
 * look at nothing else. text need not end in NUL and may hold NULs; it should be UTF-8, and is
 * never read past len. */
struct sigmaton_slot {
    union {
        const uint8_t *text;                /* scalars: len bytes */
        const struct sigmaton_slot *leaves; /* SIGMATON_LIST: len leaves, none itself a list */
    } at;
    uint64_t number;
    uint32_t len;
    uint32_t kind;
};

/* ---- The host table: what a pack may call ---- */

struct sigmaton_frame;
struct sigmaton_probes;
struct sigmaton_set;
struct sigmaton_index;
struct sigmaton_layer;

#define SIGMATON_CASED UINT32_C(1) /* compare code points; else both sides folded (fold.h) */
#define SIGMATON_ASCII UINT32_C(2) /* the pattern is ASCII, so bytes may be compared one by one */

/* Patterns for the wildcard function: UTF-8 with three bytes that UTF-8 never uses. */
#define SIGMATON_WILD_STAR 0xff /* any run */
#define SIGMATON_WILD_ONE 0xfe  /* one code point */
#define SIGMATON_WILD_DASH 0xfd /* one of - / U+2013 U+2014 U+2015 */

enum sigmaton_compare {
    SIGMATON_EQ,
    SIGMATON_LT,
    SIGMATON_LTE,
    SIGMATON_GT,
    SIGMATON_GTE,
};

enum sigmaton_time_part {
    SIGMATON_MINUTE,
    SIGMATON_HOUR,
    SIGMATON_DAY,
    SIGMATON_WEEK,
    SIGMATON_MONTH,
    SIGMATON_YEAR,
};

enum sigmaton_affix {
    SIGMATON_WHOLE,
    SIGMATON_PREFIX,
    SIGMATON_SUFFIX,
    SIGMATON_INSIDE,
};

/* Each function answers 1 when the slot's value, or any leaf of a list, holds, else 0. Patterns are
 * folded already unless SIGMATON_CASED. Safe to call from many threads; none allocates, locks or
 * fails. */
struct sigmaton_host {
    uint32_t size; /* sizeof(struct sigmaton_host) of the runtime */
    uint32_t abi;  /* SIGMATON_ABI_MAJOR << 16 | SIGMATON_ABI_MINOR */
    SIGMATON_AT_8 int32_t (*eq)(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len,
                                uint32_t flags);
    SIGMATON_AT_8 int32_t (*prefix)(const struct sigmaton_slot *s, const uint8_t *text,
                                    uint32_t len, uint32_t flags);
    SIGMATON_AT_8 int32_t (*suffix)(const struct sigmaton_slot *s, const uint8_t *text,
                                    uint32_t len, uint32_t flags);
    SIGMATON_AT_8 int32_t (*contains)(const struct sigmaton_slot *s, const uint8_t *text,
                                      uint32_t len, uint32_t flags);
    SIGMATON_AT_8 int32_t (*wildcard)(const struct sigmaton_slot *s, const uint8_t *pattern,
                                      uint32_t len, uint32_t flags);
    /* Any entry of the set holds as the set's kind says. */
    SIGMATON_AT_8 int32_t (*set)(const struct sigmaton_slot *s, const struct sigmaton_set *set);
    SIGMATON_AT_8 int32_t (*any)(const struct sigmaton_slot *s);  /* a scalar leaf */
    SIGMATON_AT_8 int32_t (*null)(const struct sigmaton_slot *s); /* absent, null, or a null leaf */
    SIGMATON_AT_8 int32_t (*boolean)(const struct sigmaton_slot *s, uint32_t value);
    /* kind is SIGMATON_INT, _UINT or _DOUBLE and says how to read number; compare as enum. Exact.
     */
    SIGMATON_AT_8 int32_t (*number)(const struct sigmaton_slot *s, uint32_t compare, uint32_t kind,
                                    uint64_t number);
    SIGMATON_AT_8 int32_t (*cidr)(const struct sigmaton_slot *s, const uint8_t *address,
                                  uint32_t prefix, uint32_t is_v6); /* address: 4 or 16 bytes */
    SIGMATON_AT_8 int32_t (*fieldref)(const struct sigmaton_slot *s,
                                      const struct sigmaton_slot *other, uint32_t affix,
                                      uint32_t flags);
    SIGMATON_AT_8 int32_t (*time)(const struct sigmaton_slot *s, uint32_t part, uint32_t compare,
                                  uint32_t kind, uint64_t number);
    /* Regex `index` of the pack's table. negative: the answer stands under an odd number of `not`.
     * A run that ends at a limit answers so that the rule does not hit (see struct sigmaton_frame,
     * assume). */
    SIGMATON_AT_8 int32_t (*regex)(struct sigmaton_frame *frame, const struct sigmaton_slot *s,
                                   uint32_t index, uint32_t negative);
    /* Asks leaf predicates one after another until one decides: 1 when all hold, or, with
     * probes->any, when one does. off: of a struct sigmaton_probes in frame->image; frame->slots
     * is set too. */
    SIGMATON_AT_8 int32_t (*probe)(struct sigmaton_frame *frame, uint32_t off);
    /* Marks the rules of which the slot's value shows a witness. Answers 1, or 0 when the value
     * could not be looked at (no room to decode it): the event is then not judged. */
    SIGMATON_AT_8 int32_t (*index)(struct sigmaton_frame *frame, const struct sigmaton_slot *s,
                                   const struct sigmaton_index *index);
    /* Marks the rules of a layer: those without witnesses, and by `index` those of each field. */
    SIGMATON_AT_8 int32_t (*layer)(struct sigmaton_frame *frame, const struct sigmaton_slot *slots,
                                   const struct sigmaton_layer *layer);
};

/* ---- One evaluation ---- */

/* Made by the runtime, one per thread, filled anew for each event.
 *
 * Limits and `not`: a regex run that ends at a limit has no answer. The runtime evaluates with
 * assume 0, where such a run counts against the rule (under `not`: for the regex); when limits_hit
 * then is not 0 it evaluates again with assume 1, where it counts for the rule. Rules that hit only
 * in the second pass are not judged. That is Kleene's three-valued logic without a third value in
 * the code. */
struct sigmaton_frame {
    uint32_t size;
    uint32_t assume;     /* 0 or 1 */
    uint64_t limits_hit; /* regex runs that ended at a limit */
    /* [2 * ((n_memo + 63) / 64)], zeroed: for each 64 predicates a word "known", a word "value" */
    SIGMATON_AT_8 uint64_t *memo;
    SIGMATON_AT_8 void *runtime;     /* the runtime's own; the pack does not touch it */
    SIGMATON_AT_8 const void *judge; /* the interpreter's own; NULL for machine code */
    /* What the scan marks; zero before. */
    SIGMATON_AT_8 uint64_t *candidates; /* [(n_rules + 63) / 64] */
    SIGMATON_AT_8 uint64_t *marked;     /* [(words of those + 63) / 64]: those that are not 0 */
    /* For host->probe; eval sets them. */
    SIGMATON_AT_8 const struct sigmaton_slot *slots;
    SIGMATON_AT_8 const struct sigmaton_pack *image;
};

/* Judges some of the rules 64 * word .. 64 * word + 63, those of the bitmap `candidates`, and
 * returns those that hit as such a bitmap. word < (n_rules + 63) / 64. Safe from many threads with
 * a frame each. */
typedef uint64_t (*sigmaton_eval_fn)(const struct sigmaton_host *host,
                                     const struct sigmaton_slot *slots,
                                     struct sigmaton_frame *frame, uint32_t word,
                                     uint64_t candidates);

/* Marks the rules of a layer (below) that the event could meet. Returns 1, or 0 when the event
 * cannot be judged, see host->index. layer < layers.len. Safe from many threads with a frame each.
 */
typedef int32_t (*sigmaton_scan_fn)(const struct sigmaton_host *host,
                                    const struct sigmaton_slot *slots, struct sigmaton_frame *frame,
                                    uint32_t layer);

/* ---- The image ---- */

/* `len` bytes at offset `off` of the image; arrays: len elements, 8-aligned. */
struct sigmaton_ref {
    uint32_t off, len;
};

enum sigmaton_level {
    SIGMATON_LEVEL_NONE,
    SIGMATON_LEVEL_INFORMATIONAL,
    SIGMATON_LEVEL_LOW,
    SIGMATON_LEVEL_MEDIUM,
    SIGMATON_LEVEL_HIGH,
    SIGMATON_LEVEL_CRITICAL,
};

struct sigmaton_rule {
    struct sigmaton_ref id, title, file; /* UTF-8; id empty: none */
    struct sigmaton_ref tags;            /* of struct sigmaton_ref */
    struct sigmaton_ref product, category, service;
    uint32_t level, status;    /* enum sigmaton_level; status as the compiler numbers it */
    uint32_t document;         /* from 0 in its file */
    uint32_t n_regexes;        /* regex predicates that the rule can ask */
    struct sigmaton_ref slots; /* uint32_t[]: slots that eval reads other than by host->probe */
};

/* What a slot is for; bits. */
#define SIGMATON_SLOT_RULE UINT32_C(1) /* some rule asks it */
#define SIGMATON_SLOT_KEYWORDS \
    UINT32_C(2) /* every scalar leaf of the event, as a list; its name is empty */
#define SIGMATON_SLOT_CHANNEL UINT32_C(4) /* the first present one names the channel */
#define SIGMATON_SLOT_EVENT_ID UINT32_C(8)
#define SIGMATON_SLOT_PROVIDER UINT32_C(16)
#define SIGMATON_SLOT_TIME UINT32_C(32)
#define SIGMATON_SLOT_PRODUCT UINT32_C(64) /* explicit labels */
#define SIGMATON_SLOT_CATEGORY UINT32_C(128)
#define SIGMATON_SLOT_SERVICE UINT32_C(256)
#define SIGMATON_SLOT_SOURCE UINT32_C(512) /* a binding reads it */
/* Envelopes: objects of the event in which fields are looked up that the event does not have
 * itself, in slot order, the first that has a field answering for it. ENVELOPE: what the slot finds
 * is one. INNER: the value of its first member is one (`#attributes` is no member), asked after all
 * ENVELOPEs. In an envelope blanks in keys do not count, and an object is its `#text`, or nothing.
 */
#define SIGMATON_SLOT_ENVELOPE UINT32_C(1024)
#define SIGMATON_SLOT_INNER UINT32_C(2048)

struct sigmaton_slot_info {
    struct sigmaton_ref name; /* field path */
    uint32_t flags;
    uint32_t reserved;
};

/* In events of channel `channel` (folded) and id `event_id`, slot `field` is found under slot
 * `source`; with an empty channel in every event. Applied in table order once all slots are filled.
 */
#define SIGMATON_BIND_RENAME 0   /* when field is absent */
#define SIGMATON_BIND_OVERRIDE 1 /* always */
#define SIGMATON_BIND_JOIN \
    2 /* field = domain \ source, when field is absent and source is text but "-" */
#define SIGMATON_NO_SLOT UINT32_MAX
struct sigmaton_binding {
    struct sigmaton_ref channel;
    uint32_t event_id;
    uint32_t kind;
    uint32_t field, source, domain; /* slots; domain may be SIGMATON_NO_SLOT */
    uint32_t reserved;
};

/* A row of the routing table: events of this channel (without one: this provider), ids and extra
 * condition carry a log source that the rules in the bitmap name. */
#define SIGMATON_ROUTE_IDS 4
struct sigmaton_route {
    struct sigmaton_ref channel, provider; /* folded; empty: not given */
    uint32_t ids[SIGMATON_ROUTE_IDS];
    uint32_t n_ids;                     /* 0: any */
    uint32_t when_slot;                 /* SIGMATON_NO_SLOT: no extra condition */
    struct sigmaton_ref when_values[2]; /* folded; the slot's text equals one of them */
    struct sigmaton_ref product, category, service;
    struct sigmaton_ref rules; /* uint64_t[(n_rules + 63) / 64] */
};

/* ---- Classes: which rules are searched for -----------------------------------------------------
 *
 * An event's channel, or its provider where it has no channel, is a key; the key's case for the
 * event's id and the conditions that hold name a class: the rules that such events meet, cut into
 * layers that scan searches one by one. Class 0 is every rule, for events that no key tells. A case
 * with an id holds for events whose slot EventID (SIGMATON_SLOT_EVENT_ID, the first) is no list:
 * rules that want other ids of that field are left out of its class. */
struct sigmaton_when {
    struct sigmaton_ref
        values[2]; /* folded; the slot's text equals one of them; empty: not given */
    uint32_t slot;
    uint32_t reserved;
};
#define SIGMATON_CASE_WHENS 3
struct sigmaton_case {
    uint32_t id;
    uint32_t n_whens;
    uint32_t whens[SIGMATON_CASE_WHENS];        /* into the table of conditions */
    uint32_t classes[1 << SIGMATON_CASE_WHENS]; /* bit i of the index: whens[i] holds */
};
struct sigmaton_key {
    struct sigmaton_ref text;  /* folded */
    struct sigmaton_ref cases; /* the first for ids that no other has, the others by id */
    uint32_t is_provider;      /* 0 or 1 */
    uint32_t reserved;
};
#define SIGMATON_CLASS_KEYWORDS UINT32_C(1) /* some rule searches all texts of the event */
struct sigmaton_class {
    struct sigmaton_ref layers; /* uint32_t[] */
    uint32_t flags;
    uint32_t reserved;
};

/* Witnesses that one layer looks for in one field. Offsets count from the index. A posting is a
 * rule (with SIGMATON_POSTING_RULE) or the place of a list in postings: n, then n rules. Texts are
 * folded ASCII and looked for without case; what they point at is judged anyway, so that equal
 * hashes, and in the middle of long texts other bytes, pass for equal texts. */
#define SIGMATON_POSTING_RULE UINT32_C(0x80000000)
#define SIGMATON_NO_POSTING UINT32_MAX
enum sigmaton_tier_kind {
    SIGMATON_TIER_EQ,     /* the whole text */
    SIGMATON_TIER_NAME,   /* what follows the last backslash or slash, with it */
    SIGMATON_TIER_PREFIX, /* the first key_len bytes point at the entry */
    SIGMATON_TIER_SUFFIX, /* the last */
};
/* A key's hash h (sigmaton_tier_whole, sigmaton_tier_end) has its place at h >> (64 - place_bits)
 * or behind, the last place followed by the first, before the first place that is free. */
struct sigmaton_tier {
    uint64_t gate;  /* EQ, NAME: bit min(len, 63) of each text; else bit h >> 6 & 63 of each key */
    uint64_t inner; /* bit h & 63 of each key */
    uint32_t places_off;  /* struct sigmaton_place[1 << place_bits], at least one free */
    uint32_t entries_off; /* PREFIX, SUFFIX: struct sigmaton_entry[] */
    uint8_t kind;         /* enum sigmaton_tier_kind */
    uint8_t key_len;      /* PREFIX, SUFFIX: 1 to 8 */
    uint8_t place_bits;   /* at least 1 */
    uint8_t reserved;
    uint32_t reserved_word;
};
struct sigmaton_place {
    uint32_t tag;  /* (uint32_t)h */
    uint32_t what; /* EQ, NAME: posting; PREFIX, SUFFIX: entry; SIGMATON_NO_POSTING: free */
};
struct sigmaton_entry {
    uint32_t text; /* offset from the pack */
    uint32_t len;
    uint32_t posting;
    uint32_t far; /* the four bytes at the other end than the key, each or-ed with 0x20; 0 in texts
                     of fewer than four */
};
struct sigmaton_number {
    int64_t value;
    uint32_t posting, reserved;
};
/* Some text that is looked for may be a number's: the bytes of an event may write it in another
 * way.
 */
#define SIGMATON_INDEX_NUMERIC 1u
struct sigmaton_index {
    uint32_t pack_off;   /* of the index, from the pack */
    uint32_t present;    /* posting: the field is there */
    uint32_t wide;       /* posting: a text has a byte beyond ASCII */
    uint32_t any_number; /* posting of all numbers, for those of events that are no int64_t */
    uint32_t postings_off;
    uint32_t grams_off;              /* texts that may stand anywhere (match/grams.h); 0: none */
    uint32_t n_numbers, numbers_off; /* struct sigmaton_number[], ascending */
    uint32_t tiers_off;              /* struct sigmaton_tier[n_tiers] */
    uint8_t n_tiers;
    uint8_t n_text_tiers; /* so many of the first are for texts .. */
    uint8_t
        first_json_tier; /* .. and those from here on for what JSON writes: \\ for a backslash */
    uint8_t flags;       /* SIGMATON_INDEX_* */
};

/* What one layer looks for, as data, for host->layer: n_always struct sigmaton_always, then
 * n_fields struct sigmaton_field. */
struct sigmaton_layer {
    uint32_t n_always, n_fields;
};
struct sigmaton_always {
    uint64_t rules; /* a word of candidates .. */
    uint32_t word;  /* .. and which */
    uint32_t reserved;
};
struct sigmaton_field {
    uint32_t slot;
    int32_t off; /* of the struct sigmaton_index, from the layer */
};

/* ASCII letters without case, other bytes perhaps mixed up: for hashes. */
static inline uint64_t sigmaton_index_word(const uint8_t *p, uint32_t len)
{
    uint64_t w = 0;
    for (uint32_t i = 0; i < len; i++)
        w |= (uint64_t)(uint8_t)(p[i] | 0x20) << (8 * i);
    return w;
}

static inline uint64_t sigmaton_index_mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 32;
}

/* The hash of a key: word by word, the last one shorter. */
static inline uint64_t sigmaton_index_hash(const uint8_t *p, uint32_t len)
{
    uint64_t h = len;
    for (; len > 8; p += 8, len -= 8)
        h = sigmaton_index_mix(h, sigmaton_index_word(p, 8));
    return sigmaton_index_mix(h, sigmaton_index_word(p, len)) * UINT64_C(0x9e3779b97f4a7c15);
}

/* The hash of a text in a tier, EQ or NAME, by its first and last eight bytes, or all it has in
 * both, as sigmaton_index_word; and that of a beginning or end, of all its bytes. */
static inline uint64_t sigmaton_tier_whole(uint64_t first, uint64_t last, uint32_t len)
{
    return sigmaton_index_mix(sigmaton_index_mix(len, first), last);
}

static inline uint64_t sigmaton_tier_end(uint64_t key)
{
    return sigmaton_index_mix(0, key);
}

struct sigmaton_regex {
    struct sigmaton_ref
        pattern; /* PCRE2 pattern in normal form: no options but UTF, DOTALL nowhere needed */
    struct sigmaton_ref dfa; /* struct sigmaton_dfa, 8-aligned, and len its bytes; len 0: PCRE2 */
    uint32_t flags;          /* 0 */
    uint32_t reserved;
};

/* A set of texts for host->set. The header is followed by numbers of 16 bits each, of 32 where
 * is_wide: first text of each bucket, 1 << bucket_bits of them, and the end; then where each text
 * begins, from the start of the set, n of them, and the end. Texts stand in the order of their
 * buckets. CONTAINS then has SIGMATON_SET_MASKS_SIZE bytes of masks, for each of the first three
 * bytes of a key, by its low and by its high half, the groups of keys that have such a byte, and
 * for each text the bytes before its key, of one byte each. The texts' bytes are last.
 * compiler/plan/sets.h tells which text is in which bucket. */
enum sigmaton_set_kind {
    SIGMATON_SET_EQ,
    SIGMATON_SET_PREFIX,
    SIGMATON_SET_SUFFIX,
    SIGMATON_SET_CONTAINS,
};
struct sigmaton_set {
    uint32_t size; /* bytes of the whole set, a multiple of 8 */
    uint32_t n;
    uint32_t min_len;
    uint32_t key_len; /* bytes hashed: of the start (EQ: the whole), of the end for SUFFIX, of
                         anywhere for CONTAINS */
    uint8_t kind;     /* enum sigmaton_set_kind */
    uint8_t flags;    /* SIGMATON_CASED and SIGMATON_ASCII, of all texts */
    uint8_t bucket_bits;
    uint8_t is_wide;
};
#define SIGMATON_SET_MASKS_SIZE 96u

/* Leaf predicates as data, for host->probe: what code that is made in a hurry calls instead of
 * comparing by itself. They are part of a pack and trusted like its code. */
enum sigmaton_probe_op {
    SIGMATON_PROBE_EXISTS,
    SIGMATON_PROBE_NULL,
    SIGMATON_PROBE_ANY,
    SIGMATON_PROBE_BOOL,   /* a: value */
    SIGMATON_PROBE_NUMBER, /* a: enum sigmaton_compare; b: kind; words: the number */
    SIGMATON_PROBE_TIME,   /* the same, then enum sigmaton_time_part */
    /* Texts: a bytes at off. */
    SIGMATON_PROBE_EQ,
    SIGMATON_PROBE_PREFIX,
    SIGMATON_PROBE_SUFFIX,
    SIGMATON_PROBE_CONTAINS,
    SIGMATON_PROBE_WILDCARD,
    /* The same with words to compare, for texts that fold byte by byte (SIGMATON_CASED or _ASCII):
     * (word of the event | mask) == want; of 8 bytes and more {want, mask} for the first 8 bytes
     * and for the last 8, of 4 to 7 bytes one pair for the first 4 bytes and, above them, the last
     * 4, of fewer one pair for the first, middle (a / 2) and last byte. */
    SIGMATON_PROBE_EQ_WORDS,
    SIGMATON_PROBE_PREFIX_WORDS,
    SIGMATON_PROBE_SUFFIX_WORDS,
    SIGMATON_PROBE_CIDR,     /* a: prefix; b: is_v6; the address at off */
    SIGMATON_PROBE_FIELDREF, /* a: the other slot; b: enum sigmaton_affix */
    SIGMATON_PROBE_REGEX,    /* a: index; b: no text of fewer bytes matches */
    SIGMATON_PROBE_SET,      /* struct sigmaton_set at off */
    SIGMATON_PROBE_GATE,     /* struct sigmaton_probes at off; its probes are no gates */
};
#define SIGMATON_PROBE_NOT UINT32_C(4)      /* holds when the predicate does not */
#define SIGMATON_PROBE_NEGATIVE UINT32_C(8) /* REGEX: negative */
#define SIGMATON_NO_MEMO UINT32_MAX
struct sigmaton_probe {
    uint8_t op;    /* enum sigmaton_probe_op */
    uint8_t flags; /* SIGMATON_CASED, _ASCII, _PROBE_NOT, _PROBE_NEGATIVE */
    uint16_t size; /* bytes to the next probe; a multiple of 8 */
    uint32_t slot;
    uint32_t memo; /* where the frame keeps the predicate's answer; SIGMATON_NO_MEMO: nowhere */
    uint32_t a, b;
    int32_t off;       /* bytes from this probe */
    uint64_t words[4]; /* as many as size has room for */
};
struct sigmaton_probes {
    uint32_t n;   /* probes that follow */
    uint32_t any; /* 0 or 1 */
};

/* The hash by which a set's texts are found, of a key or of a whole text; ASCII letters without
 * case.
 */
static inline uint32_t sigmaton_set_hash(const uint8_t *p, uint32_t len)
{
    return (uint32_t)(sigmaton_index_hash(p, len) >> 32);
}

/* ---- Many texts at once ---------------------------------------------------------------------
 *
 * A search for up to thousands of ASCII texts in one value. Each text of three bytes or more has a
 * window: four of its bytes (all of them where it has fewer). A place of the value where a window
 * may stand is found by the filter, then looked up in the bucket, then the whole text is compared.
 * Shorter texts are told by their bytes alone, eight at once.
 * compiler/plan/grams.h tells how it is laid out and chosen. */
#define SIGMATON_GRAM_FOLD \
    UINT32_C(0x1f1fdfdf) /* what of four bytes, read as little-endian, counts */
#define SIGMATON_GRAM_FACTOR UINT32_C(0x3779b100)
#define SIGMATON_GRAM_WORD_BITS_MIN 4u
#define SIGMATON_GRAM_WORD_BITS_MAX 16u

#define SIGMATON_GRAM_MASKS_MAX 4u

#define SIGMATON_GRAM_CASED UINT32_C(1) /* compared as it is; else ASCII letters fold */
#define SIGMATON_GRAM_ESCAPES                                                                    \
    UINT32_C(2)                           /* JSON escapes a byte of the text, none of its window \
                                           */
#define SIGMATON_GRAM_DECODED UINT32_C(4) /* looked for in decoded values alone */
#define SIGMATON_GRAM_RAW UINT32_C(8)     /* the text as JSON escapes it, for raw values alone */

/* A window of a text, in the bucket of its filter word. */
struct sigmaton_gram {
    uint64_t key;    /* eight bytes of the text, or all of it and zeros; compiler/plan/grams.h */
    uint32_t off;    /* of the text, from the start of the table */
    uint32_t len;    /* bytes, at least 3 */
    uint32_t id;     /* what a hit reports */
    uint16_t before; /* bytes of the text before its window */
    uint8_t shift; /* the window begins with bit `shift` of the key: a multiple of 8, at most 32 */
    uint8_t flags; /* SIGMATON_GRAM_* */
};

/* Eight texts of one or two bytes, a bit for each. */
struct sigmaton_gram_short {
    uint32_t id[8];
    uint8_t single;       /* those of one byte */
    uint8_t raw, decoded; /* those looked for in raw values, and in decoded ones */
    uint8_t reserved[5];
    uint8_t at[2][256]; /* those that have such a byte first, and second; of one byte: any */
};

struct sigmaton_grams {
    uint32_t size;        /* bytes of the whole table, a multiple of 8 */
    uint32_t min_len;     /* of the shortest text that has a window; UINT32_MAX: there is none */
    uint32_t word_bits;   /* the filter has 1 << word_bits words .. */
    uint32_t words_off;   /* .. of 32 bits; offsets count from the start of the table */
    uint32_t buckets_off; /* uint32_t[(1 << (word_bits - 1)) + 1]: first entry of each bucket, and
                             the end; a bucket serves two words */
    uint32_t entries_off; /* struct sigmaton_gram[n_entries], ordered by bucket */
    uint32_t n_entries;
    uint32_t shorts_off; /* struct sigmaton_gram_short[n_shorts] */
    uint32_t n_shorts;
    uint32_t masks_off; /* uint8_t[n_masks][2][16], 8-aligned: for each byte of a window, by its low
                           and by its high half, the groups of windows that have such a byte */
    uint32_t
        n_masks; /* bytes of a window that masks look at before the filter is asked: 3, 4, or 0 */
};

/* The filter word of folded bytes v & SIGMATON_GRAM_FOLD: a hash of the first three. The bit in it
 * is the fourth byte, v >> 24, which folding leaves below 32. */
static inline uint32_t sigmaton_gram_word(uint32_t folded, uint32_t word_bits)
{
    return folded * SIGMATON_GRAM_FACTOR >> (32 - word_bits);
}

/* What a pack's code asks of the processor; bits of cpu_features. A set bit that a reader does not
 * know is one that its processor lacks. */
#define SIGMATON_CPU_X86_64_V2 UINT64_C(1) /* levels of the x86-64 psABI */
#define SIGMATON_CPU_X86_64_V3 UINT64_C(2)
#define SIGMATON_CPU_X86_64_V4 UINT64_C(4)

/* ---- Names: a perfect hash over the keys that count at the root of an event ---- */

/* The key of a slot's whole name, or the part of one up to its first dot. */
#define SIGMATON_NAME_USED UINT32_C(1) /* the entry is taken */
#define SIGMATON_NAME_HEAD UINT32_C(2) /* names go on inside the value */
struct sigmaton_name {
    struct sigmaton_ref key;
    uint32_t slot; /* SIGMATON_NO_SLOT: a head only */
    uint32_t flags;
};

/* uint16_t shifts[n_buckets] and struct sigmaton_name entries[n_entries] follow, both powers of
 * two; the shifts are padded to 8 bytes. A key that counts stands in the one entry that its hash
 * names; what else hashes there has other bytes. */
struct sigmaton_names {
    uint64_t seed;
    uint32_t n_buckets, n_entries;
};

/* Eight bytes, the first one lowest. */
static inline uint64_t sigmaton_name_word(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56; /* as compilers know a load */
}

/* A key in words: its first and last eight bytes, or all it has, zeros behind, in both. */
struct sigmaton_name_ends {
    uint64_t first, last;
};
static inline struct sigmaton_name_ends sigmaton_name_ends(const uint8_t *key, uint32_t len)
{
    struct sigmaton_name_ends e = {0, 0};
    if (len >= 8) {
        e.first = sigmaton_name_word(key);
        e.last = sigmaton_name_word(key + len - 8);
        return e;
    }
    for (uint32_t i = 0; i < len; i++)
        e.first |= (uint64_t)key[i] << 8 * i;
    e.last = e.first;
    return e;
}

/* The hash of key[len] whose ends are given; keys of more than 16 bytes are read. */
static inline uint64_t sigmaton_name_hash(uint64_t seed, const uint8_t *key, uint32_t len,
                                          struct sigmaton_name_ends ends)
{
    uint64_t x = ends.first ^ seed;
    for (uint32_t i = 8; i + 8 < len; i += 8)
        x = (x ^ x >> 31 ^ sigmaton_name_word(key + i)) * UINT64_C(0x9fb21c651e98df25);
    x *= UINT64_C(0x9e3779b97f4a7c15);
    x ^= x >> 32;
    x ^= (ends.last << 32 | ends.last >> 32) + len * UINT64_C(0xc2b2ae3d27d4eb4f);
    x *= UINT64_C(0xd6e8feb86659fd93);
    return x ^ x >> 32;
}

/* The bucket of a hash: its upper bits, on which every byte of the key tells. */
static inline uint32_t sigmaton_name_bucket(const struct sigmaton_names *names, uint64_t hash)
{
    return (uint32_t)((hash >> 32) * names->n_buckets >> 32);
}

/* The entry of a hash; both counts are powers of two. */
static inline uint32_t sigmaton_name_entry(const struct sigmaton_names *names,
                                           const uint16_t *shifts, uint64_t hash)
{
    uint32_t bucket = sigmaton_name_bucket(names, hash);
    return ((uint32_t)hash ^ shifts[bucket]) & (names->n_entries - 1);
}

/* The descriptor: the first bytes of the image. */
struct sigmaton_pack {
    uint32_t size; /* sizeof(struct sigmaton_pack) of the writer */
    uint32_t magic;
    uint16_t abi_major, abi_minor;
    int32_t eval_off; /* sigmaton_eval_fn at (char *)pack + eval_off; 0: judged by an interpreter */
    uint32_t image_size; /* bytes, tables included */
    uint32_t n_memo;
    struct sigmaton_ref target; /* LLVM triple and CPU, "-" between; empty for interpreted packs */
    struct sigmaton_ref producer; /* "sigmaton 0.1.0" */
    struct sigmaton_ref rules;    /* of struct sigmaton_rule */
    struct sigmaton_ref slots;    /* of struct sigmaton_slot_info */
    struct sigmaton_ref bindings; /* of struct sigmaton_binding */
    struct sigmaton_ref routes;   /* of struct sigmaton_route */
    struct sigmaton_ref regexes;  /* of struct sigmaton_regex */
    struct sigmaton_ref keys;     /* of struct sigmaton_key */
    struct sigmaton_ref whens;    /* of struct sigmaton_when */
    struct sigmaton_ref classes;  /* of struct sigmaton_class */
    uint32_t n_layers;
    int32_t scan_off; /* sigmaton_scan_fn at (char *)pack + scan_off; 0: nothing is searched for */
    uint64_t cpu_features;        /* SIGMATON_CPU_*; 0 for generic code */
    struct sigmaton_ref names;    /* bytes of a struct sigmaton_names; empty: none was made */
    struct sigmaton_ref keywords; /* uint64_t[(n_rules + 63) / 64]: rules that ask the keywords;
                                     empty: any may */
};

#ifdef __cplusplus
}
#endif
#endif
