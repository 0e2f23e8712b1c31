#include "number_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ECMA-262, Number::toString: exponents outside of (-7, 21] are written with e. */
#define FIXED_EXPONENT_MAX 21
#define FIXED_EXPONENT_MIN (-6)
#define DIGITS_MAX 17 /* enough for every double */

struct number number_of_node(const struct node *node)
{
    if (node->kind == NODE_UINT)
        return (struct number){.kind = NUMBER_UINT, .u = node->uinteger};
    if (node->kind == NODE_INT)
        return (struct number){.kind = NUMBER_INT, .i = node->integer};
    return (struct number){.kind = NUMBER_FLOAT, .f = node->real};
}

/* The fewest digits that read back as f > 0: value 0.DIGITS x 10^*ret_point. The decimal point is
 * skipped whatever the locale made of it. */
static int shortest_digits(double f, char digits[DIGITS_MAX + 1], int *ret_point)
{
    char buffer[64];
    for (int precision = 0; precision < DIGITS_MAX; precision++) {
        snprintf(buffer, sizeof buffer, "%.*e", precision, f);
        if (strtod(buffer, NULL) == f)
            break;
    }
    int n = 0;
    const char *p = buffer;
    for (; *p != 'e' && *p != '\0'; p++)
        if (*p >= '0' && *p <= '9' && n < DIGITS_MAX)
            digits[n++] = *p;
    *ret_point = *p == 'e' ? (int)strtol(p + 1, NULL, 10) + 1 : n;
    while (n > 1 && digits[n - 1] == '0')
        n--;
    digits[n] = '\0';
    return n;
}

static void print_zeros(struct text *out, int n)
{
    for (int i = 0; i < n; i++)
        text_addz(out, "0");
}

static void print_float(struct text *out, double f)
{
    if (f == 0) { /* -0 too */
        text_addz(out, "0");
        return;
    }
    if (f < 0) {
        text_addz(out, "-");
        f = -f;
    }
    char digits[DIGITS_MAX + 1];
    int point, n = shortest_digits(f, digits, &point);
    if (point > FIXED_EXPONENT_MAX || point < FIXED_EXPONENT_MIN + 1) {
        text_addf(out, "%c%s%s", digits[0], n > 1 ? "." : "", digits + 1);
        text_addf(out, "e%c%d", point - 1 < 0 ? '-' : '+', abs(point - 1));
    } else if (point <= 0) {
        text_addz(out, "0.");
        print_zeros(out, -point);
        text_addz(out, digits);
    } else if (n <= point) {
        text_addz(out, digits);
        print_zeros(out, point - n);
    } else {
        text_addf(out, "%.*s.%s", point, digits, digits + point);
    }
}

void number_print(struct text *out, const struct number *n)
{
    switch (n->kind) {
    case NUMBER_INT:
        text_addf(out, "%" PRId64, n->i);
        break;
    case NUMBER_UINT:
        text_addf(out, "%" PRIu64, n->u);
        break;
    case NUMBER_FLOAT:
        print_float(out, n->f);
        break;
    }
}
