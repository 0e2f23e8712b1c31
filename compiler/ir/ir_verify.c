#include "ir.h"

#include <math.h>
#include <string.h>

#include <sigmaton/fold.h>
#include <sigmaton/pack.h>

#include "arena.h"

/* ---- one node ---- */

static const char *gate_fault(const struct ir_node *n, uint32_t node)
{
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->children[i] >= node)
            return "a child does not come before its parent";
        if (n->op != IR_OP_AT_LEAST && i > 0 && n->children[i - 1] >= n->children[i])
            return "children are not ascending and distinct";
    }
    if (n->op == IR_OP_NOT)
        return n->n == 1 ? NULL : "`not` has one child";
    if (n->op == IR_OP_AT_LEAST)
        return n->count >= 1 && n->count <= n->n ? NULL : "at_least asks for none or too many";
    return n->n >= 2 ? NULL : "`and` and `or` have at least two children";
}

/* Wildcard bytes count as characters that fold to themselves where `wild` says they may stand. */
static const char *text_fault(struct str s, bool cased, bool wild)
{
    const char *p = s.p, *end = str_end(s);
    while (p < end) {
        if (wild && (unsigned char)*p >= SIGMATON_WILD_DASH) {
            p++;
            continue;
        }
        uint32_t c = utf8_next(&p, end);
        if (c >= 0xdc80 && c <= 0xdcff)
            return "a text is not UTF-8";
        if (!cased && sigmaton_fold(c) != c)
            return "a text that ignores case is not folded";
    }
    return NULL;
}

static const char *set_fault(const struct ir_node *n)
{
    if (n->n == 0)
        return "a set has no texts";
    for (uint32_t i = 0; i < n->n; i++) {
        if (i > 0 && str_cmp(n->texts[i - 1], n->texts[i]) >= 0)
            return "the texts of a set are not ascending and distinct";
        const char *fault = text_fault(n->texts[i], n->cased, false);
        if (fault)
            return fault;
    }
    return NULL;
}

static const char *number_fault(const struct number *n)
{
    if (n->kind > NUMBER_FLOAT)
        return "a number has no kind";
    if (n->kind == NUMBER_UINT && n->u <= INT64_MAX)
        return "an unsigned number fits a signed one";
    if (n->kind == NUMBER_FLOAT && !isfinite(n->f))
        return "a number is not finite";
    return NULL;
}

static const char *network_fault(const struct network *n)
{
    unsigned bits = n->v6 ? 128 : 32;
    if (n->prefix > bits)
        return "a network's prefix is too long";
    for (unsigned i = n->prefix; i < 8 * sizeof n->address; i++)
        if (n->address[i / 8] >> (7 - i % 8) & 1)
            return "a network has host bits";
    return NULL;
}

static const char *leaf_fault(const struct ir *ir, const struct ir_node *n)
{
    switch (n->op) {
    case IR_OP_TIME:
        if (n->part > TIME_YEAR)
            return "a part of a time is none";
        if (n->compare > COMPARE_GTE)
            return "a comparison is none";
        return number_fault(&n->number);
    case IR_OP_NUMBER:
        if (n->compare > COMPARE_GTE)
            return "a comparison is none";
        return number_fault(&n->number);
    case IR_OP_CIDR:
        return network_fault(&n->network);
    case IR_OP_FIELDREF:
        if (n->other >= names_count(ir->names))
            return "the other field has no name";
        return n->part <= AFFIX_INSIDE ? NULL : "an affix is none";
    case IR_OP_EQ:
    case IR_OP_PREFIX:
    case IR_OP_SUFFIX:
    case IR_OP_CONTAINS:
        return text_fault(n->text, n->cased, false);
    case IR_OP_WILDCARD:
        return text_fault(n->text, n->cased, true);
    case IR_OP_REGEX:
        return text_fault(n->text, true, false);
    default:
        return NULL;
    }
}

const char *ir_node_fault(const struct ir *ir, uint32_t node)
{
    const struct ir_node *n = ir_get(ir, node);
    if (n->op >= IR_OP__COUNT)
        return "an operation is none";
    enum ir_op_kind kind = ir_op_info(n->op)->kind;
    if (kind == IR_CONST)
        return node == (n->op == IR_OP_TRUE ? IR_TRUE : IR_FALSE) ? NULL
                                                                  : "a constant has a wrong number";
    if (kind == IR_GATE)
        return gate_fault(n, node);
    if (n->field >= names_count(ir->names))
        return "a field has no name";
    return kind == IR_SET ? set_fault(n) : leaf_fault(ir, n);
}

/* ---- the whole ---- */

/* Every node is found under its hash, and none is behind an empty place of the index. */
static bool index_holds(const struct ir *ir)
{
    uint32_t mask = ir->cap_index - 1, n = 0;
    for (uint32_t i = 0; i < ir->cap_index; i++)
        n += ir->index[i] != 0;
    if (n != ir->n_nodes)
        return false;
    for (uint32_t node = 0; node < ir->n_nodes; node++) {
        uint32_t at = ir->hashes[node] & mask;
        while (ir->index[at] != 0 && ir->index[at] != node + 1)
            at = (at + 1) & mask;
        if (ir->index[at] == 0)
            return false;
    }
    return true;
}

const char *ir_verify(const struct ir *ir, struct arena *a)
{
    if (ir->n_nodes < 2 || ir->nodes[IR_FALSE].op != IR_OP_FALSE ||
        ir->nodes[IR_TRUE].op != IR_OP_TRUE)
        return "the constants are not nodes 0 and 1";
    for (uint32_t node = 0; node < ir->n_nodes; node++) {
        const char *fault = ir_node_fault(ir, node);
        if (fault)
            return str_format(a, "node %u: %s", node, fault).p;
    }
    if (!index_holds(ir))
        return "the index does not hold the nodes";
    uint32_t *depth;
    ir_measure(ir, a, &depth, NULL);
    for (uint32_t i = 0; i < ir->n_rules; i++) {
        uint32_t root = ir->rules[i].root;
        if (root >= ir->n_nodes)
            return str_format(a, "rule %u has no root", i).p;
        if (depth[root] > IR_DEPTH_MAX)
            return str_format(a, "rule %u nests deeper than %d", i, IR_DEPTH_MAX).p;
    }
    return NULL;
}
