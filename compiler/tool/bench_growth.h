/* How the cost of an event grows with the rules: packs of 10 to 10,000 on the same events.
 *
 *     struct bench_growth g;
 *     if (bench_growth(judge, args, report, &sets, rounds, vary, &g) < 0) ...
 */
#ifndef SIGMATON_TOOL_BENCH_GROWTH_H
#define SIGMATON_TOOL_BENCH_GROWTH_H

#include "bench.h"

struct arena;

#define BENCH_GROWTH_SIZES 5
#define BENCH_GROWTH_SEEDS 5

struct bench_growth_point {
    size_t n_files, n_rules; /* rules that compiled */
    size_t pack_bytes;
    double hits_per_event;   /* of the first seed */
    struct bench_stat ns;    /* end to end, per event, over the seeds' medians */
    struct bench_stat times; /* the seeds' ratios to the smallest pack of their own */
};

struct bench_growth {
    unsigned n; /* points; 0: not measured */
    unsigned n_seeds;
    struct bench_growth_point points[BENCH_GROWTH_SIZES];
    size_t n_mutants, n_cuts, n_uncut; /* copies; texts cut; copies with none */
};

/* Nested random subsets of the judge's rule files, BENCH_GROWTH_SEEDS times; above all of them with
 * mutated copies. All packs of a seed are measured interleaved. As judge_open: -1, else the exit
 * code after having said why. */
int bench_growth(const struct judge *j, const struct args *args, const struct report *r,
                 const struct bench_sets *sets, unsigned rounds, struct bench_growth *ret);

/* A copy of the rule's file (which holds this rule alone) as described in bench_mutants.c. */
struct str bench_mutant(struct arena *a, const struct rule *rule, struct str text, unsigned number,
                        bool front, size_t *ret_cuts);

#endif
