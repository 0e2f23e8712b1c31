/* States by other numbers: those from which nothing is found any more, for the walk may end there,
 * and those that end a part. */
#include "dfa_parts.h"

#include <string.h>

/* What leads to each state: edges by their target, in one list. */
struct back {
    uint32_t *first; /* [n_states + 1] */
    uint32_t *from;
};

static struct back ways_back(struct dfa_work *w, const struct dfa_table *t)
{
    uint32_t n = t->n_states * dfa_row(t);
    struct back b = {ARENA_ARRAY(w->arena, t->n_states + 1, uint32_t),
                     ARENA_ARRAY(w->arena, n, uint32_t)};
    for (uint32_t i = 0; i < n; i++)
        b.first[t->next.v[i]]++;
    for (uint32_t s = 0, sum = 0; s <= t->n_states; s++) {
        sum += b.first[s];
        b.first[s] = sum;
    }
    for (uint32_t i = n; i-- > 0;)
        b.from[--b.first[t->next.v[i]]] = i / dfa_row(t);
    return b;
}

/* Cells of one row are read before the row of its new number is written: `number` keeps the order
 * of the rows, or the table is another one. */
static void move_rows(const struct dfa_table *t, const uint32_t *number, const uint32_t *from,
                      uint32_t *to)
{
    const size_t n = dfa_row(t);
    for (uint32_t s = 0; s < t->n_states; s++)
        for (uint32_t i = 0; (s == DFA_DEAD || number[s] != DFA_DEAD) && i < n; i++)
            to[number[s] * n + i] = number[from[s * n + i]];
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
    move_rows(t, number, t->next.v, t->next.v);
    t->start = number[t->start];
    t->start_inside = number[t->start_inside];
    t->n_states = kept;
}

void dfa_sort_ends(struct dfa_work *w, struct dfa_table *t)
{
    const size_t n = (size_t)t->n_states * dfa_row(t);
    uint32_t *number = ARENA_ARRAY(w->arena, t->n_states, uint32_t), next = 0;
    uint32_t *old = ARENA_ARRAY(w->arena, n, uint32_t);
    memcpy(old, t->next.v, n * sizeof *old);
    for (uint32_t s = 0; s < t->n_states; s++)
        if (!t->ends.v[s])
            number[s] = next++;
    t->ends_from = next;
    for (uint32_t s = 0; s < t->n_states; s++)
        if (t->ends.v[s])
            number[s] = next++;
    move_rows(t, number, old, t->next.v);
    t->start = number[t->start];
    t->start_inside = number[t->start_inside];
}
