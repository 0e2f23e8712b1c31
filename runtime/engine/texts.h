/* Texts of a pack to numbers, ASCII case ignored: names of log sources, channels, providers.
 *
 *     *srt_texts_put(&texts, SRT_SPACE_CHANNEL, p, len) = row + 1;
 *     if ((value = srt_texts_get(&texts, SRT_SPACE_CHANNEL, p, len)) != 0) ...
 *
 * Texts are kept until the map is gone. Safe from any thread once filled.
 */
#ifndef SRT_TEXTS_H
#define SRT_TEXTS_H

#include "ascii.h"
#include "cut.h"
#include "slot_names.h"

/* Equal texts in different spaces are different. The dimensions come first and in this order. */
enum srt_space {
    SRT_SPACE_PRODUCT,
    SRT_SPACE_CATEGORY,
    SRT_SPACE_SERVICE,
    SRT_SPACE_CHANNEL,
    SRT_SPACE_PROVIDER,
};
#define SRT_DIMENSIONS 3

struct srt_text {
    const uint8_t *p;
    uint32_t len, space, value;
    uint32_t next; /* in the bucket: index + 1, or 0 */
};

struct srt_texts {
    struct srt_text *texts;
    uint32_t *buckets; /* index + 1 into texts, or 0 */
    uint32_t n, mask;
};

/* Eight bytes, ASCII letters without case, others perhaps mixed up. */
static inline uint64_t srt_text_word(const uint8_t *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w | UINT64_C(0x2020202020202020);
}

/* Its length, its middle and its end tell a text well enough. */
static inline uint32_t srt_text_hash(uint32_t space, const uint8_t *p, uint32_t len)
{
    uint64_t h = (uint64_t)space << 32 | len;
    if (len < 8)
        return (uint32_t)(sigmaton_index_mix(h, sigmaton_index_word(p, len)) >> 32);
    h = sigmaton_index_mix(h, srt_text_word(p + (len - 8) / 2));
    return (uint32_t)(sigmaton_index_mix(h, srt_text_word(p + len - 8)) >> 32);
}

static inline struct srt_text *srt_texts_find(const struct srt_texts *texts, enum srt_space space,
                                              const uint8_t *p, uint32_t len)
{
    const uint32_t bucket = srt_text_hash(space, p, len) & texts->mask;
    for (uint32_t i = texts->buckets[bucket]; i != 0; i = texts->texts[i - 1].next) {
        struct srt_text *t = &texts->texts[i - 1];
        if (t->space == space && srt_ascii_equal(t->p, t->len, p, len))
            return t;
    }
    return NULL;
}

/* Cuts room for n_max texts out of zeroed memory; call it twice, see cut.h. */
void srt_texts_cut(struct srt_texts *texts, size_t n_max, struct srt_cutter *cutter);
/* The value of a text, 0 when it is new. Start-up only. */
uint32_t *srt_texts_put(struct srt_texts *texts, enum srt_space space, const uint8_t *p,
                        uint32_t len);
/* The value of a text, or 0. In line: every event's channel comes by. */
static inline uint32_t srt_texts_get(const struct srt_texts *texts, enum srt_space space,
                                     const uint8_t *p, uint32_t len)
{
    const struct srt_text *t = srt_texts_find(texts, space, p, len);
    return t != NULL ? t->value : 0;
}

#endif
