#include "plan_parts.h"

#include "arena.h"
#include "vec.h"

static void add_part(struct text *key, struct str part)
{
    for (size_t i = 0; i < part.len; i++) {
        char c = part.p[i];
        char lower = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        text_add(key, (struct str){&lower, 1});
    }
    text_add(key, (struct str){"", 1});
}

/* Thousands of rules have some hundred log sources, and each route looks at every one. Rules of a
 * written IR have none, which fits every route. */
void plan_sources(struct plan *p)
{
    static const struct logsource none;
    struct names *keys = names_new(p->arena);
    VEC(struct logsource) found = {0};
    VEC(uint32_t) source_of_key = {0}; /* by name id; the empty name is no key */
    struct text key;
    text_init(&key, p->arena);
    *VEC_PUSH(p->arena, &source_of_key) = 0;
    p->source_of = arena_array(p->arena, p->ir->n_rules, sizeof *p->source_of);
    for (uint32_t i = 0; i < p->ir->n_rules; i++) {
        const struct rule *rule = p->ir->rules[i].rule;
        const struct logsource *source = rule ? &rule->logsource : &none;
        key.len = 0;
        add_part(&key, source->product);
        add_part(&key, source->category);
        add_part(&key, source->service);
        uint32_t id = names_intern(keys, text_str(&key));
        if (id == source_of_key.n) {
            *VEC_PUSH(p->arena, &source_of_key) = (uint32_t)found.n;
            *VEC_PUSH(p->arena, &found) = *source;
        }
        p->source_of[i] = source_of_key.v[id];
    }
    p->sources = found.v;
    p->n_sources = (uint32_t)found.n;
}

static bool dimension_holds(struct str wanted, const char *has)
{
    return wanted.len == 0 || str_eq_nocase(wanted, str_of(has));
}

bool plan_carries(const struct logsource_row *row, const struct logsource *wanted)
{
    return dimension_holds(wanted->product, row->product) &&
           dimension_holds(wanted->category, row->category) &&
           dimension_holds(wanted->service, row->service);
}

uint64_t *plan_route(struct arena *a, const struct plan *p, const struct logsource_row *row,
                     uint32_t *ret_n)
{
    uint32_t n_rules = p->ir->n_rules;
    uint64_t *words = arena_array(a, (n_rules + 63) / 64, sizeof *words);
    bool *carried = arena_array(a, p->n_sources, sizeof *carried);
    *ret_n = 0;
    for (uint32_t i = 0; i < p->n_sources; i++)
        carried[i] = plan_carries(row, &p->sources[i]);
    for (uint32_t i = 0; i < n_rules; i++) {
        if (!carried[p->source_of[i]])
            continue;
        words[i / 64] |= UINT64_C(1) << (i % 64);
        (*ret_n)++;
    }
    return words;
}
