/* Pipelines over rules: each rule is copied, walked through the steps, and checked for what is left
 * open. The original stays as it was read. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "passage.h"
#include "pipeline_apply.h"
#include "vec.h"

/* ---- messages ---- */

struct str passage_step(const struct passage *p)
{
    const struct step *s = p->step;
    if (!s)
        return STR("");
    const struct source *source = sources_get(diag_sources(p->sink), s->at.file);
    struct position at = source_position(source, s->at);
    return str_format(p->arena, "by the transformation at %.*s:%u", STR_ARG(source->path), at.line);
}

bool passage_fail(struct passage *p, struct span at, const char *format, ...)
{
    char message[256];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    DIAG(p->sink, DIAG_transformation_failed, at, passage_step(p),
         str_of(p->step ? p->step->kind->name : "a pipeline"), str_of(message));
    p->failed = true;
    return false;
}

bool passage_charge(struct passage *p, struct span at, size_t len)
{
    size_t cost = len + RULE_VARIANT_COST;
    if (cost > p->variants_left)
        return passage_fail(p, at, "more than %zu bytes of text come out", RULE_VARIANTS_MAX);
    p->variants_left -= cost;
    return true;
}

/* ---- the copy ---- */

static size_t n_words(const struct passage *p)
{
    return p->pipelines->n_steps / 64 + 1;
}

static uint64_t *copy_bits(const struct passage *p, const uint64_t *from)
{
    uint64_t *bits = ARENA_ARRAY(p->arena, n_words(p), uint64_t);
    if (from)
        memcpy(bits, from, n_words(p) * sizeof *bits);
    return bits;
}

void mark_step(uint64_t *bits, const struct step *s)
{
    bits[s->index / 64] |= UINT64_C(1) << (s->index % 64);
}

struct tracked *tracked_copy(struct passage *p, const struct item *item,
                             const struct tracked *marks)
{
    struct tracked *t = ARENA_NEW(p->arena, struct tracked);
    if (marks)
        *t = *marks;
    t->item = *item;
    t->item.values = ARENA_ARRAY(p->arena, item->n_values, struct value *);
    if (item->n_values > 0)
        memcpy(t->item.values, item->values, item->n_values * sizeof *item->values);
    t->applied = copy_bits(p, marks ? marks->applied : NULL);
    t->named = copy_bits(p, marks ? marks->named : NULL);
    t->cap_bindings = t->n_bindings; /* the next one goes into a list of its own */
    p->n_items++;
    return t;
}

struct detection *detection_of_item(struct passage *p, struct tracked *t)
{
    struct detection *d = ARENA_NEW(p->arena, struct detection);
    *d = (struct detection){.kind = DETECTION_ITEM, .at = t->item.at, .item = &t->item};
    return d;
}

/* Depth is bounded by reading. */
static struct detection *copy_detection(struct passage *p, const struct detection *from)
{
    if (from->kind == DETECTION_ITEM)
        return detection_of_item(p, tracked_copy(p, from->item, NULL));
    struct detection *d = ARENA_NEW(p->arena, struct detection);
    *d = *from;
    d->children = ARENA_ARRAY(p->arena, from->n_children, struct detection *);
    for (size_t i = 0; i < from->n_children; i++)
        d->children[i] = copy_detection(p, from->children[i]);
    return d;
}

static void copy_rule(struct passage *p, const struct rule *from)
{
    p->rule = ARENA_NEW(p->arena, struct rule);
    *p->rule = *from;
    p->rule->identifiers = ARENA_ARRAY(p->arena, from->n_identifiers, struct identifier);
    for (size_t i = 0; i < from->n_identifiers; i++) {
        p->rule->identifiers[i] = from->identifiers[i];
        p->rule->identifiers[i].detection = copy_detection(p, from->identifiers[i].detection);
    }
    p->rule->conditions = ARENA_ARRAY(p->arena, from->n_conditions, struct condition *);
    if (from->n_conditions > 0)
        memcpy(p->rule->conditions, from->conditions,
               from->n_conditions * sizeof *from->conditions);
}

/* ---- the walk ---- */

static bool visit_item(struct passage *p, const struct step *s, struct detection **at,
                       unsigned depth)
{
    struct tracked *t = tracked_of((*at)->item);
    bool passes = gate_passes(p, s, &(struct subject){GATE_ITEM, t, t->item.field}) &&
                  (s->kind->way == WAY_NAME || gate_field(p, s, t, t->item.field));
    if (p->failed)
        return false;
    if (!passes)
        return true;
    struct span place = t->item.at;
    if (!s->kind->apply(p, s, at))
        return false;
    if (p->n_items > PASSAGE_ITEMS_MAX ||
        (*at && (*at)->kind != DETECTION_ITEM && depth >= PASSAGE_DEPTH_MAX))
        return passage_fail(p, place, "the rule grows too large");
    return true;
}

