#include "fieldref.h"

#include <stdbool.h>
#include <string.h>

#include "leaf.h"
#include "number.h"
#include "text.h"
#include "utf8.h"

/* ---- One pair ---- */

/* Event text is not folded, so the flags say at most CASED: the kernels then fold both sides. */
static bool texts_hold(const struct sigmaton_slot *a, const struct sigmaton_slot *b, uint32_t affix,
                       uint32_t flags)
{
    switch (affix) {
    case SIGMATON_WHOLE:
        return srt_text_eq(a->at.text, a->len, b->at.text, b->len, flags);
    case SIGMATON_PREFIX:
        return srt_text_prefix(a->at.text, a->len, b->at.text, b->len, flags);
    case SIGMATON_SUFFIX:
        return srt_text_suffix(a->at.text, a->len, b->at.text, b->len, flags);
    case SIGMATON_INSIDE:
        return srt_text_find(a->at.text, a->len, b->at.text, b->len, flags, NULL);
    default:
        return false;
    }
}

static bool pair_holds(const struct sigmaton_slot *a, const struct sigmaton_slot *b, uint32_t affix,
                       uint32_t flags)
{
    struct srt_number x, y;
    const bool both_texts = a->kind == SIGMATON_TEXT && b->kind == SIGMATON_TEXT;
    if (affix == SIGMATON_WHOLE && !both_texts && srt_number_of(a, &x) && srt_number_of(b, &y))
        return srt_number_compare(x, y) == 0;
    return texts_hold(a, b, affix, flags);
}

static bool is_scalar(const struct sigmaton_slot *leaf)
{
    return (leaf->kind & SIGMATON_SCALAR) != 0;
}

static bool pairs_hold(struct srt_leaves mine, struct srt_leaves others, uint32_t affix,
                       uint32_t flags)
{
    for (uint32_t i = 0; i < mine.n; i++)
        for (uint32_t k = 0; is_scalar(&mine.v[i]) && k < others.n; k++)
            if (is_scalar(&others.v[k]) && pair_holds(&mine.v[i], &others.v[k], affix, flags))
                return true;
    return false;
}

/* ---- Long lists ----
 *
 * Two lists of one event can make 10^9 pairs. So the others' texts go by their hash into a small
 * table, as many at a time as it holds, and mine are looked up: the whole text, or each of its
 * beginnings, of its ends, or of its parts that are as long as a text of the others. A pair is
 * tried only where hashes are equal, and any pair that holds has equal ones. The hash is a
 * polynomial over units (bytes, or folded code points), which a part of a text gets from the part
 * before it in one step. */

#define PAIRS_TRIED UINT64_C(64) /* up to here pairs are simply tried */
#define ENTRIES 1024u
#define BUCKET_BITS 11
#define HASH_BASE UINT64_C(0x9e3779b97f4a7c15)
#define NUMBER_KEY UINT64_C(0xd1b54a32d192ed03)
#define TEXT_NUMBER_KEY UINT64_C(0x8cb92ba72f3d8dd7)

struct index {
    uint32_t affix, flags, n;
    uint32_t n_units;                                /* INSIDE: of each text in the table */
    uint16_t heads[1 << BUCKET_BITS], next[ENTRIES]; /* entry + 1 */
    uint64_t keys[ENTRIES];
    const struct sigmaton_slot *leaves[ENTRIES];
};

struct span {
    const uint8_t *p, *end;
};

static struct span span_of(const struct sigmaton_slot *leaf)
{
    static const uint8_t nothing[1];
    const uint8_t *p = leaf->len > 0 ? leaf->at.text : nothing;
    return (struct span){p, p + leaf->len};
}

static uint64_t front_take(struct span *s, uint32_t flags)
{
    return flags & SIGMATON_CASED ? *s->p++ : srt_fold_next(&s->p, s->end);
}

static uint64_t back_take(struct span *s, uint32_t flags)
{
    return flags & SIGMATON_CASED ? *--s->end : srt_fold_prev(s->p, &s->end);
}

/* NUL is a unit too: none counts as 0. */
static uint64_t hash_add(uint64_t h, uint64_t unit)
{
    return h * HASH_BASE + unit + 1;
}

static uint64_t hash_whole(const struct index *x, const struct sigmaton_slot *leaf)
{
    struct span s = span_of(leaf);
    uint64_t h = 0;
    while (s.p < s.end)
        h = hash_add(h, x->affix == SIGMATON_SUFFIX ? back_take(&s, x->flags)
                                                    : front_take(&s, x->flags));
    return h;
}

/* Equal numbers of any kinds have one hash. */
static uint64_t hash_number(struct srt_number a)
{
    if (a.kind != SIGMATON_DOUBLE)
        return a.bits * HASH_BASE;
    const double d = srt_number_double(a.bits), two_63 = 9223372036854775808.0;
    if (d >= two_63 && d < 2 * two_63)
        return (uint64_t)d * HASH_BASE;
    if (d >= -two_63 && d < two_63 && d == (double)(int64_t)d)
        return (uint64_t)(int64_t)d * HASH_BASE;
    return a.bits * HASH_BASE;
}

static uint32_t bucket_of(uint64_t key)
{
    return (uint32_t)(((key ^ key >> 32) * HASH_BASE) >> (64 - BUCKET_BITS));
}

static void index_add(struct index *x, uint64_t key, const struct sigmaton_slot *leaf)
{
    const uint32_t i = x->n++;
    uint16_t *head = &x->heads[bucket_of(key)];
    x->keys[i] = key;
    x->leaves[i] = leaf;
    x->next[i] = *head;
    *head = (uint16_t)(i + 1);
}

