/* Filter rules (SEMANTICS section 10): conditions that are and-ed to those of other rules. */
#ifndef SIGMATON_RULE_FILTER_H
#define SIGMATON_RULE_FILTER_H

#include "reference.h"

#define FILTERS_MAX 10000 /* in one collection: each is held against every rule */

struct filter {
    struct rule *head; /* attributes, log source, search identifiers and exactly one condition */
    bool any;          /* every rule of the log source */
    struct reference *rules;
    size_t n_rules;
};

/* Reads a document whose kind is DOCUMENT_FILTER. NULL after reporting all that is wrong. */
struct filter *filter_read(struct arena *a, struct diag_sink *sink, const struct document *doc,
                           const struct rule_options *options);

/* As text, for `dump`. */
void filter_dump(struct text *out, const struct filter *filter);

#endif
