/* host->index and host->layer, once for each file that includes it: which has defined INDEX and
 * LAYER, their names, and CAN_GLANCE, 1 where there is srt_glance. */
#include <string.h>

#include "gram_scan.h"
#include "keys.h"
#include "leaf.h"
#include "number.h"
#include "runtime.h"
#include "text.h"

struct search {
    struct sigmaton_frame *frame;
    const struct sigmaton_index *index;
};

/* A text, and what a look at it has shown; NULL: there was none. */
struct value {
    const uint8_t *t;
    uint32_t n;
    const struct srt_glance *glance;
};

static inline const void *part(const struct search *s, uint32_t off)
{
    return (const uint8_t *)s->index + off;
}

/* ---- marks ---- */

static inline void mark_rule(struct sigmaton_frame *frame, uint32_t rule)
{
    frame->candidates[rule / 64] |= UINT64_C(1) << rule % 64;
    frame->marked[rule / 4096] |= UINT64_C(1) << rule / 64 % 64;
}

static void mark(const struct search *s, uint32_t posting)
{
    if (posting == SIGMATON_NO_POSTING)
        return;
    if ((posting & SIGMATON_POSTING_RULE) != 0) {
        mark_rule(s->frame, posting & ~SIGMATON_POSTING_RULE);
        return;
    }
    const uint32_t *list = (const uint32_t *)part(s, s->index->postings_off) + posting;
    for (uint32_t i = 1; i <= list[0]; i++)
        mark_rule(s->frame, list[i]);
}

static void mark_gram(void *ctx, uint32_t posting)
{
    mark(ctx, posting);
}

/* ---- keys ---- */

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Places of the key, from the one that its hash says on. */
struct places {
    const struct sigmaton_place *v;
    uint32_t at, last, tag;
};

static inline struct places places_of(const struct search *s, const struct sigmaton_tier *tier,
                                      uint64_t hash)
{
    return (struct places){
        .v = part(s, tier->places_off),
        .at = (uint32_t)(hash >> (64 - tier->place_bits)),
        .last = (UINT32_C(1) << tier->place_bits) - 1,
        .tag = (uint32_t)hash,
    };
}

/* What stands at the next place of the key, or SIGMATON_NO_POSTING. */
static inline uint32_t next_of(struct places *p)
{
    for (;;) {
        const struct sigmaton_place *place = &p->v[p->at];
        p->at = (p->at + 1) & p->last;
        if (place->what == SIGMATON_NO_POSTING || place->tag == p->tag)
            return place->what;
    }
}

static inline bool is_let(uint64_t gate, uint64_t bit)
{
    return (gate >> (bit & 63) & 1) != 0;
}

/* Most texts end here, at their length. */
static inline bool fits_whole(const struct sigmaton_tier *tier, uint32_t n)
{
    return is_let(tier->gate, n < 63 ? n : 63);
}

static inline void ask_whole(const struct search *s, const struct sigmaton_tier *tier,
                             const struct srt_ends *ends, uint32_t n)
{
    const uint64_t hash = sigmaton_tier_whole(ends->first, ends->last, n);
    if (!is_let(tier->inner, hash))
        return;
    struct places places = places_of(s, tier, hash);
    mark(s, next_of(&places));
}

/* Several texts that the value begins or ends with may share a key. */
static void ask_entries(const struct search *s, const struct sigmaton_tier *tier, uint64_t hash,
                        const uint8_t *t, uint32_t n)
{
    const uint8_t *pack = (const uint8_t *)s->index - s->index->pack_off;
    const struct sigmaton_entry *entries = part(s, tier->entries_off);
    struct places places = places_of(s, tier, hash);
    for (uint32_t i; (i = next_of(&places)) != SIGMATON_NO_POSTING;) {
        const struct sigmaton_entry *e = &entries[i];
        if (e->len > n)
            continue;
        const bool suffix = tier->kind == SIGMATON_TIER_SUFFIX;
        const uint8_t *at = suffix ? t + (n - e->len) : t;
        if (e->len >= 4 && srt_key_word(suffix ? at : at + e->len - 4, 4) != e->far)
            continue;
        if (srt_text_eq(at, e->len, pack + e->text, e->len, SIGMATON_ASCII))
            mark(s, e->posting);
    }
}

