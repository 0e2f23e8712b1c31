/* The passes: an ordered list of named functions over the IR; each can be dumped and switched off
 * by name.
 *
 * fold     constants, and leaves that are simpler than they look
 * flatten  and/or/not shape: nested gates of one kind merged, double not gone, constants absorbed
 * absorb   (a and b) or a = a; (a or b) and a = a
 * values   OR of texts on one field and operation -> one set; subsumed texts dropped;
 *          OR of searches in one field: first whether it holds any text that they need
 * share    children that gates of several rules have in common become one gate
 * A pass never changes a verdict, and ir_verify holds after each (checked in debug builds). A regex
 * may be without answer (a limit), so what holds only in two-valued logic is done only where no
 * regex is below: x and not x is false, but not for every x.
 */
#ifndef SIGMATON_OPT_OPT_H
#define SIGMATON_OPT_OPT_H

#include "ir.h"

enum opt_pass { OPT_FOLD, OPT_FLATTEN, OPT_ABSORB, OPT_VALUES, OPT_SHARE, OPT_PASS__COUNT };

const char *opt_pass_name(enum opt_pass pass);
/* By name; OPT_PASS__COUNT when there is none. */
enum opt_pass opt_pass_find(struct str name);

/* Called after each pass that ran. May be NULL. */
typedef void (*opt_after)(void *ctx, enum opt_pass pass, const struct ir *ir);

/* Runs the passes whose bit (1u << pass) is not in `off`, in order. */
void opt_run(struct ir *ir, unsigned off, opt_after after, void *ctx);

/* One file per pass. */
void pass_fold(struct ir *ir, struct arena *scratch);
void pass_flatten(struct ir *ir, struct arena *scratch);
void pass_absorb(struct ir *ir, struct arena *scratch);
void pass_values(struct ir *ir, struct arena *scratch);
/* Sharing across rules: children that AND or OR gates of at least two rules have in common become
 * one gate where that saves work (the cost rule is in pass_share.c). */
void pass_share(struct ir *ir, struct arena *scratch);

/* Rewrites every root bottom-up: fn gets a node whose children are already rewritten and returns
 * the number to use instead (itself: no change). For the passes. */
typedef uint32_t (*opt_rewrite_fn)(void *ctx, struct ir *ir, uint32_t node);
void opt_rewrite(struct ir *ir, struct arena *scratch, opt_rewrite_fn fn, void *ctx);

/* What the node is once constants are taken out of it (pass_fold.c): for passes that make
 * constants. Looks at the node alone, not at what is below its children. */
uint32_t opt_fold_node(struct ir *ir, struct arena *scratch, uint32_t node);
/* Is `child` a child of the AND or OR gate? Logarithmic. */
bool opt_holds_child(const struct ir_node *gate, uint32_t child);

#endif
