/* Classes: the kinds of events that the log source table tells apart, and the rules that each
 * meets.
 *
 * An event is told by its channel (or provider, where it names no channel), its event id and the
 * extra conditions of the table's rows. The ids are those of the table and those that the rules
 * themselves want of the field EventID: an event with id 4658 is not searched for what only rules
 * about 4624 could want.
 *
 * A class asks layers, which are searched one by one. Each class has one of its own, so that an
 * event's field is searched once for all that its rules want of it; fields of which several layers
 * want the same stand in the image once (index.c). Class 0, whose events are rare, would have
 * nothing in common with another: it is cut into log sources with many rules, or of a whole
 * product, and the rest. */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "plan_parts.h"
#include "vec.h"
#include "witness.h"

/* A log source with so many rules is a layer. */
#define LAYER_RULES_MIN 48

struct ids {
    const uint32_t *v;
    uint32_t n;
};

struct classes {
    struct plan *plan;
    struct arena *arena;
    uint32_t n_words;
    uint64_t **of_source;   /* [n_sources]: bitmap of its rules */
    uint32_t *source_layer; /* [n_sources]: its layer, or UINT32_MAX */
    uint64_t *restricted;   /* rules that want certain ids */
    struct ids *ids;        /* [n_rules] */
    struct names *class_names, *layer_names;
    VEC(struct plan_class) classes;
    VEC(struct plan_layer) layers;
    VEC(struct plan_case) cases;
    VEC(struct plan_key) keys;
    VEC(uint32_t) whens;
    bool *carries;          /* [n_logsource_rows * n_sources] */
    VEC(uint32_t) key_rows; /* rows of the key in hand .. */
    VEC(uint32_t) key_ids;  /* .. and the ids that have cases */
};

/* ---- bitmaps ---- */

static uint64_t *bitmap_new(struct classes *c)
{
    return ARENA_ARRAY(c->arena, c->n_words, uint64_t);
}

static void set_bit(uint64_t *words, uint32_t i)
{
    words[i / 64] |= UINT64_C(1) << i % 64;
}

static uint32_t count_bits(const struct classes *c, const uint64_t *words)
{
    uint32_t n = 0;
    for (uint32_t w = 0; w < c->n_words; w++)
        n += (uint32_t)__builtin_popcountll(words[w]);
    return n;
}

/* ---- layers ---- */

/* A bitmap with a mark beside it as a name. */
static struct str bitmap_key(struct classes *c, const uint64_t *words, bool mark)
{
    size_t size = c->n_words * sizeof *words;
    char *p = arena_alloc(c->arena, size + 1);
    if (size > 0)
        memcpy(p, words, size);
    p[size] = (char)mark;
    return (struct str){p, size + 1};
}

static uint32_t layer_of(struct classes *c, const uint64_t *rules, bool id_known)
{
    uint32_t before = names_count(c->layer_names);
    uint32_t id = names_intern(c->layer_names, bitmap_key(c, rules, id_known));
    if (id == before)
        *VEC_PUSH(c->arena, &c->layers) = (struct plan_layer){
            .rules = rules, .id_known = id_known, .n_rules = count_bits(c, rules)};
    return id - 1; /* name 0 is the empty name */
}

static void find_source_layers(struct classes *c)
{
    struct plan *p = c->plan;
    c->of_source = ARENA_ARRAY(c->arena, p->n_sources, uint64_t *);
    c->source_layer = ARENA_ARRAY(c->arena, p->n_sources, uint32_t);
    for (uint32_t i = 0; i < p->n_sources; i++)
        c->of_source[i] = bitmap_new(c);
    for (uint32_t i = 0; i < p->ir->n_rules; i++)
        set_bit(c->of_source[p->source_of[i]], i);
    for (uint32_t i = 0; i < p->n_sources; i++) {
        uint64_t *own = bitmap_new(c);
        for (uint32_t w = 0; w < c->n_words; w++)
            own[w] = c->of_source[i][w] & ~c->restricted[w];
        const struct logsource *source = &p->sources[i];
        uint32_t n = count_bits(c, own);
        bool broad = n > 0 && source->category.len == 0 && source->service.len == 0;
        bool alone = n >= LAYER_RULES_MIN || broad;
        c->source_layer[i] = alone ? layer_of(c, own, false) : UINT32_MAX;
    }
}

/* ---- classes ---- */

