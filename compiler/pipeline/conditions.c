/* Whether a step applies: to the rule, to an item, to a field name. */
#include "cond_expr.h"
#include "number_text.h"
#include "passage.h"
#include "vec.h"

/* ---- gates ---- */

static bool condition_holds(struct passage *p, const struct gate_condition *c,
                            const struct subject *s)
{
    return c->kind->test(p, c, s);
}

/* Depth is bounded by the parser. */
static bool expr_holds(struct passage *p, const struct gate *gate, const struct cond_expr *e,
                       const struct subject *s)
{
    bool holds;
    if (e->kind == COND_EXPR_ID) {
        holds = condition_holds(p, &gate->v[e->condition], s);
    } else {
        bool any = e->kind == COND_EXPR_OR;
        holds = !any;
        for (size_t i = 0; holds != any && i < e->n; i++)
            holds = expr_holds(p, gate, e->children[i], s);
    }
    return holds != e->negated;
}

bool gate_passes(struct passage *p, const struct step *s, const struct subject *subject)
{
    const struct gate *gate = &s->gates[subject->scope];
    if (gate->n == 0)
        return true;
    bool holds = !gate->any;
    if (gate->expr)
        holds = expr_holds(p, gate, gate->expr, subject);
    else
        for (size_t i = 0; holds != gate->any && i < gate->n; i++)
            holds = condition_holds(p, &gate->v[i], subject);
    return holds != gate->negated && !p->failed;
}

bool gate_field(struct passage *p, const struct step *s, const struct tracked *t, struct str field)
{
    return gate_passes(p, s, &(struct subject){GATE_FIELD, t, field});
}

/* ---- comparing scalars ---- */

static bool is_number(const struct node *node)
{
    return node->kind == NODE_INT || node->kind == NODE_UINT || node->kind == NODE_FLOAT;
}

static bool by_order(struct str op, int order)
{
    if (op.len == 0 || str_eq_z(op, "eq") || str_eq_z(op, "in"))
        return order == 0;
    if (str_eq_z(op, "ne") || str_eq_z(op, "not_in"))
        return order != 0;
    if (str_eq_z(op, "gte"))
        return order >= 0;
    if (str_eq_z(op, "gt"))
        return order > 0;
    return str_eq_z(op, "lte") ? order <= 0 : order < 0;
}

static bool is_unequal(struct str op)
{
    return str_eq_z(op, "ne") || str_eq_z(op, "not_in");
}

/* Texts with texts, numbers with numbers, booleans with booleans; else they are just not equal. */
static bool compare(const struct node *a, const struct node *b, struct str op)
{
    if (a->kind == NODE_INT && b->kind == NODE_INT)
        return by_order(op, (a->integer > b->integer) - (a->integer < b->integer));
    if (is_number(a) && is_number(b))
        return by_order(op, (a->real > b->real) - (a->real < b->real));
    if (a->kind == NODE_STRING && b->kind == NODE_STRING)
        return by_order(op, str_cmp(a->text, b->text));
    if (a->kind == NODE_BOOL && b->kind == NODE_BOOL)
        return by_order(op, (int)a->boolean - (int)b->boolean);
    return is_unequal(op);
}

/* ---- of a rule ---- */

static bool dimension_fits(const struct gate_condition *c, const char *key, struct str has)
{
    const struct node *want = node_find(c->node, key);
    return !want || str_eq(want->text, has);
}

bool test_logsource(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    const struct logsource *has = &p->rule->logsource;
    (void)s;
    return dimension_fits(c, "category", has->category) &&
           dimension_fits(c, "product", has->product) && dimension_fits(c, "service", has->service);
}

/* Whether the value is, or among its alternatives has, the other. */
static bool value_is(const struct item *item, const struct value *v, const struct value *want)
{
    if (want->kind != v->kind)
        return false;
    switch (v->kind) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOL:
        return v->boolean == want->boolean;
    case VALUE_NUMBER:
        return v->compare == COMPARE_EQ && v->number.kind == want->number.kind &&
               v->number.i == want->number.i && v->number.u == want->number.u &&
               v->number.f == want->number.f;
    case VALUE_PATTERN: {
        struct pattern other = want->patterns[0];
        for (size_t i = 0; i < v->n; i++) {
            struct pattern p = v->patterns[i];
            if (item->field.len == 0) { /* keywords: less the stars that reading added */
                size_t front = p.n > 0 && p.parts[0].kind == PART_STAR;
                size_t behind = p.n > front && p.parts[p.n - 1].kind == PART_STAR;
                p = (struct pattern){p.parts + front, p.n - front - behind};
            }
            if (pattern_equal(&p, &other))
                return true;
        }
        return false;
    }
    default:
        return false;
    }
}

