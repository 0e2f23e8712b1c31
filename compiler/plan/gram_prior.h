/* How often grams (four neighbouring bytes) stand in values: what makes one window of a text better
 * than another.
 *
 * Built in is a table of counts over recorded values that no measurement uses (gram_prior.def names
 * them); on top come the pack's own texts, for what rules write again and again is seldom rare in
 * events. Case and what SIGMATON_GRAM_FOLD drops do not count. One at a time per prior while
 * counting; reading is safe from many threads.
 */
#ifndef SIGMATON_PLAN_GRAM_PRIOR_H
#define SIGMATON_PLAN_GRAM_PRIOR_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct arena;
struct gram_prior;
struct gram_usual;

/* A prior in `a` that knows the built-in table, or nothing. */
struct gram_prior *gram_prior_new(struct arena *a, bool with_table);
/* A prior that knows nothing and learns nothing: all grams are equally rare. */
struct gram_prior *gram_prior_none(struct arena *a);
/* Counts the grams of a text of the pack. */
void gram_prior_count(struct gram_prior *prior, struct str text);
/* Counts the grams of a value that was seen in events (--profile). A million bytes are worth as
 * much as the table. */
void gram_prior_sample(struct gram_prior *prior, struct str value);

/* The chance that a place of a value holds the gram with these folded bytes (pack.h,
 * SIGMATON_GRAM_FOLD); never 0. */
double gram_chance(const struct gram_prior *prior, uint32_t folded);
/* The chance that a place holds the byte, in either case. */
double gram_byte_chance(const struct gram_prior *prior, uint8_t byte);
/* The grams that are so frequent that no window should share its bit with them: common[*ret_n], as
 * long as the prior lives. */
struct gram_common {
    uint32_t folded;
    double chance;
};
const struct gram_common *gram_prior_common(const struct gram_prior *prior, uint32_t *ret_n);
/* What events usually say (gram_usual.h); NULL: nothing is known. */
const struct gram_usual *gram_prior_usual(const struct gram_prior *prior);
/* The chance that a value of 100 bytes holds the text, by its rarest gram, or by one that is rare
 * enough. Never 0, at most 1; an empty text 1. */
double gram_rarity(const struct gram_prior *prior, struct str text);

#endif
