/* Automata of regexes, as packs hold them (pack.h). C11 and C++; docs/abi.md tells how they are
 * walked.
 */
#ifndef SIGMATON_AUTOMATON_H
#define SIGMATON_AUTOMATON_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A regex as an automaton over the code points of a text: a search that answers when it comes to
 * state 1, which is kept for ever (found), or to state 0 (never). It starts in `start` and goes for
 * each code point, each byte that is part of none, and for the end of the text from the cell at s
 * to next[s + class].
 *
 * With links behind the header it is the first part of a chain: its states from ends_from on end
 * the part, none is final, and the last link says what is found (struct sigmaton_link). */
#define SIGMATON_DFA_LINKS_MAX 4u
struct sigmaton_dfa {
    uint32_t size; /* bytes of the whole, a multiple of 8 */
    uint32_t n_states, n_classes;
    uint32_t start;                 /* state times n_classes, as all cells */
    uint32_t start_inside;          /* the same for texts that begin within a character: behind the
                                       continuation bytes at their start */
    uint32_t end_class, junk_class; /* of the end, of a malformed byte */
    uint32_t n_ranges;              /* of code points from 0x80 on, at least one */
    uint32_t ranges_off;  /* uint32_t[n_ranges]: where each begins, ascending; the first at 0x80 */
    uint32_t classes_off; /* uint8_t[n_ranges] */
    uint32_t next_off;    /* uint16_t[n_states * n_classes] */
    uint8_t ascii[128];   /* classes */
    uint32_t rest;        /* a state, times n_classes, that most ASCII leaves as it is; 0: there is
                             none */
    uint8_t leaves[32];   /* bit h of leaves[l]: the character 16 * h + l leaves `rest`; bit h of
                             leaves[16 + l]: read behind some that leaves `rest` it leads
                             elsewhere than read in `rest`, or the one before ends the part */
    uint32_t min_len;     /* of a text that holds what is sought, in code points */
    uint32_t n_links;     /* struct sigmaton_link[n_links] behind this header; at most
                             SIGMATON_DFA_LINKS_MAX */
    uint32_t ends_from;   /* a state times n_classes; without links 0 */
    uint32_t reserved;    /* 0 */
};

/* A counted repeat of one set of characters, {least, most}, and the part of the regex behind it.
 * Where the part before ends, the repeat begins; where as many characters of the set have
 * followed, the part behind begins. Its states are written times 2 * n_classes of the chain, and it
 * goes to next[s + 2 * class + begins], where `begins` says that it begins behind this character,
 * or 0 at the end of the text. */
#define SIGMATON_LINK_LEAST_MAX 63u
struct sigmaton_link {
    uint32_t n_states;
    uint32_t start; /* the state in which it has not begun */
    uint32_t next_off;
    uint32_t ends_from; /* states from here on end the part; of the last link 0: state 1 does */
    uint32_t least;     /* at most SIGMATON_LINK_LEAST_MAX */
    uint32_t most;
    uint8_t counted[32]; /* bit for each class: its characters are in the set */
};

#ifdef __cplusplus
}
#endif
#endif
