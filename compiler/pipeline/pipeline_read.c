/* A pipeline's YAML -> struct pipeline. Everything is checked against the tables here, so that
 * nothing but rules can fail later. */
#include <stdlib.h>

#include "cond_expr.h"
#include "pipeline_file.h"
#include "suggest.h"
#include "vec.h"

struct step_list {
    struct step *v;
    size_t n, cap;
};

static void fault(struct pipeline_reader *r, enum diag_code code, struct span at, struct str help,
                  size_t n_args, const struct str *args)
{
    r->faulty = true;
    diag_add(r->sink, code, at, help, n_args, args);
}
#define FAULT(r, code, at, help, ...)                                                          \
    fault((r), (code), (at), (help), sizeof((struct str[]){__VA_ARGS__}) / sizeof(struct str), \
          (struct str[]){__VA_ARGS__})

/* ---- kinds of values ---- */

static bool all_texts(const struct node *node)
{
    for (size_t i = 0; i < node->n; i++)
        if (node->items[i]->kind != NODE_STRING)
            return false;
    return true;
}

static bool is_names(const struct node *node, unsigned want)
{
    for (size_t i = 0; i < node->n; i++) {
        const struct node *key = node->pairs[i].key, *value = node->pairs[i].value;
        if (key->kind != NODE_STRING && !(key->kind == NODE_NULL && (want & WANT_KEYWORD)))
            return false;
        if (value->kind != NODE_STRING && !(value->kind == NODE_LIST && all_texts(value)))
            return false;
    }
    return true;
}

static bool is_steps(const struct node *node)
{
    for (size_t i = 0; i < node->n; i++)
        if (node->items[i]->kind != NODE_MAP)
            return false;
    return true;
}

static bool fits(const struct node *node, unsigned want)
{
    if (want & WANT_ANY)
        return true;
    switch (node->kind) {
    case NODE_STRING:
        return want & WANT_TEXT;
    case NODE_INT:
    case NODE_UINT:
    case NODE_FLOAT:
        return (want & WANT_NUMBER) && !node->is_special;
    case NODE_BOOL:
        return want & WANT_BOOL;
    case NODE_NULL:
        return want & WANT_NULL;
    case NODE_LIST:
        return ((want & WANT_TEXTS) && all_texts(node)) || ((want & WANT_STEPS) && is_steps(node));
    case NODE_MAP:
        return ((want & WANT_NAMES) && is_names(node, want)) ||
               ((want & WANT_DETECTION) && node->n > 0);
    }
    return false;
}

static struct str want_text(struct arena *a, unsigned want)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {
        {WANT_TEXT, "a text"},
        {WANT_NUMBER, "a number"},
        {WANT_BOOL, "true or false"},
        {WANT_NULL, "null"},
        {WANT_TEXTS, "a list of texts"},
        {WANT_NAMES, "a map of texts to texts or lists of texts"},
        {WANT_DETECTION, "a map of fields to values"},
        {WANT_STEPS, "a list of maps"},
    };
    struct text text;
    text_init(&text, a);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (want & names[i].bit) {
            text_addz(&text, text.len ? " or " : "");
            text_addz(&text, names[i].name);
        }
    }
    return text_str(&text);
}

/* Whether `word` is among the words of a text with blanks between. */
static bool has_word(const char *words, struct str word)
{
    struct str rest = str_of(words);
    while (rest.len > 0) {
        size_t end = str_find(rest, ' ');
        if (str_eq(str_sub(rest, 0, end), word))
            return true;
        rest = str_sub(rest, end + 1, rest.len);
    }
    return false;
}

static void check_parameter(struct pipeline_reader *r, const struct parameter *parameter,
                            const struct node *node)
{
    if (!fits(node, parameter->want)) {
        FAULT(r, DIAG_pipeline_value, node->at, NO_HELP, str_of(parameter->name),
              want_text(r->arena, parameter->want), str_of(node_kind_name(node->kind)));
    } else if (parameter->words && node->kind == NODE_STRING &&
               !has_word(parameter->words, node->text)) {
        FAULT(r, DIAG_pipeline_value, node->at, NO_HELP, str_of(parameter->name),
              str_format(r->arena, "one of: %s", parameter->words),
              str_format(r->arena, "'%.*s'", STR_ARG(node->text)));
    }
}

