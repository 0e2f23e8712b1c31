#include "oracle.h"

#include "eval.h"
#include "event_tree.h"
#include "explain.h"
#include "route.h"

struct oracle {
    struct arena *arena;
    struct mapped rules;
    struct oracle_options options;
    struct names *names; /* every field that some rule looks at */
    struct regex_table regexes;
};

static void name_item(struct oracle *o, const struct item *item)
{
    names_intern(o->names, item->field);
    for (size_t i = 0; i < item->n_values; i++)
        if (item->values[i]->kind == VALUE_FIELDREF)
            names_intern(o->names, item->values[i]->other_field);
}

/* Recursion is bounded by the depth of the YAML tree. */
static void name_fields(struct oracle *o, const struct detection *d)
{
    if (d->kind == DETECTION_ITEM)
        name_item(o, d->item);
    for (size_t i = 0; d->kind != DETECTION_ITEM && i < d->n_children; i++)
        name_fields(o, d->children[i]);
}

struct oracle *oracle_create(const struct mapped *rules, const struct oracle_options *options)
{
    struct arena *a = arena_create(ARENA_LIMIT);
    if (!a || setjmp(*arena_on_oom(a))) {
        arena_destroy(a);
        return NULL;
    }
    struct oracle *o = ARENA_NEW(a, struct oracle);
    o->arena = a;
    o->rules = *rules;
    o->options = *options;
    o->options.product = str_dup(a, options->product);
    o->options.category = str_dup(a, options->category);
    o->options.service = str_dup(a, options->service);
    o->names = names_new(a);
    for (size_t i = 0; i < rules->n; i++)
        for (size_t k = 0; k < rules->rules[i]->n_identifiers; k++)
            name_fields(o, rules->rules[i]->identifiers[k].detection);
    o->regexes = regex_table_of(a, rules);
    return o;
}

void oracle_destroy(struct oracle *o)
{
    if (o)
        arena_destroy(o->arena);
}

/* An event made ready: read, looked at through its shape, routed. */
struct ready {
    struct eval eval;
    struct route route;
};

static bool make_ready(struct oracle *o, struct arena *a, struct str text, struct ready *ret_ready,
                       struct json_error *ret_error)
{
    struct json *root = json_read_event(a, text, ret_error);
    if (!root)
        return false;
    struct view *view = view_new(a, root, o->names);
    eval_init(&ret_ready->eval, view, &o->regexes);
    ret_ready->route = route_of(view, &o->rules, &o->options);
    return true;
}

static bool judge_all(struct oracle *o, struct arena *a, struct str text, uint64_t *hits,
                      struct json_error *ret_error)
{
    struct ready ready;
    if (!make_ready(o, a, text, &ready, ret_error))
        return false;
    for (size_t i = 0; i < o->rules.n; i++) {
        const struct rule *rule = o->rules.rules[i];
        if (route_meets(&ready.route, &rule->logsource) && eval_rule(&ready.eval, rule))
            hits[i / 64] |= UINT64_C(1) << i % 64;
    }
    return true;
}

static void clear(const struct oracle *o, uint64_t *hits)
{
    for (size_t i = 0; i < (o->rules.n + 63) / 64; i++)
        hits[i] = 0;
}

static const char out_of_memory[] = "an event that takes more memory than there is";

enum oracle_event_status oracle_judge(struct oracle *o, const char *json, size_t len,
                                      uint64_t *hits, const char **ret_why, size_t *ret_off)
{
    clear(o, hits);
    struct arena *a = arena_create(ARENA_LIMIT);
    if (!a || setjmp(*arena_on_oom(a))) {
        arena_destroy(a);
        clear(o, hits);
        *ret_why = out_of_memory;
        *ret_off = 0;
        return ORACLE_UNREADABLE;
    }
    struct json_error error = {0};
    bool read = judge_all(o, a, (struct str){json, len}, hits, &error);
    arena_destroy(a);
    if (read)
        return ORACLE_OK;
    *ret_why = error.what;
    *ret_off = error.off;
    return ORACLE_UNREADABLE;
}

static bool explain_one(struct oracle *o, uint32_t index, struct arena *a, struct str text,
                        struct text *out, bool *ret_met)
{
    struct ready ready;
    struct json_error error = {0};
    if (!make_ready(o, a, text, &ready, &error)) {
        text_addf(out, "unreadable event: %s (byte %zu)\n", error.what, error.off);
        return false;
    }
    return explain_rule(&ready.eval, &ready.route, o->rules.rules[index], out, ret_met);
}

bool oracle_explain(struct oracle *o, uint32_t index, const char *json, size_t len,
                    struct text *out, bool *ret_met)
{
    *ret_met = false;
    struct arena *a = arena_create(ARENA_LIMIT);
    if (!a || setjmp(*arena_on_oom(a))) {
        arena_destroy(a);
        text_addf(out, "unreadable event: %s\n", out_of_memory);
        return false;
    }
    bool verdict = explain_one(o, index, a, (struct str){json, len}, out, ret_met);
    arena_destroy(a);
    return verdict;
}
