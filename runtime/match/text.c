#include "text.h"

#include <string.h>

#include "firsts.h"
#include "leaf.h"
#include "text_units.h"

/* ---- One place ---- */

/* Whether the last eight bytes, both ASCII, are other characters: paths part at their end, and a
 * character folds to one. */
static bool ends_part(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m)
{
    if (n < 8 || m < 8)
        return false;
    uint64_t a, b;
    memcpy(&a, t + n - 8, sizeof a);
    memcpy(&b, p + m - 8, sizeof b);
    return ((a | b) & UINT64_C(0x8080808080808080)) == 0 &&
           srt_fold_word(t + n - 8) != srt_fold_word(p + m - 8);
}

bool srt_text_eq(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags)
{
    if (srt_by_bytes(flags))
        return n == m && srt_bytes_equal(t, p, n, flags);
    if (n == 0 || m == 0)
        return n == m;
    if (ends_part(t, n, p, m))
        return false;
    const uint8_t *end = t + n;
    return srt_skip_units(&t, end, &p, p + m, flags) && t == end;
}

bool srt_text_prefix(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags)
{
    if (srt_by_bytes(flags))
        return m <= n && srt_bytes_equal(t, p, m, flags);
    if (n == 0 || m == 0)
        return m == 0;
    return srt_skip_units(&t, t + n, &p, p + m, flags);
}

bool srt_text_suffix(const uint8_t *t, uint32_t n, const uint8_t *p, uint32_t m, uint32_t flags)
{
    if (n == 0 || m == 0)
        return m == 0;
    if (srt_by_bytes(flags))
        return m <= n && srt_bytes_equal(t + (n - m), p, m, flags);
    const uint8_t *at = t + n, *want = p + m;
    while (want > p)
        if (at == t || srt_fold_prev(t, &at) != srt_fold_prev(p, &want))
            return false;
    return true;
}

/* ---- The host's functions ---- */

int32_t srt_eq(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len, uint32_t flags)
{
    SRT_ANY_TEXT_LEAF(s, leaf, srt_text_eq(leaf->at.text, leaf->len, text, len, flags));
}

int32_t srt_prefix(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len, uint32_t flags)
{
    SRT_ANY_TEXT_LEAF(s, leaf, srt_text_prefix(leaf->at.text, leaf->len, text, len, flags));
}

int32_t srt_suffix(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len, uint32_t flags)
{
    SRT_ANY_TEXT_LEAF(s, leaf, srt_text_suffix(leaf->at.text, leaf->len, text, len, flags));
}

static bool leaf_contains(const struct srt_seek *seek, const struct srt_runtime *runtime,
                          const struct sigmaton_slot *leaf, const uint8_t *text, uint32_t len,
                          uint32_t flags)
{
    const uint8_t *t = leaf->at.text;
    uint32_t n = leaf->len;
    const struct srt_firsts_of *of = srt_firsts_at(runtime, t, n);
    if (of != NULL) {
        const uint32_t from = srt_firsts_from(of, text, len, flags);
        t += from;
        n -= from;
    }
    return srt_text_find_by(seek, t, n, text, len, flags, NULL);
}

int32_t srt_contains(const struct srt_seek *seek, const struct srt_runtime *runtime,
                     const struct sigmaton_slot *s, const uint8_t *text, uint32_t len,
                     uint32_t flags)
{
    SRT_ANY_TEXT_LEAF(s, leaf, leaf_contains(seek, runtime, leaf, text, len, flags));
}
