#include <inttypes.h>

#include "tree.h"

const struct pair *node_find_pair(const struct node *map, const char *key)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    struct str name = str_of(key);
    for (size_t i = 0; i < map->n; i++)
        if (map->pairs[i].key->kind == NODE_STRING && str_eq(map->pairs[i].key->text, name))
            return &map->pairs[i];
    return NULL;
}

const struct node *node_find(const struct node *map, const char *key)
{
    const struct pair *pair = node_find_pair(map, key);
    return pair ? pair->value : NULL;
}

const char *node_kind_name(enum node_kind kind)
{
    switch (kind) {
    case NODE_NULL:
        return "null";
    case NODE_BOOL:
        return "a boolean";
    case NODE_INT:
    case NODE_UINT:
    case NODE_FLOAT:
        return "a number";
    case NODE_STRING:
        return "a text";
    case NODE_LIST:
        return "a list";
    case NODE_MAP:
        return "a map";
    }
    return "nothing";
}

static void print_scalar(struct text *out, const struct node *n)
{
    switch (n->kind) {
    case NODE_NULL:
        text_addz(out, "null");
        break;
    case NODE_BOOL:
        text_addz(out, n->boolean ? "bool true" : "bool false");
        break;
    case NODE_INT:
        text_addf(out, "int %" PRId64, n->integer);
        break;
    case NODE_UINT:
        text_addf(out, "uint %" PRIu64, n->uinteger);
        break;
    case NODE_FLOAT: /* as written: printing a double would depend on the locale */
        text_addf(out, "float %.*s", STR_ARG(n->text));
        break;
    default:
        text_addz(out, "string ");
        text_quoted(out, n->text);
        break;
    }
}

static void indent(struct text *out, unsigned level)
{
    for (unsigned i = 0; i < level; i++)
        text_addz(out, "  ");
}

/* What follows a key or dash. Recursion ends at TREE_DEPTH_MAX, aliases included. */
static void print_node(struct text *out, const struct node *n, unsigned level)
{
    if (n->kind != NODE_LIST && n->kind != NODE_MAP) {
        print_scalar(out, n);
        text_addz(out, "\n");
        return;
    }
    text_addz(out, n->kind == NODE_LIST ? "list\n" : "map\n");
    for (size_t i = 0; i < n->n; i++) {
        indent(out, level);
        if (n->kind == NODE_LIST) {
            text_addz(out, "- ");
            print_node(out, n->items[i], level + 1);
            continue;
        }
        if (n->pairs[i].key->kind == NODE_STRING)
            text_quoted(out, n->pairs[i].key->text);
        else
            print_scalar(out, n->pairs[i].key);
        text_addz(out, ": ");
        print_node(out, n->pairs[i].value, level + 1);
    }
}

void tree_print(struct text *out, const struct node *root)
{
    if (root)
        print_node(out, root, 1);
    else
        text_addz(out, "faulty\n");
}
