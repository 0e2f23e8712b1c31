/* From rule files to the first verdict: cold, warm, and what libyaml alone takes for the same
 * files.
 */
#include <stdlib.h>
#include <string.h>

#include "bench_result.h"
#include "yaml_pass.h"

/* Compilations in a process that has compiled already; passes of libyaml. */
enum { WARM_STARTS = 3, YAML_PASSES = 5 };

static void first_event(struct judge *j, const struct bench_sets *sets)
{
    struct sigmaton_verdict v;
    size_t s = 0;
    while (sets->v[s].n_lines == 0)
        s++;
    judge_event(j, sets->v[s].lines[0].p, sets->v[s].lines[0].len, &v);
}

static struct bench_start start_of(const struct judge *j, uint64_t wall, uint64_t cpu)
{
    struct bench_start s = {{0}, 0, bench_wall_ns() - wall, bench_cpu_ns() - cpu};
    if (j->compiled)
        s.phases = j->compiled->times;
    if (s.total_ns > s.phases.total_ns)
        s.engine_ns = s.total_ns - s.phases.total_ns;
    return s;
}

int bench_cold(const struct args *args, const struct bench_sets *sets, struct judge *j,
               struct report *r, struct bench_result *ret)
{
    struct args first = *args;
    if (first.engine == ENGINE_ALL)
        first.engine = ENGINE_AUTO;
    uint64_t wall = bench_wall_ns(), cpu = bench_cpu_ns();
    int code = judge_open(j, &first, r);
    if (code >= 0)
        return code;
    first_event(j, sets);
    ret->cold = start_of(j, wall, cpu);
    return -1;
}

/* A pack file in place of rules; says nothing. */
static enum sigmaton_status open_pack(const struct args *args, struct judge *j,
                                      const char **ret_why)
{
    struct sigmaton_file *file;
    struct sigmaton_engine_options o = judge_options(args);
    *j = (struct judge){.engine = ENGINE_AOT};
    enum sigmaton_status s = sigmaton_open(args->rules.v[0], NULL, &file, ret_why);
    if (s != SIGMATON_OK)
        return s;
    s = sigmaton_engine_load(file, &o, &j->runtime, ret_why);
    if (s != SIGMATON_OK) {
        sigmaton_close(file);
        return s;
    }
    j->n_words = (sigmaton_n_rules(j->runtime) + 63) / 64;
    return sigmaton_scratch_create(j->runtime, &j->scratch);
}

int bench_cold_pack(const struct args *args, const struct bench_sets *sets, struct judge *j,
                    const struct report *r, struct bench_result *ret)
{
    const char *why = "";
    uint64_t wall = bench_wall_ns(), cpu = bench_cpu_ns();
    enum sigmaton_status s = open_pack(args, j, &why);
    if (s != SIGMATON_OK)
        return report_fail(r, "%s: %s", args->rules.v[0], why ? why : sigmaton_status_text(s));
    first_event(j, sets);
    ret->cold = start_of(j, wall, cpu);
    return -1;
}

static int by_total(const void *a, const void *b)
{
    const struct bench_start *x = a, *y = b;
    return x->total_ns < y->total_ns ? -1 : x->total_ns > y->total_ns;
}

/* Reads each file again, as the compiler did, and lets libyaml go over it. */
static double yaml_once(const struct sigmatonc *c, uint64_t *ret_events)
{
    uint64_t mark = bench_cpu_ns();
    *ret_events = 0;
    for (uint32_t i = 0; i < c->n_files; i++) {
        struct str path = sources_get(c->sources, i)->path, text = sources_get(c->sources, i)->text;
        char name[4096];
        struct bench_set file = {0};
        bool read = path.len < sizeof name && !str_eq_z(path, "-");
        if (read) {
            memcpy(name, path.p, path.len);
            name[path.len] = '\0';
            read = bench_file_read(&file, name);
        }
        *ret_events += read ? yaml_pass(file.bytes, file.len) : yaml_pass(text.p, text.len);
        free(file.bytes);
    }
    return (double)(bench_cpu_ns() - mark);
}

static void yaml_passes(const struct sigmatonc *c, struct bench_result *ret)
{
    double ns[YAML_PASSES];
    for (size_t i = 0; i < YAML_PASSES; i++)
        ns[i] = yaml_once(c, &ret->n_yaml);
    ret->yaml_ns = (uint64_t)bench_stat(ns, YAML_PASSES).median;
}

void bench_warm(const struct args *args, const struct bench_sets *sets, const struct judge *first,
                const struct report *r, struct bench_result *ret)
{
    struct bench_start starts[WARM_STARTS];
    struct args again = *args;
    again.engine = first->engine;
    for (unsigned i = 0; i < WARM_STARTS; i++) {
        struct sigmatonc *c = NULL;
        struct judge j = {0};
        const char *why;
        uint64_t wall = bench_wall_ns(), cpu = bench_cpu_ns();
        if (first->compiled
                ? judge_compile(&again, judge_stage(again.engine), &c) == SIGMATONC_OK &&
                      judge_attach(&j, c, &again, r) < 0
                : open_pack(&again, &j, &why) == SIGMATON_OK) {
            first_event(&j, sets);
            starts[ret->n_warm++] = start_of(&j, wall, cpu);
        }
        judge_close(&j);
        sigmatonc_destroy(c);
    }
    qsort(starts, ret->n_warm, sizeof *starts, by_total);
    if (ret->n_warm > 0)
        ret->warm = starts[ret->n_warm / 2];
    if (first->compiled)
        yaml_passes(first->compiled, ret);
}
