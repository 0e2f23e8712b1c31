/* What each rule costs on a sample of the events. */
#include <stdlib.h>

#include "bench.h"

static int by_time(const void *a, const void *b)
{
    const struct bench_rule *x = a, *y = b;
    if (x->cost.ns != y->cost.ns)
        return x->cost.ns < y->cost.ns ? 1 : -1;
    if (x->cost.asked != y->cost.asked)
        return x->cost.asked < y->cost.asked ? 1 : -1;
    return x->rule < y->rule ? -1 : x->rule > y->rule;
}

static uint64_t sample(struct judge *j, const struct bench_sets *sets, size_t step)
{
    size_t seen = 0;
    uint64_t n = 0;
    for (size_t s = 0; s < sets->n; s++) {
        for (size_t i = 0; i < sets->v[s].n_lines; i++) {
            struct sigmaton_verdict v;
            const struct bench_line *line = &sets->v[s].lines[i];
            if (seen++ % step == 0)
                n += judge_event(j, line->p, line->len, &v) == SIGMATON_OK;
        }
    }
    return n;
}

void bench_by_rule(struct judge *j, const struct bench_sets *sets, size_t max,
                   struct bench_by_rule *ret)
{
    uint32_t n = sigmaton_n_rules(j->runtime);
    size_t step = sets->n_lines > max ? (sets->n_lines + max - 1) / max : 1;
    struct srt_profile *profile = bench_alloc(n, sizeof *profile);
    srt_profile_set(j->scratch, profile);
    *ret = (struct bench_by_rule){.n_events = sample(j, sets, step)};
    srt_profile_set(j->scratch, NULL);
    ret->rules = bench_alloc(n, sizeof *ret->rules);
    for (uint32_t i = 0; i < n; i++) {
        const struct srt_profile *p = &profile[i];
        if (p->asked > 0)
            ret->rules[ret->n++] = (struct bench_rule){i, *p};
        ret->total.asked += p->asked;
        ret->total.hits += p->hits;
        ret->total.ns += p->ns;
        ret->total.regexes += p->regexes;
    }
    qsort(ret->rules, ret->n, sizeof *ret->rules, by_time);
    free(profile);
}
