#include "gram_prior.h"

#include <float.h>
#include <math.h>

#include <sigmaton/pack.h>

#include "arena.h"
#include "gram_usual.h"

/* What the built-in table is worth in counted places, and what a place of the pack's own texts is.
 */
#define TABLE_PLACES 1e6
#define PACK_PLACE 0.15f
/* Grams share a cell by their hash: counts add up, which only makes a gram look more frequent. */
#define CELL_BITS 17u
/* Rows from here on are of grams that a window should not share its bit with: 60 in a million. */
#define COMMON_LEVEL 24u
/* A text with a gram below this is not looked through for a rarer one. */
#define RARE_ENOUGH 5e-7
/* Layout is made of runs of one byte, which short samples do not show: of blanks, and of others. */
#define RUN_OF_BLANKS 5e-3
#define RUN 2e-4
/* What a gram is given of which nothing is known. */
#define UNSEEN 1e-9

/* Runs of folded bytes. The first two bytes of a gram are told apart by six bits, the others by
 * five, as the filter does. */
struct gram_prior {
    bool is_blind;
    struct gram_common *common;
    const struct gram_usual *usual;
    uint32_t n_common;
    double places;
    float one6[64], one5[32];
    float two66[64 * 64], two65[64 * 32], two55[32 * 32];
    float three665[64 * 64 * 32], three655[64 * 32 * 32];
    float four[1u << CELL_BITS];
};

static const struct gram_row {
    uint32_t key;
    uint16_t n, level;
} table[] = {
#define G1(key, level) {key, 1, level},
#define G2(key, level) {key, 2, level},
#define G3(key, level) {key, 3, level},
#define G4(key, level) {key, 4, level},
#include "gram_prior.def"
#undef G1
#undef G2
#undef G3
#undef G4
};

static uint32_t six(uint32_t b)
{
    return (b & 0x1f) | (b & 0x40) >> 1;
}

static uint32_t five(uint32_t b)
{
    return b & 0x1f;
}

static uint32_t cell_of(uint32_t folded)
{
    return folded * UINT32_C(0x85ebca6b) >> (32 - CELL_BITS);
}

static void add_one(struct gram_prior *p, uint32_t a, float times)
{
    p->one6[six(a)] += times;
    p->one5[five(a)] += times;
}

static void add_two(struct gram_prior *p, uint32_t a, uint32_t b, float times)
{
    p->two66[six(a) * 64 + six(b)] += times;
    p->two65[six(a) * 32 + five(b)] += times;
    p->two55[five(a) * 32 + five(b)] += times;
}

static void add_three(struct gram_prior *p, uint32_t a, uint32_t b, uint32_t c, float times)
{
    p->three665[(six(a) * 64 + six(b)) * 32 + five(c)] += times;
    p->three655[(six(a) * 32 + five(b)) * 32 + five(c)] += times;
}

static void add_common(struct gram_prior *p, uint32_t folded, double chance)
{
    p->common[p->n_common++] = (struct gram_common){folded, chance};
}

static void add_row(struct gram_prior *p, const struct gram_row *row)
{
    const uint32_t k = row->key;
    const double chance = exp2(row->level / 4.0) * 1e-6;
    const float times = (float)(chance * TABLE_PLACES);
    if (row->n == 1)
        add_one(p, k, times);
    else if (row->n == 2)
        add_two(p, k, k >> 8, times);
    else if (row->n == 3)
        add_three(p, k, k >> 8, k >> 16, times);
    else
        p->four[cell_of(k)] += times;
    if (row->n == 4 && row->level >= COMMON_LEVEL)
        add_common(p, k, chance);
}

struct gram_prior *gram_prior_new(struct arena *a, bool with_table)
{
    const size_t n_rows = sizeof table / sizeof table[0];
    struct gram_prior *prior = ARENA_NEW(a, struct gram_prior);
    prior->common = ARENA_ARRAY(a, 0x80 + n_rows, struct gram_common);
    for (uint32_t b = 0x20; b < 0x7f; b++)
        add_common(prior, b * UINT32_C(0x01010101) & SIGMATON_GRAM_FOLD,
                   b == ' ' ? RUN_OF_BLANKS : RUN);
    if (!with_table)
        return prior;
    prior->places = TABLE_PLACES;
    prior->usual = gram_usual_new(a);
    for (size_t i = 0; i < n_rows; i++)
        add_row(prior, &table[i]);
    return prior;
}

