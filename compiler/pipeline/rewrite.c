/* Transformations of the rule as a whole: its condition, its log source, its being there at all. */
#include <string.h>

#include "modifier.h"
#include "passage.h"
#include "vec.h"

/* ---- drop_detection_item ---- */

bool apply_drop(struct passage *p, const struct step *s, struct detection **at)
{
    (void)p, (void)s;
    *at = NULL;
    return true;
}

static struct condition *prune(struct passage *p, const struct condition *c, const uint32_t *moved);

static struct condition *copy_condition(struct passage *p, const struct condition *c)
{
    struct condition *copy = ARENA_NEW(p->arena, struct condition);
    *copy = *c;
    return copy;
}

/* A selector over what is left. `2 of` three of which one is gone has no one meaning. */
static struct condition *prune_selector(struct passage *p, const struct condition *c,
                                        const uint32_t *moved)
{
    struct condition *copy = copy_condition(p, c);
    copy->selected = ARENA_ARRAY(p->arena, c->n_selected, uint32_t);
    copy->n_selected = 0;
    for (size_t i = 0; i < c->n_selected; i++)
        if (moved[c->selected[i]] != UINT32_MAX)
            copy->selected[copy->n_selected++] = moved[c->selected[i]];
    bool all = c->count == c->n_selected;
    if (copy->n_selected < c->n_selected && !all && c->count > 1) {
        passage_fail(p, c->at, "a selection counts what was dropped");
        return NULL;
    }
    if (all)
        copy->count = (uint32_t)copy->n_selected;
    return copy->n_selected > 0 ? copy : NULL;
}

static struct condition *prune_children(struct passage *p, const struct condition *c,
                                        const uint32_t *moved)
{
    struct condition *copy = copy_condition(p, c);
    copy->children = ARENA_ARRAY(p->arena, c->n_children, struct condition *);
    copy->n_children = 0;
    for (size_t i = 0; i < c->n_children; i++) {
        struct condition *child = prune(p, c->children[i], moved);
        if (child)
            copy->children[copy->n_children++] = child;
    }
    if (copy->n_children == 0)
        return NULL;
    return copy->n_children == 1 && c->kind != COND_NOT ? copy->children[0] : copy;
}

/* The condition without identifiers that are gone: they vanish from and, or and not, as in
 * pySigma. NULL: nothing is left. Depth is bounded by the condition's parser. */
static struct condition *prune(struct passage *p, const struct condition *c, const uint32_t *moved)
{
    if (c->kind == COND_AT_LEAST)
        return prune_selector(p, c, moved);
    if (c->kind != COND_IDENTIFIER)
        return prune_children(p, c, moved);
    if (moved[c->identifier] == UINT32_MAX)
        return NULL;
    struct condition *copy = copy_condition(p, c);
    copy->identifier = moved[c->identifier];
    return copy;
}

bool prune_rule(struct passage *p)
{
    struct rule *rule = p->rule;
    uint32_t *moved = ARENA_ARRAY(p->arena, rule->n_identifiers, uint32_t), n = 0;
    for (size_t i = 0; i < rule->n_identifiers; i++) {
        moved[i] = rule->identifiers[i].detection ? n : UINT32_MAX;
        if (rule->identifiers[i].detection)
            rule->identifiers[n++] = rule->identifiers[i];
    }
    rule->n_identifiers = n;
    size_t kept = 0;
    for (size_t i = 0; i < rule->n_conditions; i++) {
        struct condition *c = prune(p, rule->conditions[i], moved);
        if (c)
            rule->conditions[kept++] = c;
    }
    rule->n_conditions = kept;
    if (kept == 0 && !p->failed)
        passage_fail(p, rule->at, "nothing is left of the rule's condition");
    return !p->failed;
}

/* ---- add_condition ---- */

static const struct {
    const char *name;
    size_t offset;
} dimensions[] = {
    {"category", offsetof(struct logsource, category)},
    {"product", offsetof(struct logsource, product)},
    {"service", offsetof(struct logsource, service)},
};

