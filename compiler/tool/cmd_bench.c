/* sigmaton bench: what judging events with rules costs, beside a floor measured in the same
 * process. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "bench_result.h"
#include "codegen.h"
#include "commands.h"
#include "packs.h"

/* Events of a class that are measured (small ones several times over, for a pass has its own cost),
 * classes with fewer than CLASS_MIN are left out; passes of --slowest;
 * events of --by-rule. */
enum {
    RULE_EVENTS = 50000,
    CLASS_LEAST = 2000,
    CLASS_MAX = 4000,
    CLASS_MIN = 20,
    SLOWEST_PASSES = 5
};

struct bench {
    const struct args *args;
    struct report report;
    struct arena *arena; /* of the report, when a pack is judged */
    struct judge judge;  /* the first engine; owns the rules, or the pack */
    struct bench_sets sets;
    struct bench_classes classes;
    struct bench_floor *floor;
    struct bench_result result;
    unsigned rounds;
};

static int load_sets(struct bench *b)
{
    const struct list *files = &b->args->inputs;
    if (files->n == 0)
        return usage_error(b->args, "no events: give files of NDJSON");
    b->sets.v = bench_alloc(files->n, sizeof *b->sets.v);
    for (size_t i = 0; i < files->n; i++) {
        struct bench_set *s = &b->sets.v[b->sets.n++];
        if (!bench_set_read(s, files->v[i]))
            return usage_error(b->args, "cannot read %s: %s", files->v[i], strerror(errno));
        b->sets.n_lines += s->n_lines;
        b->sets.n_bytes += s->len;
        b->sets.longest = s->longest > b->sets.longest ? s->longest : b->sets.longest;
    }
    if (b->sets.n_lines == 0)
        return usage_error(b->args, "there is no event in these files");
    return -1;
}

/* With --class: one set of these events in place of the files. */
static int select_classes(struct bench *b)
{
    const struct list *specs = &b->args->bench.classes;
    if (specs->n == 0)
        return -1;
    bool *wanted = bench_alloc(b->classes.n, sizeof *wanted);
    size_t n = 0;
    for (uint32_t i = 0; i < b->classes.n; i++) {
        for (size_t k = 0; k < specs->n; k++)
            wanted[i] |= bench_class_is(&b->classes.v[i], specs->v[k]);
        n += wanted[i] ? b->classes.v[i].n_lines : 0;
    }
    struct bench_sets chosen = {bench_alloc(1, sizeof *chosen.v), 1, n, 0, b->sets.longest};
    bool done = bench_class_set(&b->sets, &b->classes, wanted, 0, 0, specs->v[0], &chosen.v[0]);
    free(wanted);
    bench_sets_close(&b->sets);
    b->sets = chosen;
    b->sets.n_bytes = chosen.v[0].len;
    if (!done)
        return report_fail(&b->report, "cannot keep the events: %s", strerror(errno));
    if (n == 0)
        return report_fail(&b->report, "no event is of these classes");
    bench_classes_free(&b->classes);
    bench_classes_find(&b->judge, &b->sets, &b->classes);
    return -1;
}

static int rounds_fail(const struct bench *b)
{
    if (errno == 0)
        return report_fail(&b->report, "a pass with other values has other alerts");
    return report_fail(&b->report, "a pass failed: %s", strerror(errno));
}

static int by_events(const void *a, const void *b)
{
    const struct bench_class_times *x = a, *y = b;
    return x->class->n_lines < y->class->n_lines   ? 1
           : x->class->n_lines > y->class->n_lines ? -1
                                                   : 0;
}

static bool measure_class(struct bench *b, struct judge *j, uint32_t class, struct bench_engine *e)
{
    bool *wanted = bench_alloc(b->classes.n, sizeof *wanted);
    struct bench_set set;
    struct bench_sets one = {&set, 1, 0, 0, b->sets.longest};
    struct bench_rounds_options o = {b->rounds, j->oracle == NULL, b->args->bench.vary};
    struct bench_class_times *t = &e->classes[e->n_classes++];
    wanted[class] = true;
    t->class = &b->classes.v[class];
    bool done =
        bench_class_set(&b->sets, &b->classes, wanted, CLASS_LEAST, CLASS_MAX, "class", &set) &&
        bench_rounds(j, &one, b->floor, &o, &t->rounds);
    bench_set_close(&set);
    free(wanted);
    return done;
}

