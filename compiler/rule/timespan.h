/* Time spans of correlations: a number and a unit (SEMANTICS section 9). */
#ifndef SIGMATON_RULE_TIMESPAN_H
#define SIGMATON_RULE_TIMESPAN_H

#include "str.h"

/* A hundred years: in nanoseconds it still fits 63 bits. */
#define TIMESPAN_MAX (UINT64_C(100) * 31556952)

struct timespan {
    uint64_t seconds;
    char unit;     /* s, m, h, d, w, M or y */
    bool portable; /* s, m, h and d are in the specification, the others are not */
};

/* [1-9][0-9]* and a unit. False with a phrase in *ret_why. */
bool timespan_parse(struct str s, struct timespan *ret_span, const char **ret_why);

#endif
