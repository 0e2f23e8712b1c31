#include "plan_parts.h"

#include "arena.h"
#include "vec.h"

/* Equal normal forms are one regex, whatever fields they are asked of. */
void plan_regexes(struct plan *p)
{
    struct names *forms = names_new(p->arena);
    VEC(struct str) table = {0};
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
        }
        p->regex_of[i] = index_of.v[id];
    }
    p->regexes = table.v;
    p->n_regexes = (uint32_t)table.n;
}
