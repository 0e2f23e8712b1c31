#include "regex_table.h"

#include <stdlib.h>

#include "vec.h"

struct entries {
    struct arena *arena;
    VEC(struct regex_entry) list;
};

static void add_item(struct entries *e, const struct item *item)
{
    for (size_t i = 0; i < item->n_values; i++) {
        const struct value *v = item->values[i];
        for (size_t k = 0; v->kind == VALUE_REGEX && k < v->n; k++) {
            struct regex_entry *entry = VEC_PUSH(e->arena, &e->list);
            entry->regex = v->regexes[k];
            entry->program = regex_program_new(e->arena, v->regexes[k]);
        }
    }
}

/* Recursion is bounded by the depth of the YAML tree. */
static void add_detection(struct entries *e, const struct detection *d)
{
    if (d->kind == DETECTION_ITEM)
        add_item(e, d->item);
    for (size_t i = 0; d->kind != DETECTION_ITEM && i < d->n_children; i++)
        add_detection(e, d->children[i]);
}

static int compare_entries(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct regex_entry *)a)->regex;
    uintptr_t y = (uintptr_t)((const struct regex_entry *)b)->regex;
    return (x > y) - (x < y);
}

struct regex_table regex_table_of(struct arena *a, const struct mapped *rules)
{
    struct entries e = {.arena = a};
    for (size_t i = 0; i < rules->n; i++)
        for (size_t k = 0; k < rules->rules[i]->n_identifiers; k++)
            add_detection(&e, rules->rules[i]->identifiers[k].detection);
    if (e.list.n > 0)
        qsort(e.list.v, e.list.n, sizeof *e.list.v, compare_entries);
    return (struct regex_table){e.list.v, e.list.n};
}

struct regex_program *regex_table_get(const struct regex_table *t, const struct regex *regex)
{
    struct regex_entry key = {.regex = regex};
    struct regex_entry *found = bsearch(&key, t->v, t->n, sizeof *t->v, compare_entries);
    return found->program;
}
