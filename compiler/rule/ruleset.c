#include "ruleset.h"

#include "arena.h"
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

enum document_kind ruleset_add(struct ruleset *set, const struct document *doc,
                               struct collection *state, const struct rule_options *options)
{
    struct ruleset_entry entry = {0};
    enum document_kind kind = rule_read(set->arena, set->sink, doc, state, options, &entry.head);
    if (kind == DOCUMENT_FILTER && !add_filter(set, doc, options, &entry))
        kind = DOCUMENT_REFUSED;
    if (kind == DOCUMENT_REFUSED)
        set->n_refused++;
    else if (!entry.head)
        set->n_nothing++;
    else
        *VEC_PUSH(set->arena, &set->entries) = entry;
    return kind;
}

/* Names and ids are those of rules and filters alike. */
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
            set->n_refused++;
        else
            set->entries.v[set->entries.n++] = set->entries.v[i];
    }
}

void ruleset_finish(struct ruleset *set)
{
    check_names(set);
    set->rules = ARENA_ARRAY(set->arena, set->entries.n, struct rule *);
    set->filters = ARENA_ARRAY(set->arena, set->entries.n, struct filter *);
    for (size_t i = 0; i < set->entries.n; i++) {
        const struct ruleset_entry *entry = &set->entries.v[i];
        if (entry->filter)
            set->filters[set->n_filters++] = entry->filter;
        else
            set->rules[set->n_rules++] = entry->head;
    }
}
