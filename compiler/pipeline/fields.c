/* Transformations of field names, of an item's own and of those that fieldref refers to. */
#include <string.h>

#include "passage.h"
#include "vec.h"

struct names_list {
    struct str *v;
    size_t n, cap;
};

/* What a field is called now; false: the step says nothing about it. Empty: keywords. */
typedef bool (*namer)(struct passage *p, const struct step *s, struct str field,
                      struct names_list *list);

static void add_targets(struct passage *p, const struct node *target, struct str rest,
                        struct names_list *list)
{
    bool several = target->kind == NODE_LIST;
    for (size_t i = 0; i < (several ? target->n : 1); i++) {
        struct str name = several ? target->items[i]->text : target->text;
        *VEC_PUSH(p->arena, list) =
            rest.len ? str_format(p->arena, "%.*s%.*s", STR_ARG(name), STR_ARG(rest)) : name;
    }
}

/* As a name that a mapping does not mention. */
static bool mapped_name(struct passage *p, const struct step *s, struct str field,
                        struct names_list *list)
{
    uint32_t id = field.len ? names_find(s->names, field) : UINT32_MAX;
    const struct node *target = id != UINT32_MAX ? s->targets[id] : NULL;
    if (field.len == 0)
        target = s->keyword;
    if (target)
        add_targets(p, target, STR(""), list);
    return target != NULL;
}

static bool prefix_name(struct passage *p, const struct step *s, struct str field,
                        struct names_list *list)
{
    const struct node *map = node_find(s->node, "mapping");
    for (size_t i = 0; field.len > 0 && i < map->n; i++) {
        struct str prefix = map->pairs[i].key->text;
        if (!str_starts(field, prefix))
            continue;
        add_targets(p, map->pairs[i].value, str_sub(field, prefix.len, field.len), list);
        return true;
    }
    return false;
}

static bool with_prefix(struct passage *p, const struct step *s, struct str field,
                        struct names_list *list)
{
    if (field.len > 0)
        *VEC_PUSH(p->arena, list) = str_format(
            p->arena, "%.*s%.*s", STR_ARG(parameter_text(s->node, "prefix")), STR_ARG(field));
    return field.len > 0;
}

static bool with_suffix(struct passage *p, const struct step *s, struct str field,
                        struct names_list *list)
{
    if (field.len > 0)
        *VEC_PUSH(p->arena, list) = str_format(p->arena, "%.*s%.*s", STR_ARG(field),
                                               STR_ARG(parameter_text(s->node, "suffix")));
    return field.len > 0;
}

static bool transformed_name(struct passage *p, const struct step *s, struct str field,
                             struct names_list *list)
{
    if (field.len == 0)
        return false;
    if (!mapped_name(p, s, field, list))
        *VEC_PUSH(p->arena, list) =
            text_in_case(p->arena, field, parameter_text(s->node, "transform_func"));
    return true;
}

/* ---- items ---- */

/* Field references: one that becomes several is several values. */
static bool rename_references(struct passage *p, const struct step *s, struct tracked *t,
                              namer names, bool *ret_gone)
{
    struct item *item = &t->item;
    VEC(struct value *) values = {0};
    bool changed = false;
    for (size_t i = 0; i < item->n_values; i++) {
        struct value *v = item->values[i];
        struct names_list list = {0};
        if (v->kind != VALUE_FIELDREF || !gate_field(p, s, t, v->other_field) ||
            !names(p, s, v->other_field, &list)) {
            *VEC_PUSH(p->arena, &values) = v;
            continue;
        }
        changed = true;
        if (list.n != 1 && item->all)
            return passage_fail(p, v->at, "a field reference under 'all' stands for %zu fields",
                                list.n);
        for (size_t k = 0; k < list.n; k++) {
            struct value *other = ARENA_NEW(p->arena, struct value);
            *other = *v;
            other->other_field = list.v[k];
            *VEC_PUSH(p->arena, &values) = other;
        }
    }
    if (!changed)
        return !p->failed;
    mark_step(t->applied, s);
    item->values = values.v;
    item->n_values = values.n;
    *ret_gone = values.n == 0;
    return true;
}

static void set_name(struct tracked *t, const struct step *s, struct str name, bool is_mapping)
{
    t->item.field = name;
    t->mapped = t->mapped || is_mapping;
    mark_step(t->applied, s);
    mark_step(t->named, s);
}

static bool rename(struct passage *p, const struct step *s, struct detection **at, namer names,
                   bool is_mapping)
{
    struct tracked *t = tracked_of((*at)->item);
    struct names_list list = {0};
    bool gone = false;
    if (!rename_references(p, s, t, names, &gone))
        return false;
    if (!gone && gate_field(p, s, t, t->item.field) && names(p, s, t->item.field, &list)) {
        gone = list.n == 0;
        if (list.n == 1)
            set_name(t, s, list.v[0], is_mapping);
    }
    if (gone)
        *at = NULL;
    if (list.n < 2)
        return !p->failed;
    struct detection *d = ARENA_NEW(p->arena, struct detection);
    /* neq negates the whole: not in any of the fields */
    d->kind = t->item.neq ? DETECTION_ALL_OF : DETECTION_ANY_OF;
    d->at = t->item.at;
    d->children = ARENA_ARRAY(p->arena, list.n, struct detection *);
    for (size_t i = 0; i < list.n; i++) {
        struct tracked *one = tracked_copy(p, &t->item, t);
        set_name(one, s, list.v[i], is_mapping);
        d->children[d->n_children++] = detection_of_item(p, one);
    }
    *at = d;
    return true;
}

