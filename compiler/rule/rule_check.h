/* What only a whole collection shows: names and ids that two rules share. */
#ifndef SIGMATON_RULE_RULE_CHECK_H
#define SIGMATON_RULE_RULE_CHECK_H

#include "rule.h"

/* Reports a shared id as a warning (letter case does not matter) and a shared name as an error of
 * the later rule: refused[i], kept by the caller and zeroed by it, becomes true for that one. A
 * rule that is already refused is left out. */
void rule_check(struct arena *a, struct diag_sink *sink, struct rule **rules, size_t n,
                bool *refused);

/* Later diagnostics belong to the rule; NULL: to none. */
void rule_tell(struct diag_sink *sink, const struct rule *rule);

#endif
