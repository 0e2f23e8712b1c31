#include "text.h"

#include <string.h>

#include "leaf.h"
#include "utf8.h"

/* ---- One place ---- */

static bool by_bytes(uint32_t flags)
{
    return (flags & (SIGMATON_CASED | SIGMATON_ASCII)) != 0;
}

static bool bytes_equal(const uint8_t *t, const uint8_t *p, uint32_t n, uint32_t flags)
{
    if (n == 0)
        return true;
    if (flags & SIGMATON_CASED)
        return memcmp(t, p, n) == 0;
    for (uint32_t i = 0; i < n; i++)
        if (srt_fold_byte(t[i]) != p[i])
            return false;
    return true;
}

/* What is compared when case is ignored: a folded byte, or a folded code point. */
static uint32_t next_unit(const uint8_t **p, const uint8_t *end, uint32_t flags)
{
    if (flags & SIGMATON_ASCII)
        return srt_fold_byte(*(*p)++);
    return srt_fold_next(p, end);
}

/* Moves *t behind the pattern when the pattern stands there. *p ends where the texts part. */
static bool skip_units(const uint8_t **t, const uint8_t *end, const uint8_t **p,
                       const uint8_t *p_end, uint32_t flags)
{
    const uint8_t *at = *t;
    while (*p < p_end)
        if (at == end || next_unit(&at, end, flags) != next_unit(p, p_end, flags))
            return false;
    *t = at;
    return true;
}

bool srt_text_eq(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags)
{
    if (by_bytes(flags))
        return n == m && bytes_equal(t, p, n, flags);
    if (n == 0 || m == 0)
        return n == m;
    const uint8_t *end = t + n;
    return skip_units(&t, end, &p, p + m, flags) && t == end;
}

bool srt_text_prefix(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags)
{
    if (by_bytes(flags))
        return m <= n && bytes_equal(t, p, m, flags);
    if (n == 0 || m == 0)
        return m == 0;
    return skip_units(&t, t + n, &p, p + m, flags);
}

bool srt_text_suffix(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags)
{
    if (n == 0 || m == 0)
        return m == 0;
    if (by_bytes(flags))
        return m <= n && bytes_equal(t + (n - m), p, m, flags);
    const uint8_t *at = t + n, *want = p + m;
    while (want > p)
        if (at == t || srt_fold_prev(t, &at) != srt_fold_prev(p, &want))
            return false;
    return true;
}

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
        want = hash_add(want, next_unit(&q, s->p_end, s->flags));
        have = hash_add(have, next_unit(&front, s->end, s->flags));
        if (q < s->p_end)
            top = top * HASH_BASE % HASH_PRIME;
    }
    for (;;) {
        const uint8_t *at = back, *q = s->p;
        if (have == want && skip_units(&at, s->end, &q, s->p_end, s->flags)) {
            *ret_end = at;
            return true;
        }
        if (front == s->end)
            return false;
        const uint64_t gone = next_unit(&back, s->end, s->flags) * top % HASH_PRIME;
        have = (have + HASH_PRIME - gone) % HASH_PRIME;
        have = hash_add(have, next_unit(&front, s->end, s->flags));
    }
}

/* Is the pattern at `at`? Sets *ret_end. Takes the compares off the budget. */
static bool try_at(struct search *s, const uint8_t *at, const uint8_t **ret_end)
{
    const uint8_t *q = s->p;
    if (skip_units(&at, s->end, &q, s->p_end, s->flags)) {
        *ret_end = at;
        return true;
    }
    const uint64_t work = (uint64_t)(q - s->p);
    s->budget = work < s->budget ? s->budget - work : 0;
    return false;
}

