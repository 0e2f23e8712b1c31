/* Searches that ignore case: srt_text_find of text.h. */
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

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

/* ---- Bytes, ASCII case ignored ---- */

/* What the byte at one place of the pattern looks like in the text: (byte | mask) == want. Exact: a
 * byte or-ed with 0x20 is a lower-case letter for that letter alone. */
struct look {
    uint8_t want, mask;
};

static struct look look_of(uint8_t c)
{
    return (struct look){c, c >= 'a' && c <= 'z' ? 0x20 : 0};
}

static bool looks(struct look l, uint8_t b)
{
    return (b | l.mask) == l.want;
}

#if defined(__SSE2__) || (defined(__ARM_NEON) && defined(__aarch64__))
#define WIDTH 16
#ifdef __SSE2__
typedef __m128i vector;
static inline vector vector_of(uint8_t b)
{
    return _mm_set1_epi8((char)b);
}
static inline vector looks_at(const uint8_t *p, vector want, vector mask)
{
    return _mm_cmpeq_epi8(_mm_or_si128(_mm_loadu_si128((const void *)p), mask), want);
}
/* A bit, or four, for each byte of both; bit 0 for the first. */
static inline uint64_t both_bits(vector a, vector b)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_and_si128(a, b));
}
#define BITS_PER_BYTE 1u
#else
typedef uint8x16_t vector;
static inline vector vector_of(uint8_t b)
{
    return vdupq_n_u8(b);
}
static inline vector looks_at(const uint8_t *p, vector want, vector mask)
{
    return vceqq_u8(vorrq_u8(vld1q_u8(p), mask), want);
}
static inline uint64_t both_bits(vector a, vector b)
{
    const uint8x8_t half = vshrn_n_u16(vreinterpretq_u16_u8(vandq_u8(a, b)), 4);
    return vget_lane_u64(vreinterpret_u64_u8(half), 0) & UINT64_C(0x1111111111111111);
}
#define BITS_PER_BYTE 4u
#endif

/* The first place from `at` on, before `stop`, where the pattern's first and last byte may stand;
 * stop or less than WIDTH before it when there is none. Reads [at, stop + gap). */
static const uint8_t *next_place(const uint8_t *at, const uint8_t *stop, size_t gap,
                                 struct look first, struct look last)
{
    const vector want_first = vector_of(first.want), mask_first = vector_of(first.mask);
    const vector want_last = vector_of(last.want), mask_last = vector_of(last.mask);
    for (; stop - at >= WIDTH; at += WIDTH) {
        const uint64_t bits = both_bits(looks_at(at, want_first, mask_first),
                                        looks_at(at + gap, want_last, mask_last));
        if (bits != 0)
            return at + (unsigned)__builtin_ctzll(bits) / BITS_PER_BYTE;
    }
    return at;
}
#else
static const uint8_t *next_place(const uint8_t *at, const uint8_t *stop, size_t gap,
                                 struct look first, struct look last)
{
    (void)stop, (void)gap, (void)first, (void)last;
    return at;
}
#endif

/* m <= n: goes from one place where first and last byte agree to the next. */
static bool find_ascii(struct search *s, const uint8_t **ret_end)
{
    const size_t gap = (size_t)(s->p_end - s->p) - 1;
    const struct look first = look_of(s->p[0]), last = look_of(s->p[gap]);
    const uint8_t *stop = s->end - gap;
    for (const uint8_t *at = s->t; at < stop; at++) {
        at = next_place(at, stop, gap, first, last);
        if (at == stop)
            break;
        if (!looks(first, *at) || !looks(last, at[gap]))
            continue;
        if (try_at(s, at, ret_end))
            return true;
        if (s->budget == 0)
            return find_hashed(s, at + 1, ret_end);
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
