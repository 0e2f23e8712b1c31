#include "ir_imply.h"

#include <string.h>

/* Recursion goes down one of two nodes in every call, so its depth is bounded by twice
 * IR_DEPTH_MAX. */
static bool give_up(struct ir_proof *p)
{
    if (p->steps == 0)
        return true;
    p->steps--;
    return false;
}

static bool is_positive_leaf(enum ir_op op)
{
    enum ir_op_kind kind = ir_op_info(op)->kind;
    return (kind == IR_LEAF || kind == IR_SET) && op != IR_OP_NULL;
}

static bool holds_text(struct str s, struct str inner)
{
    if (inner.len == 0)
        return true;
    return s.len >= inner.len && memmem(s.p, s.len, inner.p, inner.len) != NULL;
}

static bool is_text_op(enum ir_op op)
{
    return op == IR_OP_EQ || op == IR_OP_PREFIX || op == IR_OP_SUFFIX || op == IR_OP_CONTAINS ||
           op == IR_OP_WILDCARD;
}

/* A leaf that satisfies text operation a satisfies b; both have the same field and case. The marks
 * of a wildcard's pattern are bytes that no text has, so what is found in the pattern lies within
 * one run of its text. */
static bool text_implies(const struct ir_node *a, const struct ir_node *b)
{
    bool starts = a->op == IR_OP_EQ || a->op == IR_OP_PREFIX || a->op == IR_OP_WILDCARD;
    bool ends = a->op == IR_OP_EQ || a->op == IR_OP_SUFFIX || a->op == IR_OP_WILDCARD;
    switch (b->op) {
    case IR_OP_PREFIX:
        return starts && str_starts(a->text, b->text);
    case IR_OP_SUFFIX:
        return ends && str_ends(a->text, b->text);
    case IR_OP_CONTAINS:
        return holds_text(a->text, b->text);
    default:
        return false; /* equal operations on equal texts are one node */
    }
}

static bool network_inside(const struct network *a, const struct network *b)
{
    if (a->v6 != b->v6 || a->prefix < b->prefix)
        return false;
    size_t bytes = b->prefix / 8;
    unsigned rest = b->prefix % 8;
    if (memcmp(a->address, b->address, bytes) != 0)
        return false;
    return rest == 0 || ((a->address[bytes] ^ b->address[bytes]) >> (8 - rest)) == 0;
}

/* Both are leaves, and different nodes. Each claim is about one leaf of the event's field, so it
 * holds for lists of values too. */
static bool leaf_implies(const struct ir_node *a, const struct ir_node *b)
{
    if (!is_positive_leaf(a->op))
        return false;
    if (b->op == IR_OP_EXISTS)
        return a->field == b->field || (a->op == IR_OP_FIELDREF && a->other == b->field);
    if (a->field != b->field)
        return false;
    if (b->op == IR_OP_ANY)
        return a->op != IR_OP_EXISTS;
    if (is_text_op(a->op) && is_text_op(b->op) && a->cased == b->cased)
        return text_implies(a, b);
    if (a->op == IR_OP_CIDR && b->op == IR_OP_CIDR)
        return network_inside(&a->network, &b->network);
    return false;
}

static bool any_child_implies(struct ir_proof *p, const struct ir_node *gate, uint32_t b)
{
    for (uint32_t i = 0; i < gate->n; i++)
        if (ir_implies(p, gate->children[i], b))
            return true;
    return false;
}

static bool all_children_imply(struct ir_proof *p, const struct ir_node *gate, uint32_t b)
{
    for (uint32_t i = 0; i < gate->n; i++)
        if (!ir_implies(p, gate->children[i], b))
            return false;
    return gate->n > 0;
}

