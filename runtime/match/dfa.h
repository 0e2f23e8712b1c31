/* Regexes as automata (struct sigmaton_dfa of pack.h): one pass over the text, no memory, no limit.
 */
#ifndef SRT_DFA_H
#define SRT_DFA_H

#include <sigmaton/pack.h>
#include <stdbool.h>

#include "seek.h"

/* True when the regex is found in p[n]. The automaton must have been checked (srt_dfa_check). */
bool srt_dfa_find(const struct sigmaton_dfa *dfa, const uint8_t *p, uint32_t n);
/* The same with the instructions of a level. */
bool srt_dfa_find_by(const struct srt_seek *seek, const struct sigmaton_dfa *dfa, const uint8_t *p,
                     uint32_t n);

/* NULL when the walk cannot leave the `len` bytes at dfa, which are 8-aligned; else a phrase. */
const char *srt_dfa_check(const struct sigmaton_dfa *dfa, uint32_t len);

#endif
