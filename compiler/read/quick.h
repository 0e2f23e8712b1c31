/* The everyday half of YAML without libyaml: a document of block maps and lists, of plain and
 * quoted texts in one line and of literal blocks, in ASCII without tabs. Nearly every rule is
 * written so.
 *
 * It declines whatever it is not sure of, faults too, and then libyaml reads the text from its
 * beginning: what it does read, it reads as libyaml would, event for event, with the same places,
 * but for ends that differ by blanks and line ends. quick_test holds it to that.
 */
#ifndef SIGMATON_READ_QUICK_H
#define SIGMATON_READ_QUICK_H

#include "stream.h"
#include "vec.h"

/* Maps and lists within each other that it follows. */
#define QUICK_DEPTH_MAX 32
/* Longer keys are left to libyaml, which has a limit somewhat above. */
#define QUICK_KEY_MAX ((size_t)1000)

struct quick {
    struct arena *arena;
    VEC(struct stream_event) events;
};

/* The events of the text, from the begin of its document to the end of the stream; with the room of
 * those that q held before. False: declined. The text is ASCII, and no line begins with %. */
bool quick_read(struct quick *q, struct str text);

#endif
