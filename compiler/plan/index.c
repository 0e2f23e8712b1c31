/* What one layer looks for in each field, laid out as struct sigmaton_index (pack.h). Witnesses of
 * one field and kind with equal texts are one entry with a posting that names all their rules. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "grams.h"
#include "index_items.h"
#include "vec.h"

/* Which values a tier is for: those that are what they say, those as JSON writes them. */
enum form { FORM_TEXT, FORM_BOTH, FORM_JSON, FORM_COUNT };

struct index {
    struct plan *plan;
    struct image *image;
    struct arena *arena;
    VEC(uint32_t) postings;
    VEC(struct sigmaton_number) numbers;
    VEC(struct sigmaton_tier) tiers[FORM_COUNT];
    VEC(struct sigmaton_place) places;
    VEC(struct sigmaton_entry) entries;
    VEC(struct gram_text) grams;
    struct text meaning;
    struct names *meanings;      /* of the fields' items .. */
    VEC(struct plan_field) made; /* .. and what was made of each, for no slot */
};

/* ---- postings ---- */

/* Items [from, to) mean the same. */
static uint32_t posting_of(struct index *ix, const struct sought *items, size_t n)
{
    size_t n_rules = 0, place = ix->postings.n;
    *VEC_PUSH(ix->arena, &ix->postings) = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && items[i].rule == items[i - 1].rule)
            continue;
        *VEC_PUSH(ix->arena, &ix->postings) = items[i].rule;
        n_rules++;
    }
    if (n_rules == 1) {
        ix->postings.n = place;
        return SIGMATON_POSTING_RULE | items[0].rule;
    }
    ix->postings.v[place] = (uint32_t)n_rules;
    return (uint32_t)place;
}

static size_t same_until(const struct sought *items, size_t n, size_t from)
{
    size_t to = from + 1;
    while (to < n && index_by_meaning(&items[from], &items[to]) == 0)
        to++;
    return to;
}

/* ---- tiers ---- */

struct keyed {
    uint64_t hash;
    uint32_t what, number; /* number: among the tier's texts */
};

static int by_hash(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Three places in four are taken at most. Keys come in the order of their hashes, so that most
 * stand where they are looked for first. */
static void add_places(struct index *ix, struct sigmaton_tier *tier, struct keyed *keyed, size_t n)
{
    while (3 * (UINT64_C(1) << tier->place_bits) < 4 * (uint64_t)n)
        tier->place_bits++;
    qsort(keyed, n, sizeof *keyed, by_hash);
    const uint64_t n_places = UINT64_C(1) << tier->place_bits;
    const size_t first = ix->places.n;
    tier->places_off = (uint32_t)first; /* counted in elements until laid out */
    for (uint64_t i = 0; i < n_places; i++)
        *VEC_PUSH(ix->arena, &ix->places) = (struct sigmaton_place){.what = SIGMATON_NO_POSTING};
    for (size_t i = 0; i < n; i++) {
        uint64_t at = keyed[i].hash >> (64 - tier->place_bits);
        while (ix->places.v[first + at].what != SIGMATON_NO_POSTING)
            at = (at + 1) % n_places;
        ix->places.v[first + at] = (struct sigmaton_place){(uint32_t)keyed[i].hash, keyed[i].what};
    }
}

/* A text's hash, which its tier's gates let pass. */
static uint64_t key_of(struct sigmaton_tier *tier, struct str s)
{
    const uint8_t *p = (const uint8_t *)s.p;
    const uint32_t n = (uint32_t)s.len, len = tier->key_len;
    uint64_t hash;
    if (tier->kind == SIGMATON_TIER_PREFIX || tier->kind == SIGMATON_TIER_SUFFIX) {
        const uint8_t *key = tier->kind == SIGMATON_TIER_SUFFIX ? p + (n - len) : p;
        hash = sigmaton_tier_end(sigmaton_index_word(key, len));
        tier->gate |= UINT64_C(1) << (hash >> 6 & 63);
    } else {
        const uint32_t some = n < 8 ? n : 8;
        hash = sigmaton_tier_whole(sigmaton_index_word(p, some),
                                   sigmaton_index_word(p + (n - some), some), n);
        tier->gate |= UINT64_C(1) << (n < 63 ? n : 63);
    }
    tier->inner |= UINT64_C(1) << (hash & 63);
    return hash;
}

/* Many paths begin alike: what a key points at is told apart at the other end first. */
static uint32_t far_of(uint32_t kind, struct str s)
{
    if (s.len < 4)
        return 0;
    const char *p = kind == SIGMATON_TIER_SUFFIX ? s.p : str_end(s) - 4;
    return (uint32_t)sigmaton_index_word((const uint8_t *)p, 4);
}

/* Items [0, n) of one kind, at least one. */
static void add_tier(struct index *ix, const struct sought *items, size_t n,
                     struct sigmaton_tier tier, enum form form)
{
    struct keyed *keyed = ARENA_ARRAY(ix->arena, n, struct keyed);
    uint32_t n_keyed = 0;
    tier.place_bits = 1;
    tier.entries_off = (uint32_t)ix->entries.n; /* likewise */
    for (size_t from = 0, to; from < n; from = to) {
        struct str s = items[from].text;
        to = same_until(items, n, from);
        uint32_t what = posting_of(ix, items + from, to - from);
        if (tier.key_len > 0) {
            *VEC_PUSH(ix->arena, &ix->entries) = (struct sigmaton_entry){
                image_text(ix->image, s), (uint32_t)s.len, what, far_of(tier.kind, s)};
            what = n_keyed;
        }
        keyed[n_keyed] = (struct keyed){key_of(&tier, s), what, n_keyed};
        n_keyed++;
    }
    add_places(ix, &tier, keyed, n_keyed);
    *VEC_PUSH(ix->arena, &ix->tiers[form]) = tier;
}

static void add_whole(struct index *ix, const struct sought *items, size_t n,
                      enum sigmaton_tier_kind kind, enum form form)
{
    add_tier(ix, items, n, (struct sigmaton_tier){.kind = (uint8_t)kind}, form);
}

static void add_numbers(struct index *ix, const struct sought *items, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        to = same_until(items, n, from);
        *VEC_PUSH(ix->arena, &ix->numbers) = (struct sigmaton_number){
            .value = items[from].number, .posting = posting_of(ix, items + from, to - from)};
    }
}

