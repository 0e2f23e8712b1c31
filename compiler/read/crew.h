/* Pieces of work that know nothing of each other, on several threads.
 *
 *     struct crew *crew = crew_new(a, 4);
 *     crew_run(crew, n_files, read_one, &all);       read_one(&all, member, file), for each file
 *
 * Each member has an arena of its own, which lives as long as the one that the crew was made in, so
 * that what is made may be kept. A crew of one works in that arena itself, on the caller's thread.
 * Who wants equal results of any crew makes each item's result depend on the item alone.
 */
#ifndef SIGMATON_READ_CREW_H
#define SIGMATON_READ_CREW_H

#include <stdint.h>

struct arena;
struct crew;

/* More threads than this are never of use here. */
#define CREW_MAX 64

struct crew_member {
    struct arena *arena;
    unsigned number; /* below crew_size */
};

typedef void crew_work(void *ctx, const struct crew_member *member, uint32_t item);

/* n is cut at CREW_MAX; 0 counts as 1. */
struct crew *crew_new(struct arena *a, unsigned n);
unsigned crew_size(const struct crew *crew);
/* Work for the items 0 to n - 1, each once; every member takes its items in ascending order.
 * Returns when all is done. Threads that the system refuses are done without. When one member runs
 * out of memory the rest stops, and so does the caller, as arena_alloc does. */
void crew_run(struct crew *crew, uint32_t n, crew_work *work, void *ctx);

#endif
