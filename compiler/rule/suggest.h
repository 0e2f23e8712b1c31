/* "did you mean": the nearest known name as a help text. */
#ifndef SIGMATON_RULE_SUGGEST_H
#define SIGMATON_RULE_SUGGEST_H

#include "str.h"

#define SUGGEST_DISTANCE 2 /* edits; more is another word */

/* Collects the nearest of the names offered to it. */
struct suggestion {
    struct str wanted, nearest;
    unsigned distance;
};

struct suggestion suggestion_for(struct str wanted);
void suggestion_offer(struct suggestion *s, struct str name);
/* "did you mean 'x'?", or the empty slice. */
struct str suggestion_help(struct arena *a, const struct suggestion *s);

#endif