static uint32_t gram_at(struct str s, size_t i)
{
    const uint8_t *p = (const uint8_t *)s.p + i;
    const uint32_t v =
        (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    return v & SIGMATON_GRAM_FOLD;
}

struct gram_prior *gram_prior_none(struct arena *a)
{
    struct gram_prior *prior = ARENA_NEW(a, struct gram_prior);
    prior->is_blind = true;
    return prior;
}

/* A run from each place: of four bytes, or of what is left. */
static void count(struct gram_prior *prior, struct str s, float times)
{
    const uint8_t *p = (const uint8_t *)s.p;
    size_t i = 0;
    if (prior->is_blind)
        return;
    for (; i + 4 <= s.len; i++) {
        const uint32_t v = gram_at(s, i), a = six(v), b = six(v >> 8);
        const uint32_t ab = a * 64 + b, a5 = five(a), b5 = five(b), c = five(v >> 16);
        prior->one6[a] += times;
        prior->one5[a5] += times;
        prior->two66[ab] += times;
        prior->two65[a * 32 + b5] += times;
        prior->two55[a5 * 32 + b5] += times;
        prior->three665[ab * 32 + c] += times;
        prior->three655[(a * 32 + b5) * 32 + c] += times;
        prior->four[cell_of(v)] += times;
    }
    for (; i < s.len; i++) {
        add_one(prior, p[i], times);
        if (i + 2 <= s.len)
            add_two(prior, p[i], p[i + 1], times);
        if (i + 3 <= s.len)
            add_three(prior, p[i], p[i + 1], p[i + 2], times);
    }
    prior->places += (double)times * (double)s.len;
}

void gram_prior_count(struct gram_prior *prior, struct str text)
{
    count(prior, text, PACK_PLACE);
}

void gram_prior_sample(struct gram_prior *prior, struct str value)
{
    count(prior, value, 1);
}

/* What four equal bytes get on top. */
static double run_chance(uint32_t folded)
{
    const uint32_t a = folded & 0xff;
    if ((a * UINT32_C(0x01010101) & SIGMATON_GRAM_FOLD) != folded)
        return 0;
    return a == (' ' & 0xdf) ? RUN_OF_BLANKS : RUN;
}

/* How often the gram is expected among the prior's places; or a part of that, where the part is not
 * below `least`. Four bytes as counted, as two runs of three that overlap, and as three runs of
 * two: what was not seen whole may have been seen in parts. */
static float expected(const struct gram_prior *prior, uint32_t folded, float least)
{
    const uint32_t a = six(folded), b = six(folded >> 8), c = five(folded >> 16);
    const uint32_t d = five(folded >> 24), bc = b * 32 + c;
    float times = 0.6f * prior->four[cell_of(folded)];
    if (times >= least || prior->two65[bc] <= 0)
        return times;
    times += 0.3f * prior->three665[(a * 64 + b) * 32 + c] * prior->three655[bc * 32 + d] /
             prior->two65[bc];
    if (times >= least)
        return times;
    return times + 0.1f * prior->two66[a * 64 + b] * prior->two65[bc] * prior->two55[c * 32 + d] /
                       (prior->one6[b] * prior->one5[c]);
}

double gram_chance(const struct gram_prior *prior, uint32_t folded)
{
    if (prior->places == 0)
        return UNSEEN;
    return (double)expected(prior, folded, FLT_MAX) / prior->places + run_chance(folded) + UNSEEN;
}

double gram_byte_chance(const struct gram_prior *prior, uint8_t byte)
{
    return prior->places == 0 ? UNSEEN : (double)prior->one6[six(byte)] / prior->places + UNSEEN;
}

/* Short texts stand by chance in what no sample shows. */
static double short_chance(const struct gram_prior *prior, const uint8_t *p, size_t len)
{
    if (len < 2)
        return 1;
    if (len == 2)
        return (double)prior->two66[six(p[0]) * 64 + six(p[1])] / (prior->places + 1) + 2e-4;
    return (double)prior->three665[(six(p[0]) * 64 + six(p[1])) * 32 + five(p[2])] /
               (prior->places + 1) +
           1e-5;
}

double gram_rarity(const struct gram_prior *prior, struct str text)
{
    if (text.len < 4)
        return 1 - exp(-100 * short_chance(prior, (const uint8_t *)text.p, text.len));
    float least = FLT_MAX;
    uint32_t rarest = gram_at(text, 0);
    const float enough = (float)(RARE_ENOUGH * prior->places);
    for (size_t i = 0; i + 4 <= text.len && least > enough; i++) {
        const uint32_t gram = gram_at(text, i);
        const float times = expected(prior, gram, least);
        if (times < least) {
            least = times;
            rarest = gram;
        }
    }
    return 1 - exp(-100 * gram_chance(prior, rarest));
}

const struct gram_common *gram_prior_common(const struct gram_prior *prior, uint32_t *ret_n)
{
    *ret_n = prior->n_common;
    return prior->common;
}

const struct gram_usual *gram_prior_usual(const struct gram_prior *prior)
{
    return prior->usual;
}
