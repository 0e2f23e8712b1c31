#include "gram_masks.h"

#include <float.h>
#include <string.h>

#include "arena.h"
#include "gram_usual.h"

/* More places than this, and the filter is asked at all of them. */
#define PASS_MAX 0.12
/* More texts are not tried: eight groups could not hold them. */
#define TEXTS_MAX 600u
/* Of a text the windows with the rarest bytes are tried, so many. */
#define TRIED_MAX 12u
/* With so many texts three bytes tell too little. */
#define FOUR_MASKS 100u
/* From so many entries on a bucket is crowded, and each more is worth so many places. */
#define CROWD 6u
#define CROWD_COST 1e-3
/* Fewer texts do not make sums worth their tables. */
#define SUMS_MIN 16u
/* What it costs to verify a place against what it costs to ask the filter about it. */
#define VERIFY_COST 4.0

/* The bytes that a group takes at one place of its windows. */
struct class
{
    uint16_t low, high; /* halves */
    double chance;      /* that a byte is of the class */
};

struct dealer {
    const struct gram_prior *prior;
    uint32_t n_masks;
    double chance[256]; /* of each byte */
    bool has_sums;
    double sums[16][256]; /* by low half, then by the set of high halves */
    struct class groups[GRAM_GROUPS][SIGMATON_GRAM_MASKS_MAX];
    double pass[GRAM_GROUPS];
    double behind[GRAM_GROUPS][SIGMATON_GRAM_MASKS_MAX]; /* the classes behind one: product */
    uint32_t word_bits;
    uint32_t *crowd;                /* of the filter's buckets */
    const struct gram_usual *usual; /* NULL: nothing is known; and of it, by group: .. */
    struct gram_usual_set low[GRAM_GROUPS][SIGMATON_GRAM_MASKS_MAX]; /* what the class has .. */
    struct gram_usual_set high[GRAM_GROUPS][SIGMATON_GRAM_MASKS_MAX];
    struct gram_usual_set passes[GRAM_GROUPS]; /* .. and what all classes have */
};

/* Half what is known of values, half what these texts are made of. */
static void weigh_bytes(struct dealer *d, const struct gram_item *items, uint32_t n)
{
    uint32_t count[256] = {0}, total = 0;
    for (uint32_t i = 0; i < n; i++)
        for (size_t k = 0; k < items[i].text.len; k++) {
            const uint8_t c = (uint8_t)items[i].text.p[k];
            count[c >= 'A' && c <= 'Z' ? c + 32 : c]++;
            total++;
        }
    for (uint32_t c = 0x20; c < 0x80; c++) {
        const bool is_capital = c >= 'A' && c <= 'Z';
        const double known = d->prior != NULL ? gram_byte_chance(d->prior, (uint8_t)c) : 1.0 / 64;
        if (!is_capital)
            d->chance[c] = 0.5 * known + 0.5 * count[c] / (total + 1);
    }
}

static void sum_chances(struct dealer *d)
{
    for (uint32_t low = 0; low < 16; low++) {
        double *sums = d->sums[low];
        sums[0] = 0;
        for (uint32_t set = 1; set < 256; set++)
            sums[set] = sums[set & (set - 1)] + d->chance[(uint32_t)__builtin_ctz(set) * 16 + low];
    }
}

/* That a byte has one of the low and one of the high halves. */
static double halves_chance(const struct dealer *d, uint32_t low, uint32_t high)
{
    double chance = 0;
    for (; low != 0; low &= low - 1) {
        const uint32_t l = (uint32_t)__builtin_ctz(low);
        if (d->has_sums)
            chance += d->sums[l][high & 0xff];
        for (uint32_t h = d->has_sums ? 0 : high & 0xff; h != 0; h &= h - 1)
            chance += d->chance[(uint32_t)__builtin_ctz(h) * 16 + l];
    }
    return chance;
}

/* The halves of a byte, in both cases of a letter; of what lies behind a text, all. */
struct halves {
    uint32_t low, high;
};

static struct halves halves_at(struct str s, uint32_t at)
{
    if (at >= s.len)
        return (struct halves){UINT16_MAX, UINT16_MAX};
    const uint8_t c = (uint8_t)s.p[at];
    const bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return (struct halves){1u << (c & 0x0f),
                           1u << (c >> 4) | (is_letter ? 1u << ((c ^ 0x20) >> 4) : 0)};
}

/* The class's chance with these halves more: what is there already is not summed again. */
static double chance_with(const struct dealer *d, const struct class *c, struct halves more)
{
    const uint32_t low = more.low & ~(uint32_t)c->low, high = more.high & ~(uint32_t)c->high;
    double chance = c->chance;
    if (low != 0)
        chance += halves_chance(d, low, c->high | more.high);
    if (high != 0)
        chance += halves_chance(d, c->low, high);
    return chance < 1 ? chance : 1;
}

