#include "arena.h"
#include "filter.h"
#include "rule_reader.h"

static void add_reference(struct rule_reader *r, struct filter *filter, const struct node *node)
{
    if (node->kind == NODE_STRING && node->text.len > 0)
        filter->rules[filter->n_rules++] = (struct reference){node->text, node->at};
    else
        RULE_FAULT(r, DIAG_filter_rules, node->at, NO_HELP,
                   node->kind == NODE_STRING ? STR("holds an empty name")
                                             : wrong_kind(r->arena, "ids or names", node));
}

/* rules := "any" | id or name | [ id or name, ... ]; the empty list is any, too. */
static void read_rules(struct rule_reader *r, struct filter *filter, const struct pair *filter_pair)
{
    const struct pair *pair = node_find_pair(filter_pair->value, "rules");
    if (!pair || pair->value->kind == NODE_NULL) {
        RULE_FAULT(r, DIAG_filter_rules, pair ? pair->key->at : filter_pair->key->at,
                   STR("`rules: any` means every rule of the log source"), STR("is missing"));
        return;
    }
    const struct node *node = pair->value;
    bool list = node->kind == NODE_LIST;
    filter->rules = ARENA_ARRAY(r->arena, list ? node->n : 1, struct reference);
    filter->any = list ? node->n == 0 : node->kind == NODE_STRING && str_eq_z(node->text, "any");
    if (filter->any)
        return;
    if (!list)
        add_reference(r, filter, node);
    for (size_t i = 0; list && i < node->n; i++)
        add_reference(r, filter, node->items[i]);
}

static void read_filter(struct rule_reader *r, struct filter *filter, const struct node *root)
{
    const struct pair *pair = node_find_pair(root, "filter"), *detection;
    if (pair->value->kind != NODE_MAP) {
        RULE_FAULT(r, DIAG_invalid_filter, pair->value->at, NO_HELP,
                   wrong_kind(r->arena, "a map", pair->value));
        return;
    }
    detection = node_find_pair(root, "detection");
    if (detection)
        DIAG(r->sink, DIAG_no_effect, detection->key->at, NO_HELP, detection->key->text,
             STR("in a filter"));
    read_rules(r, filter, pair);
    detection_read(r, pair->key, pair->value);
}

struct filter *filter_read(struct arena *a, struct diag_sink *sink, const struct document *doc,
                           const struct rule_options *options)
{
    struct rule_reader r = {.arena = a, .sink = sink, .kind = DOCUMENT_FILTER};
    struct filter *filter = ARENA_NEW(a, struct filter);
    reader_open(&r, doc, doc->root, options);
    filter->head = r.rule;
    attributes_read(&r, doc->root);
    read_filter(&r, filter, doc->root);
    reader_close(&r);
    return r.faulty ? NULL : filter;
}
