/* What follows from what: proofs over the DAG for those who warn. Sound and not complete: true is
 * proven, false is "not proven". A proof is given up after `steps` comparisons.
 *
 *     struct ir_proof p = {ir, 200000};
 *     if (ir_never(&p, root)) ...
 */
#ifndef SIGMATON_IR_IMPLY_H
#define SIGMATON_IR_IMPLY_H

#include "ir.h"

struct ir_proof {
    const struct ir *ir;
    size_t steps; /* left; counts down */
};

/* Wherever a holds, b holds. */
bool ir_implies(struct ir_proof *p, uint32_t a, uint32_t b);
/* Nowhere do both hold. */
bool ir_clash(struct ir_proof *p, uint32_t a, uint32_t b);
/* The node holds nowhere, everywhere. */
bool ir_never(struct ir_proof *p, uint32_t node);
bool ir_always(struct ir_proof *p, uint32_t node);

#endif
