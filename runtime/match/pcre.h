/* Regexes without an automaton: PCRE2, compiled at start-up, run without allocation. regex.c's own.
 *
 * Built without PCRE2 (pcre_none.c), everything but srt_pcre_create is never called: it fails.
 */
#ifndef SRT_PCRE_H
#define SRT_PCRE_H

#include "regex.h"

struct srt_pcre;
struct srt_pcre_scratch;

enum srt_answer { SRT_ANSWER_NO, SRT_ANSWER_YES, SRT_ANSWER_NONE };

/* Compiles the patterns of the pack's table that have no automaton; there is one at least. NULL on
 * failure, then *ret_failure says why. */
struct srt_pcre *srt_pcre_create(const struct sigmaton_pack *pack,
                                 const struct srt_regex_options *options,
                                 struct srt_regex_failure *ret_failure);
void srt_pcre_destroy(struct srt_pcre *pcre); /* accepts NULL; scratches first */

/* One block for one thread. `pcre` is kept until destroy. NULL when there is no memory. */
struct srt_pcre_scratch *srt_pcre_scratch_create(const struct srt_pcre *pcre);
void srt_pcre_scratch_destroy(struct srt_pcre_scratch *scratch); /* accepts NULL */
size_t srt_pcre_scratch_size(const struct srt_pcre *pcre);

/* Regex `index`, compiled here, asked of the slot. NONE: the run ended at a limit. */
enum srt_answer srt_pcre_ask(struct srt_pcre_scratch *scratch, uint32_t index,
                             const struct sigmaton_slot *s);

/* PCRE2's version, NUL-ended and cut to cap >= 1 bytes; empty without PCRE2. */
void srt_pcre_library(char *out, size_t cap);

#endif
