/* The two tables, and what their rows prepare when a file is read. */
#include <string.h>

#include "modifier.h"
#include "passage.h"
#include "vec.h"

const struct transformation transformations[] = {
#define TRANSFORMATION(name, way, apply, prepare, why, ...) \
    {name, way, apply, prepare, why, {__VA_ARGS__}},
#include "transformations.def"
#undef TRANSFORMATION
};
const size_t n_transformations = sizeof transformations / sizeof *transformations;

const struct gate_kind gate_kinds[] = {
#define CONDITION(name, scopes, test, ...) {name, scopes, test, {__VA_ARGS__}},
#include "pipeline_conditions.def"
#undef CONDITION
};
const size_t n_gate_kinds = sizeof gate_kinds / sizeof *gate_kinds;

bool prepare_names(struct pipeline_reader *r, struct step *s)
{
    const struct node *map = node_find(s->node, "mapping");
    size_t n = map ? map->n : 0;
    const struct node **targets = ARENA_ARRAY(r->arena, n + 1, const struct node *);
    s->names = names_new(r->arena);
    for (size_t i = 0; i < n; i++) {
        if (map->pairs[i].key->kind == NODE_NULL)
            s->keyword = map->pairs[i].value;
        else
            targets[names_intern(s->names, map->pairs[i].key->text)] = map->pairs[i].value;
    }
    s->targets = targets;
    return true;
}

bool prepare_replacement(struct pipeline_reader *r, struct step *s)
{
    const struct node *regex = node_find(s->node, "regex");
    const struct node *by = node_find(s->node, "replacement");
    bool live =
        !parameter_flag(s->node, "skip_special") || parameter_flag(s->node, "interpret_special");
    s->regex = regex_text_new(r->arena, r->sink, regex->text, regex->at);
    if (s->regex)
        s->replacement = replacement_new(r->arena, r->sink, by->text, live, s->regex, by->at);
    return s->replacement != NULL;
}

bool prepare_value(struct pipeline_reader *r, struct step *s)
{
    const struct node *node = node_find(s->node, "value");
    const struct node *type = node_find(s->node, "force_type");
    struct node *forced = ARENA_NEW(r->arena, struct node);
    *forced = *node;
    bool number = node->kind == NODE_INT || node->kind == NODE_UINT || node->kind == NODE_FLOAT;
    bool want_text = type && str_eq_z(type->text, "str");
    bool want_number = type && str_eq_z(type->text, "num");
    if (want_text && (number || node->kind == NODE_STRING)) {
        forced->kind = NODE_STRING;
    } else if ((want_number && !number) || want_text) {
        DIAG(r->sink, DIAG_pipeline_value, node->at, NO_HELP, STR("value"),
             want_text ? STR("a text or a number") : STR("a number"),
             str_of(node_kind_name(node->kind)));
        return false;
    }
    s->value = value_of_node(r->arena, forced);
    return true;
}

bool prepare_exclusive(struct pipeline_reader *r, struct step *s)
{
    const struct pair *exclude = node_find_pair(s->node, "exclude");
    if (!exclude || !node_find(s->node, "include"))
        return true;
    DIAG(r->sink, DIAG_pipeline_value, exclude->key->at, NO_HELP, STR("exclude"),
         STR("without include"), STR("with it"));
    return false;
}

/* The lines of a text, blanks off their ends, without empty ones, as far as the filter finds
 * something in them. NULL after reporting. */
static const struct node *lines_of(struct pipeline_reader *r, struct step *s, struct str text,
                                   const struct node *filter)
{
    struct node *list = ARENA_NEW(r->arena, struct node);
    VEC(struct node *) items = {0};
    *list = (struct node){.kind = NODE_LIST, .at = s->at};
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_sub(text, 3, text.len);
    while (text.len > 0) {
        size_t end = str_find(text, '\n');
        struct str line = str_trim(str_sub(text, 0, end));
        text = str_sub(text, end + 1, text.len);
        enum regex_answer keep =
            filter && line.len ? regex_text_match(s->regex, line, true) : REGEX_TEXT_YES;
        if (keep == REGEX_TEXT_BOUND) {
            DIAG(r->sink, DIAG_pipeline_regex, filter->at, NO_HELP,
                 STR("a run ended at its limit"));
            return NULL;
        }
        if (line.len == 0 || keep == REGEX_TEXT_NO)
            continue;
        struct node *item = ARENA_NEW(r->arena, struct node);
        *item = (struct node){.kind = NODE_STRING, .at = s->at, .text = line, .quoted = true};
        *VEC_PUSH(r->arena, &items) = item;
    }
    list->items = items.v;
    list->n = items.n;
    return list;
}

bool prepare_lines(struct pipeline_reader *r, struct step *s)
{
    const struct node *path = node_find(s->node, "path"), *filter = node_find(s->node, "filter");
    const char *why;
    if (!prepare_exclusive(r, s))
        return false;
    if (filter && !(s->regex = regex_text_new(r->arena, r->sink, filter->text, filter->at)))
        return false;
    uint32_t file = sources_load(r->sources, path->text, path->text, &why);
    if (file == SPAN_NONE) {
        DIAG(r->sink, DIAG_file_unreadable, path->at, NO_HELP, path->text, str_of(why));
        return false;
    }
    s->lines = lines_of(r, s, sources_get(r->sources, file)->text, filter);
    return s->lines != NULL;
}

/* Reads the items once, so that their faults are the pipeline's and not some rule's. */
bool prepare_detection(struct pipeline_reader *r, struct step *s)
{
    const struct node *map = node_find(s->node, "conditions");
    bool good = true;
    for (size_t i = 0; i < map->n; i++)
        if (!item_read(r->arena, r->sink, map->pairs[i].key, map->pairs[i].value, NULL))
            good = false;
    return good;
}

static bool prepare_patterns(struct pipeline_reader *r, struct gate_condition *c)
{
    const struct node *fields = node_find(c->node, "fields");
    const struct node *pattern = node_find(c->node, "pattern");
    bool re = str_eq_z(parameter_text(c->node, "mode"), "re");
    size_t n = pattern ? 1 : re ? fields->n : 0;
    c->regexes = ARENA_ARRAY(r->arena, n, struct regex_text *);
    for (size_t i = 0; i < n; i++) {
        const struct node *node = pattern ? pattern : fields->items[i];
        c->regexes[i] = regex_text_new(r->arena, r->sink, node->text, node->at);
        if (!c->regexes[i])
            return false;
    }
    c->n_regexes = n;
    return true;
}

/* Levels and statuses have an order, so what they are compared with must be one. */
static bool check_attribute(struct pipeline_reader *r, const struct gate_condition *c)
{
    const struct node *value = node_find(c->node, "value");
    struct str attribute = parameter_text(c->node, "attribute");
    enum rule_level level;
    enum rule_status status;
    bool level_fault = str_eq_z(attribute, "level") && !rule_level_parse(value->text, &level);
    bool status_fault = str_eq_z(attribute, "status") && !rule_status_parse(value->text, &status);
    if (!level_fault && !status_fault)
        return true;
    DIAG(r->sink, DIAG_pipeline_value, value->at, NO_HELP, STR("value"),
         level_fault ? STR("a level") : STR("a status"),
         str_format(r->arena, "'%.*s'", STR_ARG(value->text)));
    return false;
}

bool prepare_condition(struct pipeline_reader *r, struct gate_condition *c)
{
    const struct node *value = node_find(c->node, "value");
    if (value)
        c->value = value_of_node(r->arena, value);
    if (c->kind->test == test_attribute && !check_attribute(r, c))
        return false;
    return prepare_patterns(r, c);
}
