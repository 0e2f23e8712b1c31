/* The generator's state and the steps of codegen_create; for this room alone. */
#ifndef SIGMATON_CODEGEN_CG_H
#define SIGMATON_CODEGEN_CG_H

#include "codegen.h"
#include "llvm_compat.h"

/* Rules per function: one word of candidates. Larger functions do not emit faster. */
#define CG_RULES 64
/* Texts that are compared in full here: two words. */
#define CG_INLINE_TEXT_MAX 16
/* A call of host->probe, in instructions. */
#define CG_PROBE_SIZE 4u
/* Gates within gates in one function; a deeper one gets a function of its own, which bounds the
 * generator's stack. */
#define CG_DEPTH_MAX 64

enum cg_host {
    CG_HOST_EQ,
    CG_HOST_PREFIX,
    CG_HOST_SUFFIX,
    CG_HOST_CONTAINS,
    CG_HOST_WILDCARD,
    CG_HOST_SET,
    CG_HOST_ANY,
    CG_HOST_NULL,
    CG_HOST_BOOLEAN,
    CG_HOST_NUMBER,
    CG_HOST_CIDR,
    CG_HOST_FIELDREF,
    CG_HOST_TIME,
    CG_HOST_REGEX,
    CG_HOST_PROBE,
    CG_HOST_INDEX,
    CG_HOST_LAYER,
    CG_HOST__COUNT
};

/* A predicate that has a function of its own; polarity matters where a regex is inside. */
struct cg_shared {
    uint32_t node;
    bool negative;
};

struct cg_node {
    uint32_t edges; /* gates and rules that name it */
    uint32_t size;  /* instructions, roughly, when written out */
    uint8_t depth;  /* gates within, up to the next function */
    bool has_regex; /* some regex below */
    uint32_t own;   /* number of the function of its own, from 1; 0: has none */
};

struct cg_bytes {
    const uint8_t *p;
    size_t len;
};

/* One of the LLVM modules of a pack, with the functions [first, end) of rules. The main one has the
 * pack and its entries too. */
struct cg_module {
    struct arena *arena; /* of the thread that builds it */
    const struct plan *plan;
    bool is_main, is_whole; /* is_whole: there is no other */
    uint32_t first, end;
    LLVMContextRef context;
    LLVMModuleRef module;
    LLVMBuilderRef builder;
    LLVMTargetMachineRef machine;
    LLVMMemoryBufferRef object;
    LLVMTypeRef i8, i16, i32, i64, ptr;
    LLVMTypeRef rules_type, shared_type, eval_type, scan_type, layer_type;
    LLVMTypeRef host_types[CG_HOST__COUNT];
    bool numbered;         /* functions have no address but a number: wasm */
    bool probing;          /* leaves are asked by host->probe, which functions of rules get in the
                              host's place */
    unsigned nounwind;     /* attribute kind */
    LLVMValueRef pack;     /* the exported constant */
    LLVMValueRef *rules;   /* a function per 64 rules; the main module knows those of others */
    uint32_t n_rules;      /* of them */
    struct cg_node *nodes; /* per IR node; of all modules the same, constant once measured */
    uint32_t n_own;
    LLVMValueRef *functions; /* [2 * (n_own + 1)], by own and polarity, made when first called */
    struct cg_shared *shared;
    uint32_t n_shared;
    uint32_t n_predicates;
    /* the function being written */
    LLVMValueRef function, host, slots, frame;
    LLVMBasicBlockRef entry;                 /* for allocas alone; its branch is written last */
    LLVMValueRef counters[CG_DEPTH_MAX + 2]; /* locals of at_least, by nesting .. */
    uint32_t n_counters;                     /* .. and how many are in use */
    uint32_t n_errors, n_fallbacks;
    char error[256]; /* the first one */
};

/* module.c: building and emission count their errors in the module. What was emitted lives as long
 * as the module. */
void cg_module_build(struct cg_module *cg, const struct codegen_options *options);
void cg_module_emit(struct cg_module *cg);
void cg_module_dispose(struct cg_module *cg);
struct cg_bytes cg_module_object(const struct cg_module *cg);
void cg_module_llvm(const struct cg_module *cg, struct text *out);
bool cg_module_assembly(struct cg_module *cg, struct text *out);
/* cg_rule.c: functions of rules, shared predicates and gates. */
void cg_measure(struct cg_module *cg);
void cg_rules(struct cg_module *cg);
void cg_shared_bodies(struct cg_module *cg);
void cg_predicate(struct cg_module *cg, uint32_t node, bool negative, LLVMBasicBlockRef yes,
                  LLVMBasicBlockRef no);
/* cg_match.c: one leaf or set. */
void cg_match(struct cg_module *cg, uint32_t node, bool negative, LLVMBasicBlockRef yes,
              LLVMBasicBlockRef no);
void cg_probe(struct cg_module *cg, const struct plan_probes *probes, bool negative,
              LLVMBasicBlockRef yes, LLVMBasicBlockRef no);
uint32_t cg_match_size(const struct cg_module *cg, uint32_t node);
/* cg_pack.c */
void cg_pack_declare(struct cg_module *cg);
void cg_pack_define(struct cg_module *cg, LLVMValueRef eval, LLVMValueRef scan);
LLVMValueRef cg_eval(struct cg_module *cg);
LLVMValueRef cg_entry(struct cg_module *cg, const char *name, LLVMValueRef *functions, uint32_t n,
                      LLVMValueRef number);
/* cg_layer.c: functions of layers; scan, or NULL when there is no layer. */
LLVMValueRef cg_scan(struct cg_module *cg);
LLVMValueRef cg_blob(const struct cg_module *cg, uint32_t off);
/* module.c: a function; cg_open starts its body with an entry and a first block, cg_close ends the
 * entry. */
LLVMValueRef cg_function(struct cg_module *cg, const char *name, LLVMTypeRef type);
LLVMBasicBlockRef cg_open(struct cg_module *cg, LLVMValueRef function);
/* A local, made when first wanted and shared by all of the function. At level 0 LLVM gives each
 * value that crosses a block a stack slot of its own, so the generator lets none cross but the
 * arguments: the frame of a function does not grow with its rules. */
LLVMValueRef cg_local(struct cg_module *cg, LLVMTypeRef type, LLVMValueRef *local);
void cg_close(struct cg_module *cg, LLVMBasicBlockRef first);
void cg_fail(struct cg_module *cg, const char *what);
/* object.c */
bool object_check(const uint8_t *p, size_t len, const char **ret_why);
/* merge.c: the objects of the modules [n] as one, in a; the first is the main one. False: *ret_why.
 */
bool object_merge(struct arena *a, const struct cg_bytes *objects, uint32_t n,
                  struct cg_bytes *ret_object, const char **ret_why);

#endif
