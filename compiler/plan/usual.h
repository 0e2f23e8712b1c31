/* What events usually say: a table of fields and values (usual.def), which tells that a witness
 * such as `IntegrityLevel` equal to `System` shows in every third event, however rare its letters
 * are.
 *
 *     double share = usual_share(usual_rows_of(names_text(ir->names, w->field)), w);
 */
#ifndef SIGMATON_PLAN_USUAL_H
#define SIGMATON_PLAN_USUAL_H

#include "witness.h"

struct usual;

/* The rows of a field, or NULL. Linear in the table. */
const struct usual *usual_rows_of(struct str field);
/* The share of events with the field that show the witness by one of the rows; rows may be NULL. */
double usual_share(const struct usual *rows, const struct witness *w);

#endif
