#include "line.h"

#include "gram_verify.h"

bool srt_line_ask(struct srt_line *line, const struct sigmaton_grams *g, const uint8_t *p,
                  uint32_t n, srt_grams_mark mark, void *ctx)
{
    const bool known = line->seen && line->grams == g && line->n < SRT_LINE_BLOCKS;
    line->grams = srt_gram_masks_suffice(g) ? g : NULL;
    if (!known)
        return false;
    struct srt_gram_scan s;
    srt_gram_take(&s, g, p, n, true, mark, ctx);
    if (line->n == 0 || !srt_gram_begin(&s))
        return true;
    for (uint32_t i = 0; i < line->n; i++)
        for (uint64_t left = line->blocks[i].places; left != 0; left &= left - 1) {
            const uint32_t at = line->blocks[i].at + (uint32_t)__builtin_ctzll(left);
            if (at + 4 <= n)
                srt_gram_ask(&s, at, srt_gram_load(p + at));
        }
    return true;
}