static int measure_classes(struct bench *b, struct judge *j, struct bench_engine *e)
{
    e->classes = bench_alloc(b->classes.n, sizeof *e->classes);
    for (uint32_t i = 0; i < b->classes.n; i++)
        if (b->classes.v[i].n_lines >= CLASS_MIN && !measure_class(b, j, i, e))
            return rounds_fail(b);
    qsort(e->classes, e->n_classes, sizeof *e->classes, by_events);
    return -1;
}

/* What was asked for beyond the rounds. */
static int measure_more(struct bench *b, struct judge *j, struct bench_engine *e)
{
    const struct bench_args *o = &b->args->bench;
    if (o->by_class && measure_classes(b, j, e) >= 0)
        return EXIT_USAGE;
    if (o->by_rule && j->oracle == NULL)
        bench_by_rule(j, &b->sets, RULE_EVENTS, &e->rules);
    if (o->attack && j->oracle == NULL && !bench_attack(j, b->report.arena, o->lines, &e->attack))
        return report_fail(&b->report, "--attack failed: %s", strerror(errno));
    if (o->slowest && !bench_slowest(j, &b->sets, SLOWEST_PASSES, &e->tail))
        return report_fail(&b->report, "--slowest failed: %s", strerror(errno));
    if (o->threads > 0 && j->oracle == NULL &&
        !bench_threads(j, &b->sets, (unsigned)o->threads, b->rounds, &e->threads))
        return report_fail(&b->report, "--threads failed: %s", strerror(errno));
    return -1;
}

static int measure(struct bench *b, struct judge *j)
{
    struct bench_engine *e = &b->result.engines[b->result.n_engines++];
    struct bench_rounds_options o = {b->rounds, j->oracle == NULL, b->args->bench.vary};
    e->name = judge_engine_name(j);
    e->digest = BENCH_DIGEST_START;
    for (size_t s = 0; s < b->sets.n; s++)
        if (!bench_digest(j, &b->sets.v[s], &e->digest, &e->n_alerts))
            return report_fail(&b->report, "cannot judge %s: %s", b->sets.v[s].name,
                               strerror(errno));
    if (!bench_rounds(j, &b->sets, b->floor, &o, &e->rounds))
        return rounds_fail(b);
    b->result.agree &= e->digest == b->result.engines[0].digest && !e->rounds.all.differs;
    return measure_more(b, j, e);
}

static int measure_other(struct bench *b, enum engine_choice engine)
{
    struct judge j;
    struct args args = *b->args;
    args.engine = engine;
    int code = judge_attach(&j, b->judge.compiled, &args, &b->report);
    if (code < 0)
        code = measure(b, &j);
    judge_close(&j);
    return code;
}

static int measure_all(struct bench *b)
{
    b->result.agree = true;
    int code = measure(b, &b->judge);
    if (code < 0 && b->args->bench.growth)
        code = bench_growth(&b->judge, b->args, &b->report, &b->sets, b->rounds, &b->result.growth);
    if (b->args->engine != ENGINE_ALL || !b->judge.compiled)
        return code;
    if (code < 0)
        code = measure_other(b, ENGINE_AOT);
    if (code < 0 && b->judge.engine != ENGINE_IR)
        code = measure_other(b, ENGINE_IR);
#ifdef SIGMATON_ORACLE
    if (code < 0)
        code = measure_other(b, ENGINE_ORACLE);
#endif
    return code;
}

static void describe(struct bench *b)
{
    struct bench_result *r = &b->result;
    const struct sigmaton_pack *pack = bench_pack(&b->judge);
    r->version = sigmaton_version();
    r->llvm = codegen_llvm_version();
    r->floor = bench_floor_name(b->floor);
    r->counts = (struct sigmatonc_counts){.compiled = pack->rules.len};
    if (b->judge.compiled)
        r->counts = sigmatonc_counts(b->judge.compiled);
    r->pack_bytes = pack->image_size;
    r->n_slots = pack->slots.len;
    r->scratch_bytes = sigmaton_scratch_size(b->judge.runtime);
    r->scratch_ordinary = sigmaton_scratch_ordinary(b->judge.runtime);
    r->clock_cost_ns = bench_cpu_cost();
    r->sets = &b->sets;
    r->runtime = b->judge.runtime;
}

