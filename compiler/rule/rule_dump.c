#include "rule.h"

#include "arena.h"
#include "correlation.h"
#include "filter.h"
#include "number_text.h"

static void indent(struct text *out, unsigned level)
{
    for (unsigned i = 0; i < level; i++)
        text_addz(out, "  ");
}

static void dump_text(struct text *out, const char *name, struct str s)
{
    if (s.len == 0)
        return;
    text_addf(out, "  %s ", name);
    text_quoted(out, s);
    text_addz(out, "\n");
}

static void dump_texts(struct text *out, const char *name, const struct str *v, size_t n)
{
    if (n == 0)
        return;
    text_addf(out, "  %s", name);
    for (size_t i = 0; i < n; i++) {
        text_addz(out, " ");
        text_quoted(out, v[i]);
    }
    text_addz(out, "\n");
}

static void dump_dimension(struct text *out, const char *name, struct str s)
{
    if (s.len == 0)
        return;
    text_addf(out, " %s=", name);
    text_quoted(out, s);
}

static void dump_item(struct text *out, const struct item *item, unsigned level)
{
    indent(out, level);
    if (item->field.len > 0) {
        text_addz(out, "field ");
        text_quoted(out, item->field);
    } else {
        text_addz(out, "keywords");
    }
    text_addf(out, ": %s%s of\n", item->neq ? "not " : "", item->all ? "all" : "any");
    for (size_t i = 0; i < item->n_values; i++) {
        indent(out, level + 1);
        value_print(out, item->values[i]);
        text_addz(out, "\n");
    }
}

static void dump_detection(struct text *out, const struct detection *d, unsigned level)
{
    if (d->kind == DETECTION_ITEM) {
        dump_item(out, d->item, level);
        return;
    }
    indent(out, level);
    text_addz(out, d->kind == DETECTION_ALL_OF ? "all of\n" : "any of\n");
    for (size_t i = 0; i < d->n_children; i++)
        dump_detection(out, d->children[i], level + 1);
}

static void dump_conditions(struct text *out, const struct rule *rule)
{
    struct str *names = arena_array(out->arena, rule->n_identifiers, sizeof *names);
    for (size_t i = 0; i < rule->n_identifiers; i++)
        names[i] = rule->identifiers[i].name;
    struct condition_scope scope = {.names = names, .n = rule->n_identifiers};
    for (size_t i = 0; i < rule->n_conditions; i++) {
        text_addz(out, "  condition ");
        condition_print(out, rule->conditions[i], &scope);
        text_addz(out, "\n");
    }
}

static void dump_attributes(struct text *out, const char *kind, const struct rule *rule)
{
    text_addf(out, "%s ", kind);
    text_quoted(out, rule->title);
    text_addz(out, "\n");
    dump_text(out, "id", rule->id);
    dump_text(out, "name", rule->name);
    dump_text(out, "taxonomy", rule->taxonomy);
    if (rule->status != STATUS_NONE)
        text_addf(out, "  status %s\n", rule_status_name(rule->status));
    if (rule->level != LEVEL_NONE)
        text_addf(out, "  level %s\n", rule_level_name(rule->level));
    dump_text(out, "description", rule->description);
    dump_text(out, "author", rule->author);
    dump_texts(out, "tags", rule->tags, rule->n_tags);
    dump_texts(out, "falsepositives", rule->falsepositives, rule->n_falsepositives);
}

static void dump_logsource(struct text *out, const struct rule *rule)
{
    text_addz(out, "  logsource");
    dump_dimension(out, "category", rule->logsource.category);
    dump_dimension(out, "product", rule->logsource.product);
    dump_dimension(out, "service", rule->logsource.service);
    text_addz(out, "\n");
}

static void dump_detections(struct text *out, const struct rule *rule)
{
    for (size_t i = 0; i < rule->n_identifiers; i++) {
        text_addz(out, "  identifier ");
        text_quoted(out, rule->identifiers[i].name);
        text_addz(out, "\n");
        dump_detection(out, rule->identifiers[i].detection, 2);
    }
    dump_conditions(out, rule);
}

void rule_dump(struct text *out, const struct rule *rule)
{
    dump_attributes(out, "rule", rule);
    dump_logsource(out, rule);
    dump_detections(out, rule);
}

static void dump_reference(struct text *out, struct str text)
{
    text_addz(out, " ");
    text_quoted(out, text);
}

void filter_dump(struct text *out, const struct filter *filter)
{
    dump_attributes(out, "filter", filter->head);
    dump_logsource(out, filter->head);
    text_addz(out, filter->any ? "  rules any" : "  rules");
    for (size_t i = 0; i < filter->n_rules; i++)
        dump_reference(out, filter->rules[i].text);
    text_addz(out, "\n");
    dump_detections(out, filter->head);
}

static void dump_expression(struct text *out, const struct correlation *c)
{
    struct str *names = arena_array(out->arena, c->n_rules, sizeof *names);
    for (size_t i = 0; i < c->n_rules; i++)
        names[i] = c->rules[i].reference.text;
    struct condition_scope scope = {names, c->n_rules, true};
    text_addz(out, "  condition ");
    condition_print(out, c->expression, &scope);
    text_addz(out, "\n");
}

static void dump_bounds(struct text *out, const struct correlation *c)
{
    for (size_t i = 0; i < c->n_bounds; i++) {
        text_addf(out, "%s%s ", i ? " and " : "  condition ",
                  correlation_operator_name(c->bounds[i].op));
        number_print(out, &c->bounds[i].number);
    }
    text_addz(out, "\n");
    dump_texts(out, "field", c->fields, c->n_fields);
    if (c->has_percentile) {
        text_addz(out, "  percentile ");
        number_print(out, &c->percentile);
        text_addz(out, "\n");
    }
}

/* The field that each alias is in each rule, in the order of the rules. */
static void dump_aliases(struct text *out, const struct correlation *c)
{
    for (size_t i = 0; i < c->n_aliases; i++) {
        text_addz(out, "  alias ");
        text_quoted(out, c->aliases[i].name);
        text_addz(out, " =");
        for (size_t r = 0; r < c->n_rules; r++)
            dump_reference(out, c->aliases[i].fields[r]);
        text_addz(out, "\n");
    }
}

void correlation_dump(struct text *out, const struct correlation *c)
{
    dump_attributes(out, "correlation", c->head);
    text_addf(out, "  type %s\n  rules", correlation_type_name(c->type));
    for (size_t i = 0; i < c->n_rules; i++)
        dump_reference(out, c->rules[i].reference.text);
    text_addf(out, "\n  timespan %llu s\n", (unsigned long long)c->timespan);
    dump_texts(out, "group-by", c->group_by, c->n_group_by);
    if (c->expression)
        dump_expression(out, c);
    else
        dump_bounds(out, c);
    dump_aliases(out, c);
    text_addz(out, c->generate ? "  generate true\n" : "");
}
