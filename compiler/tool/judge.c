#include "judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile_options.h"

#ifdef SIGMATON_ORACLE
#include "oracle.h"
#endif

const char *judge_engine_name(const struct judge *j)
{
    static const char *const names[] = {"auto", "jit", "ir", "oracle"};
    return names[j->engine];
}

enum sigmatonc_status judge_compile(const struct args *args, bool code, struct sigmatonc **ret_c)
{
    struct sigmatonc_options o = compile_options(args, code ? SIGMATONC_JIT : SIGMATONC_PLAN);
    return sigmatonc_compile(&o, ret_c);
}

/* Compiles; where the system refuses executable memory and the choice was ours, the interpreter
 * steps in. */
static enum sigmatonc_status compile(struct judge *j, const struct args *args)
{
    bool jit = args->engine == ENGINE_AUTO || args->engine == ENGINE_JIT;
    enum sigmatonc_status status = judge_compile(args, jit, &j->compiled);
    j->engine = jit ? ENGINE_JIT : args->engine;
    if (status == SIGMATONC_ECODE && args->engine == ENGINE_AUTO && j->compiled->plan) {
        j->engine = ENGINE_IR;
        return SIGMATONC_OK;
    }
    return status;
}

static int make_engine(struct judge *j, const struct args *args, const struct report *r)
{
    const char *why = NULL;
    struct sigmaton_engine_options o = {
        .size = sizeof o,
        .routing = args->routing == ROUTING_NONE    ? SIGMATON_ROUTE_NONE
                   : args->routing == ROUTING_GIVEN ? SIGMATON_ROUTE_GIVEN
                                                    : SIGMATON_ROUTE_AUTO,
        .product = args->product,
        .category = args->category,
        .service = args->service,
        .regex = args->regex && strcmp(args->regex, "jit") == 0 ? SIGMATON_REGEX_JIT
                                                                : SIGMATON_REGEX_INTERP,
    };
    if (j->engine != ENGINE_JIT)
        o.eval = sigmatonc_interpreter(j->compiled, &o.judge);
    enum sigmaton_status s =
        sigmaton_engine_create(sigmatonc_pack(j->compiled), &o, &j->runtime, &why);
    if (s == SIGMATON_OK)
        s = sigmaton_scratch_create(j->runtime, &j->scratch);
    if (s != SIGMATON_OK)
        return report_fail(r, "the engine cannot start: %s%s%s", sigmaton_status_text(s),
                           why ? ": " : "", why ? why : "");
    j->n_words = (sigmaton_n_rules(j->runtime) + 63) / 64;
    return -1;
}

#ifdef SIGMATON_ORACLE
static int make_oracle(struct judge *j, const struct args *args, const struct report *r)
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
    if (!j->oracle || !j->oracle_hits)
        return report_fail(r, "out of memory");
    return -1;
}
#endif

static int engage(struct judge *j, const struct args *args, const struct report *r)
{
    int code = make_engine(j, args, r);
#ifdef SIGMATON_ORACLE
    if (code < 0 && j->engine == ENGINE_ORACLE)
        code = make_oracle(j, args, r);
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

void judge_close(struct judge *j)
{
#ifdef SIGMATON_ORACLE
    oracle_destroy(j->oracle);
#endif
    free(j->oracle_hits);
    sigmaton_scratch_destroy(j->scratch);
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
