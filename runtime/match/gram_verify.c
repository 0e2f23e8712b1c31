#include "gram_verify.h"

#include <string.h>

#include "utf8.h"

#define DONE_BLOCK 8u /* words that are cleared at once */
#define EACH UINT64_C(0x0101010101010101)

/* Eight bytes, the first the lowest. */
static uint64_t load8(const uint8_t *p)
{
    return (uint64_t)srt_gram_load(p) | (uint64_t)srt_gram_load(p + 4) << 32;
}

/* Eight bytes with ASCII capitals made small. */
static uint64_t fold8(uint64_t v)
{
    const uint64_t low = v & 0x7f * EACH;
    const uint64_t from_a = low + (0x80 - 'A') * EACH, beyond_z = low + (0x7f - 'Z') * EACH;
    return v | (from_a & ~beyond_z & ~v & 0x80 * EACH) >> 2;
}

static bool same8(const uint8_t *t, uint64_t want, bool cased)
{
    const uint64_t have = load8(t);
    return (cased ? have : fold8(have)) == want;
}

/* Both have len >= 8 bytes; a text that is not cased is folded. */
static bool same(const uint8_t *t, const uint8_t *text, uint32_t len, bool cased)
{
    for (uint32_t i = 0; i + 8 <= len; i += 8)
        if (!same8(t + i, load8(text + i), cased))
            return false;
    return same8(t + len - 8, load8(text + len - 8), cased);
}

static bool is_byte(uint8_t have, uint8_t want, bool cased)
{
    return (cased ? have : srt_fold_byte(have)) == want;
}

/* The text of fewer than eight bytes that is the key, at t. */
static bool same_short(const struct srt_gram_scan *s, const uint8_t *t,
                       const struct sigmaton_gram *e, bool cased)
{
    const uint8_t *end = s->p + s->n;
    if (end - t >= 8) {
        const uint64_t have = load8(t);
        return ((cased ? have : fold8(have)) ^ e->key) << (64 - 8 * e->len) == 0;
    }
    for (uint32_t i = 0; i < e->len; i++)
        if (!is_byte(t[i], (uint8_t)(e->key >> 8 * i), cased))
            return false;
    return true;
}

/* The letter behind the backslash with which JSON escapes c; 0: it does not. Control characters
 * without a letter stand in values that are not scanned raw. */
static uint8_t escape_of(uint8_t c)
{
    static const uint8_t letters[0x20] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    return c < 0x20 ? letters[c] : c == '"' || c == '\\' ? c : 0;
}

/* The text from its window on, at t: which may be the second byte of an escape. */
static bool goes_on(const struct srt_gram_scan *s, const struct sigmaton_gram *e, const uint8_t *t)
{
    const uint8_t *text = (const uint8_t *)s->g + e->off, *end = s->p + s->n;
    for (uint32_t i = e->before; i < e->len; i++) {
        const uint8_t letter = escape_of(text[i]);
        if (letter != 0 && i > e->before && (t == end || *t++ != '\\'))
            return false;
        if (t == end || !is_byte(*t++, letter != 0 ? letter : text[i],
                                 letter != 0 || (e->flags & SIGMATON_GRAM_CASED) != 0))
            return false;
    }
    return true;
}

/* The text before its window, ending at t. */
static bool comes_before(const struct srt_gram_scan *s, const struct sigmaton_gram *e,
                         const uint8_t *t)
{
    const uint8_t *text = (const uint8_t *)s->g + e->off;
    if (escape_of(text[e->before]) != 0 && (t == s->p || *--t != '\\'))
        return false;
    for (uint32_t i = e->before; i > 0; i--) {
        const uint8_t letter = escape_of(text[i - 1]);
        if (t == s->p || !is_byte(*--t, letter != 0 ? letter : text[i - 1],
                                  letter != 0 || (e->flags & SIGMATON_GRAM_CASED) != 0))
            return false;
        if (letter != 0 && (t == s->p || *--t != '\\'))
            return false;
    }
    return true;
}

static void pay(struct srt_gram_scan *s, uint32_t cost)
{
    s->work -= cost < s->work ? cost : s->work;
}

