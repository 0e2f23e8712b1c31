/* Events of a descriptor through a judge, alerts into a buffer: what `run` does, and what `bench`
 * measures.
 *
 *     struct stream s;
 *     if (stream_open(&s, &judge, &report, out)) {
 *         stream_fd(&s, "a.ndjson", fd);
 *         stream_close(&s);
 *     }
 *
 * Counts add up over all inputs. One at a time per stream; nothing is allocated per event. */
#ifndef SIGMATON_TOOL_STREAM_H
#define SIGMATON_TOOL_STREAM_H

#include <signal.h>

#include "judge.h"
#include "lines.h"
#include "output.h"
#include "report.h"

struct stream {
    const struct report *report; /* NULL: unreadable events are counted, not told */
    struct judge *judge;
    struct srt_buffer *out;
    bool text_alerts, color;
    const volatile sig_atomic_t *stopped; /* NULL: nothing stops it */
    uint64_t *unjudged;                   /* per rule: events without a verdict */
    uint64_t *hit;                        /* bitmap of rules that alerted */
    uint64_t n_events, n_unreadable, n_alerts, n_unjudged, n_bytes;
    uint64_t judge_ns; /* wall clock, without waiting for input */
};

/* Borrows all three until stream_close; report may be NULL. False when there is no memory;
 * stream_close is still allowed. */
bool stream_open(struct stream *s, struct judge *judge, const struct report *report,
                 struct srt_buffer *out);
void stream_close(struct stream *s);
/* Judges all events of a descriptor, which stays open; `file` is what alerts call it. False when
 * reading failed, errno says why. */
bool stream_fd(struct stream *s, const char *file, int fd);
/* The alerts of one event that was judged: what stream_fd does with each verdict. */
void stream_alerts(struct stream *s, const struct sigmaton_verdict *v, const char *file,
                   uint64_t record);

#endif
