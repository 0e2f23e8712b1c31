/* Rules and events in words, one phrase at a time, for explain. */
#ifndef SIGMATON_ORACLE_DESCRIBE_H
#define SIGMATON_ORACLE_DESCRIBE_H

#include "rule.h"
#include "view.h"

/* Leaves and alternatives shown of a list, and characters shown of a text. */
#define DESCRIBE_LIST_MAX 3
#define DESCRIBE_CHARACTERS 80

/* `contains 'urlcache'`, `= 5`, `matches regex 'a+b'`, `is absent`. */
void describe_value(struct text *out, const struct item *item, const struct value *v);
/* `CommandLine contains 'urlcache'`, `Image: any of 6 values`, `keyword 'x'`. */
void describe_item(struct text *out, const struct item *item);
/* `: contains 'a', contains 'b', 4 more`, behind the item. */
void describe_values(struct text *out, const struct item *item);
/* `(event: "certutil -f", ...)`, `(event: absent)`. */
void describe_held(struct text *out, const struct item *item, const struct field *field);
/* `sel and not 1 of filter_*`, with parentheses inside. */
void describe_condition(struct text *out, const struct rule *rule, const struct condition *c);
/* `product windows, category process_creation`. */
void describe_logsource(struct text *out, struct str product, struct str category,
                        struct str service);
/* The regex in its own language again. */
void describe_regex(struct text *out, const struct regex *re);

#endif
