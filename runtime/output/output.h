/* Alerts out: a buffered file descriptor and one writer per format.
 *
 * Nothing is cut short in silence: the first failed write is kept in the buffer's `error` (an
 * errno), later output is dropped, and whoever owns the buffer asks at the end. Memory is allocated
 * when a buffer is created, never per alert. One thread per buffer.
 */
#ifndef SRT_OUTPUT_H
#define SRT_OUTPUT_H

#include <sigmaton/sigmaton.h>
#include <stdbool.h>

#define SRT_BUFFER_SIZE ((size_t)64 << 10)

struct srt_buffer {
    int fd;
    int error; /* errno of the first failed write, or 0 */
    size_t len;
    void (*turn)(void *ctx); /* not NULL: returns when it is this buffer's turn to write */
    void *turn_ctx;
    char bytes[SRT_BUFFER_SIZE];
};

void srt_buffer_init(struct srt_buffer *b, int fd);
void srt_buffer_add(struct srt_buffer *b, const char *p, size_t len);
void srt_buffer_addz(struct srt_buffer *b, const char *z);
void srt_buffer_add_u64(struct srt_buffer *b, uint64_t v);
/* Writes out what is buffered. false when this or an earlier write failed. */
bool srt_buffer_flush(struct srt_buffer *b);
/* A JSON string in quotes; malformed UTF-8 becomes U+FFFD. */
void srt_buffer_json(struct srt_buffer *b, const char *p, size_t len);

/* When an event happened, in UTC. */
#define SRT_TIME_TEXT 48
/* The slot's time as RFC 3339 in UTC ("2026-11-21T10:00:00Z", fraction digits as given, at most
 * nine): from `YYYY-MM-DD[T ]HH:MM[:SS[.f]][Z|+hh:mm]` (no zone: UTC) or Unix seconds (milliseconds
 * above 1e12). false when the slot holds no time. */
bool srt_time_text(const struct sigmaton_slot *slot, char out[SRT_TIME_TEXT]);
/* The first slot flagged SIGMATON_SLOT_TIME, in slot order, that holds a time. false when none
 * does. */
bool srt_event_time(const struct sigmaton_pack *pack, const struct sigmaton_slot *slots,
                    char out[SRT_TIME_TEXT]);

/* One alert; pointers are borrowed for the call. */
struct srt_alert {
    const struct sigmaton_engine *engine;
    uint32_t rule;
    const char *file; /* as given; "-" for standard input */
    uint64_t record;  /* from 1 */
    const char *time; /* srt_event_time's text, or NULL */
};

/* One JSON object and a line feed: docs/alert.schema.json. */
void srt_alert_json(struct srt_buffer *b, const struct srt_alert *alert);
/* One line for people: time, level, title, id, place. */
void srt_alert_text(struct srt_buffer *b, const struct srt_alert *alert, bool color);

#endif
