#include "correlation.h"

#include "arena.h"
#include "number_text.h"
#include "rule_reader.h"
#include "suggest.h"
#include "timespan.h"

static const char *const type_names[CORRELATION_TYPE__COUNT] = {
    [CORRELATION_EVENT_COUNT] = "event_count",
    [CORRELATION_VALUE_COUNT] = "value_count",
    [CORRELATION_TEMPORAL] = "temporal",
    [CORRELATION_TEMPORAL_ORDERED] = "temporal_ordered",
    [CORRELATION_VALUE_SUM] = "value_sum",
    [CORRELATION_VALUE_AVG] = "value_avg",
    [CORRELATION_VALUE_PERCENTILE] = "value_percentile",
    [CORRELATION_VALUE_MEDIAN] = "value_median",
};
static const char *const operator_names[CORRELATION_OPERATOR__COUNT] = {
    [CORRELATION_GT] = "gt",   [CORRELATION_GTE] = "gte", [CORRELATION_LT] = "lt",
    [CORRELATION_LTE] = "lte", [CORRELATION_EQ] = "eq",   [CORRELATION_NEQ] = "neq",
};

const char *correlation_type_name(enum correlation_type type)
{
    return type_names[type];
}

const char *correlation_operator_name(enum correlation_operator op)
{
    return operator_names[op];
}

bool correlation_is_temporal(enum correlation_type type)
{
    return type == CORRELATION_TEMPORAL || type == CORRELATION_TEMPORAL_ORDERED;
}

/* One document on its way to a correlation. */
struct reading {
    struct rule_reader r;
    struct correlation *c;
    const struct node *map; /* the value of `correlation` */
    struct span at;         /* its key: the place of what is missing */
    bool type_known, rules_known;
};

/* The value of a key, NULL when it is not given or null. */
static const struct pair *given(const struct node *map, const char *key)
{
    const struct pair *pair = node_find_pair(map, key);
    return pair && pair->value->kind != NODE_NULL ? pair : NULL;
}

static void fault(struct reading *g, enum diag_code code, struct span at, struct str what)
{
    RULE_FAULT(&g->r, code, at, NO_HELP, what);
}

static void wrong(struct reading *g, enum diag_code code, const struct node *node,
                  const char *wanted)
{
    fault(g, code, node->at, wrong_kind(g->r.arena, wanted, node));
}

/* ---- type ---- */

static void unknown_type(struct reading *g, const struct node *node)
{
    struct suggestion suggestion = suggestion_for(node->text);
    for (unsigned i = 0; i < CORRELATION_TYPE__COUNT; i++)
        suggestion_offer(&suggestion, str_of(type_names[i]));
    RULE_FAULT(&g->r, DIAG_correlation_type, node->at, suggestion_help(g->r.arena, &suggestion),
               str_format(g->r.arena, "'%.*s' is not known", STR_ARG(node->text)));
}

static void read_type(struct reading *g)
{
    const struct pair *pair = given(g->map, "type");
    if (!pair) {
        fault(g, DIAG_correlation_type, g->at, STR("is missing"));
        return;
    }
    if (pair->value->kind != NODE_STRING) {
        wrong(g, DIAG_correlation_type, pair->value, "a text");
        return;
    }
    for (unsigned i = 0; i < CORRELATION_TYPE__COUNT; i++)
        if (str_eq_z(pair->value->text, type_names[i])) {
            g->c->type = (enum correlation_type)i;
            g->type_known = true;
            return;
        }
    unknown_type(g, pair->value);
}

/* ---- lists of texts, or one text ---- */

struct texts {
    enum diag_code code;
    size_t max;
    const struct node **v; /* the texts, none of them empty */
    size_t n;
};

static bool add_text(struct reading *g, struct texts *texts, const struct node *node)
{
    if (node->kind != NODE_STRING)
        wrong(g, texts->code, node, "a text or a list of texts");
    else if (node->text.len == 0)
        fault(g, texts->code, node->at, STR("holds an empty text"));
    else
        texts->v[texts->n++] = node;
    return node->kind == NODE_STRING && node->text.len > 0;
}

