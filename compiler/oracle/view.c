#include "view.h"

#include <string.h>

#include "case_fold.h"
#include "leaf_number.h"
#include "vec.h"

struct points points_of(struct arena *a, struct str s, bool folded)
{
    uint32_t *v = ARENA_ARRAY(a, s.len, uint32_t); /* a code point takes a byte at least */
    size_t n = 0;
    for (const char *p = s.p, *end = str_end(s); p < end;) {
        uint32_t c = utf8_next(&p, end);
        v[n++] = folded ? case_fold(c) : c;
    }
    return (struct points){v, n};
}

struct points view_points(const struct view *v, struct leaf *leaf, bool folded)
{
    struct points *points = folded ? &leaf->folded : &leaf->plain;
    if (!points->v)
        *points = points_of(v->arena, leaf->text, folded);
    return *points;
}

/* SEMANTICS section 5, "Text of a leaf" and "Number of a leaf". */
static struct leaf leaf_of(struct arena *a, const struct json *json)
{
    struct leaf leaf = {.json = json};
    switch (json->kind) {
    case JSON_BOOL:
        leaf.has_text = true;
        leaf.text = json->boolean ? STR("true") : STR("false");
        break;
    case JSON_NUMBER:
        leaf.has_text = true;
        leaf.text = leaf_number_text(a, json->text);
        leaf.has_number = leaf_number_read(a, json->text, &leaf.number);
        break;
    case JSON_STRING:
        leaf.has_text = true;
        leaf.text = json->text;
        leaf.has_number =
            json_is_number(json->text) && leaf_number_read(a, json->text, &leaf.number);
        break;
    default:
        break;
    }
    return leaf;
}

static struct field *field_new(struct arena *a, bool present, struct values leaves)
{
    struct field *field = ARENA_NEW(a, struct field);
    field->present = present;
    field->leaves = ARENA_ARRAY(a, leaves.n, struct leaf);
    field->n = leaves.n;
    for (size_t i = 0; i < leaves.n; i++)
        field->leaves[i] = leaf_of(a, leaves.v[i]);
    return field;
}

/* All that the envelopes of one row have. */
static struct values find_in_row(const struct view *v, const struct envelope_row *row,
                                 struct str name)
{
    VEC(const struct json *) list = {0};
    struct values at = json_envelopes(v->arena, v->root, str_of(row->path), row->inner);
    for (size_t i = 0; i < at.n; i++) {
        struct values found = json_find_in_envelope(v->arena, at.v[i], name);
        for (size_t k = 0; k < found.n; k++)
            *VEC_PUSH(v->arena, &list) = found.v[k];
    }
    return (struct values){list.v, list.n};
}

const struct field *view_raw(const struct view *v, struct str name)
{
    struct values found = json_find(v->arena, v->root, name);
    for (int inner = 0; inner < 2; inner++)
        for (size_t i = 0; i < n_envelope_rows && found.n == 0; i++)
            if (envelope_rows[i].inner == inner)
                found = find_in_row(v, &envelope_rows[i], name);
    return field_new(v->arena, found.n > 0, json_leaves(v->arena, found));
}

struct str view_raw_text(const struct view *v, struct str name)
{
    const struct field *field = view_raw(v, name);
    for (size_t i = 0; i < field->n; i++)
        if (field->leaves[i].has_text)
            return field->leaves[i].text;
    return STR("");
}

bool leaf_is_string(const struct leaf *leaf)
{
    return leaf->json->kind == JSON_STRING ||
           (leaf->json->kind == JSON_NUMBER && !leaf->has_number);
}

/* The first leaf that is a string other than "-", Windows' word for nothing. */
static bool named_text(const struct view *v, const char *name, struct str *ret_text)
{
    if (!name)
        return false;
    const struct field *field = view_raw(v, str_of(name));
    for (size_t i = 0; i < field->n; i++) {
        const struct leaf *leaf = &field->leaves[i];
        if (!leaf_is_string(leaf))
            continue;
        *ret_text = leaf->text;
        return !str_eq_z(leaf->text, "-");
    }
    return false;
}

static const struct field *join(const struct view *v, const struct shape_row *row)
{
    struct str source, domain;
    if (!named_text(v, row->source, &source))
        return NULL;
    struct json *json = ARENA_NEW(v->arena, struct json);
    json->kind = JSON_STRING;
    json->text = source;
    if (named_text(v, row->domain, &domain)) {
        char *p = arena_alloc(v->arena, domain.len + 1 + source.len);
        memcpy(p, domain.p, domain.len);
        p[domain.len] = '\\';
        memcpy(p + domain.len + 1, source.p, source.len);
        json->text = (struct str){p, domain.len + 1 + source.len};
    }
    const struct json *one = json;
    return field_new(v->arena, true, (struct values){&one, 1});
}

/* What a row of the event's shape answers; NULL: it does not apply. */
static const struct field *apply(const struct view *v, const struct shape_row *row)
{
    if (row->kind == SHAPE_OVERRIDE)
        return view_raw(v, str_of(row->source));
    if (view_raw(v, str_of(row->field))->present)
        return NULL;
    if (row->kind == SHAPE_JOIN)
        return join(v, row);
    const struct field *renamed = view_raw(v, str_of(row->source));
    return renamed->present ? renamed : NULL;
}

static bool row_is_for(const struct view *v, const struct shape_row *row, struct str name)
{
    struct number id = {.kind = NUMBER_INT, .i = row->event_id};
    if (*row->channel == '\0')
        return str_eq_z(name, row->field);
    return v->has_id && leaf_number_order(v->id, id) == 0 && str_eq_z(name, row->field) &&
           str_eq_nocase(v->channel, str_of(row->channel));
}

static const struct field *look_up(const struct view *v, struct str name)
{
    for (size_t i = 0; i < n_shape_rows; i++) {
        const struct shape_row *row = &shape_rows[i];
        const struct field *field = row_is_for(v, row, name) ? apply(v, row) : NULL;
        if (field)
            return field;
    }
    return view_raw(v, name);
}

const struct field *view_field(struct view *v, struct str name)
{
    uint32_t id = v->names ? names_find(v->names, name) : UINT32_MAX;
    if (id == UINT32_MAX)
        return look_up(v, name);
    if (!v->fields[id])
        v->fields[id] = look_up(v, name);
    return v->fields[id];
}

const struct field *view_keywords(struct view *v)
{
    if (!v->keywords)
        v->keywords = field_new(v->arena, true, json_all_scalars(v->arena, v->root));
    return v->keywords;
}

struct view *view_new(struct arena *a, const struct json *root, const struct names *names)
{
    struct view *v = ARENA_NEW(a, struct view);
    v->arena = a;
    v->root = root;
    v->names = names;
    v->fields = ARENA_ARRAY(a, names ? names_count(names) : 0, const struct field *);
    for (size_t i = 0; i < n_channel_fields && v->channel.len == 0; i++)
        v->channel = view_raw_text(v, str_of(channel_fields[i]));
    for (size_t i = 0; i < n_event_id_fields && !v->has_id; i++) {
        const struct field *field = view_raw(v, str_of(event_id_fields[i]));
        v->has_id = field->n > 0 && field->leaves[0].has_number;
        if (v->has_id)
            v->id = field->leaves[0].number;
    }
    return v;
}
