/* What a bench came to, and its three printers: text, JSON, a page. */
#ifndef SIGMATON_TOOL_BENCH_RESULT_H
#define SIGMATON_TOOL_BENCH_RESULT_H

#include "bench.h"
#include "bench_attack.h"
#include "bench_growth.h"
#include "str.h"

/* From rule files to the first verdict. */
struct bench_start {
    struct compile_times phases;
    uint64_t engine_ns; /* engine, scratch and first event */
    uint64_t total_ns;  /* wall clock, all of it */
    uint64_t cpu_ns;    /* of this thread */
};

/* A class of events by itself; of large ones a part. */
struct bench_class_times {
    const struct bench_class *class;
    struct bench_rounds rounds;
};

/* One engine on all sets. */
struct bench_engine {
    const char *name;
    struct bench_rounds rounds;
    uint64_t digest, n_alerts;
    struct bench_class_times *classes; /* --by-class, by number of events */
    size_t n_classes;
    struct bench_by_rule rules;
    struct bench_attack attack;
    struct bench_tail tail;       /* n 0: not measured */
    struct bench_threads threads; /* n 0: not measured */
};

#define BENCH_ENGINES 4

struct bench_result {
    const char *version, *llvm, *floor; /* floor "none": newline scan only */
    struct sigmatonc_counts counts;
    uint64_t pack_bytes, clock_cost_ns;
    uint64_t scratch_bytes, scratch_ordinary; /* reserved; touched by ordinary events */
    uint32_t n_slots;
    struct bench_start cold, warm; /* warm: the median of n_warm */
    unsigned n_warm;
    uint64_t yaml_ns,
        n_yaml; /* reading the rule files and libyaml's events of them: time, events */
    const struct bench_sets *sets;
    const struct sigmaton_engine *runtime; /* for the names of rules */
    struct bench_engine engines[BENCH_ENGINES];
    unsigned n_engines;
    struct bench_growth growth; /* of the first engine */
    bool agree;                 /* all digests are equal */
};

/* The first compilation of the process, as `run` would do it, to the first event's verdict
 * (bench_start.c). As judge_open. */
int bench_cold(const struct args *args, const struct bench_sets *sets, struct judge *j,
               struct report *r, struct bench_result *ret);
/* The same of a pack file; the report is open. */
int bench_cold_pack(const struct args *args, const struct bench_sets *sets, struct judge *j,
                    const struct report *r, struct bench_result *ret);
/* A few more, and libyaml alone over the same files. */
void bench_warm(const struct args *args, const struct bench_sets *sets, const struct judge *first,
                const struct report *r, struct bench_result *ret);

void bench_print_text(struct text *out, const struct bench_result *r);
void bench_print_json(struct text *out, const struct bench_result *r);
void bench_print_html(struct text *out, const struct bench_result *r);

#endif
