#include "plan_parts.h"

#include "arena.h"
#include "vec.h"

/* So many cannot exceed the steps of a pack, whatever they are. */
#define AHEAD_MAX (DFA_PACK_STEPS_MAX / DFA_STEPS_MAX)

struct automata {
    struct dfa *v;
    const struct regex *const *asts;
};

static void build_ahead(void *ctx, const struct crew_member *member, uint32_t i)
{
    struct automata *all = ctx;
    if (all->asts[i])
        all->v[i] = dfa_build(member->arena, all->asts[i], NULL);
}

/* The automata of the table, as long as the pack's bounds allow. A crew builds the first as if
 * there were none before them; one that has less room left than that is built again. */
static void build_dfas(struct plan *p, const struct regex *const *asts,
                       const struct plan_options *o)
{
    uint32_t bytes = 0, steps = 0, ahead = 0;
    p->dfas = arena_array(p->arena, p->n_regexes, sizeof *p->dfas);
    struct automata all = {p->dfas, asts};
    if (o->crew && crew_size(o->crew) > 1 && !o->no_dfa) {
        ahead = p->n_regexes < AHEAD_MAX ? p->n_regexes : AHEAD_MAX;
        crew_run(o->crew, ahead, build_ahead, &all);
    }
    for (uint32_t i = 0; i < p->n_regexes; i++) {
        const uint32_t left = DFA_PACK_BYTES_MAX - bytes;
        struct dfa_bounds bounds = {DFA_STATES_MAX, DFA_BYTES_MAX, DFA_STEPS_MAX,
                                    DFA_CHAIN_BYTES_MAX};
        bool less = left < bounds.bytes || left < bounds.chain_bytes ||
                    steps > DFA_PACK_STEPS_MAX - bounds.steps;
        if (bounds.bytes > left)
            bounds.bytes = left;
        if (bounds.chain_bytes > left)
            bounds.chain_bytes = left;
        if (bounds.steps > DFA_PACK_STEPS_MAX - steps)
            bounds.steps = DFA_PACK_STEPS_MAX - steps;
        if (o->no_dfa)
            p->dfas[i].why = "automata are switched off";
        else if (!asts[i])
            p->dfas[i].why = "it is known by its normal form only";
        else if (i >= ahead || less)
            p->dfas[i] = dfa_build(p->arena, asts[i], &bounds);
        bytes += p->dfas[i].size;
        steps += p->dfas[i].steps;
        if (steps > DFA_PACK_STEPS_MAX) /* by a chain, the second attempt */
            steps = DFA_PACK_STEPS_MAX;
    }
}

/* Equal normal forms are one regex, whatever fields they are asked of. */
void plan_regexes(struct plan *p, const struct plan_options *options)
{
    struct names *forms = names_new(p->arena);
    VEC(struct str) table = {0};
    VEC(const struct regex *) asts = {0};
    VEC(uint32_t) index_of = {0}; /* by id of the form; UINT32_MAX: not in the table yet */
    p->regex_of = arena_array(p->arena, p->ir->n_nodes, sizeof *p->regex_of);
    for (uint32_t i = 0; i < p->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(p->ir, i);
        if (!p->reachable[i] || x->op != IR_OP_REGEX)
            continue;
        uint32_t id = names_intern(forms, x->text);
        while (index_of.n <= id)
            *VEC_PUSH(p->arena, &index_of) = UINT32_MAX;
        if (index_of.v[id] == UINT32_MAX) {
            index_of.v[id] = (uint32_t)table.n;
            *VEC_PUSH(p->arena, &table) = x->text;
            *VEC_PUSH(p->arena, &asts) = x->regex;
        }
        p->regex_of[i] = index_of.v[id];
    }
    p->regexes = table.v;
    p->n_regexes = (uint32_t)table.n;
    build_dfas(p, asts.v, options);
}
