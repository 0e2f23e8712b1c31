#include "opt.h"

#include <assert.h>
#include <string.h>

#include "arena.h"

static const struct {
    const char *name;
    void (*run)(struct ir *ir, struct arena *scratch);
} passes[] = {
    [OPT_FOLD] = {"fold", pass_fold},       [OPT_FLATTEN] = {"flatten", pass_flatten},
    [OPT_ABSORB] = {"absorb", pass_absorb}, [OPT_VALUES] = {"values", pass_values},
    [OPT_SHARE] = {"share", pass_share},
};

const char *opt_pass_name(enum opt_pass pass)
{
    return passes[pass].name;
}

enum opt_pass opt_pass_find(struct str name)
{
    unsigned pass = 0;
    while (pass < OPT_PASS__COUNT && !str_eq_z(name, passes[pass].name))
        pass++;
    return (enum opt_pass)pass;
}

/* ---- running ---- */

/* The scratch arena of the pass that runs. It hangs on the IR's arena, so that it goes when memory
 * runs out in the middle. */
struct scratch {
    struct arena *arena;
};

static void drop_scratch(void *object)
{
    struct scratch *s = object;
    arena_destroy(s->arena);
    s->arena = NULL;
}

static void run_pass(struct ir *ir, struct scratch *s, enum opt_pass pass)
{
    s->arena = arena_create(ARENA_LIMIT);
    if (!s->arena || setjmp(*arena_on_oom(s->arena))) {
        drop_scratch(s);
        arena_out_of_memory(ir->arena);
    }
    passes[pass].run(ir, s->arena);
    assert(ir_verify(ir, s->arena) == NULL);
    drop_scratch(s);
}

void opt_run(struct ir *ir, unsigned off, opt_after after, void *ctx)
{
    struct scratch *s = ARENA_NEW(ir->arena, struct scratch);
    arena_defer(ir->arena, drop_scratch, s);
    for (unsigned pass = 0; pass < OPT_PASS__COUNT; pass++) {
        if (off >> pass & 1)
            continue;
        run_pass(ir, s, (enum opt_pass)pass);
        if (after)
            after(ctx, (enum opt_pass)pass, ir);
    }
}

/* ---- for the passes ---- */

bool opt_holds_child(const struct ir_node *n, uint32_t child)
{
    uint32_t lo = 0, hi = n->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (n->children[mid] < child)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n->n && n->children[lo] == child;
}

struct rewrite {
    struct ir *ir;
    struct arena *scratch;
    uint32_t *to; /* by old node */
    uint32_t *buffer;
    uint32_t cap;
};

/* The node over the rewritten children. */
static uint32_t remake(struct rewrite *r, uint32_t node)
{
    if (ir_op_info(ir_get(r->ir, node)->op)->kind != IR_GATE)
        return node;
    struct ir_node n = *ir_get(r->ir, node);
    uint32_t same = 0;
    while (same < n.n && r->to[n.children[same]] == n.children[same])
        same++;
    if (same == n.n)
        return node;
    if (n.n > r->cap) {
        r->cap = n.n * 2;
        r->buffer = ARENA_ARRAY(r->scratch, r->cap, uint32_t);
    }
    for (uint32_t i = 0; i < n.n; i++)
        r->buffer[i] = r->to[n.children[i]];
    n.children = r->buffer;
    return ir_make(r->ir, &n);
}

void opt_rewrite(struct ir *ir, struct arena *scratch, opt_rewrite_fn fn, void *ctx)
{
    uint32_t n = ir->n_nodes; /* what fn makes is rewritten already */
    struct rewrite r = {.ir = ir, .scratch = scratch};
    bool *reachable = ir_reachable(ir, scratch);
    r.to = ARENA_ARRAY(scratch, n, uint32_t);
    for (uint32_t node = 0; node < n; node++)
        if (reachable[node])
            r.to[node] = fn(ctx, ir, remake(&r, node));
    for (uint32_t i = 0; i < ir->n_rules; i++)
        ir->rules[i].root = r.to[ir->rules[i].root];
}
