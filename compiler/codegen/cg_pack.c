#include "build.h"

#include <string.h>

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

/* hits[k] = candidates[k] == 0 ? 0 : rules_k(host, slots, frame, candidates[k]) */
LLVMValueRef cg_eval(struct codegen *cg)
{
    LLVMValueRef eval = cg_function(cg, "eval", cg->eval_type);
    LLVMBasicBlockRef first = cg_open(cg, eval);
    LLVMValueRef hits = LLVMGetParam(eval, 3);
    LLVMValueRef candidates = build_load(cg, cg->ptr, cg->frame, OFFSET_sigmaton_frame_candidates);
    for (uint32_t k = 0; k < cg->n_rules; k++) {
        LLVMBasicBlockRef ask = build_block(cg, ""), none = build_block(cg, ""),
                          next = build_block(cg, "");
        LLVMValueRef word = build_load(cg, cg->i64, candidates, (uint64_t)k * 8);
        build_if(cg, LLVMIntNE, word, build_i64(cg, 0), ask, none);
        build_from(cg, ask);
        LLVMValueRef arguments[4] = {cg->host, cg->slots, cg->frame, word};
        LLVMValueRef found =
            LLVMBuildCall2(cg->builder, cg->rules_type, cg->rules[k], arguments, 4, "");
        build_store(cg, found, hits, (uint64_t)k * 8);
        LLVMBuildBr(cg->builder, next);
        build_from(cg, none);
        build_store(cg, build_i64(cg, 0), hits, (uint64_t)k * 8);
        LLVMBuildBr(cg->builder, next);
        build_from(cg, next);
    }
    LLVMBuildRet(cg->builder, build_i32(cg, 0));
    cg_close(cg, first);
    return eval;
}
