/* A slot as text, so that a table of tests can say what it wants in one word:
 *
 *     -  null  true  i5  u18446744073709551615  d1.5  "text"  [i1,"x",null]  []  {}
 *
 * A number whose text is not its plain decimal has the text behind it: d1000(1e3). Bytes of a text
 * that are not printable ASCII are \xNN.
 */
#ifndef SIGMATON_TESTS_SHOW_H
#define SIGMATON_TESTS_SHOW_H

#include <inttypes.h>

#include "image.h"

struct shown {
    char z[4096];
};

__attribute__((format(printf, 2, 3))) static inline void show_add(struct shown *to,
                                                                  const char *format, ...)
{
    size_t len = strlen(to->z);
    va_list args;
    va_start(args, format);
    vsnprintf(to->z + len, sizeof to->z - len, format, args);
    va_end(args);
}

static inline void show_number(struct shown *to, const struct sigmaton_slot *s)
{
    char plain[64];
    double d;
    memcpy(&d, &s->number, sizeof d);
    if (s->kind == SIGMATON_INT)
        snprintf(plain, sizeof plain, "%" PRId64, (int64_t)s->number);
    else if (s->kind == SIGMATON_UINT)
        snprintf(plain, sizeof plain, "%" PRIu64, s->number);
    else
        snprintf(plain, sizeof plain, "%.17g", d);
    show_add(to, "%c%s",
             s->kind == SIGMATON_INT    ? 'i'
             : s->kind == SIGMATON_UINT ? 'u'
                                        : 'd',
             plain);
    if (strlen(plain) != s->len || memcmp(plain, s->at.text, s->len) != 0)
        show_add(to, "(%.*s)", (int)s->len, (const char *)s->at.text);
}

static inline void show_leaf(struct shown *to, const struct sigmaton_slot *s)
{
    switch (s->kind) {
    case SIGMATON_ABSENT:
        show_add(to, "-");
        return;
    case SIGMATON_NULL:
        show_add(to, "null");
        return;
    case SIGMATON_BOOL:
        assert_int_equal(s->number, s->len == 4);
        show_add(to, "%.*s", (int)s->len, (const char *)s->at.text);
        return;
    case SIGMATON_TEXT:
        show_add(to, "\"");
        for (uint32_t i = 0; i < s->len; i++) {
            uint8_t c = s->at.text[i];
            show_add(to, c >= 0x20 && c < 0x7f ? "%c" : "\\x%02x", c);
        }
        show_add(to, "\"");
        return;
    case SIGMATON_EMPTY:
        show_add(to, "[]");
        return;
    case SIGMATON_OBJECT:
        show_add(to, "{}");
        return;
    default:
        assert_true((s->kind & SIGMATON_NUMBER) != 0);
        show_number(to, s);
    }
}

static inline struct shown show(const struct sigmaton_slot *s)
{
    struct shown to = {""};
    if (s->kind != SIGMATON_LIST) {
        show_leaf(&to, s);
        return to;
    }
    assert_true(s->len > 0);
    for (uint32_t i = 0; i < s->len; i++) {
        show_add(&to, i == 0 ? "[" : ",");
        show_leaf(&to, &s->at.leaves[i]);
    }
    show_add(&to, "]");
    return to;
}

#endif
