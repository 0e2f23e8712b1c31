#include "gram_masks.h"

#include <string.h>

#include "arena.h"

/* More places than this, and the filter is asked at all of them. */
#define PASS_MAX 0.12
/* More texts are not tried: eight groups could not hold them. */
#define TEXTS_MAX 1000u
/* Of a text the windows with the rarest bytes are tried, so many. */
#define TRIED_MAX 12u
/* With so many texts three bytes tell too little. */
#define FOUR_MASKS 300u
/* From so many entries on a bucket is crowded, and each more is worth so many places. */
#define CROWD 6u
#define CROWD_COST 1e-3
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
    double chance[256];     /* of each byte */
    double rows[8][2][256]; /* by high half, then by the lower and upper eight low halves: sums */
    struct class groups[GRAM_GROUPS][SIGMATON_GRAM_MASKS_MAX];
    double pass[GRAM_GROUPS];
    uint32_t word_bits;
    uint32_t *crowd; /* of the filter's buckets */
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

static void sum_rows(struct dealer *d)
{
    for (uint32_t high = 0; high < 8; high++)
        for (uint32_t half = 0; half < 2; half++)
            for (uint32_t set = 1; set < 256; set++) {
                const uint32_t low = (uint32_t)__builtin_ctz(set);
                d->rows[high][half][set] =
                    d->rows[high][half][set & (set - 1)] + d->chance[high * 16 + half * 8 + low];
            }
}

static double class_chance(const struct dealer *d, uint16_t low, uint16_t high)
{
    double chance = 0;
    for (uint32_t h = 2; h < 8; h++)
        if (high >> h & 1)
            chance += d->rows[h][0][low & 0xff] + d->rows[h][1][low >> 8];
    return chance < 1 ? chance : 1;
}

/* The class with one byte more, in both cases. */
static struct class widen(const struct dealer *d, const struct class *c, uint8_t byte)
{
    struct class wide = *c;
    wide.low |= (uint16_t)(1u << (byte & 0x0f));
    wide.high |= (uint16_t)(1u << (byte >> 4));
    if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z')
        wide.high |= (uint16_t)(1u << ((byte ^ 0x20) >> 4));
    if (wide.low != c->low || wide.high != c->high)
        wide.chance = class_chance(d, wide.low, wide.high);
    return wide;
}

/* The group with one window more; the share of places that it then has. */
static double join(const struct dealer *d, uint32_t group, struct str s, uint32_t at,
                   struct class *ret_wide)
{
    double pass = 1;
    for (uint32_t i = 0; i < d->n_masks; i++) {
        if (at + i < s.len)
            ret_wide[i] = widen(d, &d->groups[group][i], (uint8_t)s.p[at + i]);
        else
            ret_wide[i] = (struct class){UINT16_MAX, UINT16_MAX, 1};
        pass *= ret_wide[i].chance;
    }
    return pass;
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
    uint32_t tried[TRIED_MAX], best_group = 0;
    struct class best[SIGMATON_GRAM_MASKS_MAX] = {0}, wide[SIGMATON_GRAM_MASKS_MAX];
    double least = 1e9, best_pass = 1;
    const uint32_t n = rare_windows(d, item, tried);
    for (uint32_t i = 0; i < n; i++) {
        const double verify = verify_cost(d, s, tried[i]);
        for (uint32_t g = 0; g < GRAM_GROUPS; g++) {
            const double pass = join(d, g, s, tried[i], wide);
            const double cost = pass - d->pass[g] + verify;
            if (cost >= least)
                continue;
            least = cost;
            best_group = g;
            best_pass = pass;
            *ret_before = tried[i];
            memcpy(best, wide, sizeof best);
        }
    }
    const double more = best_pass - d->pass[best_group];
    d->pass[best_group] = best_pass;
    memcpy(d->groups[best_group], best, sizeof best);
    d->crowd[sigmaton_gram_word(gram_window(s, *ret_before), d->word_bits) / 2]++;
    return more;
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
    struct dealer *d = ARENA_NEW(a, struct dealer);
    uint32_t *chosen = ARENA_ARRAY(a, n, uint32_t);
    d->prior = prior;
    d->n_masks = n < FOUR_MASKS ? 3 : 4;
    d->word_bits = word_bits;
    d->crowd = ARENA_ARRAY(a, (size_t)1 << (word_bits - 1), uint32_t);
    weigh_bytes(d, items, n);
    sum_rows(d);
    double pass = 0;
    for (uint32_t len = 2; len <= 5 && pass < PASS_MAX; len++) /* those without choice first */
        for (uint32_t i = 0; i < n && pass < PASS_MAX; i++)
            if (items[i].text.len == len || (len == 5 && items[i].text.len > 5))
                pass += deal(d, &items[i], &chosen[i]);
    if (pass >= PASS_MAX)
        return false;
    memcpy(before, chosen, n * sizeof *before);
    write_masks(d, ret_masks);
    return true;
}