static bool find_folded(struct search *s, const uint8_t **ret_end)
{
    const uint8_t *q = s->p;
    const uint32_t first = srt_fold_next(&q, s->p_end);
    const uint8_t *t = s->t;
    while (t < s->end) {
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

/* How common a byte is in command lines and paths; what is not listed is rare. The search looks for
 * the pattern's rarest byte. */
static const uint8_t commonness[256] = {
    ['e'] = 30, [' '] = 29,  ['t'] = 28, ['s'] = 28, ['i'] = 27, ['o'] = 26, ['n'] = 26, ['r'] = 25,
    ['a'] = 25, ['\\'] = 24, ['c'] = 24, ['d'] = 22, ['m'] = 21, ['l'] = 21, ['p'] = 20, ['w'] = 19,
    ['.'] = 19, ['x'] = 18,  ['u'] = 18, ['f'] = 17, ['-'] = 17, ['0'] = 17, ['1'] = 16, ['2'] = 16,
    ['3'] = 15, ['h'] = 14,  ['y'] = 13, ['g'] = 13, ['b'] = 12, ['v'] = 12, ['/'] = 12, ['"'] = 12,
    ['4'] = 11, ['5'] = 11,  ['6'] = 11, ['7'] = 10, ['8'] = 10, ['9'] = 10, [':'] = 9,  ['k'] = 9,
    ['='] = 8,  ['_'] = 8,   ['\0'] = 8, ['j'] = 5,  ['z'] = 5,  ['q'] = 5,
};

static uint32_t rarest(const uint8_t *p, uint32_t m)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < m; i++)
        if (commonness[p[i]] < commonness[p[best]])
            best = i;
    return best;
}

static const uint8_t *seek(const uint8_t *from, const uint8_t *end, uint8_t b)
{
    const uint8_t *at = from < end ? memchr(from, b, (size_t)(end - from)) : NULL;
    return at ? at : end;
}

/* Bytes, ASCII case ignored, m <= n: goes from one place of the rarest byte, in either case, to the
 * next. */
static bool find_ascii(struct search *s, const uint8_t **ret_end)
{
    const uint32_t m = (uint32_t)(s->p_end - s->p), rare = rarest(s->p, m);
    const uint8_t lower = s->p[rare];
    const uint8_t upper = lower >= 'a' && lower <= 'z' ? (uint8_t)(lower - 32) : lower;
    const uint8_t *last = s->end - (m - rare - 1); /* no place of the rarest byte from here on */
    const uint8_t *low = seek(s->t + rare, last, lower);
    const uint8_t *up = upper == lower ? last : seek(s->t + rare, last, upper);
    while (low < last || up < last) {
        const uint8_t *at = low < up ? low : up;
        if (try_at(s, at - rare, ret_end))
            return true;
        if (s->budget == 0)
            return find_hashed(s, at - rare + 1, ret_end);
        if (at == low)
            low = seek(low + 1, last, lower);
        else
            up = seek(up + 1, last, upper);
    }
    return false;
}

bool srt_text_find(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags,
                   uint32_t *ret_end)
{
    const uint8_t *end = t;
    bool found = m == 0;
    struct search s = {
        t, n > 0 ? t + n : t, p, m > 0 ? p + m : p, flags, BUDGET_BASE + BUDGET_PER_BYTE * n};
    if (n == 0 || m == 0 || (by_bytes(flags) && m > n)) {
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

/* ---- The host's functions ---- */

int32_t srt_eq(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len, uint32_t flags)
{
    SRT_ANY_TEXT_LEAF(s, leaf, srt_text_eq(leaf->at.text, leaf->len, text, len, flags));
}

int32_t srt_prefix(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len, uint32_t flags)
{
    SRT_ANY_TEXT_LEAF(s, leaf, srt_text_prefix(leaf->at.text, leaf->len, text, len, flags));
}

int32_t srt_suffix(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len, uint32_t flags)
{
    SRT_ANY_TEXT_LEAF(s, leaf, srt_text_suffix(leaf->at.text, leaf->len, text, len, flags));
}

int32_t srt_contains(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len,
                     uint32_t flags)
{
    SRT_ANY_TEXT_LEAF(s, leaf, srt_text_find(leaf->at.text, leaf->len, text, len, flags, NULL));
}
