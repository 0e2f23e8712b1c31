#include "rule_check.h"

#include <string.h>

#include "arena.h"
#include "reference.h"

struct owners {
    struct names *names;
    const struct rule **rules; /* name -> its first rule */
};

static struct owners owners_new(struct arena *a, size_t n)
{
    return (struct owners){names_new(a), ARENA_ARRAY(a, n + 1, const struct rule *)};
}

/* The rule that had the text first; `rule` itself when nobody had it. */
static const struct rule *own(struct owners *owners, struct str text, const struct rule *rule)
{
    const struct rule **owner = &owners->rules[names_intern(owners->names, text)];
    if (!*owner)
        *owner = rule;
    return *owner;
}

/* "'its title' (folder/file.yml)" */
static struct str called(struct arena *a, struct diag_sink *sink, const struct rule *rule)
{
    const struct source *source = sources_get(diag_sources(sink), rule->file);
    if (!source)
        return str_format(a, "'%.*s'", STR_ARG(rule->title));
    return str_format(a, "'%.*s' (%.*s)", STR_ARG(rule->title), STR_ARG(source->path));
}

static struct span value_place(const struct rule *rule, const char *key)
{
    const struct node *node = node_find(rule->root, key);
    return node ? node->at : rule->at;
}

void rule_tell(struct diag_sink *sink, const struct rule *rule)
{
    bool has_id = rule && rule->id.len > 0;
    diag_rule(sink, !rule ? STR("") : has_id ? rule->id : rule->title, has_id);
}

void rule_check(struct arena *a, struct diag_sink *sink, struct rule **rules, size_t n,
                bool *refused)
{
    struct owners ids = owners_new(a, n), names = owners_new(a, n);
    for (size_t i = 0; i < n; i++) {
        const struct rule *rule = rules[i];
        if (refused[i])
            continue;
        rule_tell(sink, rule);
        if (rule->name.len > 0) {
            const struct rule *first = own(&names, rule->name, rule);
            refused[i] = first != rule;
            if (refused[i])
                DIAG(sink, DIAG_duplicate_name, value_place(rule, "name"), NO_HELP, rule->name,
                     called(a, sink, first));
        }
        if (rule->id.len > 0 && !refused[i]) {
            const struct rule *first = own(&ids, id_key(a, rule->id), rule);
            if (first != rule)
                DIAG(sink, DIAG_duplicate_id, value_place(rule, "id"), NO_HELP, rule->id,
                     called(a, sink, first));
        }
    }
    rule_tell(sink, NULL);
}