/* False after reporting. */
static bool read_texts(struct reading *g, struct texts *texts, const struct pair *pair)
{
    const struct node *node = pair->value;
    bool list = node->kind == NODE_LIST, good = true;
    size_t n = list ? node->n : 1;
    if (n > texts->max) {
        fault(g, texts->code, pair->key->at,
              str_format(g->r.arena, "holds more than %zu texts", texts->max));
        return false;
    }
    texts->v = ARENA_ARRAY(g->r.arena, n, const struct node *);
    for (size_t i = 0; i < n; i++)
        good = add_text(g, texts, list ? node->items[i] : node) && good;
    return good;
}

static struct str *strings(struct arena *a, const struct texts *texts)
{
    struct str *s = ARENA_ARRAY(a, texts->n, struct str);
    for (size_t i = 0; i < texts->n; i++)
        s[i] = texts->v[i]->text;
    return s;
}

/* ---- rules ---- */

static void refer(struct reading *g, struct str text, struct span at)
{
    struct correlation_rule *rule = &g->c->rules[g->c->n_rules++];
    rule->reference = (struct reference){text, at};
}

/* The condition names the rules where `rules` does not. */
static void rules_of_condition(struct reading *g, const struct node *condition)
{
    struct str *names;
    struct span *places;
    size_t n =
        condition_names(g->r.arena, g->r.sink, condition->text, condition->at, &names, &places);
    if (n > CORRELATION_RULES_MAX) {
        fault(g, DIAG_correlation_rules, condition->at,
              str_format(g->r.arena, "holds more than %d texts", CORRELATION_RULES_MAX));
        return;
    }
    g->c->rules = ARENA_ARRAY(g->r.arena, n, struct correlation_rule);
    for (size_t i = 0; i < n; i++)
        refer(g, names[i], places[i]);
    g->rules_known = true;
}

static void read_rules(struct reading *g)
{
    const struct pair *pair = given(g->map, "rules"), *condition = given(g->map, "condition");
    bool extended = condition && condition->value->kind == NODE_STRING;
    if (!pair && extended) {
        rules_of_condition(g, condition->value);
        return;
    }
    if (!pair || (pair->value->kind == NODE_LIST && pair->value->n == 0)) {
        fault(g, DIAG_correlation_rules, pair ? pair->key->at : g->at,
              pair ? STR("is empty") : STR("is missing"));
        return;
    }
    struct texts texts = {.code = DIAG_correlation_rules, .max = CORRELATION_RULES_MAX};
    if (!read_texts(g, &texts, pair))
        return;
    g->c->rules = ARENA_ARRAY(g->r.arena, texts.n, struct correlation_rule);
    for (size_t i = 0; i < texts.n; i++)
        refer(g, texts.v[i]->text, texts.v[i]->at);
    g->rules_known = true;
}

/* ---- time span ---- */

static void read_timespan(struct reading *g)
{
    const struct pair *pair = given(g->map, "timespan"), *legacy = given(g->map, "timeframe");
    struct timespan span;
    const char *why;
    if (pair && legacy) {
        fault(g, DIAG_correlation_timespan, legacy->key->at,
              STR("stands twice: timeframe is an old name of it"));
        return;
    }
    if (legacy) {
        DIAG0(g->r.sink, DIAG_correlation_timeframe, legacy->key->at, NO_HELP);
        pair = legacy;
    }
    if (!pair) {
        fault(g, DIAG_correlation_timespan, g->at, STR("is missing"));
    } else if (pair->value->kind != NODE_STRING) {
        wrong(g, DIAG_correlation_timespan, pair->value, "a text such as 5m");
    } else if (!timespan_parse(pair->value->text, &span, &why)) {
        fault(g, DIAG_correlation_timespan, pair->value->at, str_of(why));
    } else {
        g->c->timespan = span.seconds;
        if (!span.portable)
            DIAG(g->r.sink, DIAG_timespan_unit, pair->value->at, NO_HELP,
                 (struct str){&span.unit, 1},
                 str_format(g->r.arena, "%llu", (unsigned long long)span.seconds));
    }
}

/* ---- group-by ---- */

static void read_group_by(struct reading *g)
{
    const struct pair *pair = given(g->map, "group-by");
    struct texts texts = {.code = DIAG_correlation_group_by, .max = CORRELATION_FIELDS_MAX};
    if (!pair || !read_texts(g, &texts, pair))
        return;
    g->c->group_by = strings(g->r.arena, &texts);
    g->c->n_group_by = texts.n;
}

