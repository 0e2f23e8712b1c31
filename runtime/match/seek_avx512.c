/* Sixty-four places at a time; compiled with -mavx512f -mavx512bw and what AVX2 asks. The last
 * places are loaded under a mask, which reads nothing behind them. */
#include <immintrin.h>

#include "seek.h"

static inline uint64_t like(const uint8_t *p, __mmask64 places, __m512i want, __m512i mask)
{
    const __m512i v = _mm512_or_si512(_mm512_maskz_loadu_epi8(places, p), mask);
    return _mm512_mask_cmpeq_epi8_mask(places, v, want);
}

/* One byte, case aside or not, at every place. */
struct wanted {
    __m512i want, mask;
};

static inline __mmask64 all_like(const uint8_t *p, const struct wanted *w)
{
    return _mm512_cmpeq_epi8_mask(_mm512_or_si512(_mm512_loadu_si512(p), w->mask), w->want);
}

/* Over places of which none has both bytes, 128 at once while there are as many: most of a long
 * value. */
static inline const uint8_t *skip(const uint8_t *at, const uint8_t *stop, const struct wanted *a,
                                  const struct wanted *b, size_t a_at, size_t b_at)
{
    for (; stop - at >= 128; at += 128) {
        const __mmask64 low = _kand_mask64(all_like(at + a_at, a), all_like(at + b_at, b)),
                        high =
                            _kand_mask64(all_like(at + a_at + 64, a), all_like(at + b_at + 64, b));
        if (!_kortestz_mask64_u8(low, high))
            break;
    }
    return at;
}

static const uint8_t *pair(const uint8_t *at, const uint8_t *stop, size_t gap, struct srt_look a,
                           struct srt_look b)
{
    const struct wanted first = {_mm512_set1_epi8((char)a.want), _mm512_set1_epi8((char)a.mask)};
    const struct wanted second = {_mm512_set1_epi8((char)b.want), _mm512_set1_epi8((char)b.mask)};
    for (at = skip(at, stop, &first, &second, 0, gap); at < stop; at += 64) {
        const uint32_t n = stop - at < 64 ? (uint32_t)(stop - at) : 64;
        const __mmask64 places = _bzhi_u64(~UINT64_C(0), n);
        const uint64_t found =
            like(at + gap, like(at, places, first.want, first.mask), second.want, second.mask);
        if (found != 0)
            return at + __builtin_ctzll(found);
    }
    return stop;
}

static const uint8_t *find(const uint8_t *at, const uint8_t *stop, const uint8_t *text,
                           uint32_t len, uint32_t first, uint32_t second)
{
    const __mmask64 whole = _bzhi_u64(~UINT64_C(0), len);
    const __m512i want = _mm512_maskz_loadu_epi8(whole, text);
    const __mmask64 letters = _mm512_cmple_epu8_mask(_mm512_sub_epi8(want, _mm512_set1_epi8('a')),
                                                     _mm512_set1_epi8('z' - 'a'));
    const __m512i fold = _mm512_maskz_set1_epi8(letters, 0x20);
    const __m512i place_a = _mm512_set1_epi8((char)first), place_b = _mm512_set1_epi8((char)second);
    const struct wanted a = {_mm512_permutexvar_epi8(place_a, want),
                             _mm512_permutexvar_epi8(place_a, fold)};
    const struct wanted b = {_mm512_permutexvar_epi8(place_b, want),
                             _mm512_permutexvar_epi8(place_b, fold)};
    for (; (at = skip(at, stop, &a, &b, first, second)) < stop; at += 64) {
        const __mmask64 places =
            _bzhi_u64(~UINT64_C(0), stop - at < 64 ? (uint32_t)(stop - at) : 64);
        uint64_t found =
            like(at + second, like(at + first, places, a.want, a.mask), b.want, b.mask);
        for (; found != 0; found &= found - 1) {
            const uint8_t *p = at + __builtin_ctzll(found);
            const __m512i have = _mm512_or_si512(_mm512_maskz_loadu_epi8(whole, p), fold);
            if (_mm512_cmpneq_epi8_mask(have, want) == 0)
                return p;
        }
    }
    return stop;
}

/* The bit of each high half; a byte beyond ASCII is told by its sign. */
#define BITS _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0)

