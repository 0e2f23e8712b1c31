/* What correlations say of other rules: references, chains and cycles. */
#ifndef SIGMATON_RULE_CORRELATION_CHECK_H
#define SIGMATON_RULE_CORRELATION_CHECK_H

#include "ruleset.h"

/* Resolves the references of every correlation of the set, whose rules, filters, correlations and
 * refused documents are there. refused[i], zeroed by the caller, becomes true for a correlation
 * that refers to what is not there, to what was refused, or to itself over any number of others. */
void correlations_check(struct ruleset *set, bool *refused);

#endif
