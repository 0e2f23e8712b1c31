#include <string.h>

#include "leaf_number.h"
#include "match.h"

static bool equal_at(struct points text, size_t at, struct points affix)
{
    return affix.n == 0 || memcmp(text.v + at, affix.v, affix.n * sizeof *affix.v) == 0;
}

static bool holds_affix(struct points text, enum affix how, struct points affix)
{
    if (affix.n > text.n)
        return false;
    switch (how) {
    case AFFIX_WHOLE:
        return affix.n == text.n && equal_at(text, 0, affix);
    case AFFIX_PREFIX:
        return equal_at(text, 0, affix);
    case AFFIX_SUFFIX:
        return equal_at(text, text.n - affix.n, affix);
    case AFFIX_INSIDE:
        for (size_t at = 0; at + affix.n <= text.n; at++)
            if (equal_at(text, at, affix))
                return true;
        return false;
    }
    return false;
}

bool leaves_agree(const struct view *v, struct leaf *leaf, struct leaf *other,
                  const struct value *wanted)
{
    if (!leaf->has_text || !other->has_text)
        return false;
    bool both_strings = leaf->json->kind == JSON_STRING && other->json->kind == JSON_STRING;
    if (wanted->affix == AFFIX_WHOLE && leaf->has_number && other->has_number && !both_strings)
        return leaf_number_order(leaf->number, other->number) == 0;
    return holds_affix(view_points(v, leaf, !wanted->cased), wanted->affix,
                       view_points(v, other, !wanted->cased));
}
