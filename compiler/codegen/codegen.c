#include "codegen.h"

#include <llvm-c/Analysis.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "build.h"
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

/* ---- diagnostics ---- */

void cg_fail(struct codegen *cg, const char *what)
{
    if (cg->n_errors++ == 0)
        snprintf(cg->error, sizeof cg->error, "%s", what ? what : "no reason given");
}

static bool report(struct codegen *cg)
{
    if (cg->n_errors == 0)
        return true;
    DIAG(cg->sink, DIAG_codegen_failed, NO_SPAN, NO_HELP, str_of(cg->error));
    return false;
}

/* Without a handler LLVM exits the process; with one it returns success and a broken object, so
 * errors are counted here and asked for after every step. */
static void on_diagnostic(LLVMDiagnosticInfoRef info, void *ctx)
{
    struct codegen *cg = ctx;
    char *text = LLVMGetDiagInfoDescription(info);
    if (LLVMGetDiagInfoSeverity(info) == LLVMDSError)
        cg_fail(cg, text);
    else if (strstr(text, "FastISel"))
        cg->n_fallbacks++;
    LLVMDisposeMessage(text);
}

/* ---- set-up ---- */

/* Word constants, and the layout of structs, which is that of 64 bits for wasm32 too (pack.h,
 * SIGMATON_AT_8): what the generator relies on. */
static void check_machine(struct codegen *cg, LLVMTargetDataRef layout)
{
    if (LLVMPointerSize(layout) != (cg->numbered ? 4u : 8u) ||
        LLVMByteOrder(layout) != LLVMLittleEndian)
        cg_fail(cg, "the target is not as wide as its name says, or not little-endian");
}

/* Without this RISC-V keeps constants of code in a writable section of small data. */
static void no_small_data(struct codegen *cg)
{
    LLVMMetadataRef none = LLVMValueAsMetadata(LLVMConstInt(cg->i32, 0, 0));
    LLVMAddModuleFlag(cg->module, LLVMModuleFlagBehaviorError, "SmallDataLimit", 14, none);
}

/* What the module and the selector need to know about the machine. */
static void adopt_machine(struct codegen *cg, const char *triple, unsigned level)
{
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(cg->machine);
    LLVMSetTarget(cg->module, triple);
    LLVMSetModuleDataLayout(cg->module, layout);
    check_machine(cg, layout);
    LLVMDisposeTargetData(layout);
    bool arm = strncmp(triple, "aarch64", 7) == 0 || strncmp(triple, "arm64", 5) == 0;
    if (level == 0 && arm)
        compat_fast_isel(cg->machine);
    if (strncmp(triple, "riscv64", 7) == 0)
        no_small_data(cg);
}

static void set_machine(struct codegen *cg, const struct codegen_options *options)
{
    char *host = LLVMGetDefaultTargetTriple(), *error = NULL;
    const char *triple = options->triple ? options->triple : host;
    const char *cpu = options->cpu ? options->cpu : "generic";
    const char *features = strncmp(triple, "riscv64", 7) == 0 ? "+m,+a,+f,+d,+c" : "";
    unsigned level = options->opt_level > 3 ? 3 : options->opt_level;
    LLVMTargetRef target;
    cg->numbered = strncmp(triple, "wasm32", 6) == 0;
    if (LLVMGetTargetFromTriple(triple, &target, &error)) {
        cg_fail(cg, error);
        LLVMDisposeMessage(error);
    } else {
        cg->machine = LLVMCreateTargetMachine(
            target, triple, cpu, features, (LLVMCodeGenOptLevel)level,
            cg->numbered ? LLVMRelocStatic : LLVMRelocPIC, LLVMCodeModelDefault);
        if (cg->machine)
            adopt_machine(cg, triple, level);
        else
            cg_fail(cg, "LLVM cannot make code for this target");
    }
    LLVMDisposeMessage(host);
}

static LLVMTypeRef function_type(LLVMTypeRef result, unsigned n, LLVMTypeRef *parameters)
{
    return LLVMFunctionType(result, parameters, n, 0);
}