/* The last place waits for the byte behind it, where there is one. */
static const uint8_t *leaving(const uint8_t leaves[32], const uint8_t *p, const uint8_t *end)
{
    const __m512i low = _mm512_broadcast_i32x4(_mm_loadu_si128((const void *)leaves));
    const __m512i next = _mm512_broadcast_i32x4(_mm_loadu_si128((const void *)(leaves + 16)));
    const __m512i high = _mm512_broadcast_i32x4(BITS), half = _mm512_set1_epi8(0x0f);
    for (; p < end; p += 63) {
        const bool last = end - p <= 64;
        const uint32_t n = last ? (uint32_t)(end - p) : 64;
        const __mmask64 places = _bzhi_u64(~UINT64_C(0), n);
        const __m512i v = _mm512_maskz_loadu_epi8(places, p);
        const __m512i low_halves = _mm512_and_si512(v, half);
        const __m512i by_high =
            _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16(v, 4), half));
        const uint64_t wide = _mm512_movepi8_mask(v);
        const uint64_t follows =
            _mm512_test_epi8_mask(_mm512_shuffle_epi8(next, low_halves), by_high) | wide;
        const uint64_t leaves_it =
            _mm512_test_epi8_mask(_mm512_shuffle_epi8(low, low_halves), by_high);
        const uint64_t found =
            ((leaves_it & (follows >> 1 | (uint64_t)last << (n - 1))) | wide) & places;
        if (found != 0)
            return p + __builtin_ctzll(found);
        if (last)
            return end;
    }
    return end;
}

/* The backslashes that begin an escape: of each run of them the first, the third and so on (as
 * simdjson finds them). The first byte is not escaped. */
static uint64_t starts_of(uint64_t slashes)
{
    const uint64_t odd = UINT64_C(0xaaaaaaaaaaaaaaaa);
    return ((((slashes << 1) | odd) - slashes) ^ odd) & slashes;
}

/* What stands for the character behind a backslash: of those from 0x40 on, where the letters are,
 * by their low six bits. */
static inline __m512i escapes_of(__m512i v, uint64_t escaped, __m512i meant)
{
    const __mmask64 high = _mm512_mask_cmpge_epu8_mask(escaped, v, _mm512_set1_epi8(0x40));
    return _mm512_mask_permutexvar_epi8(v, high, v, meant);
}

static struct srt_unescaped unescape(uint8_t *to, const uint8_t *p, const uint8_t *end)
{
    static const uint8_t meanings[64] = {['b' & 63] = '\b', ['f' & 63] = '\f', ['n' & 63] = '\n',
                                         ['r' & 63] = '\r', ['t' & 63] = '\t', ['\\' & 63] = '\\'};
    const __m512i slash = _mm512_set1_epi8('\\'), u = _mm512_set1_epi8('u');
    const __m512i meant = _mm512_loadu_si512(meanings);
    while (p < end) {
        uint64_t all = end - p < 64 ? _bzhi_u64(~UINT64_C(0), (uint32_t)(end - p)) : ~UINT64_C(0);
        const uint8_t *next = end - p < 64 ? end : p + 64;
        __m512i v = _mm512_maskz_loadu_epi8(all, p);
        const uint64_t slashes = _mm512_cmpeq_epi8_mask(v, slash);
        if (slashes == 0) {
            _mm512_mask_storeu_epi8(to, all, v);
            to += next - p;
            p = next;
            continue;
        }
        uint64_t starts = starts_of(slashes);
        const uint64_t long_ones = _mm512_mask_cmpeq_epi8_mask(starts << 1, v, u);
        if (long_ones != 0) {
            const uint32_t n = (uint32_t)__builtin_ctzll(long_ones) - 1;
            all = _bzhi_u64(~UINT64_C(0), n);
            next = p + n;
        } else if (starts >> 63 != 0) { /* its character is in the next block */
            next = p + 63;
        }
        const uint64_t kept = ~starts & all;
        const uint32_t n_kept = (uint32_t)_mm_popcnt_u64(kept);
        v = _mm512_maskz_compress_epi8(kept, escapes_of(v, starts << 1, meant));
        _mm512_mask_storeu_epi8(to, _bzhi_u64(~UINT64_C(0), n_kept), v);
        to += n_kept;
        p = next;
        if (long_ones != 0)
            break;
    }
    return (struct srt_unescaped){to, p};
}

const struct srt_seek srt_seek_avx512 = {pair, leaving, srt_masks_avx512, unescape, find};
