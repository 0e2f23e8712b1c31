#include "codegen.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cg.h"

/* ---- once per process: LLVM's registries hang when two threads fill them ---- */

static void init_native(void)
{
    LLVMInitializeNativeTarget();
    LLVMInitializeNativeAsmPrinter();
}

static void init_all(void)
{
    LLVMInitializeAllTargetInfos();
    LLVMInitializeAllTargets();
    LLVMInitializeAllTargetMCs();
    LLVMInitializeAllAsmPrinters();
}

void codegen_initialise(bool all_targets)
{
    static pthread_once_t native = PTHREAD_ONCE_INIT, all = PTHREAD_ONCE_INIT;
    pthread_once(&native, init_native);
    if (all_targets)
        pthread_once(&all, init_all);
}

static char host_triple[160];

static void find_host_triple(void)
{
    char *triple = LLVMGetDefaultTargetTriple();
    snprintf(host_triple, sizeof host_triple, "%s-generic", triple);
    LLVMDisposeMessage(triple);
}

const char *codegen_host_triple(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_host_triple);
    return host_triple;
}

const char *codegen_llvm_version(void)
{
    return LLVM_VERSION_STRING;
}

const void *codegen_llvm_code(void)
{
    LLVMContextRef (*theirs)(void) = LLVMContextCreate;
    const void *address;
    memcpy(&address, &theirs, sizeof address);
    return address;
}

/* ---- the modules of a pack ---- */

/* Modules of large packs. Not as many as there are threads: the code is the same for any number. */
#define MODULES 4u
/* Functions of rules that a module is worth. */
#define MODULE_FUNCTIONS 12u

struct codegen {
    struct diag_sink *sink;
    const struct plan *plan;
    struct codegen_options options;
    struct crew *crew;
    struct cg_module *modules; /* [n] */
    uint32_t n;
    struct cg_bytes object; /* p NULL: not emitted yet */
};

/* Only ELF objects can be merged. */
static bool is_elf(const char *triple)
{
    return strstr(triple ? triple : codegen_host_triple(), "linux") != NULL;
}

static void deal_functions(struct codegen *cg)
{
    uint32_t n = (cg->plan->ir->n_rules + CG_RULES - 1) / CG_RULES, most = n / MODULE_FUNCTIONS;
    if (!is_elf(cg->options.triple) || most < 1)
        most = 1;
    cg->n = most < MODULES ? most : MODULES;
    cg->modules = ARENA_ARRAY(cg->plan->arena, cg->n, struct cg_module);
    for (uint32_t i = 0; i < cg->n; i++) {
        struct cg_module *m = &cg->modules[i];
        m->plan = cg->plan;
        m->probing = cg->plan->probes_at != NULL;
        m->is_main = i == 0;
        m->is_whole = cg->n == 1;
        m->n_rules = n;
        m->first = (uint32_t)((uint64_t)n * i / cg->n);
        m->end = (uint32_t)((uint64_t)n * (i + 1) / cg->n);
    }
    cg_measure(&cg->modules[0]);
    for (uint32_t i = 1; i < cg->n; i++) {
        cg->modules[i].nodes = cg->modules[0].nodes;
        cg->modules[i].n_own = cg->modules[0].n_own;
    }
}

/* Reports the first error. */
static bool report(struct codegen *cg)
{
    for (uint32_t i = 0; i < cg->n; i++) {
        if (cg->modules[i].n_errors == 0)
            continue;
        DIAG(cg->sink, DIAG_codegen_failed, NO_SPAN, NO_HELP, str_of(cg->modules[i].error));
        return false;
    }
    return true;
}

static void build_one(void *ctx, const struct crew_member *member, uint32_t i)
{
    struct codegen *cg = ctx;
    cg->modules[i].arena = member->arena;
    cg_module_build(&cg->modules[i], &cg->options);
}

static void emit_one(void *ctx, const struct crew_member *member, uint32_t i)
{
    (void)member;
    cg_module_emit(&((struct codegen *)ctx)->modules[i]);
}

struct codegen *codegen_create(struct diag_sink *sink, const struct plan *plan,
                               const struct codegen_options *options)
{
    struct codegen *cg = ARENA_NEW(plan->arena, struct codegen);
    cg->sink = sink;
    cg->plan = plan;
    cg->options = *options;
    cg->crew = options->crew ? options->crew : crew_new(plan->arena, 1);
    deal_functions(cg);
    codegen_initialise(options->triple != NULL);
    crew_run(cg->crew, cg->n, build_one, cg);
    if (report(cg))
        return cg;
    codegen_destroy(cg);
    return NULL;
}

void codegen_destroy(struct codegen *cg)
{
    for (uint32_t i = 0; cg && i < cg->n; i++)
        cg_module_dispose(&cg->modules[i]);
}

static bool emit_object(struct codegen *cg)
{
    struct cg_bytes objects[MODULES];
    const char *why;
    crew_run(cg->crew, cg->n, emit_one, cg);
    if (!report(cg))
        return false;
    for (uint32_t i = 0; i < cg->n; i++)
        objects[i] = cg_module_object(&cg->modules[i]);
    cg->object = objects[0];
    if ((cg->n == 1 || object_merge(cg->plan->arena, objects, cg->n, &cg->object, &why)) &&
        object_check(cg->object.p, cg->object.len, &why))
        return true;
    cg->object.p = NULL;
    cg_fail(&cg->modules[0], why);
    return report(cg);
}

bool codegen_object(struct codegen *cg, const uint8_t **ret_bytes, size_t *ret_len)
{
    if (!cg->object.p && !emit_object(cg))
        return false;
    *ret_bytes = cg->object.p;
    *ret_len = cg->object.len;
    return true;
}

struct str codegen_llvm(struct codegen *cg, struct arena *a)
{
    struct text out;
    text_init(&out, a);
    for (uint32_t i = 0; i < cg->n; i++)
        cg_module_llvm(&cg->modules[i], &out);
    return text_str(&out);
}

bool codegen_assembly(struct codegen *cg, struct arena *a, struct str *ret_text)
{
    struct text out;
    text_init(&out, a);
    for (uint32_t i = 0; i < cg->n; i++)
        if (!cg_module_assembly(&cg->modules[i], &out))
            return report(cg);
    *ret_text = text_str(&out);
    return true;
}

uint32_t codegen_predicates(const struct codegen *cg)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < cg->n; i++)
        n += cg->modules[i].n_predicates;
    return n;
}

uint32_t codegen_fallbacks(const struct codegen *cg)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < cg->n; i++)
        n += cg->modules[i].n_fallbacks;
    return n;
}
