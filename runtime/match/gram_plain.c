/* One place after the other; the masks are not looked at. */
#include "gram_verify.h"

void srt_grams_scan(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n,
                    srt_grams_mark mark, void *ctx)
{
    struct srt_gram_scan s;
    if (!srt_gram_begin(&s, g, p, n, mark, ctx))
        return;
    srt_gram_rest(&s, 0);
    srt_gram_end(&s);
}
