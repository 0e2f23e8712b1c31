/* What frame->runtime points at. The engine fills it, the kernels read it, packs do not look. */
#ifndef SRT_RUNTIME_H
#define SRT_RUNTIME_H

#include <stdint.h>

#include "gram_scan.h"
#include "line.h"
#include "seek.h"

/* Bytes of a JSON string that are its head, and room for them as text. */
#define SRT_HEAD 512u
#define SRT_HEAD_ROOM (SRT_HEAD + 32u)

struct srt_firsts;
struct srt_regex_scratch;
struct srt_runtime;

struct srt_runtime {
    struct srt_regex_scratch *regex; /* NULL: the pack has no regex */
    /* Differs from event to event and is never 0; regex answers of one event are then remembered by
     * regex and slot address. 0 switches the remembering off. */
    uint64_t event;
    uint64_t n_regexes;        /* runs since the scratch was made */
    struct srt_firsts *firsts; /* of the same events; NULL: all searches begin at the start */
    srt_grams_scan_fn *grams;  /* of the machine's level; NULL: the plain one */
    srt_grams_raw_fn *grams_raw;
    srt_grams_leaves_fn *grams_leaves; /* NULL: leaves are scanned one by one */
    const struct srt_seek *seek;       /* of that level; NULL: the plain one */
    const struct sigmaton_host *host;  /* of that level; NULL: the plain one */
    struct srt_line *search;           /* of `line`, which is the line that the scanner read last */
    const uint8_t *line; /* JSON that stands for all texts of the event, sound and plain; or NULL */
    bool plain; /* no escape of the event hides a character: texts may be searched as written */
    /* For slots that are SIGMATON_ESCAPED; NULL: there are none. looks: whether the bytes stand for
     * themselves but for escapes of single ASCII characters. decode: the slot becomes what it
     * stands for, or false. head: the text that a long one begins with, its length or 0. */
    bool (*looks)(const struct srt_runtime *runtime, const uint8_t *p, uint32_t n);
    bool (*decode)(struct srt_runtime *runtime, struct sigmaton_slot *slot);
    uint32_t (*head)(const struct srt_runtime *runtime, const struct sigmaton_slot *slot,
                     uint8_t text[SRT_HEAD_ROOM]);
};

#endif