static const struct parameter *find_parameter(const struct parameter *list, struct str name)
{
    for (size_t i = 0; list[i].name; i++)
        if (str_eq_z(name, list[i].name))
            return &list[i];
    return NULL;
}

static void offer_parameters(struct suggestion *s, const struct parameter *list)
{
    for (size_t i = 0; list && list[i].name; i++)
        suggestion_offer(s, str_of(list[i].name));
}

/* A map's keys against two lists of parameters; `what` is for messages: "the transformation 'x'".
 */
static void check_keys(struct pipeline_reader *r, const struct node *map,
                       const struct parameter *first, const struct parameter *second,
                       struct str what)
{
    for (size_t i = 0; i < map->n; i++) {
        const struct node *key = map->pairs[i].key;
        const struct parameter *found = find_parameter(first, key->text);
        if (!found && second)
            found = find_parameter(second, key->text);
        if (found && key->kind == NODE_STRING) {
            check_parameter(r, found, map->pairs[i].value);
            continue;
        }
        struct suggestion s = suggestion_for(key->text);
        offer_parameters(&s, first);
        offer_parameters(&s, second);
        FAULT(r, DIAG_pipeline_key, key->at, suggestion_help(r->arena, &s), key->text, what);
    }
    for (int round = 0; round < 2; round++) {
        const struct parameter *list = round == 0 ? first : second;
        for (size_t i = 0; list && list[i].name; i++)
            if ((list[i].want & WANT_REQUIRED) && !node_find(map, list[i].name))
                FAULT(r, DIAG_pipeline_missing, map->at, NO_HELP, what, str_of(list[i].name));
    }
}

/* ---- gates ---- */

static const char *const scope_names[] = {"rule", "detection_item", "field_name"};

static const struct gate_kind *find_condition(struct str name, enum gate_scope scope)
{
    for (size_t i = 0; i < n_gate_kinds; i++)
        if ((gate_kinds[i].scopes >> scope & 1) && str_eq_z(name, gate_kinds[i].name))
            return &gate_kinds[i];
    return NULL;
}

static void unknown_condition(struct pipeline_reader *r, const struct node *type,
                              enum gate_scope scope)
{
    struct suggestion s = suggestion_for(type->text);
    struct str help = NO_HELP;
    for (size_t i = 0; i < n_gate_kinds; i++) {
        if (gate_kinds[i].scopes >> scope & 1)
            suggestion_offer(&s, str_of(gate_kinds[i].name));
        else if (str_eq_z(type->text, gate_kinds[i].name))
            help = STR("it belongs to another kind of conditions");
    }
    FAULT(r, DIAG_pipeline_condition, type->at, help.len ? help : suggestion_help(r->arena, &s),
          str_of(scope_names[scope]), type->text);
}

static bool read_condition(struct pipeline_reader *r, const struct node *node, struct str id,
                           enum gate_scope scope, struct gate_condition *c)
{
    static const struct parameter type_only[] = {{"type", WANT_TEXT, NULL}, {0}};
    if (node->kind != NODE_MAP) {
        FAULT(r, DIAG_pipeline_value, node->at, NO_HELP, str_of(scope_names[scope]),
              STR("a condition, a map"), str_of(node_kind_name(node->kind)));
        return false;
    }
    const struct node *type = node_find(node, "type");
    if (!type || type->kind != NODE_STRING) {
        FAULT(r, DIAG_pipeline_missing, node->at, NO_HELP, STR("a condition"), STR("type"));
        return false;
    }
    *c = (struct gate_condition){
        .kind = find_condition(type->text, scope), .id = id, .at = node->at, .node = node};
    if (!c->kind) {
        unknown_condition(r, type, scope);
        return false;
    }
    bool before = r->faulty;
    r->faulty = false;
    check_keys(r, node, c->kind->parameters, type_only,
               str_format(r->arena, "the condition '%s'", c->kind->name));
    bool good = !r->faulty && prepare_condition(r, c);
    r->faulty = before || !good;
    return good;
}