static bool item_has(const struct item *item, struct str field, const struct value *want)
{
    if (!str_eq(item->field, field) || item->field.len == 0)
        return false;
    for (size_t i = 0; want && i < item->n_values; i++)
        if (value_is(item, item->values[i], want))
            return true;
    return !want;
}

static bool detection_has(const struct detection *d, struct str field, const struct value *want)
{
    if (d->kind == DETECTION_ITEM)
        return item_has(d->item, field, want);
    for (size_t i = 0; i < d->n_children; i++)
        if (detection_has(d->children[i], field, want))
            return true;
    return false;
}

static bool rule_has(const struct passage *p, const struct gate_condition *c,
                     const struct value *want)
{
    for (size_t i = 0; i < p->rule->n_identifiers; i++)
        if (detection_has(p->rule->identifiers[i].detection, parameter_text(c->node, "field"),
                          want))
            return true;
    return false;
}

bool test_contains_item(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    (void)s;
    return rule_has(p, c, c->value);
}

bool test_contains_field(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    (void)s;
    return rule_has(p, c, NULL);
}

bool test_rule(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    (void)p, (void)c, (void)s;
    return true;
}

bool test_correlation(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    (void)p, (void)c, (void)s;
    return false; /* pipelines are given detection rules only */
}

/* Dates with dashes, as the specification has them, whichever way they were written. */
static struct str date_text(struct arena *a, struct str s)
{
    char *p = arena_copy(a, s.p, s.len);
    for (size_t i = 0; i < s.len; i++)
        p[i] = p[i] == '/' ? '-' : p[i];
    return (struct str){p, s.len};
}

static bool compare_attribute(struct passage *p, struct str name, const struct node *has,
                              const struct node *want, struct str op)
{
    enum rule_level a, b;
    enum rule_status x, y;
    if (str_eq_z(name, "level") && rule_level_parse(has->text, &a) &&
        rule_level_parse(want->text, &b))
        return by_order(op, (int)a - (int)b);
    if (str_eq_z(name, "status") && rule_status_parse(has->text, &x) &&
        rule_status_parse(want->text, &y))
        return by_order(op, (int)x - (int)y);
    if (str_eq_z(name, "date") || str_eq_z(name, "modified"))
        return by_order(op,
                        str_cmp(date_text(p->arena, has->text), date_text(p->arena, want->text)));
    return compare(has, want, op);
}

bool test_attribute(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    struct str name = parameter_text(c->node, "attribute"), op = parameter_text(c->node, "op");
    const struct node *want = node_find(c->node, "value");
    const struct node *has = setting_find(&p->attributes, name);
    (void)s;
    for (size_t i = 0; !has && p->rule->root && i < p->rule->root->n; i++)
        if (str_eq(p->rule->root->pairs[i].key->text, name))
            has = p->rule->root->pairs[i].value;
    if (!has || has->kind == NODE_NULL)
        return false;
    if (has->kind == NODE_LIST) {
        bool found = false;
        for (size_t i = 0; i < has->n; i++)
            found = found || compare(has->items[i], want, STR("eq"));
        return str_eq_z(op, "in") ? found : str_eq_z(op, "not_in") ? !found : is_unequal(op);
    }
    return has->kind != NODE_MAP && compare_attribute(p, name, has, want, op);
}

bool test_tag(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    (void)s;
    for (size_t i = 0; i < p->rule->n_tags; i++)
        if (str_eq_nocase(p->rule->tags[i], parameter_text(c->node, "tag")))
            return true;
    return false;
}

/* ---- of anything ---- */

static bool bit(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

/* Several steps may have one id, nested ones too. */
static bool any_applied(const struct step *steps, size_t n, struct str id, const uint64_t *bits,
                        const uint64_t *also)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(steps[i].id, id) &&
            (bit(bits, steps[i].index) || (also && bit(also, steps[i].index))))
            return true;
        if (any_applied(steps[i].steps, steps[i].n_steps, id, bits, also))
            return true;
    }
    return false;
}

