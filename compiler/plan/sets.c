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

/* Bytes wanted; the offsets go into *h. */
static uint64_t lay_out(const struct builder *b, struct sigmaton_set *h)
{
    uint64_t at = align8(sizeof *h);
    h->buckets_off = (uint32_t)at;
    at += align8((b->n_buckets + UINT64_C(1)) * sizeof(uint32_t));
    h->entries_off = (uint32_t)at;
    at += (uint64_t)b->n * sizeof(struct sigmaton_set_entry);
    if (b->kind == SIGMATON_SET_CONTAINS) {
        h->filter_off = (uint32_t)at;
        at += align8((UINT64_C(1) << (b->bucket_bits + SET_FILTER_BITS)) / 8);
    }
    return at;
}

static void fill_filter(const struct builder *b, uint8_t *filter)
{
    for (uint32_t i = 0; i < b->n; i++) {
        if (b->bucket[i] == b->n_buckets)
            continue;
        const uint32_t h = hash_of(b, b->texts[i]) >> (32 - b->bucket_bits - SET_FILTER_BITS);
        filter[h / 8] = (uint8_t)(filter[h / 8] | 1u << h % 8);
    }
}

/* Counting sort: within a bucket texts keep the order they came in. */
static void fill_entries(const struct builder *b, struct arena *a, const struct sigmaton_set *h,
                         uint8_t *set, uint64_t texts_at)
{
    uint32_t *start = ARENA_ARRAY(a, b->n_buckets + 1, uint32_t);
    for (uint32_t i = 0; i < b->n; i++)
        if (b->bucket[i] < b->n_buckets)
            start[b->bucket[i] + 1]++;
    for (uint32_t k = 0; k < b->n_buckets; k++)
        start[k + 1] += start[k];
    memcpy(set + h->buckets_off, start, (b->n_buckets + (size_t)1) * sizeof *start);
    for (uint32_t i = 0; i < b->n; i++) {
        const struct str s = b->texts[i];
        const struct sigmaton_set_entry entry = {(uint32_t)texts_at, (uint32_t)s.len};
        memcpy(set + h->entries_off + start[b->bucket[i]]++ * sizeof entry, &entry, sizeof entry);
        if (s.len > 0)
            memcpy(set + texts_at, s.p, s.len);
        texts_at += s.len;
    }
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
    struct sigmaton_set h = {
        .kind = kind,
        .flags = (cased ? SIGMATON_CASED : 0) | (all_bytewise ? SIGMATON_ASCII : 0),
        .n = n,
        .min_len = b.min_len,
        .bucket_bits = b.bucket_bits,
        .key_len = b.key_len,
    };
    const uint64_t texts_at = lay_out(&b, &h);
    uint64_t size = texts_at;
    for (uint32_t i = 0; i < n; i++)
        size += texts[i].len;
    size = align8(size);
    assert(size <= UINT32_MAX); /* texts come from sources of at most 16 MiB */
    h.size = (uint32_t)size;
    uint8_t *set = arena_alloc(a, size);
    memcpy(set, &h, sizeof h);
    fill_entries(&b, a, &h, set, texts_at);
    if (h.filter_off)
        fill_filter(&b, set + h.filter_off);
    *ret_size = h.size;
    return set;
}
