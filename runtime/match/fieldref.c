#include "fieldref.h"

#include <stdbool.h>

#include "leaf.h"
#include "number.h"
#include "text.h"

/* Event text is not folded, so the flags say at most CASED: the kernels then fold both sides. */
static bool texts_hold(const struct sigmaton_slot *a, const struct sigmaton_slot *b, uint32_t affix,
                       uint32_t flags)
{
    switch (affix) {
    case SIGMATON_WHOLE:
        return srt_text_eq(a->at.text, a->len, b->at.text, b->len, flags);
    case SIGMATON_PREFIX:
        return srt_text_prefix(a->at.text, a->len, b->at.text, b->len, flags);
    case SIGMATON_SUFFIX:
        return srt_text_suffix(a->at.text, a->len, b->at.text, b->len, flags);
    case SIGMATON_INSIDE:
        return srt_text_find(a->at.text, a->len, b->at.text, b->len, flags, NULL);
    default:
        return false;
    }
}

static bool any_holds(const struct sigmaton_slot *a, struct srt_leaves others, uint32_t affix,
                      uint32_t flags)
{
    struct srt_number x, y;
    const bool numeric = affix == SIGMATON_WHOLE && srt_number_of(a, &x);
    for (uint32_t i = 0; i < others.n; i++) {
        const struct sigmaton_slot *b = &others.v[i];
        if ((b->kind & SIGMATON_SCALAR) == 0)
            continue;
        const bool both_texts = a->kind == SIGMATON_TEXT && b->kind == SIGMATON_TEXT;
        const bool holds = numeric && !both_texts && srt_number_of(b, &y)
                               ? srt_number_compare(x, y) == 0
                               : texts_hold(a, b, affix, flags);
        if (holds)
            return true;
    }
    return false;
}

int32_t srt_fieldref(const struct sigmaton_slot *s, const struct sigmaton_slot *other,
                     uint32_t affix, uint32_t flags)
{
    const struct srt_leaves others = srt_leaves(other);
    SRT_ANY_TEXT_LEAF(s, leaf, any_holds(leaf, others, affix, flags & SIGMATON_CASED));
}
