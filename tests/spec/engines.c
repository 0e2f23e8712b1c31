#include "engines.h"

#include <sigmaton/sigmaton.h>
#include <stdio.h>
#include <stdlib.h>

#include "compile.h"
#include "link.h"
#include "oracle.h"

static void *open_oracle(struct arena *a, const struct spec_rules *rules)
{
    (void)a;
    return oracle_create(&rules->mapped, &(struct oracle_options){.routing = ORACLE_ROUTE_NONE});
}

static bool judge_by_oracle(void *engine, struct str event, uint64_t *hits, const char **ret_why)
{
    size_t off;
    return oracle_judge(engine, event.p, event.len, hits, ret_why, &off) == ORACLE_OK;
}

static void close_oracle(void *engine)
{
    oracle_destroy(engine);
}

/* What judges by a pack: machine code or the interpreter. */
struct runtime {
    struct sigmatonc *compiled;
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
};

static void close_runtime(void *engine)
{
    struct runtime *r = engine;
    sigmaton_scratch_destroy(r->scratch);
    sigmaton_engine_destroy(r->engine);
    sigmatonc_destroy(r->compiled);
}

static bool compile(struct runtime *r, struct arena *a, const struct spec_rules *rules,
                    enum sigmatonc_stage last, unsigned level)
{
    struct sigmatonc_text *texts = ARENA_ARRAY(a, 2, struct sigmatonc_text);
    texts[0] = (struct sigmatonc_text){"rule", rules->text.p, rules->text.len};
    texts[1] = (struct sigmatonc_text){"names", rules->placeholders.p, rules->placeholders.len};
    struct sigmatonc_options o = {.size = sizeof o, .texts = texts, .n_texts = 1, .last = last};
    o.opt_level = level;
    if (texts[1].len > 0)
        o.placeholder_text = &texts[1];
    return sigmatonc_compile(&o, &r->compiled) == SIGMATONC_OK;
}

/* The pack as a file, opened as any is. */
static enum sigmaton_status load(struct runtime *r, const struct sigmaton_engine_options *o)
{
    const char *bytes;
    size_t len;
    struct sigmaton_file *file = NULL;
    if (sigmatonc_build(r->compiled, SIGMATONC_SO, NULL, &bytes, &len) != SIGMATONC_OK)
        return SIGMATON_EPACK;
    FILE *f = tmpfile();
    enum sigmaton_status status = SIGMATON_EIO;
    if (f && fwrite(bytes, 1, len, f) == len && fflush(f) == 0)
        status = sigmaton_open_fd(fileno(f), NULL, &file, NULL);
    if (f)
        fclose(f);
    if (status == SIGMATON_OK)
        status = sigmaton_engine_load(file, o, &r->engine, NULL);
    if (status != SIGMATON_OK)
        sigmaton_close(file);
    return status;
}

static void *open_runtime(struct arena *a, const struct spec_rules *rules,
                          enum sigmatonc_stage last, unsigned level)
{
    struct runtime *r = ARENA_ARRAY(a, 1, struct runtime);
    struct sigmaton_engine_options o = {.size = sizeof o, .routing = SIGMATON_ROUTE_NONE};
    enum sigmaton_status status = SIGMATON_EINVAL;
    bool compiled = compile(r, a, rules, last, level);
    if (compiled && last == SIGMATONC_PLAN)
        o.eval = sigmatonc_interpreter(r->compiled, &o.judge);
    if (compiled)
        status = last == SIGMATONC_LLVM
                     ? load(r, &o)
                     : sigmaton_engine_create(sigmatonc_pack(r->compiled), &o, &r->engine, NULL);
    if (status == SIGMATON_OK && sigmaton_scratch_create(r->engine, &r->scratch) == SIGMATON_OK)
        return r;
    close_runtime(r);
    return NULL;
}

static void *open_ir(struct arena *a, const struct spec_rules *rules)
{
    return open_runtime(a, rules, SIGMATONC_PLAN, 0);
}

static void *open_jit(struct arena *a, const struct spec_rules *rules)
{
    return open_runtime(a, rules, SIGMATONC_JIT, 0);
}

/* Leaves are written out instead of asked as data. */
static void *open_written(struct arena *a, const struct spec_rules *rules)
{
    return open_runtime(a, rules, SIGMATONC_JIT, 1);
}

static void *open_aot(struct arena *a, const struct spec_rules *rules)
{
    return open_runtime(a, rules, SIGMATONC_LLVM, 0);
}

static bool judge_by_runtime(void *engine, struct str event, uint64_t *hits, const char **ret_why)
{
    const struct runtime *r = engine;
    struct sigmaton_verdict v;
    enum sigmaton_status status = sigmaton_eval_json(r->engine, r->scratch, event.p, event.len, &v);
    if (status == SIGMATON_OK)
        memcpy(hits, v.hits, (v.n_rules + 63) / 64 * sizeof *hits);
    else
        *ret_why = v.error;
    return status == SIGMATON_OK;
}

static bool linker_is_here(void)
{
    static int known;
    if (!known)
        known = link_is_possible() ? 1 : -1;
    return known > 0;
}

const struct spec_engine spec_engines[] = {
    {"oracle", NULL, open_oracle, judge_by_oracle, close_oracle},
    {"ir", NULL, open_ir, judge_by_runtime, close_runtime},
    {"jit", NULL, open_jit, judge_by_runtime, close_runtime},
    {"jit at level 1", NULL, open_written, judge_by_runtime, close_runtime},
    {"aot", linker_is_here, open_aot, judge_by_runtime, close_runtime},
};
const size_t n_spec_engines = sizeof spec_engines / sizeof spec_engines[0];
