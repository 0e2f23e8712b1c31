#include "build.h"

#include <string.h>

#include "arena.h"

/* { bytes before eval_off, eval_off, bytes behind }, packed: the image with a hole for the one
 * number that only the linker knows. */
void cg_pack_declare(struct codegen *cg)
{
    uint32_t size = cg->plan->image_size, off = OFFSET_sigmaton_pack_eval_off;
    LLVMTypeRef parts[3] = {compat_array(cg->i8, off), cg->i32,
                            compat_array(cg->i8, size - off - 4)};
    LLVMTypeRef type = LLVMStructTypeInContext(cg->context, parts, 3, 1);
    cg->pack = LLVMAddGlobal(cg->module, type, SIGMATON_PACK_SYMBOL);
    LLVMSetGlobalConstant(cg->pack, 1);
    LLVMSetAlignment(cg->pack, 8);
    const char *triple = LLVMGetTarget(cg->module);
    if (strstr(triple, "windows")) {
        LLVMSetDLLStorageClass(cg->pack, LLVMDLLExportStorageClass);
    } else if (!strstr(triple, "darwin") && !strstr(triple, "macos")) {
        /* Reached from the code without a table, and not replaceable from outside. */
        LLVMSetVisibility(cg->pack, LLVMProtectedVisibility);
    }
}

void cg_pack_define(struct codegen *cg, LLVMValueRef eval)
{
    const char *image = (const char *)cg->plan->image;
    uint32_t size = cg->plan->image_size, off = OFFSET_sigmaton_pack_eval_off;
    LLVMValueRef from = LLVMConstPtrToInt(cg->pack, cg->i64);
    LLVMValueRef to = LLVMConstPtrToInt(eval, cg->i64);
    LLVMValueRef parts[3] = {
        compat_bytes(cg->context, image, off),
        LLVMConstTrunc(LLVMConstSub(to, from), cg->i32),
        compat_bytes(cg->context, image + off + 4, size - off - 4),
    };
    LLVMSetInitializer(cg->pack, LLVMConstStructInContext(cg->context, parts, 3, 1));
}

LLVMValueRef cg_blob(const struct codegen *cg, uint32_t off)
{
    LLVMValueRef index = build_i64(cg, off);
    return LLVMConstInBoundsGEP2(cg->i8, cg->pack, &index, 1);
}

/* The functions of rules as offsets from the pack, so that eval finds its word's without a chain of
 * compares, a jump table or a relocation. */
static LLVMValueRef entries(struct codegen *cg)
{
    LLVMValueRef base = LLVMConstPtrToInt(cg->pack, cg->i64);
    LLVMValueRef *offsets = arena_array(cg->plan->arena, cg->n_rules + 1, sizeof(LLVMValueRef));
    for (uint32_t k = 0; k < cg->n_rules; k++) {
        LLVMValueRef to = LLVMConstPtrToInt(cg->rules[k], cg->i64);
        offsets[k] = LLVMConstTrunc(LLVMConstSub(to, base), cg->i32);
    }
    LLVMValueRef table = LLVMAddGlobal(cg->module, compat_array(cg->i32, cg->n_rules), "entries");
    LLVMSetInitializer(table, compat_const_array(cg->i32, offsets, cg->n_rules));
    LLVMSetGlobalConstant(table, 1);
    LLVMSetLinkage(table, LLVMInternalLinkage);
    LLVMSetAlignment(table, 4);
    return table;
}

/* i64 eval(host, slots, frame, word, candidates) = rules_word(host, slots, frame, candidates) */
LLVMValueRef cg_eval(struct codegen *cg)
{
    LLVMValueRef eval = cg_function(cg, "eval", cg->eval_type);
    LLVMBasicBlockRef first = cg_open(cg, eval);
    if (cg->n_rules == 0) {
        LLVMBuildRet(cg->builder, build_i64(cg, 0));
        cg_close(cg, first);
        return eval;
    }
    LLVMValueRef word = LLVMBuildZExt(cg->builder, LLVMGetParam(eval, 3), cg->i64, "");
    LLVMValueRef at = LLVMBuildGEP2(cg->builder, cg->i32, entries(cg), &word, 1, "");
    LLVMValueRef off =
        LLVMBuildSExt(cg->builder, LLVMBuildLoad2(cg->builder, cg->i32, at, ""), cg->i64, "");
    LLVMValueRef rules = LLVMBuildGEP2(cg->builder, cg->i8, cg->pack, &off, 1, "");
    LLVMValueRef arguments[5] = {cg->host, cg->slots, cg->frame, LLVMGetParam(eval, 4), cg->pack};
    if (cg->probing)
        arguments[0] = build_load(cg, cg->ptr, cg->host, OFFSET_sigmaton_host_probe);
    LLVMBuildRet(cg->builder, LLVMBuildCall2(cg->builder, cg->rules_type, rules, arguments,
                                             cg->probing ? 5 : 4, ""));
    cg_close(cg, first);
    return eval;
}
