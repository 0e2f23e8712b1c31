/* The scalars of a slot: itself, or the leaves of its list. */
#ifndef SRT_LEAF_H
#define SRT_LEAF_H

#include <sigmaton/pack.h>

struct srt_leaves {
    const struct sigmaton_slot *v;
    uint32_t n;
};

static inline struct srt_leaves srt_leaves(const struct sigmaton_slot *s)
{
    if (s->kind == SIGMATON_LIST)
        return (struct srt_leaves){s->at.leaves, s->len};
    return (struct srt_leaves){s, 1};
}

/* Body of a kernel: 1 when `holds` (an expression over `leaf`) is true for any leaf that has text.
 */
#define SRT_ANY_TEXT_LEAF(s, leaf, holds)                                                 \
    do {                                                                                  \
        const struct srt_leaves leaves_ = srt_leaves(s);                                  \
        for (const struct sigmaton_slot *leaf = leaves_.v, *end_ = leaves_.v + leaves_.n; \
             leaf != end_; leaf++)                                                        \
            if ((leaf->kind & SIGMATON_SCALAR) != 0 && (holds))                           \
                return 1;                                                                 \
        return 0;                                                                         \
    } while (0)

#endif
