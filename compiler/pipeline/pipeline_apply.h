/* Runs pipelines over mapped rules.
 *
 *     const struct pipelines *p = pipelines_read(arena, sources, sink, names, n);
 *     struct pipelines_run run = {arena, sink, p, placeholders};
 *     n_refused += pipelines_map(&run, &mapped);
 */
#ifndef SIGMATON_PIPELINE_PIPELINE_APPLY_H
#define SIGMATON_PIPELINE_PIPELINE_APPLY_H

#include "pipeline.h"

struct pipelines;
struct sources;

/* Reads the pipelines called `names`: files, or names of built-in ones. Every fault is reported;
 * NULL when there was any, for nothing may be judged with half a mapping. */
struct pipelines *pipelines_read(struct arena *a, struct sources *sources, struct diag_sink *sink,
                                 const char *const *names, size_t n);

/* The same for texts that are loaded already: files[n] are their numbers. */
struct pipelines *pipelines_read_sources(struct arena *a, struct sources *sources,
                                         struct diag_sink *sink, const uint32_t *files, size_t n);

struct pipelines_run {
    struct arena *arena;
    struct diag_sink *sink;
    const struct pipelines *pipelines;
    const struct node *placeholders; /* of --placeholders; NULL: none */
};

/* Replaces every rule of m by what the pipelines make of it. A rule that they refuse is reported,
 * left out and counted in the result. Rules that were read with rule_options.defer must go through
 * here, with no pipelines too: what no pipeline resolves is refused. */
size_t pipelines_map(const struct pipelines_run *run, struct mapped *m);

#endif
