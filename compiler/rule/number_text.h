/* Numbers of rules as text: what a keyword number is searched for as, and what dumps show. */
#ifndef SIGMATON_RULE_NUMBER_TEXT_H
#define SIGMATON_RULE_NUMBER_TEXT_H

#include "tree.h"
#include "value.h"

/* A scalar of kind INT, UINT or FLOAT as a number. */
struct number number_of_node(const struct node *node);
/* Integers in decimal; floats as ECMAScript's Number::toString writes them (SEMANTICS section 5),
 * so that a rule's 1.50 and an event's 1.5 are one text. */
void number_print(struct text *out, const struct number *n);

#endif
