#include "modifier.h"

#include "encode.h"
#include "modifier_work.h"
#include "number_text.h"
#include "place.h"
#include "suggest.h"
#include "vec.h"

#define G(group) (1u << GROUP_##group)

const struct modifier modifiers[] = {
#define MODIFIER_ROW(name, alias, group, apply, argument, takes, gives, after, conflicts, flags, \
                     clause)                                                                     \
    {name, alias, GROUP_##group, apply, argument, takes, gives, after, conflicts, flags, clause},
#include "modifiers.def"
#undef MODIFIER_ROW
};
const size_t n_modifiers = sizeof modifiers / sizeof modifiers[0];

/* The key of an item, taken apart. */
struct chain {
    struct arena *arena;
    struct diag_sink *sink;
    struct str field;
    struct span field_at;
    VEC(struct modifier_use) uses;
    struct pending pending; /* of all values of the item */
};

static const struct modifier *find_modifier(struct str name)
{
    for (size_t i = 0; i < n_modifiers; i++)
        if (str_eq_z(name, modifiers[i].name) ||
            (modifiers[i].alias && str_eq_z(name, modifiers[i].alias)))
            return &modifiers[i];
    return NULL;
}

/* Modifiers that only switch something on change nothing when they are said again. */
static bool said_before(const struct chain *c, const struct modifier *m)
{
    if (m->group != GROUP_ITEM && m->group != GROUP_CASED && m->group != GROUP_FLAG)
        return false;
    for (size_t i = 0; i < c->uses.n; i++)
        if (c->uses.v[i].modifier == m)
            return true;
    return false;
}

static void report_unknown(const struct chain *c, struct str name, struct span at)
{
    struct suggestion suggestion = suggestion_for(name);
    for (size_t i = 0; i < n_modifiers; i++) {
        suggestion_offer(&suggestion, str_of(modifiers[i].name));
        if (modifiers[i].alias)
            suggestion_offer(&suggestion, str_of(modifiers[i].alias));
    }
    DIAG(c->sink, DIAG_unknown_modifier, at, suggestion_help(c->arena, &suggestion), name);
}

/* key := field? ( "|" modifier )*, split at every "|". */
static bool chain_read(struct chain *c, const struct node *key)
{
    struct str text = key->text;
    size_t at = str_find(text, '|');
    bool good = true;
    struct place place = place_of(c->sink, key->at, text);
    c->field = str_sub(text, 0, at);
    c->field_at = c->field.len ? place_inside(&place, 0, at) : key->at;
    while (at < text.len) {
        size_t start = at + 1;
        struct str name = str_sub(text, start, str_find(str_sub(text, start, text.len), '|'));
        const struct modifier *modifier = find_modifier(name);
        struct span name_at = place_inside(&place, start, name.len);
        if (!modifier)
            report_unknown(c, name, name_at);
        else if (!said_before(c, modifier))
            *VEC_PUSH(c->arena, &c->uses) = (struct modifier_use){modifier, name, name_at};
        good = good && modifier;
        at = start + name.len;
    }
    return good;
}

static bool conflict(const struct modifier *a, const struct modifier *b)
{
    return (a->conflicts >> b->group & 1) || (b->conflicts >> a->group & 1);
}

/* The first use of each group so far: rows of one group exclude and order alike. */
struct seen {
    const struct modifier_use *first[GROUP__COUNT];
};

static void seen_add(struct seen *seen, const struct modifier_use *use)
{
    const struct modifier_use **first = &seen->first[use->modifier->group];
    if (!*first)
        *first = use;
}

static bool check_conflicts(const struct chain *c)
{
    struct seen seen = {0};
    for (size_t i = 0; i < c->uses.n; i++) {
        const struct modifier_use *use = &c->uses.v[i];
        for (int g = 0; g < GROUP__COUNT; g++) {
            if (seen.first[g] && conflict(seen.first[g]->modifier, use->modifier)) {
                DIAG(c->sink, DIAG_modifier_conflict, use->at, NO_HELP, seen.first[g]->text,
                     use->text);
                return false;
            }
        }
        seen_add(&seen, use);
    }
    return true;
}

