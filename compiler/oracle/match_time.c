#include "match.h"

#include <math.h>

struct moment {
    int64_t year;
    int month, day, hour, minute; /* month and day from 1 */
};

/* A cursor over a time stamp's text. */
struct stamp {
    struct str s;
    size_t at;
};

static bool take(struct stamp *t, char c)
{
    if (t->at >= t->s.len || t->s.p[t->at] != c)
        return false;
    t->at++;
    return true;
}

static bool take_digits(struct stamp *t, size_t n, int *ret_value)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (t->at >= t->s.len || t->s.p[t->at] < '0' || t->s.p[t->at] > '9')
            return false;
        value = value * 10 + (t->s.p[t->at++] - '0');
    }
    *ret_value = value;
    return true;
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* YYYY-MM-DD */
static bool take_date(struct stamp *t, struct moment *m)
{
    int year = 0;
    if (!take_digits(t, 4, &year) || !take(t, '-') || !take_digits(t, 2, &m->month) ||
        !take(t, '-') || !take_digits(t, 2, &m->day))
        return false;
    m->year = year;
    return m->month >= 1 && m->month <= 12 && m->day >= 1 &&
           m->day <= days_in_month(year, m->month);
}

/* HH:MM[:SS[.f]] */
static bool take_clock(struct stamp *t, struct moment *m)
{
    if (!take_digits(t, 2, &m->hour) || !take(t, ':') || !take_digits(t, 2, &m->minute) ||
        m->hour > 23 || m->minute > 59)
        return false;
    if (!take(t, ':'))
        return true;
    int second = 0;
    if (!take_digits(t, 2, &second) || second > 59)
        return false;
    if (!take(t, '.'))
        return true;
    int digit;
    if (!take_digits(t, 1, &digit))
        return false;
    while (take_digits(t, 1, &digit))
        ;
    return true;
}

/* Nothing, Z or +hh:mm. It is checked and not used: parts are taken as written. */
static bool take_zone(struct stamp *t)
{
    if (take(t, 'Z'))
        return true;
    if (!take(t, '+') && !take(t, '-'))
        return true;
    int hour = 0, minute = 0;
    return take_digits(t, 2, &hour) && take(t, ':') && take_digits(t, 2, &minute) && hour <= 23 &&
           minute <= 59;
}

static bool moment_of_text(struct str s, struct moment *ret)
{
    struct stamp t = {s, 0};
    struct moment m = {0};
    if (!take_date(&t, &m) || !(take(&t, 'T') || take(&t, ' ')) || !take_clock(&t, &m) ||
        !take_zone(&t) || t.at != s.len)
        return false;
    *ret = m;
    return true;
}

/* a / b rounded down, also below zero; b > 0. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days from 1970-01-01 to 1 January of the year. */
static int64_t days_before_year(int64_t year)
{
    int64_t y = year - 1;
    return 365 * (year - 1970) + (floor_div(y, 4) - 492) - (floor_div(y, 100) - 19) +
           (floor_div(y, 400) - 4);
}

static int64_t year_of_day(int64_t day)
{
    int64_t year = 1970 + floor_div(day * 400, 146097);
    while (days_before_year(year) > day)
        year--;
    while (days_before_year(year + 1) <= day)
        year++;
    return year;
}

/* Whole seconds of a number of seconds, or of milliseconds above 1e12. Doubles that no int64 holds
 * are no time. */
static bool seconds_of(struct number n, int64_t *ret)
{
    static const int64_t bound = 1000000000000;
    if (n.kind == NUMBER_UINT) {
        *ret = (int64_t)(n.u / 1000);
        return true;
    }
    int64_t whole = n.i;
    bool milliseconds = whole > bound;
    if (n.kind == NUMBER_FLOAT) {
        if (!(n.f >= -9223372036854775808.0 && n.f < 9223372036854775808.0))
            return false;
        whole = (int64_t)floor(n.f);
        milliseconds = n.f > (double)bound;
    }
    *ret = milliseconds ? whole / 1000 : whole;
    return true;
}

static bool moment_of_number(struct number n, struct moment *ret)
{
    int64_t seconds = 0;
    if (!seconds_of(n, &seconds))
        return false;
    int64_t day = floor_div(seconds, 86400);
    int second = (int)((seconds % 86400 + 86400) % 86400);
    struct moment m = {.year = year_of_day(day), .month = 1};
    int64_t rest = day - days_before_year(m.year);
    for (; rest >= days_in_month(m.year, m.month); m.month++)
        rest -= days_in_month(m.year, m.month);
    m.day = (int)rest + 1;
    m.hour = second / 3600;
    m.minute = second / 60 % 60;
    *ret = m;
    return true;
}

/* ISO 8601: the week belongs to the year that its Thursday is in, and week 1 is that year's first
 * with a Thursday. */
static int64_t week_of(const struct moment *m)
{
    int64_t day = days_before_year(m->year) + m->day - 1;
    for (int month = 1; month < m->month; month++)
        day += days_in_month(m->year, month);
    int64_t weekday =
        day + 3 - floor_div(day + 3, 7) * 7; /* 1970-01-01 was a Thursday; Monday: 0 */
    int64_t thursday = day - weekday + 3;
    return (thursday - days_before_year(year_of_day(thursday))) / 7 + 1;
}

bool time_part_of(const struct leaf *leaf, enum time_part part, int64_t *ret_value)
{
    struct moment m;
    bool is_text = leaf->json->kind == JSON_STRING && moment_of_text(leaf->text, &m);
    if (!is_text && !(leaf->has_number && moment_of_number(leaf->number, &m)))
        return false;
    switch (part) {
    case TIME_MINUTE:
        *ret_value = m.minute;
        break;
    case TIME_HOUR:
        *ret_value = m.hour;
        break;
    case TIME_DAY:
        *ret_value = m.day;
        break;
    case TIME_WEEK:
        *ret_value = week_of(&m);
        break;
    case TIME_MONTH:
        *ret_value = m.month;
        break;
    case TIME_YEAR:
        *ret_value = m.year;
        break;
    }
    return true;
}
