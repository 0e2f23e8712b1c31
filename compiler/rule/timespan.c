#include "timespan.h"

#include <stdint.h>

static const struct {
    char unit;
    bool portable;
    uint64_t seconds;
} units[] = {
    {'s', true, 1},       {'m', true, 60},       {'h', true, 3600},      {'d', true, 86400},
    {'w', false, 604800}, {'M', false, 2629746}, {'y', false, 31556952}, /* month: y / 12 */
};
#define N_UNITS (sizeof units / sizeof units[0])

static bool fail(const char *why, const char **ret_why)
{
    *ret_why = why;
    return false;
}

/* The digits in front; TIMESPAN_MAX + 1 and more count as one. */
static size_t read_number(struct str s, uint64_t *ret_number)
{
    size_t i = 0;
    for (*ret_number = 0; i < s.len && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        if (*ret_number <= TIMESPAN_MAX)
            *ret_number = *ret_number * 10 + (uint64_t)(s.p[i] - '0');
    return i;
}

bool timespan_parse(struct str s, struct timespan *ret_span, const char **ret_why)
{
    uint64_t number;
    size_t digits = read_number(s, &number), unit = 0;
    if (digits == 0)
        return fail("must begin with a whole number", ret_why);
    if (s.p[0] == '0')
        return fail("must be at least 1, without a leading zero", ret_why);
    if (digits + 1 != s.len)
        return fail("must be a whole number and one unit: s, m, h or d", ret_why);
    while (unit < N_UNITS && units[unit].unit != s.p[digits])
        unit++;
    if (unit == N_UNITS)
        return fail("has an unknown unit: there are s, m, h and d, and w, M and y as an extension",
                    ret_why);
    if (number > TIMESPAN_MAX / units[unit].seconds)
        return fail("must be at most a hundred years", ret_why);
    *ret_span =
        (struct timespan){number * units[unit].seconds, units[unit].unit, units[unit].portable};
    return true;
}