static void read_expression(struct pipeline_reader *r, const struct node *node, struct gate *gate,
                            const struct node *conditions)
{
    if (node->kind != NODE_STRING || !conditions || conditions->kind != NODE_MAP) {
        FAULT(r, DIAG_pipeline_expression, node->at, NO_HELP,
              STR("it wants a text, and conditions as a map of ids"));
        return;
    }
    if (!r->faulty) /* else ids may be missing for another reason */
        gate->expr = cond_expr_parse(r->arena, r->sink, node->text, node->at, gate);
    r->faulty = r->faulty || !gate->expr;
}

static const struct node *scope_key(const struct pipeline_reader *r, const struct node *step,
                                    enum gate_scope scope, const char *suffix)
{
    struct str key = str_format(r->arena, "%s_%s", scope_names[scope], suffix);
    for (size_t i = 0; i < step->n; i++)
        if (str_eq(step->pairs[i].key->text, key))
            return step->pairs[i].value;
    return NULL;
}

static void read_gate(struct pipeline_reader *r, const struct node *step, enum gate_scope scope,
                      struct gate *gate)
{
    const struct node *list = scope_key(r, step, scope, "conditions");
    const struct node *op = scope_key(r, step, scope, "cond_op");
    const struct node *negated = scope_key(r, step, scope, "cond_not");
    const struct node *expr = scope_key(r, step, scope, "cond_expr");
    bool is_map = list && list->kind == NODE_MAP;
    size_t n = list && (is_map || list->kind == NODE_LIST) ? list->n : 0;
    if (n > PIPELINE_CONDITIONS_MAX) {
        FAULT(r, DIAG_pipeline_limit, list->at, NO_HELP,
              str_format(r->arena, "%d", PIPELINE_CONDITIONS_MAX), STR("conditions of one step"));
        return;
    }
    gate->v = ARENA_ARRAY(r->arena, n, struct gate_condition);
    for (size_t i = 0; i < n; i++)
        if (read_condition(r, is_map ? list->pairs[i].value : list->items[i],
                           is_map ? list->pairs[i].key->text : STR(""), scope, &gate->v[gate->n]))
            gate->n++;
    if (expr && (op || negated))
        FAULT(r, DIAG_pipeline_expression, expr->at, NO_HELP,
              STR("cond_op and cond_not do not go with it"));
    else if (expr)
        read_expression(r, expr, gate, list);
    gate->any = op && str_eq_z(op->text, "or");
    gate->negated = negated && negated->boolean;
}

/* ---- steps ---- */

#define GATE_KEYS(scope)                                                            \
    {scope "_conditions", WANT_ANY, NULL}, {scope "_cond_op", WANT_TEXT, "and or"}, \
        {scope "_cond_not", WANT_BOOL, NULL},                                       \
    {                                                                               \
        scope "_cond_expr", WANT_TEXT, NULL                                         \
    }

static const struct parameter step_keys[] = {
    {"id", WANT_TEXT, NULL},     {"type", WANT_TEXT, NULL}, GATE_KEYS("rule"),
    GATE_KEYS("detection_item"), GATE_KEYS("field_name"),   {0},
};

static const struct transformation *find_transformation(struct pipeline_reader *r,
                                                        const struct node *type)
{
    struct suggestion s = suggestion_for(type->text);
    for (size_t i = 0; i < n_transformations; i++) {
        if (str_eq_z(type->text, transformations[i].name))
            return &transformations[i];
        suggestion_offer(&s, str_of(transformations[i].name));
    }
    FAULT(r, DIAG_pipeline_transformation, type->at, suggestion_help(r->arena, &s), type->text);
    return NULL;
}

