/* The two ways into a level's scan. Its file has defined SCAN and RAW, their names, walk, which
 * asks about all places that have four bytes, and hides, which looks for srt_gram_hides. */

static inline void run(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n, bool raw,
                       srt_grams_mark mark, void *ctx)
{
    struct srt_gram_scan s;
    srt_gram_take(&s, g, p, n, raw, mark, ctx);
    srt_gram_shorts(&s);
    if (!srt_gram_begin(&s))
        return;
    walk(&s);
    srt_gram_end(&s);
}

void SCAN(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n, srt_grams_mark mark,
          void *ctx)
{
    run(g, p, n, false, mark, ctx);
}

bool RAW(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n, bool plain,
         srt_grams_mark mark, void *ctx)
{
    if (!plain && hides(p, n))
        return false;
    run(g, p, n, true, mark, ctx);
    return true;
}