static uint32_t units_count(const struct sigmaton_slot *leaf, uint32_t flags)
{
    if (flags & SIGMATON_CASED)
        return leaf->len;
    struct span s = span_of(leaf);
    uint32_t n = 0;
    for (; s.p < s.end; n++)
        srt_utf8_next(&s.p, s.end);
    return n;
}

/* Enters leaves from `at` on while there is room; returns where it stopped. */
static uint32_t index_fill(struct index *x, struct srt_leaves others, uint32_t at)
{
    x->n = 0;
    memset(x->heads, 0, sizeof x->heads);
    for (; at < others.n && x->n + 2 <= ENTRIES; at++) {
        const struct sigmaton_slot *leaf = &others.v[at];
        struct srt_number number;
        if (!is_scalar(leaf) ||
            (x->affix == SIGMATON_INSIDE && units_count(leaf, x->flags) != x->n_units))
            continue;
        index_add(x, hash_whole(x, leaf), leaf);
        /* Two texts are never compared as numbers: theirs have a key of their own. */
        if (x->affix == SIGMATON_WHOLE && srt_number_of(leaf, &number))
            index_add(x,
                      hash_number(number) ^
                          (leaf->kind == SIGMATON_TEXT ? TEXT_NUMBER_KEY : NUMBER_KEY),
                      leaf);
    }
    return at;
}

static bool key_holds(const struct index *x, uint64_t key, const struct sigmaton_slot *mine)
{
    for (uint32_t i = x->heads[bucket_of(key)]; i != 0; i = x->next[i - 1])
        if (x->keys[i - 1] == key && pair_holds(mine, x->leaves[i - 1], x->affix, x->flags))
            return true;
    return false;
}

static bool whole_holds(const struct index *x, const struct sigmaton_slot *mine)
{
    struct srt_number number;
    if (key_holds(x, hash_whole(x, mine), mine))
        return true;
    if (!srt_number_of(mine, &number))
        return false;
    const uint64_t h = hash_number(number);
    return key_holds(x, h ^ NUMBER_KEY, mine) ||
           (mine->kind != SIGMATON_TEXT && key_holds(x, h ^ TEXT_NUMBER_KEY, mine));
}

/* Each beginning of the text, or each end. */
static bool affix_holds(const struct index *x, const struct sigmaton_slot *mine)
{
    struct span s = span_of(mine);
    uint64_t h = 0;
    for (;;) {
        if (key_holds(x, h, mine))
            return true;
        if (s.p == s.end)
            return false;
        h = hash_add(h, x->affix == SIGMATON_SUFFIX ? back_take(&s, x->flags)
                                                    : front_take(&s, x->flags));
    }
}

/* Each part of n_units units. */
static bool part_holds(const struct index *x, const struct sigmaton_slot *mine)
{
    struct span back = span_of(mine), front = back;
    uint64_t h = 0, top = 1;
    if (mine->len < x->n_units)
        return false;
    for (uint32_t i = 0; i < x->n_units; i++) {
        if (front.p == front.end)
            return false;
        h = hash_add(h, front_take(&front, x->flags));
        top *= HASH_BASE;
    }
    for (;;) {
        if (key_holds(x, h, mine))
            return true;
        if (front.p == front.end || x->n_units == 0)
            return false;
        h = hash_add(h, front_take(&front, x->flags));
        h -= (front_take(&back, x->flags) + 1) * top;
    }
}

static bool index_holds(struct index *x, struct srt_leaves mine, struct srt_leaves others)
{
    for (uint32_t at = 0; at < others.n;) {
        at = index_fill(x, others, at);
        for (uint32_t i = 0; x->n > 0 && i < mine.n; i++) {
            const struct sigmaton_slot *leaf = &mine.v[i];
            if (!is_scalar(leaf))
                continue;
            if (x->affix == SIGMATON_WHOLE    ? whole_holds(x, leaf)
                : x->affix == SIGMATON_INSIDE ? part_holds(x, leaf)
                                              : affix_holds(x, leaf))
                return true;
        }
    }
    return false;
}

/* The least number of units, from *n_units on, that a text has. */
static bool next_length(struct srt_leaves leaves, uint32_t flags, uint32_t *n_units)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < leaves.n; i++) {
        if (!is_scalar(&leaves.v[i]) || leaves.v[i].len < *n_units)
            continue;
        const uint32_t n = units_count(&leaves.v[i], flags);
        if (n >= *n_units && n < least)
            least = n;
    }
    *n_units = least;
    return least < UINT32_MAX;
}

static bool lists_hold(struct srt_leaves mine, struct srt_leaves others, uint32_t affix,
                       uint32_t flags)
{
    struct index x;
    x.affix = affix;
    x.flags = flags;
    x.n_units = 0;
    if (affix != SIGMATON_INSIDE)
        return index_holds(&x, mine, others);
    for (; next_length(others, flags, &x.n_units); x.n_units++)
        if (index_holds(&x, mine, others))
            return true;
    return false;
}

int32_t srt_fieldref(const struct sigmaton_slot *s, const struct sigmaton_slot *other,
                     uint32_t affix, uint32_t flags)
{
    const struct srt_leaves mine = srt_leaves(s), others = srt_leaves(other);
    flags &= SIGMATON_CASED;
    if ((uint64_t)mine.n * others.n <= PAIRS_TRIED)
        return pairs_hold(mine, others, affix, flags);
    return lists_hold(mine, others, affix, flags);
}