static inline void ask_end(const struct search *s, const struct sigmaton_tier *tier,
                           const struct srt_ends *ends, const uint8_t *t, uint32_t n)
{
    const uint32_t key = tier->key_len;
    if (ends->n < key)
        return;
    const uint64_t hash =
        sigmaton_tier_end(tier->kind == SIGMATON_TIER_SUFFIX ? srt_ends_suffix(ends, key)
                                                             : srt_ends_prefix(ends, key));
    if (is_let(tier->inner, hash) && is_let(tier->gate, hash >> 6))
        ask_entries(s, tier, hash, t, n);
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* The upper bit of each byte that is c, and of no other. */
static inline uint64_t bytes_that_are(uint64_t w, uint8_t c)
{
    const uint64_t low = EACH_BYTE(0x7f);
    w ^= EACH_BYTE((uint64_t)c);
    return ~(((w & low) + low) | w | low);
}
#endif

/* Where the text's last path component begins, with its separator; n when it has none, or one that
 * is longer than all that the gate lets pass. */
static uint32_t name_at(const uint8_t *t, uint32_t n, uint64_t gate)
{
    const uint32_t longest = 63 - (uint32_t)__builtin_clzll(gate);
    const uint32_t first = longest < 63 && n > longest ? n - longest : 0;
    uint32_t i = n;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    for (uint64_t w, found; i >= first + 8; i -= 8) {
        memcpy(&w, t + i - 8, 8);
        found = bytes_that_are(w, '\\') | bytes_that_are(w, '/');
        if (found != 0)
            return i - 1 - (uint32_t)__builtin_clzll(found) / 8;
    }
#endif
    while (i > first && t[i - 1] != '\\' && t[i - 1] != '/')
        i--;
    return i > first ? i - 1 : n;
}

static inline uint32_t name_of(const struct value *v, uint64_t gate)
{
    if (v->glance == NULL)
        return name_at(v->t, v->n, gate);
    const uint64_t separators = v->glance->separators;
    return separators != 0 ? 63 - (uint32_t)__builtin_clzll(separators) : v->n;
}

static inline void ask_tier(const struct search *s, const struct sigmaton_tier *tier,
                            const struct value *v, const struct srt_ends *ends)
{
    if (tier->kind == SIGMATON_TIER_NAME) {
        const uint32_t at = name_of(v, tier->gate), n = v->n - at;
        if (!fits_whole(tier, n))
            return;
        const struct srt_ends own = srt_ends_of(v->t + at, n);
        ask_whole(s, tier, &own, n);
    } else if (tier->kind != SIGMATON_TIER_EQ) {
        ask_end(s, tier, ends, v->t, v->n);
    } else if (fits_whole(tier, v->n)) {
        ask_whole(s, tier, ends, v->n);
    }
}

/* ---- values ---- */

static bool is_wide(const uint8_t *t, uint32_t n)
{
    uint32_t i = 0;
    uint64_t any = 0, w;
    for (; i + 8 <= n; i += 8) {
        memcpy(&w, t + i, 8);
        any |= w;
    }
    for (; i < n; i++)
        any |= t[i];
    return (any & EACH_BYTE(0x80)) != 0;
}

static const struct sigmaton_grams *grams_of(const struct search *s)
{
    return part(s, s->index->grams_off);
}

static void *ctx_of(const struct search *s)
{
    return (void *)(uintptr_t)s;
}

static const struct sigmaton_tier *tiers_of(const struct search *s)
{
    return part(s, s->index->tiers_off);
}

/* Those for what a text says, or those for what JSON writes. */
static inline void ask_tiers(const struct search *s, bool written, const struct value *v)
{
    const struct sigmaton_index *index = s->index;
    const struct sigmaton_tier *tier = tiers_of(s) + (written ? index->first_json_tier : 0);
    const struct sigmaton_tier *to = tiers_of(s) + (written ? index->n_tiers : index->n_text_tiers);
    if (tier < to) {
        const struct srt_ends ends = srt_ends_of(v->t, v->n);
        for (; tier < to; tier++)
            ask_tier(s, tier, v, &ends);
    }
    if (index->wide == SIGMATON_NO_POSTING)
        return;
    if (v->glance != NULL ? v->glance->wide != 0 : is_wide(v->t, v->n))
        mark(s, index->wide);
}

static void scan_grams(const struct search *s, const struct srt_runtime *runtime, const uint8_t *t,
                       uint32_t n)
{
    (runtime != NULL && runtime->grams != NULL ? runtime->grams : srt_grams_scan)(
        grams_of(s), t, n, mark_gram, ctx_of(s));
}

/* Grams of all leaves: at once where they are a list and that can be done. */
static void ask_grams(const struct search *s, const struct srt_runtime *runtime,
                      struct srt_leaves leaves)
{
    if (s->index->grams_off == 0)
        return;
    if (leaves.n > 1 && runtime != NULL && runtime->grams_leaves != NULL) {
        runtime->grams_leaves(grams_of(s), leaves.v, leaves.n, mark_gram, ctx_of(s));
        return;
    }
    for (uint32_t i = 0; i < leaves.n; i++)
        if ((leaves.v[i].kind & SIGMATON_SCALAR) != 0)
            scan_grams(s, runtime, leaves.v[i].at.text, leaves.v[i].len);
}

/* The numbers are few: ids, ports, flags. */
static void ask_number(const struct search *s, const struct sigmaton_slot *leaf)
{
    const struct sigmaton_number *v = part(s, s->index->numbers_off);
    struct srt_number number = {.kind = leaf->kind, .bits = leaf->number};
    if (leaf->kind != SIGMATON_INT && !srt_number_of(leaf, &number))
        return;
    if (number.kind != SIGMATON_INT) {
        mark(s, s->index->any_number);
        return;
    }
    const int64_t value = (int64_t)number.bits;
    uint32_t lo = 0, hi = s->index->n_numbers;
    while (lo < hi) {
        const uint32_t mid = lo + (hi - lo) / 2;
        if (v[mid].value < value)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < s->index->n_numbers && v[lo].value == value)
        mark(s, v[lo].posting);
}

/* A slot whose text is JSON as written: what it stands for is looked for in that form. false: some
 * escape may hide a character that matters. */
static bool ask_written(const struct search *s, const struct srt_runtime *runtime,
                        const struct sigmaton_slot *slot)
{
    const uint8_t *t = slot->at.text;
    const uint32_t n = slot->len;
    const bool line = t == runtime->line; /* all texts of the event */
    if (line && (s->index->n_tiers > 0 || (s->index->flags & SIGMATON_INDEX_NUMERIC) != 0))
        return false;
    if ((s->index->grams_off == 0 || s->index->wide != SIGMATON_NO_POSTING) && !runtime->plain &&
        !runtime->looks(runtime, t, n))
        return false;
    const bool asked = line && s->index->grams_off != 0 && runtime->search != NULL &&
                       srt_line_ask(runtime->search, grams_of(s), t, n, mark_gram, ctx_of(s));
    if (s->index->grams_off != 0 && !asked &&
        !runtime->grams_raw(grams_of(s), t, n, runtime->plain, mark_gram, ctx_of(s)))
        return false;
    ask_tiers(s, true, &(struct value){t, n, NULL});
    return true;
}

/* A slot that is SIGMATON_ESCAPED may be a text as it stands. What is sought in JSON is sought in
 * texts that have an escape: those without are left to be decoded. */
static bool has_escapes(const struct srt_runtime *runtime, const struct sigmaton_slot *slot)
{
    return slot->at.text == runtime->line || memchr(slot->at.text, '\\', slot->len) != NULL;
}

#if CAN_GLANCE
/* The grams of a short value, of which a look has been taken: here where there are some. */
static __attribute__((noinline)) void ask_looked(const struct search *s,
                                                 const struct srt_runtime *runtime, bool written,
                                                 const struct value *v)
{
    const struct sigmaton_grams *g = grams_of(s);
    if (g->n_masks > 0 && g->n_shorts == 0)
        srt_grams_ask(g, v->t, v->n, v->glance->places, written, mark_gram, ctx_of(s));
    else if (written)
        (void)runtime->grams_raw(g, v->t, v->n, true, mark_gram, ctx_of(s));
    else
        scan_grams(s, runtime, v->t, v->n);
}

/* A short value that is one text. false: as long as it has escapes it is asked as others are. */
static inline bool ask_short(const struct search *s, const struct srt_runtime *runtime,
                             struct sigmaton_slot *slot)
{
    const bool has_grams = s->index->grams_off != 0;
    const struct srt_glance glance =
        srt_glance(has_grams ? grams_of(s) : NULL, slot->at.text, slot->len);
    const struct value v = {slot->at.text, slot->len, &glance};
    const bool written = slot->kind == SIGMATON_ESCAPED && glance.escapes != 0;
    if (written && !runtime->plain)
        return false;
    if (slot->kind == SIGMATON_ESCAPED && !written)
        slot->kind = SIGMATON_TEXT;
    ask_tiers(s, written, &v);
    if (!written && s->index->n_numbers > 0)
        ask_number(s, slot);
    if (has_grams && (glance.places != 0 || !srt_gram_masks_suffice(grams_of(s))))
        ask_looked(s, runtime, written, &v);
    return true;
}

static inline bool is_short(const struct srt_runtime *runtime, const struct sigmaton_slot *slot)
{
    return (slot->kind & (SIGMATON_SCALAR | SIGMATON_ESCAPED)) != 0 &&
           slot->len - 1 < SRT_GLANCE_MAX && runtime != NULL && slot->at.text != runtime->line;
}
#endif

/* Any value. */
static __attribute__((noinline)) bool ask_any(const struct search *s, struct srt_runtime *runtime,
                                              struct sigmaton_slot *slot)
{
    if (slot->kind == SIGMATON_ESCAPED) {
        if (!has_escapes(runtime, slot))
            slot->kind = SIGMATON_TEXT;
        else if (ask_written(s, runtime, slot))
            return true;
        else if (!runtime->decode(runtime, slot))
            return false;
    }
    const struct srt_leaves leaves = srt_leaves(slot);
    for (uint32_t i = 0; i < leaves.n; i++) {
        const struct sigmaton_slot *leaf = &leaves.v[i];
        if ((leaf->kind & SIGMATON_SCALAR) == 0)
            continue;
        ask_tiers(s, false, &(struct value){leaf->at.text, leaf->len, NULL});
        if (s->index->n_numbers > 0)
            ask_number(s, leaf);
    }
    ask_grams(s, runtime, leaves);
    return true;
}

/* A field that is there. */
static inline bool ask(struct sigmaton_frame *frame, const struct sigmaton_slot *slot,
                       const struct sigmaton_index *index)
{
    struct srt_runtime *runtime = frame->runtime;
    const struct search s = {frame, index};
    /* the runtime's own slot, lent to the pack as constant */
    struct sigmaton_slot *own = (struct sigmaton_slot *)(uintptr_t)slot;
    if (index->present != SIGMATON_NO_POSTING)
        mark(&s, index->present);
#if CAN_GLANCE
    if (is_short(runtime, slot) && ask_short(&s, runtime, own))
        return true;
#endif
    return ask_any(&s, runtime, own);
}

int32_t INDEX(struct sigmaton_frame *frame, const struct sigmaton_slot *slot,
              const struct sigmaton_index *index)
{
    return ask(frame, slot, index);
}

int32_t LAYER(struct sigmaton_frame *frame, const struct sigmaton_slot *slots,
              const struct sigmaton_layer *layer)
{
    const struct sigmaton_always *always = (const void *)(layer + 1);
    const struct sigmaton_field *fields = (const void *)(always + layer->n_always);
    for (uint32_t i = 0; i < layer->n_always; i++) {
        frame->candidates[always[i].word] |= always[i].rules;
        frame->marked[always[i].word / 64] |= UINT64_C(1) << always[i].word % 64;
    }
    for (uint32_t i = 0; i < layer->n_fields; i++) {
        const struct sigmaton_slot *s = &slots[fields[i].slot];
        const uint8_t *index = (const uint8_t *)layer + fields[i].off;
        if (s->kind != SIGMATON_ABSENT && !ask(frame, s, (const void *)index))
            return 0;
    }
    return 1;
}
