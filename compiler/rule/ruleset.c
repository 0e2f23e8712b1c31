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

/* What reading made of a document. */
struct outcome {
    enum document_kind kind;
    struct ruleset_entry entry;
};

static struct outcome read_document(struct arena *a, struct diag_sink *sink,
                                    const struct document *doc, struct collection *state,
                                    const struct rule_options *options)
{
    struct outcome o = {0};
    o.kind = rule_read(a, sink, doc, state, options, &o.entry.head);
    if (o.kind == DOCUMENT_FILTER) {
        o.entry.filter = filter_read(a, sink, doc, options);
        o.entry.head = o.entry.filter ? o.entry.filter->head : NULL;
    } else if (o.kind == DOCUMENT_CORRELATION) {
        o.entry.correlation = correlation_read(a, sink, doc);
        o.entry.head = o.entry.correlation ? o.entry.correlation->head : NULL;
    } else {
        return o;
    }
    if (!o.entry.head)
        o.kind = DOCUMENT_REFUSED;
    return o;
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

static bool too_many_filters(struct ruleset *set, const struct document *doc)
{
    if (++set->n_filters_read <= FILTERS_MAX)
        return false;
    DIAG(set->sink, DIAG_invalid_filter, doc->at, NO_HELP,
         str_format(set->arena, "is more than the %d that a collection may have", FILTERS_MAX));
    return true;
}

static enum document_kind add(struct ruleset *set, const struct document *doc,
                              const struct outcome *o)
{
    enum document_kind kind = o->kind;
    if (kind == DOCUMENT_FILTER && too_many_filters(set, doc))
        kind = DOCUMENT_REFUSED;
    if (kind == DOCUMENT_REFUSED)
        note_refused(set, doc);
    else if (!o->entry.head)
        set->n_nothing++;
    else
        *VEC_PUSH(set->arena, &set->entries) = o->entry;
    return kind;
}

enum document_kind ruleset_add(struct ruleset *set, const struct document *doc,
                               struct collection *state, const struct rule_options *options)
{
    struct outcome o = read_document(set->arena, set->sink, doc, state, options);
    return add(set, doc, &o);
}

struct reading {
    const struct documents *trees; /* [files] */
    const struct rule_options *options;
    struct outcome **outcomes; /* [files][documents] */
    struct diag_sink *sink, **sinks;
};

static void read_file(void *ctx, const struct crew_member *member, uint32_t file)
{
    struct reading *r = ctx;
    struct collection state = {0};
    struct diag_sink **sink = &r->sinks[member->number];
    if (!*sink)
        *sink = diag_sink_part(member->arena, r->sink);
    r->outcomes[file] = ARENA_ARRAY(member->arena, r->trees[file].n, struct outcome);
    for (size_t d = 0; d < r->trees[file].n; d++)
        r->outcomes[file][d] =
            read_document(member->arena, *sink, &r->trees[file].v[d], &state, r->options);
}

void ruleset_read(struct ruleset *set, struct crew *crew, const struct documents *trees, uint32_t n,
                  const struct rule_options *options)
{
    unsigned n_sinks = crew_size(crew);
    struct reading r = {trees, options, ARENA_ARRAY(set->arena, n, struct outcome *), set->sink,
                        ARENA_ARRAY(set->arena, n_sinks, struct diag_sink *)};
    crew_run(crew, n, read_file, &r);
    diag_join(set->sink, r.sinks, n_sinks);
    for (uint32_t i = 0; i < n; i++)
        for (size_t d = 0; d < trees[i].n; d++)
            add(set, &trees[i].v[d], &r.outcomes[i][d]);
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
