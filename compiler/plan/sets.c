#include "sets.h"

#include <assert.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include <sigmaton/fold.h>

#include "arena.h"
#include "gram_prior.h"

/* A text costs one search of its own when it is single; a shorter key costs every bucketed text
 * some of its selectivity. One text in this many may be too short for the key. */
#define SHORT_SHARE 16u
#define SET_GROUPS 8u

struct builder {
    enum sigmaton_set_kind kind;
    bool cased;
    const struct str *texts;
    uint32_t n;
    bool *bytewise;   /* [n] */
    uint32_t *bucket; /* [n]: bucket number, or n_buckets for single texts */
    uint8_t *before;  /* [n]: CONTAINS: bytes before the key */
    uint32_t n_buckets, bucket_bits, key_len, min_len;
};

/* True when folding the event's ASCII letters is all that comparing this text needs. */
static bool text_is_bytewise(struct str s, bool cased)
{
    if (cased)
        return true;
    if (!utf8_valid(s))
        return false;
    const char *p = s.p, *end = str_end(s);
    while (p < end) {
        uint32_t class[SIGMATON_FOLD_CLASS_MAX];
        if ((unsigned char)*p < 0x80)
            p++;
        else if (sigmaton_fold_class(utf8_next(&p, end), class) > 1)
            return false;
    }
    return true;
}

static uint32_t key_length(const struct builder *b)
{
    uint32_t shorter[SET_KEY_MAX + 1] = {0}; /* bytewise texts by length */
    uint32_t longest = 0;
    for (uint32_t i = 0; i < b->n; i++) {
        if (!b->bytewise[i])
            continue;
        const uint32_t len = (uint32_t)b->texts[i].len;
        if (len > longest)
            longest = len;
        if (len <= SET_KEY_MAX)
            shorter[len]++;
    }
    if (b->kind == SIGMATON_SET_EQ)
        return longest;
    uint32_t key = b->kind == SIGMATON_SET_CONTAINS ? SET_INNER_KEY_MAX : SET_KEY_MAX;
    for (; key > 1; key--) {
        uint32_t n_short = 0;
        for (uint32_t len = 0; len < key; len++)
            n_short += shorter[len];
        if (n_short <= b->n / SHORT_SHARE)
            break;
    }
    return key;
}

static uint32_t hash_of(const struct builder *b, uint32_t i)
{
    const uint8_t *p = (const uint8_t *)b->texts[i].p;
    const uint32_t len = (uint32_t)b->texts[i].len;
    switch (b->kind) {
    case SIGMATON_SET_EQ:
        return sigmaton_set_hash(p, len);
    case SIGMATON_SET_SUFFIX:
        return sigmaton_set_hash(p + (len - b->key_len), b->key_len);
    case SIGMATON_SET_CONTAINS:
        return sigmaton_set_hash(p + b->before[i], b->key_len);
    default:
        return sigmaton_set_hash(p, b->key_len);
    }
}

static bool is_bucketed(const struct builder *b, uint32_t i)
{
    return b->bytewise[i] && (b->kind == SIGMATON_SET_EQ || b->texts[i].len >= b->key_len);
}

/* Where the text has its rarest bytes, key_len of them. */
static uint8_t rarest_at(struct str s, uint32_t key_len, const struct gram_prior *prior)
{
    double chances[UINT8_MAX + SET_INNER_KEY_MAX], rarest = DBL_MAX;
    uint32_t n = 0, best = 0;
    for (; n < s.len && n < UINT8_MAX + key_len; n++)
        chances[n] = prior != NULL ? gram_byte_chance(prior, (uint8_t)s.p[n]) : 1;
    for (uint32_t at = 0; at + key_len <= n; at++) {
        double chance = 1;
        for (uint32_t k = at; k < at + key_len; k++)
            chance *= chances[k];
        if (chance >= rarest)
            continue;
        rarest = chance;
        best = at;
    }
    return (uint8_t)best;
}

