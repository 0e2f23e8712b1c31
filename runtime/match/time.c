#include "time_part.h"

#include "leaf.h"
#include "number.h"

#define MS_ABOVE INT64_C(1000000000000)
#define SECONDS_END 9223372036854775808.0 /* a double that no int64_t holds is no time */

/* ---- Reading ---- */

/* Exactly `n` digits. */
static bool digits(const uint8_t **p, const uint8_t *end, int n, int32_t *ret)
{
    int32_t value = 0;
    for (int i = 0; i < n; i++, (*p)++) {
        if (*p == end || **p < '0' || **p > '9')
            return false;
        value = value * 10 + (**p - '0');
    }
    *ret = value;
    return true;
}

static bool take(const uint8_t **p, const uint8_t *end, uint8_t b)
{
    if (*p == end || **p != b)
        return false;
    (*p)++;
    return true;
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool is_day(const struct srt_time *t)
{
    static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (t->month < 1 || t->month > 12 || t->day < 1)
        return false;
    return t->day <= days[t->month - 1] + (t->month == 2 && is_leap(t->year));
}

/* [:SS[.f]] */
static bool read_seconds(const uint8_t **p, const uint8_t *end)
{
    if (!take(p, end, ':'))
        return true;
    int32_t second, digit;
    if (!digits(p, end, 2, &second) || second > 59)
        return false;
    if (!take(p, end, '.'))
        return true;
    if (!digits(p, end, 1, &digit))
        return false;
    while (digits(p, end, 1, &digit))
        ;
    return true;
}

/* [Z|+hh:mm|-hh:mm] to the end */
static bool read_zone(const uint8_t **p, const uint8_t *end)
{
    int32_t hour, minute;
    if (*p == end || take(p, end, 'Z'))
        return *p == end;
    if (!take(p, end, '+') && !take(p, end, '-'))
        return false;
    return digits(p, end, 2, &hour) && hour < 24 && take(p, end, ':') &&
           digits(p, end, 2, &minute) && minute < 60 && *p == end;
}

bool srt_time_read(const uint8_t *p, uint32_t len, struct srt_time *ret)
{
    struct srt_time t = {0};
    int32_t year;
    if (len == 0)
        return false;
    const uint8_t *end = p + len;
    if (!digits(&p, end, 4, &year) || !take(&p, end, '-') || !digits(&p, end, 2, &t.month) ||
        !take(&p, end, '-') || !digits(&p, end, 2, &t.day))
        return false;
    t.year = year;
    if (!is_day(&t) || (!take(&p, end, 'T') && !take(&p, end, ' ')))
        return false;
    if (!digits(&p, end, 2, &t.hour) || t.hour > 23 || !take(&p, end, ':') ||
        !digits(&p, end, 2, &t.minute) || t.minute > 59)
        return false;
    if (!read_seconds(&p, end) || !read_zone(&p, end))
        return false;
    *ret = t;
    return true;
}

/* ---- Numbers ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days since 1970-01-01 -> year, month, day; counts years from March, so that the leap day comes
 * last. */
static void date_of_days(int64_t days, struct srt_time *t)
{
    const int64_t z = days + 719468; /* since 0000-03-01 */
    const int64_t era = floor_div(z, 146097);
    const int64_t day = z - era * 146097; /* of 400 years */
    const int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const int64_t of_year = day - (365 * year + year / 4 - year / 100);
    const int64_t month = (5 * of_year + 2) / 153; /* 0 is March */
    t->day = (int32_t)(of_year - (153 * month + 2) / 5 + 1);
    t->month = (int32_t)(month < 10 ? month + 3 : month - 9);
    t->year = year + era * 400 + (t->month <= 2);
}

static int64_t days_of_date(int64_t year, int32_t month, int32_t day)
{
    const int64_t y = year - (month <= 2);
    const int64_t era = floor_div(y, 400), of_era = y - era * 400;
    const int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Whole seconds since 1970. */
static bool seconds_of(struct srt_number n, int64_t *ret)
{
    if (n.kind == SIGMATON_INT) {
        const int64_t i = (int64_t)n.bits;
        *ret = i > MS_ABOVE ? i / 1000 : i;
        return true;
    }
    if (n.kind == SIGMATON_UINT) {
        *ret = (int64_t)(n.bits / 1000);
        return true;
    }
    const double d = srt_number_double(n.bits);
    if (!(d >= -SECONDS_END && d < SECONDS_END))
        return false;
    const int64_t whole = srt_number_floor(d);
    *ret = d > (double)MS_ABOVE ? whole / 1000 : whole;
    return true;
}

bool srt_time_of_number(const struct sigmaton_slot *leaf, struct srt_time *ret)
{
    struct srt_number number;
    int64_t seconds;
    if (!srt_number_of(leaf, &number) || !seconds_of(number, &seconds))
        return false;
    const int64_t days = floor_div(seconds, 86400);
    const int32_t of_day = (int32_t)((seconds % 86400 + 86400) % 86400);
    date_of_days(days, ret);
    ret->hour = of_day / 3600;
    ret->minute = of_day % 3600 / 60;
    return true;
}

/* ---- Parts ---- */

/* The week of a day is the week of its Thursday, counted in the Thursday's year. */
static int64_t iso_week(const struct srt_time *t)
{
    const int64_t days = days_of_date(t->year, t->month, t->day);
    const int64_t weekday = days + 3 - 7 * floor_div(days + 3, 7); /* 0 is Monday */
    const int64_t thursday = days - weekday + 3;
    struct srt_time of_thursday = {0};
    date_of_days(thursday, &of_thursday);
    return (thursday - days_of_date(of_thursday.year, 1, 1)) / 7 + 1;
}

bool srt_time_part(const struct srt_time *t, uint32_t part, int64_t *ret)
{
    switch (part) {
    case SIGMATON_MINUTE:
        *ret = t->minute;
        return true;
    case SIGMATON_HOUR:
        *ret = t->hour;
        return true;
    case SIGMATON_DAY:
        *ret = t->day;
        return true;
    case SIGMATON_WEEK:
        *ret = iso_week(t);
        return true;
    case SIGMATON_MONTH:
        *ret = t->month;
        return true;
    case SIGMATON_YEAR:
        *ret = t->year;
        return true;
    default:
        return false;
    }
}

int32_t srt_time(const struct sigmaton_slot *s, uint32_t part, uint32_t compare, uint32_t kind,
                 uint64_t number)
{
    const struct srt_leaves leaves = srt_leaves(s);
    for (uint32_t i = 0; i < leaves.n; i++) {
        const struct sigmaton_slot *leaf = &leaves.v[i];
        struct srt_time t;
        int64_t value;
        const bool read =
            (leaf->kind == SIGMATON_TEXT && srt_time_read(leaf->at.text, leaf->len, &t)) ||
            srt_time_of_number(leaf, &t);
        if (read && srt_time_part(&t, part, &value) &&
            srt_number_holds((struct srt_number){SIGMATON_INT, (uint64_t)value}, compare,
                             (struct srt_number){kind, number}))
            return 1;
    }
    return 0;
}
