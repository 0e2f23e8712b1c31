/* Texts of a pack to numbers, ASCII case ignored: names of log sources, channels, providers.
 *
 *     *srt_texts_put(&texts, SRT_SPACE_CHANNEL, p, len) = row + 1;
 *     if ((value = srt_texts_get(&texts, SRT_SPACE_CHANNEL, p, len)) != 0) ...
 *
 * Texts are kept until the map is gone. Safe from any thread once filled.
 */
#ifndef SRT_TEXTS_H
#define SRT_TEXTS_H

#include "cut.h"

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

/* Cuts room for n_max texts out of zeroed memory; call it twice, see cut.h. */
void srt_texts_cut(struct srt_texts *texts, size_t n_max, struct srt_cutter *cutter);
/* The value of a text, 0 when it is new. Start-up only. */
uint32_t *srt_texts_put(struct srt_texts *texts, enum srt_space space, const uint8_t *p,
                        uint32_t len);
/* The value of a text, or 0. */
uint32_t srt_texts_get(const struct srt_texts *texts, enum srt_space space, const uint8_t *p,
                       uint32_t len);

#endif