/* The share of places that a group has with one window more; where that is `limit` or more,
 * something of which the same is true. */
static double pass_with(const struct dealer *d, uint32_t group, const struct halves *window,
                        double limit)
{
    double pass = 1;
    for (uint32_t i = 0; i < d->n_masks; i++) {
        pass *= chance_with(d, &d->groups[group][i], window[i]);
        const double least = pass * d->behind[group][i]; /* the others only grow */
        if (least >= limit)
            return least;
    }
    return pass;
}

/* What is usual and has the halves of a window, by its bytes. */
struct usual_window {
    struct gram_usual_set low[SIGMATON_GRAM_MASKS_MAX], high[SIGMATON_GRAM_MASKS_MAX];
};

static void usual_window(const struct dealer *d, const struct halves *window,
                         struct usual_window *ret_usual)
{
    for (uint32_t i = 0; i < d->n_masks; i++) {
        ret_usual->low[i] = gram_usual_low(d->usual, i, window[i].low);
        ret_usual->high[i] = gram_usual_high(d->usual, i, window[i].high);
    }
}

/* Word w of what a group lets pass with one window more. */
static uint64_t usual_passes(const struct dealer *d, uint32_t group,
                             const struct usual_window *more, uint32_t w)
{
    uint64_t passes = UINT64_MAX;
    for (uint32_t i = 0; i < d->n_masks; i++)
        passes &= (d->low[group][i].v[w] | more->low[i].v[w]) &
                  (d->high[group][i].v[w] | more->high[i].v[w]);
    return passes;
}

/* The share of places of what is usual that a group lets pass with one window more, and did not. */
static double usual_cost(const struct dealer *d, uint32_t group, const struct usual_window *more)
{
    double cost = 0;
    for (uint32_t w = 0; w < GRAM_USUAL_WORDS; w++) {
        uint64_t added = usual_passes(d, group, more, w) & ~d->passes[group].v[w];
        for (; added != 0; added &= added - 1)
            cost += (double)d->usual->chance[w * 64 + (uint32_t)__builtin_ctzll(added)];
    }
    return cost;
}

static void usual_join(struct dealer *d, uint32_t group, const struct halves *window)
{
    struct usual_window more;
    usual_window(d, window, &more);
    for (uint32_t w = 0; w < GRAM_USUAL_WORDS; w++) {
        d->passes[group].v[w] = usual_passes(d, group, &more, w);
        for (uint32_t i = 0; i < d->n_masks; i++) {
            d->low[group][i].v[w] |= more.low[i].v[w];
            d->high[group][i].v[w] |= more.high[i].v[w];
        }
    }
}

static void join(struct dealer *d, uint32_t group, struct str s, uint32_t at)
{
    struct class *classes = d->groups[group];
    struct halves window[SIGMATON_GRAM_MASKS_MAX];
    double pass = 1, behind = 1;
    for (uint32_t i = 0; i < d->n_masks; i++) { /* in pass_with's order: ties stay ties */
        const struct halves h = window[i] = halves_at(s, at + i);
        classes[i].chance = chance_with(d, &classes[i], h);
        classes[i].low |= (uint16_t)h.low;
        classes[i].high |= (uint16_t)h.high;
        pass *= classes[i].chance;
    }
    for (uint32_t i = d->n_masks; i-- > 0;) {
        d->behind[group][i] = behind;
        behind *= classes[i].chance;
    }
    d->pass[group] = pass;
    if (d->usual != NULL)
        usual_join(d, group, window);
    d->crowd[sigmaton_gram_word(gram_window(s, at), d->word_bits) / 2]++;
}

/* The rarest windows of an item by their bytes: at[] of them, TRIED_MAX at most. */
static uint32_t rare_windows(const struct dealer *d, const struct gram_item *item, uint32_t *at)
{
    const struct str s = item->text;
    double rank[TRIED_MAX];
    uint32_t n = 0;
    for (uint32_t i = 0; i == 0 || (i + 4 <= s.len && i <= GRAM_BEFORE_MAX); i++) {
        double chance = 1;
        if (!gram_window_fits(item, i))
            continue;
        for (uint32_t k = i; k < i + d->n_masks && k < s.len; k++)
            chance *= d->chance[(uint8_t)s.p[k] |
                                ((uint8_t)s.p[k] >= 'A' && (uint8_t)s.p[k] <= 'Z' ? 0x20 : 0)];
        uint32_t j = n < TRIED_MAX ? n++ : n;
        if (j == TRIED_MAX && chance >= rank[--j])
            continue;
        for (; j > 0 && rank[j - 1] > chance; j--) {
            rank[j] = rank[j - 1];
            at[j] = at[j - 1];
        }
        rank[j] = chance;
        at[j] = i;
    }
    return n;
}

