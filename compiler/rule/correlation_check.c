#include "correlation_check.h"

#include "arena.h"
#include "rule_check.h"

#define NO_TARGET UINT32_MAX

/* Where the walk along references stands in one correlation. */
struct step {
    uint32_t correlation;
    size_t next; /* reference to follow */
};

struct check {
    struct arena *arena;
    struct diag_sink *sink;
    const struct ruleset *set;
    const struct rule_index *index;  /* rules, then correlations */
    const struct rule_index *others; /* filters, then what was refused */
    bool *refused;
    uint32_t **targets; /* of each correlation's references: a correlation, or NO_TARGET */
    /* Tarjan's strongly connected components, without recursion: chains may be long. */
    uint32_t *order, *low, *component; /* from 1; 0: not met yet, not closed yet */
    uint32_t n_met, n_components;
    uint32_t *open; /* met and not closed */
    size_t n_open;
    struct step *steps;
    size_t n_steps;
};

/* ---- references ---- */

static struct rule **heads_of(struct arena *a, const struct ruleset *set)
{
    struct rule **heads = ARENA_ARRAY(a, set->n_rules + set->n_correlations, struct rule *);
    for (size_t i = 0; i < set->n_rules; i++)
        heads[i] = set->rules[i];
    for (size_t i = 0; i < set->n_correlations; i++)
        heads[set->n_rules + i] = set->correlations[i]->head;
    return heads;
}

static struct rule **other_heads(struct arena *a, const struct ruleset *set)
{
    struct rule **heads = ARENA_ARRAY(a, set->n_filters + set->refused.n, struct rule *);
    for (size_t i = 0; i < set->n_filters; i++)
        heads[i] = set->filters[i]->head;
    for (size_t i = 0; i < set->refused.n; i++)
        heads[set->n_filters + i] = set->refused.v[i];
    return heads;
}

static void not_found(struct check *k, const struct reference *reference)
{
    const struct rule_link *other = rule_index_find(k->others, reference->text);
    if (!other)
        DIAG(k->sink, DIAG_rule_not_found, reference->at,
             rule_index_help(k->index, reference->text), reference->text,
             STR("was not read: no rule and no correlation has this id or name"));
    else if (other->rule < k->set->n_filters)
        DIAG(k->sink, DIAG_rule_not_found, reference->at, NO_HELP, reference->text,
             STR("is a filter"));
    else
        DIAG(k->sink, DIAG_rule_not_found, reference->at,
             STR("mend that rule first: without it the correlation cannot hold"), reference->text,
             STR("was refused"));
}

/* Index among rules and correlations; SIZE_MAX after reporting. */
static size_t resolve(struct check *k, const struct reference *reference)
{
    const struct rule_link *link = rule_index_find(k->index, reference->text);
    if (!link)
        not_found(k, reference);
    return link ? link->rule : SIZE_MAX;
}

static bool same_rule(const struct correlation_rule *x, const struct correlation_rule *y)
{
    return x->rule == y->rule && x->correlation == y->correlation;
}

/* Sets what the reference means; false after reporting. */
static bool resolve_rule(struct check *k, struct correlation_rule *rule, uint32_t *ret_target)
{
    size_t found = resolve(k, &rule->reference);
    *ret_target = NO_TARGET;
    if (found == SIZE_MAX)
        return false;
    if (found < k->set->n_rules) {
        rule->rule = k->set->rules[found];
        return true;
    }
    *ret_target = (uint32_t)(found - k->set->n_rules);
    rule->correlation = k->set->correlations[*ret_target];
    return true;
}

static void count_distinct(struct check *k, struct correlation *c)
{
    for (size_t i = 0; i < c->n_rules; i++) {
        size_t first = 0;
        while (!same_rule(&c->rules[first], &c->rules[i]))
            first++;
        c->n_distinct += first == i;
        if (first < i && c->type != CORRELATION_TEMPORAL_ORDERED)
            DIAG(k->sink, DIAG_repeated_rule, c->rules[i].reference.at, NO_HELP,
                 c->rules[i].reference.text);
    }
}

static bool resolve_alias(struct check *k, const struct correlation *c,
                          struct correlation_alias *alias)
{
    bool good = true;
    alias->fields = ARENA_ARRAY(k->arena, c->n_rules, struct str);
    for (size_t i = 0; i < c->n_rules; i++)
        alias->fields[i] = alias->name;
    for (size_t i = 0; i < alias->n; i++) {
        struct correlation_rule named = {.reference = alias->rules[i]};
        uint32_t target;
        bool used = false;
        if (!resolve_rule(k, &named, &target)) {
            good = false;
            continue;
        }
        for (size_t r = 0; r < c->n_rules; r++)
            if (same_rule(&named, &c->rules[r])) {
                alias->fields[r] = alias->written[i];
                used = true;
            }
        if (!used)
            DIAG(k->sink, DIAG_no_effect, alias->rules[i].at, NO_HELP, alias->rules[i].text,
                 STR("in an alias: it is none of the rules of this correlation"));
    }
    return good;
}

