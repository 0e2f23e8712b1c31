/* What the logic of a rule shows: warnings that need the rule as predicates (ir/), so they stand
 * with compile.c and not in rule/.
 *
 * never_fires     no event can satisfy the condition
 * always_fires    every event that the rule is asked about satisfies it
 * idle_filter     `sel and not X` where nothing that sel selects is X: X excludes nothing
 * same_selection  two operands of one `and`, `or` or `of` that hold on exactly the same events
 *
 * All of it is proven, not guessed: the proof knows and, or, not and what one text operation says
 * of another on the same field (equal to 'abc' implies starts with 'ab'). It does not take "equal
 * to a" and "equal to b" for a contradiction, since a field may have several values. What it cannot
 * prove within LINT_STEPS_MAX it lets pass.
 */
#ifndef SIGMATON_LINT_LOGIC_H
#define SIGMATON_LINT_LOGIC_H

#include "rule.h"

/* Comparisons of two predicates that one question may take. */
#define LINT_STEPS_MAX 200000

/* scratch gets the predicates; the caller destroys it. */
void lint_logic(struct arena *scratch, struct diag_sink *sink, struct rule *const *rules, size_t n);

#endif
