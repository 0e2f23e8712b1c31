/* Boolean blocks: a predicate is control flow with two ways out, never a value. */
#include <stdio.h>

#include "arena.h"
#include "build.h"

/* What a call of a shared predicate takes, and what a function costs to emit, both in instructions:
 * measured on LLVM 19 at level 0, a function costs as much as some forty instructions. */
#define CALL_SIZE 4u
#define FUNCTION_SIZE 48u

/* ---- which predicates get a function of their own ---- */

static bool is_gate(const struct ir_node *x)
{
    return ir_op_info(x->op)->kind == IR_GATE;
}

static uint32_t add_capped(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX / 4 ? a : a + b;
}

/* The node's list that starts with child `first`, or NULL. */
static const struct plan_probes *probes_at(const struct cg_module *cg, uint32_t node,
                                           uint32_t first)
{
    if (!cg->probing)
        return NULL;
    const struct plan_probes *p = cg->plan->probes + cg->plan->probes_at[node];
    const struct plan_probes *end = cg->plan->probes + cg->plan->probes_at[node + 1];
    while (p < end && p->first < first)
        p++;
    return p < end && p->first == first ? p : NULL;
}

static void measure_node(struct cg_module *cg, uint32_t node)
{
    const struct ir_node *x = ir_get(cg->plan->ir, node);
    struct cg_node *n = &cg->nodes[node];
    if (!is_gate(x)) {
        n->size = cg_match_size(cg, node);
        n->has_regex = x->op == IR_OP_REGEX;
    }
    for (uint32_t i = 0, step; is_gate(x) && i < x->n; i += step) {
        const struct plan_probes *probes = probes_at(cg, node, i);
        const struct cg_node *child = &cg->nodes[cg->plan->children[node][i]];
        step = probes ? probes->n : 1;
        if (probes) {
            n->size = add_capped(n->size, CALL_SIZE);
            n->has_regex |= probes->off[0] != probes->off[1];
            n->depth = n->depth > 0 ? n->depth : 1;
            continue;
        }
        uint8_t depth = child->own ? 0 : child->depth;
        n->size = add_capped(n->size, child->own ? CALL_SIZE : child->size);
        n->size = add_capped(n->size, x->op == IR_OP_AT_LEAST ? CALL_SIZE : 0);
        n->has_regex |= child->has_regex;
        if (depth >= n->depth)
            n->depth = depth + 1;
    }
    uint64_t saved = n->size > CALL_SIZE ? n->size - CALL_SIZE : 0;
    bool shared = n->edges >= 2 && saved * (n->edges - 1) > FUNCTION_SIZE;
    if (shared || n->depth >= CG_DEPTH_MAX)
        n->own = ++cg->n_own;
}

/* A node that several gates or rules name is written out at each; where that is more code than a
 * function and calls of it, it becomes a function. That keeps the code linear in the DAG. */
void cg_measure(struct cg_module *cg)
{
    const struct ir *ir = cg->plan->ir;
    cg->nodes = arena_array(cg->plan->arena, ir->n_nodes, sizeof *cg->nodes);
    for (uint32_t i = 0; i < ir->n_rules; i++)
        cg->nodes[ir->rules[i].root].edges++;
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(ir, i);
        if (!cg->plan->reachable[i] || !is_gate(x))
            continue;
        for (uint32_t k = 0; k < x->n; k++)
            cg->nodes[x->children[k]].edges++;
    }
    for (uint32_t i = 0; i < ir->n_nodes; i++)
        if (cg->plan->reachable[i])
            measure_node(cg, i);
}

static LLVMValueRef shared_function(struct cg_module *cg, uint32_t node, bool negative)
{
    const struct cg_node *n = &cg->nodes[node];
    bool way = negative && n->has_regex;
    LLVMValueRef *function = &cg->functions[2 * n->own + way];
    if (!*function) {
        char name[32];
        snprintf(name, sizeof name, "%s_%u", way ? "not" : "is", node);
        *function = cg_function(cg, name, cg->shared_type);
        cg->shared[cg->n_shared++] = (struct cg_shared){node, way};
    }
    return *function;
}

/* ---- gates ---- */

