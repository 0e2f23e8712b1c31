#include "bench_growth.h"

#include <errno.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "compile_options.h"

struct growth {
    const struct judge *all;
    const struct args *args;
    const struct report *report;
    const struct bench_sets *sets;
    unsigned rounds;
    struct arena *arena;
    struct sigmatonc_text *texts; /* the rule files in this seed's order, mutants behind them */
    const struct rule **rule_of;  /* [n_files]: the only rule of the file, or NULL */
    uint32_t *order;              /* [n_files] */
    size_t n_files, n_texts, most;
    struct judge judges[BENCH_GROWTH_SIZES];
    unsigned n_judges;
    struct bench_growth *ret;
};

static const size_t sizes[BENCH_GROWTH_SIZES - 1] = {10, 100, 1000, 0}; /* 0: all */
enum { MOST = 10000 };

/* splitmix64 */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void shuffle(struct growth *g, uint64_t seed)
{
    for (uint32_t i = 0; i < g->n_files; i++)
        g->order[i] = i;
    for (size_t i = g->n_files; i > 1; i--) {
        size_t k = (size_t)(draw(&seed) % i);
        uint32_t was = g->order[i - 1];
        g->order[i - 1] = g->order[k];
        g->order[k] = was;
    }
}

static void find_rules(struct growth *g)
{
    const struct ruleset *set = g->all->compiled->ruleset;
    bool *several = bench_alloc(g->n_files, sizeof *several);
    for (size_t i = 0; i < set->n_rules; i++) {
        uint32_t file = set->rules[i]->file;
        if (file >= g->n_files)
            continue;
        several[file] |= g->rule_of[file] != NULL || set->rules[i]->document > 0;
        g->rule_of[file] = set->rules[i];
    }
    for (size_t i = 0; i < g->n_files; i++)
        if (several[i])
            g->rule_of[i] = NULL;
    free(several);
}

static void add_text(struct growth *g, struct str name, struct str text)
{
    g->texts[g->n_texts++] = (struct sigmatonc_text){name.p, text.p, text.len};
}

static void add_mutant(struct growth *g, uint32_t file, unsigned number, unsigned turn)
{
    size_t cuts;
    const struct source *s = sources_get(g->all->compiled->sources, file);
    if (!g->rule_of[file])
        return;
    struct str text =
        bench_mutant(g->arena, g->rule_of[file], s->text, number, (turn ^ file) & 1, &cuts);
    add_text(g, str_format(g->arena, "mutant-%u.yml", number), text);
    g->ret->n_mutants++;
    g->ret->n_cuts += cuts;
    g->ret->n_uncut += cuts == 0;
}

static void write_texts(struct growth *g)
{
    g->n_texts = 0;
    g->ret->n_mutants = g->ret->n_cuts = g->ret->n_uncut = 0;
    for (size_t i = 0; i < g->n_files; i++) {
        const struct source *s = sources_get(g->all->compiled->sources, g->order[i]);
        add_text(g, str_dup(g->arena, s->path), s->text);
    }
    bool some = false;
    for (size_t i = 0; i < g->n_files; i++)
        some |= g->rule_of[i] != NULL;
    for (unsigned n = 0; some && g->n_texts < g->most; n++)
        add_mutant(g, g->order[n % g->n_files], n, n / (unsigned)g->n_files);
}

static int open_judge(struct growth *g, size_t n_texts)
{
    struct bench_growth_point *p = &g->ret->points[g->n_judges];
    struct args args = *g->args;
    struct sigmatonc *c = NULL;
    struct judge *j = &g->judges[g->n_judges++];
    args.engine = g->all->engine;
    args.rules = (struct list){0};
    struct sigmatonc_options o = compile_options(&args, judge_stage(args.engine));
    o.texts = g->texts;
    o.n_texts = n_texts;
    enum sigmatonc_status status = sigmatonc_compile(&o, &c);
    *j = (struct judge){.compiled = c};
    if (status != SIGMATONC_OK)
        return report_fail(g->report, "a pack of %zu rule files does not compile", n_texts);
    *p = (struct bench_growth_point){.n_files = n_texts,
                                     .n_rules = sigmatonc_counts(c).compiled,
                                     .pack_bytes = sigmatonc_pack(c)->image_size,
                                     .ns = p->ns,
                                     .hits_per_event = p->hits_per_event};
    return judge_attach(j, c, &args, g->report);
}

static void close_judges(struct growth *g)
{
    for (unsigned i = 0; i < g->n_judges; i++) {
        struct sigmatonc *c = g->judges[i].compiled;
        judge_close(&g->judges[i]);
        sigmatonc_destroy(c);
    }
    g->n_judges = 0;
}

static int open_judges(struct growth *g)
{
    int code = -1;
    for (unsigned i = 0; code < 0 && i < BENCH_GROWTH_SIZES; i++) {
        bool mutants = i + 1 == BENCH_GROWTH_SIZES;
        size_t n = mutants ? g->most : sizes[i] ? sizes[i] : g->n_files;
        if (n <= g->n_files ? !mutants : mutants && g->n_texts == n)
            code = open_judge(g, n);
    }
    return code;
}

