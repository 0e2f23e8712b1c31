/* libyaml's events over a source text, with byte offsets and one way to start again.
 *
 * The text is fed to libyaml line by line, so that a bad byte far below does not spoil the
 * documents before it, and no further than the limit, so that an oversized document costs no more
 * than one that is just right. A text of ASCII and one document is fed as it comes. A started
 * stream holds memory of libyaml; the arena releases it at its end, stream_stop earlier.
 */
#ifndef SIGMATON_READ_STREAM_H
#define SIGMATON_READ_STREAM_H

#include <yaml.h>

#include "str.h"

struct arena;

/* Lines that begin with % before libyaml is asked to stop: it searches them one by one. */
#define STREAM_DIRECTIVES_MAX 64

struct stream {
    struct arena *arena;
    struct str text;
    yaml_parser_t parser;
    yaml_event_t event; /* the current one */
    size_t base;        /* where this start began */
    size_t fed;         /* libyaml has seen text[base .. fed) */
    size_t limit;       /* and will see nothing from here on */
    size_t n_directives;
    bool cut;   /* the limit was met */
    bool plain; /* ASCII, one document, no larger than the limit */
    bool bad_directives;
    size_t mark_index, mark_off; /* the mark that was asked for last, and its offset */
    size_t line_off, line;       /* likewise for lines, from 0 */
};

struct stream *stream_new(struct arena *a, struct str text);
/* Begins, again, at byte `from`, and lets libyaml see at most `max` bytes. */
void stream_start(struct stream *s, size_t from, size_t max);
/* A new document begins at byte `from`: it may be `max` bytes long. */
void stream_allow(struct stream *s, size_t from, size_t max);
/* Pulls the next event into s->event. False: stream_fault says why. */
bool stream_next(struct stream *s);
void stream_stop(struct stream *s);

/* libyaml counts characters; this is the byte offset. Cheap for marks near the last one asked, and
 * where a character is a byte. */
size_t stream_offset_slow(struct stream *s, size_t mark);
static inline size_t stream_offset(struct stream *s, const yaml_mark_t *mark)
{
    if (!s->plain)
        return stream_offset_slow(s, mark->index);
    return mark->index < s->text.len - s->base ? s->base + mark->index : s->text.len;
}

/* The line of byte `off`, from 1. Cheap near the last one asked. */
size_t stream_line(struct stream *s, size_t off);

struct stream_fault {
    size_t off;
    struct str what, help;
};
/* After stream_next gave false: place and words. */
struct stream_fault stream_fault(struct stream *s);

/* After a fault: the fault is text behind the end of a document. */
bool stream_is_behind_end(const struct stream *s);

/* Where a line `---` begins at `from` or later, or text.len. */
size_t stream_find_marker(struct str text, size_t from);
bool stream_is_marker(struct str text, size_t off);

#endif
