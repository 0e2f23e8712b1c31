#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

static bool is_blank(const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\r", p[i]))
            return false;
    return true;
}

static void add_line(struct bench_set *s, size_t *cap, const char *p, size_t len, uint64_t record)
{
    if (len > 0 && p[len - 1] == '\r')
        len--;
    if (is_blank(p, len) || len > SIGMATON_LINE_MAX)
        return;
    if (s->n_lines == *cap) {
        *cap = *cap ? 2 * *cap : 1024;
        s->lines = bench_grow(s->lines, *cap, sizeof *s->lines);
    }
    s->lines[s->n_lines++] = (struct bench_line){p, (uint32_t)len, BENCH_NO_CLASS, record};
    s->longest = len > s->longest ? len : s->longest;
}

static void cut(struct bench_set *s)
{
    const char *p = s->bytes, *end = s->bytes + s->len;
    size_t cap = 0;
    for (uint64_t record = 1; p < end; record++) {
        const char *feed = memchr(p, '\n', (size_t)(end - p));
        const char *stop = feed ? feed : end;
        add_line(s, &cap, p, (size_t)(stop - p), record);
        p = feed ? feed + 1 : end;
    }
}

static bool read_all(int fd, char *to, size_t len)
{
    for (size_t have = 0; have < len;) {
        ssize_t n = read(fd, to + have, len - have);
        if (n <= 0) {
            errno = n == 0 ? EIO : errno; /* it became shorter while it was read */
            return false;
        }
        have += (size_t)n;
    }
    return true;
}

bool bench_file_read(struct bench_set *s, const char *path)
{
    struct stat st;
    *s = (struct bench_set){.name = path, .fd = -1};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool done = fd >= 0 && fstat(fd, &st) == 0;
    if (done && !S_ISREG(st.st_mode)) {
        errno = EINVAL; /* it is read again and again */
        done = false;
    }
    if (done) {
        s->len = (size_t)st.st_size;
        s->bytes = bench_alloc(s->len + BENCH_PADDING, 1);
        done = read_all(fd, s->bytes, s->len);
    }
    int why = errno;
    if (fd >= 0)
        close(fd);
    errno = why;
    return done;
}

bool bench_set_read(struct bench_set *s, const char *path)
{
    bool done = bench_file_read(s, path);
    if (done)
        cut(s);
    return done;
}

bool bench_set_make(struct bench_set *s, const char *name, char *bytes, size_t len)
{
    *s = (struct bench_set){.name = name, .bytes = bytes, .len = len};
    s->fd = memfd_create("sigmaton-bench", MFD_CLOEXEC);
    for (size_t done = 0; s->fd >= 0 && done < len;) {
        ssize_t n = write(s->fd, bytes + done, len - done);
        if (n < 0)
            return false;
        done += (size_t)n;
    }
    cut(s);
    return s->fd >= 0;
}

void bench_set_close(struct bench_set *s)
{
    free(s->bytes);
    free(s->lines);
    if (s->fd >= 0)
        close(s->fd);
}

void bench_sets_close(struct bench_sets *sets)
{
    for (size_t i = 0; i < sets->n; i++)
        bench_set_close(&sets->v[i]);
    free(sets->v);
}
