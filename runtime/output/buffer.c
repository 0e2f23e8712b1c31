#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "output.h"

void srt_buffer_init(struct srt_buffer *b, int fd)
{
    b->fd = fd;
    b->error = 0;
    b->len = 0;
    b->turn = NULL;
}

static void write_all(struct srt_buffer *b, const char *p, size_t len)
{
    if (len > 0 && b->turn != NULL)
        b->turn(b->turn_ctx);
    while (len > 0 && b->error == 0) {
        ssize_t n = write(b->fd, p, len);
        if (n > 0) {
            p += n;
            len -= (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            b->error = n == 0 ? EIO : errno; /* nothing taken and no reason given: it never will */
        }
    }
}

bool srt_buffer_flush(struct srt_buffer *b)
{
    write_all(b, b->bytes, b->len);
    b->len = 0;
    return b->error == 0;
}

void srt_buffer_add(struct srt_buffer *b, const char *p, size_t len)
{
    if (len > SRT_BUFFER_SIZE - b->len)
        srt_buffer_flush(b);
    if (len > SRT_BUFFER_SIZE) {
        write_all(b, p, len);
        return;
    }
    memcpy(b->bytes + b->len, p, len);
    b->len += len;
}

void srt_buffer_addz(struct srt_buffer *b, const char *z)
{
    srt_buffer_add(b, z, strlen(z));
}

void srt_buffer_add_u64(struct srt_buffer *b, uint64_t v)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + v % 10);
    while ((v /= 10) != 0);
    srt_buffer_add(b, digits + at, sizeof digits - at);
}
