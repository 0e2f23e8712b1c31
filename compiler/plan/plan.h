/* The pack plan: all that a generator needs, nothing of LLVM.
 *
 * Slot numbers, memo numbers for predicates worth keeping, sets and regexes as tables, bindings and
 * routing, and the image: the constant bytes of the pack (pack.h), complete but for eval_off. The
 * same image serves the interpreter and generated code.
 */
#ifndef SIGMATON_PLAN_PLAN_H
#define SIGMATON_PLAN_PLAN_H

#include <sigmaton/pack.h>

#include "ir.h"
#include "pipeline.h"

#define PLAN_NO_MEMO UINT32_MAX
#define PLAN_NO_BLOB UINT32_MAX
/* Code reaches the tables, and the descriptor the code, by signed 32-bit distances; half of that
 * range is left to the code. */
#define PLAN_IMAGE_MAX ((uint32_t)1 << 30)
/* A predicate of at least this cost (ir_ops.def) that two rules ask is kept for the event. */
#define PLAN_MEMO_COST 10

struct plan_slot {
    struct str name;
    uint32_t flags; /* SIGMATON_SLOT_* */
};

struct plan {
    struct arena *arena;
    const struct ir *ir;
    struct plan_slot *slots;
    uint32_t n_slots;
    uint32_t
        *slot_of; /* [names_count(ir->names)]: field name -> slot; SIGMATON_NO_SLOT if no slot */
    /* per IR node */
    uint32_t *memo_of;  /* memo number, or PLAN_NO_MEMO */
    uint32_t *uses;     /* rules whose predicate reaches the node */
    uint32_t *blob_of;  /* image offset of the node's text, pattern, address or set; PLAN_NO_BLOB */
    uint32_t *regex_of; /* REGEX: index into regexes */
    bool *reachable;
    uint32_t *cost;            /* of one evaluation, children summed; saturates */
    const uint32_t **children; /* GATE: AND and OR by cost, cheap first; AT_LEAST as written */
    uint32_t n_memo;
    uint32_t *rule_regexes;    /* [n_rules]: regex predicates that the rule can ask */
    bool *shapes;              /* [n_shape_rows]: rows whose field some slot wants */
    uint32_t *source_of;       /* [n_rules]: index into sources */
    struct logsource *sources; /* the distinct log sources of the rules */
    uint32_t n_sources;
    struct str *regexes; /* normal forms */
    uint32_t n_regexes;
    uint8_t *image; /* image_size bytes, 8-aligned; eval_off is 0 */
    uint32_t image_size;
};

struct plan_options {
    struct str target;             /* for the descriptor; may be empty */
    struct str time_field;         /* --time-field; empty: the usual ones */
    const struct sources *sources; /* rule file paths; may be NULL */
    uint32_t image_max;            /* 0: PLAN_IMAGE_MAX */
};

/* Plans the pack. Never fails on input but for its size: an image above the limit is reported and
 * gives NULL. The field names of roles and shapes are interned into ir->names. Linear in the IR,
 * and in rules times the nodes that each reaches. */
struct plan *plan_make(struct arena *a, struct diag_sink *sink, const struct ir *ir,
                       const struct plan_options *options);
/* The plan as text, for `dump --stage plan`. */
void plan_print(struct text *out, const struct plan *plan);

#endif
