/* The inputs of a run, one after the other, until a signal ends it in order. */
#ifndef SRT_TOOL_INPUTS_H
#define SRT_TOOL_INPUTS_H

#include "event_stream.h"

/* SIGINT and SIGTERM end the inputs of this stream; a closed pipe is an error of the buffer. */
void inputs_catch_signals(struct stream *s);

/* Judges files[n] ("-" is standard input), or standard input where n is 0, and flushes the alerts
 * of each. Files that cannot be read are told. Returns how many. */
size_t inputs_judge(struct stream *s, const char *const *files, size_t n);

/* What the judged events alone come to; left_out: something else was left out too. */
int inputs_exit_code(const struct stream *s, size_t n_files, size_t n_failed, bool fail_on_match,
                     bool left_out);

#endif
