/* Searches that ignore case: srt_text_find of text.h. */
#include <string.h>

#include "seek.h"
#include "text.h"
#include "text_units.h"

/* ---- Search that ignores case ----
 *
 * The plain searches are fast on ordinary texts and quadratic on made-up ones. Each counts its
 * compares; beyond a budget linear in the text it hands over to a rolling hash (Karp and Rabin,
 * 1987), which is linear whatever the texts are, needs no memory, and works over units of any
 * length in bytes. */

#define BUDGET_BASE UINT64_C(4096)
#define BUDGET_PER_BYTE UINT64_C(8)
#define HASH_PRIME UINT64_C(4294967291)
#define HASH_BASE UINT64_C(2654435769)

struct search {
    const uint8_t *t, *end; /* text */
    const uint8_t *p, *p_end;
    uint32_t flags;
    uint64_t budget;
    const struct srt_seek *seek;
};

/* h is below the prime, so that 64 bits hold the product. */
static uint64_t hash_add(uint64_t h, uint32_t unit)
{
    return (h * HASH_BASE + unit) % HASH_PRIME;
}

static bool find_hashed(const struct search *s, const uint8_t *from, const uint8_t **ret_end)
{
    uint64_t want = 0, have = 0, top = 1;
    const uint8_t *front = from, *back = from; /* the window: as many units as the pattern has */
    for (const uint8_t *q = s->p; q < s->p_end;) {
        if (front == s->end)
            return false;
        want = hash_add(want, srt_next_unit(&q, s->p_end, s->flags));
        have = hash_add(have, srt_next_unit(&front, s->end, s->flags));
        if (q < s->p_end)
            top = top * HASH_BASE % HASH_PRIME;
    }
    for (;;) {
        const uint8_t *at = back, *q = s->p;
        if (have == want && srt_skip_units(&at, s->end, &q, s->p_end, s->flags)) {
            *ret_end = at;
            return true;
        }
        if (front == s->end)
            return false;
        const uint64_t gone = srt_next_unit(&back, s->end, s->flags) * top % HASH_PRIME;
        have = (have + HASH_PRIME - gone) % HASH_PRIME;
        have = hash_add(have, srt_next_unit(&front, s->end, s->flags));
    }
}

/* Is the pattern at `at`? Sets *ret_end. Takes the compares off the budget. */
static bool try_at(struct search *s, const uint8_t *at, const uint8_t **ret_end)
{
    const uint8_t *q = s->p;
    if (srt_skip_units(&at, s->end, &q, s->p_end, s->flags)) {
        *ret_end = at;
        return true;
    }
    const uint64_t work = (uint64_t)(q - s->p);
    s->budget = work < s->budget ? s->budget - work : 0;
    return false;
}

/* The same of a text in ASCII, by words; most places part in the first. */
static bool try_ascii(struct search *s, const uint8_t *at, const uint8_t **ret_end)
{
    const uint32_t m = (uint32_t)(s->p_end - s->p);
    uint32_t i = 0;
    if (m < 8)
        return try_at(s, at, ret_end);
    for (uint64_t want; i + 8 <= m; i += 8) {
        memcpy(&want, s->p + i, sizeof want);
        if (srt_fold_word(at + i) != want)
            break;
    }
    if (i + 8 <= m || !srt_text_prefix(at + m - 8, 8, s->p + m - 8, 8, SIGMATON_ASCII)) {
        s->budget = i < s->budget ? s->budget - i : 0;
        return false;
    }
    *ret_end = at + m;
    return true;
}

#define EACH UINT64_C(0x0101010101010101)

/* From t on, where a character begins, past bytes in which none begins that folds to `first`: eight
 * at a time, ASCII that is another letter. */
static const uint8_t *skip_others(const uint8_t *t, const uint8_t *end, uint32_t first)
{
    const uint64_t like = first < 0x80 ? (first | 0x20) * EACH : 0x80 * EACH; /* 0x80: none is */
    for (uint64_t word; end - t >= 8; t += 8) {
        memcpy(&word, t, sizeof word);
        const uint64_t differ = (word | 0x20 * EACH) ^ like;
        if ((((differ - EACH) & ~differ) | word) & 0x80 * EACH)
            break;
    }
    return t;
}

static bool find_folded(struct search *s, const uint8_t **ret_end)
{
    const uint8_t *q = s->p;
    const uint32_t first = srt_fold_next(&q, s->p_end);
    const uint8_t *t = s->t;
    while ((t = skip_others(t, s->end, first)) < s->end) {
        const uint8_t *here = t;
        if (srt_fold_next(&t, s->end) != first)
            continue;
        if (try_at(s, here, ret_end))
            return true;
        if (s->budget == 0)
            return find_hashed(s, t, ret_end);
    }
    return false;
}

/* ---- Bytes, ASCII case ignored ---- */

/* In longer values the search goes by the two rarest of so many bytes. */
#define RARE_FROM 128
#define RARE_AMONG 32u

struct anchors {
    size_t first, second; /* places in the pattern, first <= second */
};

