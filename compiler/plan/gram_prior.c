#include "gram_prior.h"

#include <math.h>

#include <sigmaton/pack.h>

#include "arena.h"

/* Grams share a cell by their hash: counts add up, which only ever makes a gram look more frequent.
 */
#define CELL_BITS 17u
/* What a gram that nobody has seen is given, by place. */
#define UNSEEN 1e-7
/* The pack's own texts against the values that were counted. */
#define PACK_WEIGHT 0.1

struct gram_prior {
    bool has_table;
    float *table;     /* frequency by place */
    uint32_t *pack;   /* counts */
    uint32_t *sample; /* counts; NULL without samples */
    uint64_t n_pack, n_sample;
    struct arena *arena;
};

static const struct gram_row {
    uint32_t folded;
    uint8_t level;
} table[] = {
#define GRAM(folded, level) {folded, level},
#include "gram_prior.def"
#undef GRAM
};

static uint32_t cell_of(uint32_t folded)
{
    return folded * UINT32_C(0x85ebca6b) >> (32 - CELL_BITS);
}

struct gram_prior *gram_prior_new(struct arena *a, bool with_table)
{
    struct gram_prior *prior = ARENA_NEW(a, struct gram_prior);
    prior->arena = a;
    prior->has_table = with_table;
    prior->pack = ARENA_ARRAY(a, 1u << CELL_BITS, uint32_t);
    if (!with_table)
        return prior;
    prior->table = ARENA_ARRAY(a, 1u << CELL_BITS, float);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        prior->table[cell_of(table[i].folded)] += (float)(exp2(table[i].level / 4.0) * 1e-6);
    return prior;
}

static uint32_t gram_at(struct str s, size_t i)
{
    const uint8_t *p = (const uint8_t *)s.p + i;
    const uint32_t v =
        (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    return v & SIGMATON_GRAM_FOLD;
}

static uint64_t count(uint32_t *cells, struct str s)
{
    if (s.len < 4)
        return 0;
    for (size_t i = 0; i + 4 <= s.len; i++)
        cells[cell_of(gram_at(s, i))]++;
    return s.len - 3;
}

void gram_prior_count(struct gram_prior *prior, struct str text)
{
    prior->n_pack += count(prior->pack, text);
}

void gram_prior_sample(struct gram_prior *prior, struct str value)
{
    if (prior->sample == NULL)
        prior->sample = ARENA_ARRAY(prior->arena, 1u << CELL_BITS, uint32_t);
    prior->n_sample += count(prior->sample, value);
}

double gram_chance(const struct gram_prior *prior, uint32_t folded)
{
    const uint32_t cell = cell_of(folded);
    double seen = 0, weight = 0;
    if (prior->has_table) {
        seen += (double)prior->table[cell];
        weight += 1;
    }
    if (prior->n_sample > 0) {
        seen += (double)prior->sample[cell] / (double)prior->n_sample;
        weight += 1;
    }
    if (prior->n_pack > 0) {
        seen += PACK_WEIGHT * (double)prior->pack[cell] / (double)prior->n_pack;
        weight += PACK_WEIGHT;
    }
    return weight > 0 ? seen / weight + UNSEEN : UNSEEN;
}

/* The chance of a place that begins with the text's two or three bytes: of all grams that do. */
static double short_chance(const struct gram_prior *prior, struct str text)
{
    const uint8_t *p = (const uint8_t *)text.p;
    double chance = 0;
    for (uint32_t c = 0; c < 32; c++) {
        if (text.len > 2 && c != (p[2] & 0x1fu))
            continue;
        for (uint32_t d = 0; d < 32; d++)
            chance += gram_chance(prior, (p[0] & 0xdfu) | (p[1] & 0xdfu) << 8 | c << 16 | d << 24);
    }
    return chance;
}

double gram_rarity(const struct gram_prior *prior, struct str text)
{
    if (text.len < 2)
        return 1;
    double chance = 1;
    if (text.len < 4)
        chance = short_chance(prior, text);
    for (size_t i = 0; i + 4 <= text.len; i++)
        chance = fmin(chance, gram_chance(prior, gram_at(text, i)));
    return 1 - exp(-100 * chance);
}
