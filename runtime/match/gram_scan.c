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

/* The last places, where fewer than four bytes are left: texts of two and three bytes stand there
 * with zeros behind them. */
static void scan_end(struct srt_gram_scan *s)
{
    for (uint32_t at = s->n < 4 ? 0 : s->n - 3; at + 2 <= s->n; at++) {
        uint32_t v = 0;
        for (uint32_t i = at; i < s->n; i++)
            v |= (uint32_t)s->p[i] << (i - at) * 8;
        srt_gram_ask(s, at, v);
    }
}

void srt_grams_scan(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n,
                    srt_grams_mark mark, void *ctx)
{
    struct srt_gram_scan s;
    s.g = g;
    s.words = (const uint32_t *)(const void *)((const uint8_t *)g + g->words_off);
    s.p = p;
    s.n = n;
    s.has_done = s.has_spent = false;
    s.work = (uint64_t)n * SRT_GRAMS_WORK_PER_BYTE + SRT_GRAMS_WORK_BASE;
    s.mark = mark;
    s.ctx = ctx;
    if (n > 0)
        scan_bytes(&s);
    if (n < g->min_len)
        return;
    for (uint32_t at = 0; at + 4 <= n; at++)
        srt_gram_ask(&s, at, srt_gram_load(p + at));
    if (g->min_len < 4)
        scan_end(&s);
}
