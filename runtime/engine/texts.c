#include "texts.h"

#include <string.h>

#include "ascii.h"
#include "slot_names.h"

static uint64_t word_at(const uint8_t *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w | UINT64_C(0x2020202020202020);
}

/* Every event's channel comes by: words, the last of which may look at some bytes again. */
static uint32_t text_hash(uint32_t space, const uint8_t *p, uint32_t len)
{
    uint64_t h = (uint64_t)space << 32 | len;
    for (uint32_t i = 0; i + 8 < len; i += 8)
        h = sigmaton_index_mix(h, word_at(p + i));
    if (len >= 8)
        h = sigmaton_index_mix(h, word_at(p + len - 8));
    for (uint32_t i = 0; len < 8 && i < len; i++)
        h = sigmaton_index_mix(h, p[i] | 0x20u);
    return (uint32_t)(h ^ h >> 17);
}

void srt_texts_cut(struct srt_texts *texts, size_t n_max, struct srt_cutter *cutter)
{
    size_t n_buckets = 16;
    while (n_buckets < n_max && n_buckets <= UINT32_MAX / 2)
        n_buckets *= 2;
    *texts = (struct srt_texts){.mask = (uint32_t)(n_buckets - 1)};
    texts->texts = srt_cut(cutter, n_max, sizeof *texts->texts);
    texts->buckets = srt_cut(cutter, n_buckets, sizeof *texts->buckets);
}

static struct srt_text *find(const struct srt_texts *texts, uint32_t bucket, uint32_t space,
                             const uint8_t *p, uint32_t len)
{
    for (uint32_t i = texts->buckets[bucket]; i != 0; i = texts->texts[i - 1].next) {
        struct srt_text *t = &texts->texts[i - 1];
        if (t->space == space && srt_ascii_equal(t->p, t->len, p, len))
            return t;
    }
    return NULL;
}

uint32_t *srt_texts_put(struct srt_texts *texts, enum srt_space space, const uint8_t *p,
                        uint32_t len)
{
    uint32_t bucket = text_hash(space, p, len) & texts->mask;
    struct srt_text *t = find(texts, bucket, space, p, len);
    if (t == NULL) {
        t = &texts->texts[texts->n++];
        *t = (struct srt_text){.p = p, .len = len, .space = space, .next = texts->buckets[bucket]};
        texts->buckets[bucket] = texts->n;
    }
    return &t->value;
}

uint32_t srt_texts_get(const struct srt_texts *texts, enum srt_space space, const uint8_t *p,
                       uint32_t len)
{
    const struct srt_text *t = find(texts, text_hash(space, p, len) & texts->mask, space, p, len);
    return t != NULL ? t->value : 0;
}
