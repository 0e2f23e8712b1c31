/* The tape: a JSON event as a flat array of nodes, in the order of the bytes.
 *
 * A container's node is followed by those of its members and knows where they end; a key's node is
 * followed by its value's. Nodes point into the bytes by offset; a text that had to be unescaped
 * moves to the event's arena and its node with it. All memory is cut once (cut.h).
 *
 *     {"a":[1,"x"]}   ->   OBJECT(end 5) KEY(a) ARRAY(end 5) NUMBER(1) STRING(x)
 */
#ifndef SRT_TAPE_H
#define SRT_TAPE_H

#include "slot_names.h"

enum srt_node_kind {
    SRT_NODE_OBJECT,
    SRT_NODE_ARRAY,
    SRT_NODE_KEY,
    SRT_NODE_STRING,
    SRT_NODE_NUMBER,
    SRT_NODE_TRUE,
    SRT_NODE_FALSE,
    SRT_NODE_NULL,
};

#define SRT_NODE_ESCAPED 1u  /* off and len still hold escapes */
#define SRT_NODE_DECODED 2u  /* off counts in the event's text */
#define SRT_NODE_REPEATED 4u /* a key that its object has already */
#define SRT_NODE_FAULTY 8u   /* a string that must not be read: srt_node_check says why */

struct srt_node {
    uint32_t off, len; /* of the text without quotes, or of the token */
    uint32_t end;      /* index of the node after this one and all within it */
    uint16_t kind;
    uint16_t flags;
};

struct srt_found {
    uint32_t node;
    uint32_t next; /* index into found, or SRT_NO_FOUND */
};
#define SRT_NO_FOUND UINT32_MAX

/* Something the look-up has still to visit, see fields.c. */
struct srt_visit {
    uint32_t node, place;
};

/* A value is at most once on the stack, a key with blanks in an envelope is worth two; and the
 * marks of the objects around. */
#define SRT_VISITS_MAX ((size_t)SIGMATON_VALUES_MAX + SIGMATON_DEPTH_MAX + 1)

struct srt_tape {
    const uint8_t *text; /* the event's bytes */
    size_t len;
    struct srt_node *nodes; /* [SIGMATON_VALUES_MAX] */
    uint32_t n;
    const char *error; /* phrase, static */
    size_t error_off;
    /* look-up (fields.c) */
    const struct srt_names *names;
    struct srt_visit *visits; /* [SRT_VISITS_MAX] */
    struct srt_found *found;  /* [SIGMATON_VALUES_MAX] */
    uint32_t *first, *last;   /* [n_slots]: a slot's values in found */
    uint32_t *touched;        /* [n_slots]: slots with values */
    uint32_t *won;            /* [n_slots]: slots whose flat key hides their path */
    uint8_t *is_won;          /* [n_slots] */
    uint64_t *seen;           /* [n_names]: the last object in which the name stood */
    uint32_t n_visits, n_found, n_touched, n_won;
    uint32_t n_own;   /* values found outside envelopes */
    uint64_t object;  /* counts objects visited, never reset */
    bool in_envelope; /* names are looked up inside an envelope (pack.h) */
    /* keywords (keywords.c) */
    uint32_t *keys; /* [SIGMATON_VALUES_MAX] */
};

/* false: the text of this string is at fault, see tape->error. */
bool srt_node_check(struct srt_tape *tape, uint32_t node);
/* Unescapes a key's or string's node into the event's arena where it needs it and returns its text;
 * NULL when the arena is full or the text at fault. */
const uint8_t *srt_node_text(struct srt_tape *tape, uint32_t node, struct srt_event *event);
/* A scalar or null node as a leaf. false: the arena is full, or the text at fault. */
bool srt_node_leaf(struct srt_tape *tape, uint32_t node, struct srt_event *event,
                   struct sigmaton_slot *ret_leaf);

/* Fills the slots of all fields that the event has. false: a limit, see tape->error. */
bool srt_fields_bind(struct srt_tape *tape, const struct srt_names *names, struct srt_event *event);
/* Fills one slot with every scalar of the event. */
bool srt_keywords_bind(struct srt_tape *tape, uint32_t slot, struct srt_event *event);

#endif
