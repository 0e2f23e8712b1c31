/* The verdict of each part of a rule on one event: condition, identifier, detection, item, value.
 *
 * Two-valued, no short cuts remembered: every function can be asked for any node at any time, which
 * is what explain does.
 */
#ifndef SIGMATON_ORACLE_EVAL_H
#define SIGMATON_ORACLE_EVAL_H

#include "match.h"
#include "regex_table.h"

struct eval {
    struct view *view;
    const struct regex_table *regexes;
    struct glob glob;
};

void eval_init(struct eval *e, struct view *view, const struct regex_table *regexes);
bool eval_rule(struct eval *e, const struct rule *rule);
bool eval_condition(struct eval *e, const struct rule *rule, const struct condition *c);
bool eval_detection(struct eval *e, const struct detection *d);
bool eval_item(struct eval *e, const struct item *item);
/* One value of an item, before `all` and `neq`. */
bool eval_value(struct eval *e, const struct item *item, const struct value *v);
/* What the item looks at. */
const struct field *eval_field(struct eval *e, const struct item *item);

#endif
