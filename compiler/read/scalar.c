#include "scalar.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct word {
    const char *text;
    enum node_kind kind;
    bool boolean;
    double real;
};

static const struct word words[] = {
    {"", NODE_NULL, false, 0},
    {"~", NODE_NULL, false, 0},
    {"null", NODE_NULL, false, 0},
    {"Null", NODE_NULL, false, 0},
    {"NULL", NODE_NULL, false, 0},
    {"true", NODE_BOOL, true, 0},
    {"True", NODE_BOOL, true, 0},
    {"TRUE", NODE_BOOL, true, 0},
    {"false", NODE_BOOL, false, 0},
    {"False", NODE_BOOL, false, 0},
    {"FALSE", NODE_BOOL, false, 0},
    {".nan", NODE_FLOAT, false, (double)NAN},
    {".NaN", NODE_FLOAT, false, (double)NAN},
    {".NAN", NODE_FLOAT, false, (double)NAN},
    {".inf", NODE_FLOAT, false, (double)INFINITY},
    {".Inf", NODE_FLOAT, false, (double)INFINITY},
    {".INF", NODE_FLOAT, false, (double)INFINITY},
    {"+.inf", NODE_FLOAT, false, (double)INFINITY},
    {"+.Inf", NODE_FLOAT, false, (double)INFINITY},
    {"+.INF", NODE_FLOAT, false, (double)INFINITY},
    {"-.inf", NODE_FLOAT, false, -(double)INFINITY},
    {"-.Inf", NODE_FLOAT, false, -(double)INFINITY},
    {"-.INF", NODE_FLOAT, false, -(double)INFINITY},
};

static bool resolve_word(struct node *n)
{
    if (n->text.len > 5 || (n->text.len > 0 && !memchr("~nNtTfF.+-", n->text.p[0], 10)))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!str_eq_z(n->text, words[i].text))
            continue;
        n->kind = words[i].kind;
        n->boolean = words[i].boolean;
        n->real = words[i].real;
        n->is_special = n->kind == NODE_FLOAT;
        return true;
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(struct str s, size_t i)
{
    while (i < s.len && is_digit(s.p[i]))
        i++;
    return i;
}

static size_t skip_sign(struct str s)
{
    return s.len > 0 && (s.p[0] == '-' || s.p[0] == '+');
}

/* [-+]? [0-9]+ */
static bool is_decimal(struct str s)
{
    size_t from = skip_sign(s), end = skip_digits(s, from);
    return end > from && end == s.len;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_float(struct str s)
{
    size_t from = skip_sign(s), i = skip_digits(s, from), n_digits = i - from;
    if (i < s.len && s.p[i] == '.') {
        size_t end = skip_digits(s, i + 1);
        n_digits += end - (i + 1);
        i = end;
    }
    if (n_digits == 0)
        return false;
    if (i == s.len)
        return true;
    if (s.p[i] != 'e' && s.p[i] != 'E')
        return false;
    i++;
    if (i < s.len && (s.p[i] == '-' || s.p[i] == '+'))
        i++;
    size_t end = skip_digits(s, i);
    return end > i && end == s.len;
}

/* strtod for the C locale: the text is known to be a number with a point. */
static double parse_double(const char *z)
{
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale)
        return (double)NAN; /* never: the C locale needs no memory */
    double d = strtod_l(z, NULL, c_locale);
    freelocale(c_locale);
    return d;
}

/* Numbers without a finite double are texts. */
static void set_real(struct node *n, double d)
{
    n->kind = isfinite(d) ? NODE_FLOAT : NODE_STRING;
    n->real = isfinite(d) ? d : 0;
}

static void set_integer(struct node *n, bool negative, uint64_t magnitude)
{
    if (!negative) {
        n->kind = magnitude <= INT64_MAX ? NODE_INT : NODE_UINT;
        n->uinteger = magnitude;
        n->integer = magnitude <= INT64_MAX ? (int64_t)magnitude : 0;
        n->real = (double)magnitude;
        return;
    }
    n->kind = NODE_INT;
    n->integer = magnitude > INT64_MAX ? INT64_MIN : -(int64_t)magnitude;
    n->real = (double)n->integer;
}

static void resolve_decimal(struct node *n)
{
    struct str s = n->text;
    bool negative = s.p[0] == '-';
    uint64_t most = negative ? (uint64_t)INT64_MAX + 1 : UINT64_MAX, magnitude = 0;
    for (size_t i = skip_sign(s); i < s.len; i++) {
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (magnitude > (most - digit) / 10) {
            set_real(n, parse_double(s.p));
            return;
        }
        magnitude = magnitude * 10 + digit;
    }
    set_integer(n, negative, magnitude);
}

static int digit_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* 0x and 0o. Of what exceeds 64 bits the leading 64 are kept, with a last bit that says whether
 * anything was lost: enough to round to the nearest double. */
static bool resolve_prefixed(struct node *n)
{
    struct str s = n->text;
    if (s.len < 3 || s.p[0] != '0' || (s.p[1] != 'x' && s.p[1] != 'o'))
        return false;
    int shift = s.p[1] == 'x' ? 4 : 3, base = 1 << shift, exponent = 0;
    uint64_t value = 0;
    bool lost = false;
    for (size_t i = 2; i < s.len; i++) {
        int digit = digit_value(s.p[i]);
        if (digit >= base)
            return false;
        for (int bit = shift - 1; bit >= 0; bit--) {
            uint64_t b = (uint64_t)(digit >> bit & 1);
            if (exponent == 0 && value >> 63 == 0) {
                value = value << 1 | b;
            } else {
                exponent++;
                lost = lost || b;
            }
        }
    }
    if (exponent == 0)
        set_integer(n, false, value);
    else
        set_real(n, ldexp((double)(value | (lost ? 1 : 0)), exponent));
    return true;
}

void scalar_resolve(struct node *n)
{
    n->kind = NODE_STRING;
    if (resolve_word(n) || resolve_prefixed(n))
        return;
    struct str s = n->text;
    if (is_decimal(s)) {
        size_t from = skip_sign(s);
        if (s.p[from] != '0' || s.len - from == 1)
            resolve_decimal(n);
    } else if (is_float(s)) {
        set_real(n, parse_double(s.p));
    }
}

bool scalar_apply_tag(struct node *n, struct str tag)
{
    if (str_eq(tag, STR("str"))) {
        n->kind = NODE_STRING;
        return true;
    }
    scalar_resolve(n);
    if (n->kind == NODE_STRING && is_decimal(n->text))
        resolve_decimal(n); /* leading zeroes are harmless where an integer is asked for */
    bool is_integer = n->kind == NODE_INT || n->kind == NODE_UINT;
    if (str_eq(tag, STR("int")))
        return is_integer || (n->kind == NODE_FLOAT && is_decimal(n->text));
    if (str_eq(tag, STR("float"))) {
        if (is_integer)
            n->kind = NODE_FLOAT;
        return n->kind == NODE_FLOAT;
    }
    if (str_eq(tag, STR("bool")))
        return n->kind == NODE_BOOL;
    if (str_eq(tag, STR("null")))
        return n->kind == NODE_NULL;
    return false;
}