/* How common a folded byte is in values: ranks, by and large those of gram_prior.def. */
static uint8_t rank_of(uint8_t c)
{
    static const uint8_t ranks[256] = {
        ['e'] = 50, [' '] = 49, ['a'] = 48, ['t'] = 47,  ['s'] = 46, ['r'] = 45, ['n'] = 44,
        ['o'] = 43, ['i'] = 42, ['c'] = 41, ['\\'] = 40, ['d'] = 39, ['l'] = 38, ['m'] = 37,
        ['p'] = 36, ['u'] = 35, ['0'] = 34, ['w'] = 33,  ['-'] = 32, ['2'] = 31, ['1'] = 30,
        ['.'] = 29, ['3'] = 28, ['h'] = 27, ['6'] = 26,  [','] = 25, ['b'] = 24, ['4'] = 23,
        ['5'] = 22, ['8'] = 21, ['7'] = 20, ['g'] = 19,  ['9'] = 18, ['f'] = 17, ['v'] = 16,
        ['y'] = 15, ['x'] = 14, [':'] = 13, ['/'] = 12,  ['k'] = 11, ['_'] = 10, ['='] = 9,
        ['"'] = 8,  ['\''] = 7, [';'] = 6,  ['('] = 5,   [')'] = 4,  ['q'] = 3,  ['j'] = 2,
        ['z'] = 1};
    return ranks[c];
}

static struct anchors rare_anchors(const uint8_t *p, size_t m)
{
    const size_t n = m < RARE_AMONG ? m : RARE_AMONG;
    size_t rare = 0, other = m > 1 ? 1 : 0;
    for (size_t i = 1; i < n; i++) {
        if (rank_of(p[i]) < rank_of(p[rare])) {
            other = rare;
            rare = i;
        } else if (rank_of(p[i]) < rank_of(p[other])) {
            other = i;
        }
    }
    return rare < other ? (struct anchors){rare, other} : (struct anchors){other, rare};
}

static inline struct anchors anchors_of(size_t n, const uint8_t *p, size_t m)
{
    return n < RARE_FROM ? (struct anchors){0, m - 1} : rare_anchors(p, m);
}

/* m <= n: goes from one place where two bytes agree to the next. */
static bool find_ascii(struct search *s, const uint8_t **ret_end)
{
    const size_t last = (size_t)(s->p_end - s->p) - 1;
    const struct anchors by = anchors_of((size_t)(s->end - s->t), s->p, last + 1);
    const struct srt_look first = srt_look_of(s->p[by.first]), other = srt_look_of(s->p[by.second]);
    const uint8_t *stop = s->end - last;
    for (const uint8_t *at = s->t; at < stop; at++) {
        at = s->seek->pair(at + by.first, stop + by.first, by.second - by.first, first, other) -
             by.first;
        if (at == stop)
            break;
        if (try_ascii(s, at, ret_end))
            return true;
        if (s->budget == 0)
            return find_hashed(s, at + 1, ret_end);
    }
    return false;
}

/* The same by the machine's own search, of texts that it takes. */
static bool find_by_machine(const struct srt_seek *seek, const uint8_t *t, uint32_t n,
                            const uint8_t *p, uint32_t m, uint32_t *ret_end)
{
    const struct anchors by = anchors_of(n, p, m);
    const uint8_t *stop = t + (n - m + 1);
    const uint8_t *at = seek->find(t, stop, p, m, (uint32_t)by.first, (uint32_t)by.second);
    if (at == stop)
        return false;
    if (ret_end)
        *ret_end = (uint32_t)(at - t) + m;
    return true;
}

bool srt_text_find_by(const struct srt_seek *seek, const uint8_t *t, uint32_t n, const uint8_t *p,
                      uint32_t m, uint32_t flags, uint32_t *ret_end)
{
    if (seek->find != NULL && (flags & (SIGMATON_ASCII | SIGMATON_CASED)) == SIGMATON_ASCII &&
        m - 1 < SRT_FIND_MAX && m <= n)
        return find_by_machine(seek, t, n, p, m, ret_end);
    const uint8_t *end = t;
    bool found = m == 0;
    struct search s = {
        t, n > 0 ? t + n : t, p, m > 0 ? p + m : p, flags, BUDGET_BASE + BUDGET_PER_BYTE * n, seek};
    if (n == 0 || m == 0 || (srt_by_bytes(flags) && m > n)) {
        /* found already says so */
    } else if (flags & SIGMATON_CASED) {
        const uint8_t *at = memmem(t, n, p, m); /* linear in the C library */
        found = at != NULL;
        end = found ? at + m : t;
    } else if (flags & SIGMATON_ASCII) {
        found = find_ascii(&s, &end);
    } else {
        found = find_folded(&s, &end);
    }
    if (found && ret_end)
        *ret_end = (uint32_t)(end - t);
    return found;
}

bool srt_text_find(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags,
                   uint32_t *ret_end)
{
    return srt_text_find_by(&srt_seek_plain, t, n, p, m, flags, ret_end);
}
