/* Sixty-four bytes at once; compiled with -mavx512bw -mavx512vbmi -mavx512vbmi2 -mbmi -mbmi2. */
#include "scan.h"

#include <immintrin.h>

#include "gram_groups.h"

#define WIDTH 64 /* bytes of a block, at every level */
#define QUOTES srt_scan_quotes_avx512
#define LOOK srt_scan_look_avx512

struct block {
    __m512i v;
};

static inline struct block block_load(const uint8_t *p)
{
    return (struct block){_mm512_loadu_si512(p)};
}

static inline uint64_t block_equal(struct block b, uint8_t c)
{
    return _mm512_cmpeq_epi8_mask(b.v, _mm512_set1_epi8((char)c));
}

/* Bytes above 0x7f. */
static inline uint64_t block_wide(struct block b)
{
    return _mm512_movepi8_mask(b.v);
}

/* Bytes below 0x20 or above 0x7f: as signed bytes, all that is less than 0x20. */
static inline uint64_t block_odd(struct block b)
{
    return _mm512_cmplt_epi8_mask(b.v, _mm512_set1_epi8(0x20));
}

/* Bytes that are an escape behind a backslash, but u: by high and low half, one bit a row. */
static inline uint64_t block_short_escapes(struct block b)
{
    const __m512i high =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 0, 1, 0, 0, 8, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m512i low =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 0, 7, 0, 4, 0, 2, 0, 0, 0, 0, 0, 8, 0, 2, 1));
    const __m512i half = _mm512_set1_epi8(0x0f);
    return _mm512_test_epi8_mask(
        _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16(b.v, 4), half)),
        _mm512_shuffle_epi8(low, _mm512_and_si512(b.v, half)));
}

/* Of bytes within ASCII those that are an escape behind a backslash and a letter, but u. */
#define BLOCK_LETTERS
static inline uint64_t block_letters(struct block b)
{
    static const uint8_t small[64] __attribute__((aligned(64))) = {['b' - 64] = 0x80,
                                                                   ['f' - 64] = 0x80,
                                                                   ['n' - 64] = 0x80,
                                                                   ['r' - 64] = 0x80,
                                                                   ['t' - 64] = 0x80};
    return _mm512_movepi8_mask(
        _mm512_permutex2var_epi8(_mm512_setzero_si512(), b.v, _mm512_load_si512(small)));
}

/* Whether the bytes beyond ASCII are characters of two bytes, whole ones: of European scripts, and
 * the signs of trade marks that versions of Windows' programs have. */
#define BLOCK_PAIRS
static inline bool block_pairs(struct block b, uint64_t wide)
{
    const uint64_t first = _mm512_cmplt_epu8_mask(
        _mm512_sub_epi8(b.v, _mm512_set1_epi8((char)0xc2)), _mm512_set1_epi8(0xe0 - 0xc2));
    const uint64_t second = wide & _mm512_cmplt_epu8_mask(b.v, _mm512_set1_epi8((char)0xc0));
    return first << 1 == second && (first | second) == wide && first >> 63 == 0;
}

static inline __m512i numbers(void)
{
    static const uint8_t v[64] __attribute__((aligned(64))) = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    return _mm512_load_si512(v);
}

/* Sixteen at a time, some of them for nothing. */
static inline uint32_t *places_put(uint32_t *to, uint64_t bits, uint32_t base)
{
    const int n = __builtin_popcountll(bits);
    const __m512i from = _mm512_set1_epi32((int)base);
    __m512i places = _mm512_maskz_compress_epi8(bits, numbers());
    for (int i = 0;; places = _mm512_alignr_epi64(places, places, 2)) {
        _mm512_storeu_si512(
            to + i, _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(places)), from));
        if (__builtin_expect((i += 16) >= n, 1))
            return to + n;
    }
}

/* Of two blocks at once: whether either has bits; whether either has bytes that are block_odd. */
#define TWO_BLOCKS
static inline bool two_any(uint64_t a, uint64_t b)
{
    return !_kortestz_mask64_u8(a, b);
}

static inline bool two_odd(struct block a, struct block b)
{
    return _mm512_cmplt_epi8_mask(_mm512_min_epi8(a.v, b.v), _mm512_set1_epi8(0x20)) != 0;
}

/* Windows of four bytes: three bytes behind a block belong to its last ones. */
#define SEARCHES
#define SEARCH_AHEAD 3
struct search {
    struct groups groups[SIGMATON_GRAM_MASKS_MAX];
    struct srt_line *line;
    uint32_t n;
};

static inline uint32_t search_masks(const struct srt_scan *s)
{
    return s->search != NULL ? s->search->grams->n_masks : 0;
}

static inline struct search search_begin(const struct srt_scan *s, uint32_t n_masks)
{
    struct search to;
    to.line = s->search;
    to.n = n_masks > 0 ? to.line->n : 0;
    if (n_masks > 0)
        load_groups(to.groups, (const uint8_t *)to.line->grams + to.line->grams->masks_off,
                    n_masks);
    return to;
}

/* The 64 bytes from p + by on, of which, from p on, `left` may be read. */
static inline __m512i ahead(const uint8_t *p, size_t left, uint32_t by)
{
    if (left >= WIDTH + SEARCH_AHEAD)
        return _mm512_loadu_si512(p + by);
    return _mm512_maskz_loadu_epi8(left > by ? _bzhi_u64(~UINT64_C(0), (uint32_t)left - by) : 0,
                                   p + by);
}

static inline uint64_t search_places(const struct search *to, uint32_t n_masks, struct block b,
                                     const uint8_t *p, size_t left)
{
    if (n_masks == 0)
        return 0;
    const __m512i v[4] = {b.v, ahead(p, left, 1), ahead(p, left, 2),
                          n_masks > 3 ? ahead(p, left, 3) : b.v};
    return groups_meet(to->groups, n_masks, v);
}

static inline void search_note(struct search *to, uint64_t places, uint32_t at)
{
    if (__builtin_expect(places != 0, 0)) {
        to->line->blocks[to->n].places = places;
        to->line->blocks[to->n].at = at;
        to->n += to->n < SRT_LINE_BLOCKS;
    }
}

static inline void search_end(const struct search *from, uint32_t n_masks)
{
    if (n_masks > 0)
        from->line->n = from->n;
}

#include "scan_quotes.h"
