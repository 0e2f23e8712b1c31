#include "eval.h"

#include "leaf_number.h"

void eval_init(struct eval *e, struct view *view, const struct regex_table *regexes)
{
    *e = (struct eval){.view = view, .regexes = regexes, .glob = {.arena = view->arena}};
}

static bool is_keyword(const struct item *item)
{
    return item->field.len == 0;
}

const struct field *eval_field(struct eval *e, const struct item *item)
{
    return is_keyword(item) ? view_keywords(e->view) : view_field(e->view, item->field);
}

/* The text of a leaf against the glob that is set. */
static bool leaf_matches_glob(struct eval *e, struct leaf *leaf, bool cased)
{
    return leaf->has_text && glob_matches(&e->glob, view_points(e->view, leaf, !cased));
}

static bool leaf_matches_patterns(struct eval *e, const struct value *v, struct leaf *leaf,
                                  bool anywhere)
{
    for (size_t i = 0; i < v->n; i++) {
        glob_set(&e->glob, &v->patterns[i], v->cased, anywhere);
        if (leaf_matches_glob(e, leaf, v->cased))
            return true;
    }
    return false;
}

static bool leaf_matches_regexes(struct eval *e, const struct value *v, struct leaf *leaf)
{
    if (!leaf->has_text)
        return false;
    for (size_t i = 0; i < v->n; i++)
        if (regex_sim_search(regex_table_get(e->regexes, v->regexes[i]),
                             view_points(e->view, leaf, false)))
            return true;
    return false;
}

static bool leaf_matches_boolean(const struct leaf *leaf, bool wanted)
{
    if (leaf->json->kind == JSON_BOOL)
        return leaf->json->boolean == wanted;
    return leaf->json->kind == JSON_STRING &&
           str_eq_nocase(leaf->text, wanted ? STR("true") : STR("false"));
}

static bool leaf_matches_time(const struct value *v, const struct leaf *leaf)
{
    struct number part = {.kind = NUMBER_INT};
    return time_part_of(leaf, v->time_part, &part.i) &&
           leaf_number_holds(part, v->compare, v->number);
}

static bool leaf_matches_fieldref(struct eval *e, const struct value *v, struct leaf *leaf)
{
    const struct field *other = view_field(e->view, v->other_field);
    for (size_t i = 0; i < other->n; i++)
        if (leaves_agree(e->view, leaf, &other->leaves[i], v))
            return true;
    return false;
}

static bool leaf_matches(struct eval *e, const struct item *item, const struct value *v,
                         struct leaf *leaf)
{
    switch (v->kind) {
    case VALUE_NULL:
        return leaf->json->kind == JSON_NULL;
    case VALUE_BOOL:
        return leaf_matches_boolean(leaf, v->boolean);
    case VALUE_NUMBER:
        return leaf->has_number && leaf_number_holds(leaf->number, v->compare, v->number);
    case VALUE_PATTERN:
        return leaf_matches_patterns(e, v, leaf, is_keyword(item));
    case VALUE_REGEX:
        return leaf_matches_regexes(e, v, leaf);
    case VALUE_CIDR:
        return leaf->json->kind == JSON_STRING && address_in(leaf->text, &v->network);
    case VALUE_FIELDREF:
        return leaf_matches_fieldref(e, v, leaf);
    case VALUE_TIME:
        return leaf_matches_time(v, leaf);
    case VALUE_EXISTS:
        return false; /* asks for the field, not for a leaf */
    }
    return false;
}

bool eval_value(struct eval *e, const struct item *item, const struct value *v)
{
    const struct field *field = eval_field(e, item);
    if (v->kind == VALUE_EXISTS)
        return field->present == v->boolean;
    if (v->kind == VALUE_NULL && !field->present)
        return true;
    for (size_t i = 0; i < field->n; i++)
        if (leaf_matches(e, item, v, &field->leaves[i]))
            return true;
    return false;
}

bool eval_item(struct eval *e, const struct item *item)
{
    /* `all`: no value fails. Otherwise: some value holds. */
    bool verdict = item->all;
    for (size_t i = 0; i < item->n_values && verdict == item->all; i++)
        verdict = eval_value(e, item, item->values[i]);
    return verdict != item->neq;
}

/* Recursion is bounded by the depth of the YAML tree. */
bool eval_detection(struct eval *e, const struct detection *d)
{
    if (d->kind == DETECTION_ITEM)
        return eval_item(e, d->item);
    bool all = d->kind == DETECTION_ALL_OF;
    for (size_t i = 0; i < d->n_children; i++)
        if (eval_detection(e, d->children[i]) != all)
            return !all;
    return all;
}

static bool eval_identifier(struct eval *e, const struct rule *rule, uint32_t identifier)
{
    return eval_detection(e, rule->identifiers[identifier].detection);
}

static bool at_least(struct eval *e, const struct rule *rule, const struct condition *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_selected; i++)
        n += eval_identifier(e, rule, c->selected[i]);
    return n >= c->count;
}

/* Recursion is bounded by CONDITION_DEPTH_MAX. */
bool eval_condition(struct eval *e, const struct rule *rule, const struct condition *c)
{
    switch (c->kind) {
    case COND_IDENTIFIER:
        return eval_identifier(e, rule, c->identifier);
    case COND_NOT:
        return !eval_condition(e, rule, c->children[0]);
    case COND_AT_LEAST:
        return at_least(e, rule, c);
    case COND_AND:
        for (size_t i = 0; i < c->n_children; i++)
            if (!eval_condition(e, rule, c->children[i]))
                return false;
        return true;
    case COND_OR:
        for (size_t i = 0; i < c->n_children; i++)
            if (eval_condition(e, rule, c->children[i]))
                return true;
        return false;
    }
    return false;
}

bool eval_rule(struct eval *e, const struct rule *rule)
{
    for (size_t i = 0; i < rule->n_conditions; i++)
        if (eval_condition(e, rule, rule->conditions[i]))
            return true;
    return false;
}