/* What a window costs where it stands. */
static double verify_cost(const struct dealer *d, struct str s, uint32_t at)
{
    if (s.len < 4)
        return 0;
    const uint32_t folded = gram_window(s, at);
    const uint32_t crowd = d->crowd[sigmaton_gram_word(folded, d->word_bits) / 2];
    const double chance = d->prior != NULL ? gram_chance(d->prior, folded) : 0;
    return VERIFY_COST * chance * (1 + crowd / 2.0) + (crowd < CROWD ? 0 : crowd * CROWD_COST);
}

/* Deals one item; the places let through in all grow by what is returned. */
static double deal(struct dealer *d, const struct gram_item *item, uint32_t *ret_before)
{
    const struct str s = item->text;
    uint32_t tried[TRIED_MAX], best = 0;
    double least = DBL_MAX;
    const uint32_t n = rare_windows(d, item, tried);
    for (uint32_t i = 0; i < n; i++) {
        const double verify = verify_cost(d, s, tried[i]);
        struct halves window[SIGMATON_GRAM_MASKS_MAX];
        for (uint32_t k = 0; k < d->n_masks; k++)
            window[k] = halves_at(s, tried[i] + k);
        struct usual_window usual;
        bool has_usual = false;
        for (uint32_t g = 0; g < GRAM_GROUPS && verify < least; g++) {
            const double spare = least - verify + d->pass[g];
            double cost = pass_with(d, g, window, spare) - d->pass[g] + verify;
            if (cost < least && d->usual != NULL) {
                if (!has_usual)
                    usual_window(d, window, &usual);
                has_usual = true;
                cost += usual_cost(d, g, &usual);
            }
            if (cost < least) {
                least = cost;
                best = g;
                *ret_before = tried[i];
            }
            if (d->pass[g] == 0) /* no window yet, like all behind it */
                break;
        }
    }
    const double before = d->pass[best];
    join(d, best, s, *ret_before);
    return d->pass[best] - before;
}

static void write_masks(const struct dealer *d, struct gram_masks *masks)
{
    memset(masks, 0, sizeof *masks);
    masks->n = d->n_masks;
    for (uint32_t g = 0; g < GRAM_GROUPS; g++) {
        masks->pass += d->pass[g];
        for (uint32_t i = 0; i < d->n_masks; i++)
            for (uint32_t half = 0; half < 16; half++) {
                if (d->groups[g][i].low >> half & 1)
                    masks->half[i][0][half] |= (uint8_t)(1u << g);
                if (d->groups[g][i].high >> half & 1)
                    masks->half[i][1][half] |= (uint8_t)(1u << g);
            }
    }
}

bool gram_masks_choose(struct arena *a, const struct gram_prior *prior,
                       const struct gram_item *items, uint32_t n, uint32_t word_bits,
                       uint32_t *before, struct gram_masks *ret_masks)
{
    if (n > TEXTS_MAX)
        return false;
    struct dealer room, *d = &room; /* the sums are written before they are read, or not at all */
    memset(d->chance, 0, sizeof d->chance);
    memset(d->groups, 0, sizeof d->groups);
    memset(d->pass, 0, sizeof d->pass);
    memset(d->behind, 0, sizeof d->behind);
    uint32_t *chosen = ARENA_ARRAY(a, n, uint32_t);
    d->prior = prior;
    d->n_masks = n < FOUR_MASKS ? 3 : 4;
    d->word_bits = word_bits;
    d->usual = prior != NULL ? gram_prior_usual(prior) : NULL;
    memset(d->low, 0, sizeof d->low);
    memset(d->high, 0, sizeof d->high);
    memset(d->passes, 0, sizeof d->passes);
    d->crowd = ARENA_ARRAY(a, (size_t)1 << (word_bits - 1), uint32_t);
    weigh_bytes(d, items, n);
    d->has_sums = n >= SUMS_MIN;
    if (d->has_sums)
        sum_chances(d);
    double pass = 0;
    for (uint32_t len = 3; len <= 5 && pass < PASS_MAX; len++) /* those without choice first */
        for (uint32_t i = 0; i < n && pass < PASS_MAX; i++)
            if (items[i].text.len == len || (len == 5 && items[i].text.len > 5))
                pass += deal(d, &items[i], &chosen[i]);
    if (pass >= PASS_MAX)
        return false;
    memcpy(before, chosen, n * sizeof *before);
    write_masks(d, ret_masks);
    return true;
}
