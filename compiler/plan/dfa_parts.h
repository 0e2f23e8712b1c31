/* The steps of dfa_build, in order; for the dfa files alone. */
#ifndef SIGMATON_PLAN_DFA_PARTS_H
#define SIGMATON_PLAN_DFA_PARTS_H

#include <sigmaton/pack.h>

#include "arena.h"
#include "dfa_build.h"
#include "regex.h"
#include "regex_set.h"
#include "vec.h"

/* What every step needs: where to build, and how much is still allowed. */
struct dfa_work {
    struct arena *arena;
    struct dfa_bounds bounds;
    uint32_t steps;
    const char *why; /* the bound that was met first */
};

/* Counts n steps; false when they are beyond the bound. */
bool dfa_steps(struct dfa_work *w, uint64_t n);
bool dfa_refuse(struct dfa_work *w, const char *why);

/* ---- The automaton as written: dfa_nfa.c ---- */

enum dfa_op {
    DFA_TAKE,   /* a symbol of the set, then the next op */
    DFA_SPLIT,  /* go on at x and at y */
    DFA_JUMP,   /* go on at x */
    DFA_ASSERT, /* the assertion holds, then the next op */
    DFA_MATCH,
};

struct dfa_node {
    uint8_t op;
    uint8_t assertion; /* enum regex_kind */
    uint32_t x, y;     /* TAKE: x is the set */
    /* Of two nodes of one chain, at the same place of the text, the one of higher rank finds
     * whatever the other finds: the other need not be kept. 0: no chain. */
    uint32_t chain, rank;
    /* TAKE that loops to itself, as in `.*`: one more than the node from which on every way comes
     * here. 0: it does not loop. */
    uint32_t loop;
};

/* A part of the regex that has an automaton of its own. */
struct dfa_part {
    VEC(struct dfa_node) nodes;
    uint32_t n_chains; /* chains are 1 .. n_chains */
};

/* What stands between two parts: least to most characters of the set. */
struct dfa_counter {
    uint32_t set, least, most;
};

#define DFA_PARTS_MAX (SIGMATON_DFA_LINKS_MAX + 1)

struct dfa_program {
    struct dfa_part parts[DFA_PARTS_MAX]; /* each but the last is followed by a counter */
    struct dfa_counter counters[SIGMATON_DFA_LINKS_MAX];
    uint32_t n_parts;
    VEC(struct ranges) sets;          /* distinct */
    bool asserts[REGEX_NOT_WORD + 1]; /* kinds of assertions that stand in it */
};

/* Repeats {n,m} of one set, m at least `counted_from`, are counters where they can be; 0: none is.
 * NULL when a bound is met. */
struct dfa_program *dfa_program(struct dfa_work *w, const struct regex *re, uint32_t counted_from);
/* Whether there is a counter then. */
bool dfa_counts(const struct regex *re, uint32_t counted_from);

/* ---- Symbols: dfa_alphabet.c ---- */

#define DFA_CLASSES_MAX 250u
/* Before the classes of code points. */
#define DFA_END 0u
#define DFA_JUNK 1u
#define DFA_FIRST 2u

/* What stands beside a place of the text, as assertions see it. */
enum dfa_beside { DFA_OTHER, DFA_WORD, DFA_LF, DFA_EDGE, DFA_BESIDE__COUNT };

struct dfa_class_set {
    uint64_t bits[4];
};

struct dfa_alphabet {
    uint32_t n_classes;
    uint8_t beside[DFA_CLASSES_MAX]; /* enum dfa_beside of each class of code points */
    struct dfa_class_set *sets;      /* classes of each set of the program */
    /* Code points from starts[i] to the next start are of class classes[i]. */
    const uint32_t *starts;
    const uint8_t *classes;
    uint32_t n_starts;
};

bool dfa_alphabet(struct dfa_work *w, const struct dfa_program *p, struct dfa_alphabet *ret);

static inline bool dfa_has(const struct dfa_class_set *s, uint32_t class)
{
    return s->bits[class / 64] >> class % 64 & 1;
}

/* ---- Tables: dfa_subset.c, dfa_min.c, dfa.c ---- */

#define DFA_DEAD 0u   /* no match will be found */
#define DFA_ACCEPT 1u /* one was found */

struct dfa_table {
    uint32_t n_states, n_classes; /* states 0 and 1 are DEAD and ACCEPT */
    uint32_t width; /* cells of a class: 1, or 2 for a part that begins when it is told to */
    uint32_t start, start_inside;
    uint32_t min_len;   /* dfa_bury: characters from a start to ACCEPT, at least */
    uint32_t ends_from; /* dfa_sort_ends: the part ends in the states from here on; 0: in ACCEPT */
    VEC(bool) ends;     /* [n_states]: the part ends here */
    VEC(uint32_t) next; /* [n_states * n_classes * width] */
};

static inline uint32_t dfa_row(const struct dfa_table *t)
{
    return t->n_classes * t->width;
}

/* Subset construction of one part. A part that another one follows does not come to ACCEPT: it has
 * states in which it ends, and goes on. False when a bound is met. */
bool dfa_subset(struct dfa_work *w, const struct dfa_program *p, uint32_t part,
                const struct dfa_alphabet *alphabet, struct dfa_table *ret);
/* Gives the states that end the part the highest numbers. */
void dfa_sort_ends(struct dfa_work *w, struct dfa_table *t);
/* Makes every state DEAD from which no way leads to ACCEPT, and tells how long the shortest is. */
void dfa_bury(struct dfa_work *w, struct dfa_table *t);

#endif
