#include "sets.h"

#include <assert.h>
#include <string.h>

#include <sigmaton/fold.h>

#include "arena.h"

/* A text costs one search of its own when it is single; a shorter key costs every bucketed text
 * some of its selectivity. One text in this many may be too short for the key. */
#define SHORT_SHARE 16u

struct builder {
    enum sigmaton_set_kind kind;
    bool cased;
    const struct str *texts;
    uint32_t n;
    bool *bytewise;   /* [n] */
    uint32_t *bucket; /* [n]: bucket number, or n_buckets for single texts */
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
    uint32_t key = SET_KEY_MAX;
    for (; key > 1; key--) {
        uint32_t n_short = 0;
        for (uint32_t len = 0; len < key; len++)
            n_short += shorter[len];
        if (n_short <= b->n / SHORT_SHARE)
            break;
    }
    return key;
}

static uint32_t hash_of(const struct builder *b, struct str s)
{
    const uint8_t *p = (const uint8_t *)s.p;
    const uint32_t len = (uint32_t)s.len;
    switch (b->kind) {
    case SIGMATON_SET_EQ:
        return sigmaton_set_hash(p, len);
    case SIGMATON_SET_SUFFIX:
        return sigmaton_set_key_hash(p + (len - b->key_len), b->key_len);
    default:
        return sigmaton_set_key_hash(p, b->key_len);
    }
}

static bool is_bucketed(const struct builder *b, uint32_t i)
{
    return b->bytewise[i] && (b->kind == SIGMATON_SET_EQ || b->texts[i].len >= b->key_len);
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
        b->bucket[i] = hash_of(b, b->texts[i]) >> (32 - b->bucket_bits);
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
    uint64_t starts, offs, filter, texts, size;
    bool has_filter;
};

/* With numbers of `width` bytes. */
static struct layout lay_out(const struct builder *b, uint64_t width)
{
    struct layout l = {.starts = sizeof(struct sigmaton_set)};
    l.offs = l.starts + (b->n_buckets + UINT64_C(1)) * width;
    l.filter = l.offs + (b->n + UINT64_C(1)) * width;
    l.has_filter = b->kind == SIGMATON_SET_CONTAINS;
    l.texts = l.filter;
    if (l.has_filter)
        l.texts += ((UINT64_C(1) << (b->bucket_bits + SIGMATON_SET_FILTER_BITS)) + 7) / 8;
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

static void fill_filter(const struct builder *b, uint8_t *filter)
{
    for (uint32_t i = 0; i < b->n; i++) {
        if (b->bucket[i] == b->n_buckets)
            continue;
        const uint32_t h =
            hash_of(b, b->texts[i]) >> (32 - b->bucket_bits - SIGMATON_SET_FILTER_BITS);
        filter[h / 8] = (uint8_t)(filter[h / 8] | 1u << h % 8);
    }
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
        if (s.len > 0)
            memcpy(set + at, s.p, s.len);
        at += s.len;
    }
    put_number(set + l->offs, wide, b->n, at);
}

uint8_t *set_build(struct arena *a, enum sigmaton_set_kind kind, bool cased,
                   const struct str *texts, uint32_t n, uint32_t *ret_size)
{
    struct builder b = {.kind = kind, .cased = cased, .texts = texts, .n = n};
    b.bytewise = ARENA_ARRAY(a, n, bool);
    b.bucket = ARENA_ARRAY(a, n, uint32_t);
    bool all_bytewise = true;
    for (uint32_t i = 0; i < n; i++) {
        b.bytewise[i] = text_is_bytewise(texts[i], cased);
        all_bytewise = all_bytewise && b.bytewise[i];
    }
    b.key_len = key_length(&b);
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
    if (l.has_filter)
        fill_filter(&b, set + l.filter);
    *ret_size = h.size;
    return set;
}
