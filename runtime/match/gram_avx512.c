/* Sixty-four places at a time by the masks; compiled with -mavx512f -mavx512bw -mavx512vl
 * -mavx512vbmi -mavx512vbmi2 and what AVX2 asks. The last places, and values that are shorter, are
 * loaded under a mask, which reads nothing behind them. Without masks see gram_filter_avx512.c. */
#include <immintrin.h>

#include "gram_groups.h"
#include "gram_verify.h"
#include "seek.h"

#define WIDTH 64

/* Of the n < 256 bytes at p those from `skip` on, 64 at most; zeros behind them. */
static inline __m512i load(const uint8_t *p, uint32_t skip, uint32_t n)
{
    return _mm512_maskz_loadu_epi8(n > skip ? _bzhi_u64(~UINT64_C(0), n - skip) : 0, p + skip);
}

/* Bit i: byte i is a backslash, and u or / stands behind it. */
static inline uint64_t suspects(__m512i v, __m512i next)
{
    const __mmask64 is_backslash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\'));
    return _mm512_mask_cmpeq_epi8_mask(is_backslash, next, _mm512_set1_epi8('u')) |
           _mm512_mask_cmpeq_epi8_mask(is_backslash, next, _mm512_set1_epi8('/'));
}

static inline bool hides_in(const uint8_t *p, uint32_t n, uint64_t suspects)
{
    for (; suspects != 0; suspects &= suspects - 1) {
        const uint32_t i = (uint32_t)__builtin_ctzll(suspects);
        if (srt_gram_hides(p + i, n - i))
            return true;
    }
    return false;
}

static bool hides(const uint8_t *p, uint32_t n)
{
    for (uint32_t at = 0; at < n; at += WIDTH) {
        const uint32_t left = n - at, some = left < WIDTH + 1 ? left : WIDTH + 1;
        if (hides_in(p + at, left, suspects(load(p + at, 0, some), load(p + at, 1, some))))
            return true;
    }
    return false;
}

static inline void ask_all(struct srt_gram_scan *s, uint32_t at, uint64_t maybe)
{
    for (; maybe != 0; maybe &= maybe - 1) {
        const uint32_t i = at + (uint32_t)__builtin_ctzll(maybe);
        srt_gram_ask(s, i, srt_gram_load(s->p + i));
    }
}

/* Bit i: some group has the window at p + i, of the n < 256 bytes there; of 64 places those that
 * have four bytes. */
static inline __attribute__((always_inline)) uint64_t places(const uint8_t *p, uint32_t n,
                                                             __m512i first, __m512i second,
                                                             const struct groups *t,
                                                             uint32_t n_masks)
{
    __m512i v = _mm512_and_si512(groups_of(&t[0], first), groups_of(&t[1], second));
    v = _mm512_and_si512(v, groups_of(&t[2], load(p, 2, n)));
    if (n_masks > 3)
        v = _mm512_and_si512(v, groups_of(&t[3], load(p, 3, n)));
    return _mm512_test_epi8_mask(v, v) & _bzhi_u64(~UINT64_C(0), n > 3 ? n - 3 : 0);
}

/* Up to 64 places from `at` on, where there are n bytes or more. False: an escape hides a
 * character. */
static inline __attribute__((always_inline)) bool
step(struct srt_gram_scan *s, uint32_t at, uint32_t n, const struct groups *t, uint32_t n_masks)
{
    const uint8_t *p = s->p + at;
    const __m512i first = load(p, 0, n), second = load(p, 1, n);
    const uint64_t maybe = places(p, n, first, second, t, n_masks);
    if (s->may_hide && hides_in(p, s->n - at, suspects(first, second)))
        return false;
    ask_all(s, at, maybe);
    return true;
}

/* All places that have four bytes. Called with a constant n_masks. */
static inline __attribute__((always_inline)) bool scan_by(struct srt_gram_scan *s,
                                                          const struct groups *t, uint32_t n_masks)
{
    uint32_t at = 0;
    for (; at + WIDTH + 3 <= s->n; at += WIDTH)
        if (!step(s, at, WIDTH + 3, t, n_masks))
            return false;
    for (; at < s->n; at += WIDTH)
        if (!step(s, at, s->n - at, t, n_masks))
            return false;
    return true;
}

static inline __attribute__((always_inline)) bool scan_of(struct srt_gram_scan *s, uint32_t n_masks)
{
    struct groups t[SIGMATON_GRAM_MASKS_MAX];
    load_groups(t, (const uint8_t *)s->g + s->g->masks_off, n_masks);
    return scan_by(s, t, n_masks);
}

