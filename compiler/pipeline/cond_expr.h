/* S_cond_expr: which of a step's conditions must hold, as an expression over their ids.
 *
 *     expr := and ( "or" and )*      and := not ( "and" not )*      not := "not"* ( id | "(" expr
 * ")" )
 */
#ifndef SIGMATON_PIPELINE_COND_EXPR_H
#define SIGMATON_PIPELINE_COND_EXPR_H

#include "diag.h"
#include "str.h"

struct arena;
struct gate;

#define COND_EXPR_DEPTH_MAX 32    /* nested parentheses */
#define COND_EXPR_LENGTH_MAX 8192 /* bytes */

enum cond_expr_kind { COND_EXPR_ID, COND_EXPR_AND, COND_EXPR_OR };

struct cond_expr {
    enum cond_expr_kind kind;
    bool negated;
    size_t condition; /* ID: index into the gate's conditions */
    struct cond_expr **children;
    size_t n;
};

/* NULL after reporting at `at`: syntax, an id that the gate lacks, a condition that is not used. */
struct cond_expr *cond_expr_parse(struct arena *a, struct diag_sink *sink, struct str text,
                                  struct span at, const struct gate *gate);

#endif
