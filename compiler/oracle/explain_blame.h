/* The smallest part of a rule that stopped it. */
#ifndef SIGMATON_ORACLE_EXPLAIN_BLAME_H
#define SIGMATON_ORACLE_EXPLAIN_BLAME_H

#include "eval.h"

/* For a rule whose conditions are all false: a phrase, without line end. */
void explain_blame(struct eval *e, const struct rule *rule, struct text *out);

#endif