bool apply_field_mapping(struct passage *p, const struct step *s, struct detection **at)
{
    return rename(p, s, at, mapped_name, true);
}

bool apply_prefix_mapping(struct passage *p, const struct step *s, struct detection **at)
{
    return rename(p, s, at, prefix_name, true);
}

bool apply_field_prefix(struct passage *p, const struct step *s, struct detection **at)
{
    return rename(p, s, at, with_prefix, false);
}

bool apply_field_suffix(struct passage *p, const struct step *s, struct detection **at)
{
    return rename(p, s, at, with_suffix, false);
}

bool apply_field_transform(struct passage *p, const struct step *s, struct detection **at)
{
    return rename(p, s, at, transformed_name, true);
}

/* ---- hashes ---- */

static const char *algorithm_of_length(size_t len)
{
    return len == 32    ? "MD5"
           : len == 40  ? "SHA1"
           : len == 64  ? "SHA256"
           : len == 128 ? "SHA512"
                        : "";
}

/* A hash as a rule writes it: ALGO=hash, ALGO|hash, or the hash alone, stars round it. */
struct hash {
    struct str algorithm;
    struct pattern value;
};

static bool is_valid(const struct step *s, struct str algorithm)
{
    const struct node *list = node_find(s->node, "valid_hash_algos");
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->items[i]->text, algorithm))
            return true;
    return false;
}

static struct hash read_hash(struct passage *p, const struct step *s, const struct item *item,
                             const struct pattern *pattern)
{
    struct marked m;
    struct hash hash;
    marked_of_pattern(p->arena, item, pattern, &m);
    struct str text = text_str(&m.text), algorithm;
    char sign = str_find(text, '|') < text.len ? '|' : '=';
    size_t start = 0, cut = str_find(text, sign), end = text.len;
    bool two =
        cut < text.len && str_find(str_sub(text, cut + 1, text.len), sign) == text.len - cut - 1;
    while (start < text.len && m.marks.p[start] == MARK_WILDCARD)
        start++;
    if (two && start <= cut) {
        algorithm = text_in_case(p->arena, str_sub(text, start, cut - start), STR("upper"));
        hash.value = pattern_of_marked(p->arena, item, &m, cut + 1, text.len);
    } else {
        while (end > start && m.marks.p[end - 1] == MARK_WILDCARD)
            end--;
        algorithm = str_of(algorithm_of_length(end - start));
        hash.value = pattern_of_marked(p->arena, item, &m, 0, text.len);
    }
    hash.algorithm = is_valid(s, algorithm) ? algorithm : STR("");
    return hash;
}

/* An item per algorithm, in the order in which they come up. */
struct hash_items {
    struct tracked **v;
    size_t n, cap;
};

static struct tracked *hash_item(struct passage *p, const struct step *s, struct tracked *from,
                                 struct hash_items *items, struct str algorithm)
{
    bool plain = parameter_flag(s->node, "drop_algo_prefix");
    struct str field =
        str_format(p->arena, "%.*s%.*s", STR_ARG(parameter_text(s->node, "field_prefix")),
                   STR_ARG(plain ? STR("") : algorithm));
    for (size_t i = 0; i < items->n; i++)
        if (str_eq(items->v[i]->item.field, field))
            return items->v[i];
    struct tracked *t = tracked_copy(p, &from->item, from);
    t->item.n_values = 0;
    set_name(t, s, field, true);
    *VEC_PUSH(p->arena, items) = t;
    return t;
}

static bool add_hashes(struct passage *p, const struct step *s, struct tracked *from,
                       const struct value *v, struct hash_items *items)
{
    for (size_t i = 0; i < v->n; i++) {
        struct hash hash = read_hash(p, s, &from->item, &v->patterns[i]);
        if (hash.algorithm.len == 0)
            continue;
        struct tracked *t = hash_item(p, s, from, items, hash.algorithm);
        if (t->item.field.len == 0)
            return passage_fail(p, v->at,
                                "a hash has no field: drop_algo_prefix wants a "
                                "field_prefix");
        struct value *one = ARENA_NEW(p->arena, struct value);
        *one = *v;
        one->n = 1;
        one->patterns = ARENA_ARRAY(p->arena, 1, struct pattern);
        one->patterns[0] = hash.value;
        struct value **values = ARENA_ARRAY(p->arena, t->item.n_values + 1, struct value *);
        if (t->item.n_values > 0)
            memcpy(values, t->item.values, t->item.n_values * sizeof *values);
        values[t->item.n_values++] = one;
        t->item.values = values;
    }
    return true;
}

bool apply_hashes(struct passage *p, const struct step *s, struct detection **at)
{
    struct tracked *t = tracked_of((*at)->item);
    struct hash_items items = {0};
    for (size_t i = 0; i < t->item.n_values; i++)
        if (t->item.values[i]->kind != VALUE_PATTERN)
            return true; /* no texts: not a list of hashes */
    for (size_t i = 0; i < t->item.n_values; i++)
        if (!add_hashes(p, s, t, t->item.values[i], &items))
            return false;
    if (items.n == 0)
        return passage_fail(p, t->item.at, "none of its values is a hash of a valid algorithm");
    struct detection *d = ARENA_NEW(p->arena, struct detection);
    d->kind = t->item.all != t->item.neq ? DETECTION_ALL_OF : DETECTION_ANY_OF;
    d->at = t->item.at;
    d->children = ARENA_ARRAY(p->arena, items.n, struct detection *);
    for (size_t i = 0; i < items.n; i++)
        d->children[d->n_children++] = detection_of_item(p, items.v[i]);
    *at = items.n == 1 ? d->children[0] : d;
    return true;
}
