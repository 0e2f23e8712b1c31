#include "judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile_options.h"
#include "jobs.h"

#ifdef SIGMATON_ORACLE
#include "oracle.h"
#endif

const char *judge_engine_name(const struct judge *j)
{
    static const char *const names[] = {"auto", "jit", "aot", "ir", "oracle"};
    return names[j->engine];
}

enum sigmatonc_stage judge_stage(enum engine_choice engine)
{
    static const enum sigmatonc_stage stages[] = {
        [ENGINE_AUTO] = SIGMATONC_JIT,    [ENGINE_JIT] = SIGMATONC_JIT,
        [ENGINE_AOT] = SIGMATONC_LLVM,    [ENGINE_IR] = SIGMATONC_PLAN,
        [ENGINE_ORACLE] = SIGMATONC_PLAN, [ENGINE_ALL] = SIGMATONC_JIT,
    };
    return stages[engine];
}

enum sigmatonc_status judge_compile(const struct args *args, enum sigmatonc_stage last,
                                    struct sigmatonc **ret_c)
{
    struct sigmatonc_options o = compile_options(args, last);
    o.cache = args->verb == VERB_RUN ? args->cache : NULL; /* others look into the compilation */
    return sigmatonc_compile(&o, ret_c);
}

/* Compiles; where the system refuses executable memory and the choice was ours, the interpreter
 * steps in. */
static enum sigmatonc_status compile(struct judge *j, const struct args *args)
{
    enum sigmatonc_status status = judge_compile(args, judge_stage(args->engine), &j->compiled);
    j->engine = args->engine == ENGINE_AUTO ? ENGINE_JIT : args->engine;
    if (status == SIGMATONC_ECODE && args->engine == ENGINE_AUTO && j->compiled->plan) {
        j->engine = ENGINE_IR;
        return SIGMATONC_OK;
    }
    return status;
}

/* The pack as `build` writes it, into a file without a name, and opened as any pack file is. NULL
 * after having said why. */
static struct sigmaton_file *build_pack(struct judge *j, const struct report *r)
{
    struct sigmaton_file *file = NULL;
    const char *bytes, *why = "no temporary file";
    size_t len, told = diag_count(j->compiled->sink);
    if (sigmatonc_build(j->compiled, SIGMATONC_SO, NULL, &bytes, &len) != SIGMATONC_OK) {
        report_diags_from(r, j->compiled, told);
        return NULL;
    }
    FILE *f = tmpfile();
    bool written = f && fwrite(bytes, 1, len, f) == len && fflush(f) == 0;
    if (!written || sigmaton_open_fd(fileno(f), NULL, &file, &why) != SIGMATON_OK)
        report_fail(r, "the built pack cannot be opened: %s", why);
    if (f)
        fclose(f);
    return file;
}

static enum sigmaton_status make_runtime(struct judge *j, const struct sigmaton_engine_options *o,
                                         const struct report *r, const char **ret_why)
{
    if (j->engine != ENGINE_AOT)
        return sigmaton_engine_create(sigmatonc_pack(j->compiled), o, &j->runtime, ret_why);
    struct sigmaton_file *file = build_pack(j, r);
    enum sigmaton_status s = SIGMATON_EIO;
    if (file)
        s = sigmaton_engine_load(file, o, &j->runtime, ret_why);
    if (s != SIGMATON_OK)
        sigmaton_close(file);
    return s;
}

struct sigmaton_engine_options judge_options(const struct args *args)
{
    return (struct sigmaton_engine_options){
        .size = sizeof(struct sigmaton_engine_options),
        .routing = args->routing == ROUTING_NONE    ? SIGMATON_ROUTE_NONE
                   : args->routing == ROUTING_GIVEN ? SIGMATON_ROUTE_GIVEN
                                                    : SIGMATON_ROUTE_AUTO,
        .product = args->product,
        .category = args->category,
        .service = args->service,
        .regex = args->regex && strcmp(args->regex, "jit") == 0 ? SIGMATON_REGEX_JIT
                                                                : SIGMATON_REGEX_INTERP,
    };
}

