#include "trees.h"

#include "arena.h"

struct trees {
    struct documents *v;
    struct diag_sink **sinks; /* [members] */
    struct diag_sink *sink;
};

static void read_one(void *ctx, const struct crew_member *member, uint32_t file)
{
    struct trees *t = ctx;
    struct diag_sink **sink = &t->sinks[member->number];
    if (!*sink)
        *sink = diag_sink_part(member->arena, t->sink);
    t->v[file] = tree_read(member->arena, diag_sources(t->sink), file, *sink);
}

struct documents *trees_read(struct arena *a, struct crew *crew, uint32_t n, struct diag_sink *sink)
{
    unsigned n_sinks = crew_size(crew);
    struct trees t = {ARENA_ARRAY(a, n, struct documents),
                      ARENA_ARRAY(a, n_sinks, struct diag_sink *), sink};
    crew_run(crew, n, read_one, &t);
    diag_join(sink, t.sinks, n_sinks);
    return t.v;
}
