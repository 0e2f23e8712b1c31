/* Where windash puts its dash class (SEMANTICS section 7).
 *
 * A position is one of - / U+2013 U+2014 U+2015 that a word character follows and no word character
 * precedes. Word characters beyond ASCII are told by blocks: a stable, small approximation of
 * Unicode's letters and digits, which no rule is known to depend on.
 */
#ifndef SIGMATON_RULE_WINDASH_H
#define SIGMATON_RULE_WINDASH_H

#include <stdbool.h>
#include <stdint.h>

bool windash_is_dash(uint32_t c);
bool windash_is_word(uint32_t c);
/* `c` stands behind `before`; [rest, end) is the text behind c. */
bool windash_position(uint32_t before, uint32_t c, const char *rest, const char *end);

/* The texts of the five dashes, in the order in which variants are written out. */
#define WINDASH_COUNT 5
extern const char *const windash_texts[WINDASH_COUNT];

#endif