static void class_layers(struct classes *c, struct plan_class *class, bool id_known)
{
    const bool is_every_rule = c->classes.n == 0;
    uint64_t *left = bitmap_new(c);
    memcpy(left, class->rules, c->n_words * sizeof *left);
    class->layers = ARENA_ARRAY(c->arena, c->plan->n_sources + 1, uint32_t);
    for (uint32_t i = 0; is_every_rule && i < c->plan->n_sources; i++) {
        if (c->source_layer[i] == UINT32_MAX)
            continue;
        const uint64_t *rules = c->layers.v[c->source_layer[i]].rules;
        bool within = true;
        for (uint32_t w = 0; w < c->n_words; w++)
            within &= (rules[w] & ~class->rules[w]) == 0;
        if (!within)
            continue;
        class->layers[class->n_layers++] = c->source_layer[i];
        for (uint32_t w = 0; w < c->n_words; w++)
            left[w] &= ~rules[w];
    }
    if (count_bits(c, left) > 0)
        class->layers[class->n_layers++] = layer_of(c, left, id_known);
}

static uint32_t class_of(struct classes *c, uint64_t *rules, bool id_known)
{
    uint32_t before = names_count(c->class_names);
    uint32_t id = names_intern(c->class_names, bitmap_key(c, rules, id_known));
    if (id == before) {
        struct plan_class class = {.rules = rules, .n_rules = count_bits(c, rules)};
        class_layers(c, &class, id_known);
        *VEC_PUSH(c->arena, &c->classes) = class;
    }
    return id - 1;
}

static void add_every_rule(struct classes *c)
{
    uint64_t *all = bitmap_new(c);
    for (uint32_t i = 0; i < c->plan->ir->n_rules; i++)
        set_bit(all, i);
    class_of(c, all, false);
}

/* ---- cases ---- */

static bool wants_id(const struct ids *ids, uint32_t id)
{
    for (uint32_t i = 0; i < ids->n; i++)
        if (ids->v[i] == id)
            return true;
    return false;
}

/* The rules of the case's events: those of its sources, without those that want another id. */
static uint32_t case_class(struct classes *c, const bool *sources, const uint32_t *id)
{
    uint64_t *rules = bitmap_new(c);
    for (uint32_t i = 0; i < c->plan->n_sources; i++)
        for (uint32_t w = 0; sources[i] && w < c->n_words; w++)
            rules[w] |= c->of_source[i][w];
    bool id_known = false;
    for (uint32_t w = 0; w < c->n_words; w++)
        for (uint64_t left = rules[w] & c->restricted[w]; left != 0; left &= left - 1) {
            uint32_t rule = w * 64 + (uint32_t)__builtin_ctzll(left);
            bool wanted = id != NULL && wants_id(&c->ids[rule], *id);
            id_known |= wanted;
            if (!wanted)
                rules[w] &= ~(left & -left);
        }
    return class_of(c, rules, id_known);
}

