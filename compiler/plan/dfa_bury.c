/* States from which nothing is found any more: the walk may end there. */
#include "dfa_parts.h"

/* What leads to each state: edges by their target, in one list. */
struct back {
    uint32_t *first; /* [n_states + 1] */
    uint32_t *from;
};

static struct back ways_back(struct dfa_work *w, const struct dfa_table *t)
{
    uint32_t n = t->n_states * t->n_classes;
    struct back b = {ARENA_ARRAY(w->arena, t->n_states + 1, uint32_t),
                     ARENA_ARRAY(w->arena, n, uint32_t)};
    for (uint32_t i = 0; i < n; i++)
        b.first[t->next.v[i]]++;
    for (uint32_t s = 0, sum = 0; s <= t->n_states; s++) {
        sum += b.first[s];
        b.first[s] = sum;
    }
    for (uint32_t i = n; i-- > 0;)
        b.from[--b.first[t->next.v[i]]] = i / t->n_classes;
    return b;
}

void dfa_bury(struct dfa_work *w, struct dfa_table *t)
{
    struct back back = ways_back(w, t);
    bool *alive = ARENA_ARRAY(w->arena, t->n_states, bool);
    uint32_t *found = ARENA_ARRAY(w->arena, t->n_states, uint32_t), n = 0;
    uint32_t *way = ARENA_ARRAY(w->arena, t->n_states, uint32_t); /* steps to ACCEPT */
    found[n++] = DFA_ACCEPT;
    alive[DFA_ACCEPT] = true;
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = back.first[found[i]]; k < back.first[found[i] + 1]; k++) {
            if (alive[back.from[k]])
                continue;
            alive[back.from[k]] = true;
            way[back.from[k]] = way[found[i]] + 1;
            found[n++] = back.from[k];
        }
    }
    const uint32_t least =
        way[t->start] < way[t->start_inside] ? way[t->start] : way[t->start_inside];
    t->min_len = least > 0 ? least - 1 : 0; /* one step may be the text's end */
    uint32_t *number = ARENA_ARRAY(w->arena, t->n_states, uint32_t), kept = DFA_ACCEPT + 1;
    for (uint32_t s = DFA_ACCEPT + 1; s < t->n_states; s++)
        number[s] = alive[s] ? kept++ : DFA_DEAD;
    number[DFA_ACCEPT] = DFA_ACCEPT;
    for (uint32_t s = 0; s < t->n_states; s++)
        for (uint32_t c = 0; alive[s] && c < t->n_classes; c++)
            t->next.v[(size_t)number[s] * t->n_classes + c] =
                number[t->next.v[(size_t)s * t->n_classes + c]];
    t->start = number[t->start];
    t->start_inside = number[t->start_inside];
    t->n_states = kept;
}
