#include "pipeline.h"

#include "arena.h"

static bool any_equal(struct str s, const struct str *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(s, list[i]))
            return true;
    return false;
}

static bool any_tag(const struct rule *rule, const struct str *list, size_t n)
{
    for (size_t i = 0; i < rule->n_tags; i++)
        if (any_equal(rule->tags[i], list, n))
            return true;
    return false;
}

static bool selected(const struct rule *rule, const struct selection_options *o)
{
    enum rule_level level = rule->level == LEVEL_NONE ? LEVEL_MEDIUM : rule->level;
    enum rule_status status = rule->status == STATUS_NONE ? STATUS_TEST : rule->status;
    if (level < o->min_level || status < o->min_status)
        return false;
    if (o->n_ids > 0 && !any_equal(rule->id, o->ids, o->n_ids))
        return false;
    if (o->n_tags > 0 && !any_tag(rule, o->tags, o->n_tags))
        return false;
    return !any_equal(rule->id, o->not_ids, o->n_not_ids) &&
           !any_tag(rule, o->not_tags, o->n_not_tags);
}

struct mapped pipeline_map(struct arena *a, struct rule *const *rules, size_t n,
                           const struct selection_options *select)
{
    struct mapped m = {.rules = ARENA_ARRAY(a, n, const struct rule *),
                       .left_out = ARENA_ARRAY(a, n, const struct rule *)};
    for (size_t i = 0; i < n; i++) {
        if (selected(rules[i], select))
            m.rules[m.n++] = rules[i];
        else
            m.left_out[m.n_left_out++] = rules[i];
    }
    return m;
}

void pipeline_dump(struct text *out, const struct mapped *m)
{
    for (size_t i = 0; i < m->n; i++) {
        if (i > 0)
            text_addz(out, "\n");
        rule_dump(out, m->rules[i]);
    }
    if (m->n_left_out > 0)
        text_addf(out, "\nleft out by selection: %zu\n", m->n_left_out);
}