/* Children that are gone leave no gap, and what became of an item joins its parent where both are
 * linked in the same way, so that steps do not deepen the tree. */
static void rebuild(struct passage *p, struct detection *d, struct detection *const *old)
{
    VEC(struct detection *) children = {0};
    for (size_t i = 0; i < d->n_children; i++) {
        struct detection *child = d->children[i];
        if (!child)
            continue;
        if (child == old[i] || child->kind != d->kind) {
            *VEC_PUSH(p->arena, &children) = child;
            continue;
        }
        for (size_t k = 0; k < child->n_children; k++)
            *VEC_PUSH(p->arena, &children) = child->children[k];
    }
    d->children = children.v;
    d->n_children = children.n;
}

static bool visit(struct passage *p, const struct step *s, struct detection **at, unsigned depth)
{
    struct detection *d = *at;
    if (d->kind == DETECTION_ITEM)
        return visit_item(p, s, at, depth);
    struct detection **old = d->children;
    bool changed = false;
    for (size_t i = 0; i < d->n_children; i++) {
        struct detection *child = old[i];
        if (!visit(p, s, &child, depth + 1))
            return false;
        if (child != old[i] && !changed) {
            d->children = ARENA_ARRAY(p->arena, d->n_children, struct detection *);
            memcpy(d->children, old, d->n_children * sizeof *old);
            changed = true;
        }
        d->children[i] = child;
    }
    if (changed)
        rebuild(p, d, old);
    if (d->n_children == 0)
        *at = NULL;
    return true;
}

static bool visit_rule(struct passage *p, const struct step *s)
{
    bool gone = false;
    for (size_t i = 0; i < p->rule->n_identifiers; i++) {
        if (!visit(p, s, &p->rule->identifiers[i].detection, 1))
            return false;
        gone = gone || !p->rule->identifiers[i].detection;
    }
    return !gone || prune_rule(p);
}

static bool run_steps(struct passage *p, const struct step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct step *s = &steps[i];
        p->step = s;
        if (!gate_passes(p, s, &(struct subject){.scope = GATE_RULE})) {
            if (p->failed)
                return false;
            continue;
        }
        mark_step(p->applied, s);
        bool good = s->kind->way == WAY_NEST   ? run_steps(p, s->steps, s->n_steps)
                    : s->kind->way == WAY_RULE ? s->kind->apply(p, s, NULL)
                                               : visit_rule(p, s);
        if (!good)
            return false;
    }
    return true;
}

/* Placeholders that no pipeline knew: reading the item again says so at their places. */
static bool resolve_rest(struct passage *p, struct detection *d)
{
    bool good = true;
    if (d->kind == DETECTION_ITEM)
        return d->item->n_pending == 0 || placeholders_resolve(p, tracked_of(d->item), true);
    for (size_t i = 0; i < d->n_children; i++)
        good = resolve_rest(p, d->children[i]) && good;
    return good;
}

static const struct rule *pass_rule(const struct pipelines_run *run, const struct rule *rule)
{
    struct passage p = {
        .arena = run->arena,
        .sink = run->sink,
        .pipelines = run->pipelines,
        .placeholders = run->placeholders,
        .variants_left = RULE_VARIANTS_MAX,
    };
    bool good = true;
    p.applied = copy_bits(&p, NULL);
    copy_rule(&p, rule);
    for (size_t i = 0; good && i < run->pipelines->n; i++)
        good = run_steps(&p, run->pipelines->v[i]->steps, run->pipelines->v[i]->n_steps);
    p.step = NULL;
    for (size_t i = 0; good && i < p.rule->n_identifiers; i++)
        good = resolve_rest(&p, p.rule->identifiers[i].detection);
    return good ? p.rule : NULL;
}

size_t pipelines_map(const struct pipelines_run *run, struct mapped *m)
{
    size_t n = 0, n_refused = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct rule *rule = m->rules[i];
        diag_rule(run->sink, rule->id.len ? rule->id : rule->title, rule->id.len > 0);
        rule = pass_rule(run, rule);
        if (rule)
            m->rules[n++] = rule;
        else
            n_refused++;
    }
    diag_rule(run->sink, STR(""), false);
    m->n = n;
    return n_refused;
}
