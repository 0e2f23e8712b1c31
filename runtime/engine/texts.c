#include "texts.h"

void srt_texts_cut(struct srt_texts *texts, size_t n_max, struct srt_cutter *cutter)
{
    size_t n_buckets = 16;
    while (n_buckets / 4 < n_max && n_buckets <= UINT32_MAX / 2)
        n_buckets *= 2;
    *texts = (struct srt_texts){.mask = (uint32_t)(n_buckets - 1)};
    texts->texts = srt_cut(cutter, n_max, sizeof *texts->texts);
    texts->buckets = srt_cut(cutter, n_buckets, sizeof *texts->buckets);
}

uint32_t *srt_texts_put(struct srt_texts *texts, enum srt_space space, const uint8_t *p,
                        uint32_t len)
{
    struct srt_text *t = srt_texts_find(texts, space, p, len);
    if (t == NULL) {
        uint32_t *bucket = &texts->buckets[srt_text_hash(space, p, len) & texts->mask];
        t = &texts->texts[texts->n++];
        *t = (struct srt_text){.p = p, .len = len, .space = space, .next = *bucket};
        *bucket = texts->n;
    }
    return &t->value;
}
