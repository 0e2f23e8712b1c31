#include "describe.h"

#include "leaf_number.h"
#include "regex.h"

static void add_clipped(struct text *out, struct str s)
{
    const char *p = s.p, *end = str_end(s);
    for (int i = 0; i < DESCRIBE_CHARACTERS && p < end; i++)
        utf8_next(&p, end);
    text_quoted(out, (struct str){s.p, (size_t)(p - s.p)});
    if (p < end)
        text_addz(out, "...");
}

/* Where a pattern that is one text stands in the event's text; NULL when it has other wild cards.
 */
static const char *place_of(const struct pattern *p, const struct part **ret_text)
{
    bool front = p->n > 0 && p->parts[0].kind == PART_STAR;
    bool behind = p->n > 1 && p->parts[p->n - 1].kind == PART_STAR;
    size_t n = p->n - front - behind;
    if (n != 1 || p->parts[front].kind != PART_TEXT)
        return NULL;
    *ret_text = &p->parts[front];
    if (front)
        return behind ? "contains" : "ends with";
    return behind ? "starts with" : "is";
}

static void add_pattern(struct text *out, const struct pattern *p)
{
    const struct part *text = NULL;
    const char *place = place_of(p, &text);
    if (p->n == 0) {
        text_addz(out, "is empty");
    } else if (place) {
        text_addf(out, "%s '", place);
        text_add(out, text->text);
        text_addz(out, "'");
    } else {
        text_addz(out, "is like '");
        pattern_print(out, p);
        text_addz(out, "'");
    }
}

/* A list's separator, or how many more there are; false when the list ends here. */
static bool list_goes_on(struct text *out, size_t i, size_t n, const char *separator)
{
    if (i == DESCRIBE_LIST_MAX)
        text_addf(out, "%s%zu more", separator, n - i);
    else if (i > 0)
        text_addz(out, separator);
    return i < DESCRIBE_LIST_MAX;
}

static void add_patterns(struct text *out, const struct value *v)
{
    for (size_t i = 0; i < v->n && list_goes_on(out, i, v->n, " or "); i++)
        add_pattern(out, &v->patterns[i]);
}

/* A keyword is searched for everywhere, so its stars say nothing. */
static void add_keyword(struct text *out, const struct value *v)
{
    for (size_t i = 0; i < v->n && list_goes_on(out, i, v->n, " or "); i++) {
        const struct part *text = NULL;
        text_addz(out, "'");
        if (place_of(&v->patterns[i], &text))
            text_add(out, text->text);
        else
            pattern_print(out, &v->patterns[i]);
        text_addz(out, "'");
    }
}

static void add_regexes(struct text *out, const struct value *v)
{
    text_addz(out, "matches regex ");
    for (size_t i = 0; i < v->n && list_goes_on(out, i, v->n, " or "); i++) {
        text_addz(out, "'");
        describe_regex(out, v->regexes[i]);
        text_addz(out, "'");
    }
}

static void add_network(struct text *out, const struct network *n)
{
    text_addz(out, "is an address in ");
    for (int i = 0; i < (n->v6 ? 8 : 4); i++)
        if (n->v6)
            text_addf(out, "%s%x", i ? ":" : "", n->address[2 * i] << 8 | n->address[2 * i + 1]);
        else
            text_addf(out, "%s%u", i ? "." : "", n->address[i]);
    text_addf(out, "/%u", n->prefix);
}

static void add_comparison(struct text *out, const struct value *v)
{
    static const char *const signs[] = {[COMPARE_EQ] = "=",
                                        [COMPARE_LT] = "<",
                                        [COMPARE_LTE] = "<=",
                                        [COMPARE_GT] = ">",
                                        [COMPARE_GTE] = ">="};
    text_addf(out, "%s ", signs[v->compare]);
    text_add(out, leaf_number_print(out->arena, v->number));
}

static void add_fieldref(struct text *out, const struct value *v)
{
    static const char *const how[] = {[AFFIX_WHOLE] = "equals",
                                      [AFFIX_PREFIX] = "starts with",
                                      [AFFIX_SUFFIX] = "ends with",
                                      [AFFIX_INSIDE] = "contains"};
    text_addf(out, "%s field ", how[v->affix]);
    text_add(out, v->other_field);
}

