/* libyaml's events over a source text, with byte offsets and one way to start again.
 *
 * The text is fed to libyaml line by line, so that a bad byte far below does not spoil the
 * documents before it, and no further than the limit, so that an oversized document costs no more
 * than one that is just right. A text of ASCII and one document is fed as it comes, or not at all:
 * quick.h knows how most of those are read. A started stream holds memory of libyaml; the arena
 * releases it at its end, stream_stop earlier. A stream may be opened on one text after another.
 */
#ifndef SIGMATON_READ_STREAM_H
#define SIGMATON_READ_STREAM_H

#include <yaml.h>

#include "str.h"

struct arena;

/* Lines that begin with % before libyaml is asked to stop: it searches them one by one. */
#define STREAM_DIRECTIVES_MAX 64

/* What tree.c needs of a libyaml event; places are byte offsets. */
struct stream_event {
    yaml_event_type_t type;
    bool quoted, kept; /* kept: the text lives as long as the source or the arena */
    size_t from, to;
    struct str text;          /* of a scalar; the name of an alias */
    const char *tag, *anchor; /* NULL: none */
};

struct quick;

struct stream {
    struct arena *arena;
    struct str text;
    yaml_parser_t parser;
    yaml_event_t theirs;
    struct stream_event event;  /* the current one; but for a kept text, until the next */
    struct quick *quick;        /* the events of texts that need no libyaml .. */
    size_t n_quick, next_quick; /* .. how many there are, 0 where libyaml is needed, and the next */
    size_t base;                /* where this start began */
    size_t fed;                 /* libyaml has seen text[base .. fed) */
    size_t limit;               /* and will see nothing from here on */
    size_t n_directives;
    bool cut;   /* the limit was met */
    bool plain; /* ASCII, one document, no larger than the limit */
    bool bad_directives;
    size_t mark_index, mark_off; /* the mark that was asked for last, and its offset */
    size_t line_off, line;       /* likewise for lines, from 0 */
};

struct stream *stream_new(struct arena *a);
/* Forgets the text before. */
void stream_begin(struct stream *s, struct str text);
/* Begins, again, at byte `from`, and lets libyaml see at most `max` bytes. */
void stream_start(struct stream *s, size_t from, size_t max);
/* A new document begins at byte `from`: it may be `max` bytes long. */
void stream_allow(struct stream *s, size_t from, size_t max);
/* Pulls the next event into s->event. False: stream_fault says why. */
bool stream_next(struct stream *s);
void stream_stop(struct stream *s);

/* libyaml counts characters; this is the byte offset. Cheap for marks near the last one asked, and
 * where a character is a byte. */
size_t stream_offset(struct stream *s, const yaml_mark_t *mark);

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
