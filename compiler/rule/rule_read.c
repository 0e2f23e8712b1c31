#include "rule.h"

#include "arena.h"
#include "collection.h"
#include "rule_reader.h"

/* Diagnostics carry the rule's id, else its title, also when the rule turns out to be faulty. */
static void name_rule(struct diag_sink *sink, const struct node *root)
{
    const struct node *id = node_find(root, "id"), *title = node_find(root, "title");
    if (id && id->kind == NODE_STRING && uuid_valid(id->text))
        diag_rule(sink, id->text, true);
    else if (title && title->kind == NODE_STRING)
        diag_rule(sink, title->text, false);
}

static struct span first_key(const struct document *doc)
{
    return doc->root->n > 0 ? doc->root->pairs[0].key->at : doc->at;
}

void reader_open(struct rule_reader *r, const struct document *doc, const struct node *root,
                 const struct rule_options *options)
{
    r->variants_left = RULE_VARIANTS_MAX;
    r->own = options ? *options : (struct rule_options){0};
    r->own.variants_left = &r->variants_left;
    r->options = &r->own;
    r->document_at = first_key(doc);
    r->rule = ARENA_NEW(r->arena, struct rule);
    r->rule->file = doc->file;
    r->rule->document = doc->number;
    r->rule->at = doc->at;
    r->rule->root = root;
    name_rule(r->sink, root);
}

void reader_close(struct rule_reader *r)
{
    diag_rule(r->sink, STR(""), false);
}

static enum document_kind read_root(struct arena *a, struct diag_sink *sink,
                                    const struct document *doc, const struct node *root,
                                    const struct rule_options *options, struct rule **ret_rule)
{
    struct rule_reader r = {.arena = a, .sink = sink, .kind = DOCUMENT_RULE};
    reader_open(&r, doc, root, options);
    attributes_read(&r, root);
    const struct pair *detection = node_find_pair(root, "detection");
    detection_read(&r, detection ? detection->key : NULL, detection ? detection->value : NULL);
    if (r.faulty)
        return DOCUMENT_REFUSED;
    *ret_rule = r.rule;
    return DOCUMENT_RULE;
}

enum document_kind rule_read(struct arena *a, struct diag_sink *sink, const struct document *doc,
                             struct collection *state, const struct rule_options *options,
                             struct rule **ret_rule)
{
    if (!doc->root)
        return DOCUMENT_REFUSED; /* told by read/ */
    if (doc->root->kind != NODE_MAP) {
        DIAG(sink, DIAG_not_a_mapping, doc->root->at, NO_HELP,
             str_of(node_kind_name(doc->root->kind)));
        return DOCUMENT_REFUSED;
    }
    const struct node *root = NULL;
    name_rule(sink, doc->root);
    enum document_kind kind = collection_apply(a, sink, doc, state, &root);
    if (kind == DOCUMENT_RULE)
        kind = read_root(a, sink, doc, root, options, ret_rule);
    diag_rule(sink, STR(""), false);
    return kind;
}