static void choose_keys(struct builder *b, const struct gram_prior *prior)
{
    for (uint32_t i = 0; i < b->n; i++)
        if (is_bucketed(b, i))
            b->before[i] = rarest_at(b->texts[i], b->key_len, prior);
}

static void sort_into_buckets(struct builder *b)
{
    uint32_t n_bucketed = 0;
    for (uint32_t i = 0; i < b->n; i++)
        n_bucketed += is_bucketed(b, i);
    b->bucket_bits = 1;
    while (b->bucket_bits < SET_BUCKET_BITS_MAX && (1u << b->bucket_bits) < n_bucketed)
        b->bucket_bits++;
    b->n_buckets = 1u << b->bucket_bits;
    b->min_len = UINT32_MAX;
    for (uint32_t i = 0; i < b->n; i++) {
        b->bucket[i] = b->n_buckets;
        if (!is_bucketed(b, i))
            continue;
        b->bucket[i] = hash_of(b, i) >> (32 - b->bucket_bits);
        if (b->texts[i].len < b->min_len)
            b->min_len = (uint32_t)b->texts[i].len;
    }
}

static uint64_t align8(uint64_t n)
{
    return (n + 7) & ~UINT64_C(7);
}

/* Where the parts of a set begin. */
struct layout {
    uint64_t starts, offs, masks, befores, texts, size;
};

/* With numbers of `width` bytes. */
static struct layout lay_out(const struct builder *b, uint64_t width)
{
    struct layout l = {.starts = sizeof(struct sigmaton_set)};
    l.offs = l.starts + (b->n_buckets + UINT64_C(1)) * width;
    l.masks = l.offs + (b->n + UINT64_C(1)) * width;
    l.befores = l.masks + SIGMATON_SET_MASKS_SIZE;
    l.texts = b->kind == SIGMATON_SET_CONTAINS ? l.befores + b->n : l.masks;
    l.size = l.texts;
    for (uint32_t i = 0; i < b->n; i++)
        l.size += b->texts[i].len;
    l.size = align8(l.size);
    return l;
}

static void put_number(uint8_t *table, bool wide, uint32_t i, uint64_t value)
{
    const uint32_t v = (uint32_t)value;
    const uint16_t low = (uint16_t)value;
    if (wide)
        memcpy(table + i * sizeof v, &v, sizeof v);
    else
        memcpy(table + i * sizeof low, &low, sizeof low);
}

/* A bucketed text's key, for sorting. */
struct key {
    uint8_t bytes[SET_INNER_KEY_MAX];
    uint32_t len;
};

static int by_bytes(const void *a, const void *b)
{
    return memcmp(((const struct key *)a)->bytes, ((const struct key *)b)->bytes,
                  SET_INNER_KEY_MAX);
}

/* The group has the key's byte there; none: any byte. */
static void take_byte(uint8_t *mask, const struct key *key, uint32_t place, uint32_t group,
                      bool cased)
{
    const uint8_t bit = (uint8_t)(1u << group), c = key->bytes[place];
    if (place >= key->len) {
        for (uint32_t half = 0; half < 32; half++)
            mask[half] |= bit;
        return;
    }
    mask[c & 0x0f] |= bit;
    mask[16 + (c >> 4)] |= bit;
    if (!cased && c >= 'a' && c <= 'z')
        mask[16 + ((c - 32) >> 4)] |= bit;
}

/* Keys that begin alike share a group, so that it has few other bytes. */
static void fill_masks(const struct builder *b, struct arena *a, uint8_t *masks)
{
    struct key *keys = ARENA_ARRAY(a, b->n, struct key);
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->n; i++) {
        if (b->bucket[i] == b->n_buckets)
            continue;
        keys[n] = (struct key){.len = b->key_len};
        memcpy(keys[n++].bytes, b->texts[i].p + b->before[i], b->key_len);
    }
    if (n > SET_GROUPS)
        qsort(keys, n, sizeof *keys, by_bytes);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t place = 0; place < SIGMATON_SET_MASKS_SIZE / 32; place++)
            take_byte(masks + place * 32, &keys[i], place, n > SET_GROUPS ? i * SET_GROUPS / n : i,
                      b->cased);
}

