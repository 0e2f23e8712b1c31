#include "grams.h"

#include <assert.h>
#include <float.h>
#include <string.h>

#include "arena.h"
#include "gram_items.h"
#include "gram_masks.h"

/* From so many entries on a bucket is crowded: windows elsewhere are taken, be they less rare. */
#define CROWD 6u

/* Of more texts so many windows are sought that chance lets other bytes through: the filter has
 * twice the words, and a bucket half the entries. */
#define MANY_TEXTS 100u

/* Grams at least so frequent by place are kept apart, and what sharing a bit with them costs. */
#define COMMON_TIERS 3
static const double common_least[COMMON_TIERS] = {1e-3, 2.5e-4, 0},
                    common_cost[COMMON_TIERS] = {4e-3, 5e-4, 1e-4};

struct builder {
    const struct gram_prior *prior;
    struct gram_items all;
    const struct gram_item *items; /* the longer ones */
    uint32_t n;
    uint32_t *before;               /* [n]: where the window begins */
    uint32_t *words;                /* the filter */
    uint32_t *crowd;                /* [n_buckets]: entries */
    uint32_t *common[COMMON_TIERS]; /* like words: bits that common grams meet */
    uint32_t word_bits, n_buckets, min_len;
    struct gram_masks masks; /* n 0: none */
};

static uint32_t word_of(const struct builder *b, uint32_t folded)
{
    return sigmaton_gram_word(folded, b->word_bits);
}

static void count_texts(struct builder *b)
{
    b->min_len = UINT32_MAX;
    for (uint32_t i = 0; i < b->n; i++)
        if (b->items[i].text.len < b->min_len)
            b->min_len = (uint32_t)b->items[i].text.len;
    const uint64_t twice = UINT64_C(3) * b->n * (b->n > MANY_TEXTS ? 2 : 1);
    b->word_bits = b->n <= 4 ? SIGMATON_GRAM_WORD_BITS_MIN : SIGMATON_GRAM_WORD_BITS_MIN + 2;
    while (b->word_bits < SIGMATON_GRAM_WORD_BITS_MAX && (UINT64_C(2) << b->word_bits) < twice)
        b->word_bits++;
    b->n_buckets = 1u << (b->word_bits - 1);
}

static void mark_common(struct builder *b, struct arena *a)
{
    uint32_t n = 0;
    const struct gram_common *common = b->prior ? gram_prior_common(b->prior, &n) : NULL;
    for (int tier = 0; tier < COMMON_TIERS; tier++)
        b->common[tier] = ARENA_ARRAY(a, (size_t)1 << b->word_bits, uint32_t);
    for (uint32_t i = 0; i < n; i++) {
        int tier = 0;
        while (common[i].chance < common_least[tier])
            tier++;
        b->common[tier][word_of(b, common[i].folded)] |= 1u << (common[i].folded >> 24);
    }
}

static double common_chance(const struct builder *b, uint32_t folded)
{
    const uint32_t word = word_of(b, folded);
    for (int tier = 0; tier < COMMON_TIERS; tier++)
        if (b->common[tier][word] >> (folded >> 24) & 1)
            return common_cost[tier];
    return 0;
}

/* What a window costs a scan: the chance of meeting it, more where it opens a new bit, and the
 * entries that are met with it. */
static double window_cost(const struct builder *b, uint32_t folded)
{
    const uint32_t word = word_of(b, folded), crowd = b->crowd[word / 2];
    const bool is_open = (b->words[word] >> (folded >> 24) & 1) != 0;
    const double chance =
        b->prior != NULL ? gram_chance(b->prior, folded) + common_chance(b, folded) : 1;
    const double cost = chance * (is_open ? 1 : 2) * (1 + crowd / 2.0);
    return crowd < CROWD ? cost : cost + crowd;
}

static uint32_t best_window(const struct builder *b, const struct gram_item *item)
{
    uint32_t best = 0;
    double least = DBL_MAX;
    for (uint32_t at = 0; at + 4 <= item->text.len && at <= GRAM_BEFORE_MAX; at++) {
        if (!gram_window_fits(item, at))
            continue;
        const double cost = window_cost(b, gram_window(item->text, at));
        if (cost < least) {
            least = cost;
            best = at;
        }
    }
    return best;
}

/* Enters window i, which is chosen here unless the masks have done it. */
static void choose(struct builder *b, uint32_t i)
{
    const struct str s = b->items[i].text;
    if (s.len > 4 && b->masks.n == 0)
        b->before[i] = best_window(b, &b->items[i]);
    const uint32_t folded = gram_window(s, b->before[i]), word = word_of(b, folded);
    b->words[word] |= s.len >= 4 ? 1u << (folded >> 24) : UINT32_MAX;
    b->crowd[word / 2]++;
}