static int make_engine(struct judge *j, const struct args *args, const struct report *r)
{
    const char *why = NULL;
    struct sigmaton_engine_options o = judge_options(args);
    if (j->engine != ENGINE_JIT && j->engine != ENGINE_AOT) {
        o.eval = sigmatonc_interpreter(j->compiled, &o.judge);
        if (!o.eval)
            return report_fail(r, "the interpreter cannot be made");
    }
    enum sigmaton_status s = make_runtime(j, &o, r, &why);
    if (s == SIGMATON_OK)
        s = sigmaton_scratch_create(j->runtime, &j->scratch);
    if (s != SIGMATON_OK)
        return report_fail(r, "the engine cannot start: %s%s%s", sigmaton_status_text(s),
                           why ? ": " : "", why ? why : "");
    j->n_words = (sigmaton_n_rules(j->runtime) + 63) / 64;
    return -1;
}

#ifdef SIGMATON_ORACLE
static bool make_oracle(struct judge *j, const struct args *args)
{
    struct oracle_options o = {
        .routing = args->routing == ROUTING_NONE    ? ORACLE_ROUTE_NONE
                   : args->routing == ROUTING_GIVEN ? ORACLE_ROUTE_GIVEN
                                                    : ORACLE_ROUTE_AUTO,
        .product = args->product ? str_of(args->product) : (struct str){0},
        .category = args->category ? str_of(args->category) : (struct str){0},
        .service = args->service ? str_of(args->service) : (struct str){0},
        .time_field = args->time_field ? str_of(args->time_field) : (struct str){0},
    };
    j->oracle = oracle_create(&j->compiled->mapped, &o);
    j->oracle_hits = calloc(2 * j->n_words + 1, sizeof *j->oracle_hits);
    return j->oracle && j->oracle_hits;
}
#endif

static int engage(struct judge *j, const struct args *args, const struct report *r)
{
    int code = make_engine(j, args, r);
#ifdef SIGMATON_ORACLE
    if (code < 0 && j->engine == ENGINE_ORACLE && !make_oracle(j, args))
        code = report_fail(r, "out of memory");
#endif
    return code;
}

/* What the compilation came to, and the engine for it. */
static int start(struct judge *j, const struct args *args, const struct report *r,
                 enum sigmatonc_status status)
{
    struct sigmatonc_counts n = sigmatonc_counts(j->compiled);
    if (status != SIGMATONC_OK)
        return report_fail(r, status == SIGMATONC_ENORULES ? "no rules could be read"
                                                           : "the rules could not be compiled");
    if (n.compiled == 0)
        return report_fail(r, "no rule to judge with (%zu documents, %zu refused, %zu left out)",
                           n.documents, n.refused, n.left_out);
    if (args->strict && n.refused > 0)
        return report_fail(r, "%zu rules refused, and --strict wants all", n.refused);
    if (args->strict && diag_errors(j->compiled->sink) > 0)
        return report_fail(r, "not all could be read, and --strict wants all");
    return engage(j, args, r);
}

int judge_attach(struct judge *j, struct sigmatonc *compiled, const struct args *args,
                 const struct report *r)
{
    *j = (struct judge){.compiled = compiled, .borrowed = true, .engine = args->engine};
    if (j->engine == ENGINE_AUTO)
        j->engine = compiled->jit ? ENGINE_JIT : ENGINE_IR;
    return engage(j, args, r);
}

int judge_open(struct judge *j, const struct args *args, struct report *r)
{
    *j = (struct judge){0};
    if (args->rules.n == 0)
        return usage_error(args, "no rules: give -r FILE or FOLDER");
    enum sigmatonc_status status = compile(j, args);
    if (!j->compiled)
        return usage_error(args, "out of memory");
    report_init(r, j->compiled->arena, args);
    report_diags(r, j->compiled);
    int code = start(j, args, r, status);
    return code < 0 ? code : report_end(r, code);
}

/* What a judge does not share with others of its engine. */
static void own_close(struct judge *j)
{
#ifdef SIGMATON_ORACLE
    oracle_destroy(j->oracle);
#endif
    free(j->oracle_hits);
    sigmaton_scratch_destroy(j->scratch);
}

void judge_close(struct judge *j)
{
    own_close(j);
    sigmaton_engine_destroy(j->runtime);
    if (!j->borrowed)
        sigmatonc_destroy(j->compiled);
}

