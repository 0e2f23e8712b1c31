/* Field look-up and leaves of an event tree, as SEMANTICS section 5 has them. */
#include "event_tree.h"
#include "vec.h"

struct found {
    struct arena *arena;
    VEC(const struct json *) list;
};

static void add(struct found *f, const struct json *value)
{
    *VEC_PUSH(f->arena, &f->list) = value;
}

static struct values done(const struct found *f)
{
    return (struct values){f->list.v, f->list.n};
}

const struct json *json_member(const struct json *object, struct str key)
{
    if (object->kind != JSON_OBJECT)
        return NULL;
    for (size_t i = 0; i < object->n; i++)
        if (str_eq(object->keys[i], key))
            return object->items[i];
    return NULL;
}

/* An object is asked, an array asks all its elements, a scalar holds no fields. Recursion is
 * bounded by the depth of the tree. */
static void find(struct found *f, const struct json *value, struct str path)
{
    if (value->kind == JSON_ARRAY) {
        for (size_t i = 0; i < value->n; i++)
            find(f, value->items[i], path);
        return;
    }
    const struct json *whole = json_member(value, path);
    if (whole) {
        add(f, whole);
        return;
    }
    size_t dot = str_find(path, '.');
    if (dot == path.len)
        return;
    const struct json *head = json_member(value, str_sub(path, 0, dot));
    if (head)
        find(f, head, str_sub(path, dot + 1, path.len));
}

struct values json_find(struct arena *a, const struct json *object, struct str path)
{
    struct found f = {.arena = a};
    find(&f, object, path);
    return done(&f);
}

static void flatten(struct found *f, const struct json *value)
{
    if (value->kind == JSON_ARRAY) {
        for (size_t i = 0; i < value->n; i++)
            flatten(f, value->items[i]);
    } else if (value->kind != JSON_OBJECT) {
        add(f, value);
    }
}

static bool equal_but_blanks(struct str key, struct str name)
{
    size_t n = 0;
    for (size_t i = 0; i < key.len; i++) {
        if (key.p[i] == ' ')
            continue;
        if (n == name.len || key.p[i] != name.p[n])
            return false;
        n++;
    }
    return n == name.len;
}

/* A member by its key as it is, else by a key that has blanks more. */
static const struct json *loose_member(const struct json *object, struct str name)
{
    const struct json *exact = json_member(object, name);
    if (exact || object->kind != JSON_OBJECT)
        return exact;
    for (size_t i = 0; i < object->n; i++)
        if (equal_but_blanks(object->keys[i], name))
            return object->items[i];
    return NULL;
}

/* As find, for the envelope itself; below it, keys are keys again. */
static void find_loosely(struct found *f, const struct json *envelope, struct str path)
{
    if (envelope->kind == JSON_ARRAY) {
        for (size_t i = 0; i < envelope->n; i++)
            find_loosely(f, envelope->items[i], path);
        return;
    }
    const struct json *whole = loose_member(envelope, path);
    if (whole) {
        add(f, whole);
        return;
    }
    size_t dot = str_find(path, '.');
    const struct json *head = dot < path.len ? loose_member(envelope, str_sub(path, 0, dot)) : NULL;
    if (head)
        find(f, head, str_sub(path, dot + 1, path.len));
}

struct values json_find_in_envelope(struct arena *a, const struct json *envelope, struct str path)
{
    struct found all = {.arena = a}, f = {.arena = a};
    find_loosely(&all, envelope, path);
    for (size_t i = 0; i < all.list.n; i++) {
        const struct json *value = all.list.v[i];
        if (value->kind == JSON_OBJECT)
            value = json_member(value, STR("#text"));
        if (value)
            add(&f, value);
    }
    return done(&f);
}

struct values json_envelopes(struct arena *a, const struct json *event, struct str path, bool inner)
{
    struct found all = {.arena = a}, f = {.arena = a};
    find(&all, event, path);
    for (size_t i = 0; i < all.list.n; i++) {
        const struct json *value = all.list.v[i];
        if (!inner) {
            add(&f, value);
            continue;
        }
        size_t first = 0;
        while (value->kind == JSON_OBJECT && first < value->n &&
               str_eq_z(value->keys[first], "#attributes"))
            first++;
        if (value->kind == JSON_OBJECT && first < value->n)
            add(&f, value->items[first]);
    }
    return done(&f);
}

struct values json_leaves(struct arena *a, struct values found)
{
    struct found f = {.arena = a};
    for (size_t i = 0; i < found.n; i++)
        flatten(&f, found.v[i]);
    return done(&f);
}

static void collect(struct found *f, const struct json *value)
{
    if (value->kind == JSON_ARRAY || value->kind == JSON_OBJECT) {
        for (size_t i = 0; i < value->n; i++)
            collect(f, value->items[i]);
    } else if (value->kind != JSON_NULL) {
        add(f, value);
    }
}

struct values json_all_scalars(struct arena *a, const struct json *root)
{
    struct found f = {.arena = a};
    collect(&f, root);
    return done(&f);
}