/* One pass of every pack over the events of a round; ns[pack] of it. */
static bool pass(struct growth *g, const struct bench_sets *sets, double *ns, double *ret_hits)
{
    for (unsigned k = 0; k < g->n_judges; k++) {
        uint64_t events = 0, hits = 0, cpu = 0;
        for (size_t s = 0; s < sets->n; s++) {
            struct bench_run run;
            if (!bench_run(&g->judges[k], &sets->v[s], &run))
                return false;
            events += run.n_events + run.n_unreadable;
            hits += run.n_alerts;
            cpu += run.cpu_ns;
        }
        ns[k] = (double)cpu / (double)events;
        ret_hits[k] = (double)hits / (double)events;
    }
    return true;
}

static bool varied(struct growth *g, unsigned round, struct bench_sets *ret)
{
    struct bench_varied v = {0};
    bool done = true;
    *ret = (struct bench_sets){.v = bench_alloc(g->sets->n, sizeof *ret->v)};
    struct judge j = *g->all; /* its scratch is used, its counts are not */
    for (size_t s = 0; done && s < g->sets->n; s++)
        done = bench_vary(&j, &g->sets->v[s], round, &ret->v[ret->n++], &v);
    return done;
}

/* Medians of the packs of one seed; *ret_ns: [n_judges]. */
static bool measure(struct growth *g, double *ret_ns)
{
    double *ns = bench_alloc((size_t)g->rounds * BENCH_GROWTH_SIZES, sizeof *ns);
    double hits[BENCH_GROWTH_SIZES] = {0};
    bool done = true;
    for (unsigned r = 0; done && r < g->rounds; r++) {
        struct bench_sets sets = *g->sets;
        double round[BENCH_GROWTH_SIZES] = {0};
        done = (!g->args->bench.vary || varied(g, r, &sets)) && pass(g, &sets, round, hits);
        for (unsigned k = 0; k < g->n_judges; k++)
            ns[k * g->rounds + r] = round[k];
        if (g->args->bench.vary)
            bench_sets_close(&sets);
    }
    for (unsigned k = 0; k < g->n_judges; k++) {
        ret_ns[k] = bench_stat(ns + k * g->rounds, g->rounds).median;
        if (g->ret->points[k].hits_per_event <= 0)
            g->ret->points[k].hits_per_event = hits[k];
    }
    free(ns);
    return done;
}

static void sum_up(struct growth *g, double seeds[BENCH_GROWTH_SEEDS][BENCH_GROWTH_SIZES])
{
    for (unsigned k = 0; k < g->ret->n; k++) {
        double ns[BENCH_GROWTH_SEEDS], times[BENCH_GROWTH_SEEDS];
        for (unsigned s = 0; s < BENCH_GROWTH_SEEDS; s++)
            ns[s] = seeds[s][k], times[s] = seeds[s][k] / seeds[s][0];
        g->ret->points[k].ns = bench_stat(ns, BENCH_GROWTH_SEEDS);
        g->ret->points[k].times = bench_stat(times, BENCH_GROWTH_SEEDS);
    }
}

static int run_seeds(struct growth *g)
{
    double seeds[BENCH_GROWTH_SEEDS][BENCH_GROWTH_SIZES];
    int code = -1;
    for (unsigned s = 0; code < 0 && s < BENCH_GROWTH_SEEDS; s++) {
        shuffle(g, s + 1);
        write_texts(g);
        code = open_judges(g);
        if (code < 0 && !measure(g, seeds[s]))
            code = report_fail(g->report, "--growth failed: %s", strerror(errno));
        g->ret->n = g->n_judges;
        close_judges(g);
    }
    if (code < 0)
        sum_up(g, seeds);
    return code;
}

int bench_growth(const struct judge *j, const struct args *args, const struct report *r,
                 const struct bench_sets *sets, unsigned rounds, struct bench_growth *ret)
{
    struct growth g = {
        .all = j, .args = args, .report = r, .sets = sets, .rounds = rounds, .ret = ret};
    *ret = (struct bench_growth){.n_seeds = BENCH_GROWTH_SEEDS};
    g.arena = arena_create(ARENA_LIMIT);
    if (!g.arena || setjmp(*arena_on_oom(g.arena))) {
        arena_destroy(g.arena);
        return report_fail(r, "out of memory");
    }
    g.n_files = j->compiled->n_files;
    g.most = args->bench.growth_rules ? args->bench.growth_rules : MOST;
    g.texts = bench_alloc(g.n_files + g.most, sizeof *g.texts);
    g.rule_of = bench_alloc(g.n_files, sizeof(struct rule *));
    g.order = bench_alloc(g.n_files, sizeof *g.order);
    find_rules(&g);
    int code = run_seeds(&g);
    arena_disarm(g.arena);
    arena_destroy(g.arena);
    free(g.texts);
    free(g.rule_of);
    free(g.order);
    return code;
}
