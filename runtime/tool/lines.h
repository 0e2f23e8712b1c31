/* Events of a file descriptor, as bytes: a line each, or a JSON document each where the input holds
 * pretty-printed or concatenated documents or an array (its first bytes tell which). One read at a
 * time, no copy but the carry-over of what is broken off. In whatever pieces a line comes, its
 * bytes are looked at once for its end.
 *
 * An event above SIGMATON_LINE_MAX is given with too_long set and its bytes cut; the rest of it is
 * skipped, so that the next one is the next one. */
#ifndef SRT_TOOL_LINES_H
#define SRT_TOOL_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "documents.h"

struct lines {
    int fd, stop_fd;   /* stop_fd: readable when nobody shall wait any more; -1: never */
    bool is_file;      /* a read does not wait */
    char *own;         /* what lines_close frees */
    char *bytes;       /* a buffer of lines_buffer */
    size_t begin, end; /* unread bytes are bytes[begin, end) */
    size_t looked;     /* so many of them hold no line feed, or do not tell the shape */
    bool eof, skipping;
    enum srt_shape shape; /* UNSURE until the first event */
    struct srt_documents documents;
};

enum lines_status {
    LINES_LINE, /* *ret_line is set; valid until the next call */
    LINES_WAIT, /* the buffer is drained: the next call reads; time to flush what is written */
    LINES_STOP, /* a signal interrupted the read */
    LINES_END,
    LINES_ERROR, /* errno says why */
};

struct line {
    const char *p;
    size_t len; /* of a line: without line feed and a carriage return before it */
    bool too_long;
    const char *fault; /* not NULL: these bytes are no event; a phrase that says why */
    bool many;         /* whole lines, each with its line feed: lines_next_many alone */
};

/* Room for the longest line and a read behind it, for free(); NULL when there is no memory. */
char *lines_buffer(void);
/* In a buffer that stays the caller's and serves one input after the other: its pages are touched
 * once. */
void lines_begin(struct lines *l, int fd, char *buffer);
/* In a buffer of its own. False when there is no memory. */
bool lines_open(struct lines *l, int fd);
void lines_close(struct lines *l); /* the descriptor stays open */
/* LINES_WAIT is given once before each read. Blank lines are lines. */
enum lines_status lines_next(struct lines *l, struct line *ret_line);
/* The same, but of lines as many as are there at once: for who finds their ends himself. */
enum lines_status lines_next_many(struct lines *l, struct line *ret_line);
/* Reads more; called after LINES_WAIT. LINES_LINE means "go on". */
enum lines_status lines_fill(struct lines *l);
/* Goes on in another buffer, into which what is unread is copied: what was given stays as it is
 * until its own buffer is used again. */
void lines_move(struct lines *l, char *buffer);
/* The next line of what lines_next_many gave as many, which is shortened; false when none is left.
 */
bool lines_split(struct line *many, struct line *ret_line);
/* What the input turned out to hold, for people. */
const char *lines_shape(const struct lines *l);

#endif
