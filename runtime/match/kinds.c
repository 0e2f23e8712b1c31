#include "kinds.h"

#include "leaf.h"
#include "text.h"

int32_t srt_any(const struct sigmaton_slot *s)
{
    SRT_ANY_TEXT_LEAF(s, leaf, 1);
}

int32_t srt_null(const struct sigmaton_slot *s)
{
    const struct srt_leaves leaves = srt_leaves(s);
    if (s->kind == SIGMATON_ABSENT)
        return 1;
    for (uint32_t i = 0; i < leaves.n; i++)
        if (leaves.v[i].kind == SIGMATON_NULL)
            return 1;
    return 0;
}

static int32_t leaf_is(const struct sigmaton_slot *leaf, uint32_t value)
{
    static const uint8_t words[2][5] = {"false", "true"};
    if (leaf->kind == SIGMATON_BOOL)
        return (leaf->number != 0) == (value != 0);
    return leaf->kind == SIGMATON_TEXT &&
           srt_text_eq(leaf->at.text, leaf->len, words[value != 0], value ? 4 : 5, SIGMATON_ASCII);
}

int32_t srt_boolean(const struct sigmaton_slot *s, uint32_t value)
{
    SRT_ANY_TEXT_LEAF(s, leaf, leaf_is(leaf, value));
}
