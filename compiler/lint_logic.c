#include "lint_logic.h"

#include "arena.h"
#include "ir.h"
#include "ir_imply.h"
#include "vec.h"

/* Questions about filters that one rule may ask; real rules have a dozen. */
#define QUESTIONS_MAX 200

enum question_kind { ASK_CONDITION, ASK_IDENTIFIER, ASK_FILTER };

/* One predicate that is asked something. It is lowered as the condition of a rule of its own, a
 * copy that shares all else with the rule in question. */
struct question {
    enum question_kind kind;
    const struct rule *rule;
    struct span at;
    struct str name; /* of the filter's identifier; empty: it has none of its own */
};

struct logic {
    struct arena *arena;
    struct diag_sink *sink;
    VEC(const struct rule *) rules; /* to be lowered */
    VEC(struct question) questions; /* likewise indexed */
    const struct ir *ir;
    size_t first; /* question of the rule in hand */
};

static void ask(struct logic *l, enum question_kind kind, const struct rule *rule,
                struct condition *condition, struct str name, struct span at)
{
    struct rule *copy = ARENA_NEW(l->arena, struct rule);
    *copy = *rule;
    copy->conditions = ARENA_NEW(l->arena, struct condition *);
    copy->conditions[0] = condition;
    copy->n_conditions = 1;
    *VEC_PUSH(l->arena, &l->rules) = copy;
    *VEC_PUSH(l->arena, &l->questions) = (struct question){kind, rule, at, name};
}

static struct condition *identifier_condition(struct logic *l, uint32_t identifier)
{
    struct condition *c = ARENA_NEW(l->arena, struct condition);
    c->kind = COND_IDENTIFIER;
    c->identifier = identifier;
    return c;
}

/* "What of the conjunction that is not negated" and `filter`: when that never holds, the filter
 * excludes nothing. */
static void ask_filter(struct logic *l, const struct rule *rule, const struct condition *and,
                       struct condition *filter, struct str name, struct span at)
{
    struct condition *c = ARENA_NEW(l->arena, struct condition);
    c->kind = COND_AND;
    c->children = ARENA_ARRAY(l->arena, and->n_children + 1, struct condition *);
    for (size_t i = 0; i < and->n_children; i++)
        if (and->children[i]->kind != COND_NOT)
            c->children[c->n_children++] = and->children[i];
    if (c->n_children == 0 || l->questions.n - l->first >= QUESTIONS_MAX)
        return;
    c->children[c->n_children++] = filter;
    ask(l, ASK_FILTER, rule, c, name, at);
}

/* `not 1 of filter*` is a filter for each identifier that is selected. */
static void ask_filters(struct logic *l, const struct rule *rule, const struct condition *c)
{
    for (size_t i = 0; i < c->n_children; i++) {
        struct condition *child = c->children[i];
        ask_filters(l, rule, child);
        if (c->kind != COND_AND || child->kind != COND_NOT)
            continue;
        struct condition *filter = child->children[0];
        if (filter->kind == COND_IDENTIFIER) {
            const struct identifier *id = &rule->identifiers[filter->identifier];
            ask_filter(l, rule, c, filter, id->name, id->at);
        } else if (filter->kind != COND_AT_LEAST || filter->count > 1) {
            ask_filter(l, rule, c, filter, (struct str){0}, child->at);
        }
        for (size_t k = 0;
             filter->kind == COND_AT_LEAST && filter->count == 1 && k < filter->n_selected; k++) {
            const struct identifier *id = &rule->identifiers[filter->selected[k]];
            ask_filter(l, rule, c, identifier_condition(l, filter->selected[k]), id->name, id->at);
        }
    }
}

static void ask_rule(struct logic *l, const struct rule *rule)
{
    l->first = l->questions.n;
    for (size_t i = 0; i < rule->n_conditions; i++)
        ask(l, ASK_CONDITION, rule, rule->conditions[i], (struct str){0}, rule->conditions[i]->at);
    for (uint32_t i = 0; i < rule->n_identifiers; i++)
        ask(l, ASK_IDENTIFIER, rule, identifier_condition(l, i), rule->identifiers[i].name,
            rule->identifiers[i].at);
    l->first = l->questions.n;
    for (size_t i = 0; i < rule->n_conditions; i++)
        ask_filters(l, rule, rule->conditions[i]);
}

