/* One LLVM module: its context, machine and types, functions, and what comes out of it. */
#include <llvm-c/Analysis.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "build.h"

/* ---- diagnostics ---- */

void cg_fail(struct cg_module *cg, const char *what)
{
    if (cg->n_errors++ == 0)
        snprintf(cg->error, sizeof cg->error, "%s", what ? what : "no reason given");
}

/* Without a handler LLVM exits the process; with one it returns success and a broken object, so
 * errors are counted here and asked for after every step. */
static void on_diagnostic(LLVMDiagnosticInfoRef info, void *ctx)
{
    struct cg_module *cg = ctx;
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
static void check_machine(struct cg_module *cg, LLVMTargetDataRef layout)
{
    if (LLVMPointerSize(layout) != (cg->numbered ? 4u : 8u) ||
        LLVMByteOrder(layout) != LLVMLittleEndian)
        cg_fail(cg, "the target is not as wide as its name says, or not little-endian");
}

/* Without this RISC-V keeps constants of code in a writable section of small data. */
static void no_small_data(struct cg_module *cg)
{
    LLVMMetadataRef none = LLVMValueAsMetadata(LLVMConstInt(cg->i32, 0, 0));
    LLVMAddModuleFlag(cg->module, LLVMModuleFlagBehaviorError, "SmallDataLimit", 14, none);
}

/* What the module and the selector need to know about the machine. */
static void adopt_machine(struct cg_module *cg, const char *triple, unsigned level)
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

static void set_machine(struct cg_module *cg, const struct codegen_options *options)
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

static void set_types(struct cg_module *cg)
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
LLVMValueRef cg_function(struct cg_module *cg, const char *name, LLVMTypeRef type)
{
    LLVMValueRef f = LLVMAddFunction(cg->module, name, type);
    LLVMSetLinkage(f, LLVMInternalLinkage);
    LLVMAttributeRef nounwind = LLVMCreateEnumAttribute(cg->context, cg->nounwind, 0);
    LLVMAttributeRef plain = LLVMCreateStringAttribute(cg->context, "no-builtins", 11, "", 0);
    LLVMAddAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, nounwind);
    LLVMAddAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, plain);
    return f;
}

LLVMBasicBlockRef cg_open(struct cg_module *cg, LLVMValueRef function)
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

LLVMValueRef cg_local(struct cg_module *cg, LLVMTypeRef type, LLVMValueRef *local)
{
    if (!*local) {
        LLVMBasicBlockRef here = LLVMGetInsertBlock(cg->builder);
        build_from(cg, cg->entry);
        *local = LLVMBuildAlloca(cg->builder, type, "");
        build_from(cg, here);
    }
    return *local;
}

void cg_close(struct cg_module *cg, LLVMBasicBlockRef first)
{
    build_from(cg, cg->entry);
    LLVMBuildBr(cg->builder, first);
}

/* ---- the whole ---- */

static void build_module(struct cg_module *cg)
{
    cg_pack_declare(cg);
    cg_rules(cg);
    cg_shared_bodies(cg);
    if (!cg->is_main)
        return;
    LLVMValueRef eval = cg_eval(cg);
    cg_pack_define(cg, eval, cg_scan(cg));
}

static void verify_module(struct cg_module *cg)
{
    char *error = NULL;
    if (LLVMVerifyModule(cg->module, LLVMReturnStatusAction, &error))
        cg_fail(cg, error);
    LLVMDisposeMessage(error);
}

void cg_module_build(struct cg_module *cg, const struct codegen_options *options)
{
    /* The arena's memory before anything of LLVM's: the arena leaves by longjmp. */
    cg->rules = arena_array(cg->arena, cg->n_rules, sizeof(LLVMValueRef));
    cg->functions = arena_array(cg->arena, 2 * ((size_t)cg->n_own + 1), sizeof(LLVMValueRef));
    cg->shared = arena_array(cg->arena, 2 * (size_t)cg->n_own, sizeof *cg->shared);
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
}

void cg_module_dispose(struct cg_module *cg)
{
    if (cg->object)
        LLVMDisposeMemoryBuffer(cg->object);
    if (cg->machine)
        LLVMDisposeTargetMachine(cg->machine);
    if (cg->builder)
        LLVMDisposeBuilder(cg->builder);
    if (cg->module)
        LLVMDisposeModule(cg->module);
    if (cg->context)
        LLVMContextDispose(cg->context);
}

static LLVMMemoryBufferRef emit(struct cg_module *cg, LLVMModuleRef module,
                                LLVMCodeGenFileType type)
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
    return buffer;
}

void cg_module_emit(struct cg_module *cg)
{
    if (!cg->object)
        cg->object = emit(cg, cg->module, LLVMObjectFile);
}

struct cg_bytes cg_module_object(const struct cg_module *cg)
{
    return (struct cg_bytes){(const uint8_t *)LLVMGetBufferStart(cg->object),
                             LLVMGetBufferSize(cg->object)};
}

void cg_module_llvm(const struct cg_module *cg, struct text *out)
{
    char *text = LLVMPrintModuleToString(cg->module);
    text_addz(out, text);
    LLVMDisposeMessage(text);
}

/* Emission changes the module, so a copy is emitted. */
bool cg_module_assembly(struct cg_module *cg, struct text *out)
{
    LLVMModuleRef copy = LLVMCloneModule(cg->module);
    LLVMMemoryBufferRef buffer = emit(cg, copy, LLVMAssemblyFile);
    LLVMDisposeModule(copy);
    if (!buffer)
        return false;
    text_add(out, (struct str){LLVMGetBufferStart(buffer), LLVMGetBufferSize(buffer)});
    LLVMDisposeMemoryBuffer(buffer);
    return true;
}
