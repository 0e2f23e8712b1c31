#include "crew.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>

#include "arena.h"

/* What a thread may have on its stack: as much as a main thread usually has, for LLVM recurses. */
#define STACK_SIZE ((size_t)8 << 20)

struct thread {
    struct crew_member member;
    struct crew *crew;
    pthread_t id;
};

struct crew {
    struct arena *arena;
    struct thread *threads; /* [n] */
    unsigned n;
    /* what is being done */
    crew_work *work;
    void *ctx;
    uint32_t n_items;
    atomic_uint next;
    atomic_bool out_of_memory;
};

static void destroy_member(void *object)
{
    arena_destroy(((struct crew_member *)object)->arena);
}

struct crew *crew_new(struct arena *a, unsigned n)
{
    struct crew *crew = ARENA_NEW(a, struct crew);
    crew->arena = a;
    crew->n = n == 0 ? 1 : n > CREW_MAX ? CREW_MAX : n;
    crew->threads = ARENA_ARRAY(a, crew->n, struct thread);
    for (unsigned i = 0; i < crew->n; i++) {
        struct thread *t = &crew->threads[i];
        t->crew = crew;
        t->member.number = i;
        if (crew->n == 1) {
            t->member.arena = a;
            break;
        }
        arena_defer(a, destroy_member, &t->member);
        t->member.arena = arena_create(ARENA_LIMIT);
        if (!t->member.arena)
            arena_out_of_memory(a);
    }
    return crew;
}

unsigned crew_size(const struct crew *crew)
{
    return crew->n;
}

static void *run(void *object)
{
    struct thread *t = object;
    struct crew *crew = t->crew;
    if (setjmp(*arena_on_oom(t->member.arena))) {
        atomic_store(&t->crew->out_of_memory, true);
        atomic_store(&t->crew->next, t->crew->n_items); /* no work for the others */
        return NULL;
    }
    for (uint32_t i; (i = atomic_fetch_add(&crew->next, 1)) < crew->n_items;)
        crew->work(crew->ctx, &t->member, i);
    arena_disarm(t->member.arena);
    return NULL;
}

void crew_run(struct crew *crew, uint32_t n, crew_work *work, void *ctx)
{
    if (crew->n == 1) {
        for (uint32_t i = 0; i < n; i++)
            work(ctx, &crew->threads[0].member, i);
        return;
    }
    crew->work = work;
    crew->ctx = ctx;
    crew->n_items = n;
    atomic_store(&crew->next, 0);
    atomic_store(&crew->out_of_memory, false);
    pthread_attr_t attributes;
    unsigned started = 1;
    if (pthread_attr_init(&attributes) == 0) {
        (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
        while (started < crew->n && started < n &&
               pthread_create(&crew->threads[started].id, &attributes, run,
                              &crew->threads[started]) == 0)
            started++;
        pthread_attr_destroy(&attributes);
    }
    run(&crew->threads[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(crew->threads[i].id, NULL);
    if (atomic_load(&crew->out_of_memory))
        arena_out_of_memory(crew->arena);
}