#ifdef SIGMATON_ORACLE
static enum sigmaton_status judge_by_oracle(struct judge *j, const char *json, size_t len,
                                            struct sigmaton_verdict *v)
{
    /* The runtime reads the event too, for its time; what it thinks of it does not count. */
    struct sigmaton_verdict read = {0};
    enum sigmaton_status s = sigmaton_read_json(j->runtime, j->scratch, json, len, &read);
    *v = (struct sigmaton_verdict){
        .hits = j->oracle_hits,
        .unjudged = j->oracle_hits + j->n_words, /* all zero: the oracle knows no limit */
        .n_rules = sigmaton_n_rules(j->runtime),
        .slots = s == SIGMATON_OK ? read.slots : NULL,
    };
    if (oracle_judge(j->oracle, json, len, j->oracle_hits, &v->error, &v->error_off) != ORACLE_OK)
        return SIGMATON_EEVENT;
    for (uint64_t i = 0; i < j->n_words; i++)
        v->n_hits += (uint32_t)__builtin_popcountll(j->oracle_hits[i]);
    return SIGMATON_OK;
}
#endif

enum sigmaton_status judge_event(struct judge *j, const char *json, size_t len,
                                 struct sigmaton_verdict *ret_verdict)
{
#ifdef SIGMATON_ORACLE
    if (j->oracle)
        return judge_by_oracle(j, json, len, ret_verdict);
#endif
    return sigmaton_eval_json(j->runtime, j->scratch, json, len, ret_verdict);
}

static enum sigmaton_status judge_one(void *ctx, const char *json, size_t len,
                                      struct sigmaton_verdict *v)
{
    return judge_event(ctx, json, len, v);
}

static enum sigmaton_status judge_line(void *ctx, const char *lines, size_t len, size_t *ret_used,
                                       struct sigmaton_verdict *v)
{
    const struct judge *j = ctx;
    return sigmaton_eval_ndjson(j->runtime, j->scratch, lines, len, ret_used, v);
}

static struct stream_judge as_stream(struct judge *j)
{
    bool by_line = j->engine != ENGINE_ORACLE;
    return (struct stream_judge){judge_one, j, j->runtime, by_line ? judge_line : NULL};
}

bool judge_stream(struct judge *j, struct stream *s, const struct teller *teller,
                  struct srt_buffer *out)
{
    j->as_stream = as_stream(j);
    return stream_open(s, &j->as_stream, 1, teller, out);
}

/* ---- Several threads ----------------------------------------------------------------------- */

/* A judge of j's engine with a scratch, or an oracle, of its own. */
static bool share(const struct judge *j, const struct args *args, struct judge *ret)
{
    *ret = *j;
    ret->scratch = NULL;
    ret->oracle = NULL;
    ret->oracle_hits = NULL;
    bool made = sigmaton_scratch_create(j->runtime, &ret->scratch) == SIGMATON_OK;
#ifdef SIGMATON_ORACLE
    made = made && (j->oracle == NULL || make_oracle(ret, args));
#else
    (void)args;
#endif
    return made;
}

/* The first is j itself, which keeps what all share. */
static void take_own(struct judge *j, struct judge *ret)
{
    *ret = *j;
    j->scratch = NULL;
    j->oracle = NULL;
    j->oracle_hits = NULL;
}

bool judges_stream(struct judges *t, struct judge *j, const struct args *args, struct stream *s,
                   const struct teller *teller, struct srt_buffer *out)
{
    bool made = true;
    t->v = calloc(args->jobs, sizeof *t->v);
    t->as_stream = calloc(args->jobs, sizeof *t->as_stream);
    for (; t->v && t->as_stream && made && t->n < args->jobs; t->n++) {
        if (t->n == 0)
            take_own(j, &t->v[0]);
        else
            made = share(&t->v[0], args, &t->v[t->n]);
        t->as_stream[t->n] = as_stream(&t->v[t->n]);
    }
    if (t->n < args->jobs || !made || !stream_open(s, t->as_stream, 1, teller, out))
        return false;
    if (t->n > 1)
        s->jobs = jobs_create(s, t->n);
    return t->n == 1 || s->jobs;
}

void judges_close(struct judges *t)
{
    for (size_t i = 0; i < t->n; i++)
        own_close(&t->v[i]);
    free(t->v);
    free(t->as_stream);
}
