/* Which rules cannot fire on the events of a sample, because fields that they need are never there.
 *
 * A rule is inert when no event could satisfy it as long as every field that none of the sample's
 * events of its log source has stays absent, whatever the other fields hold. So an inert rule is
 * silent on the sample for certain; a rule that is not called inert may be silent too. A rule whose
 * log source no event of the sample has is not inert but without events.
 *
 *     struct inert *in = inert_open(c, args, report);          c is compiled as far as the plan
 *     inert_read(in, file); ..                                 once per sample
 *     inert_state(in, rule), inert_missing(in, rule, &n)
 *     inert_close(in)
 */
#ifndef SIGMATON_TOOL_CHECK_INERT_H
#define SIGMATON_TOOL_CHECK_INERT_H

#include "report.h"

struct inert;

enum inert_state { RULE_LIVE, RULE_INERT, RULE_WITHOUT_EVENTS };

/* NULL after having said why. */
struct inert *inert_open(struct sigmatonc *c, const struct args *args, const struct report *r);
void inert_close(struct inert *in); /* accepts NULL */
/* False when the file could not be read to its end, which is then said. */
bool inert_read(struct inert *in, const char *file);

/* `rule` is an index into the mapped rules. */
enum inert_state inert_state(const struct inert *in, size_t rule);
/* The fields that an inert rule waits for: if they stay away, it cannot fire. */
struct str *inert_missing(const struct inert *in, size_t rule, size_t *ret_n);
/* Events of the sample that met the rule. */
unsigned long long inert_events_of(const struct inert *in, size_t rule);
unsigned long long inert_events(const struct inert *in), inert_unreadable(const struct inert *in);

#endif
