/* Guards: an OR of several searches in one field asks first whether the field holds any of the
 * texts without which none of them holds, all of them looked for at once. Part of pass_values.
 *
 *     or (and "-w" "hidden") (and "iex" "new-object") *longest*1*
 *  -> and (contains_set "hidden" "new-object" "longest") (or ..)
 *
 * What is guarded is what is nothing but searches in that field: patterns that are open at both
 * ends, and ANDs of texts, patterns and regexes. One leaf of a list may hold one text of an AND
 * and another leaf the next: each stands in some leaf, and that is all the guard asks. Where it
 * fails, each AND has a child that fails and is no regex, so a regex without answer changes
 * nothing. Linear, but for the fields of one OR, which are few. */
#ifndef SIGMATON_OPT_GUARD_H
#define SIGMATON_OPT_GUARD_H

#include "opt.h"

struct guard;

/* join makes sets of an OR of texts; it is called with ctx. */
struct guard *guard_new(struct ir *ir, struct arena *scratch, opt_rewrite_fn join, void *ctx);

/* What to use instead of the node: itself where there is nothing to guard. */
uint32_t guard_or(struct guard *guard, uint32_t node);

#endif
