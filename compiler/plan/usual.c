#include "usual.h"

#include <string.h>

struct usual {
    const char *field, *text;
    double share;
};

#define USUAL(field, text, percent) {field, text, (percent) / 100.0},
static const struct usual rows[] = {
#include "usual.def"
    {NULL, NULL, 0}};
#undef USUAL

const struct usual *usual_rows_of(struct str field)
{
    for (const struct usual *row = rows; row->field != NULL; row++)
        if (str_eq(field, str_of(row->field)))
            return row;
    return NULL;
}

static bool contains(struct str s, struct str part)
{
    for (size_t i = 0; i + part.len <= s.len; i++)
        if (memcmp(s.p + i, part.p, part.len) == 0)
            return true;
    return false;
}

static bool is_number(struct str s, int64_t number)
{
    uint64_t value = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        value = 10 * value + (uint64_t)(s.p[i] - '0');
    }
    return s.len > 0 && (int64_t)value == number;
}

static bool shows(struct str s, const struct witness *w)
{
    const size_t len = w->text.len;
    switch (w->kind) {
    case WITNESS_NUMBER:
        return is_number(s, w->number);
    case WITNESS_EQ:
        return str_eq(s, w->text);
    case WITNESS_PREFIX:
        return s.len >= len && memcmp(s.p, w->text.p, len) == 0;
    case WITNESS_SUFFIX:
        return s.len >= len && memcmp(str_end(s) - len, w->text.p, len) == 0;
    case WITNESS_CONTAINS:
        return contains(s, w->text);
    default:
        return false;
    }
}

double usual_share(const struct usual *row, const struct witness *w)
{
    double share = 0;
    const char *field = row != NULL ? row->field : NULL;
    for (; row != NULL && row->field != NULL && strcmp(row->field, field) == 0; row++)
        if (shows(str_of(row->text), w))
            share += row->share;
    return share;
}