/* ---- condition ---- */

static bool is_number(const struct node *node)
{
    return node->kind == NODE_INT || node->kind == NODE_UINT ||
           (node->kind == NODE_FLOAT && !node->is_special);
}

static void unknown_operator(struct reading *g, const struct node *key)
{
    struct suggestion suggestion = suggestion_for(key->text);
    for (unsigned i = 0; i < CORRELATION_OPERATOR__COUNT; i++)
        suggestion_offer(&suggestion, str_of(operator_names[i]));
    suggestion_offer(&suggestion, STR("field"));
    suggestion_offer(&suggestion, STR("percentile"));
    RULE_FAULT(&g->r, DIAG_correlation_condition, key->at, suggestion_help(g->r.arena, &suggestion),
               str_format(g->r.arena, "a condition has no key '%.*s'", STR_ARG(key->text)));
}

static void read_bound(struct reading *g, enum correlation_operator op, const struct node *value)
{
    if (!is_number(value)) {
        fault(g, DIAG_correlation_condition, value->at,
              str_format(g->r.arena, "%s takes a number, this is %s", operator_names[op],
                         node_kind_name(value->kind)));
        return;
    }
    g->c->bounds[g->c->n_bounds++] = (struct correlation_bound){op, number_of_node(value)};
}

static void read_percentile(struct reading *g, const struct pair *pair)
{
    const struct node *value = pair->value;
    if (g->type_known && g->c->type != CORRELATION_VALUE_PERCENTILE) {
        fault(g, DIAG_correlation_condition, pair->key->at,
              STR("percentile belongs to value_percentile"));
    } else if (!is_number(value) || value->real < 0 || value->real > 100) {
        fault(g, DIAG_correlation_condition, value->at,
              STR("percentile is a number between 0 and 100"));
    } else {
        g->c->has_percentile = true;
        g->c->percentile = number_of_node(value);
    }
}

static void read_field(struct reading *g, const struct pair *pair)
{
    struct texts texts = {.code = DIAG_correlation_field, .max = CORRELATION_FIELDS_MAX};
    bool counts_events =
        g->c->type == CORRELATION_EVENT_COUNT || correlation_is_temporal(g->c->type);
    if (!read_texts(g, &texts, pair) || !g->type_known)
        return;
    if (counts_events) {
        DIAG(g->r.sink, DIAG_no_effect, pair->key->at, NO_HELP, pair->key->text,
             str_format(g->r.arena, "in a correlation of type %s", type_names[g->c->type]));
    } else if (texts.n != 1 && (g->c->type != CORRELATION_VALUE_COUNT || texts.n == 0)) {
        fault(g, DIAG_correlation_field, pair->value->at,
              str_format(g->r.arena, "of %s is one text, this is a list of %zu",
                         type_names[g->c->type], texts.n));
    } else {
        g->c->fields = strings(g->r.arena, &texts);
        g->c->n_fields = texts.n;
    }
}

static void read_condition_pair(struct reading *g, const struct pair *pair)
{
    struct str key = pair->key->text;
    if (pair->key->kind != NODE_STRING) {
        fault(g, DIAG_correlation_condition, pair->key->at, STR("a key of a condition is a text"));
        return;
    }
    for (unsigned i = 0; i < CORRELATION_OPERATOR__COUNT; i++)
        if (str_eq_z(key, operator_names[i])) {
            read_bound(g, (enum correlation_operator)i, pair->value);
            return;
        }
    if (str_eq_z(key, "field") || str_eq_z(key, "percentile")) {
        if (pair->value->kind == NODE_NULL)
            return;
        if (key.p[0] == 'f')
            read_field(g, pair);
        else
            read_percentile(g, pair);
        return;
    }
    unknown_operator(g, pair->key);
}

static bool has_operator(const struct node *map)
{
    for (unsigned i = 0; i < CORRELATION_OPERATOR__COUNT; i++)
        if (node_find(map, operator_names[i]))
            return true;
    return false;
}