/* `$product` or `${product}` at s; its length, 0: none. */
static size_t template_name(struct str s, struct str *ret_name)
{
    bool braced = s.len > 1 && s.p[1] == '{';
    size_t start = braced ? 2 : 1, end = start;
    while (end < s.len &&
           ((s.p[end] >= 'a' && s.p[end] <= 'z') || (s.p[end] >= 'A' && s.p[end] <= 'Z') ||
            s.p[end] == '_' || (end > start && s.p[end] >= '0' && s.p[end] <= '9')))
        end++;
    *ret_name = str_sub(s, start, end - start);
    if (end == start || (braced && (end == s.len || s.p[end] != '}')))
        return 0;
    return end + braced;
}

static bool fill_template(struct passage *p, struct span at, struct str s, struct str *ret_text)
{
    struct text out;
    text_init(&out, p->arena);
    for (size_t i = 0; i < s.len;) {
        struct str name = {0}, rest = str_sub(s, i, s.len);
        size_t len = rest.p[0] == '$' ? template_name(rest, &name) : 0;
        size_t d = 0;
        while (d < 3 && !str_eq_z(name, dimensions[d].name))
            d++;
        if (str_starts(rest, STR("$$"))) {
            text_addz(&out, "$");
            i += 2;
        } else if (len > 0 && d < 3) {
            const struct str *value =
                (const void *)((const char *)&p->rule->logsource + dimensions[d].offset);
            if (value->len == 0)
                return passage_fail(p, at, "the template wants a %s, and the rule has none",
                                    dimensions[d].name);
            text_add(&out, *value);
            i += len;
        } else {
            text_add(&out, str_sub(rest, 0, 1));
            i++;
        }
    }
    *ret_text = text_str(&out);
    return true;
}

static const struct node *filled(struct passage *p, const struct node *from)
{
    struct node *node = ARENA_NEW(p->arena, struct node);
    *node = *from;
    if (node->kind == NODE_STRING && !fill_template(p, p->rule->at, from->text, &node->text))
        return NULL;
    if (node->kind != NODE_LIST)
        return node;
    node->items = ARENA_ARRAY(p->arena, from->n, struct node *);
    for (size_t i = 0; i < from->n; i++) {
        struct node *item = ARENA_NEW(p->arena, struct node);
        *item = *from->items[i];
        if (item->kind == NODE_STRING &&
            !fill_template(p, p->rule->at, from->items[i]->text, &item->text))
            return NULL;
        node->items[i] = item;
    }
    return node;
}

static struct detection *added_detection(struct passage *p, const struct step *s)
{
    const struct node *map = node_find(s->node, "conditions");
    struct rule_options options = {.variants_left = &p->variants_left, .again = true};
    struct detection *d = ARENA_NEW(p->arena, struct detection);
    *d = (struct detection){.kind = DETECTION_ALL_OF, .at = map->at};
    d->children = ARENA_ARRAY(p->arena, map->n, struct detection *);
    for (size_t i = 0; i < map->n; i++) {
        const struct node *value = map->pairs[i].value;
        if (parameter_flag(s->node, "template"))
            value = filled(p, value);
        const struct item *item =
            value ? item_read(p->arena, p->sink, map->pairs[i].key, value, &options) : NULL;
        if (!item) {
            p->failed = true;
            return NULL;
        }
        struct tracked *t = tracked_copy(p, item, NULL);
        t->added = true;
        mark_step(t->applied, s);
        d->children[d->n_children++] = detection_of_item(p, t);
    }
    return d;
}

/* `new and (old)`; what is an `and` already takes one more, so that steps do not deepen it. */
static struct condition *in_front(struct passage *p, struct condition *first, struct condition *old)
{
    struct condition *c = ARENA_NEW(p->arena, struct condition);
    bool flat = old->kind == COND_AND;
    size_t n = flat ? old->n_children : 1;
    *c = (struct condition){.kind = COND_AND, .at = old->at, .n_children = n + 1};
    c->children = ARENA_ARRAY(p->arena, n + 1, struct condition *);
    c->children[0] = first;
    if (flat)
        memcpy(c->children + 1, old->children, n * sizeof *c->children);
    else
        c->children[1] = old;
    return c;
}

