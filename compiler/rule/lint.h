/* What is legal but surely not meant, as the text of one rule shows it: warnings, each silenced by
 * its code. Whatever this finds is certain: a rule that is right stays quiet.
 *
 * unknown_field   a field that no source of the category has (fields.def), where that is known
 * plain_regex     a regex that is nothing but text: contains says the same and is cheaper
 * same_operand    `a and a`, `a or a` in a condition
 */
#ifndef SIGMATON_RULE_LINT_H
#define SIGMATON_RULE_LINT_H

#include "rule.h"

void lint_rule(struct arena *a, struct diag_sink *sink, const struct rule *rule);

#endif
