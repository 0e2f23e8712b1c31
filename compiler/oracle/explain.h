/* Why a rule did or did not fire on an event, as indented text for people: the log source, then the
 * tree of conditions, identifiers, items and values, each line marked true or false, and what the
 * event held. A rule that did not fire ends with one line that names the smallest part that stopped
 * it.
 *
 *     true  log source: product windows (event: product windows, category process_creation)
 *     false condition: selection_img and selection_cli
 *       true  selection_img
 *         true  Image ends with '\certutil.exe' (event: "C:\\Windows\\System32\\certutil.exe")
 *       false selection_cli
 *         false CommandLine contains 'urlcache' (event: "certutil -dump")
 *     stopped by: selection_cli: CommandLine contains 'urlcache' (event: "certutil -dump")
 */
#ifndef SIGMATON_ORACLE_EXPLAIN_H
#define SIGMATON_ORACLE_EXPLAIN_H

#include "eval.h"
#include "route.h"

/* Writes the trace. Returns the verdict, log source included; *ret_met: whether that fits. */
bool explain_rule(struct eval *e, const struct route *route, const struct rule *rule,
                  struct text *out, bool *ret_met);

#endif
