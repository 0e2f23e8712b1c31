/* Which rules meet an event: CONTRACT section 3.
 *
 * Every event gets the log sources it has, as triples; a rule meets it when some triple carries
 * every dimension that the rule names. An event that says nothing of its source meets every rule.
 */
#ifndef SIGMATON_ORACLE_ROUTE_H
#define SIGMATON_ORACLE_ROUTE_H

#include "oracle.h"
#include "view.h"

struct triple {
    struct str product, category, service; /* empty: not carried */
};

struct route {
    bool meets_all;
    const struct triple *triples;
    size_t n;
};

/* The sources of an event. `rules` are asked which labels have a meaning. */
struct route route_of(const struct view *v, const struct mapped *rules,
                      const struct oracle_options *options);
bool route_meets(const struct route *route, const struct logsource *wanted);

#endif
