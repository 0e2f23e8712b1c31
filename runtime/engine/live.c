/* Hot swap: sigmaton_live and its readers.
 *
 * A reader sits on a seat: a scratch of one engine. A swap makes a new seat for every reader first,
 * so that nothing can fail half-way, and then puts it before each reader; a reader that begins an
 * event takes the seat before it, if there is one, and leaves its old one behind for the swapper to
 * clear away. No reader ever waits, and no event meets two engines. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "engine.h"

/* An engine and how many hold it: the live handle while it is current, and every seat. */
struct generation {
    struct sigmaton_engine *engine;
    size_t holders; /* under the lock */
};

struct seat {
    struct generation *generation;
    struct sigmaton_scratch *scratch;
    struct seat *next; /* among those left behind */
};

struct sigmaton_reader {
    struct sigmaton_live *live;
    struct seat *seat;           /* the reader's own */
    _Atomic(struct seat *) next; /* put there by a swap, NULL: none */
    struct sigmaton_reader *before, *behind;
    struct seat *prepared; /* while a swap is under way */
};

struct sigmaton_live {
    pthread_mutex_t lock; /* of all but `left` and the readers' `next` */
    struct generation *current;
    struct sigmaton_reader *readers;
    _Atomic(struct seat *) left;
    size_t n_generations;
};

/* ---- Seats and generations, under the lock --------------------------------------------------- */

static void generation_drop(struct sigmaton_live *l, struct generation *g)
{
    if (--g->holders > 0)
        return;
    sigmaton_engine_destroy(g->engine);
    free(g);
    l->n_generations--;
}

static struct generation *generation_new(struct sigmaton_live *l, struct sigmaton_engine *engine)
{
    struct generation *g = calloc(1, sizeof *g);
    if (g == NULL)
        return NULL;
    *g = (struct generation){engine, 1};
    l->n_generations++;
    return g;
}

static struct seat *seat_new(struct generation *g)
{
    struct seat *s = calloc(1, sizeof *s);
    if (s == NULL || sigmaton_scratch_create(g->engine, &s->scratch) != SIGMATON_OK) {
        free(s);
        return NULL;
    }
    s->generation = g;
    g->holders++;
    return s;
}

static void seat_destroy(struct sigmaton_live *l, struct seat *s)
{
    if (s == NULL)
        return;
    sigmaton_scratch_destroy(s->scratch);
    generation_drop(l, s->generation);
    free(s);
}

/* Takes all that was left at once, so that no element can come back while it is looked at. */
static void clear_away(struct sigmaton_live *l)
{
    struct seat *s = atomic_exchange_explicit(&l->left, NULL, memory_order_acquire);
    while (s != NULL) {
        struct seat *next = s->next;
        seat_destroy(l, s);
        s = next;
    }
}

/* ---- The handle ------------------------------------------------------------------------------ */

enum sigmaton_status sigmaton_live_create(struct sigmaton_engine *engine,
                                          struct sigmaton_live **ret_live)
{
    if (engine == NULL || ret_live == NULL)
        return SIGMATON_EINVAL;
    struct sigmaton_live *l = calloc(1, sizeof *l);
    if (l == NULL)
        return SIGMATON_ENOMEM;
    l->current = generation_new(l, engine);
    if (l->current == NULL || pthread_mutex_init(&l->lock, NULL) != 0) {
        free(l->current);
        free(l);
        return SIGMATON_ENOMEM;
    }
    *ret_live = l;
    return SIGMATON_OK;
}

void sigmaton_live_destroy(struct sigmaton_live *live)
{
    if (live == NULL)
        return;
    clear_away(live);
    generation_drop(live, live->current);
    pthread_mutex_destroy(&live->lock);
    free(live);
}

static bool prepare(struct sigmaton_live *l, struct generation *g)
{
    for (struct sigmaton_reader *r = l->readers; r != NULL; r = r->behind) {
        r->prepared = seat_new(g);
        if (r->prepared == NULL)
            return false;
    }
    return true;
}