static void read_steps(struct pipeline_reader *r, const struct node *list, unsigned depth,
                       struct step_list *steps);

static void read_step(struct pipeline_reader *r, const struct node *map, unsigned depth,
                      struct step *s)
{
    const struct node *type = node_find(map, "type");
    *s = (struct step){.at = map->at, .id = parameter_text(map, "id"), .index = r->n_steps++};
    if (s->index >= PIPELINE_STEPS_MAX) {
        if (s->index == PIPELINE_STEPS_MAX)
            FAULT(r, DIAG_pipeline_limit, map->at, NO_HELP,
                  str_format(r->arena, "%d", PIPELINE_STEPS_MAX), STR("transformations"));
        return;
    }
    if (!type || type->kind != NODE_STRING) {
        FAULT(r, DIAG_pipeline_missing, map->at, NO_HELP, STR("a transformation"), STR("type"));
        return;
    }
    s->kind = find_transformation(r, type);
    if (!s->kind)
        return;
    if (s->kind->way == WAY_REFUSED || s->kind->way == WAY_SECURITY) {
        FAULT(r, s->kind->way == WAY_REFUSED ? DIAG_pipeline_refused : DIAG_pipeline_security,
              type->at, NO_HELP, type->text, str_of(s->kind->why));
        return;
    }
    bool before = r->faulty;
    r->faulty = false;
    s->node = map;
    check_keys(r, s->node, s->kind->parameters, step_keys,
               str_format(r->arena, "the transformation '%s'", s->kind->name));
    for (unsigned scope = 0; scope < GATE__COUNT; scope++)
        read_gate(r, map, (enum gate_scope)scope, &s->gates[scope]);
    if (!r->faulty && s->kind->prepare && !s->kind->prepare(r, s))
        r->faulty = true;
    if (!r->faulty && s->kind->way == WAY_NEST) {
        struct step_list nested = {0};
        read_steps(r, node_find(s->node, "items"), depth + 1, &nested);
        s->steps = nested.v;
        s->n_steps = nested.n;
    }
    r->faulty = r->faulty || before;
}

static void read_steps(struct pipeline_reader *r, const struct node *list, unsigned depth,
                       struct step_list *steps)
{
    if (depth > PIPELINE_NEST_MAX) {
        FAULT(r, DIAG_pipeline_limit, list->at, NO_HELP,
              str_format(r->arena, "%d", PIPELINE_NEST_MAX), STR("nest inside each other"));
        return;
    }
    steps->v = ARENA_ARRAY(r->arena, list->n, struct step);
    for (size_t i = 0; i < list->n && r->n_steps <= PIPELINE_STEPS_MAX; i++)
        read_step(r, list->items[i], depth, &steps->v[steps->n++]);
}

/* ---- the file ---- */

static const struct parameter top_keys[] = {
    {"name", WANT_TEXT, NULL},
    {"priority", WANT_NUMBER, NULL},
    {"allowed_backends", WANT_ANY, NULL},
    {"vars", WANT_ANY, NULL},
    {"transformations", WANT_STEPS | WANT_NULL, NULL},
    {"postprocessing", WANT_ANY, NULL},
    {"finalizers", WANT_ANY, NULL},
    {0},
};

/* Query text has its own two lists; empty ones do no harm. */
static void refuse_query_text(struct pipeline_reader *r, const struct node *root, const char *key)
{
    const struct pair *pair = node_find_pair(root, key);
    if (pair && pair->value->kind != NODE_NULL && pair->value->n > 0)
        FAULT(r, DIAG_pipeline_query_text, pair->key->at, NO_HELP, str_of(key));
}

static void read_priority(struct pipeline_reader *r, const struct node *root, struct pipeline *p)
{
    const struct node *node = node_find(root, "priority");
    if (!node || r->faulty)
        return;
    if (node->kind != NODE_INT || node->integer > PIPELINE_PRIORITY_MAX ||
        node->integer < -PIPELINE_PRIORITY_MAX)
        FAULT(r, DIAG_pipeline_value, node->at, NO_HELP, STR("priority"),
              str_format(r->arena, "an integer up to %d", PIPELINE_PRIORITY_MAX),
              str_format(r->arena, "'%.*s'", STR_ARG(node->text)));
    p->priority = node->integer;
}

