/* Random rules and events that have something to do with each other, for differential runs.
 *
 * All randomness comes from one seed. Rules are YAML text, events JSON text, so that every stage of
 * every engine takes part. Event values are drawn from the texts of the rules at hand, varied in
 * case, cut, wrapped and encoded, so that a good part of all pairs hits. */
#ifndef AGREE_GEN_H
#define AGREE_GEN_H

#include <stddef.h>
#include <stdint.h>

struct gen {
    uint64_t state;
    char *out; /* the text being written */
    size_t len, cap;
    char seeds[64][96]; /* literals of the rules at hand */
    unsigned n_seeds;
};

void gen_init(struct gen *g, uint64_t seed);
void gen_finish(struct gen *g);
uint32_t gen_below(struct gen *g, uint32_t n); /* 0 .. n - 1 */

/* Appends one rule document named by `number`. *ret_chain: the modifier chain of its first item, as
 * an index of gen_chain_name. */
void gen_rule(struct gen *g, unsigned number, unsigned *ret_chain);
/* The placeholder file that the rules' expand modifiers need. */
const char *gen_placeholders(void);
/* Appends one event object without a line end. */
void gen_event(struct gen *g);

unsigned gen_n_chains(void);
const char *gen_chain_name(unsigned chain); /* "" for no modifier */

#endif