static bool check_field(const struct chain *c)
{
    for (size_t i = 0; c->field.len == 0 && i < c->uses.n; i++) {
        if (!(c->uses.v[i].modifier->flags & KEYWORD)) {
            DIAG(c->sink, DIAG_modifier_needs_field, c->uses.v[i].at, NO_HELP, c->uses.v[i].text);
            return false;
        }
    }
    return true;
}

static const struct {
    unsigned operand;
    const char *name;
} operand_names[] = {
    {T_STRING, "a text"},
    {T_NUMBER, "a number"},
    {T_BOOLEAN, "a boolean"},
    {T_NULL, "null"},
    {T_REGEX, "a regex"},
    {T_NETWORK, "a network"},
    {T_PRESENCE, "a presence test"},
    {T_COMPARISON, "a comparison"},
    {T_TIME, "a part of a time"},
    {T_FIELDREF, "a field reference"},
};

/* "a text or a field reference"; all plain scalars together are "a plain value". */
static struct str operand_text(struct arena *a, unsigned mask)
{
    if (mask == T_SCALAR)
        return STR("a plain value");
    struct text text;
    text_init(&text, a);
    for (size_t i = 0; i < sizeof operand_names / sizeof operand_names[0]; i++) {
        if (mask & operand_names[i].operand) {
            text_addz(&text, text.len ? " or " : "");
            text_addz(&text, operand_names[i].name);
        }
    }
    return text_str(&text);
}

/* The earliest modifier so far whose group is not in `allowed`; all and neq do not count. */
static const struct modifier_use *find_forbidden(const struct seen *seen, unsigned allowed)
{
    const struct modifier_use *found = NULL;
    for (int g = GROUP_ITEM + 1; g < GROUP__COUNT; g++)
        if (seen->first[g] && !(allowed >> g & 1) && (!found || seen->first[g] < found))
            found = seen->first[g];
    return found;
}

/* Whether the chain makes sense whatever the values are: left to right, the first fault is told. */
static bool check_order(const struct chain *c)
{
    unsigned state = T_SCALAR;
    struct seen seen = {0};
    for (size_t i = 0; i < c->uses.n; i++) {
        const struct modifier_use *use = &c->uses.v[i];
        const struct modifier *m = use->modifier;
        if (m->group == GROUP_ITEM)
            continue;
        const struct modifier_use *before = find_forbidden(&seen, m->after);
        bool type_fault = !(state & m->takes);
        if (before && ((m->flags & FIRST) || !type_fault)) {
            DIAG(c->sink, DIAG_modifier_order, use->at, NO_HELP, use->text, before->text);
            return false;
        }
        if (type_fault) {
            DIAG(c->sink, DIAG_modifier_type, use->at, NO_HELP, use->text,
                 operand_text(c->arena, m->takes), operand_text(c->arena, state));
            return false;
        }
        state = m->gives ? m->gives : state & m->takes;
        seen_add(&seen, use);
    }
    return true;
}

static const struct modifier_use *find_use(const struct chain *c, const char *name)
{
    for (size_t i = 0; i < c->uses.n; i++)
        if (str_eq_z(str_of(c->uses.v[i].modifier->name), name))
            return &c->uses.v[i];
    return NULL;
}

static bool has_group(const struct chain *c, enum modifier_group group)
{
    for (size_t i = 0; i < c->uses.n; i++)
        if (c->uses.v[i].modifier->group == group)
            return true;
    return false;
}

/* ---- values ---- */

static unsigned operand_of(const struct node *node)
{
    switch (node->kind) {
    case NODE_STRING:
        return T_STRING;
    case NODE_BOOL:
        return T_BOOLEAN;
    case NODE_NULL:
        return T_NULL;
    default:
        return T_NUMBER;
    }
}

