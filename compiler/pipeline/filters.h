/* Filter rules merged into the rules that they reach (SEMANTICS section 10). */
#ifndef SIGMATON_PIPELINE_FILTERS_H
#define SIGMATON_PIPELINE_FILTERS_H

#include "filter.h"

/* The rules in their order; one that filters reach is replaced by a copy whose every condition is
 * `(condition) and (filter condition) and ...`. The filters' search identifiers stand behind its
 * own, as "name [title of the filter]". Reports references that reach nothing. */
struct rule **filters_apply(struct arena *a, struct diag_sink *sink, struct rule *const *rules,
                            size_t n, struct filter *const *filters, size_t n_filters);

#endif