static void give_up(struct sigmaton_live *l, struct generation *g)
{
    for (struct sigmaton_reader *r = l->readers; r != NULL; r = r->behind) {
        seat_destroy(l, r->prepared);
        r->prepared = NULL;
    }
    l->n_generations--;
    free(g); /* the engine stays the caller's */
}

static void publish(struct sigmaton_live *l, struct generation *g)
{
    for (struct sigmaton_reader *r = l->readers; r != NULL; r = r->behind) {
        struct seat *unused = atomic_exchange_explicit(&r->next, r->prepared, memory_order_acq_rel);
        r->prepared = NULL;
        seat_destroy(l, unused);
    }
    generation_drop(l, l->current);
    l->current = g;
}

enum sigmaton_status sigmaton_live_swap(struct sigmaton_live *live, struct sigmaton_engine *engine)
{
    if (live == NULL || engine == NULL)
        return SIGMATON_EINVAL;
    pthread_mutex_lock(&live->lock);
    clear_away(live);
    struct generation *g = generation_new(live, engine);
    bool ready = g != NULL && prepare(live, g);
    if (ready)
        publish(live, g);
    else if (g != NULL)
        give_up(live, g);
    clear_away(live);
    pthread_mutex_unlock(&live->lock);
    return ready ? SIGMATON_OK : SIGMATON_ENOMEM;
}

size_t sigmaton_live_engines(struct sigmaton_live *live)
{
    if (live == NULL)
        return 0;
    pthread_mutex_lock(&live->lock);
    clear_away(live);
    size_t n = live->n_generations;
    pthread_mutex_unlock(&live->lock);
    return n;
}

/* ---- Readers --------------------------------------------------------------------------------- */

enum sigmaton_status sigmaton_reader_create(struct sigmaton_live *live,
                                            struct sigmaton_reader **ret_reader)
{
    if (live == NULL || ret_reader == NULL)
        return SIGMATON_EINVAL;
    struct sigmaton_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return SIGMATON_ENOMEM;
    r->live = live;
    pthread_mutex_lock(&live->lock);
    r->seat = seat_new(live->current);
    if (r->seat != NULL) {
        r->behind = live->readers;
        if (r->behind != NULL)
            r->behind->before = r;
        live->readers = r;
    }
    pthread_mutex_unlock(&live->lock);
    if (r->seat == NULL) {
        free(r);
        return SIGMATON_ENOMEM;
    }
    *ret_reader = r;
    return SIGMATON_OK;
}

void sigmaton_reader_destroy(struct sigmaton_reader *reader)
{
    if (reader == NULL)
        return;
    struct sigmaton_live *l = reader->live;
    pthread_mutex_lock(&l->lock);
    if (reader->before != NULL)
        reader->before->behind = reader->behind;
    else
        l->readers = reader->behind;
    if (reader->behind != NULL)
        reader->behind->before = reader->before;
    seat_destroy(l, reader->seat);
    seat_destroy(l, atomic_load_explicit(&reader->next, memory_order_acquire));
    clear_away(l);
    pthread_mutex_unlock(&l->lock);
    free(reader);
}

/* Moves to the seat that a swap has put there. */
static void move(struct sigmaton_reader *r)
{
    struct seat *next = atomic_exchange_explicit(&r->next, NULL, memory_order_acq_rel);
    struct seat *old = r->seat;
    if (next == NULL)
        return;
    r->seat = next;
    old->next = atomic_load_explicit(&r->live->left, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&r->live->left, &old->next, old,
                                                  memory_order_release, memory_order_relaxed)) {
    }
}

enum sigmaton_status sigmaton_reader_eval(struct sigmaton_reader *reader,
                                          const struct sigmaton_event *event,
                                          struct sigmaton_verdict *ret_verdict)
{
    if (reader == NULL)
        return SIGMATON_EINVAL;
    if (atomic_load_explicit(&reader->next, memory_order_acquire) != NULL)
        move(reader);
    return sigmaton_eval(reader->seat->generation->engine, reader->seat->scratch, event,
                         ret_verdict);
}

const struct sigmaton_engine *sigmaton_reader_engine(const struct sigmaton_reader *reader)
{
    return reader != NULL ? reader->seat->generation->engine : NULL;
}
