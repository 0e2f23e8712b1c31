#include "explain.h"

#include "describe.h"
#include "explain_blame.h"

struct trace {
    struct eval *eval;
    const struct rule *rule;
    struct text *out;
};

/* Starts a line; the caller ends it. */
static void mark(struct trace *t, unsigned depth, bool verdict)
{
    text_addf(t->out, "%*s%s", (int)depth * 2, "", verdict ? "true  " : "false ");
}

static void trace_item(struct trace *t, unsigned depth, const struct item *item)
{
    const struct field *field = eval_field(t->eval, item);
    mark(t, depth, eval_item(t->eval, item));
    describe_item(t->out, item);
    describe_held(t->out, item, field);
    text_addz(t->out, "\n");
    if (item->n_values == 1)
        return;
    for (size_t i = 0; i < item->n_values; i++) {
        mark(t, depth + 1, eval_value(t->eval, item, item->values[i]));
        describe_value(t->out, item, item->values[i]);
        text_addz(t->out, "\n");
    }
}

/* A map or list of one is as good as what it holds. */
static const struct detection *unwrap(const struct detection *d)
{
    while (d->kind != DETECTION_ITEM && d->n_children == 1)
        d = d->children[0];
    return d;
}

/* Recursion is bounded by the depth of the YAML tree. */
static void trace_detection(struct trace *t, unsigned depth, const struct detection *d)
{
    d = unwrap(d);
    if (d->kind == DETECTION_ITEM) {
        trace_item(t, depth, d->item);
        return;
    }
    mark(t, depth, eval_detection(t->eval, d));
    text_addf(t->out, "%s of %zu parts\n", d->kind == DETECTION_ALL_OF ? "all" : "any",
              d->n_children);
    for (size_t i = 0; i < d->n_children; i++)
        trace_detection(t, depth + 1, d->children[i]);
}

static void trace_identifier(struct trace *t, unsigned depth, uint32_t index)
{
    const struct identifier *identifier = &t->rule->identifiers[index];
    mark(t, depth, eval_detection(t->eval, identifier->detection));
    text_add(t->out, identifier->name);
    text_addz(t->out, "\n");
    trace_detection(t, depth + 1, identifier->detection);
}

static void trace_parts(struct trace *t, unsigned depth, const struct condition *c);

static void trace_condition(struct trace *t, unsigned depth, const struct condition *c)
{
    if (c->kind != COND_IDENTIFIER) {
        mark(t, depth++, eval_condition(t->eval, t->rule, c));
        describe_condition(t->out, t->rule, c);
        text_addz(t->out, "\n");
    }
    trace_parts(t, depth, c);
}

/* Recursion is bounded by CONDITION_DEPTH_MAX. */
static void trace_parts(struct trace *t, unsigned depth, const struct condition *c)
{
    if (c->kind == COND_IDENTIFIER)
        trace_identifier(t, depth, c->identifier);
    for (size_t i = 0; c->kind == COND_AT_LEAST && i < c->n_selected; i++)
        trace_identifier(t, depth, c->selected[i]);
    for (size_t i = 0; i < c->n_children; i++)
        trace_condition(t, depth, c->children[i]);
}

static void add_sources(struct text *out, const struct route *route)
{
    text_addz(out, " (event: ");
    if (route->meets_all)
        text_addz(out, "says nothing of its source");
    else if (route->n == 0)
        text_addz(out, "a known channel, but no log source for this event id");
    for (size_t i = 0; i < route->n && !route->meets_all; i++) {
        text_addz(out, i ? "; " : "");
        const struct triple *triple = &route->triples[i];
        describe_logsource(out, triple->product, triple->category, triple->service);
    }
    text_addz(out, ")");
}

static void add_logsource(struct text *out, const struct rule *rule, const struct route *route)
{
    const struct logsource *s = &rule->logsource;
    text_addz(out, "log source: ");
    describe_logsource(out, s->product, s->category, s->service);
    add_sources(out, route);
    text_addz(out, "\n");
}

static void add_head(struct text *out, const struct rule *rule)
{
    text_addz(out, "rule: ");
    text_add(out, rule->title);
    if (rule->id.len > 0)
        text_addf(out, " (%.*s)", STR_ARG(rule->id));
    text_addz(out, "\n");
}

bool explain_rule(struct eval *e, const struct route *route, const struct rule *rule,
                  struct text *out, bool *ret_met)
{
    struct trace t = {e, rule, out};
    bool met = route_meets(route, &rule->logsource), fires = eval_rule(e, rule);
    add_head(out, rule);
    mark(&t, 0, met);
    add_logsource(out, rule, route);
    for (size_t i = 0; i < rule->n_conditions; i++) {
        mark(&t, 0, eval_condition(e, rule, rule->conditions[i]));
        text_addz(out, "condition: ");
        describe_condition(out, rule, rule->conditions[i]);
        text_addz(out, "\n");
        trace_parts(&t, 1, rule->conditions[i]);
    }
    if (!met) {
        text_addz(out, "stopped by: ");
        add_logsource(out, rule, route);
    } else if (!fires) {
        text_addz(out, "stopped by: ");
        explain_blame(e, rule, out);
        text_addz(out, "\n");
    }
    *ret_met = met;
    return met && fires;
}