/* AND and OR: the way out that does not decide leads to the next child. */
static void gate(struct cg_module *cg, uint32_t node, bool negative, LLVMBasicBlockRef yes,
                 LLVMBasicBlockRef no)
{
    const struct ir_node *x = ir_get(cg->plan->ir, node);
    const uint32_t *children = cg->plan->children[node];
    for (uint32_t i = 0, n; i < x->n; i += n) {
        const struct plan_probes *probes = probes_at(cg, node, i);
        n = probes ? probes->n : 1;
        LLVMBasicBlockRef next = i + n < x->n ? build_block(cg, "") : NULL;
        LLVMBasicBlockRef holds = x->op == IR_OP_AND && next ? next : yes;
        LLVMBasicBlockRef fails = x->op == IR_OP_OR && next ? next : no;
        if (probes)
            cg_probe(cg, probes, negative, holds, fails);
        else
            cg_predicate(cg, children[i], negative, holds, fails);
        if (next)
            build_from(cg, next);
    }
    if (x->n == 0)
        LLVMBuildBr(cg->builder, x->op == IR_OP_AND ? yes : no);
}

static void at_least(struct cg_module *cg, uint32_t node, bool negative, LLVMBasicBlockRef yes,
                     LLVMBasicBlockRef no)
{
    const struct ir_node *x = ir_get(cg->plan->ir, node);
    const uint32_t *children = cg->plan->children[node];
    LLVMValueRef counter = cg_local(cg, cg->i32, &cg->counters[cg->n_counters++]);
    LLVMBuildStore(cg->builder, build_i32(cg, 0), counter);
    for (uint32_t i = 0; i < x->n; i++) {
        LLVMBasicBlockRef one = build_block(cg, ""), next = build_block(cg, "");
        cg_predicate(cg, children[i], negative, one, next);
        build_from(cg, one);
        LLVMValueRef sum =
            LLVMBuildAdd(cg->builder, build_load(cg, cg->i32, counter, 0), build_i32(cg, 1), "");
        LLVMBuildStore(cg->builder, sum, counter);
        LLVMBuildBr(cg->builder, next);
        build_from(cg, next);
    }
    build_if(cg, LLVMIntUGE, build_load(cg, cg->i32, counter, 0), build_i32(cg, x->count), yes, no);
    cg->n_counters--;
}

/* The predicate written out here. */
static void body(struct cg_module *cg, uint32_t node, bool negative, LLVMBasicBlockRef yes,
                 LLVMBasicBlockRef no)
{
    const struct ir_node *x = ir_get(cg->plan->ir, node);
    switch (x->op) {
    case IR_OP_FALSE:
        LLVMBuildBr(cg->builder, no);
        break;
    case IR_OP_TRUE:
        LLVMBuildBr(cg->builder, yes);
        break;
    case IR_OP_AND:
    case IR_OP_OR:
        gate(cg, node, negative, yes, no);
        break;
    case IR_OP_NOT:
        cg_predicate(cg, x->children[0], !negative, no, yes);
        break;
    case IR_OP_AT_LEAST:
        at_least(cg, node, negative, yes, no);
        break;
    default:
        cg_match(cg, node, negative, yes, no);
        break;
    }
}

void cg_predicate(struct cg_module *cg, uint32_t node, bool negative, LLVMBasicBlockRef yes,
                  LLVMBasicBlockRef no)
{
    if (!cg->nodes[node].own) {
        body(cg, node, negative, yes, no);
        return;
    }
    LLVMValueRef arguments[3] = {cg->host, cg->slots, cg->frame};
    LLVMValueRef holds = LLVMBuildCall2(cg->builder, cg->shared_type,
                                        shared_function(cg, node, negative), arguments, 3, "");
    build_if(cg, LLVMIntNE, holds, build_i32(cg, 0), yes, no);
}

/* ---- functions ---- */

/* The number of trailing zeroes; 64 of zero. */
static LLVMValueRef first_bit(struct cg_module *cg, LLVMValueRef word)
{
    LLVMValueRef f =
        LLVMGetIntrinsicDeclaration(cg->module, LLVMLookupIntrinsicID("llvm.cttz", 9), &cg->i64, 1);
    LLVMTypeRef type = LLVMIntrinsicGetType(cg->context, LLVMGetIntrinsicID(f), &cg->i64, 1);
    LLVMValueRef arguments[2] = {word, LLVMConstInt(LLVMInt1TypeInContext(cg->context), 0, 0)};
    return LLVMBuildCall2(cg->builder, type, f, arguments, 2, "");
}

/* What all rules of a function have in common. */
struct cg_loop {
    LLVMValueRef left, hits; /* locals */
    LLVMBasicBlockRef choose, hit, next, done;
};