/* What a gram's hit reports is the posting. */
static void add_grams(struct index *ix, const struct sought *items, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        to = same_until(items, n, from);
        *VEC_PUSH(ix->arena, &ix->grams) = (struct gram_text){
            .text = items[from].text, .id = posting_of(ix, items + from, to - from)};
    }
}

static int by_rule(const void *a, const void *b)
{
    const struct sought *x = a, *y = b;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

/* All rules of the items, whatever they mean. */
static uint32_t posting_of_all(struct index *ix, const struct sought *items, size_t n)
{
    struct sought *copy = ARENA_ARRAY(ix->arena, n, struct sought);
    memcpy(copy, items, n * sizeof *copy);
    qsort(copy, n, sizeof *copy, by_rule);
    return posting_of(ix, copy, n);
}

/* ---- the blob ---- */

/* Prefixes and suffixes, in either form, by the length of their keys. */
static void add_ends(struct index *ix, const struct sought *items, size_t n, uint32_t kind)
{
    const uint32_t span = TIER_KEY_MAX + 1, place = (kind - ITEM_PREFIX) / span;
    const struct sigmaton_tier tier = {
        .kind = place % 2 == 0 ? SIGMATON_TIER_PREFIX : SIGMATON_TIER_SUFFIX,
        .key_len = (uint8_t)((kind - ITEM_PREFIX) % span),
    };
    add_tier(ix, items, n, tier, place < 2 ? FORM_TEXT : FORM_JSON);
}

static void add_items(struct index *ix, struct sigmaton_index *h, const struct sought *items,
                      size_t n)
{
    uint32_t kind = items[0].kind;
    switch (kind) {
    case ITEM_PRESENT:
        h->present = posting_of_all(ix, items, n);
        break;
    case ITEM_WIDE:
        h->wide = posting_of_all(ix, items, n);
        break;
    case ITEM_NUMBER:
        add_numbers(ix, items, n);
        h->any_number = posting_of_all(ix, items, n);
        break;
    case ITEM_EQ:
        add_whole(ix, items, n, SIGMATON_TIER_EQ, FORM_TEXT);
        break;
    case ITEM_JSON_EQ:
        add_whole(ix, items, n, SIGMATON_TIER_EQ, FORM_JSON);
        break;
    case ITEM_GRAM:
        add_grams(ix, items, n);
        break;
    case ITEM_NAME:
        add_whole(ix, items, n, SIGMATON_TIER_NAME, FORM_BOTH);
        break;
    default:
        add_ends(ix, items, n, kind);
        break;
    }
}

struct blob {
    uint8_t *p;
    uint32_t len;
};

static uint32_t append(struct blob *b, const void *p, size_t n, size_t size)
{
    uint32_t off = (b->len + 7) & ~7u;
    if (b->p != NULL && n > 0)
        memcpy(b->p + off, p, n * size);
    b->len = off + (uint32_t)(n * size);
    return off;
}

static void lay_out(struct index *ix, struct sigmaton_index *h, struct blob *b, uint8_t *grams,
                    uint32_t grams_size)
{
    const size_t n_text = ix->tiers[FORM_TEXT].n, n_both = ix->tiers[FORM_BOTH].n,
                 n_json = ix->tiers[FORM_JSON].n;
    b->len = sizeof *h;
    h->first_json_tier = (uint8_t)n_text;
    h->n_text_tiers = (uint8_t)(n_text + n_both);
    h->n_tiers = (uint8_t)(n_text + n_both + n_json);
    h->n_numbers = (uint32_t)ix->numbers.n;
    h->tiers_off = append(b, ix->tiers[FORM_TEXT].v, n_text, sizeof(struct sigmaton_tier));
    append(b, ix->tiers[FORM_BOTH].v, n_both, sizeof(struct sigmaton_tier));
    append(b, ix->tiers[FORM_JSON].v, n_json, sizeof(struct sigmaton_tier));
    uint32_t places = append(b, ix->places.v, ix->places.n, sizeof *ix->places.v);
    h->numbers_off = append(b, ix->numbers.v, ix->numbers.n, sizeof *ix->numbers.v);
    uint32_t entries = append(b, ix->entries.v, ix->entries.n, sizeof *ix->entries.v);
    h->postings_off = append(b, ix->postings.v, ix->postings.n, sizeof *ix->postings.v);
    if (grams_size > 0)
        h->grams_off = append(b, grams, grams_size, 1);
    if (b->p == NULL)
        return;
    struct sigmaton_tier *tiers = (struct sigmaton_tier *)(void *)(b->p + h->tiers_off);
    for (size_t i = 0; i < h->n_tiers; i++) {
        tiers[i].places_off = places + tiers[i].places_off * (uint32_t)sizeof *ix->places.v;
        tiers[i].entries_off = entries + tiers[i].entries_off * (uint32_t)sizeof *ix->entries.v;
    }
}

static bool is_numeric(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && !strchr(".-+e", s.p[i]))
            return false;
    return true; /* 1e3 is written where 1000 is read */
}

