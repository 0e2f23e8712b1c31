#include "gram_scan.h"

#include <string.h>

#include "gram_verify.h"

/* Texts of one byte: rare, and mostly there when asked for. In JSON a control character is some
 * escape. */
static void scan_bytes(const struct srt_gram_scan *s)
{
    const struct sigmaton_gram_byte *bytes =
        (const struct sigmaton_gram_byte *)(const void *)((const uint8_t *)s->g + s->g->bytes_off);
    for (uint32_t i = 0; i < s->g->n_bytes; i++) {
        const int byte = s->raw && bytes[i].byte < 0x20 ? '\\' : bytes[i].byte;
        if (memchr(s->p, byte, s->n) != NULL ||
            (bytes[i].other != bytes[i].byte && memchr(s->p, bytes[i].other, s->n) != NULL))
            s->mark(s->ctx, bytes[i].id);
    }
}

bool srt_gram_begin(struct srt_gram_scan *s)
{
    s->words = (const uint32_t *)(const void *)((const uint8_t *)s->g + s->g->words_off);
    s->shift = 32 - s->g->word_bits;
    s->has_done = s->has_spent = false;
    s->work = (uint64_t)s->n * SRT_GRAMS_WORK_PER_BYTE + SRT_GRAMS_WORK_BASE;
    if (s->n > 0 && s->g->n_bytes > 0)
        scan_bytes(s);
    return s->n >= s->g->min_len && s->g->n_entries > 0;
}

/* Texts of two and three bytes stand there, zeros behind them. */
void srt_gram_end(struct srt_gram_scan *s)
{
    if (s->g->min_len >= 4)
        return;
    for (uint32_t at = s->n < 4 ? 0 : s->n - 3; at + 2 <= s->n; at++) {
        uint32_t v = 0;
        for (uint32_t i = at; i < s->n; i++)
            v |= (uint32_t)s->p[i] << (i - at) * 8;
        srt_gram_ask(s, at, v);
    }
}

#if defined(__x86_64__)
#define LEVELS \
    LEVEL(SRT_SIMD_SSE42, sse42) LEVEL(SRT_SIMD_AVX2, avx2) LEVEL(SRT_SIMD_AVX512, avx512)
#elif defined(__aarch64__)
#define LEVELS LEVEL(SRT_SIMD_NEON, neon)
#else
#define LEVELS
#endif

srt_grams_scan_fn *srt_grams_scan_at(enum srt_simd level)
{
    (void)level; /* where there is only the plain one */
#define LEVEL(value, name) \
    if (level == value)    \
        return srt_grams_scan_##name;
    LEVELS
#undef LEVEL
    return srt_grams_scan;
}

srt_grams_raw_fn *srt_grams_raw_at(enum srt_simd level)
{
    (void)level; /* where there is only the plain one */
#define LEVEL(value, name) \
    if (level == value)    \
        return srt_grams_raw_##name;
    LEVELS
#undef LEVEL
    return srt_grams_raw;
}

srt_grams_leaves_fn *srt_grams_leaves_at(enum srt_simd level)
{
#if defined(__x86_64__)
    if (level == SRT_SIMD_AVX512)
        return srt_grams_leaves_avx512;
#endif
    (void)level;
    return NULL;
}
