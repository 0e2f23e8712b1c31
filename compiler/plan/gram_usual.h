/* What Windows says of itself in event after event (usual.def), as grams that masks should not let
 * pass: the chances of bytes do not tell that `dows` stands in most values.
 *
 * A set of grams is asked by the halves of their bytes, as masks are: which of them a group lets
 * pass is what all of its classes have.
 */
#ifndef SIGMATON_PLAN_GRAM_USUAL_H
#define SIGMATON_PLAN_GRAM_USUAL_H

#include <stdbool.h>
#include <stdint.h>

#include <sigmaton/pack.h>

struct arena;

/* Words of a set of them, and how many there can be; what is more is left out. */
#define GRAM_USUAL_WORDS 8u
#define GRAM_USUAL_MAX (64 * GRAM_USUAL_WORDS)

struct gram_usual_set {
    uint64_t v[GRAM_USUAL_WORDS];
};

struct gram_usual {
    uint32_t n;
    float chance[GRAM_USUAL_MAX]; /* of standing at a place of a value */
    /* those whose byte i has such a half */
    struct gram_usual_set low[SIGMATON_GRAM_MASKS_MAX][16], high[SIGMATON_GRAM_MASKS_MAX][8];
};

/* What is known, in a. */
const struct gram_usual *gram_usual_new(struct arena *a);

/* Those whose byte i has one of the low halves; and one of the high ones. */
struct gram_usual_set gram_usual_low(const struct gram_usual *usual, uint32_t i, uint32_t halves);
struct gram_usual_set gram_usual_high(const struct gram_usual *usual, uint32_t i, uint32_t halves);

#endif
