/* Drivers: what one layer of rules looks for in an event, field by field. */
#include <stdio.h>

#include "arena.h"
#include "build.h"

/* words[w] |= bits, where the frame points to the words. */
static void or_word(struct cg_module *cg, uint64_t frame_off, uint32_t w, uint64_t bits)
{
    LLVMValueRef words = build_load(cg, cg->ptr, cg->frame, frame_off);
    LLVMValueRef old = build_load(cg, cg->i64, words, (uint64_t)w * 8);
    build_store(cg, LLVMBuildOr(cg->builder, old, build_i64(cg, bits), ""), words, (uint64_t)w * 8);
}

/* Rules without witnesses are candidates whatever the event says. */
static void mark_always(struct cg_module *cg, const struct plan_layer *layer)
{
    uint32_t n_words = (cg->plan->ir->n_rules + 63) / 64;
    for (uint32_t w = 0; w < n_words; w++) {
        if (layer->always[w] == 0)
            continue;
        or_word(cg, OFFSET_sigmaton_frame_candidates, w, layer->always[w]);
        or_word(cg, OFFSET_sigmaton_frame_marked, w / 64, UINT64_C(1) << w % 64);
    }
}

/* Goes to `failed` when the host could not look; continues in a new block. */
static void search_field(struct cg_module *cg, const struct plan_field *field,
                         LLVMBasicBlockRef failed)
{
    LLVMBasicBlockRef ask = build_block(cg, ""), next = build_block(cg, "");
    uint64_t slot = (uint64_t)field->slot * sizeof(struct sigmaton_slot);
    LLVMValueRef kind = build_load(cg, cg->i32, cg->slots, slot + OFFSET_sigmaton_slot_kind);
    build_if(cg, LLVMIntNE, kind, build_i32(cg, SIGMATON_ABSENT), ask, next);
    build_from(cg, ask);
    LLVMValueRef arguments[3] = {cg->frame, build_at(cg, cg->slots, slot),
                                 cg_blob(cg, field->blob)};
    LLVMValueRef index = build_load(cg, cg->ptr, cg->host, OFFSET_sigmaton_host_index);
    LLVMValueRef seen =
        LLVMBuildCall2(cg->builder, cg->host_types[CG_HOST_INDEX], index, arguments, 3, "");
    build_if(cg, LLVMIntNE, seen, build_i32(cg, 0), next, failed);
    build_from(cg, next);
}

/* i32 layer_k(host, slots, frame) */
static LLVMValueRef layer_function(struct cg_module *cg, uint32_t k)
{
    const struct plan_layer *layer = &cg->plan->layers[k];
    char name[32];
    snprintf(name, sizeof name, "layer_%u", k);
    LLVMValueRef function = cg_function(cg, name, cg->layer_type);
    LLVMBasicBlockRef first = cg_open(cg, function), failed = build_block(cg, "failed");
    mark_always(cg, layer);
    for (uint32_t i = 0; i < layer->n_fields; i++)
        search_field(cg, &layer->fields[i], failed);
    LLVMBuildRet(cg->builder, build_i32(cg, 1));
    build_from(cg, failed);
    LLVMBuildRet(cg->builder, build_i32(cg, 0));
    cg_close(cg, first);
    return function;
}

/* i32 scan(host, slots, frame, layer) = host->layer(frame, slots, image + layers[layer]) */
static LLVMValueRef scan_by_data(struct cg_module *cg)
{
    LLVMValueRef scan = cg_function(cg, "scan", cg->scan_type);
    LLVMBasicBlockRef first = cg_open(cg, scan);
    LLVMValueRef number = LLVMBuildZExt(cg->builder, LLVMGetParam(scan, 3), cg->i64, "");
    LLVMValueRef at =
        LLVMBuildGEP2(cg->builder, cg->i32, cg_blob(cg, cg->plan->layers_off), &number, 1, "");
    LLVMValueRef off =
        LLVMBuildZExt(cg->builder, LLVMBuildLoad2(cg->builder, cg->i32, at, ""), cg->i64, "");
    LLVMValueRef arguments[3] = {cg->frame, cg->slots,
                                 LLVMBuildGEP2(cg->builder, cg->i8, cg->pack, &off, 1, "")};
    LLVMValueRef ask = build_load(cg, cg->ptr, cg->host, OFFSET_sigmaton_host_layer);
    LLVMBuildRet(cg->builder,
                 LLVMBuildCall2(cg->builder, cg->host_types[CG_HOST_LAYER], ask, arguments, 3, ""));
    cg_close(cg, first);
    return scan;
}

/* i32 scan(host, slots, frame, layer) = layer_layer(host, slots, frame) */
LLVMValueRef cg_scan(struct cg_module *cg)
{
    uint32_t n = cg->plan->n_layers;
    if (n == 0)
        return NULL;
    if (cg->probing)
        return scan_by_data(cg);
    LLVMValueRef *layers = arena_array(cg->arena, n, sizeof(LLVMValueRef));
    for (uint32_t k = 0; k < n; k++)
        layers[k] = layer_function(cg, k);
    LLVMValueRef scan = cg_function(cg, "scan", cg->scan_type);
    LLVMBasicBlockRef first = cg_open(cg, scan);
    LLVMValueRef layer = cg_entry(cg, "layers", layers, n, LLVMGetParam(scan, 3));
    LLVMValueRef arguments[3] = {cg->host, cg->slots, cg->frame};
    LLVMBuildRet(cg->builder, LLVMBuildCall2(cg->builder, cg->layer_type, layer, arguments, 3, ""));
    cg_close(cg, first);
    return scan;
}