static void read_condition_map(struct reading *g, const struct pair *pair)
{
    const struct node *map = pair->value;
    bool wants_field = g->type_known && g->c->type != CORRELATION_EVENT_COUNT &&
                       !correlation_is_temporal(g->c->type);
    bool faulty = g->r.faulty;
    g->r.faulty = false;
    g->c->bounds = ARENA_ARRAY(g->r.arena, map->n, struct correlation_bound);
    for (size_t i = 0; i < map->n; i++)
        read_condition_pair(g, &map->pairs[i]);
    if (!g->r.faulty && !has_operator(map))
        fault(g, DIAG_correlation_condition, pair->key->at,
              STR("the condition has none of gt, gte, lt, lte, eq and neq"));
    if (wants_field && !given(map, "field"))
        fault(g, DIAG_correlation_field, pair->key->at,
              str_format(g->r.arena, "of %s is missing in the condition", type_names[g->c->type]));
    g->r.faulty = g->r.faulty || faulty;
}

static void mark_named(const struct condition *c, bool *named)
{
    if (c->kind == COND_IDENTIFIER)
        named[c->identifier] = true;
    for (size_t i = 0; i < c->n_children; i++)
        mark_named(c->children[i], named);
}

/* Names and `rules` are the same set. */
static void read_expression(struct reading *g, const struct node *node)
{
    size_t n = g->c->n_rules;
    struct str *names = ARENA_ARRAY(g->r.arena, n, struct str);
    bool *named = ARENA_ARRAY(g->r.arena, n, bool);
    for (size_t i = 0; i < n; i++)
        names[i] = g->c->rules[i].reference.text;
    struct condition_scope scope = {names, n, true};
    g->c->expression = condition_parse(g->r.arena, g->r.sink, node->text, node->at, &scope);
    if (!g->c->expression) {
        g->r.faulty = true;
        return;
    }
    mark_named(g->c->expression, named);
    for (size_t i = 0; i < n; i++)
        if (!named[i])
            fault(g, DIAG_correlation_condition, g->c->rules[i].reference.at,
                  str_format(g->r.arena, "the condition does not name '%.*s', which `rules` lists",
                             STR_ARG(names[i])));
}

static void read_condition(struct reading *g)
{
    const struct pair *pair = given(g->map, "condition");
    bool temporal = correlation_is_temporal(g->c->type);
    if (pair && pair->value->kind == NODE_MAP) {
        read_condition_map(g, pair);
    } else if (pair && pair->value->kind != NODE_STRING) {
        fault(g, DIAG_correlation_condition, pair->value->at,
              str_format(g->r.arena, "the condition is a map, or an expression, this is %s",
                         node_kind_name(pair->value->kind)));
    } else if (!g->type_known) {
        return; /* whether there must or may be one is not known */
    } else if (!pair && !temporal) {
        fault(g, DIAG_correlation_condition, g->at,
              str_format(g->r.arena, "%s needs a condition", type_names[g->c->type]));
    } else if (pair && !temporal) {
        fault(g, DIAG_correlation_condition, pair->value->at,
              STR("an expression over rules belongs to temporal and temporal_ordered"));
    } else if (pair && g->rules_known) {
        read_expression(g, pair->value);
    }
}

/* ---- aliases ---- */

static void read_alias(struct reading *g, const struct pair *pair)
{
    const struct node *map = pair->value;
    struct correlation_alias *alias = &g->c->aliases[g->c->n_aliases++];
    if (pair->key->kind != NODE_STRING || map->kind != NODE_MAP || map->n == 0 ||
        map->n > CORRELATION_RULES_MAX) {
        fault(g, DIAG_correlation_aliases, pair->key->at,
              STR("maps each alias, a text, to a map of rules to fields"));
        return;
    }
    alias->name = pair->key->text;
    alias->at = pair->key->at;
    alias->rules = ARENA_ARRAY(g->r.arena, map->n, struct reference);
    alias->written = ARENA_ARRAY(g->r.arena, map->n, struct str);
    for (size_t i = 0; i < map->n; i++) {
        const struct node *rule = map->pairs[i].key, *field = map->pairs[i].value;
        if (rule->kind != NODE_STRING || field->kind != NODE_STRING || field->text.len == 0) {
            fault(g, DIAG_correlation_aliases, rule->at,
                  STR("maps a rule, by id or name, to the name of a field"));
            continue;
        }
        alias->written[alias->n] = field->text;
        alias->rules[alias->n++] = (struct reference){rule->text, rule->at};
    }
}

