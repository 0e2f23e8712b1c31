#include "trees.h"

#include "arena.h"

struct trees {
    struct documents *v;
    struct tree_reader **readers; /* [members] */
    struct diag_sink **sinks;     /* [members] */
    struct diag_sink *sink;
};

static void read_one(void *ctx, const struct crew_member *member, uint32_t file)
{
    struct trees *t = ctx;
    struct diag_sink **sink = &t->sinks[member->number];
    struct tree_reader **reader = &t->readers[member->number];
    if (!*sink)
        *sink = diag_sink_part(member->arena, t->sink);
    if (!*reader)
        *reader = tree_reader_new(member->arena);
    t->v[file] = tree_reader_read(*reader, diag_sources(t->sink), file, *sink);
}

struct documents *trees_read(struct arena *a, struct crew *crew, uint32_t n, struct diag_sink *sink)
{
    unsigned n_members = crew_size(crew);
    struct trees t = {
        ARENA_ARRAY(a, n, struct documents),
        ARENA_ARRAY(a, n_members, struct tree_reader *),
        ARENA_ARRAY(a, n_members, struct diag_sink *),
        sink,
    };
    crew_run(crew, n, read_one, &t);
    diag_join(sink, t.sinks, n_members);
    return t.v;
}
