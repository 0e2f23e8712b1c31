/* The IR interpreter: judges an event by walking the DAG and calling the host table. The fallback
 * where no machine code can run, and the second opinion in tests. It reads the IR, never generated
 * code, plan bit numbers or sets. */
#ifndef SIGMATON_IR_IR_EVAL_H
#define SIGMATON_IR_IR_EVAL_H

#include <sigmaton/pack.h>

#include "ir.h"

struct ir_judge;

/* slot_of[name] is the slot of field name `name` (names_count(ir->names) of them). regex_of(text)
 * order: the table index of each REGEX node's normal form is looked up in regexes[n_regexes]. ir
 * and slot_of are kept for the judge's life, which is the arena's. NULL when a reachable REGEX is
 * not in the table: that table is of another IR. */
struct ir_judge *ir_judge_new(struct arena *a, const struct ir *ir, const uint32_t *slot_of,
                              const struct str *regexes, size_t n_regexes);

/* A sigmaton_eval_fn; frame->judge is the struct ir_judge. */
uint64_t ir_judge_eval(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                       struct sigmaton_frame *frame, uint32_t word, uint64_t candidates);

#endif
