/* The lines of an input on several threads, alerts and messages in the order of the input: what one
 * thread would write, byte for byte.
 *
 * Threads take turns at reading: whoever's turn it is reads a chunk of whole lines into his own
 * buffer, counts them, so that the next chunk's records have their numbers, and judges them while
 * the next one reads. What he has to say goes into a part, and parts are given in order by whoever
 * has finished the one that all wait for. Locks are taken once a chunk, never per event. A part
 * whose buffer is full waits until it is its turn and writes through, so memory is bounded.
 *
 *     s.jobs = jobs_create(&s, n);     judges: [n][n_judges], no two share a scratch
 *     stream_fd(&s, "a.ndjson", fd);   uses them for inputs of lines that are worth it
 *     stream_close(&s);                destroys them
 */
#ifndef SRT_TOOL_JOBS_H
#define SRT_TOOL_JOBS_H

#include "event_stream.h"

/* Threads at most. Reading is one after the other, so that more than a few gain little. */
#define JOBS_MAX 64
#define JOBS_WANTED "a number from 0 (one for each processor) to 64"

struct jobs;

/* Reads `--jobs N`; *ret_n is never 0. False when it is no such number. */
bool jobs_parse(const char *text, size_t *ret_n);

/* n >= 2 threads for an opened stream, whose judges are [n][n_judges] and stay until it is closed.
 * NULL when there is no memory. */
struct jobs *jobs_create(const struct stream *s, size_t n);
void jobs_destroy(struct jobs *j);

/* Judges the rest of an input that holds lines; returns when all threads have ended. False when
 * reading failed, errno says why. Threads that the system refuses are done without. */
bool jobs_read(struct jobs *j, struct stream *s, struct stream_input *in, struct lines *l);

#endif
