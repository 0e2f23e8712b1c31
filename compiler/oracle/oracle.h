/* The judge: a plain evaluator over mapped rules. Slow and obvious; shares nothing with IR, plan,
 * generated code, kernels or the runtime: own JSON reader and event tree, look-up, folding,
 * matching, number reading and routing. What it does share is rule reading and mapping, which the
 * vectors accuse.
 */
#ifndef SIGMATON_ORACLE_ORACLE_H
#define SIGMATON_ORACLE_ORACLE_H

#include "pipeline.h"

struct oracle;

enum oracle_routing {
    ORACLE_ROUTE_AUTO, /* CONTRACT section 3 */
    ORACLE_ROUTE_NONE, /* every rule meets every event */
    ORACLE_ROUTE_GIVEN,
};

struct oracle_options {
    enum oracle_routing routing;
    struct str product, category, service; /* ORACLE_ROUTE_GIVEN; empty: not given */
    struct str time_field;                 /* empty: the usual ones (pipeline.h) */
};

/* The mapped rules are kept until oracle_destroy. NULL when there is no memory. */
struct oracle *oracle_create(const struct mapped *rules, const struct oracle_options *options);
void oracle_destroy(struct oracle *o);

enum oracle_event_status { ORACLE_OK, ORACLE_UNREADABLE };

/* Judges one event, a JSON text. hits[(n + 63) / 64] are written. On ORACLE_UNREADABLE *ret_why is
 * a phrase and *ret_off the byte offset. */
enum oracle_event_status oracle_judge(struct oracle *o, const char *json, size_t len,
                                      uint64_t *hits, const char **ret_why, size_t *ret_off);

/* Why: the verdict of rule `index` on the event as an indented tree of condition, identifiers,
 * items and values, each with true or false and what the event held. *ret_met: whether the rule's
 * log source fits. Returns the verdict (log source included), or false with `out` saying why when
 * the event is unreadable. */
bool oracle_explain(struct oracle *o, uint32_t index, const char *json, size_t len,
                    struct text *out, bool *ret_met);

#endif
