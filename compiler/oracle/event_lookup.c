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