bool test_applied(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    struct str id = parameter_text(c->node, "processing_item_id");
    const uint64_t *bits = s->item ? s->item->applied : p->applied;
    const uint64_t *also = s->item && s->scope == GATE_FIELD ? s->item->named : NULL;
    for (size_t i = 0; id.len > 0 && i < p->pipelines->n; i++)
        if (any_applied(p->pipelines->v[i]->steps, p->pipelines->v[i]->n_steps, id, bits, also))
            return true;
    return false;
}

bool test_state(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    const struct node *has = setting_find(&p->state, parameter_text(c->node, "key"));
    (void)s;
    return has && compare(has, node_find(c->node, "val"), parameter_text(c->node, "op"));
}

/* ---- of an item's values ---- */

/* One value, or one of its alternatives; pattern: NULL when it is no text. */
typedef bool (*value_test)(struct passage *p, const struct gate_condition *c,
                           const struct item *item, const struct value *v,
                           const struct pattern *pattern);

static bool each_value(struct passage *p, const struct gate_condition *c, const struct subject *s,
                       value_test test)
{
    const struct item *item = &s->item->item;
    bool any = str_eq_z(parameter_text(c->node, "cond"), "any");
    for (size_t i = 0; i < item->n_values; i++) {
        const struct value *v = item->values[i];
        size_t n = v->kind == VALUE_PATTERN ? v->n : 1;
        for (size_t k = 0; k < n; k++)
            if (test(p, c, item, v, v->kind == VALUE_PATTERN ? &v->patterns[k] : NULL) == any)
                return any;
    }
    return !any;
}

static bool string_matches(struct passage *p, const struct gate_condition *c,
                           const struct item *item, const struct value *v,
                           const struct pattern *pattern)
{
    enum regex_answer answer = REGEX_TEXT_NO;
    (void)v;
    if (pattern) {
        struct marked m;
        marked_of_pattern(p->arena, item, pattern, &m);
        answer = regex_text_match(c->regexes[0], text_str(&m.text), false);
    }
    if (answer == REGEX_TEXT_BOUND)
        passage_fail(p, item->at, "a regex of its conditions ran into its limit");
    return (answer == REGEX_TEXT_YES) != parameter_flag(c->node, "negate");
}

bool test_match_string(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    return each_value(p, c, s, string_matches);
}

static bool value_matches(struct passage *p, const struct gate_condition *c,
                          const struct item *item, const struct value *v,
                          const struct pattern *pattern)
{
    (void)p;
    if (!pattern)
        return value_is(item, v, c->value);
    struct pattern one = *pattern;
    struct value single = {.kind = VALUE_PATTERN, .patterns = &one, .n = 1};
    return value_is(item, &single, c->value);
}

bool test_match_value(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    return each_value(p, c, s, value_matches);
}

static bool has_wildcard(struct passage *p, const struct gate_condition *c, const struct item *item,
                         const struct value *v, const struct pattern *pattern)
{
    struct marked m;
    (void)c, (void)v;
    if (!pattern)
        return false;
    marked_of_pattern(p->arena, item, pattern, &m);
    return str_find(text_str(&m.marks), MARK_WILDCARD) < m.marks.len;
}

bool test_wildcard(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    return each_value(p, c, s, has_wildcard);
}

static bool value_is_null(struct passage *p, const struct gate_condition *c,
                          const struct item *item, const struct value *v,
                          const struct pattern *pattern)
{
    (void)p, (void)c, (void)item, (void)pattern;
    return v->kind == VALUE_NULL;
}

bool test_null(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    return each_value(p, c, s, value_is_null);
}

/* ---- of a field name ---- */

bool test_include(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    const struct node *fields = node_find(c->node, "fields");
    if (s->field.len == 0)
        return false;
    for (size_t i = 0; i < c->n_regexes; i++) {
        enum regex_answer answer = regex_text_match(c->regexes[i], s->field, false);
        if (answer == REGEX_TEXT_BOUND)
            passage_fail(p, s->item->item.at, "a regex of its conditions ran into its limit");
        if (answer != REGEX_TEXT_NO)
            return true;
    }
    for (size_t i = 0; c->n_regexes == 0 && i < fields->n; i++)
        if (str_eq(fields->items[i]->text, s->field))
            return true;
    return false;
}

bool test_exclude(struct passage *p, const struct gate_condition *c, const struct subject *s)
{
    return !test_include(p, c, s);
}
