#include <stdlib.h>
#include <string.h>

#include "regex_parser.h"

/* POSIX classes, ASCII. */
static const struct {
    const char *name;
    struct regex_range ranges[4];
    size_t n;
} posix_classes[] = {
    {"alpha", {{'A', 'Z'}, {'a', 'z'}}, 2},
    {"digit", {{'0', '9'}}, 1},
    {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}, 3},
    {"upper", {{'A', 'Z'}}, 1},
    {"lower", {{'a', 'z'}}, 1},
    {"space", {{'\t', '\r'}, {' ', ' '}}, 2},
    {"blank", {{'\t', '\t'}, {' ', ' '}}, 2},
    {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}, 4},
    {"cntrl", {{0, 31}, {127, 127}}, 2},
    {"graph", {{'!', '~'}}, 1},
    {"print", {{' ', '~'}}, 1},
    {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}, 3},
    {"word", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}, 4},
    {"ascii", {{0, 127}}, 1},
};

static void add_range(struct regex_parser *p, struct range_list *list, uint32_t lo, uint32_t hi)
{
    *VEC_PUSH(p->arena, list) = (struct regex_range){lo, hi};
}

static void add_set(struct regex_parser *p, struct range_list *list, struct regex_set set,
                    bool negated)
{
    uint32_t next = 0; /* first code point that no range so far holds */
    for (size_t i = 0; i < set.n; i++) {
        if (!negated)
            add_range(p, list, set.ranges[i].lo, set.ranges[i].hi);
        else if (set.ranges[i].lo > next)
            add_range(p, list, next, set.ranges[i].lo - 1);
        next = set.ranges[i].hi + 1;
    }
    if (negated)
        add_range(p, list, next, CODE_POINT_MAX);
}

static int by_start(const void *a, const void *b)
{
    const struct regex_range *x = a, *y = b;
    return (x->lo > y->lo) - (x->lo < y->lo);
}

/* Sorted, disjoint, and no two touching. */
static void normalise(struct range_list *list)
{
    if (list->n == 0)
        return;
    qsort(list->v, list->n, sizeof list->v[0], by_start);
    size_t n = 1;
    for (size_t i = 1; i < list->n; i++) {
        struct regex_range *last = &list->v[n - 1];
        if (list->v[i].lo > last->hi + 1)
            list->v[n++] = list->v[i];
        else if (list->v[i].hi > last->hi)
            last->hi = list->v[i].hi;
    }
    list->n = n;
}

static struct regex *class_node(struct regex_parser *p, struct range_list *list, bool negated)
{
    normalise(list);
    if (!negated && list->n == 1 && list->v[0].lo == list->v[0].hi)
        return regex_char(p, list->v[0].lo);
    struct regex *node = regex_node(p, REGEX_CLASS);
    node->icase = p->flags.icase;
    node->negated = negated;
    node->ranges = list->v;
    node->n_ranges = list->n;
    return node;
}

struct regex *regex_class_of(struct regex_parser *p, struct regex_set set, bool negated)
{
    struct regex *node = regex_node(p, REGEX_CLASS);
    node->negated = negated;
    node->ranges = ARENA_ARRAY(p->arena, set.n, struct regex_range);
    memcpy(node->ranges, set.ranges, set.n * sizeof set.ranges[0]);
    node->n_ranges = set.n;
    return node;
}

bool regex_at_posix(const struct regex_parser *p, size_t *ret_end)
{
    char mark = regex_peek(p, 1);
    if (regex_peek(p, 0) != '[' || (mark != ':' && mark != '.' && mark != '='))
        return false;
    for (size_t i = p->at + 2; i + 1 < p->pattern.len; i++) {
        char c = p->pattern.p[i], next = p->pattern.p[i + 1];
        if (c == '\\' && (next == ']' || next == '\\')) {
            i++;
        } else if (c == ']' || (c == '[' && next == mark)) {
            return false;
        } else if (c == mark && next == ']') {
            *ret_end = i + 2;
            return true;
        }
    }
    return false;
}

/* [:name:] or [:^name:] inside a class, ending at `end`. */
static bool read_posix(struct regex_parser *p, size_t end, struct range_list *list)
{
    size_t start = p->at;
    if (regex_peek(p, 1) != ':')
        return regex_fail(p, start, end - start, "collating elements are not supported");
    struct str name = str_sub(p->pattern, start + 2, end - 2 - (start + 2));
    bool negated = name.len > 0 && name.p[0] == '^';
    if (negated)
        name = str_sub(name, 1, name.len);
    for (size_t i = 0; i < sizeof posix_classes / sizeof posix_classes[0]; i++) {
        if (str_eq_z(name, posix_classes[i].name)) {
            add_set(p, list, (struct regex_set){posix_classes[i].ranges, posix_classes[i].n},
                    negated);
            p->at = end;
            return true;
        }
    }
    return regex_fail(p, start, end - start, "no POSIX class has this name");
}

/* One element of a class: a character, *ret_single true, or a set that is added at once. */
static bool read_element(struct regex_parser *p, struct range_list *list, bool *ret_single,
                         uint32_t *ret_c)
{
    size_t end;
    *ret_single = false;
    if (regex_at_posix(p, &end))
        return read_posix(p, end, list);
    if (regex_peek(p, 0) != '\\') {
        *ret_single = true;
        return regex_read_char(p, ret_c);
    }
    struct regex_escape escape;
    if (!regex_read_escape(p, true, &escape))
        return false;
    if (escape.kind == ESCAPE_SET) {
        add_set(p, list, escape.set, escape.negated);
        return true;
    }
    *ret_single = true;
    *ret_c = escape.c;
    return true;
}

/* An element or a range of two characters. */
static bool read_member(struct regex_parser *p, struct range_list *list)
{
    size_t start = p->at;
    bool single;
    uint32_t lo, hi;
    if (!read_element(p, list, &single, &lo))
        return false;
    bool range = regex_peek(p, 0) == '-' && p->at + 1 < p->pattern.len && regex_peek(p, 1) != ']';
    if (!range) {
        if (single)
            add_range(p, list, lo, lo);
        return true;
    }
    bool lo_single = single;
    p->at++;
    if (!read_element(p, list, &single, &hi))
        return false;
    if (!lo_single || !single)
        return regex_fail(p, start, p->at - start, "a range needs a character on both sides");
    if (hi < lo)
        return regex_fail(p, start, p->at - start, "the range runs backwards");
    add_range(p, list, lo, hi);
    return true;
}

struct regex *regex_read_class(struct regex_parser *p)
{
    size_t start = p->at, end;
    if (regex_at_posix(p, &end)) {
        regex_fail(p, start, end - start, "a POSIX class stands inside another pair of brackets");
        return NULL;
    }
    struct range_list list = {0};
    p->at++;
    bool negated = regex_peek(p, 0) == '^';
    if (negated)
        p->at++;
    bool first = true;
    while (first || regex_peek(p, 0) != ']') {
        if (regex_at_end(p)) {
            regex_fail(p, start, 1, "this bracket is never closed");
            return NULL;
        }
        if (!read_member(p, &list))
            return NULL;
        first = false;
    }
    p->at++;
    return class_node(p, &list, negated);
}
