#include "arena.h"
#include "modifier.h"
#include "rule_reader.h"
#include "vec.h"

static struct detection *read_detection(struct rule_reader *r, const struct node *node,
                                        unsigned depth);

static struct detection *detection_new(struct rule_reader *r, enum detection_kind kind,
                                       struct span at, size_t n)
{
    struct detection *d = ARENA_NEW(r->arena, struct detection);
    d->kind = kind;
    d->at = at;
    d->children = ARENA_ARRAY(r->arena, n, struct detection *);
    return d;
}

static struct detection *item_detection(struct rule_reader *r, struct item *item)
{
    if (!item) {
        r->faulty = true;
        return NULL;
    }
    struct detection *d = ARENA_NEW(r->arena, struct detection);
    d->kind = DETECTION_ITEM;
    d->at = item->at;
    d->item = item;
    return d;
}

/* map := { key : value }, all items AND */
static struct detection *read_map(struct rule_reader *r, const struct node *map)
{
    struct detection *d = detection_new(r, DETECTION_ALL_OF, map->at, map->n);
    for (size_t i = 0; i < map->n; i++) {
        struct item *item =
            item_read(r->arena, r->sink, map->pairs[i].key, map->pairs[i].value, r->options);
        struct detection *child = item_detection(r, item);
        if (child)
            d->children[d->n_children++] = child;
    }
    return d;
}

static bool is_scalar(const struct node *node)
{
    return node->kind != NODE_LIST && node->kind != NODE_MAP;
}

static bool only_scalars(const struct node *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (!is_scalar(list->items[i]))
            return false;
    return true;
}

static struct detection *read_keywords(struct rule_reader *r, const struct node *node)
{
    return item_detection(r, item_read_keywords(r->arena, r->sink, node, r->options));
}

/* list := [ detection, ... ], all elements OR */
static struct detection *read_list(struct rule_reader *r, const struct node *list, unsigned depth)
{
    struct detection *d = detection_new(r, DETECTION_ANY_OF, list->at, list->n);
    for (size_t i = 0; i < list->n; i++) {
        struct detection *child = read_detection(r, list->items[i], depth + 1);
        if (child)
            d->children[d->n_children++] = child;
    }
    return d;
}

/* detection := map | list | scalar */
static struct detection *read_detection(struct rule_reader *r, const struct node *node,
                                        unsigned depth)
{
    if (is_scalar(node))
        return read_keywords(r, node);
    if (depth > DETECTION_DEPTH_MAX) {
        RULE_FAULT(r, DIAG_detection_depth, node->at, NO_HELP,
                   str_format(r->arena, "%d", DETECTION_DEPTH_MAX));
        return NULL;
    }
    if (node->n == 0) {
        RULE_FAULT(r, DIAG_empty_detection, node->at, NO_HELP,
                   node->kind == NODE_MAP ? STR("map") : STR("list"));
        return NULL;
    }
    if (node->kind == NODE_MAP)
        return read_map(r, node);
    return only_scalars(node) ? read_keywords(r, node) : read_list(r, node, depth);
}

static void read_identifier(struct rule_reader *r, const struct node *key, const struct node *value)
{
    struct rule *rule = r->rule;
    struct identifier *identifier = &rule->identifiers[rule->n_identifiers++];
    identifier->name = key->text;
    identifier->at = key->at;
    identifier->detection = read_detection(r, value, 1);
}

/* ---- the condition ---- */

static bool read_condition(struct rule_reader *r, const struct node *node,
                           const struct condition_scope *scope)
{
    if (node->kind != NODE_STRING) {
        RULE_FAULT(r, DIAG_condition_type, node->at, NO_HELP, str_of(node_kind_name(node->kind)));
        return false;
    }
    struct condition *c = condition_parse(r->arena, r->sink, node->text, node->at, scope);
    r->faulty = r->faulty || !c;
    if (c)
        r->rule->conditions[r->rule->n_conditions++] = c;
    return c != NULL;
}

static void mark_used(const struct condition *c, bool *used)
{
    if (c->kind == COND_IDENTIFIER)
        used[c->identifier] = true;
    for (size_t i = 0; i < c->n_selected; i++)
        used[c->selected[i]] = true;
    for (size_t i = 0; i < c->n_children; i++)
        mark_used(c->children[i], used);
}

