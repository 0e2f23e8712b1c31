/* sigmaton check --report: the table of a pack on stdout, as text or as one JSON object: what was
 * compiled, what was refused and why, what cannot fire on the sample events, and the counts by log
 * source. */
#ifndef SIGMATON_TOOL_CHECK_REPORT_H
#define SIGMATON_TOOL_CHECK_REPORT_H

#include "report.h"

/* The stage that the report needs. */
enum sigmatonc_stage check_report_stage(const struct args *a);
/* Returns EXIT_FINE, EXIT_LEFT_OUT when a sample or an event could not be read, or EXIT_USAGE. */
int check_report(struct sigmatonc *c, const struct args *a, const struct report *r);

#endif
