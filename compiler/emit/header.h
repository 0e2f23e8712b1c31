/* Plan -> a C header for those who embed the pack: a constant for each slot and each rule, so that
 * a sensor fills slots[SLOT_CommandLine] and knows RULE_x without looking up texts. C11 and C++.
 */
#ifndef SIGMATON_EMIT_HEADER_H
#define SIGMATON_EMIT_HEADER_H

#include "plan.h"

void header_print(struct text *out, const struct plan *plan);

#endif
