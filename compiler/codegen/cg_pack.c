#include "build.h"

#include <string.h>

#include "arena.h"

/* { bytes before eval_off, eval_off, bytes up to scan_off, scan_off, bytes behind }, packed: the
 * image with holes for the two numbers that only the linker knows. */
struct piece {
    uint32_t from, to; /* bytes of the image */
};

static void parts_of(const struct cg_module *cg, struct piece ret_parts[3])
{
    const uint32_t eval = OFFSET_sigmaton_pack_eval_off, scan = OFFSET_sigmaton_pack_scan_off;
    ret_parts[0] = (struct piece){0, eval};
    ret_parts[1] = (struct piece){eval + 4, scan};
    ret_parts[2] = (struct piece){scan + 4, cg->plan->image_size};
}

static LLVMTypeRef part_type(const struct cg_module *cg, struct piece p)
{
    return compat_array(cg->i8, p.to - p.from);
}

static LLVMValueRef part_bytes(const struct cg_module *cg, struct piece p)
{
    return compat_bytes(cg->context, (const char *)cg->plan->image + p.from, p.to - p.from);
}

void cg_pack_declare(struct cg_module *cg)
{
    struct piece p[3];
    parts_of(cg, p);
    LLVMTypeRef parts[5] = {part_type(cg, p[0]), cg->i32, part_type(cg, p[1]), cg->i32,
                            part_type(cg, p[2])};
    LLVMTypeRef type = LLVMStructTypeInContext(cg->context, parts, 5, 1);
    cg->pack = LLVMAddGlobal(cg->module, type, SIGMATON_PACK_SYMBOL);
    LLVMSetGlobalConstant(cg->pack, 1);
    LLVMSetAlignment(cg->pack, 8);
    if (!cg->is_main) { /* merging finds it */
        LLVMSetVisibility(cg->pack, LLVMHiddenVisibility);
        return;
    }
    const char *triple = LLVMGetTarget(cg->module);
    if (strstr(triple, "windows")) {
        LLVMSetDLLStorageClass(cg->pack, LLVMDLLExportStorageClass);
    } else if (!cg->numbered && !strstr(triple, "darwin") && !strstr(triple, "macos")) {
        /* Reached from the code without a table, and not replaceable from outside. */
        LLVMSetVisibility(cg->pack, LLVMProtectedVisibility);
    }
}

/* The distance from the pack to a function, or its number where functions have no address; 0 to
 * none. */
static LLVMValueRef offset_of(const struct cg_module *cg, LLVMValueRef function)
{
    if (!function)
        return build_i32(cg, 0);
    if (cg->numbered)
        return LLVMConstPtrToInt(function, cg->i32);
    LLVMValueRef from = LLVMConstPtrToInt(cg->pack, cg->i64);
    LLVMValueRef to = LLVMConstPtrToInt(function, cg->i64);
    return LLVMConstTrunc(LLVMConstSub(to, from), cg->i32);
}

void cg_pack_define(struct cg_module *cg, LLVMValueRef eval, LLVMValueRef scan)
{
    struct piece p[3];
    parts_of(cg, p);
    LLVMValueRef parts[5] = {part_bytes(cg, p[0]), offset_of(cg, eval), part_bytes(cg, p[1]),
                             offset_of(cg, scan), part_bytes(cg, p[2])};
    LLVMSetInitializer(cg->pack, LLVMConstStructInContext(cg->context, parts, 5, 1));
}

LLVMValueRef cg_blob(const struct cg_module *cg, uint32_t off)
{
    LLVMValueRef index = build_i64(cg, off);
    return LLVMConstInBoundsGEP2(cg->i8, cg->pack, &index, 1);
}

/* The address of functions[number]: a table of offsets from the pack, so that there is no chain of
 * compares, jump table or relocation. n > 0; number is an i32 below n. */
LLVMValueRef cg_entry(struct cg_module *cg, const char *name, LLVMValueRef *functions, uint32_t n,
                      LLVMValueRef number)
{
    LLVMValueRef *offsets = arena_array(cg->arena, n, sizeof(LLVMValueRef));
    for (uint32_t k = 0; k < n; k++)
        offsets[k] = offset_of(cg, functions[k]);
    LLVMValueRef table = LLVMAddGlobal(cg->module, compat_array(cg->i32, n), name);
    LLVMSetInitializer(table, compat_const_array(cg->i32, offsets, n));
    LLVMSetGlobalConstant(table, 1);
    LLVMSetLinkage(table, LLVMInternalLinkage);
    LLVMSetAlignment(table, 4);
    LLVMValueRef index = LLVMBuildZExt(cg->builder, number, cg->i64, "");
    LLVMValueRef at = LLVMBuildGEP2(cg->builder, cg->i32, table, &index, 1, "");
    LLVMValueRef off = LLVMBuildLoad2(cg->builder, cg->i32, at, "");
    if (cg->numbered)
        return LLVMBuildIntToPtr(cg->builder, off, cg->ptr, "");
    off = LLVMBuildSExt(cg->builder, off, cg->i64, "");
    return LLVMBuildGEP2(cg->builder, cg->i8, cg->pack, &off, 1, "");
}

/* i64 eval(host, slots, frame, word, candidates) = rules_word(host, slots, frame, candidates) */
LLVMValueRef cg_eval(struct cg_module *cg)
{
    LLVMValueRef eval = cg_function(cg, "eval", cg->eval_type), hits = build_i64(cg, 0);
    LLVMBasicBlockRef first = cg_open(cg, eval);
    if (cg->n_rules > 0) {
        LLVMValueRef rules = cg_entry(cg, "words", cg->rules, cg->n_rules, LLVMGetParam(eval, 3));
        LLVMValueRef arguments[4] = {cg->host, cg->slots, cg->frame, LLVMGetParam(eval, 4)};
        if (cg->probing) {
            arguments[0] = build_load(cg, cg->ptr, cg->host, OFFSET_sigmaton_host_probe);
            build_store(cg, cg->slots, cg->frame, OFFSET_sigmaton_frame_slots);
            build_store(cg, cg->pack, cg->frame, OFFSET_sigmaton_frame_image);
        }
        hits = LLVMBuildCall2(cg->builder, cg->rules_type, rules, arguments, 4, "");
    }
    LLVMBuildRet(cg->builder, hits);
    cg_close(cg, first);
    return eval;
}
