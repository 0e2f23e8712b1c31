/* Two-line helpers round the builder. */
#ifndef SIGMATON_CODEGEN_BUILD_H
#define SIGMATON_CODEGEN_BUILD_H

#include "cg.h"

enum {
#define LAYOUT(type, field, offset, size) OFFSET_##type##_##field = offset,
#include <sigmaton/pack_layout.def>
#undef LAYOUT
};

static inline LLVMValueRef build_i32(const struct cg_module *cg, uint32_t v)
{
    return LLVMConstInt(cg->i32, v, 0);
}

static inline LLVMValueRef build_i64(const struct cg_module *cg, uint64_t v)
{
    return LLVMConstInt(cg->i64, v, 0);
}

static inline LLVMValueRef build_at(const struct cg_module *cg, LLVMValueRef base, uint64_t off)
{
    LLVMValueRef index = build_i64(cg, off);
    return off == 0 ? base : LLVMBuildGEP2(cg->builder, cg->i8, base, &index, 1, "");
}

static inline LLVMValueRef build_load(const struct cg_module *cg, LLVMTypeRef type,
                                      LLVMValueRef base, uint64_t off)
{
    return LLVMBuildLoad2(cg->builder, type, build_at(cg, base, off), "");
}

static inline void build_store(const struct cg_module *cg, LLVMValueRef v, LLVMValueRef base,
                               uint64_t off)
{
    LLVMBuildStore(cg->builder, v, build_at(cg, base, off));
}

static inline LLVMBasicBlockRef build_block(const struct cg_module *cg, const char *name)
{
    return LLVMAppendBasicBlockInContext(cg->context, cg->function, name);
}

static inline void build_from(const struct cg_module *cg, LLVMBasicBlockRef block)
{
    LLVMPositionBuilderAtEnd(cg->builder, block);
}

/* Branches on an integer compare. No i1 outlives its block: what FastISel folds into one jump. */
static inline void build_if(const struct cg_module *cg, LLVMIntPredicate is, LLVMValueRef a,
                            LLVMValueRef b, LLVMBasicBlockRef yes, LLVMBasicBlockRef no)
{
    LLVMBuildCondBr(cg->builder, LLVMBuildICmp(cg->builder, is, a, b, ""), yes, no);
}

/* v has a bit of mask. */
static inline void build_if_bits(const struct cg_module *cg, LLVMValueRef v, uint64_t mask,
                                 LLVMBasicBlockRef yes, LLVMBasicBlockRef no)
{
    LLVMTypeRef type = LLVMTypeOf(v);
    LLVMValueRef bits = LLVMBuildAnd(cg->builder, v, LLVMConstInt(type, mask, 0), "");
    build_if(cg, LLVMIntNE, bits, LLVMConstInt(type, 0, 0), yes, no);
}

#endif