/* Those that have no choice first. */
static void choose_windows(struct builder *b)
{
    for (uint32_t i = 0; i < b->n; i++)
        if (b->items[i].text.len <= 4)
            choose(b, i);
    for (uint32_t i = 0; i < b->n; i++)
        if (b->items[i].text.len > 4)
            choose(b, i);
}

static uint64_t align8(uint64_t n)
{
    return (n + 7) & ~UINT64_C(7);
}

/* Bytes up to the texts; the offsets go into *h. */
static uint64_t lay_out(const struct builder *b, struct sigmaton_grams *h)
{
    uint64_t at = align8(sizeof *h);
    h->words_off = (uint32_t)at;
    at += sizeof(uint32_t) << b->word_bits;
    h->buckets_off = (uint32_t)at;
    at += align8((b->n_buckets + UINT64_C(1)) * sizeof(uint32_t));
    h->entries_off = (uint32_t)at;
    at += (uint64_t)b->n * sizeof(struct sigmaton_gram);
    h->shorts_off = (uint32_t)at;
    at += (uint64_t)gram_sets_of(b->all.n_shorts) * sizeof(struct sigmaton_gram_short);
    h->masks_off = (uint32_t)at;
    return at + b->masks.n * sizeof b->masks.half[0];
}

/* The place in the text of its key. */
static uint32_t key_at(struct str s, uint32_t before)
{
    return s.len < 8 ? 0 : before < s.len - 8 ? before : (uint32_t)s.len - 8;
}

static uint64_t key_of(struct str s, uint32_t before)
{
    uint64_t key = 0;
    const uint32_t at = key_at(s, before);
    for (size_t i = 0; i < 8 && at + i < s.len; i++)
        key |= (uint64_t)(uint8_t)s.p[at + i] << i * 8;
    return key;
}

/* Counting sort: within a bucket the order of the texts. */
static void fill_entries(const struct builder *b, struct arena *a, const struct sigmaton_grams *h,
                         uint8_t *table, uint64_t texts_at)
{
    uint32_t *start = ARENA_ARRAY(a, b->n_buckets + 1, uint32_t);
    for (uint32_t k = 0; k < b->n_buckets; k++)
        start[k + 1] = start[k] + b->crowd[k];
    memcpy(table + h->buckets_off, start, (b->n_buckets + (size_t)1) * sizeof *start);
    for (uint32_t i = 0; i < b->n; i++) {
        const struct gram_item *t = &b->items[i];
        const struct sigmaton_gram e = {
            .key = key_of(t->text, b->before[i]),
            .off = (uint32_t)texts_at,
            .len = (uint32_t)t->text.len,
            .id = t->id,
            .before = (uint16_t)b->before[i],
            .shift = (uint8_t)((b->before[i] - key_at(t->text, b->before[i])) * 8),
            .flags = (uint8_t)t->flags,
        };
        const uint32_t bucket = word_of(b, gram_window(t->text, b->before[i])) / 2;
        memcpy(table + h->entries_off + start[bucket]++ * sizeof e, &e, sizeof e);
        memcpy(table + texts_at, t->text.p, t->text.len);
        texts_at += t->text.len;
    }
}

uint8_t *grams_build(struct arena *a, const struct gram_prior *prior, const struct gram_text *texts,
                     uint32_t n, uint32_t *ret_size)
{
    struct builder b = {.prior = prior};
    b.all = gram_items(a, texts, n);
    b.items = b.all.longer;
    b.n = b.all.n_longer;
    count_texts(&b);
    b.before = ARENA_ARRAY(a, b.n, uint32_t);
    b.words = ARENA_ARRAY(a, (size_t)1 << b.word_bits, uint32_t);
    b.crowd = ARENA_ARRAY(a, b.n_buckets, uint32_t);
    if (!gram_masks_choose(a, prior, b.items, b.n, b.word_bits, b.before, &b.masks)) {
        b.masks.n = 0;
        mark_common(&b, a);
    }
    choose_windows(&b);
    struct sigmaton_grams h = {
        .min_len = b.min_len,
        .word_bits = b.word_bits,
        .n_entries = b.n,
        .n_shorts = gram_sets_of(b.all.n_shorts),
        .n_masks = b.masks.n,
    };
    const uint64_t texts_at = lay_out(&b, &h);
    uint64_t size = texts_at;
    for (uint32_t i = 0; i < b.n; i++)
        size += b.items[i].text.len;
    size = align8(size);
    assert(size <= UINT32_MAX); /* texts come from sources of at most 16 MiB */
    h.size = (uint32_t)size;
    uint8_t *table = arena_alloc(a, size);
    memcpy(table, &h, sizeof h);
    memcpy(table + h.words_off, b.words, sizeof(uint32_t) << b.word_bits);
    memcpy(table + h.masks_off, b.masks.half, b.masks.n * sizeof b.masks.half[0]);
    fill_entries(&b, a, &h, table, texts_at);
    gram_shorts_write(b.all.shorts, b.all.n_shorts, (void *)(table + h.shorts_off));
    *ret_size = h.size;
    return table;
}