/* ---- answers ---- */

static bool never(const struct logic *l, size_t q)
{
    struct ir_proof proof = {l->ir, LINT_STEPS_MAX};
    return ir_never(&proof, l->ir->rules[q].root);
}

static bool always(const struct logic *l, size_t q)
{
    struct ir_proof proof = {l->ir, LINT_STEPS_MAX};
    return ir_always(&proof, l->ir->rules[q].root);
}

/* Identifiers of one rule, and what they are as predicates. */
struct operands {
    const struct rule *rule;
    const struct ir_rule *lowered; /* [n_identifiers] */
    bool *told;                    /* likewise */
};

static void compare_operands(const struct logic *l, const struct operands *o,
                             const uint32_t *identifiers, size_t n)
{
    for (size_t j = 1; j < n; j++) {
        uint32_t later = identifiers[j];
        for (size_t i = 0; i < j && !o->told[later]; i++) {
            uint32_t first = identifiers[i];
            if (first == later || o->lowered[first].root != o->lowered[later].root)
                continue;
            o->told[later] = true;
            DIAG(l->sink, DIAG_same_selection, o->rule->identifiers[later].at, NO_HELP,
                 o->rule->identifiers[later].name, o->rule->identifiers[first].name);
        }
    }
}

/* Only operands of one gate: the same text as a selection here and as a filter there is a way of
 * writing, and needs no word. */
static void same_selections(const struct logic *l, const struct operands *o,
                            const struct condition *c)
{
    compare_operands(l, o, c->selected, c->n_selected);
    uint32_t *plain = ARENA_ARRAY(l->arena, c->n_children, uint32_t);
    uint32_t *negated = ARENA_ARRAY(l->arena, c->n_children, uint32_t);
    size_t n_plain = 0, n_negated = 0;
    for (size_t i = 0; i < c->n_children; i++) {
        const struct condition *child = c->children[i];
        same_selections(l, o, child);
        if (child->kind == COND_IDENTIFIER)
            plain[n_plain++] = child->identifier;
        if (child->kind == COND_NOT && child->children[0]->kind == COND_IDENTIFIER)
            negated[n_negated++] = child->children[0]->identifier;
    }
    compare_operands(l, o, plain, n_plain);
    compare_operands(l, o, negated, n_negated);
}

/* The answers about one rule, which are questions [from, to). */
static void answer(const struct logic *l, size_t from, size_t to)
{
    const struct rule *rule = l->questions.v[from].rule;
    bool has_id = rule->id.len > 0, dead = false;
    diag_rule(l->sink, has_id ? rule->id : rule->title, has_id);
    struct operands operands = {rule, l->ir->rules + from + rule->n_conditions,
                                ARENA_ARRAY(l->arena, rule->n_identifiers, bool)};
    for (size_t i = 0; i < rule->n_conditions; i++)
        same_selections(l, &operands, rule->conditions[i]);
    for (size_t q = from; q < to; q++) {
        const struct question *asked = &l->questions.v[q];
        switch (asked->kind) {
        case ASK_CONDITION:
            if (never(l, q)) {
                DIAG0(l->sink, DIAG_never_fires, asked->at, NO_HELP);
                dead = true;
            } else if (always(l, q)) {
                DIAG0(l->sink, DIAG_always_fires, asked->at, NO_HELP);
            }
            break;
        case ASK_IDENTIFIER:
            break;
        case ASK_FILTER:
            if (dead || !never(l, q))
                break;
            DIAG(l->sink, DIAG_idle_filter, asked->at, NO_HELP,
                 asked->name.len > 0 ? str_format(l->arena, "filter '%.*s'", STR_ARG(asked->name))
                                     : STR("this filter"));
            break;
        }
    }
}

void lint_logic(struct arena *scratch, struct diag_sink *sink, struct rule *const *rules, size_t n)
{
    struct logic l = {.arena = scratch, .sink = sink};
    for (size_t i = 0; i < n; i++)
        ask_rule(&l, rules[i]);
    l.ir = ir_lower(scratch, l.rules.v, l.rules.n);
    for (size_t from = 0, to; from < l.questions.n; from = to) {
        for (to = from; to < l.questions.n && l.questions.v[to].rule == l.questions.v[from].rule;)
            to++;
        answer(&l, from, to);
    }
    diag_rule(sink, (struct str){0}, false);
}