/* Temporal types without a condition want all their rules. */
static void default_bound(struct arena *a, struct correlation *c)
{
    if (!correlation_is_temporal(c->type) || c->n_bounds > 0 || c->expression)
        return;
    c->bounds = ARENA_NEW(a, struct correlation_bound);
    c->bounds[c->n_bounds++] = (struct correlation_bound){
        CORRELATION_GTE, {.kind = NUMBER_INT, .i = (int64_t)c->n_distinct}};
}

static void resolve_correlation(struct check *k, uint32_t i)
{
    struct correlation *c = k->set->correlations[i];
    bool good = true;
    k->targets[i] = ARENA_ARRAY(k->arena, c->n_rules, uint32_t);
    rule_tell(k->sink, c->head);
    for (size_t r = 0; r < c->n_rules; r++)
        good = resolve_rule(k, &c->rules[r], &k->targets[i][r]) && good;
    if (good)
        count_distinct(k, c);
    for (size_t n = 0; n < c->n_aliases && good; n++)
        good = resolve_alias(k, c, &c->aliases[n]);
    default_bound(k->arena, c);
    k->refused[i] = !good;
}

/* ---- cycles ---- */

static void meet(struct check *k, uint32_t correlation)
{
    k->order[correlation] = k->low[correlation] = ++k->n_met;
    k->open[k->n_open++] = correlation;
    k->steps[k->n_steps++] = (struct step){correlation, 0};
}

static void lower(uint32_t *low, uint32_t other)
{
    if (other < *low)
        *low = other;
}

/* What a correlation refers to was judged before it, unless it is part of the same cycle. */
static void judge(struct check *k, uint32_t i)
{
    const struct correlation *c = k->set->correlations[i];
    rule_tell(k->sink, c->head);
    for (size_t r = 0; r < c->n_rules; r++) {
        uint32_t target = k->targets[i][r];
        const struct reference *reference = &c->rules[r].reference;
        if (target == NO_TARGET)
            continue;
        if (k->component[target] == k->component[i]) {
            DIAG(k->sink, DIAG_correlation_cycle, reference->at, NO_HELP, reference->text);
            k->refused[i] = true;
            return;
        }
        if (!k->refused[target])
            continue;
        DIAG(k->sink, DIAG_rule_not_found, reference->at,
             STR("mend that correlation first: without it this one cannot hold"), reference->text,
             STR("was refused"));
        k->refused[i] = true;
    }
}

/* Takes the component that `first` opened off the stack. */
static void close_component(struct check *k, uint32_t first)
{
    size_t n = k->n_open;
    k->n_components++;
    do {
        k->component[k->open[--n]] = k->n_components;
    } while (k->open[n] != first);
    for (size_t i = n; i < k->n_open; i++)
        judge(k, k->open[i]);
    k->n_open = n;
}

static void leave(struct check *k)
{
    uint32_t done = k->steps[--k->n_steps].correlation;
    if (k->n_steps > 0)
        lower(&k->low[k->steps[k->n_steps - 1].correlation], k->low[done]);
    if (k->low[done] == k->order[done])
        close_component(k, done);
}

static void walk(struct check *k, uint32_t start)
{
    meet(k, start);
    while (k->n_steps > 0) {
        struct step *step = &k->steps[k->n_steps - 1];
        if (step->next == k->set->correlations[step->correlation]->n_rules) {
            leave(k);
            continue;
        }
        uint32_t target = k->targets[step->correlation][step->next++];
        if (target == NO_TARGET)
            continue;
        if (k->order[target] == 0)
            meet(k, target);
        else if (k->component[target] == 0)
            lower(&k->low[step->correlation], k->order[target]);
    }
}

void correlations_check(struct ruleset *set, bool *refused)
{
    struct arena *a = set->arena;
    uint32_t n = (uint32_t)set->n_correlations;
    struct check k = {
        .arena = a,
        .sink = set->sink,
        .set = set,
        .index = rule_index_new(a, heads_of(a, set), set->n_rules + n),
        .others = rule_index_new(a, other_heads(a, set), set->n_filters + set->refused.n),
        .refused = refused,
        .targets = ARENA_ARRAY(a, n, uint32_t *),
        .order = ARENA_ARRAY(a, n, uint32_t),
        .low = ARENA_ARRAY(a, n, uint32_t),
        .component = ARENA_ARRAY(a, n, uint32_t),
        .open = ARENA_ARRAY(a, n, uint32_t),
        .steps = ARENA_ARRAY(a, n, struct step),
    };
    for (uint32_t i = 0; i < n; i++)
        resolve_correlation(&k, i);
    for (uint32_t i = 0; i < n; i++)
        if (k.order[i] == 0)
            walk(&k, i);
    rule_tell(set->sink, NULL);
}
