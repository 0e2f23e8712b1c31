/* The state of one compilation, for compile.c, tool/ and tests; the public face is sigmatonc.h. */
#ifndef SIGMATON_COMPILE_H
#define SIGMATON_COMPILE_H

#include <sigmatonc.h>

#include "codegen.h"
#include "crew.h"
#include "diag.h"
#include "emit.h"
#include "ir.h"
#include "ir_eval.h"
#include "opt.h"
#include "pipeline.h"
#include "pipeline_apply.h"
#include "plan.h"
#include "ruleset.h"
#include "target.h"

struct compile_times {
    uint64_t read_ns, rule_ns, map_ns, lower_ns, opt_ns, plan_ns, codegen_ns, emit_ns, link_ns,
        total_ns;
};

struct sigmatonc {
    struct arena *arena;
    struct crew *crew; /* of as many threads as were asked for */
    struct sources *sources;
    struct diag_sink *sink;
    /* Rules in pack order, before filters and selection; filters; correlations, which are checked
     * and not evaluated yet. */
    struct ruleset *ruleset;
    size_t n_documents;
    size_t n_correlations;   /* that are left out for now */
    struct documents *trees; /* [n_files], kept for dump --stage tree */
    size_t n_files;
    const struct node *placeholders; /* of --placeholders; NULL: none */
    struct mapped mapped;
    size_t n_unmapped; /* rules that the pipelines refused, or whose regexes do not fit */
    struct ir *ir;
    struct target target;
    struct plan *plan;
    struct ir_judge *ir_judge; /* made when asked for, .. */
    struct arena *judge_arena; /* .. in here */
    struct codegen *codegen;
    struct jit *jit;
    struct cache *cache;            /* NULL: none is used */
    size_t n_collected;             /* diagnostics of the collection of files */
    bool from_cache;                /* there are neither trees nor rules, IR, plan or codegen .. */
    struct sigmatonc_counts cached; /* .. and these are the counts .. */
    struct str object;              /* .. and this is what codegen would give */
    struct text dump;               /* what the dump stage asked for */
    struct compile_times times;
};

#endif
