#include "set.h"

#include <stdbool.h>
#include <string.h>

#include "firsts.h"
#include "keys.h"
#include "leaf.h"
#include "text.h"
#include "text_units.h"

struct view {
    const struct srt_seek *seek;
    const struct sigmaton_set *set;
    const uint8_t *base;
    const void *starts, *offs;
    uint32_t fold; /* 1: ASCII letters of the event fold */
};

static inline struct view view_of(const struct srt_seek *seek, const struct sigmaton_set *set)
{
    const uint8_t *base = (const uint8_t *)set, *starts = (const uint8_t *)(set + 1);
    const uint32_t shift = set->is_wide ? 2 : 1;
    const uint8_t *offs = starts + ((((size_t)1 << set->bucket_bits) + 1) << shift);
    return (struct view){
        .seek = seek,
        .set = set,
        .base = base,
        .starts = starts,
        .offs = offs,
        .fold = (set->flags & SIGMATON_CASED) == 0,
    };
}

static inline uint32_t number_at(const struct view *v, const void *table, size_t i)
{
    return v->set->is_wide ? ((const uint32_t *)table)[i] : ((const uint16_t *)table)[i];
}

static inline const uint8_t *text_at(const struct view *v, uint32_t i, uint32_t *ret_len)
{
    const uint32_t at = number_at(v, v->offs, i);
    *ret_len = number_at(v, v->offs, (size_t)i + 1) - at;
    return v->base + at;
}

/* sigmaton_set_hash */
static inline uint32_t hash_of(const uint8_t *p, uint32_t len)
{
    return (uint32_t)(srt_key_hash(p, len) >> 32);
}

/* Any text of the bucket at t, which has n bytes; EQ: and nothing behind it. SUFFIX: the text ends
 * in one.
 */
static bool bucket_holds(const struct view *v, uint32_t hash, const uint8_t *t, uint32_t n)
{
    const bool eq = v->set->kind == SIGMATON_SET_EQ, suffix = v->set->kind == SIGMATON_SET_SUFFIX;
    const uint32_t flags = v->fold ? SIGMATON_ASCII : SIGMATON_CASED;
    const uint32_t b = hash >> (32 - v->set->bucket_bits);
    const uint32_t end = number_at(v, v->starts, (size_t)b + 1);
    for (uint32_t i = number_at(v, v->starts, b); i < end; i++) {
        uint32_t m;
        const uint8_t *p = text_at(v, i, &m);
        if ((eq ? m == n : m <= n) && srt_bytes_equal(suffix ? t + (n - m) : t, p, m, flags))
            return true;
    }
    return false;
}

struct places {
    const struct view *view;
    const uint8_t *befores, *t;
    uint32_t n, flags;
};

/* Does a text stand around its key at t[at]? */
static bool stands_around(void *ctx, uint32_t at)
{
    const struct places *p = ctx;
    const struct view *v = p->view;
    const uint32_t key = v->set->key_len;
    if (key > p->n - at)
        return false;
    const uint32_t hash = key == 4 ? hash_of(p->t + at, 4) : hash_of(p->t + at, key);
    const uint32_t b = hash >> (32 - v->set->bucket_bits);
    const uint32_t end = number_at(v, v->starts, (size_t)b + 1);
    for (uint32_t i = number_at(v, v->starts, b); i < end; i++) {
        const uint32_t before = p->befores[i];
        uint32_t m;
        const uint8_t *text = text_at(v, i, &m);
        if (before <= at && m <= p->n - (at - before) &&
            srt_bytes_equal(p->t + (at - before), text, m, p->flags))
            return true;
    }
    return false;
}

static bool scan(const struct view *v, const uint8_t *t, uint32_t n)
{
    const uint8_t *masks =
        (const uint8_t *)v->offs + (((size_t)v->set->n + 1) << (v->set->is_wide ? 2 : 1));
    struct places p = {v, masks + SIGMATON_SET_MASKS_SIZE, t, n,
                       v->fold ? SIGMATON_ASCII : SIGMATON_CASED};
    return v->seek->masks(masks, t, n, stands_around, &p);
}

static bool bucketed_holds(const struct view *v, const uint8_t *t, uint32_t n)
{
    const uint32_t key = v->set->key_len;
    if (n < v->set->min_len)
        return false;
    switch (v->set->kind) {
    case SIGMATON_SET_EQ:
        return n <= key && bucket_holds(v, hash_of(t, n), t, n);
    case SIGMATON_SET_PREFIX:
        return bucket_holds(v, hash_of(t, key), t, n);
    case SIGMATON_SET_SUFFIX:
        return bucket_holds(v, hash_of(t + (n - key), key), t, n);
    default:
        return scan(v, t, n);
    }
}

static bool single_holds(const struct view *v, const uint8_t *t, uint32_t n, const uint8_t *p,
                         uint32_t m)
{
    const uint32_t flags = v->set->flags;
    switch (v->set->kind) {
    case SIGMATON_SET_EQ:
        return srt_text_eq(t, n, p, m, flags);
    case SIGMATON_SET_PREFIX:
        return srt_text_prefix(t, n, p, m, flags);
    case SIGMATON_SET_SUFFIX:
        return srt_text_suffix(t, n, p, m, flags);
    default:
        return srt_text_find_by(v->seek, t, n, p, m, flags, NULL);
    }
}

/* of: NULL, or where texts stand in the value that t ends. */
static bool set_holds(const struct view *v, const struct srt_firsts_of *of, const uint8_t *t,
                      uint32_t n)
{
    if (bucketed_holds(v, t, n))
        return true;
    const uint32_t first_single = number_at(v, v->starts, (size_t)1 << v->set->bucket_bits);
    for (uint32_t i = first_single; i < v->set->n; i++) {
        uint32_t m;
        const uint8_t *p = text_at(v, i, &m);
        if (of != NULL && srt_firsts_from(of, p, m, v->set->flags) == of->len)
            continue;
        if (single_holds(v, t, n, p, m))
            return true;
    }
    return false;
}

/* Where the first of the texts can stand; n: none can. One that stands where it can first is found
 * at once. */
static bool first_place(const struct view *v, const struct srt_firsts_of *of, uint32_t *ret_from)
{
    const uint32_t flags = v->set->flags;
    uint32_t first = of->len;
    for (uint32_t i = 0; i < v->set->n && first > 0; i++) {
        uint32_t m;
        const uint8_t *p = text_at(v, i, &m);
        const uint32_t from = srt_firsts_from(of, p, m, flags);
        if (from < of->len && srt_text_prefix(of->text + from, of->len - from, p, m, flags))
            return true;
        first = from < first ? from : first;
    }
    *ret_from = first;
    return false;
}

static bool leaf_holds(const struct view *v, const struct srt_runtime *runtime, const uint8_t *t,
                       uint32_t n)
{
    const struct srt_firsts_of *of =
        v->set->kind == SIGMATON_SET_CONTAINS ? srt_firsts_at(runtime, t, n) : NULL;
    uint32_t from;
    if (of == NULL)
        return set_holds(v, NULL, t, n);
    return first_place(v, of, &from) || (from < n && set_holds(v, of, t + from, n - from));
}

int32_t srt_set(const struct srt_seek *seek, const struct srt_runtime *runtime,
                const struct sigmaton_slot *s, const struct sigmaton_set *set)
{
    const struct view v = view_of(seek, set);
    SRT_ANY_TEXT_LEAF(s, leaf, leaf_holds(&v, runtime, leaf->at.text, leaf->len));
}
