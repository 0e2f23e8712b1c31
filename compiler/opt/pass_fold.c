/* Constants out of gates, and leaves that are simpler than they look: a text search for nothing is
 * "any scalar", a regex of nothing but characters is a text search. */
#include "opt.h"

#include <sigmaton/fold.h>

#include "arena.h"
#include "regex.h"

/* Children ascend, so constants come first. */
static uint32_t fold_gate(struct ir *ir, enum ir_op op, const struct ir_node *n)
{
    uint32_t stops = op == IR_OP_AND ? IR_FALSE : IR_TRUE;
    uint32_t n_constants = 0;
    for (; n_constants < n->n && n->children[n_constants] <= IR_TRUE; n_constants++)
        if (n->children[n_constants] == stops)
            return stops;
    return ir_gate(ir, op, n->children + n_constants, n->n - n_constants);
}

static uint32_t fold_at_least(struct ir *ir, struct arena *scratch, const struct ir_node *n)
{
    uint32_t *children = ARENA_ARRAY(scratch, n->n, uint32_t);
    uint32_t kept = 0, met = 0;
    for (uint32_t i = 0; i < n->n; i++) {
        if (n->children[i] > IR_TRUE)
            children[kept++] = n->children[i];
        else
            met += n->children[i] == IR_TRUE;
    }
    if (met >= n->count)
        return IR_TRUE;
    uint32_t wanted = n->count - met;
    if (wanted > kept)
        return IR_FALSE;
    if (wanted == 1 || wanted == kept)
        return ir_gate(ir, wanted == 1 ? IR_OP_OR : IR_OP_AND, children, kept);
    struct ir_node at_least = {.op = IR_OP_AT_LEAST, .count = wanted, .n = kept};
    at_least.children = children;
    return ir_make(ir, &at_least);
}

static struct str fold_text(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.len * 2); /* two bytes may become three, one stays one */
    size_t len = 0;
    for (const char *p = s.p, *end = str_end(s); p < end;)
        len += utf8_put(sigmaton_fold(utf8_next(&p, end)), out + len);
    return (struct str){out, len};
}

/* Of a regex that regex_is_literal takes. */
static bool ignores_case(const struct regex *re)
{
    while (re->kind == REGEX_CAT && re->n_children > 0)
        re = re->children[0];
    return re->kind == REGEX_CHAR && re->icase;
}

static uint32_t fold_regex(struct ir *ir, struct arena *scratch, uint32_t node)
{
    const struct ir_node *n = ir_get(ir, node);
    struct str text;
    if (!n->regex || !regex_is_literal(scratch, n->regex, &text))
        return node;
    bool icase = ignores_case(n->regex);
    return ir_make(ir, &(struct ir_node){.op = text.len > 0 ? IR_OP_CONTAINS : IR_OP_ANY,
                                         .field = n->field,
                                         .cased = !icase,
                                         .text = icase ? fold_text(scratch, text) : text});
}

uint32_t opt_fold_node(struct ir *ir, struct arena *scratch, uint32_t node)
{
    struct ir_node n = *ir_get(ir, node);
    switch (n.op) {
    case IR_OP_NOT:
        return n.children[0] <= IR_TRUE ? IR_TRUE - n.children[0] : node;
    case IR_OP_AND:
    case IR_OP_OR:
        return n.children[0] <= IR_TRUE ? fold_gate(ir, n.op, &n) : node;
    case IR_OP_AT_LEAST:
        return fold_at_least(ir, scratch, &n);
    case IR_OP_PREFIX:
    case IR_OP_SUFFIX:
    case IR_OP_CONTAINS:
        n.op = IR_OP_ANY;
        return n.text.len == 0 ? ir_make(ir, &n) : node;
    case IR_OP_REGEX:
        return fold_regex(ir, scratch, node);
    default:
        return node;
    }
}

static uint32_t fold(void *ctx, struct ir *ir, uint32_t node)
{
    return opt_fold_node(ir, ctx, node);
}

void pass_fold(struct ir *ir, struct arena *scratch)
{
    opt_rewrite(ir, scratch, fold, scratch);
}
