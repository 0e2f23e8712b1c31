#include "number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leaf.h"

double srt_number_double(uint64_t bits)
{
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

uint64_t srt_number_bits(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    return bits;
}

int64_t srt_number_floor(double d)
{
    const int64_t toward_zero = (int64_t)d;
    return toward_zero - ((double)toward_zero > d);
}

/* ---- Reading ---- */

/* A double is decided by its first 767 significant digits and by whether anything but zeros
 * follows. */
#define DIGITS_MAX 768u
/* Exponents beyond this are infinite or zero with any number of digits that fits in a text. */
#define EXPONENT_MAX INT64_C(100000000000)

struct token {
    bool negative, integer, overflow; /* overflow: the digits do not fit in value */
    uint64_t value;                   /* of an integer */
    int64_t exponent;                 /* value of the digits is digits * 10^exponent */
    uint32_t n_digits;                /* significant ones kept */
    bool more;                        /* a digit other than 0 was not kept */
    char digits[DIGITS_MAX];
};

static bool is_digit(const uint8_t *p, const uint8_t *end)
{
    return p < end && *p >= '0' && *p <= '9';
}

static void add_digit(struct token *k, uint8_t c, bool fraction)
{
    const uint64_t digit = (uint64_t)(c - '0');
    if (k->value > (UINT64_MAX - digit) / 10)
        k->overflow = true;
    else
        k->value = k->value * 10 + digit;
    if (k->n_digits == 0 && digit == 0) {
        k->exponent -= fraction; /* a leading zero counts for its place only */
        return;
    }
    if (k->n_digits < DIGITS_MAX) {
        k->digits[k->n_digits++] = (char)c;
        k->exponent -= fraction;
    } else {
        k->more = k->more || digit != 0;
        k->exponent += !fraction;
    }
}

static bool scan_exponent(const uint8_t **p, const uint8_t *end, struct token *k)
{
    (*p)++;
    const bool negative = *p < end && **p == '-';
    if (*p < end && (**p == '-' || **p == '+'))
        (*p)++;
    if (!is_digit(*p, end))
        return false;
    int64_t e = 0;
    for (; is_digit(*p, end); (*p)++)
        if (e < EXPONENT_MAX)
            e = e * 10 + (**p - '0');
    k->exponent += negative ? -e : e;
    return true;
}

/* -?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)? and nothing else. */
static bool scan(const uint8_t *p, const uint8_t *end, struct token *k)
{
    k->integer = true;
    if (p < end && *p == '-') {
        k->negative = true;
        p++;
    }
    if (!is_digit(p, end) || (*p == '0' && is_digit(p + 1, end)))
        return false;
    for (; is_digit(p, end); p++)
        add_digit(k, *p, false);
    if (p < end && *p == '.') {
        k->integer = false;
        if (!is_digit(++p, end))
            return false;
        for (; is_digit(p, end); p++)
            add_digit(k, *p, true);
    }
    if (p < end && (*p | 0x20) == 'e') {
        k->integer = false;
        if (!scan_exponent(&p, end, k))
            return false;
    }
    return p == end;
}

/* The C library rounds right, but looks for the locale's decimal point: it gets digits and an
 * exponent only, so that no locale matters. */
static double token_double(const struct token *k)
{
    if (k->n_digits == 0)
        return k->negative ? -0.0 : 0.0;
    char text[DIGITS_MAX + 32];
    size_t n = 0;
    if (k->negative)
        text[n++] = '-';
    memcpy(text + n, k->digits, k->n_digits);
    n += k->n_digits;
    int64_t exponent = k->exponent;
    if (k->more) {
        text[n++] = '1';
        exponent--;
    }
    if (exponent > 1000)
        exponent = 1000; /* infinite with one digit already */
    if (exponent < -3000)
        exponent = -3000; /* zero with all digits still */
    snprintf(text + n, sizeof text - n, "e%d", (int)exponent);
    return strtod(text, NULL);
}

bool srt_number_read(const uint8_t *p, uint32_t len, struct srt_number *ret)
{
    if (len == 0 || (*p != '-' && !is_digit(p, p + len)))
        return false;
    struct token k;
    memset(&k, 0, offsetof(struct token, digits));
    if (!scan(p, p + len, &k))
        return false;
    const uint64_t most = (uint64_t)INT64_MAX;
    if (k.integer && !k.overflow && !k.negative) {
        *ret = (struct srt_number){k.value > most ? SIGMATON_UINT : SIGMATON_INT, k.value};
        return true;
    }
    if (k.integer && !k.overflow && k.value <= most + 1) {
        *ret = (struct srt_number){SIGMATON_INT, UINT64_C(0) - k.value};
        return true;
    }
    const double d = token_double(&k);
    if (!isfinite(d))
        return false;
    *ret = (struct srt_number){SIGMATON_DOUBLE, srt_number_bits(d)};
    return true;
}

bool srt_number_of(const struct sigmaton_slot *leaf, struct srt_number *ret)
{
    if (leaf->kind == SIGMATON_TEXT)
        return srt_number_read(leaf->at.text, leaf->len, ret);
    if ((leaf->kind & SIGMATON_NUMBER) == 0)
        return false;
    *ret = (struct srt_number){leaf->kind, leaf->number};
    return leaf->kind != SIGMATON_DOUBLE || isfinite(srt_number_double(leaf->number));
}

/* ---- Comparison ---- */

#define TWO_63 9223372036854775808.0

static int order_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static bool is_negative(struct srt_number a)
{
    return a.kind == SIGMATON_INT && a.bits > (uint64_t)INT64_MAX;
}

/* Two's complement keeps the order of negative numbers. */
static int order_integers(struct srt_number a, struct srt_number b)
{
    const bool a_negative = is_negative(a), b_negative = is_negative(b);
    if (a_negative != b_negative)
        return a_negative ? -1 : 1;
    return order_u64(a.bits, b.bits);
}

static int order_integer_double(struct srt_number a, double d)
{
    if (d < -TWO_63)
        return 1;
    if (d >= 2 * TWO_63)
        return -1;
    if (d >= TWO_63) /* then it has no fraction */
        return order_integers(a, (struct srt_number){SIGMATON_UINT, (uint64_t)d});
    const int64_t whole = srt_number_floor(d);
    const int order = order_integers(a, (struct srt_number){SIGMATON_INT, (uint64_t)whole});
    return order == 0 && d > (double)whole ? -1 : order;
}

int srt_number_compare(struct srt_number a, struct srt_number b)
{
    if (a.kind != SIGMATON_DOUBLE && b.kind != SIGMATON_DOUBLE)
        return order_integers(a, b);
    const double y = srt_number_double(b.bits);
    if (a.kind != SIGMATON_DOUBLE)
        return order_integer_double(a, y);
    const double x = srt_number_double(a.bits);
    if (b.kind != SIGMATON_DOUBLE)
        return -order_integer_double(b, x);
    return (x > y) - (x < y);
}

bool srt_number_holds(struct srt_number a, uint32_t compare, struct srt_number b)
{
    if (b.kind == SIGMATON_DOUBLE && !isfinite(srt_number_double(b.bits)))
        return false;
    const int order = srt_number_compare(a, b);
    switch (compare) {
    case SIGMATON_EQ:
        return order == 0;
    case SIGMATON_LT:
        return order < 0;
    case SIGMATON_LTE:
        return order <= 0;
    case SIGMATON_GT:
        return order > 0;
    case SIGMATON_GTE:
        return order >= 0;
    default:
        return false;
    }
}

int32_t srt_number(const struct sigmaton_slot *s, uint32_t compare, uint32_t kind, uint64_t number)
{
    const struct srt_leaves leaves = srt_leaves(s);
    for (uint32_t i = 0; i < leaves.n; i++) {
        struct srt_number a;
        if (srt_number_of(&leaves.v[i], &a) &&
            srt_number_holds(a, compare, (struct srt_number){kind, number}))
            return 1;
    }
    return 0;
}

/* ---- Text of doubles ---- */

/* A positive double is 0.d1 d2 .. dn * 10^point. */
struct decimal {
    char digits[24];
    int n, point;
};

/* The n significant digits nearest to d. */
static void nearest_digits(double d, int n, struct decimal *out)
{
    char text[40];
    const int len = snprintf(text, sizeof text, "%.*e", n - 1, d);
    out->n = 0;
    int i = 0;
    /* Whatever the locale writes between the digits is no digit. */
    for (; i < len && text[i] != 'e'; i++)
        if (text[i] >= '0' && text[i] <= '9' && out->n < n)
            out->digits[out->n++] = text[i];
    out->point = atoi(text + i + 1) + 1;
}

static bool reads_back(const struct decimal *x, double d)
{
    char text[40];
    snprintf(text, sizeof text, "%.*se%d", x->n, x->digits, x->point - x->n);
    return strtod(text, NULL) == d;
}

static void next_up(struct decimal *x)
{
    for (int i = x->n - 1; i >= 0; i--) {
        if (x->digits[i] != '9') {
            x->digits[i]++;
            return;
        }
        x->digits[i] = '0';
    }
    x->digits[0] = '1';
    x->point++;
}

static void trim_zeros(struct decimal *x)
{
    while (x->n > 1 && x->digits[x->n - 1] == '0')
        x->n--;
}

/* Fewest digits that read back as d > 0, and of those the nearest. A normal double that has up to
 * 15 digits shows them when printed with 15. Just below a power of two doubles lie closer, so there
 * the nearest digits may miss where the next ones up hit. */
static void shortest_digits(double d, struct decimal *out)
{
    for (int n = d < 2.2250738585072014e-308 ? 1 : 15; n < 17; n++) {
        nearest_digits(d, n, out);
        struct decimal up = *out;
        if (!reads_back(out, d)) {
            next_up(&up);
            if (!reads_back(&up, d))
                continue;
            *out = up;
        }
        trim_zeros(out);
        return;
    }
    nearest_digits(d, 17, out);
    trim_zeros(out);
}

static size_t put(char *out, size_t at, const char *p, int n)
{
    memcpy(out + at, p, (size_t)n);
    return at + (size_t)n;
}

static size_t put_zeros(char *out, size_t at, int n)
{
    memset(out + at, '0', (size_t)n);
    return at + (size_t)n;
}

/* ECMA-262, Number::toString, steps 7 to 12: at most 21 places before the point and 6 zeros behind
 * it. */
static size_t put_decimal(char *out, size_t at, const struct decimal *x)
{
    if (x->point >= x->n && x->point <= 21) {
        at = put(out, at, x->digits, x->n);
        return put_zeros(out, at, x->point - x->n);
    }
    if (x->point > 0 && x->point <= 21) {
        at = put(out, at, x->digits, x->point);
        at = put(out, at, ".", 1);
        return put(out, at, x->digits + x->point, x->n - x->point);
    }
    if (x->point > -6 && x->point <= 0) {
        at = put(out, at, "0.", 2);
        at = put_zeros(out, at, -x->point);
        return put(out, at, x->digits, x->n);
    }
    at = put(out, at, x->digits, 1);
    if (x->n > 1) {
        at = put(out, at, ".", 1);
        at = put(out, at, x->digits + 1, x->n - 1);
    }
    return at + (size_t)snprintf(out + at, SRT_NUMBER_TEXT - at, "e%+d", x->point - 1);
}

size_t srt_number_text(double d, char out[SRT_NUMBER_TEXT])
{
    size_t at = 0;
    if (d == 0) {
        at = put(out, at, "0", 1);
    } else if (isfinite(d)) {
        struct decimal x;
        if (d < 0)
            at = put(out, at, "-", 1);
        shortest_digits(fabs(d), &x);
        at = put_decimal(out, at, &x);
    }
    out[at] = '\0';
    return at;
}
