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
 * `foo[^"]{2,128}bar` has too many states: each count times each beginning of foo and of bar. Such
 * a regex becomes a chain: an automaton for each part, and between two of them a counter, which
 * remembers where in the last n characters the part before has ended (struct sigmaton_link).
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
/* The same for a chain. */
#define DFA_CHAIN_BYTES_MAX 65536u
/* What all automata of a pack may take. */
#define DFA_PACK_BYTES_MAX 1048576u
#define DFA_PACK_STEPS_MAX 40000000u

/* Repeats {n,m} of one set of characters with m at least this are counters of a chain. */
#define DFA_COUNTED_FROM 16u

struct dfa_bounds {
    uint32_t states, bytes, steps;
    uint32_t chain_bytes; /* 0: there are no chains */
};

struct dfa {
    const char *why; /* NULL: built; else a phrase: which bound it exceeds */
    uint8_t *blob;   /* `size` bytes, a multiple of 8 */
    uint32_t size;
    uint32_t n_states, n_classes; /* states of all parts */
    uint32_t n_links;             /* of the chain; 0: it is one automaton */
    uint32_t steps;               /* taken, built or not */
};

/* One automaton, or a chain where one exceeds the bounds, which are for each of the two. `bounds`
 * NULL: the constants above. In `a`; equal calls give equal bytes. */
struct dfa dfa_build(struct arena *a, const struct regex *re, const struct dfa_bounds *bounds);
/* A chain, or none. counted_from: at least 1, in place of DFA_COUNTED_FROM. */
struct dfa dfa_build_chain(struct arena *a, const struct regex *re, const struct dfa_bounds *bounds,
                           uint32_t counted_from);

#endif
