/* Which engine judges: machine code, the interpreter or the oracle, behind one call per event.
 *
 * The runtime's engine is always there: it reads events (time, slots) and knows the pack. The
 * oracle, where chosen, gives the verdict from the bytes of the event alone. */
#ifndef SIGMATON_TOOL_JUDGE_H
#define SIGMATON_TOOL_JUDGE_H

#include <sigmaton/sigmaton.h>

#include "args.h"
#include "compile.h"
#include "event_stream.h"
#include "report.h"

struct judge {
    struct sigmatonc *compiled;
    bool borrowed;             /* compiled is not ours */
    enum engine_choice engine; /* what really judges: never ENGINE_AUTO */
    struct sigmaton_engine *runtime;
    struct sigmaton_scratch *scratch;
    struct oracle *oracle; /* ENGINE_ORACLE */
    uint64_t *oracle_hits;
    uint64_t n_words;
    struct stream_judge as_stream; /* itself, for judge_stream */
};

/* Compiles the rules of `args` as far as the engine needs, reports, and makes the engine. Returns
 * -1 to go on, else the exit code after having said why. judge_close accepts whatever this leaves.
 */
int judge_open(struct judge *j, const struct args *args, struct report *r);
void judge_close(struct judge *j);
/* How far rules must be compiled for an engine; for ENGINE_ALL as far as any wants. */
enum sigmatonc_stage judge_stage(enum engine_choice engine);
/* Routing and regex mode as the command line has them. */
struct sigmaton_engine_options judge_options(const struct args *args);
/* Compiles the rules of `args`. */
enum sigmatonc_status judge_compile(const struct args *args, enum sigmatonc_stage last,
                                    struct sigmatonc **ret_c);
/* The engine for rules that are compiled already, as far as it needs, and stay the
 * caller's; they outlive the judge. args: engine, routing and regex mode. As judge_open. */
int judge_attach(struct judge *j, struct sigmatonc *compiled, const struct args *args,
                 const struct report *r);

/* Judges one event. Status and verdict as sigmaton_eval_json's. */
enum sigmaton_status judge_event(struct judge *j, const char *json, size_t len,
                                 struct sigmaton_verdict *ret_verdict);
/* stream_open for this judge, which stays where it is until stream_close. */
bool judge_stream(struct judge *j, struct stream *s, const struct teller *teller,
                  struct srt_buffer *out);

/* As many of one engine as `--jobs` says, each with what one thread needs. */
struct judges {
    struct judge *v; /* [n] */
    struct stream_judge *as_stream;
    size_t n;
};
/* stream_open for args->jobs threads. j is one of them, judges no more events by itself, and
 * outlives them. judges_close accepts whatever this leaves in zeroed judges. */
bool judges_stream(struct judges *t, struct judge *j, const struct args *args, struct stream *s,
                   const struct teller *teller, struct srt_buffer *out);
/* After stream_close. */
void judges_close(struct judges *t);

/* "jit", "aot", "ir" or "oracle". */
const char *judge_engine_name(const struct judge *j);

#endif
