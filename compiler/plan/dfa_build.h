/* Regex AST -> deterministic automaton, as the runtime walks it (struct sigmaton_dfa of pack.h).
 *
 *     struct dfa d = dfa_build(arena, re, NULL);
 *     if (!d.why) ... d.blob, d.size bytes ...      else PCRE2 runs it, because of d.why
 *
 * The automaton reads characters, not bytes: the alphabet is the classes of code points that the
 * regex tells apart, one symbol for what is not UTF-8 and one for the end. So states are few, and
 * what a malformed byte does is said in one place. It searches (a match may start anywhere),
 * answers as soon as the answer is sure, and keeps assertions pending until the next symbol is
 * known. Equal languages have equal automata but for the order of states.
 *
 * A malformed byte is nothing that a regex can match. It parts the text as PCRE2's interpreter does
 * under PCRE2_MATCH_INVALID_UTF: no match crosses it; before it is an end of the text to `$`, \z
 * and \b, behind it is no start; an empty match does not stand between two of them nor behind the
 * last.
 */
#ifndef SIGMATON_PLAN_DFA_BUILD_H
#define SIGMATON_PLAN_DFA_BUILD_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct regex;

/* What one automaton may take; beyond it PCRE2 has the regex. */
#define DFA_STATES_MAX 1536u
#define DFA_BYTES_MAX 32768u  /* of the blob */
#define DFA_STEPS_MAX 200000u /* of building it, a few nanoseconds each */
/* What all automata of a pack may take. */
#define DFA_PACK_BYTES_MAX 1048576u
#define DFA_PACK_STEPS_MAX 40000000u

struct dfa_bounds {
    uint32_t states, bytes, steps;
};

struct dfa {
    const char *why; /* NULL: built; else a phrase: which bound it exceeds */
    uint8_t *blob;   /* `size` bytes, a multiple of 8 */
    uint32_t size;
    uint32_t n_states, n_classes;
    uint32_t steps; /* taken, built or not */
};

/* `bounds` NULL: the constants above. In `a`; equal calls give equal bytes. */
struct dfa dfa_build(struct arena *a, const struct regex *re, const struct dfa_bounds *bounds);

#endif