/* Does the text stand around its window at p[at]? */
static bool stands(struct srt_gram_scan *s, const struct sigmaton_gram *e, uint32_t at)
{
    const bool cased = (e->flags & SIGMATON_GRAM_CASED) != 0;
    if ((e->flags & (s->raw ? SIGMATON_GRAM_DECODED : SIGMATON_GRAM_RAW)) != 0)
        return false;
    if (at < e->before || e->len > s->n - (at - e->before))
        return false;
    if (s->raw && (e->flags & SIGMATON_GRAM_ESCAPES) != 0) {
        pay(s, e->len / 2);
        return goes_on(s, e, s->p + at) && comes_before(s, e, s->p + at);
    }
    const uint8_t *t = s->p + (at - e->before);
    if (e->len < 8)
        return same_short(s, t, e, cased);
    const uint32_t key_at = e->before < e->len - 8 ? e->before : e->len - 8;
    if (!same8(t + key_at, e->key, cased))
        return false;
    if (e->len == 8)
        return true;
    pay(s, e->len / 8);
    return same(t, (const uint8_t *)s->g + e->off, e->len, cased);
}

/* The bucket holds other windows as well; the key tells them apart. */
static bool is_window(const struct sigmaton_gram *e, uint32_t folded)
{
    const uint32_t other = ((uint32_t)(e->key >> e->shift) ^ folded) & SIGMATON_GRAM_FOLD;
    return (e->len >= 4 ? other : other << (32 - 8 * e->len)) == 0;
}

/* A few dozen words mostly: less than a call of memset, and than what compilers put in its place.
 */
static void clear_done(struct srt_gram_scan *s)
{
    const uint32_t n = s->g->n_entries < SRT_GRAMS_ONCE ? s->g->n_entries : SRT_GRAMS_ONCE;
    for (uint32_t i = 0; i < (n + DONE_BLOCK * 64 - 1) / (DONE_BLOCK * 64); i++)
        memset(s->done + (size_t)i * DONE_BLOCK, 0, DONE_BLOCK * sizeof s->done[0]);
    s->has_done = true;
}

/* Reports the text of window i unless that was done. */
static void report(struct srt_gram_scan *s, uint32_t i, uint32_t id)
{
    if (i < SRT_GRAMS_ONCE) {
        if (!s->has_done)
            clear_done(s);
        if (s->done[i / 64] >> i % 64 & 1)
            return;
        s->done[i / 64] |= UINT64_C(1) << i % 64;
    }
    s->mark(s->ctx, id);
}

static bool is_done(const struct srt_gram_scan *s, uint32_t i)
{
    return s->has_done && i < SRT_GRAMS_ONCE && (s->done[i / 64] >> i % 64 & 1) != 0;
}

/* The value is made to hurt: everything in the bucket is reported, and never again. */
static void give_up(struct srt_gram_scan *s, uint32_t bucket, uint32_t from, uint32_t to)
{
    const struct sigmaton_gram *entries =
        (const struct sigmaton_gram *)(const void *)((const uint8_t *)s->g + s->g->entries_off);
    if (!s->has_spent)
        memset(s->spent, 0, sizeof s->spent);
    s->has_spent = true;
    if (s->spent[bucket / 64] >> bucket % 64 & 1)
        return;
    s->spent[bucket / 64] |= UINT64_C(1) << bucket % 64;
    for (uint32_t i = from; i < to; i++)
        report(s, i, entries[i].id);
}

void srt_gram_verify(struct srt_gram_scan *s, uint32_t at, uint32_t folded)
{
    const uint8_t *base = (const uint8_t *)s->g;
    const uint32_t *buckets = (const uint32_t *)(const void *)(base + s->g->buckets_off);
    const struct sigmaton_gram *entries =
        (const struct sigmaton_gram *)(const void *)(base + s->g->entries_off);
    const uint32_t bucket = sigmaton_gram_word(folded, s->g->word_bits) / 2;
    const uint32_t from = buckets[bucket], to = buckets[bucket + 1];
    if (s->work < to - from) {
        s->work = 0;
        give_up(s, bucket, from, to);
        return;
    }
    s->work -= to - from;
    for (uint32_t i = from; i < to; i++)
        if (is_window(&entries[i], folded) && !is_done(s, i) && stands(s, &entries[i], at))
            report(s, i, entries[i].id);
}

void srt_grams_ask(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n, uint64_t places,
                   bool raw, srt_grams_mark mark, void *ctx)
{
    struct srt_gram_scan s;
    srt_gram_take(&s, g, p, n, raw, mark, ctx);
    if (!srt_gram_begin(&s))
        return;
    srt_gram_ask_places(&s, 0, places);
    srt_gram_end(&s);
}
