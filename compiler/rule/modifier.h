/* Modifiers: `field|contains|all: values` -> item with final values (SEMANTICS section 7).
 *
 * modifiers.def has one row per modifier: name, the function that applies it, what it takes and
 * what it may follow. A new modifier is a row, a function here and a vector.
 */
#ifndef SIGMATON_RULE_MODIFIER_H
#define SIGMATON_RULE_MODIFIER_H

#include "rule.h"

/* Reads `key: value` of a detection map (key may be empty or start with `|` for keywords). NULL
 * after reporting. */
struct item *item_read(struct arena *a, struct diag_sink *sink, const struct node *key,
                       const struct node *value, const struct rule_options *options);
/* Reads one keyword scalar or a list made only of scalars as a keyword item. NULL after reporting.
 */
struct item *item_read_keywords(struct arena *a, struct diag_sink *sink, const struct node *value,
                                const struct rule_options *options);

#endif