bool ir_implies(struct ir_proof *p, uint32_t a, uint32_t b)
{
    if (a == b || a == IR_FALSE || b == IR_TRUE)
        return true;
    if (a == IR_TRUE || b == IR_FALSE || give_up(p))
        return false;
    const struct ir_node *na = ir_get(p->ir, a), *nb = ir_get(p->ir, b);
    if (na->op == IR_OP_OR)
        return all_children_imply(p, na, b);
    if (nb->op == IR_OP_AND) {
        for (uint32_t i = 0; i < nb->n; i++)
            if (!ir_implies(p, a, nb->children[i]))
                return false;
        return true;
    }
    if (na->op == IR_OP_AT_LEAST && na->count > 0 && all_children_imply(p, na, b))
        return true;
    if (na->op == IR_OP_NOT && nb->op == IR_OP_NOT)
        return ir_implies(p, nb->children[0], na->children[0]);
    if (nb->op == IR_OP_NOT && ir_clash(p, a, nb->children[0]))
        return true;
    if (na->op == IR_OP_AND && any_child_implies(p, na, b))
        return true;
    if (nb->op == IR_OP_OR) {
        for (uint32_t i = 0; i < nb->n; i++)
            if (ir_implies(p, a, nb->children[i]))
                return true;
        return false;
    }
    bool leaves = ir_op_info(na->op)->kind == IR_LEAF && ir_op_info(nb->op)->kind == IR_LEAF;
    return leaves && leaf_implies(na, nb);
}

bool ir_clash(struct ir_proof *p, uint32_t a, uint32_t b)
{
    if (a == IR_FALSE || b == IR_FALSE)
        return true;
    if (give_up(p))
        return false;
    const struct ir_node *na = ir_get(p->ir, a), *nb = ir_get(p->ir, b);
    if (na->op != IR_OP_OR && nb->op == IR_OP_OR)
        return ir_clash(p, b, a);
    if (na->op == IR_OP_OR) {
        for (uint32_t i = 0; i < na->n; i++)
            if (!ir_clash(p, na->children[i], b))
                return false;
        return na->n > 0;
    }
    if (nb->op == IR_OP_NOT && ir_implies(p, a, nb->children[0]))
        return true;
    if (na->op == IR_OP_NOT && ir_implies(p, b, na->children[0]))
        return true;
    for (uint32_t i = 0; na->op == IR_OP_AND && i < na->n; i++)
        if (ir_clash(p, na->children[i], b))
            return true;
    for (uint32_t i = 0; nb->op == IR_OP_AND && i < nb->n; i++)
        if (ir_clash(p, a, nb->children[i]))
            return true;
    return false;
}

bool ir_never(struct ir_proof *p, uint32_t node)
{
    if (node == IR_FALSE || node == IR_TRUE || give_up(p))
        return node == IR_FALSE;
    const struct ir_node *n = ir_get(p->ir, node);
    switch (n->op) {
    case IR_OP_NOT:
        return ir_always(p, n->children[0]);
    case IR_OP_OR:
        for (uint32_t i = 0; i < n->n; i++)
            if (!ir_never(p, n->children[i]))
                return false;
        return true;
    case IR_OP_AND:
        break;
    default:
        return false;
    }
    for (uint32_t i = 0; i < n->n; i++) {
        const struct ir_node *child = ir_get(p->ir, n->children[i]);
        if (ir_never(p, n->children[i]))
            return true;
        if (child->op == IR_OP_NOT && ir_implies(p, node, child->children[0]))
            return true;
        for (uint32_t j = 0; j < i; j++)
            if (ir_clash(p, n->children[j], n->children[i]))
                return true;
    }
    return false;
}

bool ir_always(struct ir_proof *p, uint32_t node)
{
    if (node == IR_FALSE || node == IR_TRUE || give_up(p))
        return node == IR_TRUE;
    const struct ir_node *n = ir_get(p->ir, node);
    switch (n->op) {
    case IR_OP_NOT:
        return ir_never(p, n->children[0]);
    case IR_OP_AND:
        for (uint32_t i = 0; i < n->n; i++)
            if (!ir_always(p, n->children[i]))
                return false;
        return true;
    case IR_OP_OR:
        break;
    default:
        return false;
    }
    /* not x or y, where x implies y */
    for (uint32_t i = 0; i < n->n; i++) {
        const struct ir_node *child = ir_get(p->ir, n->children[i]);
        if (ir_always(p, n->children[i]))
            return true;
        if (child->op == IR_OP_NOT && ir_implies(p, child->children[0], node))
            return true;
    }
    return false;
}
