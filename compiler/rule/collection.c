#include "collection.h"

#include "arena.h"

struct merge {
    struct arena *arena;
    struct diag_sink *sink;
    bool warn; /* tell when a value of `over` hides another */
};

static bool same_scalar(const struct node *x, const struct node *y)
{
    return x->kind == y->kind && x->kind != NODE_MAP && x->kind != NODE_LIST &&
           str_eq(x->text, y->text);
}

/* For each key of a map its index, so that merging two maps is linear. */
struct key_index {
    struct names *names;
    size_t *pair; /* name -> index + 1 */
    size_t n;
};

static struct key_index index_keys(struct arena *a, const struct node *map)
{
    struct key_index index = {.names = names_new(a)};
    for (size_t i = 0; i < map->n; i++)
        names_intern(index.names, map->pairs[i].key->text);
    index.n = names_count(index.names);
    index.pair = ARENA_ARRAY(a, index.n, size_t);
    for (size_t i = 0; i < map->n; i++)
        index.pair[names_find(index.names, map->pairs[i].key->text)] = i + 1;
    return index;
}

/* The index of `key` plus one, or 0. */
static size_t find_key(const struct key_index *index, struct str key)
{
    uint32_t id = names_find(index->names, key);
    return id < index->n ? index->pair[id] : 0;
}

/* `over` laid over `base`: maps key by key, everything else as a whole. Depth is that of the trees,
 * which read/ bounds. */
static struct node *merge_maps(const struct merge *m, const struct node *base,
                               const struct node *over)
{
    struct key_index index = index_keys(m->arena, over);
    bool *used = ARENA_ARRAY(m->arena, over->n, bool);
    struct node *merged = ARENA_NEW(m->arena, struct node);
    *merged = *base;
    merged->pairs = ARENA_ARRAY(m->arena, base->n + over->n, struct pair);
    for (size_t i = 0; i < base->n; i++) {
        struct pair *pair = &merged->pairs[i];
        *pair = base->pairs[i];
        size_t found = find_key(&index, pair->key->text);
        if (found == 0)
            continue;
        const struct pair *other = &over->pairs[found - 1];
        used[found - 1] = true;
        if (pair->value->kind == NODE_MAP && other->value->kind == NODE_MAP) {
            pair->value = merge_maps(m, pair->value, other->value);
            continue;
        }
        if (m->warn && !same_scalar(pair->value, other->value))
            DIAG(m->sink, DIAG_global_conflict, pair->key->at, NO_HELP, pair->key->text);
        *pair = *other;
    }
    for (size_t i = 0; i < over->n; i++)
        if (!used[i])
            merged->pairs[merged->n++] = over->pairs[i];
    return merged;
}

static const struct node *without_key(struct arena *a, const struct node *map, const char *key)
{
    struct node *rest = ARENA_NEW(a, struct node);
    *rest = *map;
    rest->pairs = ARENA_ARRAY(a, map->n, struct pair);
    rest->n = 0;
    for (size_t i = 0; i < map->n; i++)
        if (!str_eq_z(map->pairs[i].key->text, key))
            rest->pairs[rest->n++] = map->pairs[i];
    return rest;
}

/* Adds the nodes of a tree to *n until that is above the limit. */
static void count_nodes(const struct node *node, size_t *n)
{
    if (++*n > COLLECTION_NODES_MAX)
        return;
    for (size_t i = 0; i < node->n && *n <= COLLECTION_NODES_MAX; i++)
        count_nodes(node->kind == NODE_MAP ? node->pairs[i].value : node->items[i], n);
}

/* `over` laid over `base` as the rule to read. Once the file has merged too much, nothing more is.
 */
static enum document_kind merged_rule(const struct merge *m, const struct document *doc,
                                      struct collection *state, const struct node *base,
                                      const struct node *over, const struct node **ret_root)
{
    const struct node *root = NULL;
    if (state->n_merged <= COLLECTION_NODES_MAX) {
        root = merge_maps(m, base, over);
        count_nodes(root, &state->n_merged);
    }
    if (state->n_merged > COLLECTION_NODES_MAX) {
        DIAG(m->sink, DIAG_collection_size, doc->at, NO_HELP,
             str_format(m->arena, "%d", COLLECTION_NODES_MAX));
        return DOCUMENT_REFUSED;
    }
    state->previous = root;
    *ret_root = root;
    return DOCUMENT_RULE;
}

static enum document_kind unknown_action(struct diag_sink *sink, const struct node *action,
                                         struct str help)
{
    bool scalar = action->kind != NODE_LIST && action->kind != NODE_MAP;
    DIAG(sink, DIAG_unknown_action, action->at, help,
         scalar ? action->text : str_of(node_kind_name(action->kind)));
    return DOCUMENT_REFUSED;
}

/* Correlations and filters take no part in collections. */
static enum document_kind kind_by_key(const struct node *root)
{
    if (node_find(root, "correlation"))
        return DOCUMENT_CORRELATION;
    return node_find(root, "filter") ? DOCUMENT_FILTER : DOCUMENT_RULE;
}

static enum document_kind without_action(struct arena *a, struct diag_sink *sink,
                                         const struct document *doc, struct collection *state,
                                         const struct node **ret_root)
{
    enum document_kind kind = kind_by_key(doc->root);
    if (kind != DOCUMENT_RULE)
        return kind;
    if (!state->global) {
        state->previous = *ret_root = doc->root;
        return DOCUMENT_RULE;
    }
    struct merge m = {a, sink, true};
    return merged_rule(&m, doc, state, doc->root, state->global, ret_root);
}

static enum document_kind repeat_previous(struct arena *a, struct diag_sink *sink,
                                          const struct document *doc, struct collection *state,
                                          const struct node **ret_root)
{
    enum document_kind kind = kind_by_key(doc->root);
    if (kind != DOCUMENT_RULE)
        return kind;
    struct merge m = {a, sink, false};
    const struct node *over = without_key(a, doc->root, "action");
    return merged_rule(&m, doc, state, state->previous, over, ret_root);
}

enum document_kind collection_apply(struct arena *a, struct diag_sink *sink,
                                    const struct document *doc, struct collection *state,
                                    const struct node **ret_root)
{
    const struct node *action = node_find(doc->root, "action");
    if (!action || action->kind == NODE_NULL)
        return without_action(a, sink, doc, state, ret_root);
    if (action->kind != NODE_STRING)
        return unknown_action(sink, action, NO_HELP);
    if (str_eq_z(action->text, "global")) {
        state->global = state->previous = without_key(a, doc->root, "action");
        return DOCUMENT_NONE;
    }
    if (str_eq_z(action->text, "reset")) {
        state->global = NULL;
        return DOCUMENT_NONE;
    }
    if (!str_eq_z(action->text, "repeat"))
        return unknown_action(sink, action, NO_HELP);
    if (!state->previous)
        return unknown_action(sink, action, STR("repeat needs a rule before it in the file"));
    return repeat_previous(a, sink, doc, state, ret_root);
}
