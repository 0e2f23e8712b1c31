#include "leaf_number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

static bool is_integer(struct str token)
{
    for (size_t i = 0; i < token.len; i++)
        if (token.p[i] == '.' || token.p[i] == 'e' || token.p[i] == 'E')
            return false;
    return true;
}

/* The digits of an integer token as uint64; false when they do not fit. */
static bool magnitude(struct str digits, uint64_t *ret_u)
{
    uint64_t u = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint64_t d = (uint64_t)(digits.p[i] - '0');
        if (u > (UINT64_MAX - d) / 10)
            return false;
        u = u * 10 + d;
    }
    *ret_u = u;
    return true;
}

static bool read_integer(struct str token, struct number *ret)
{
    bool negative = token.p[0] == '-';
    uint64_t u = 0;
    if (!magnitude(negative ? str_sub(token, 1, token.len) : token, &u))
        return false;
    if (negative) {
        if (u > (uint64_t)INT64_MAX + 1)
            return false;
        int64_t i = u > (uint64_t)INT64_MAX ? INT64_MIN : -(int64_t)u;
        *ret = (struct number){.kind = NUMBER_INT, .i = i};
    } else if (u > (uint64_t)INT64_MAX) {
        *ret = (struct number){.kind = NUMBER_UINT, .u = u};
    } else {
        *ret = (struct number){.kind = NUMBER_INT, .i = (int64_t)u};
    }
    return true;
}

/* The exponent written at p, clipped far beyond what a double could hold. */
static int64_t read_exponent(const char *p, const char *end)
{
    enum { FAR = 100000000 };
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    int64_t e = 0;
    for (; p < end; p++)
        e = e < FAR ? e * 10 + (*p - '0') : e;
    return negative ? -e : e;
}

/* The nearest double. The token is rewritten as digits and exponent, without a point, because
 * strtod's point depends on the locale: 12.5e3 becomes 125e2. */
static double read_double(struct arena *a, struct str token)
{
    char *copy = arena_alloc(a, token.len + 32);
    size_t n = 0, i = 0;
    int64_t exponent = 0;
    bool fraction = false;
    for (; i < token.len && token.p[i] != 'e' && token.p[i] != 'E'; i++) {
        if (token.p[i] == '.') {
            fraction = true;
            continue;
        }
        copy[n++] = token.p[i];
        exponent -= fraction;
    }
    if (i < token.len)
        exponent += read_exponent(token.p + i + 1, token.p + token.len);
    snprintf(copy + n, 32, "e%" PRId64, exponent);
    return strtod(copy, NULL);
}

bool leaf_number_read(struct arena *a, struct str token, struct number *ret)
{
    if (is_integer(token) && read_integer(token, ret))
        return true;
    double d = read_double(a, token);
    if (isinf(d))
        return false;
    *ret = (struct number){.kind = NUMBER_FLOAT, .f = d};
    return true;
}

/* n digits as an integer, scaled by the power of ten that puts the first one at 10^exponent. */
static double digits_value(const char *digits, size_t n, int exponent)
{
    char text[64];
    snprintf(text, sizeof text, "%.*se%d", (int)n, digits, exponent - (int)n + 1);
    return strtod(text, NULL);
}

/* The decimal one unit of the last digit above. */
static void digits_raise(char *digits, size_t n, int *exponent)
{
    size_t i = n;
    while (i > 0 && digits[i - 1] == '9')
        digits[--i] = '0';
    if (i > 0) {
        digits[i - 1]++;
        return;
    }
    digits[0] = '1'; /* 99 and one is 10, a place higher */
    ++*exponent;
}

/* Shortest digits (no point, no trailing zeros) of a positive finite double, and where the point
 * stands: value = 0.DIGITS * 10^*ret_point. Of a power of two the doubles below lie closer than
 * those above: there the nearest digits may read back as the one below, where the next ones up are
 * as short and read back right. */
static size_t shortest_digits(double d, char digits[32], int *ret_point)
{
    char e_form[64];
    for (int precision = 0; precision <= 17; precision++) {
        snprintf(e_form, sizeof e_form, "%.*e", precision, d);
        size_t n = 0;
        const char *p = e_form;
        for (; *p && *p != 'e'; p++)
            if (*p >= '0' && *p <= '9') /* whatever the locale's point is */
                digits[n++] = *p;
        int exponent = (int)strtol(p + 1, NULL, 10);
        if (digits_value(digits, n, exponent) != d)
            digits_raise(digits, n, &exponent);
        if (digits_value(digits, n, exponent) != d)
            continue;
        while (n > 1 && digits[n - 1] == '0')
            n--;
        *ret_point = exponent + 1;
        return n;
    }
    return 0;
}