static void read_vars(struct pipeline_reader *r, const struct node *root, struct pipeline *p)
{
    const struct node *vars = node_find(root, "vars");
    if (!vars || vars->kind == NODE_NULL)
        return;
    if (vars->kind != NODE_MAP)
        FAULT(r, DIAG_pipeline_value, vars->at, NO_HELP, STR("vars"), STR("a map"),
              str_of(node_kind_name(vars->kind)));
    else
        p->vars = vars;
}

static struct pipeline *read_pipeline(struct pipeline_reader *r, const struct node *root,
                                      struct str path)
{
    struct pipeline *p = ARENA_NEW(r->arena, struct pipeline);
    p->path = path;
    if (root->kind != NODE_MAP) {
        FAULT(r, DIAG_pipeline_not_a_map, root->at, NO_HELP, str_of(node_kind_name(root->kind)));
        return p;
    }
    p->name = parameter_text(root, "name");
    check_keys(r, root, top_keys, NULL, STR("a pipeline"));
    refuse_query_text(r, root, "postprocessing");
    refuse_query_text(r, root, "finalizers");
    read_priority(r, root, p);
    read_vars(r, root, p);
    const struct node *list = node_find(root, "transformations");
    struct step_list steps = {0};
    if (list && list->kind == NODE_LIST && is_steps(list))
        read_steps(r, list, 0, &steps);
    p->steps = steps.v;
    p->n_steps = steps.n;
    return p;
}

/* Lowest priority first; equal ones by path. */
static int compare_pipelines(const void *left, const void *right)
{
    const struct pipeline *a = *(struct pipeline *const *)left;
    const struct pipeline *b = *(struct pipeline *const *)right;
    if (a->priority != b->priority)
        return a->priority < b->priority ? -1 : 1;
    return str_cmp(a->path, b->path);
}

static void read_file(struct pipeline_reader *r, uint32_t file, struct pipeline **ret_pipeline)
{
    struct str path = sources_get(r->sources, file)->path;
    struct documents d = tree_read(r->arena, r->sources, file, r->sink);
    if (d.n == 1 && d.v[0].root)
        *ret_pipeline = read_pipeline(r, d.v[0].root, path);
    else if (d.n == 1)
        r->faulty = true; /* told by read/ */
    else
        FAULT(r, DIAG_pipeline_not_a_map, d.n ? d.v[1].at : ((struct span){file, 0, 0}), NO_HELP,
              d.n ? STR("a second document") : STR("nothing"));
}

struct pipelines *pipelines_read_sources(struct arena *a, struct sources *sources,
                                         struct diag_sink *sink, const uint32_t *files, size_t n)
{
    struct pipeline_reader r = {.arena = a, .sink = sink, .sources = sources};
    struct pipelines *all = ARENA_NEW(a, struct pipelines);
    all->v = ARENA_ARRAY(a, n, struct pipeline *);
    for (size_t i = 0; i < n; i++)
        read_file(&r, files[i], &all->v[i]);
    if (r.faulty)
        return NULL;
    all->n = n;
    all->n_steps = r.n_steps;
    qsort(all->v, n, sizeof *all->v, compare_pipelines);
    return all;
}

struct pipelines *pipelines_read(struct arena *a, struct sources *sources, struct diag_sink *sink,
                                 const char *const *names, size_t n)
{
    uint32_t *files = ARENA_ARRAY(a, n, uint32_t);
    size_t n_found = 0;
    for (size_t i = 0; i < n; i++) {
        files[n_found] = pipeline_find(sources, sink, a, names[i]);
        n_found += files[n_found] != SPAN_NONE;
    }
    struct pipelines *all = pipelines_read_sources(a, sources, sink, files, n_found);
    return n_found == n ? all : NULL;
}
