/* Sixty-four places at a time by the masks; compiled with -mavx512f -mavx512bw -mavx512vl
 * -mavx512vbmi -mavx512vbmi2 and what AVX2 asks. The last places, and values that are shorter, are
 * loaded under a mask, which reads nothing behind them. Without masks see gram_filter_avx512.c. */
#include <immintrin.h>

#include "glance_avx512.h"
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

/* A block of a value that has places. They are noted, so that no call is in the loop over the
 * blocks and what it compares with stays in registers. */
struct noted {
    uint64_t places; /* bit i: the window at `at` + i may stand there */
    uint32_t leaf, at;
};
#define NOTED 32u

/* Where the search goes on: a leaf, and a place in it. */
struct cursor {
    uint32_t leaf, at;
};

/* Places that have four bytes, of leaves[n] from *c on, until NOTED blocks have some. How many
 * blocks that are; c->leaf is n when that was all. Called with a constant n_masks. */
static inline __attribute__((always_inline)) uint32_t note(const struct sigmaton_slot *leaves,
                                                           uint32_t n, uint32_t min_len,
                                                           const struct groups *t, uint32_t n_masks,
                                                           struct cursor *c, struct noted *to)
{
    const __m512i next[4] = {srt_bytes_from(0), srt_bytes_from(1), srt_bytes_from(2),
                             srt_bytes_from(3)};
    uint32_t n_noted = 0, leaf = c->leaf, at = c->at;
    for (; leaf < n; leaf++, at = 0) {
        const uint8_t *p = leaves[leaf].at.text;
        const uint32_t len = leaves[leaf].len;
        if ((leaves[leaf].kind & SIGMATON_SCALAR) == 0 || len < min_len)
            continue;
        while (at + 4 <= len && n_noted < NOTED) {
            const uint32_t left = len - at, begin = at;
            __m512i v[4];
            uint64_t inside = ~UINT64_C(0);
            if (left >= WIDTH + 3) {
                for (uint32_t i = 0; i < n_masks; i++)
                    v[i] = _mm512_loadu_si512(p + at + i);
                at += WIDTH;
            } else { /* the last 64 bytes, of which three are seen again if more are behind */
                inside = _bzhi_u64(inside, left < WIDTH ? left : WIDTH);
                v[0] = _mm512_maskz_loadu_epi8(inside, p + at);
                for (uint32_t i = 1; i < n_masks; i++)
                    v[i] = _mm512_permutexvar_epi8(next[i], v[0]);
                inside >>= 3;
                at += WIDTH - 3;
            }
            const uint64_t places = groups_meet(t, n_masks, v) & inside;
            if (__builtin_expect(places != 0, 0))
                to[n_noted++] = (struct noted){places, leaf, begin};
        }
        if (n_noted == NOTED)
            break;
    }
    *c = (struct cursor){leaf, at};
    return n_noted;
}

/* What is noted, asked; *begun: the leaf whose scan has begun. */
static void noted_ask(struct srt_gram_scan *s, const struct sigmaton_slot *leaves,
                      const struct noted *v, uint32_t n, uint32_t *begun)
{
    for (uint32_t i = 0; i < n; i++) {
        if (v[i].leaf != *begun) {
            *begun = v[i].leaf;
            s->p = leaves[*begun].at.text;
            s->n = leaves[*begun].len;
            (void)srt_gram_begin(s); /* a leaf of at least min_len bytes, and a text */
        }
        srt_gram_ask_places(s, v[i].at, v[i].places);
    }
}

static inline __attribute__((always_inline)) void scan_of(struct srt_gram_scan *s,
                                                          const struct sigmaton_slot *leaves,
                                                          uint32_t n, uint32_t begun,
                                                          uint32_t n_masks)
{
    struct noted noted[NOTED];
    for (struct cursor c = {0, 0}; c.leaf < n;) {
        struct groups t[SIGMATON_GRAM_MASKS_MAX];
        load_groups(t, (const uint8_t *)s->g + s->g->masks_off, n_masks);
        const uint32_t n_noted = note(leaves, n, s->g->min_len, t, n_masks, &c, noted);
        noted_ask(s, leaves, noted, n_noted, &begun);
    }
}

/* All places that have four bytes. begun: the leaf whose scan has begun; UINT32_MAX: none. */
static void scan(struct srt_gram_scan *s, const struct sigmaton_slot *leaves, uint32_t n,
                 uint32_t begun)
{
    if (s->g->n_masks == 3)
        scan_of(s, leaves, n, begun, 3);
    else
        scan_of(s, leaves, n, begun, 4);
}

static bool run(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n, bool raw, bool plain,
                srt_grams_mark mark, void *ctx)
{
    struct srt_gram_scan s;
    srt_gram_take(&s, g, p, n, raw, mark, ctx);
    s.may_hide = raw && !plain;
    if (g->n_shorts > 0)
        srt_gram_shorts_avx512(&s);
    const bool more = srt_gram_begin(&s);
    if (s.may_hide && hides(p, n))
        return false;
    if (more && g->n_masks == 0) {
        srt_gram_walk_avx512(&s);
    } else if (more && n <= WIDTH) {
        const __m512i v = _mm512_maskz_loadu_epi8(_bzhi_u64(~UINT64_C(0), n), p);
        srt_gram_ask_places(&s, 0, srt_places_of_few(g, v, n));
    } else if (more) {
        const struct sigmaton_slot value = {.at.text = p, .len = n, .kind = SIGMATON_TEXT};
        scan(&s, &value, 1, 0);
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

void srt_grams_leaves_avx512(const struct sigmaton_grams *g, const struct sigmaton_slot *leaves,
                             uint32_t n, srt_grams_mark mark, void *ctx)
{
    if (srt_gram_masks_suffice(g)) {
        struct srt_gram_scan s;
        srt_gram_take(&s, g, NULL, 0, false, mark, ctx);
        scan(&s, leaves, n, UINT32_MAX);
        return;
    }
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
