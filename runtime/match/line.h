/* The texts that an event's class seeks in the whole line, looked for while the line is read.
 *
 * Which texts those are is known only when the event has been routed; but the texts of the line
 * before are nearly always the same table. So the scanner (runtime/input/scan.h) notes on its way,
 * where the machine has AVX-512, the places at which the masks of that table let a text stand. If
 * the class asks for the table, those places are looked at and the line is not gone through again;
 * if it asks for another, that one is searched for as ever, and looked for in the next line.
 */
#ifndef SRT_LINE_H
#define SRT_LINE_H

#include "gram_scan.h"

/* Blocks of a line, of 64 bytes, that have places; a line with more is searched as ever. */
#define SRT_LINE_BLOCKS 64u

struct srt_line {
    const struct sigmaton_grams *grams; /* what to look for; NULL: nothing */
    uint32_t n;                         /* SRT_LINE_BLOCKS: there were more */
    bool seen;                          /* every place of the line was looked at */
    struct {
        uint64_t places;           /* bit i: a text may stand there */
        uint32_t at;               /* of bit 0, from the line's begin */
    } blocks[SRT_LINE_BLOCKS + 1]; /* the last one is for what is too much */
};

/* Reports texts of the table that stand in the line of n bytes at p, as srt_grams_raw does for a
 * line that is plain; notes the table for the next line. False: nothing is known of this one. */
bool srt_line_ask(struct srt_line *line, const struct sigmaton_grams *g, const uint8_t *p,
                  uint32_t n, srt_grams_mark mark, void *ctx);

#endif