/* Counting sort: within a bucket texts keep the order they came in; single ones are last. */
static uint32_t *bucket_order(const struct builder *b, struct arena *a, uint32_t *start)
{
    uint32_t *order = ARENA_ARRAY(a, b->n, uint32_t);
    uint32_t *at = ARENA_ARRAY(a, b->n_buckets + 1, uint32_t);
    for (uint32_t i = 0; i < b->n; i++)
        if (b->bucket[i] < b->n_buckets)
            start[b->bucket[i] + 1]++;
    for (uint32_t k = 0; k < b->n_buckets; k++)
        start[k + 1] += start[k];
    memcpy(at, start, (b->n_buckets + (size_t)1) * sizeof *at);
    for (uint32_t i = 0; i < b->n; i++)
        order[at[b->bucket[i]]++] = i;
    return order;
}

static void fill_texts(const struct builder *b, struct arena *a, const struct layout *l, bool wide,
                       uint8_t *set)
{
    uint32_t *start = ARENA_ARRAY(a, b->n_buckets + 1, uint32_t);
    const uint32_t *order = bucket_order(b, a, start);
    for (uint32_t k = 0; k <= b->n_buckets; k++)
        put_number(set + l->starts, wide, k, start[k]);
    uint64_t at = l->texts;
    for (uint32_t i = 0; i < b->n; i++) {
        const struct str s = b->texts[order[i]];
        put_number(set + l->offs, wide, i, at);
        if (b->kind == SIGMATON_SET_CONTAINS)
            set[l->befores + i] = b->before[order[i]];
        if (s.len > 0)
            memcpy(set + at, s.p, s.len);
        at += s.len;
    }
    put_number(set + l->offs, wide, b->n, at);
}

uint8_t *set_build(struct arena *a, const struct gram_prior *prior, enum sigmaton_set_kind kind,
                   bool cased, const struct str *texts, uint32_t n, uint32_t *ret_size)
{
    struct builder b = {.kind = kind, .cased = cased, .texts = texts, .n = n};
    b.bytewise = ARENA_ARRAY(a, n, bool);
    b.bucket = ARENA_ARRAY(a, n, uint32_t);
    b.before = ARENA_ARRAY(a, n, uint8_t);
    bool all_bytewise = true;
    for (uint32_t i = 0; i < n; i++) {
        b.bytewise[i] = text_is_bytewise(texts[i], cased);
        all_bytewise = all_bytewise && b.bytewise[i];
    }
    b.key_len = key_length(&b);
    if (kind == SIGMATON_SET_CONTAINS)
        choose_keys(&b, prior);
    sort_into_buckets(&b);
    struct layout l = lay_out(&b, sizeof(uint16_t));
    const bool wide = l.size > UINT16_MAX;
    if (wide)
        l = lay_out(&b, sizeof(uint32_t));
    assert(l.size <= UINT32_MAX); /* texts come from sources of at most 16 MiB */
    const struct sigmaton_set h = {
        .size = (uint32_t)l.size,
        .n = n,
        .min_len = b.min_len,
        .key_len = b.key_len,
        .kind = (uint8_t)kind,
        .flags = (uint8_t)((cased ? SIGMATON_CASED : 0) | (all_bytewise ? SIGMATON_ASCII : 0)),
        .bucket_bits = (uint8_t)b.bucket_bits,
        .is_wide = wide,
    };
    uint8_t *set = arena_alloc(a, l.size);
    memcpy(set, &h, sizeof h);
    fill_texts(&b, a, &l, wide, set);
    if (kind == SIGMATON_SET_CONTAINS)
        fill_masks(&b, a, set + l.masks);
    *ret_size = h.size;
    return set;
}
