/* From written IR to callable packs, for the tests of plan, codegen and emit: one with its leaves
 * written out, one that asks host->probe for them. Both are judged by every test. */
#ifndef SIGMATON_TESTS_PACK_T_H
#define SIGMATON_TESTS_PACK_T_H

#include "t.h"

#include "codegen.h"
#include "emit.h"
#include "host.h"
#include "ir_eval.h"
#include "plan.h"
#include "runtime.h"

struct t_pack {
    struct arena *arena;
    struct sources *sources;
    struct diag_sink *sink;
    struct ir *ir;
    struct plan *plan; /* leaves written out */
    struct codegen *codegen;
    struct jit *jit;
    struct plan *probing_plan;
    struct codegen *probing_codegen;
    struct jit *probing;
    struct ir_judge *judge;
    struct sigmaton_slot *slots;
    struct sigmaton_frame frame;
    uint64_t *candidates, *hits;
    uint32_t n_words;
};

static inline struct ir *t_ir(struct arena *a, const char *text)
{
    struct sources *sources = sources_new(a);
    struct diag_sink *sink = diag_sink_new(a, sources);
    uint32_t file = sources_add(sources, STR("test.ir"), str_of(text));
    struct ir *ir = ir_parse(a, sink, sources, file);
    for (size_t i = 0; i < diag_count(sink); i++)
        print_error("%.*s\n", STR_ARG(diag_get(sink, i)->message));
    assert_non_null(ir);
    return ir;
}

static inline void t_link(struct t_pack *p, bool probes, struct plan **plan,
                          struct codegen **codegen, struct jit **jit)
{
    const uint8_t *object;
    size_t len;
    struct plan_options options = {.sources = p->sources, .probes = probes};
    *plan = plan_make(p->arena, p->sink, p->ir, &options);
    assert_non_null(*plan);
    *codegen = codegen_create(p->sink, *plan, &(struct codegen_options){.verify = true});
    assert_non_null(*codegen);
    assert_true(codegen_object(*codegen, &object, &len));
    *jit = jit_create(p->sink, object, len);
    assert_non_null(*jit);
}

/* Plans and links; every rule is a candidate. */
static inline struct t_pack *t_pack_ir(struct arena *a, struct ir *ir)
{
    struct t_pack *p = ARENA_NEW(a, struct t_pack);
    p->arena = a;
    p->sources = sources_new(a);
    p->sink = diag_sink_new(a, p->sources);
    p->ir = ir;
    t_link(p, false, &p->plan, &p->codegen, &p->jit);
    t_link(p, true, &p->probing_plan, &p->probing_codegen, &p->probing);
    p->judge = ir_judge_new(a, ir, p->plan->slot_of, p->plan->regexes, p->plan->n_regexes);
    p->slots = ARENA_ARRAY(a, p->plan->n_slots, struct sigmaton_slot);
    p->n_words = (ir->n_rules + 63) / 64;
    p->candidates = ARENA_ARRAY(a, p->n_words, uint64_t);
    p->hits = ARENA_ARRAY(a, p->n_words, uint64_t);
    p->frame = (struct sigmaton_frame){.size = sizeof p->frame};
    p->frame.memo = ARENA_ARRAY(a, 2 * (p->plan->n_memo / 64 + 1), uint64_t);
    p->frame.judge = p->judge;
    memset(p->candidates, 0xff, p->n_words * sizeof(uint64_t));
    return p;
}

static inline struct t_pack *t_pack(struct arena *a, const char *text)
{
    return t_pack_ir(a, t_ir(a, text));
}

static inline void t_pack_end(struct t_pack *p)
{
    jit_destroy(p->jit);
    codegen_destroy(p->codegen);
    jit_destroy(p->probing);
    codegen_destroy(p->probing_codegen);
}

static inline struct sigmaton_slot *t_slot(struct t_pack *p, const char *field)
{
    uint32_t slot = p->plan->slot_of[names_find(p->ir->names, str_of(field))];
    assert_true(slot < p->plan->n_slots);
    return &p->slots[slot];
}

static inline void t_eval_jit(struct t_pack *p, const struct jit *jit,
                              const struct sigmaton_host *host)
{
    const struct sigmaton_pack *pack = jit_pack(jit);
    sigmaton_eval_fn eval =
        (sigmaton_eval_fn)((uintptr_t)pack + (uintptr_t)(intptr_t)pack->eval_off);
    memset(p->frame.memo, 0, 2 * (p->plan->n_memo / 64 + 1) * sizeof(uint64_t));
    for (uint32_t i = 0; i < p->n_words; i++)
        p->hits[i] = eval(host, p->slots, &p->frame, i, p->candidates[i]);
}

/* Judges the slots as they are, as a new event, in both ways, which must agree. */
static inline void t_eval_with(struct t_pack *p, const struct sigmaton_host *host)
{
    const size_t n_hits = p->n_words * sizeof(uint64_t);
    const size_t n_memo = 2 * (p->plan->n_memo / 64 + 1) * sizeof(uint64_t);
    const uint64_t limits_hit = p->frame.limits_hit;
    t_eval_jit(p, p->probing, host);
    const uint64_t probing_limits = p->frame.limits_hit - limits_hit;
    uint64_t *hits = arena_alloc(p->arena, n_hits + 1), *memo = arena_alloc(p->arena, n_memo);
    memcpy(hits, p->hits, n_hits);
    memcpy(memo, p->frame.memo, n_memo);
    p->frame.limits_hit = limits_hit;
    t_eval_jit(p, p->jit, host);
    assert_memory_equal(hits, p->hits, n_hits);
    assert_memory_equal(memo, p->frame.memo, n_memo);
    assert_int_equal(probing_limits, p->frame.limits_hit - limits_hit);
}

static inline void t_eval(struct t_pack *p)
{
    t_eval_with(p, srt_host());
}

static inline bool t_hit(const struct t_pack *p, uint32_t rule)
{
    return p->hits[rule / 64] >> (rule % 64) & 1;
}

#define T_TEXT(z)            \
    ((struct sigmaton_slot){ \
        .at.text = (const uint8_t *)(z), .len = (uint32_t)(sizeof(z) - 1), .kind = SIGMATON_TEXT})
#define T_NUMBER(k, z, bits)                                  \
    ((struct sigmaton_slot){.at.text = (const uint8_t *)(z),  \
                            .len = (uint32_t)(sizeof(z) - 1), \
                            .kind = (k),                      \
                            .number = (uint64_t)(bits)})
#define T_LIST(list)                                                             \
    ((struct sigmaton_slot){.at.leaves = (list),                                 \
                            .len = (uint32_t)(sizeof(list) / sizeof((list)[0])), \
                            .kind = SIGMATON_LIST})
#define T_KIND(k) ((struct sigmaton_slot){.kind = (k)})

#endif
