#include "spec.h"

#include <stdio.h>

#include "t.h"

#include "engines.h"
#include "filters.h"
#include "ruleset.h"
#include "vec.h"

struct str spec_load(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return (struct str){NULL, 0};
    VEC(char) bytes = {0};
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        for (size_t i = 0; i < n; i++)
            *VEC_PUSH(a, &bytes) = block[i];
    fclose(f);
    *VEC_PUSH(a, &bytes) = '\0';
    return (struct str){bytes.v, bytes.n - 1};
}

/* JSON is YAML, so the reader of rules makes the node tree. */
static const struct node *placeholder_tree(struct arena *a, struct sources *sources,
                                           struct diag_sink *sink, struct str json)
{
    if (json.len == 0)
        return NULL;
    uint32_t file = sources_add(sources, STR("placeholders"), json);
    struct documents docs = tree_read(a, sources, file, sink);
    return docs.n == 1 ? docs.v[0].root : NULL;
}

static struct str messages_of(struct arena *a, const struct diag_sink *sink)
{
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < diag_count(sink); i++)
        diag_render_text(sink, i, (struct diag_style){0}, &t);
    return text_str(&t);
}

struct spec_rules spec_read(struct arena *a, struct str text, struct str placeholders)
{
    struct sources *sources = sources_new(a);
    struct diag_sink *sink = diag_sink_new(a, sources);
    struct rule_options options = {.placeholders =
                                       placeholder_tree(a, sources, sink, placeholders)};
    uint32_t file = sources_add(sources, STR("rule"), text);
    struct documents docs = tree_read(a, sources, file, sink);
    struct collection state = {0};
    struct ruleset *set = ruleset_new(a, sink);
    for (size_t i = 0; i < docs.n; i++)
        ruleset_add(set, &docs.v[i], &state, &options);
    ruleset_finish(set);
    struct rule **rules =
        filters_apply(a, sink, set->rules, set->n_rules, set->filters, set->n_filters);
    struct selection_options all = {0};
    return (struct spec_rules){text, placeholders, pipeline_map(a, rules, set->n_rules, &all),
                               diag_errors(sink), messages_of(a, sink)};
}

static enum spec_answer answer(const struct spec_engine *engine, void *opened, struct str event,
                               uint64_t *hits, size_t n_words)
{
    const char *why = "";
    if (!engine->judge(opened, event, hits, &why))
        return SPEC_UNREADABLE;
    for (size_t i = 0; i < n_words; i++)
        if (hits[i])
            return SPEC_HIT;
    return SPEC_MISS;
}

static size_t ask_one(struct arena *a, const struct spec_engine *engine, const char *name,
                      const struct spec_rules *rules, const struct spec_case *cases, size_t n)
{
    static const char *const words[] = {"miss", "hit", "unreadable"};
    void *opened = engine->open(a, rules);
    if (!opened) {
        print_error("# %s: %s could not be made\n", name, engine->name);
        return 1;
    }
    size_t n_words = (rules->mapped.n + 63) / 64, wrong = 0;
    uint64_t *hits = ARENA_ARRAY(a, n_words, uint64_t);
    for (size_t i = 0; i < n; i++) {
        enum spec_answer got = answer(engine, opened, cases[i].event, hits, n_words);
        if (got == cases[i].wanted)
            continue;
        wrong++;
        print_error("# %s:%d: %s says %s, not %s: %.*s\n", name, cases[i].line, engine->name,
                    words[got], words[cases[i].wanted], STR_ARG(str_sub(cases[i].event, 0, 200)));
    }
    engine->close(opened);
    return wrong;
}

size_t spec_ask(struct arena *a, const char *name, const struct spec_rules *rules,
                const struct spec_case *cases, size_t n)
{
    size_t wrong = 0;
    for (size_t i = 0; i < n_spec_engines; i++)
        if (!spec_engines[i].is_here || spec_engines[i].is_here())
            wrong += ask_one(a, &spec_engines[i], name, rules, cases, n);
    return wrong;
}
