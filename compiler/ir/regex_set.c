/* Sets of code points for regexes: sorted, disjoint ranges. */
#include "regex_set.h"

#include <sigmaton/fold.h>

#include <stdlib.h>

#include "arena.h"

#define SURROGATE_LO 0xd800u
#define SURROGATE_HI 0xdfffu

void ranges_add(struct arena *a, struct ranges *r, uint32_t lo, uint32_t hi)
{
    *VEC_PUSH(a, &r->list) = (struct regex_range){lo, hi};
}

static int by_lo(const void *a, const void *b)
{
    const struct regex_range *x = a, *y = b;
    return (x->lo > y->lo) - (x->lo < y->lo);
}

/* Sorts and merges what overlaps or touches. Surrogates are no code points, so ranges on both sides
 * of them touch. */
void ranges_merge(struct ranges *r)
{
    size_t kept = 0;
    if (r->list.n > 0)
        qsort(r->list.v, r->list.n, sizeof *r->list.v, by_lo);
    for (size_t i = 0; i < r->list.n; i++) {
        struct regex_range range = r->list.v[i];
        if (range.lo >= SURROGATE_LO && range.lo <= SURROGATE_HI)
            range.lo = SURROGATE_HI + 1;
        if (range.hi >= SURROGATE_LO && range.hi <= SURROGATE_HI)
            range.hi = SURROGATE_LO - 1;
        if (range.lo > range.hi)
            continue;
        struct regex_range *last = kept > 0 ? &r->list.v[kept - 1] : NULL;
        uint32_t next = !last ? 0 : last->hi == SURROGATE_LO - 1 ? SURROGATE_HI + 1 : last->hi + 1;
        if (!last || range.lo > next)
            r->list.v[kept++] = range;
        else if (range.hi > last->hi)
            last->hi = range.hi;
    }
    r->list.n = kept;
}

/* r sorted and merged. */
static bool holds_code(const struct ranges *r, uint32_t c)
{
    size_t lo = 0, hi = r->list.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (r->list.v[mid].hi < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < r->list.n && r->list.v[lo].lo <= c;
}

/* Calls for every code point that does not fold to itself: with it and what it folds to. */
typedef void (*fold_pair_fn)(void *ctx, uint32_t c, uint32_t folded);
static void each_fold_pair(fold_pair_fn fn, void *ctx)
{
    for (uint32_t c = 'A'; c <= 'Z'; c++)
        fn(ctx, c, c + 32);
    for (size_t i = 0; i < SIGMATON_FOLD_ROWS; i++) {
        const struct sigmaton_fold_row *row = &sigmaton_fold_rows[i];
        for (uint32_t c = row->lo; c <= row->hi; c += row->step)
            fn(ctx, c, (uint32_t)((int32_t)c + row->delta));
    }
}

struct closure {
    struct arena *arena;
    const struct ranges *set; /* sorted, merged */
    struct ranges made;
};

static void take_folded(void *ctx, uint32_t c, uint32_t folded)
{
    struct closure *k = ctx;
    if (holds_code(k->set, c))
        ranges_add(k->arena, &k->made, folded, folded);
}

static void take_siblings(void *ctx, uint32_t c, uint32_t folded)
{
    struct closure *k = ctx;
    if (holds_code(k->set, folded))
        ranges_add(k->arena, &k->made, c, c);
}

/* The set with everything that folds to the same as one of its members. */
static void close_case(struct arena *a, struct ranges *r)
{
    struct closure k = {.arena = a, .set = r};
    each_fold_pair(take_folded, &k);
    for (size_t i = 0; i < k.made.list.n; i++)
        ranges_add(a, r, k.made.list.v[i].lo, k.made.list.v[i].hi);
    ranges_merge(r);
    k.made.list.n = 0;
    each_fold_pair(take_siblings, &k);
    for (size_t i = 0; i < k.made.list.n; i++)
        ranges_add(a, r, k.made.list.v[i].lo, k.made.list.v[i].hi);
    ranges_merge(r);
}

/* Sorted, merged -> all other code points, likewise. */
struct ranges ranges_complement(struct arena *a, const struct ranges *r)
{
    struct ranges out = {0};
    uint32_t from = 0;
    for (size_t i = 0; i < r->list.n; i++) {
        if (r->list.v[i].lo > from)
            ranges_add(a, &out, from, r->list.v[i].lo - 1);
        from = r->list.v[i].hi + 1;
    }
    if (from <= REGEX_CODE_MAX)
        ranges_add(a, &out, from, REGEX_CODE_MAX);
    ranges_merge(&out);
    return out;
}

struct ranges ranges_of(struct arena *a, const struct regex *re)
{
    struct ranges r = {0};
    uint32_t same[SIGMATON_FOLD_CLASS_MAX] = {re->c};
    if (re->kind == REGEX_CHAR) {
        size_t n = re->icase ? sigmaton_fold_class(re->c, same) : 1;
        for (size_t i = 0; i < n; i++)
            ranges_add(a, &r, same[i], same[i]);
    }
    for (size_t i = 0; re->kind == REGEX_CLASS && i < re->n_ranges; i++)
        ranges_add(a, &r, re->ranges[i].lo, re->ranges[i].hi);
    ranges_merge(&r);
    if (re->kind == REGEX_CLASS && re->icase)
        close_case(a, &r);
    return re->kind == REGEX_CLASS && re->negated ? ranges_complement(a, &r) : r;
}

struct ranges ranges_without(struct arena *a, const struct ranges *r, const struct ranges *without)
{
    struct ranges out = ranges_complement(a, r);
    for (size_t i = 0; i < without->list.n; i++)
        ranges_add(a, &out, without->list.v[i].lo, without->list.v[i].hi);
    ranges_merge(&out);
    return ranges_complement(a, &out);
}

bool ranges_within(struct arena *a, const struct ranges *inner, const struct ranges *outer)
{
    return ranges_without(a, inner, outer).list.n == 0;
}
