/* YAML 1.2 core schema: the decoded text of a scalar -> null, boolean, number or string.
 *
 * Digits with a leading zero stay text. Integers beyond 64 bits are read to the nearest double; a
 * number whose double would be infinite stays text. The locale of the process does not matter.
 */
#ifndef SIGMATON_READ_SCALAR_H
#define SIGMATON_READ_SCALAR_H

#include "tree.h"

/* Sets kind and value of a plain scalar from its text, which has a NUL behind it. */
void scalar_resolve(struct node *n);
/* As an explicit core tag says: str, int, float, bool or null. False: the text does not fit it, or
 * the tag is none of these. */
bool scalar_apply_tag(struct node *n, struct str tag);

#endif