static struct str zeros(struct arena *a, int n)
{
    char *p = arena_alloc(a, (size_t)n);
    memset(p, '0', (size_t)n);
    return (struct str){p, (size_t)n};
}

/* Number::toString of ECMAScript (ECMA-262, 6.1.6.1.20), whose k, n and s are n_digits, point and
 * digits here. */
static struct str print_double(struct arena *a, double d)
{
    if (d == 0)
        return STR("0");
    const char *sign = d < 0 ? "-" : "";
    char digits[32];
    int point = 0;
    int k = (int)shortest_digits(fabs(d), digits, &point);
    if (k <= point && point <= 21)
        return str_format(a, "%s%.*s%.*s", sign, k, digits, STR_ARG(zeros(a, point - k)));
    if (0 < point && point <= 21)
        return str_format(a, "%s%.*s.%.*s", sign, point, digits, k - point, digits + point);
    if (-6 < point && point <= 0)
        return str_format(a, "%s0.%.*s%.*s", sign, STR_ARG(zeros(a, -point)), k, digits);
    int e = point - 1;
    if (k == 1)
        return str_format(a, "%s%ce%+d", sign, digits[0], e);
    return str_format(a, "%s%c.%.*se%+d", sign, digits[0], k - 1, digits + 1, e);
}

struct str leaf_number_text(struct arena *a, struct str token)
{
    if (is_integer(token))
        return str_eq_z(token, "-0") ? STR("0") : token;
    double d = read_double(a, token);
    return isinf(d) ? token : print_double(a, d);
}

struct str leaf_number_print(struct arena *a, struct number n)
{
    if (n.kind == NUMBER_INT)
        return str_format(a, "%" PRId64, n.i);
    if (n.kind == NUMBER_UINT)
        return str_format(a, "%" PRIu64, n.u);
    return print_double(a, n.f);
}

/* An integer of either kind as sign and magnitude. */
struct integer {
    bool negative;
    uint64_t u;
};

static struct integer integer_of(struct number n)
{
    if (n.kind == NUMBER_UINT)
        return (struct integer){false, n.u};
    if (n.i >= 0)
        return (struct integer){false, (uint64_t)n.i};
    return (struct integer){true, (uint64_t)0 - (uint64_t)n.i};
}

static int order_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int order_integers(struct integer a, struct integer b)
{
    if (a.negative != b.negative)
        return a.negative ? -1 : 1;
    return a.negative ? order_u64(b.u, a.u) : order_u64(a.u, b.u);
}

/* A magnitude against a double that is not negative. Below 2^64 the double's whole part is an exact
 * uint64, and what it has behind the point decides between equals. */
static int order_magnitude(uint64_t u, double f)
{
    if (f >= 18446744073709551616.0)
        return -1;
    uint64_t whole = (uint64_t)f;
    if (u != whole)
        return order_u64(u, whole);
    return f > (double)whole ? -1 : 0;
}

static int order_integer_double(struct integer a, double f)
{
    bool negative = f < 0;
    if (a.negative != negative)
        return a.negative ? -1 : 1;
    return a.negative ? -order_magnitude(a.u, -f) : order_magnitude(a.u, f);
}

int leaf_number_order(struct number a, struct number b)
{
    bool af = a.kind == NUMBER_FLOAT, bf = b.kind == NUMBER_FLOAT;
    if (af && bf)
        return (a.f > b.f) - (a.f < b.f);
    if (af)
        return -order_integer_double(integer_of(b), a.f);
    if (bf)
        return order_integer_double(integer_of(a), b.f);
    return order_integers(integer_of(a), integer_of(b));
}

bool leaf_number_holds(struct number a, enum compare compare, struct number b)
{
    int order = leaf_number_order(a, b);
    switch (compare) {
    case COMPARE_EQ:
        return order == 0;
    case COMPARE_LT:
        return order < 0;
    case COMPARE_LTE:
        return order <= 0;
    case COMPARE_GT:
        return order > 0;
    case COMPARE_GTE:
        return order >= 0;
    }
    return false;
}
