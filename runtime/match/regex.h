/* Regexes: the pack's automata where it has them (dfa.h), else PCRE2 (pcre.h), compiled at start-up
 * and run without allocation.
 *
 * One srt_regexes per engine (constant after creation), one srt_regex_scratch per thread: all that
 * PCRE2 needs for a match comes from one block taken when the scratch is made, and from nowhere
 * when every regex has an automaton. An automaton always has an answer. A run of PCRE2 that exceeds
 * the match limit, the budget of steps or the block has none: it is counted and host->regex answers
 * as the frame's `assume` says.
 *
 *     struct srt_regexes *regexes = srt_regexes_create(pack, &options, &failure);
 *     struct srt_regex_scratch *scratch = srt_regex_scratch_create(regexes);
 *     frame.runtime = &(struct srt_runtime){.regex = scratch, .event = ++n};
 */
#ifndef SRT_REGEX_H
#define SRT_REGEX_H

#include <sigmaton/pack.h>
#include <stdbool.h>
#include <stddef.h>

struct srt_regexes;
struct srt_regex_scratch;

/* Groups within groups that PCRE2 accepts: the compiler's own bound with room for the groups that
 * the normal form adds. */
#define SRT_REGEX_NEST_MAX 500
/* PCRE2's own limit starts anew at every place where a search tries, and does not count the
 * characters that a repeat runs over, so it bounds neither `(a+)+$` over many short runs nor
 * `[a-z]+[0-9]` over a megabyte of letters. So each question, over all leaves of a list, has a
 * budget of steps besides: so many for each step of the match limit, and for each byte of text. */
#define SRT_REGEX_STEPS_PER_LIMIT 40
#define SRT_REGEX_STEPS_PER_BYTE 8
/* A repeat of one character runs over so many bytes in the time of a step. */
#define SRT_REGEX_BYTES_PER_STEP 8
/* The largest memory for backtracking frames; below it the memory is sized so that the match limit
 * ends a run first. */
#define SRT_REGEX_FRAMES_MAX ((size_t)32 << 20)
/* The largest stack of machine code made by PCRE2. */
#define SRT_REGEX_JIT_STACK ((size_t)1 << 20)

struct srt_regex_options {
    bool jit;             /* machine code for each pattern, where PCRE2 can; else its interpreter */
    uint32_t match_limit; /* PCRE2's match and depth limit of one try; not 0 */
};

struct srt_regex_failure {
    bool no_memory;
    bool no_pcre2;     /* the library was built without it; else the pattern does not compile: */
    uint32_t index;    /* of the pack's table */
    int code;          /* PCRE2's error number */
    size_t off;        /* byte of the pattern */
    char message[128]; /* PCRE2's words, NUL-ended */
};

/* Compiles every pattern of the pack's table that has no automaton; the table must have been
 * checked. The pack is kept until destroy. NULL on failure, then *ret_failure says why. Start-up
 * only. */
struct srt_regexes *srt_regexes_create(const struct sigmaton_pack *pack,
                                       const struct srt_regex_options *options,
                                       struct srt_regex_failure *ret_failure);
void srt_regexes_destroy(struct srt_regexes *regexes); /* accepts NULL; scratches first */
uint32_t srt_regexes_count(const struct srt_regexes *regexes);

/* The memory for one thread. `regexes` is kept until destroy. NULL when there is no memory. */
struct srt_regex_scratch *srt_regex_scratch_create(const struct srt_regexes *regexes);
void srt_regex_scratch_destroy(struct srt_regex_scratch *scratch); /* accepts NULL */
/* Bytes that srt_regex_scratch_create takes; most are touched only by matches that backtrack far.
 */
size_t srt_regex_scratch_size(const struct srt_regexes *regexes);

/* Runs of regex `index` that ended at a limit, since the scratch was made; each question of an
 * event counts once, whether or not the event is judged a second time. */
uint64_t srt_regex_limits(const struct srt_regex_scratch *scratch, uint32_t index);

/* host->regex. frame->runtime is a struct srt_runtime. An index beyond the table, and a frame
 * without regex scratch, count as a run at a limit: no answer, never a guess. */
int32_t srt_regex(struct sigmaton_frame *frame, const struct sigmaton_slot *s, uint32_t index,
                  uint32_t negative);

/* Writes PCRE2's own version text, NUL-ended and cut to cap >= 1 bytes; empty in a build without.
 */
void srt_regex_library(char *out, size_t cap);

#endif