static bool row_has_id(const struct logsource_row *row, const uint32_t *id)
{
    if (row->n_ids == 0)
        return true;
    for (uint32_t i = 0; id != NULL && i < row->n_ids; i++)
        if (row->ids[i] == *id)
            return true;
    return false;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The number of the row's extra condition. */
static uint32_t when_of(struct classes *c, uint32_t row)
{
    const struct logsource_row *r = &logsource_rows[row];
    for (uint32_t i = 0; i < c->whens.n; i++) {
        const struct logsource_row *o = &logsource_rows[c->whens.v[i]];
        if (same_text(o->when_field, r->when_field) &&
            same_text(o->when_values[0], r->when_values[0]) &&
            same_text(o->when_values[1], r->when_values[1]))
            return i;
    }
    *VEC_PUSH(c->arena, &c->whens) = row;
    return (uint32_t)c->whens.n - 1;
}

static bool row_is_of(const struct logsource_row *row, const struct plan_key *key)
{
    const char *text = key->provider ? row->provider : row->channel;
    return text[0] != '\0' && str_eq_nocase(key->text, str_of(text));
}

/* The place of a condition in the case; a case has room for few (a unit test holds the table to
 * it).
 */
static uint32_t case_when(struct plan_case *k, uint32_t when)
{
    for (uint32_t i = 0; i < k->n_whens; i++)
        if (k->whens[i] == when)
            return i;
    if (k->n_whens == SIGMATON_CASE_WHENS)
        return SIGMATON_CASE_WHENS;
    k->whens[k->n_whens] = when;
    return k->n_whens++;
}

/* Whether events of the case carry the source, when the conditions `held` hold. */
static bool case_carries(const struct classes *c, uint32_t source, const uint32_t *id,
                         const uint32_t *place, uint32_t held)
{
    const struct logsource *wanted = &c->plan->sources[source];
    if (wanted->product.len + wanted->category.len + wanted->service.len == 0)
        return true;
    for (size_t i = 0; i < c->key_rows.n; i++) {
        uint32_t row = c->key_rows.v[i];
        const struct logsource_row *r = &logsource_rows[row];
        if (c->carries[row * c->plan->n_sources + source] && row_has_id(r, id) &&
            (r->when_field == NULL || held >> place[i] & 1))
            return true;
    }
    return false;
}

/* id NULL: events of no id that the other cases have. */
static void add_case(struct classes *c, const uint32_t *id)
{
    struct plan_case k = {.id = id != NULL ? *id : 0};
    uint32_t *place = ARENA_ARRAY(c->arena, c->key_rows.n, uint32_t);
    for (size_t i = 0; i < c->key_rows.n; i++) {
        const struct logsource_row *row = &logsource_rows[c->key_rows.v[i]];
        if (row->when_field != NULL && row_has_id(row, id))
            place[i] = case_when(&k, when_of(c, c->key_rows.v[i]));
    }
    for (uint32_t held = 0; held < 1u << k.n_whens; held++) {
        bool *sources = ARENA_ARRAY(c->arena, c->plan->n_sources, bool);
        for (uint32_t s = 0; s < c->plan->n_sources; s++)
            sources[s] = case_carries(c, s, id, place, held);
        k.classes[held] = case_class(c, sources, id);
    }
    *VEC_PUSH(c->arena, &c->cases) = k;
}

static int by_id(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The rows of the key, their ids, and those that rules want of events that meet them. */
static void collect_key(struct classes *c, const struct plan_key *key)
{
    uint32_t n_sources = c->plan->n_sources;
    bool *carried = ARENA_ARRAY(c->arena, n_sources, bool);
    c->key_rows.n = c->key_ids.n = 0;
    for (uint32_t i = 0; i < n_logsource_rows; i++) {
        const struct logsource_row *row = &logsource_rows[i];
        if (!row_is_of(row, key))
            continue;
        *VEC_PUSH(c->arena, &c->key_rows) = i;
        for (uint32_t k = 0; k < row->n_ids; k++)
            *VEC_PUSH(c->arena, &c->key_ids) = row->ids[k];
        for (uint32_t s = 0; s < n_sources; s++)
            carried[s] |= c->carries[i * n_sources + s];
    }
    for (uint32_t i = 0; i < c->plan->ir->n_rules; i++)
        for (uint32_t k = 0; carried[c->plan->source_of[i]] && k < c->ids[i].n; k++)
            *VEC_PUSH(c->arena, &c->key_ids) = c->ids[i].v[k];
    if (c->key_ids.n > 0)
        qsort(c->key_ids.v, c->key_ids.n, sizeof *c->key_ids.v, by_id);
}

static void add_key(struct classes *c, const char *text, bool provider)
{
    struct plan_key key = {.text = str_of(text), .provider = provider};
    if (key.text.len == 0)
        return;
    for (size_t i = 0; i < c->keys.n; i++)
        if (c->keys.v[i].provider == provider && str_eq_nocase(c->keys.v[i].text, key.text))
            return;
    key.first = (uint32_t)c->cases.n;
    collect_key(c, &key);
    add_case(c, NULL);
    for (size_t i = 0; i < c->key_ids.n; i++)
        if (i == 0 || c->key_ids.v[i] != c->key_ids.v[i - 1])
            add_case(c, &c->key_ids.v[i]);
    key.n = (uint32_t)c->cases.n - key.first;
    *VEC_PUSH(c->arena, &c->keys) = key;
}

static void find_ids(struct classes *c)
{
    c->restricted = bitmap_new(c);
    c->ids = ARENA_ARRAY(c->arena, c->plan->ir->n_rules, struct ids);
    for (uint32_t i = 0; i < c->plan->ir->n_rules; i++)
        if (witness_ids(c->plan->witnesses, i, &c->ids[i].v, &c->ids[i].n))
            set_bit(c->restricted, i);
}

static void find_carried(struct classes *c)
{
    uint32_t n = c->plan->n_sources;
    c->carries = ARENA_ARRAY(c->arena, n_logsource_rows * n, bool);
    for (uint32_t i = 0; i < n_logsource_rows; i++)
        for (uint32_t s = 0; s < n; s++)
            c->carries[i * n + s] = plan_carries(&logsource_rows[i], &c->plan->sources[s]);
}

void plan_classes(struct plan *p)
{
    struct classes c = {.plan = p, .arena = p->arena, .n_words = (p->ir->n_rules + 63) / 64};
    c.class_names = names_new(p->arena);
    c.layer_names = names_new(p->arena);
    find_ids(&c);
    find_carried(&c);
    find_source_layers(&c);
    add_every_rule(&c);
    for (uint32_t i = 0; i < n_logsource_rows; i++) {
        add_key(&c, logsource_rows[i].channel, false);
        add_key(&c, logsource_rows[i].provider, true);
    }
    p->classes = c.classes.v;
    p->n_classes = (uint32_t)c.classes.n;
    p->layers = c.layers.v;
    p->n_layers = (uint32_t)c.layers.n;
    p->cases = c.cases.v;
    p->n_cases = (uint32_t)c.cases.n;
    p->keys = c.keys.v;
    p->n_keys = (uint32_t)c.keys.n;
    p->whens = c.whens.v;
    p->n_whens = (uint32_t)c.whens.n;
}