static struct value *value_start(struct arena *a, const struct node *node)
{
    struct value *v = ARENA_NEW(a, struct value);
    v->at = node->at;
    v->boolean = node->boolean;
    switch (operand_of(node)) {
    case T_STRING:
        v->kind = VALUE_PATTERN;
        v->patterns = ARENA_ARRAY(a, 1, struct pattern);
        v->patterns[0] = pattern_parse(a, node->text);
        v->n = 1;
        break;
    case T_BOOLEAN:
        v->kind = VALUE_BOOL;
        break;
    case T_NULL:
        v->kind = VALUE_NULL;
        break;
    default:
        v->kind = VALUE_NUMBER;
        v->number = number_of_node(node);
        break;
    }
    return v;
}

static bool apply_chain(struct work *w, const struct chain *c)
{
    for (size_t i = 0; i < c->uses.n; i++) {
        const struct modifier *m = c->uses.v[i].modifier;
        if (!m->apply)
            continue;
        w->use = &c->uses.v[i];
        if (!(w->state & m->takes)) {
            DIAG(w->sink, DIAG_modifier_type, w->node->at, NO_HELP, w->use->text,
                 operand_text(w->arena, m->takes & T_SCALAR),
                 str_of(node_kind_name(w->node->kind)));
            return false;
        }
        if (!m->apply(w, m->argument))
            return false;
        w->state = m->gives ? m->gives : w->state;
    }
    return true;
}

static bool finish_regexes(struct work *w)
{
    w->value->n = w->n_texts;
    w->value->regexes = ARENA_ARRAY(w->arena, w->n_texts, struct regex *);
    for (size_t i = 0; i < w->n_texts; i++) {
        struct regex_error error = {0};
        w->value->regexes[i] = regex_parse(w->arena, w->texts[i], w->flags, &error);
        if (w->value->regexes[i])
            continue;
        if (w->pending && w->pending->n > 0) { /* read again once the placeholders are known */
            w->value->regexes[i] = regex_parse(w->arena, STR(""), w->flags, &error);
            continue;
        }
        struct span at = w->node->at;
        if (str_eq(w->node->text, w->texts[i])) { /* else placeholders moved the columns */
            struct place place = place_of(w->sink, at, w->node->text);
            at = place_inside(&place, error.off, error.len);
        }
        DIAG(w->sink, DIAG_invalid_regex, at, NO_HELP, str_of(error.what));
        return false;
    }
    return true;
}

/* A keyword is searched for: unanchored, and numbers as their decimal text. */
static void finish_keyword(struct work *w)
{
    struct value *v = w->value;
    if (v->kind == VALUE_NUMBER) {
        struct text text;
        text_init(&text, w->arena);
        number_print(&text, &v->number);
        v->kind = VALUE_PATTERN;
        v->patterns = ARENA_ARRAY(w->arena, 1, struct pattern);
        v->patterns[0] = pattern_of_text(w->arena, text_str(&text));
        v->n = 1;
    }
    for (size_t i = 0; v->kind == VALUE_PATTERN && i < v->n; i++)
        v->patterns[i] = pattern_affix(w->arena, &v->patterns[i], true, true);
}

static struct value *value_make(struct chain *c, const struct node *node,
                                const struct rule_options *options, size_t *variants_left)
{
    struct work w = {
        .arena = c->arena,
        .sink = c->sink,
        .placeholders = options ? options->placeholders : NULL,
        .again = options && options->again,
        .pending = options && options->defer ? &c->pending : NULL,
        .variants_left = variants_left,
        .node = node,
        .state = operand_of(node),
        .value = value_start(c->arena, node),
    };
    if (!apply_chain(&w, c))
        return NULL;
    if (w.state == T_REGEX && !finish_regexes(&w))
        return NULL;
    if (w.utf16 && w.utf16_raw) {
        DIAG0(c->sink, DIAG_utf16_needs_base64, node->at, NO_HELP);
        return NULL;
    }
    if (c->field.len == 0)
        finish_keyword(&w);
    return w.value;
}

