#include "explain_blame.h"

#include "describe.h"

/* What is looked for: the part that has the wrong verdict and whose own parts cannot be blamed
 * singly. Under `not` the wrong verdict is true. */
struct blame {
    struct eval *eval;
    const struct rule *rule;
    struct text *out;
};

static void blame_item(struct blame *b, const struct item *item)
{
    describe_item(b->out, item);
    if (item->n_values > 1)
        describe_values(b->out, item);
    describe_held(b->out, item, eval_field(b->eval, item));
}

/* All of: one false part is to blame for false, nobody singly for true. Any of: the other way
 * round. Recursion is bounded by the depth of the YAML tree. */
static void blame_detection(struct blame *b, const struct detection *d, bool wrong)
{
    if (d->kind == DETECTION_ITEM) {
        blame_item(b, d->item);
        return;
    }
    bool all = d->kind == DETECTION_ALL_OF;
    if (d->n_children > 1 && all == wrong) {
        text_addf(b->out, wrong ? "all %zu parts hold" : "none of %zu parts holds", d->n_children);
        return;
    }
    size_t i = 0;
    while (i + 1 < d->n_children && eval_detection(b->eval, d->children[i]) != wrong)
        i++;
    if (d->n_children > 0)
        blame_detection(b, d->children[i], wrong);
}

static void blame_identifier(struct blame *b, uint32_t index, bool wrong)
{
    const struct identifier *identifier = &b->rule->identifiers[index];
    text_add(b->out, identifier->name);
    text_addz(b->out, wrong ? " holds: " : ": ");
    blame_detection(b, identifier->detection, wrong);
}

static bool identifier_holds(struct blame *b, uint32_t index)
{
    return eval_detection(b->eval, b->rule->identifiers[index].detection);
}

static void blame_at_least(struct blame *b, const struct condition *c, bool wrong)
{
    size_t n_holding = 0, culprit = c->n_selected;
    for (size_t i = 0; i < c->n_selected; i++) {
        bool holds = identifier_holds(b, c->selected[i]);
        n_holding += holds;
        if (holds == wrong && culprit == c->n_selected)
            culprit = i;
    }
    bool single = wrong ? c->count == 1 : c->count == c->n_selected;
    describe_condition(b->out, b->rule, c);
    text_addz(b->out, ": ");
    if (single && culprit < c->n_selected)
        blame_identifier(b, c->selected[culprit], wrong);
    else
        text_addf(b->out, "%zu of %zu hold", n_holding, c->n_selected);
}

/* Recursion is bounded by CONDITION_DEPTH_MAX. */
static void blame_condition(struct blame *b, const struct condition *c, bool wrong)
{
    switch (c->kind) {
    case COND_IDENTIFIER:
        blame_identifier(b, c->identifier, wrong);
        return;
    case COND_NOT:
        text_addz(b->out, "not ");
        blame_condition(b, c->children[0], !wrong);
        return;
    case COND_AT_LEAST:
        blame_at_least(b, c, wrong);
        return;
    case COND_AND:
    case COND_OR:
        break;
    }
    if ((c->kind == COND_AND) == wrong) {
        text_addz(b->out, wrong ? "all hold: " : "none holds: ");
        describe_condition(b->out, b->rule, c);
        return;
    }
    for (size_t i = 0; i < c->n_children; i++) {
        if (eval_condition(b->eval, b->rule, c->children[i]) != wrong)
            continue;
        blame_condition(b, c->children[i], wrong);
        return;
    }
}

void explain_blame(struct eval *e, const struct rule *rule, struct text *out)
{
    struct blame b = {e, rule, out};
    if (rule->n_conditions > 1)
        text_addf(out, "none of %zu conditions holds; the first: ", rule->n_conditions);
    if (rule->n_conditions > 0)
        blame_condition(&b, rule->conditions[0], false);
}
