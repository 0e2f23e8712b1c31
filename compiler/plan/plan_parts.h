/* The steps of plan_make, in order; for this room alone. */
#ifndef SIGMATON_PLAN_PLAN_PARTS_H
#define SIGMATON_PLAN_PLAN_PARTS_H

#include "plan.h"

/* Slot numbers and flags, shapes (slots.c). */
void plan_slots(struct plan *p, const struct plan_options *options);
/* The regex table (regexes.c). */
void plan_regexes(struct plan *p);
/* The image; false after reporting (image.c). */
bool plan_image(struct plan *p, struct diag_sink *sink, const struct plan_options *options);

/* True when a rule with this log source meets events of the row (CONTRACT section 3). */
bool plan_row_carries(const struct logsource_row *row, const struct logsource *wanted);

#endif