/* Whether a node may be a value of this item at all. */
static bool check_scalar(const struct chain *c, const struct node *node, size_t n)
{
    if (node->kind == NODE_LIST || node->kind == NODE_MAP) {
        DIAG(c->sink, DIAG_invalid_value_type, node->at, NO_HELP,
             str_of(node_kind_name(node->kind)));
        return false;
    }
    if (node->is_special) {
        DIAG(c->sink, DIAG_invalid_value_type, node->at, STR("quote it if the text is meant"),
             node->text);
        return false;
    }
    if (c->field.len == 0 && (node->kind == NODE_NULL || node->kind == NODE_BOOL)) {
        DIAG(c->sink, DIAG_invalid_keyword, node->at, NO_HELP, str_of(node_kind_name(node->kind)));
        return false;
    }
    if (n > 1 && node->kind == NODE_NULL && !has_group(c, GROUP_EXISTS)) {
        DIAG0(c->sink, DIAG_null_in_list, node->at, NO_HELP);
        return false;
    }
    return true;
}

/* exists asks one thing: a list of several values, or a map, is none of its kind. */
static bool check_exists(const struct chain *c, const struct node *value)
{
    bool several = value->kind == NODE_MAP || (value->kind == NODE_LIST && value->n > 1);
    if (!several || !has_group(c, GROUP_EXISTS))
        return true;
    DIAG(c->sink, DIAG_exists_value, value->at, NO_HELP, str_of(node_kind_name(value->kind)));
    return false;
}

static struct span item_span(const struct node *key, const struct node *value)
{
    struct span at = key->at;
    if (value->at.file == at.file && value->at.off >= at.off)
        at.len = value->at.off + value->at.len - at.off;
    return at; /* an alias stands elsewhere: the key alone */
}

static void warn_about(const struct chain *c, const struct item *item)
{
    const struct modifier_use *all = find_use(c, "all"), *offset = find_use(c, "base64offset");
    if (all && item->n_values == 1)
        DIAG0(c->sink, DIAG_single_all, all->at, NO_HELP);
    if (offset && c->field.len > 0 && !has_group(c, GROUP_SUBSTRING))
        DIAG0(c->sink, DIAG_bare_base64offset, offset->at, NO_HELP);
}

static struct item *item_make(struct chain *c, const struct node *key, const struct node *value,
                              const struct rule_options *options)
{
    size_t own = RULE_VARIANTS_MAX;
    size_t *left = options && options->variants_left ? options->variants_left : &own;
    bool list = value->kind == NODE_LIST;
    size_t n = list ? value->n : 1;
    if (n == 0) {
        DIAG0(c->sink, DIAG_empty_value_list, value->at, NO_HELP);
        return NULL;
    }
    if (!check_exists(c, value))
        return NULL;
    struct item *item = ARENA_NEW(c->arena, struct item);
    *item = (struct item){
        .field = c->field,
        .field_at = c->field_at,
        .at = item_span(key, value),
        .all = find_use(c, "all") != NULL,
        .neq = find_use(c, "neq") != NULL,
        .values = ARENA_ARRAY(c->arena, n, struct value *),
        .n_values = n,
        .key = key,
        .written = value,
    };
    bool good = true;
    for (size_t i = 0; i < n; i++) {
        const struct node *node = list ? value->items[i] : value;
        item->values[i] = check_scalar(c, node, n) ? value_make(c, node, options, left) : NULL;
        good = good && item->values[i];
    }
    item->pending = c->pending.v;
    item->n_pending = c->pending.n;
    if (good && !(options && options->again))
        warn_about(c, item);
    return good ? item : NULL;
}

struct item *item_read(struct arena *a, struct diag_sink *sink, const struct node *key,
                       const struct node *value, const struct rule_options *options)
{
    struct chain c = {.arena = a, .sink = sink};
    if (key->kind != NODE_STRING) {
        DIAG(sink, DIAG_invalid_key, key->at, NO_HELP, str_of(node_kind_name(key->kind)));
        return NULL;
    }
    if (!chain_read(&c, key) || !check_conflicts(&c) || !check_field(&c) || !check_order(&c))
        return NULL;
    return item_make(&c, key, value, options);
}

struct item *item_read_keywords(struct arena *a, struct diag_sink *sink, const struct node *value,
                                const struct rule_options *options)
{
    struct chain c = {.arena = a, .sink = sink, .field = STR(""), .field_at = value->at};
    return item_make(&c, value, value, options);
}