static void warn_unused(struct rule_reader *r)
{
    const struct rule *rule = r->rule;
    bool *used = ARENA_ARRAY(r->arena, rule->n_identifiers, bool);
    for (size_t i = 0; i < rule->n_conditions; i++)
        mark_used(rule->conditions[i], used);
    for (size_t i = 0; i < rule->n_identifiers; i++)
        if (!used[i])
            DIAG(r->sink, DIAG_unused_identifier, rule->identifiers[i].at, NO_HELP,
                 rule->identifiers[i].name);
}

static void no_condition(struct rule_reader *r, struct span at)
{
    if (r->kind == DOCUMENT_FILTER)
        RULE_FAULT(r, DIAG_filter_condition, at, NO_HELP, STR("is missing"));
    else
        RULE_FAULT0(r, DIAG_missing_condition, at);
}

static void read_conditions(struct rule_reader *r, const struct pair *pair)
{
    struct rule *rule = r->rule;
    const struct node *node = pair->value;
    bool list = node->kind == NODE_LIST;
    size_t n = list ? node->n : 1;
    if (node->kind == NODE_NULL || n == 0) {
        no_condition(r, pair->key->at);
        return;
    }
    if (r->kind == DOCUMENT_FILTER && node->kind != NODE_STRING) {
        RULE_FAULT(r, DIAG_filter_condition, node->at, NO_HELP,
                   wrong_kind(r->arena, "one text", node));
        return;
    }
    if (n > RULE_CONDITIONS_MAX) {
        RULE_FAULT(r, DIAG_detection_size, pair->key->at, NO_HELP,
                   str_format(r->arena, "%d", RULE_CONDITIONS_MAX), STR("conditions"));
        return;
    }
    struct str *names = ARENA_ARRAY(r->arena, rule->n_identifiers, struct str);
    for (size_t i = 0; i < rule->n_identifiers; i++)
        names[i] = rule->identifiers[i].name;
    struct condition_scope scope = {.names = names, .n = rule->n_identifiers};
    rule->conditions = ARENA_ARRAY(r->arena, n, struct condition *);
    bool good = true;
    for (size_t i = 0; i < n; i++)
        good = read_condition(r, list ? node->items[i] : node, &scope) && good;
    if (good)
        warn_unused(r);
}

/* Every key but condition and timeframe, and rules in a filter, names a search identifier. */
static bool read_identifiers(struct rule_reader *r, const struct node *map)
{
    r->rule->identifiers = ARENA_ARRAY(r->arena, map->n, struct identifier);
    for (size_t i = 0; i < map->n; i++) {
        const struct node *key = map->pairs[i].key;
        if (key->kind != NODE_STRING) {
            RULE_FAULT(r, DIAG_invalid_key, key->at, NO_HELP, str_of(node_kind_name(key->kind)));
            continue;
        }
        if (str_eq_z(key->text, "condition") ||
            (r->kind == DOCUMENT_FILTER && str_eq_z(key->text, "rules")))
            continue;
        if (str_eq_z(key->text, "timeframe")) {
            DIAG0(r->sink, DIAG_legacy_timeframe, key->at, NO_HELP);
            continue;
        }
        if (r->rule->n_identifiers == RULE_IDENTIFIERS_MAX) {
            RULE_FAULT(r, DIAG_detection_size, key->at, NO_HELP,
                       str_format(r->arena, "%d", RULE_IDENTIFIERS_MAX), STR("search identifiers"));
            return false;
        }
        read_identifier(r, key, map->pairs[i].value);
    }
    return true;
}

void detection_read(struct rule_reader *r, const struct node *key, const struct node *value)
{
    if (!value || value->kind == NODE_NULL) {
        RULE_FAULT0(r, DIAG_missing_detection, key ? key->at : r->document_at);
        return;
    }
    if (value->kind != NODE_MAP) {
        RULE_FAULT(r, DIAG_invalid_detection, value->at, NO_HELP,
                   str_of(node_kind_name(value->kind)));
        return;
    }
    if (!read_identifiers(r, value))
        return;
    const struct pair *condition = node_find_pair(value, "condition");
    if (r->rule->n_identifiers == 0)
        RULE_FAULT0(r, DIAG_missing_identifiers, key->at);
    if (!condition)
        no_condition(r, key->at);
    else if (r->rule->n_identifiers > 0)
        read_conditions(r, condition);
}
