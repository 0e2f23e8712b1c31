/* JSON number tokens: their value, their text, and exact comparison.
 *
 * Integers within int64 and uint64 keep their value; every other token is read to the nearest
 * double. A token whose double is infinite has no number. Nothing here looks at the locale.
 */
#ifndef SIGMATON_ORACLE_LEAF_NUMBER_H
#define SIGMATON_ORACLE_LEAF_NUMBER_H

#include "value.h"

/* The value of a JSON number token (json_is_number holds). False when it is out of reach. */
bool leaf_number_read(struct arena *a, struct str token, struct number *ret_number);
/* The text of a JSON number in an event: integers as written (-0 is 0), others the shortest decimal
 * that reads back, in the form of ECMAScript; infinite ones as written. */
struct str leaf_number_text(struct arena *a, struct str token);
/* The same for a number of a rule. */
struct str leaf_number_print(struct arena *a, struct number n);
/* a - b as -1, 0 or 1, by mathematical value. */
int leaf_number_order(struct number a, struct number b);
/* Whether `a compare b` holds. */
bool leaf_number_holds(struct number a, enum compare compare, struct number b);

#endif
