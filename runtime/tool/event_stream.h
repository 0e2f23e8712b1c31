/* Events of a descriptor through one judge or several, alerts into a buffer: what `run` does, and
 * what `bench` measures.
 *
 *     struct stream s;
 *     if (stream_open(&s, &judge, 1, &teller, out)) {
 *         stream_fd(&s, "a.ndjson", fd);
 *         stream_close(&s);
 *     }
 *
 * Counts add up over all inputs. One at a time per stream; nothing is allocated per event. */
#ifndef SRT_TOOL_EVENT_STREAM_H
#define SRT_TOOL_EVENT_STREAM_H

#include <stdatomic.h>

#include "lines.h"
#include "output.h"
#include "teller.h"

/* Unreadable events told one by one per input; the summary has the count of all. */
#define STREAM_EVENTS_MAX 100

/* Who judges an event: an engine and its scratch, or what stands in for them. */
struct stream_judge {
    enum sigmaton_status (*judge)(void *ctx, const char *json, size_t len,
                                  struct sigmaton_verdict *ret_verdict);
    void *ctx;
    const struct sigmaton_engine *engine; /* whose pack the verdict speaks of */
    /* As sigmaton_eval_ndjson; NULL: one event at a time. */
    enum sigmaton_status (*judge_line)(void *ctx, const char *lines, size_t len, size_t *ret_used,
                                       struct sigmaton_verdict *ret_verdict);
};

struct stream {
    const struct teller *teller;       /* NULL: unreadable events are counted, not told */
    const struct stream_judge *judges; /* [n_judges], or [n_jobs][n_judges] */
    size_t n_judges;
    struct jobs *jobs; /* NULL: one thread; given by jobs_create, owned */
    char *buffer;      /* of lines_buffer, for one input after the other; NULL before the first */
    struct srt_buffer *out;
    bool text_alerts, color;
    const atomic_bool *stopped; /* NULL: nothing stops it */
    int stop_fd;                /* readable once it is stopped; -1: none */
    uint32_t n_rules;           /* of all judges, one after the other */
    uint64_t *unjudged;         /* per rule: events without a verdict */
    bool *hit;                  /* per rule: it alerted */
    uint64_t n_events, n_unreadable, n_alerts, n_unjudged, n_bytes;
    uint64_t judge_ns; /* wall clock, without waiting for input */
};

/* Borrows everything until stream_close; at least one judge, teller may be NULL. False when there
 * is no memory; stream_close is still allowed. */
bool stream_open(struct stream *s, const struct stream_judge *judges, size_t n_judges,
                 const struct teller *teller, struct srt_buffer *out);
void stream_close(struct stream *s);
/* Judges all events of a descriptor, which stays open; `file` is what alerts call it. False when
 * reading failed, errno says why. */
bool stream_fd(struct stream *s, const char *file, int fd);
/* Where a stream is in an input. */
struct stream_input {
    const char *file;
    uint64_t record, n_bad; /* events so far, and unreadable ones */
};
/* Judges what lines_next or lines_next_many gave, until `stopped` or a failed write. */
void stream_lines(struct stream *s, struct stream_input *in, const struct line *line);
bool stream_stopped(const struct stream *s);
/* Neither stopped nor unable to write. */
bool stream_goes_on(const struct stream *s);
/* Tells that an event is unreadable, unless so many of this input were told already. */
void stream_tell_unreadable(const struct stream *s, struct stream_input *in, size_t column,
                            const char *why);
/* The alerts of one event that the only judge has judged: what stream_fd does with each verdict. */
void stream_alerts(struct stream *s, const struct sigmaton_verdict *v, const char *file,
                   uint64_t record);

/* Rules that alerted. */
uint64_t stream_rules_hit(const struct stream *s);
/* Tells every rule that ran into a limit: a silent "no" would be a lie. */
void stream_tell_unjudged(const struct stream *s);
/* Events a second while judging. */
double stream_rate(const struct stream *s);
/* "N events judged, ..." for the summary; engine: the name of what judged. */
#define STREAM_SUMMARY_MAX 320
void stream_summary(const struct stream *s, const char *engine, char out[STREAM_SUMMARY_MAX]);

#endif
