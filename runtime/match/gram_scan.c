#include "gram_scan.h"

#include <string.h>

#include "gram_verify.h"

/* Texts of one byte: rare, and mostly there when asked for. */
static void scan_bytes(const struct srt_gram_scan *s)
{
    const struct sigmaton_gram_byte *bytes =
        (const struct sigmaton_gram_byte *)(const void *)((const uint8_t *)s->g + s->g->bytes_off);
    for (uint32_t i = 0; i < s->g->n_bytes; i++)
        if (memchr(s->p, bytes[i].byte, s->n) != NULL ||
            (bytes[i].other != bytes[i].byte && memchr(s->p, bytes[i].other, s->n) != NULL))
            s->mark(s->ctx, bytes[i].id);
}

bool srt_gram_begin(struct srt_gram_scan *s, const struct sigmaton_grams *g, const uint8_t *p,
                    uint32_t n, srt_grams_mark mark, void *ctx)
{
    s->g = g;
    s->words = (const uint32_t *)(const void *)((const uint8_t *)g + g->words_off);
    s->p = p;
    s->n = n;
    s->shift = 32 - g->word_bits;
    s->has_done = s->has_spent = false;
    s->work = (uint64_t)n * SRT_GRAMS_WORK_PER_BYTE + SRT_GRAMS_WORK_BASE;
    s->mark = mark;
    s->ctx = ctx;
    if (n > 0 && g->n_bytes > 0)
        scan_bytes(s);
    return n >= g->min_len && g->n_entries > 0;
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

srt_grams_scan_fn *srt_grams_scan_at(enum srt_simd level)
{
    switch (level) {
#if defined(__x86_64__)
    case SRT_SIMD_SSE42:
        return srt_grams_scan_sse42;
    case SRT_SIMD_AVX2:
        return srt_grams_scan_avx2;
#endif
#if defined(__aarch64__)
    case SRT_SIMD_NEON:
        return srt_grams_scan_neon;
#endif
    default:
        return srt_grams_scan;
    }
}