bool apply_add_condition(struct passage *p, const struct step *s, struct detection **at)
{
    struct rule *rule = p->rule;
    (void)at;
    struct detection *d = added_detection(p, s);
    if (!d)
        return false;
    struct str name = parameter_text(s->node, "name");
    if (name.len == 0)
        name = str_format(p->arena, "_cond_%u", s->index);
    struct identifier *identifiers =
        ARENA_ARRAY(p->arena, rule->n_identifiers + 1, struct identifier);
    if (rule->n_identifiers > 0)
        memcpy(identifiers, rule->identifiers, rule->n_identifiers * sizeof *identifiers);
    identifiers[rule->n_identifiers] = (struct identifier){name, s->at, d};
    struct condition *c = ARENA_NEW(p->arena, struct condition);
    *c = (struct condition){.kind = COND_IDENTIFIER, .at = rule->at};
    c->identifier = (uint32_t)rule->n_identifiers;
    rule->identifiers = identifiers;
    rule->n_identifiers++;
    if (parameter_flag(s->node, "negated")) {
        struct condition *negated = ARENA_NEW(p->arena, struct condition);
        *negated = (struct condition){.kind = COND_NOT, .at = rule->at, .n_children = 1};
        negated->children = ARENA_ARRAY(p->arena, 1, struct condition *);
        negated->children[0] = c;
        c = negated;
    }
    for (size_t i = 0; i < rule->n_conditions; i++)
        rule->conditions[i] = in_front(p, c, rule->conditions[i]);
    return true;
}

/* ---- the log source, the fields list ---- */

bool apply_change_logsource(struct passage *p, const struct step *s, struct detection **at)
{
    struct logsource *logsource = &p->rule->logsource;
    (void)at;
    logsource->category = parameter_text(s->node, "category");
    logsource->product = parameter_text(s->node, "product");
    logsource->service = parameter_text(s->node, "service");
    return true;
}

/* The list says what to show of an event; nothing here shows it. */
bool apply_field_list(struct passage *p, const struct step *s, struct detection **at)
{
    (void)p, (void)s, (void)at;
    return true;
}

/* ---- state ---- */

void setting_put(struct passage *p, struct settings *list, struct str key, const struct node *value)
{
    for (size_t i = 0; i < list->n; i++) {
        if (str_eq(list->v[i].key, key)) {
            list->v[i].value = value;
            return;
        }
    }
    *VEC_PUSH(p->arena, list) = (struct setting){key, value};
}

const struct node *setting_find(const struct settings *list, struct str key)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i].key, key))
            return list->v[i].value;
    return NULL;
}

bool apply_set_state(struct passage *p, const struct step *s, struct detection **at)
{
    (void)at;
    setting_put(p, &p->state, parameter_text(s->node, "key"), node_find(s->node, "val"));
    return true;
}

bool apply_set_attribute(struct passage *p, const struct step *s, struct detection **at)
{
    (void)at;
    setting_put(p, &p->attributes, parameter_text(s->node, "attribute"),
                node_find(s->node, "value"));
    return true;
}

/* ---- failures ---- */

static bool refuse(struct passage *p, const struct step *s, struct span at)
{
    DIAG(p->sink, DIAG_pipeline_failure, at, passage_step(p), parameter_text(s->node, "message"));
    p->failed = true;
    return false;
}

bool apply_rule_failure(struct passage *p, const struct step *s, struct detection **at)
{
    (void)at;
    return refuse(p, s, p->rule->at);
}

bool apply_item_failure(struct passage *p, const struct step *s, struct detection **at)
{
    return refuse(p, s, (*at)->item->at);
}

bool apply_strict_mapping(struct passage *p, const struct step *s, struct detection **at)
{
    const struct tracked *t = tracked_of((*at)->item);
    (void)s;
    if (t->mapped || t->added || t->item.field.len == 0)
        return true;
    DIAG(p->sink, DIAG_unmapped_field, t->item.field_at, passage_step(p), t->item.field);
    p->failed = true;
    return false;
}
