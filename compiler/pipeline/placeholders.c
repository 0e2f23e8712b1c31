/* Placeholders of `expand` that pipelines know: a step binds names to values; once all of an item
 * are bound, the item is read again with them, so that every modifier does with the values what it
 * would have done had they been there from the start. */
#include <string.h>

#include "modifier.h"
#include "passage.h"
#include "vec.h"

static bool in_list(const struct node *list, struct str name)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->items[i]->text, name))
            return true;
    return false;
}

static bool is_handled(const struct step *s, struct str name)
{
    const struct node *include = node_find(s->node, "include");
    const struct node *exclude = node_find(s->node, "exclude");
    return include ? in_list(include, name) : !exclude || !in_list(exclude, name);
}

static bool is_bound(const struct tracked *t, struct str name)
{
    for (size_t i = 0; i < t->n_bindings; i++)
        if (str_eq(t->bindings[i].name, name))
            return true;
    return false;
}

static void bind(struct passage *p, struct tracked *t, struct str name, const struct node *values)
{
    if (t->n_bindings == t->cap_bindings)
        t->bindings =
            vec_grow(p->arena, t->bindings, t->n_bindings, &t->cap_bindings, sizeof *t->bindings);
    t->bindings[t->n_bindings++] = (struct binding){name, values};
}

/* --placeholders and the item's bindings as one map. */
static const struct node *known_values(struct passage *p, const struct tracked *t)
{
    size_t n = p->placeholders ? p->placeholders->n : 0;
    struct node *map = ARENA_NEW(p->arena, struct node);
    *map = (struct node){.kind = NODE_MAP, .at = t->item.at};
    map->pairs = ARENA_ARRAY(p->arena, n + t->n_bindings, struct pair);
    for (size_t i = 0; i < n; i++)
        map->pairs[map->n++] = p->placeholders->pairs[i];
    for (size_t i = 0; i < t->n_bindings; i++) {
        struct node *key = ARENA_NEW(p->arena, struct node),
                    *value = ARENA_NEW(p->arena, struct node);
        *key = (struct node){.kind = NODE_STRING, .text = t->bindings[i].name};
        *value = *t->bindings[i].values; /* the map wants what may be written to */
        map->pairs[map->n++] = (struct pair){key, value};
    }
    return map;
}

bool placeholders_resolve(struct passage *p, struct tracked *t, bool last)
{
    struct rule_options options = {
        .placeholders = known_values(p, t), .variants_left = &p->variants_left, .again = true};
    for (size_t i = 0; !last && i < t->item.n_pending; i++)
        if (!is_bound(t, t->item.pending[i]))
            return true; /* another step may know it */
    const struct item *item =
        t->item.key == t->item.written
            ? item_read_keywords(p->arena, p->sink, t->item.written, &options)
            : item_read(p->arena, p->sink, t->item.key, t->item.written, &options);
    if (!item) {
        p->failed = true;
        return false;
    }
    t->item.values = item->values;
    t->item.n_values = item->n_values;
    t->item.n_pending = 0;
    return true;
}

/* ---- the steps ---- */

static const struct node *find_var(const struct passage *p, struct str name)
{
    for (size_t i = p->pipelines->n; i-- > 0;) { /* a later pipeline overrides */
        const struct node *vars = p->pipelines->v[i]->vars;
        for (size_t k = 0; vars && k < vars->n; k++)
            if (str_eq(vars->pairs[k].key->text, name))
                return vars->pairs[k].value;
    }
    return NULL;
}

static const struct node *var_values(struct passage *p, const struct step *s, struct str name)
{
    (void)s;
    return find_var(p, name);
}

static const struct node *line_values(struct passage *p, const struct step *s, struct str name)
{
    (void)p, (void)name;
    return s->lines;
}

static const struct node *any_text(struct passage *p, const struct step *s, struct str name)
{
    struct node *node = ARENA_NEW(p->arena, struct node);
    (void)name;
    *node = (struct node){.kind = NODE_NULL, .at = s->at}; /* rule_options.again */
    return node;
}

static bool is_text_or_number(const struct node *node)
{
    return node->kind == NODE_STRING || node->kind == NODE_INT || node->kind == NODE_UINT ||
           (node->kind == NODE_FLOAT && !node->is_special);
}

static bool usable(const struct node *values)
{
    if (values->kind != NODE_LIST)
        return is_text_or_number(values);
    for (size_t i = 0; i < values->n; i++)
        if (!is_text_or_number(values->items[i]))
            return false;
    return values->n > 0;
}

static bool resolve(struct passage *p, const struct step *s, struct detection **at,
                    const struct node *(*find)(struct passage *, const struct step *, struct str))
{
    struct tracked *t = tracked_of((*at)->item);
    size_t before = t->n_bindings;
    for (size_t i = 0; i < t->item.n_pending; i++) {
        struct str name = t->item.pending[i];
        if (is_bound(t, name) || !is_handled(s, name))
            continue;
        const struct node *values = find(p, s, name);
        if (!values)
            return passage_fail(p, t->item.at, "there is no variable '%.*s'", STR_ARG(name));
        if (find != any_text && !usable(values))
            return passage_fail(p, t->item.at,
                                "the values of '%.*s' are no texts or numbers, or none",
                                STR_ARG(name));
        bind(p, t, name, values);
    }
    if (t->n_bindings == before)
        return true;
    mark_step(t->applied, s);
    return placeholders_resolve(p, t, false);
}

bool apply_wildcard_placeholders(struct passage *p, const struct step *s, struct detection **at)
{
    return resolve(p, s, at, any_text);
}

bool apply_value_placeholders(struct passage *p, const struct step *s, struct detection **at)
{
    return resolve(p, s, at, var_values);
}

bool apply_file_placeholders(struct passage *p, const struct step *s, struct detection **at)
{
    return resolve(p, s, at, line_values);
}