static bool any_numeric(const struct sought *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].kind == ITEM_GRAM && is_numeric(items[i].text))
            return true;
    return false;
}

/* Where the blob stands in the image; only pack_off tells, and is written at last. */
static uint32_t put_blob(struct index *ix, const struct blob *b)
{
    const uint32_t off = image_reserve(ix->image, b->len);
    image_put(ix->image, off, b->p, b->len);
    image_put(ix->image, off + (uint32_t)offsetof(struct sigmaton_index, pack_off), &off,
              sizeof off);
    return off;
}

/* All of the items that a field's index depends on; lasts until the next call. */
static struct str meaning_of(struct index *ix, const struct sought *items, size_t n)
{
    ix->meaning.len = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t head[] = {(uint64_t)items[i].kind << 32 | items[i].rule,
                                 (uint64_t)items[i].number, items[i].text.len};
        text_add(&ix->meaning, (struct str){(const char *)head, sizeof head});
        text_add(&ix->meaning, items[i].text);
    }
    return (struct str){ix->meaning.p, ix->meaning.len};
}

/* Items [0, n) of one slot, sorted. */
static struct plan_field make_field(struct index *ix, const struct sought *items, size_t n)
{
    struct sigmaton_index h = {.present = SIGMATON_NO_POSTING,
                               .wide = SIGMATON_NO_POSTING,
                               .any_number = SIGMATON_NO_POSTING};
    struct plan_field field = {0};
    ix->postings.n = ix->numbers.n = ix->places.n = ix->entries.n = ix->grams.n = 0;
    for (int form = 0; form < FORM_COUNT; form++)
        ix->tiers[form].n = 0;
    for (size_t from = 0, to; from < n; from = to) {
        to = from + 1;
        while (to < n && items[to].kind == items[from].kind)
            to++;
        add_items(ix, &h, items + from, to - from);
    }
    for (size_t from = 0; from < n; from = same_until(items, n, from))
        field.n_witnesses++;
    h.flags = any_numeric(items, n) ? SIGMATON_INDEX_NUMERIC : 0;
    struct blob b = {0};
    uint8_t *grams = NULL;
    uint32_t grams_size = 0;
    if (ix->grams.n > 0)
        grams = grams_build(ix->arena, ix->plan->prior, ix->grams.v, (uint32_t)ix->grams.n,
                            &grams_size);
    lay_out(ix, &h, &b, grams, grams_size);
    b.p = arena_alloc(ix->arena, b.len);
    lay_out(ix, &h, &b, grams, grams_size);
    memcpy(b.p, &h, sizeof h);
    field.size = b.len;
    field.blob = put_blob(ix, &b);
    return field;
}

/* Layers of neighbouring classes want much the same of a field: what is equal is made once. */
static struct plan_field add_field(struct index *ix, const struct sought *items, size_t n)
{
    const uint32_t id = names_intern(ix->meanings, meaning_of(ix, items, n));
    if (id > ix->made.n) /* name 0 is the empty name */
        *VEC_PUSH(ix->arena, &ix->made) = make_field(ix, items, n);
    struct plan_field field = ix->made.v[id - 1];
    field.slot = items[0].slot;
    return field;
}

void plan_index(struct plan *p, struct image *image)
{
    struct index ix = {.plan = p, .image = image, .arena = p->arena};
    text_init(&ix.meaning, p->arena);
    ix.meanings = names_new(p->arena);
    struct index_items *all = index_items_new(p);
    for (uint32_t i = 0; i < p->n_layers; i++) {
        struct plan_layer *layer = &p->layers[i];
        size_t n;
        const struct sought *items = index_items(all, layer, &n);
        if (n == 0)
            continue;
        layer->fields = ARENA_ARRAY(ix.arena, p->n_slots, struct plan_field);
        for (size_t from = 0, to; from < n; from = to) {
            to = from + 1;
            while (to < n && items[to].slot == items[from].slot)
                to++;
            layer->fields[layer->n_fields++] = add_field(&ix, items + from, to - from);
        }
    }
}