/* Adds the rule that is being asked, the lowest of those left, to the hits. */
static void loop_hit(struct cg_module *cg, const struct cg_loop *l)
{
    build_from(cg, l->hit);
    LLVMValueRef left = build_load(cg, cg->i64, l->left, 0);
    LLVMValueRef bit =
        LLVMBuildAnd(cg->builder, left, LLVMBuildSub(cg->builder, build_i64(cg, 0), left, ""), "");
    LLVMValueRef hits = build_load(cg, cg->i64, l->hits, 0);
    build_store(cg, LLVMBuildOr(cg->builder, hits, bit, ""), l->hits, 0);
    LLVMBuildBr(cg->builder, l->next);
}

static void loop_next(struct cg_module *cg, const struct cg_loop *l)
{
    build_from(cg, l->next);
    LLVMValueRef left = build_load(cg, cg->i64, l->left, 0);
    LLVMValueRef less = LLVMBuildSub(cg->builder, left, build_i64(cg, 1), "");
    build_store(cg, LLVMBuildAnd(cg->builder, left, less, ""), l->left, 0);
    LLVMBuildBr(cg->builder, l->choose);
}

/* i64 rules_k(host, slots, frame, candidates): bit i of the result, rule 64 k + i. A loop over the
 * candidates, so that a rule is its predicate and nothing else: tests and bits of its own would be
 * as much code again. */
static void rules_function(struct cg_module *cg, uint32_t k)
{
    char name[32];
    LLVMBasicBlockRef first = cg_open(cg, cg->rules[k]);
    struct cg_loop l = {.choose = build_block(cg, "choose"),
                        .hit = build_block(cg, "hit"),
                        .next = build_block(cg, "next"),
                        .done = build_block(cg, "done")};
    cg_local(cg, cg->i64, &l.left);
    cg_local(cg, cg->i64, &l.hits);
    build_store(cg, LLVMGetParam(cg->rules[k], 3), l.left, 0);
    build_store(cg, build_i64(cg, 0), l.hits, 0);
    LLVMBuildBr(cg->builder, l.choose);
    build_from(cg, l.choose);
    LLVMValueRef number = first_bit(cg, build_load(cg, cg->i64, l.left, 0));
    LLVMValueRef choice = LLVMBuildSwitch(cg->builder, number, l.done, CG_RULES);
    uint32_t end = (k + 1) * CG_RULES;
    for (uint32_t rule = k * CG_RULES; rule < end && rule < cg->plan->ir->n_rules; rule++) {
        snprintf(name, sizeof name, "rule_%u", rule);
        LLVMBasicBlockRef ask = build_block(cg, name);
        LLVMAddCase(choice, build_i64(cg, rule % CG_RULES), ask);
        build_from(cg, ask);
        cg_predicate(cg, cg->plan->ir->rules[rule].root, false, l.hit, l.next);
        cg->n_predicates++;
    }
    loop_hit(cg, &l);
    loop_next(cg, &l);
    build_from(cg, l.done);
    LLVMBuildRet(cg->builder, build_load(cg, cg->i64, l.hits, 0));
    cg_close(cg, first);
}

/* Names reach no further than the merged object. */
static LLVMValueRef declare_rules(struct cg_module *cg, uint32_t k)
{
    char name[32];
    snprintf(name, sizeof name, "rules_%u", k);
    LLVMValueRef function = cg_function(cg, name, cg->rules_type);
    if (!cg->is_whole) {
        LLVMSetLinkage(function, LLVMExternalLinkage);
        LLVMSetVisibility(function, LLVMHiddenVisibility);
    }
    return function;
}

void cg_rules(struct cg_module *cg)
{
    for (uint32_t k = 0; k < cg->n_rules; k++) {
        bool here = k >= cg->first && k < cg->end;
        if (here || cg->is_main)
            cg->rules[k] = declare_rules(cg, k);
        if (here)
            rules_function(cg, k);
    }
}

/* Bodies may ask for further functions, which join the end of the list. */
void cg_shared_bodies(struct cg_module *cg)
{
    for (uint32_t i = 0; i < cg->n_shared; i++) {
        const struct cg_shared s = cg->shared[i];
        LLVMBasicBlockRef first =
            cg_open(cg, cg->functions[2 * cg->nodes[s.node].own + s.negative]);
        LLVMBasicBlockRef yes = build_block(cg, ""), no = build_block(cg, "");
        body(cg, s.node, s.negative, yes, no);
        build_from(cg, yes);
        LLVMBuildRet(cg->builder, build_i32(cg, 1));
        build_from(cg, no);
        LLVMBuildRet(cg->builder, build_i32(cg, 0));
        cg_close(cg, first);
    }
}
