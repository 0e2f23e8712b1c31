#include "lines.h"

#include <errno.h>
#include <poll.h>
#include <sigmaton/sigmaton.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE ((size_t)4096)
/* Reads go to whole pages, always the same; what is left of the longest line fits before them. */
#define READ_AT (SIGMATON_LINE_MAX + PAGE)
/* What is read at once, and the page cache's bytes that it was copied from, are in the second
 * cache together with what judges them; less costs more calls, and threads that take turns at
 * reading wait for each other more often. Files are not mapped: docs/performance.md says why. */
#define READ_MAX ((size_t)256 << 10)

char *lines_buffer(void)
{
    return aligned_alloc(PAGE, READ_AT + READ_MAX);
}

void lines_begin(struct lines *l, int fd, char *buffer)
{
    struct stat st;
    *l = (struct lines){.fd = fd, .stop_fd = -1, .bytes = buffer, .begin = READ_AT, .end = READ_AT};
    l->is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

bool lines_open(struct lines *l, int fd)
{
    lines_begin(l, fd, lines_buffer());
    l->own = l->bytes;
    return l->own != NULL;
}

void lines_close(struct lines *l)
{
    free(l->own);
    l->own = l->bytes = NULL;
}

static struct line trim(const char *p, size_t len)
{
    if (len > 0 && p[len - 1] == '\r')
        len--;
    return (struct line){.p = p, .len = len, .too_long = len > SIGMATON_LINE_MAX};
}

/* The rest of a line that was given as too long is not there any more; only its end matters. */
static bool skip_rest(struct lines *l)
{
    char *feed = memchr(l->bytes + l->begin, '\n', l->end - l->begin);
    l->begin = feed ? (size_t)(feed + 1 - l->bytes) : l->end;
    l->skipping = !feed;
    return feed != NULL;
}

static enum lines_status next_line(struct lines *l, struct line *ret_line)
{
    if (l->skipping && !skip_rest(l))
        return l->eof ? LINES_END : LINES_WAIT;
    char *start = l->bytes + l->begin;
    size_t have = l->end - l->begin, looked = l->looked;
    char *feed = memchr(start + looked, '\n', have - looked);
    l->looked = 0;
    if (feed) {
        *ret_line = trim(start, (size_t)(feed - start));
        l->begin = (size_t)(feed + 1 - l->bytes);
        return LINES_LINE;
    }
    if (have > SIGMATON_LINE_MAX + 1) {
        *ret_line = (struct line){.p = start, .len = SIGMATON_LINE_MAX, .too_long = true};
        l->begin = l->end;
        l->skipping = true;
        return LINES_LINE;
    }
    if (!l->eof) {
        l->looked = have;
        return LINES_WAIT;
    }
    if (have == 0)
        return LINES_END;
    *ret_line = trim(start, have);
    l->begin = l->end;
    return LINES_LINE;
}

static enum lines_status next_document(struct lines *l, struct line *ret_line)
{
    struct srt_document d;
    const char *p = l->bytes + l->begin;
    enum srt_cut_status s =
        srt_documents_next(&l->documents, (const uint8_t *)p, l->end - l->begin, l->eof, &d);
    l->begin += d.used;
    *ret_line = (struct line){p + d.off, d.len, d.too_long, d.fault, false};
    return s == SRT_CUT_DOCUMENT ? LINES_LINE : s == SRT_CUT_MORE ? LINES_WAIT : LINES_END;
}

/* Whether the shape of the input may show now that it did not at the last look, when there were
 * `looked` bytes: a look goes through all of them, so it wants a line's end or a little more. */
static bool may_show(const struct lines *l)
{
    const size_t have = l->end - l->begin, more = have - l->looked;
    return l->eof || more > l->looked / 64 ||
           memchr(l->bytes + l->begin + l->looked, '\n', more) != NULL;
}

enum lines_status lines_next(struct lines *l, struct line *ret_line)
{
    if (l->shape == SRT_SHAPE_UNSURE && may_show(l)) {
        const char *p = l->bytes + l->begin;
        l->shape = srt_shape_of((const uint8_t *)p, l->end - l->begin, l->eof);
        l->looked = l->shape == SRT_SHAPE_UNSURE ? l->end - l->begin : 0;
    }
    if (l->shape == SRT_SHAPE_UNSURE)
        return LINES_WAIT;
    return l->shape == SRT_SHAPE_LINES ? next_line(l, ret_line) : next_document(l, ret_line);
}

enum lines_status lines_next_many(struct lines *l, struct line *ret_line)
{
    const char *start = l->bytes + l->begin;
    const char *feed = l->shape == SRT_SHAPE_LINES && !l->skipping
                           ? memrchr(start + l->looked, '\n', l->end - l->begin - l->looked)
                           : NULL;
    if (feed == NULL)
        return lines_next(l, ret_line);
    *ret_line = (struct line){.p = start, .len = (size_t)(feed + 1 - start), .many = true};
    l->begin += ret_line->len;
    l->looked = l->end - l->begin;
    return LINES_LINE;
}

bool lines_split(struct line *many, struct line *ret_line)
{
    const char *feed = memchr(many->p, '\n', many->len);
    if (feed == NULL)
        return false;
    *ret_line = trim(many->p, (size_t)(feed - many->p));
    many->len -= (size_t)(feed + 1 - many->p);
    many->p = feed + 1;
    return true;
}

const char *lines_shape(const struct lines *l)
{
    static const char *const names[] = {
        [SRT_SHAPE_UNSURE] = "nothing",
        [SRT_SHAPE_LINES] = "NDJSON, one event a line",
        [SRT_SHAPE_DOCUMENTS] = "JSON documents",
        [SRT_SHAPE_ARRAY] = "a JSON array of events",
    };
    return names[l->shape];
}

void lines_move(struct lines *l, char *buffer)
{
    size_t unread = l->end - l->begin;
    size_t begin = unread <= READ_AT ? READ_AT - unread : 0;
    memmove(buffer + begin, l->bytes + l->begin, unread);
    l->bytes = buffer;
    l->begin = begin;
    l->end = begin + unread;
}

/* A signal that comes between the look at who stops us and the read would not end the read. */
static bool may_read(const struct lines *l)
{
    struct pollfd fds[2] = {{l->fd, POLLIN, 0}, {l->stop_fd, POLLIN, 0}};
    return l->is_file || l->stop_fd < 0 || (poll(fds, 2, -1) > 0 && fds[1].revents == 0);
}

enum lines_status lines_fill(struct lines *l)
{
    if (!may_read(l))
        return LINES_STOP;
    /* What comes in small pieces is not moved at each. */
    if (l->begin == l->end || READ_AT + READ_MAX - l->end < READ_MAX / 2)
        lines_move(l, l->bytes);
    ssize_t n = read(l->fd, l->bytes + l->end, READ_AT + READ_MAX - l->end);
    if (n < 0)
        return errno == EINTR ? LINES_STOP : LINES_ERROR;
    l->end += (size_t)n;
    l->eof = n == 0;
    return LINES_LINE;
}
