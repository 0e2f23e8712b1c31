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
    struct names *used;  /* those, and what the event's source, shape and time are read from */
    bool *asks_keywords; /* [rules.n] */
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

static void use(struct oracle *o, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        names_intern(o->used, str_of(names[i]));
}

static bool is_used(const struct oracle *o, const char *name)
{
    return names_find(o->used, str_of(name)) != UINT32_MAX;
}

/* A shape is used when what it gives is; none gives what another reads. */
static void use_shapes(struct oracle *o)
{
    bool *given = ARENA_ARRAY(o->arena, n_shape_rows, bool);
    for (size_t i = 0; i < n_shape_rows; i++)
        given[i] = is_used(o, shape_rows[i].field);
    for (size_t i = 0; i < n_shape_rows; i++) {
        use(o, &shape_rows[i].source, given[i]);
        use(o, &shape_rows[i].domain, given[i] && shape_rows[i].domain);
    }
}

/* An event is unreadable where one of these cannot be read, whoever it meets (SEMANTICS section 5,
 * last line). */
static void use_all(struct oracle *o)
{
    o->used = names_new(o->arena);
    for (uint32_t i = 0; i < names_count(o->names); i++)
        names_intern(o->used, names_text(o->names, i));
    use(o, channel_fields, n_channel_fields);
    use(o, event_id_fields, n_event_id_fields);
    use(o, provider_fields, n_provider_fields);
    if (o->options.time_field.len > 0)
        names_intern(o->used, o->options.time_field);
    else
        use(o, time_fields, n_time_fields);
    use(o, product_fields, n_label_fields);
    use(o, category_fields, n_label_fields);
    use(o, service_fields, n_label_fields);
    for (size_t i = 0; i < n_logsource_rows; i++)
        use(o, &logsource_rows[i].when_field, logsource_rows[i].when_field != NULL);
    use_shapes(o);
    for (size_t i = 0; i < n_envelope_rows; i++)
        use(o, &envelope_rows[i].path, 1);
}

static bool has_keywords(const struct detection *d)
{
    if (d->kind == DETECTION_ITEM)
        return d->item->field.len == 0;
    for (size_t i = 0; i < d->n_children; i++)
        if (has_keywords(d->children[i]))
            return true;
    return false;
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
    o->options.time_field = str_dup(a, options->time_field);
    use_all(o);
    o->asks_keywords = ARENA_ARRAY(a, rules->n, bool);
    for (size_t i = 0; i < rules->n; i++)
        for (size_t k = 0; k < rules->rules[i]->n_identifiers; k++)
            o->asks_keywords[i] |= has_keywords(rules->rules[i]->identifiers[k].detection);
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

static bool all_sound(const struct field *field, struct json_error *ret_error)
{
    for (size_t i = 0; i < field->n; i++) {
        if (!field->leaves[i].json->fault.what)
            continue;
        *ret_error = field->leaves[i].json->fault;
        return false;
    }
    return true;
}

/* Some string of the event is at fault. Does somebody look at it? */
static bool is_readable(const struct oracle *o, struct view *view, const struct route *route,
                        struct json_error *ret_error)
{
    for (uint32_t i = 0; i < names_count(o->used); i++) {
        struct str name = names_text(o->used, i);
        if (name.len > 0 && !all_sound(view_raw(view, name), ret_error))
            return false;
    }
    bool keywords = false;
    for (size_t i = 0; i < o->rules.n; i++)
        keywords |= o->asks_keywords[i] && route_meets(route, &o->rules.rules[i]->logsource);
    return !keywords || all_sound(view_keywords(view), ret_error);
}

static bool make_ready(struct oracle *o, struct arena *a, struct str text, struct ready *ret_ready,
                       struct json_error *ret_error)
{
    bool any_fault;
    struct json *root = json_read_event(a, text, ret_error, &any_fault);
    if (!root)
        return false;
    struct view *view = view_new(a, root, o->names);
    eval_init(&ret_ready->eval, view, &o->regexes);
    ret_ready->route = route_of(view, &o->rules, &o->options);
    return !any_fault || is_readable(o, view, &ret_ready->route, ret_error);
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
