#include "filters.h"

#include "arena.h"
#include "rule_check.h"
#include "vec.h"

/* The filters that reach one rule, in their order. */
struct reaching {
    const struct filter **v;
    size_t n, cap;
};

static bool contains_dimension(struct str filter, struct str rule)
{
    return filter.len == 0 || str_eq_nocase(filter, rule);
}

static bool contains(const struct logsource *filter, const struct logsource *rule)
{
    return contains_dimension(filter->category, rule->category) &&
           contains_dimension(filter->product, rule->product) &&
           contains_dimension(filter->service, rule->service);
}

static void add_once(struct arena *a, struct reaching *reaching, const struct filter *filter)
{
    if (reaching->n == 0 || reaching->v[reaching->n - 1] != filter)
        *VEC_PUSH(a, reaching) = filter;
}

/* ---- which filters reach which rules ---- */

struct reach {
    struct arena *arena;
    struct diag_sink *sink;
    struct rule *const *rules;
    size_t n;
    const struct rule_index *index;
    struct reaching *reaching; /* [n] */
};

static bool reach_rule(struct reach *r, const struct filter *filter, size_t rule)
{
    if (!contains(&filter->head->logsource, &r->rules[rule]->logsource))
        return false;
    add_once(r->arena, &r->reaching[rule], filter);
    return true;
}

static void reach_reference(struct reach *r, const struct filter *filter,
                            const struct reference *reference)
{
    const struct rule_link *link = rule_index_find(r->index, reference->text);
    if (!link) {
        DIAG(r->sink, DIAG_filter_reach, reference->at, rule_index_help(r->index, reference->text),
             reference->text, STR("no detection rule that was read has this id or name"));
        return;
    }
    bool reached = false;
    for (; link; link = link->next)
        reached = reach_rule(r, filter, link->rule) || reached;
    if (!reached)
        DIAG(r->sink, DIAG_filter_reach, reference->at, NO_HELP, reference->text,
             STR("its log source is not within that of the filter"));
}

static void reach_all(struct reach *r, const struct filter *filter)
{
    rule_tell(r->sink, filter->head);
    for (size_t i = 0; filter->any && i < r->n; i++)
        reach_rule(r, filter, i);
    for (size_t i = 0; i < filter->n_rules; i++)
        reach_reference(r, filter, &filter->rules[i]);
    rule_tell(r->sink, NULL);
}

/* ---- merging ---- */

/* What a filter's condition becomes in a rule whose own identifiers stand before the filter's. */
struct move {
    struct arena *arena;
    uint32_t offset;
    struct str title;
};

static struct str titled(const struct move *m, struct str name)
{
    return str_format(m->arena, "%.*s [%.*s]", STR_ARG(name), STR_ARG(m->title));
}

/* Recursion is bounded by CONDITION_DEPTH_MAX. */
static struct condition *moved(const struct move *m, const struct condition *c)
{
    struct condition *copy = ARENA_NEW(m->arena, struct condition);
    *copy = *c;
    copy->identifier += m->offset;
    copy->selected = ARENA_ARRAY(m->arena, c->n_selected, uint32_t);
    for (size_t i = 0; i < c->n_selected; i++)
        copy->selected[i] = c->selected[i] + m->offset;
    if (c->kind == COND_AT_LEAST)
        copy->target = titled(m, c->target);
    copy->children = ARENA_ARRAY(m->arena, c->n_children, struct condition *);
    for (size_t i = 0; i < c->n_children; i++)
        copy->children[i] = moved(m, c->children[i]);
    return copy;
}

/* Appends the filter's identifiers to the rule's and gives its condition over them. */
static struct condition *take_filter(struct arena *a, struct rule *rule,
                                     const struct filter *filter)
{
    const struct rule *head = filter->head;
    struct move m = {a, (uint32_t)rule->n_identifiers, head->title};
    for (size_t i = 0; i < head->n_identifiers; i++) {
        struct identifier *identifier = &rule->identifiers[rule->n_identifiers++];
        *identifier = head->identifiers[i];
        identifier->name = titled(&m, identifier->name);
    }
    return moved(&m, head->conditions[0]);
}

static struct condition *anded(struct arena *a, struct condition *own,
                               struct condition *const *filters, size_t n)
{
    struct condition *c = ARENA_NEW(a, struct condition);
    c->kind = COND_AND;
    c->at = own->at;
    c->children = ARENA_ARRAY(a, n + 1, struct condition *);
    c->children[c->n_children++] = own;
    for (size_t i = 0; i < n; i++)
        c->children[c->n_children++] = filters[i];
    return c;
}

static struct rule *merged(struct arena *a, const struct rule *rule,
                           const struct reaching *reaching)
{
    struct rule *copy = ARENA_NEW(a, struct rule);
    *copy = *rule;
    size_t n = rule->n_identifiers;
    for (size_t i = 0; i < reaching->n; i++)
        n += reaching->v[i]->head->n_identifiers;
    copy->identifiers = ARENA_ARRAY(a, n, struct identifier);
    for (size_t i = 0; i < rule->n_identifiers; i++)
        copy->identifiers[i] = rule->identifiers[i];
    struct condition **conditions = ARENA_ARRAY(a, reaching->n, struct condition *);
    for (size_t i = 0; i < reaching->n; i++)
        conditions[i] = take_filter(a, copy, reaching->v[i]);
    copy->conditions = ARENA_ARRAY(a, rule->n_conditions, struct condition *);
    for (size_t i = 0; i < rule->n_conditions; i++)
        copy->conditions[i] = anded(a, rule->conditions[i], conditions, reaching->n);
    return copy;
}

struct rule **filters_apply(struct arena *a, struct diag_sink *sink, struct rule *const *rules,
                            size_t n, struct filter *const *filters, size_t n_filters)
{
    struct reach r = {a, sink, rules, n, NULL, ARENA_ARRAY(a, n, struct reaching)};
    struct rule **filtered = ARENA_ARRAY(a, n, struct rule *);
    if (n_filters > 0)
        r.index = rule_index_new(a, rules, n);
    for (size_t i = 0; i < n_filters; i++)
        reach_all(&r, filters[i]);
    for (size_t i = 0; i < n; i++)
        filtered[i] = r.reaching[i].n > 0 ? merged(a, rules[i], &r.reaching[i]) : rules[i];
    return filtered;
}