static void read_aliases(struct reading *g)
{
    const struct pair *pair = given(g->map, "aliases");
    if (!pair)
        return;
    if (pair->value->kind != NODE_MAP) {
        wrong(g, DIAG_correlation_aliases, pair->value, "a map");
        return;
    }
    if (pair->value->n > CORRELATION_FIELDS_MAX) {
        fault(g, DIAG_correlation_aliases, pair->key->at,
              str_format(g->r.arena, "holds more than %d aliases", CORRELATION_FIELDS_MAX));
        return;
    }
    g->c->aliases = ARENA_ARRAY(g->r.arena, pair->value->n, struct correlation_alias);
    for (size_t i = 0; i < pair->value->n; i++)
        read_alias(g, &pair->value->pairs[i]);
}

/* ---- generate ---- */

/* At the top of the document, as the specification has it, or inside, as pySigma reads it. */
static void read_generate(struct reading *g, const struct node *root)
{
    const struct pair *places[] = {given(root, "generate"), given(g->map, "generate")};
    for (size_t i = 0; i < 2; i++) {
        if (places[i] && places[i]->value->kind != NODE_BOOL)
            wrong(g, DIAG_correlation_generate, places[i]->value, "true or false");
        else if (places[i])
            g->c->generate = places[i]->value->boolean;
    }
    if (places[0] && places[1] && places[0]->value->kind == NODE_BOOL &&
        places[1]->value->kind == NODE_BOOL &&
        places[0]->value->boolean != places[1]->value->boolean)
        fault(g, DIAG_correlation_generate, places[1]->value->at,
              STR("says something else at the top of the document"));
}

/* ---- the document ---- */

/* Keys that mean nothing: the specification leaves custom ones free, so they are told, not refused.
 */
static void tell_idle_keys(struct reading *g, const struct node *root)
{
    static const char *const known[] = {"type",     "rules",     "timespan", "timeframe",
                                        "group-by", "condition", "aliases",  "generate"};
    static const char *const idle[] = {"logsource", "detection", "filter"};
    for (size_t i = 0; i < g->map->n; i++) {
        const struct node *key = g->map->pairs[i].key;
        struct suggestion suggestion = suggestion_for(key->text);
        bool found = false;
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
            found = found || str_eq_z(key->text, known[k]);
            suggestion_offer(&suggestion, str_of(known[k]));
        }
        if (!found)
            DIAG(g->r.sink, DIAG_no_effect, key->at, suggestion_help(g->r.arena, &suggestion),
                 key->text, STR("in a correlation"));
    }
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++) {
        const struct pair *pair = node_find_pair(root, idle[i]);
        if (pair)
            DIAG(g->r.sink, DIAG_no_effect, pair->key->at, NO_HELP, pair->key->text,
                 STR("beside a correlation"));
    }
}

static void read_map(struct reading *g, const struct node *root)
{
    read_type(g);
    read_rules(g);
    read_timespan(g);
    read_group_by(g);
    read_condition(g);
    read_aliases(g);
    read_generate(g, root);
    tell_idle_keys(g, root);
}

struct correlation *correlation_read(struct arena *a, struct diag_sink *sink,
                                     const struct document *doc)
{
    const struct pair *pair = node_find_pair(doc->root, "correlation");
    struct reading g = {
        .r = {.arena = a, .sink = sink, .kind = DOCUMENT_CORRELATION},
        .c = ARENA_NEW(a, struct correlation),
        .map = pair->value,
        .at = pair->key->at,
    };
    reader_open(&g.r, doc, doc->root, NULL);
    g.c->head = g.r.rule;
    attributes_read(&g.r, doc->root);
    if (g.map->kind == NODE_MAP)
        read_map(&g, doc->root);
    else
        fault(&g, DIAG_correlation_type, pair->value->at,
              str_format(a, "cannot be read: correlation is a map, this is %s",
                         node_kind_name(pair->value->kind)));
    reader_close(&g.r);
    return g.r.faulty ? NULL : g.c;
}