static void add_time(struct text *out, const struct value *v)
{
    static const char *const parts[] = {
        [TIME_MINUTE] = "minute", [TIME_HOUR] = "hour",   [TIME_DAY] = "day",
        [TIME_WEEK] = "week",     [TIME_MONTH] = "month", [TIME_YEAR] = "year"};
    text_addf(out, "has %s ", parts[v->time_part]);
    add_comparison(out, v);
}

void describe_value(struct text *out, const struct item *item, const struct value *v)
{
    switch (v->kind) {
    case VALUE_NULL:
        text_addz(out, "is null or absent");
        break;
    case VALUE_BOOL:
        text_addz(out, v->boolean ? "is true" : "is false");
        break;
    case VALUE_NUMBER:
        add_comparison(out, v);
        break;
    case VALUE_PATTERN:
        if (item->field.len == 0)
            add_keyword(out, v);
        else
            add_patterns(out, v);
        break;
    case VALUE_REGEX:
        add_regexes(out, v);
        break;
    case VALUE_CIDR:
        add_network(out, &v->network);
        break;
    case VALUE_EXISTS:
        text_addz(out, v->boolean ? "exists" : "is absent");
        break;
    case VALUE_FIELDREF:
        add_fieldref(out, v);
        break;
    case VALUE_TIME:
        add_time(out, v);
        break;
    }
    if (v->cased)
        text_addz(out, " (case-sensitive)");
}

void describe_item(struct text *out, const struct item *item)
{
    if (item->neq)
        text_addz(out, "not: ");
    if (item->field.len == 0)
        text_addz(out, item->n_values == 1 ? "keyword" : "keywords");
    else
        text_add(out, item->field);
    if (item->n_values == 1) {
        text_addz(out, " ");
        describe_value(out, item, item->values[0]);
        return;
    }
    text_addf(out, ": %s of %zu values", item->all ? "all" : "any", item->n_values);
}

void describe_values(struct text *out, const struct item *item)
{
    text_addz(out, ": ");
    for (size_t i = 0; i < item->n_values && list_goes_on(out, i, item->n_values, ", "); i++)
        describe_value(out, item, item->values[i]);
}

static void add_leaf(struct text *out, const struct leaf *leaf)
{
    if (leaf->json->kind == JSON_STRING)
        add_clipped(out, leaf->text);
    else if (leaf->has_text)
        text_add(out, str_sub(leaf->text, 0, DESCRIBE_CHARACTERS));
    else
        text_addz(out, "null");
}

void describe_held(struct text *out, const struct item *item, const struct field *field)
{
    if (item->field.len == 0) {
        text_addf(out, " (event: values searched: %zu)", field->n);
        return;
    }
    text_addz(out, " (event: ");
    if (!field->present)
        text_addz(out, "absent");
    else if (field->n == 0)
        text_addz(out, "an object or an empty list");
    for (size_t i = 0; i < field->n && list_goes_on(out, i, field->n, ", "); i++)
        add_leaf(out, &field->leaves[i]);
    text_addz(out, ")");
}

static void add_condition(struct text *out, const struct rule *rule, const struct condition *c,
                          bool inside)
{
    if (c->kind == COND_IDENTIFIER) {
        text_add(out, rule->identifiers[c->identifier].name);
        return;
    }
    if (c->kind == COND_AT_LEAST) {
        text_add(out, c->quantifier);
        text_addz(out, " of ");
        text_add(out, c->target);
        return;
    }
    if (c->kind == COND_NOT) {
        text_addz(out, "not ");
        add_condition(out, rule, c->children[0], true);
        return;
    }
    text_addz(out, inside ? "(" : "");
    for (size_t i = 0; i < c->n_children; i++) {
        text_addz(out, i == 0 ? "" : c->kind == COND_AND ? " and " : " or ");
        add_condition(out, rule, c->children[i], true);
    }
    text_addz(out, inside ? ")" : "");
}

/* Recursion is bounded by CONDITION_DEPTH_MAX. */
void describe_condition(struct text *out, const struct rule *rule, const struct condition *c)
{
    add_condition(out, rule, c, false);
}

void describe_logsource(struct text *out, struct str product, struct str category,
                        struct str service)
{
    const struct {
        const char *name;
        struct str value;
    } parts[] = {{"product", product}, {"category", category}, {"service", service}};
    size_t n = 0;
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].value.len == 0)
            continue;
        text_addf(out, "%s%s ", n++ ? ", " : "", parts[i].name);
        text_add(out, parts[i].value);
    }
    if (n == 0)
        text_addz(out, "none");
}
