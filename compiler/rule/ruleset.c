#include "ruleset.h"

#include "arena.h"
#include "correlation_check.h"
#include "rule_check.h"

struct ruleset *ruleset_new(struct arena *a, struct diag_sink *sink)
{
    struct ruleset *set = ARENA_NEW(a, struct ruleset);
    set->arena = a;
    set->sink = sink;
    return set;
}

static bool add_filter(struct ruleset *set, const struct document *doc,
                       const struct rule_options *options, struct ruleset_entry *ret_entry)
{
    struct filter *filter = filter_read(set->arena, set->sink, doc, options);
    if (filter && ++set->n_filters_read > FILTERS_MAX) {
        DIAG(set->sink, DIAG_invalid_filter, doc->at, NO_HELP,
             str_format(set->arena, "is more than the %d that a collection may have", FILTERS_MAX));
        return false;
    }
    if (filter)
        *ret_entry = (struct ruleset_entry){.head = filter->head, .filter = filter};
    return filter != NULL;
}

static bool add_correlation(struct ruleset *set, const struct document *doc,
                            struct ruleset_entry *ret_entry)
{
    struct correlation *c = correlation_read(set->arena, set->sink, doc);
    if (c)
        *ret_entry = (struct ruleset_entry){.head = c->head, .correlation = c};
    return c != NULL;
}

static struct str text_of(const struct node *root, const char *key)
{
    const struct node *node = node_find(root, key);
    return node && node->kind == NODE_STRING ? node->text : (struct str){0};
}

/* Keeps how others may refer to a document that was refused. */
static void note_refused(struct ruleset *set, const struct document *doc)
{
    set->n_refused++;
    if (!doc->root || doc->root->kind != NODE_MAP)
        return;
    struct rule *head = ARENA_NEW(set->arena, struct rule);
    head->id = text_of(doc->root, "id");
    head->name = text_of(doc->root, "name");
    *VEC_PUSH(set->arena, &set->refused) = head;
}

enum document_kind ruleset_add(struct ruleset *set, const struct document *doc,
                               struct collection *state, const struct rule_options *options)
{
    struct ruleset_entry entry = {0};
    enum document_kind kind = rule_read(set->arena, set->sink, doc, state, options, &entry.head);
    if (kind == DOCUMENT_FILTER && !add_filter(set, doc, options, &entry))
        kind = DOCUMENT_REFUSED;
    if (kind == DOCUMENT_CORRELATION && !add_correlation(set, doc, &entry))
        kind = DOCUMENT_REFUSED;
    if (kind == DOCUMENT_REFUSED)
        note_refused(set, doc);
    else if (!entry.head)
        set->n_nothing++;
    else
        *VEC_PUSH(set->arena, &set->entries) = entry;
    return kind;
}

static void refuse(struct ruleset *set, struct rule *head)
{
    set->n_refused++;
    *VEC_PUSH(set->arena, &set->refused) = head;
}

/* Names and ids are those of rules, filters and correlations alike. */
static void check_names(struct ruleset *set)
{
    size_t n = set->entries.n;
    struct rule **heads = ARENA_ARRAY(set->arena, n, struct rule *);
    bool *refused = ARENA_ARRAY(set->arena, n, bool);
    for (size_t i = 0; i < n; i++)
        heads[i] = set->entries.v[i].head;
    rule_check(set->arena, set->sink, heads, n, refused);
    set->entries.n = 0;
    for (size_t i = 0; i < n; i++) {
        if (refused[i])
            refuse(set, heads[i]);
        else
            set->entries.v[set->entries.n++] = set->entries.v[i];
    }
}

static void check_correlations(struct ruleset *set)
{
    size_t n = set->n_correlations;
    bool *refused = ARENA_ARRAY(set->arena, n, bool);
    correlations_check(set, refused);
    set->n_correlations = 0;
    for (size_t i = 0; i < n; i++) {
        if (refused[i])
            refuse(set, set->correlations[i]->head);
        else
            set->correlations[set->n_correlations++] = set->correlations[i];
    }
}

void ruleset_finish(struct ruleset *set)
{
    check_names(set);
    set->rules = ARENA_ARRAY(set->arena, set->entries.n, struct rule *);
    set->filters = ARENA_ARRAY(set->arena, set->entries.n, struct filter *);
    set->correlations = ARENA_ARRAY(set->arena, set->entries.n, struct correlation *);
    for (size_t i = 0; i < set->entries.n; i++) {
        const struct ruleset_entry *entry = &set->entries.v[i];
        if (entry->filter)
            set->filters[set->n_filters++] = entry->filter;
        else if (entry->correlation)
            set->correlations[set->n_correlations++] = entry->correlation;
        else
            set->rules[set->n_rules++] = entry->head;
    }
    check_correlations(set);
}
