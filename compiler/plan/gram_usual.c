#include "gram_usual.h"

#include <string.h>

#include "arena.h"

/* A value of which something is usual has so many places. */
#define VALUE_PLACES 200.0

/* What fewer values say is not usual. */
#define SHARE_MIN 0.1
/* Names of fields stand in lines, which keywords are looked for in. */
#define NAME_SHARE 0.3

static const struct {
    const char *field, *text;
    double share;
} rows[] = {
#define USUAL(field, text, percent) {field, text, (percent) / 100.0},
#include "usual.def"
#undef USUAL
};

struct table {
    struct gram_usual *usual;
    uint32_t gram[GRAM_USUAL_MAX];
};

static void add(struct table *t, uint32_t gram, double share)
{
    struct gram_usual *u = t->usual;
    uint32_t i = 0;
    while (i < u->n && t->gram[i] != gram)
        i++;
    if (i == GRAM_USUAL_MAX)
        return;
    if (i == u->n) {
        t->gram[u->n++] = gram;
        for (uint32_t k = 0; k < SIGMATON_GRAM_MASKS_MAX; k++) {
            const uint8_t byte = (uint8_t)(gram >> 8 * k);
            u->low[k][byte & 15].v[i / 64] |= UINT64_C(1) << i % 64;
            u->high[k][byte >> 4].v[i / 64] |= UINT64_C(1) << i % 64;
        }
    }
    const double chance = share / VALUE_PLACES;
    if (u->chance[i] < chance)
        u->chance[i] = (float)chance;
}

static void add_text(struct table *t, const char *text, double share)
{
    const size_t n = strlen(text);
    for (size_t at = 0; at + 4 <= n; at++) {
        uint32_t gram = 0;
        for (size_t k = 0; k < 4; k++) {
            const uint8_t c = (uint8_t)text[at + k];
            gram |= (uint32_t)(c >= 'A' && c <= 'Z' ? c + 32 : c) << 8 * k;
        }
        if ((gram & 0x80808080) == 0)
            add(t, gram, share);
    }
}

const struct gram_usual *gram_usual_new(struct arena *a)
{
    struct table t = {.usual = ARENA_NEW(a, struct gram_usual)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].share >= SHARE_MIN)
            add_text(&t, rows[i].text, rows[i].share);
        if (i == 0 || strcmp(rows[i].field, rows[i - 1].field) != 0)
            add_text(&t, rows[i].field, NAME_SHARE);
    }
    return t.usual;
}

static void unite(struct gram_usual_set *to, const struct gram_usual_set *more)
{
    for (uint32_t w = 0; w < GRAM_USUAL_WORDS; w++)
        to->v[w] |= more->v[w];
}

struct gram_usual_set gram_usual_low(const struct gram_usual *usual, uint32_t i, uint32_t halves)
{
    struct gram_usual_set set = {0};
    for (halves &= 0xffff; halves != 0; halves &= halves - 1)
        unite(&set, &usual->low[i][__builtin_ctz(halves)]);
    return set;
}

struct gram_usual_set gram_usual_high(const struct gram_usual *usual, uint32_t i, uint32_t halves)
{
    struct gram_usual_set set = {0};
    for (halves &= 0xff; halves != 0; halves &= halves - 1)
        unite(&set, &usual->high[i][__builtin_ctz(halves)]);
    return set;
}