static bool run(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n, bool raw, bool plain,
                srt_grams_mark mark, void *ctx)
{
    struct srt_gram_scan s; /* not cleared: it is large */
    s.g = g;
    s.p = p;
    s.n = n;
    s.raw = raw;
    s.may_hide = raw && !plain;
    s.mark = mark;
    s.ctx = ctx;
    if (g->n_shorts > 0)
        srt_gram_shorts_avx512(&s);
    const bool more = srt_gram_begin(&s);
    if (!more || g->n_masks == 0) {
        if (s.may_hide && hides(p, n))
            return false;
        if (more)
            srt_gram_walk_avx512(&s);
    } else if (!(g->n_masks == 3 ? scan_of(&s, 3) : scan_of(&s, 4))) {
        return false;
    }
    if (more)
        srt_gram_end(&s);
    return true;
}

void srt_grams_scan_avx512(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n,
                           srt_grams_mark mark, void *ctx)
{
    (void)run(g, p, n, false, true, mark, ctx);
}

bool srt_grams_raw_avx512(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n, bool plain,
                          srt_grams_mark mark, void *ctx)
{
    return run(g, p, n, true, plain, mark, ctx);
}

/* A value that has none of the texts, as nearly all, costs no more than its masks; where texts are
 * of fewer than four bytes there is more to do. */
static inline __attribute__((always_inline)) void
leaf_scan(struct srt_gram_scan *s, const struct groups *t, uint32_t n_masks)
{
    const uint8_t *p = s->p;
    const uint32_t n = s->n;
    bool begun = false;
    for (uint32_t at = 0; n >= s->g->min_len && at + 4 <= n; at += WIDTH) {
        const uint32_t left = n - at, some = left < WIDTH + 3 ? left : WIDTH + 3;
        const uint64_t maybe =
            places(p + at, some, load(p + at, 0, some), load(p + at, 1, some), t, n_masks);
        if (maybe == 0)
            continue;
        if (!begun && !srt_gram_begin(s))
            return;
        begun = true;
        ask_all(s, at, maybe);
    }
}

static inline __attribute__((always_inline)) void
leaves_of(struct srt_gram_scan *s, const struct sigmaton_slot *leaves, uint32_t n, uint32_t n_masks)
{
    const bool has_short = s->g->n_shorts > 0 || s->g->min_len < 4;
    struct groups t[SIGMATON_GRAM_MASKS_MAX];
    load_groups(t, (const uint8_t *)s->g + s->g->masks_off, n_masks);
    for (uint32_t i = 0; i < n; i++) {
        if ((leaves[i].kind & SIGMATON_SCALAR) == 0)
            continue;
        s->p = leaves[i].at.text;
        s->n = leaves[i].len;
        if (!has_short) {
            leaf_scan(s, t, n_masks);
            continue;
        }
        srt_gram_shorts_avx512(s);
        if (srt_gram_begin(s)) {
            scan_by(s, t, n_masks);
            srt_gram_end(s);
        }
    }
}

void srt_grams_leaves_avx512(const struct sigmaton_grams *g, const struct sigmaton_slot *leaves,
                             uint32_t n, srt_grams_mark mark, void *ctx)
{
    struct srt_gram_scan s;
    s.g = g;
    s.raw = s.may_hide = false;
    s.mark = mark;
    s.ctx = ctx;
    if (g->n_masks == 3)
        leaves_of(&s, leaves, n, 3);
    else if (g->n_masks > 3)
        leaves_of(&s, leaves, n, 4);
    else
        for (uint32_t i = 0; i < n; i++)
            if ((leaves[i].kind & SIGMATON_SCALAR) != 0)
                srt_grams_scan_avx512(g, leaves[i].at.text, leaves[i].len, mark, ctx);
}

bool srt_masks_avx512(const uint8_t *masks, const uint8_t *p, uint32_t n, srt_seek_try *try,
                      void *ctx)
{
    struct groups t[SRT_SEEK_MASKS];
    load_groups(t, masks, SRT_SEEK_MASKS);
    for (uint32_t at = 0; at < n; at += WIDTH) {
        const uint32_t left = n - at, some = left < WIDTH + 2 ? left : WIDTH + 2;
        const __m512i v = _mm512_and_si512(groups_of(&t[0], load(p + at, 0, some)),
                                           groups_of(&t[1], load(p + at, 1, some)));
        uint64_t maybe = _mm512_test_epi8_mask(v, groups_of(&t[2], load(p + at, 2, some))) &
                         _bzhi_u64(~UINT64_C(0), some);
        for (; maybe != 0; maybe &= maybe - 1)
            if (try(ctx, at + (uint32_t)__builtin_ctzll(maybe)))
                return true;
    }
    return false;
}