static void set_types(struct codegen *cg)
{
    cg->i8 = LLVMInt8TypeInContext(cg->context);
    cg->i16 = LLVMInt16TypeInContext(cg->context);
    cg->i32 = LLVMInt32TypeInContext(cg->context);
    cg->i64 = LLVMInt64TypeInContext(cg->context);
    cg->ptr = LLVMPointerTypeInContext(cg->context, 0);
    LLVMTypeRef p = cg->ptr, w = cg->i32, d = cg->i64, *t = cg->host_types;
    cg->eval_type = function_type(d, 5, (LLVMTypeRef[]){p, p, p, w, d});
    cg->shared_type = function_type(w, 3, (LLVMTypeRef[]){p, p, p});
    cg->rules_type = function_type(d, 4, (LLVMTypeRef[]){p, p, p, d});
    cg->scan_type = function_type(w, 4, (LLVMTypeRef[]){p, p, p, w});
    cg->layer_type = function_type(w, 3, (LLVMTypeRef[]){p, p, p});
    LLVMTypeRef text = function_type(w, 4, (LLVMTypeRef[]){p, p, w, w});
    for (int i = CG_HOST_EQ; i <= CG_HOST_WILDCARD; i++)
        t[i] = text;
    t[CG_HOST_SET] = function_type(w, 2, (LLVMTypeRef[]){p, p});
    t[CG_HOST_ANY] = t[CG_HOST_NULL] = function_type(w, 1, (LLVMTypeRef[]){p});
    t[CG_HOST_BOOLEAN] = function_type(w, 2, (LLVMTypeRef[]){p, w});
    t[CG_HOST_NUMBER] = function_type(w, 4, (LLVMTypeRef[]){p, w, w, d});
    t[CG_HOST_CIDR] = function_type(w, 4, (LLVMTypeRef[]){p, p, w, w});
    t[CG_HOST_FIELDREF] = function_type(w, 4, (LLVMTypeRef[]){p, p, w, w});
    t[CG_HOST_TIME] = function_type(w, 5, (LLVMTypeRef[]){p, w, w, w, d});
    t[CG_HOST_LAYER] = function_type(w, 3, (LLVMTypeRef[]){p, p, p});
    t[CG_HOST_INDEX] = function_type(w, 3, (LLVMTypeRef[]){p, p, p});
    t[CG_HOST_REGEX] = function_type(w, 4, (LLVMTypeRef[]){p, p, w, w});
    t[CG_HOST_PROBE] = function_type(w, 2, (LLVMTypeRef[]){p, w});
}

/* ---- functions ---- */

/* no-builtins: LLVM may not turn our compares into calls of memcmp. nounwind: no .eh_frame. */
LLVMValueRef cg_function(struct codegen *cg, const char *name, LLVMTypeRef type)
{
    LLVMValueRef f = LLVMAddFunction(cg->module, name, type);
    LLVMSetLinkage(f, LLVMInternalLinkage);
    LLVMAttributeRef nounwind = LLVMCreateEnumAttribute(cg->context, cg->nounwind, 0);
    LLVMAttributeRef plain = LLVMCreateStringAttribute(cg->context, "no-builtins", 11, "", 0);
    LLVMAddAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, nounwind);
    LLVMAddAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, plain);
    return f;
}

LLVMBasicBlockRef cg_open(struct codegen *cg, LLVMValueRef function)
{
    cg->function = function;
    cg->host = LLVMGetParam(function, 0);
    cg->slots = LLVMGetParam(function, 1);
    cg->frame = LLVMGetParam(function, 2);
    cg->entry = build_block(cg, "entry");
    cg->n_counters = 0;
    memset(cg->counters, 0, sizeof cg->counters);
    LLVMBasicBlockRef first = build_block(cg, "");
    build_from(cg, first);
    return first;
}

LLVMValueRef cg_local(struct codegen *cg, LLVMTypeRef type, LLVMValueRef *local)
{
    if (!*local) {
        LLVMBasicBlockRef here = LLVMGetInsertBlock(cg->builder);
        build_from(cg, cg->entry);
        *local = LLVMBuildAlloca(cg->builder, type, "");
        build_from(cg, here);
    }
    return *local;
}

void cg_close(struct codegen *cg, LLVMBasicBlockRef first)
{
    build_from(cg, cg->entry);
    LLVMBuildBr(cg->builder, first);
}

/* ---- the whole ---- */

static void build_module(struct codegen *cg)
{
    cg_measure(cg);
    cg_pack_declare(cg);
    cg_rules(cg);
    cg_shared_bodies(cg);
    LLVMValueRef eval = cg_eval(cg);
    cg_pack_define(cg, eval, cg_scan(cg));
}

static void verify_module(struct codegen *cg)
{
    char *error = NULL;
    if (LLVMVerifyModule(cg->module, LLVMReturnStatusAction, &error))
        cg_fail(cg, error);
    LLVMDisposeMessage(error);
}