static int write_html(const struct bench *b)
{
    struct text out;
    text_init(&out, b->report.arena);
    bench_print_html(&out, &b->result);
    FILE *f = fopen(b->args->bench.html, "w");
    bool done = f && fwrite(out.p, 1, out.len, f) == out.len;
    if (f && fclose(f) != 0)
        done = false;
    return done ? -1
                : report_fail(&b->report, "cannot write %s: %s", b->args->bench.html,
                              strerror(errno));
}

static int print(const struct bench *b)
{
    const struct bench_result *r = &b->result;
    struct text out;
    text_init(&out, b->report.arena);
    if (b->args->bench.html && write_html(b) >= 0)
        return EXIT_USAGE;
    if (b->args->bench.json)
        bench_print_json(&out, r);
    else
        bench_print_text(&out, r);
    if (fwrite(out.p, 1, out.len, stdout) != out.len)
        return report_fail(&b->report, "cannot write the results: %s", strerror(errno));
    return r->agree && r->counts.refused == 0 && r->engines[0].rounds.all.n_unreadable == 0
               ? EXIT_FINE
               : EXIT_LEFT_OUT;
}

static void engine_free(struct bench_engine *e, size_t n_sets)
{
    bench_rounds_free(&e->rounds, n_sets);
    for (size_t i = 0; i < e->n_classes; i++)
        bench_rounds_free(&e->classes[i].rounds, 1);
    free(e->classes);
    free(e->rules.rules);
}

/* The first judge, of rules or of one pack. */
static int start(struct bench *b)
{
    const struct args *a = b->args;
    size_t n_packs = 0;
    for (size_t i = 0; i < a->rules.n; i++)
        n_packs += packs_is_pack(a->rules.v[i]);
    if (n_packs == 0)
        return bench_cold(a, &b->sets, &b->judge, &b->report, &b->result);
    if (a->rules.n > 1)
        return usage_error(a, "a pack is measured by itself: give one -r");
    if (a->bench.growth || a->bench.attack)
        return usage_error(a, "--growth and --attack want rules, not a pack");
    if (a->engine != ENGINE_AUTO && a->engine != ENGINE_AOT)
        return usage_error(a, "a pack is judged by its own code: there is no other engine for it");
    b->arena = arena_create(ARENA_LIMIT);
    if (!b->arena)
        return usage_error(a, "out of memory");
    report_init(&b->report, b->arena, a);
    int code = bench_cold_pack(a, &b->sets, &b->judge, &b->report, &b->result);
    return code < 0 ? code : report_end(&b->report, code);
}

static int measure_and_print(struct bench *b)
{
    const struct bench_args *o = &b->args->bench;
    b->floor = bench_floor_open(b->sets.longest);
    describe(b);
    bench_warm(b->args, &b->sets, &b->judge, &b->report, &b->result);
    if (o->classes.n > 0 || o->by_class)
        bench_classes_find(&b->judge, &b->sets, &b->classes);
    int code = select_classes(b);
    if (code < 0)
        code = measure_all(b);
    return report_end(&b->report, code < 0 ? print(b) : code);
}

int cmd_bench(const struct args *args)
{
    struct bench b = {.args = args,
                      .rounds = args->bench.rounds ? (unsigned)args->bench.rounds : 11};
    if (args->bench.lines && !args->bench.attack)
        return usage_error(args, "--attack-lines needs --attack");
    int code = load_sets(&b);
    if (code < 0)
        code = start(&b);
    if (code < 0)
        code = measure_and_print(&b);
    for (unsigned i = 0; i < b.result.n_engines; i++)
        engine_free(&b.result.engines[i], b.sets.n);
    bench_classes_free(&b.classes);
    bench_floor_close(b.floor);
    judge_close(&b.judge);
    arena_destroy(b.arena);
    bench_sets_close(&b.sets);
    return code;
}