struct codegen *codegen_create(struct diag_sink *sink, const struct plan *plan,
                               const struct codegen_options *options)
{
    /* All of the arena's memory before anything of LLVM's: the arena leaves by longjmp. */
    struct codegen *cg = ARENA_NEW(plan->arena, struct codegen);
    uint32_t n_nodes = plan->ir->n_nodes;
    cg->sink = sink;
    cg->plan = plan;
    cg->probing = plan->probes_at != NULL;
    cg->n_rules = (plan->ir->n_rules + CG_RULES - 1) / CG_RULES;
    cg->rules = arena_array(plan->arena, cg->n_rules, sizeof(LLVMValueRef));
    cg->nodes = arena_array(plan->arena, n_nodes, sizeof *cg->nodes);
    cg->shared = arena_array(plan->arena, 2 * (size_t)n_nodes, sizeof *cg->shared);
    codegen_initialise(options->triple != NULL);
    cg->context = LLVMContextCreate();
    LLVMContextSetDiscardValueNames(cg->context, !options->names);
    LLVMContextSetDiagnosticHandler(cg->context, on_diagnostic, cg);
    /* Module and source name are the only names that reach the object. */
    cg->module = LLVMModuleCreateWithNameInContext("pack", cg->context);
    cg->builder = LLVMCreateBuilderInContext(cg->context);
    cg->nounwind = LLVMGetEnumAttributeKindForName("nounwind", 8);
    set_types(cg);
    set_machine(cg, options);
    if (cg->n_errors == 0)
        build_module(cg);
    if (cg->n_errors == 0 && options->verify)
        verify_module(cg);
    if (report(cg))
        return cg;
    codegen_destroy(cg);
    return NULL;
}

void codegen_destroy(struct codegen *cg)
{
    if (!cg)
        return;
    if (cg->object)
        LLVMDisposeMemoryBuffer(cg->object);
    if (cg->machine)
        LLVMDisposeTargetMachine(cg->machine);
    LLVMDisposeBuilder(cg->builder);
    LLVMDisposeModule(cg->module);
    LLVMContextDispose(cg->context);
}

static bool emit(struct codegen *cg, LLVMModuleRef module, LLVMCodeGenFileType type,
                 LLVMMemoryBufferRef *ret_buffer)
{
    char *error = NULL;
    LLVMMemoryBufferRef buffer = NULL;
    if (LLVMTargetMachineEmitToMemoryBuffer(cg->machine, module, type, &error, &buffer)) {
        cg_fail(cg, error);
        LLVMDisposeMessage(error);
    }
    if (cg->n_errors > 0 && buffer) {
        LLVMDisposeMemoryBuffer(buffer);
        buffer = NULL;
    }
    *ret_buffer = buffer;
    return buffer != NULL;
}

bool codegen_object(struct codegen *cg, const uint8_t **ret_bytes, size_t *ret_len)
{
    const char *why;
    if (!cg->object && emit(cg, cg->module, LLVMObjectFile, &cg->object) &&
        !object_check((const uint8_t *)LLVMGetBufferStart(cg->object),
                      LLVMGetBufferSize(cg->object), &why))
        cg_fail(cg, why);
    if (!report(cg))
        return false;
    *ret_bytes = (const uint8_t *)LLVMGetBufferStart(cg->object);
    *ret_len = LLVMGetBufferSize(cg->object);
    return true;
}

struct str codegen_llvm(struct codegen *cg, struct arena *a)
{
    char *text = LLVMPrintModuleToString(cg->module);
    struct str copy = str_dup(a, str_of(text));
    LLVMDisposeMessage(text);
    return copy;
}

/* Emission changes the module, so a copy is emitted. */
bool codegen_assembly(struct codegen *cg, struct arena *a, struct str *ret_text)
{
    LLVMModuleRef copy = LLVMCloneModule(cg->module);
    LLVMMemoryBufferRef buffer = NULL;
    bool ok = emit(cg, copy, LLVMAssemblyFile, &buffer);
    LLVMDisposeModule(copy);
    if (!ok)
        return report(cg);
    *ret_text = str_dup(a, (struct str){LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer)});
    LLVMDisposeMemoryBuffer(buffer);
    return true;
}

uint32_t codegen_predicates(const struct codegen *cg)
{
    return cg->n_predicates;
}

uint32_t codegen_fallbacks(const struct codegen *cg)
{
    return cg->n_fallbacks;
}
