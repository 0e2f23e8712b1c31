#include <stdio.h>
#include <string.h>

#include "output.h"
#include "time_part.h"

/* A moment in UTC: minutes since 1970 and what was written behind the minute. */
struct moment {
    int64_t minutes;
    unsigned second;
    char fraction[12]; /* ".123" or "" */
};

/* Days since 1970-01-01 of a proleptic Gregorian day (Howard Hinnant, "chrono-compatible low-level
 * date algorithms"). */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void civil_of(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t m = (5 * of_year + 2) / 153;
    *ret_day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *ret_month = (int)(m < 10 ? m + 3 : m - 9);
    *ret_year = year + era * 400 + (*ret_month <= 2);
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Reads `[:SS[.f]][Z|+hh:mm]` at p[0..len), which srt_time_read has found well-formed. */
static void read_tail(const uint8_t *p, uint32_t len, struct moment *m)
{
    uint32_t i = 0, f = 0;
    if (i < len && p[i] == ':') {
        m->second = (unsigned)(p[i + 1] - '0') * 10 + (unsigned)(p[i + 2] - '0');
        i += 3;
    }
    if (i < len && p[i] == '.') {
        for (; i < len && (f == 0 || is_digit(p[i])); i++)
            if (f < 10)
                m->fraction[f++] = (char)p[i];
    }
    m->fraction[f] = '\0';
    if (len - i == 6 && (p[i] == '+' || p[i] == '-')) {
        int64_t offset = ((p[i + 1] - '0') * 10 + (p[i + 2] - '0')) * 60 + (p[i + 4] - '0') * 10 +
                         (p[i + 5] - '0');
        m->minutes -= p[i] == '+' ? offset : -offset;
    }
}

static bool moment_of_text(const struct sigmaton_slot *s, struct moment *m)
{
    struct srt_time t;
    if (!srt_time_read(s->at.text, s->len, &t))
        return false;
    m->minutes = days_of(t.year, t.month, t.day) * 1440 + t.hour * 60 + t.minute;
    read_tail(s->at.text + 16, s->len - 16, m);
    return true;
}

/* Seconds in years 0 to 9999, so that the text has four digits. */
#define FIRST_SECOND INT64_C(-62167219200)
#define LAST_SECOND INT64_C(253402300799)

static bool moment_of_number(const struct sigmaton_slot *s, struct moment *m)
{
    double v;
    if (s->kind == SIGMATON_INT)
        v = (double)(int64_t)s->number;
    else
        memcpy(&v, &s->number, sizeof v);
    double seconds = v > 1e12 ? v / 1000 : v;
    if (s->kind == SIGMATON_UINT ||
        !(seconds >= (double)FIRST_SECOND && seconds <= (double)LAST_SECOND))
        return false;
    int64_t whole = (int64_t)seconds;
    whole -= (double)whole > seconds;
    int milli = (int)((seconds - (double)whole) * 1000 + 0.5);
    if (milli == 1000) {
        milli = 0;
        whole++;
    }
    int64_t in_minute = ((whole % 60) + 60) % 60;
    m->minutes = (whole - in_minute) / 60;
    m->second = (unsigned)in_minute;
    m->fraction[0] = '\0';
    if (milli > 0)
        snprintf(m->fraction, sizeof m->fraction, ".%03d", milli);
    return true;
}

static char *put_digits(char *to, unsigned v, int n)
{
    for (int i = n; i-- > 0; v /= 10)
        to[i] = (char)('0' + v % 10);
    return to + n;
}

bool srt_time_text(const struct sigmaton_slot *slot, char out[SRT_TIME_TEXT])
{
    struct moment m = {0};
    int64_t year;
    int month, day;
    bool known = slot->kind == SIGMATON_TEXT      ? moment_of_text(slot, &m)
                 : (slot->kind & SIGMATON_NUMBER) ? moment_of_number(slot, &m)
                                                  : false;
    if (!known)
        return false;
    int64_t of_day = ((m.minutes % 1440) + 1440) % 1440;
    civil_of((m.minutes - of_day) / 1440, &year, &month, &day);
    if (year < 0 || year > 9999)
        return false;
    const unsigned v[] = {(unsigned)year,          (unsigned)month,         (unsigned)day,
                          (unsigned)(of_day / 60), (unsigned)(of_day % 60), m.second};
    char *to = put_digits(out, v[0], 4);
    for (int i = 1; i < 6; i++) {
        *to++ = "?--T::"[i];
        to = put_digits(to, v[i], 2);
    }
    const size_t n = strlen(m.fraction);
    memcpy(to, m.fraction, n);
    memcpy(to + n, "Z", 2);
    return true;
}

bool srt_event_time(const struct sigmaton_pack *pack, const struct sigmaton_slot *slots,
                    char out[SRT_TIME_TEXT])
{
    const char *image = (const char *)pack;
    const void *table = image + pack->slots.off;
    const struct sigmaton_slot_info *info = table;
    for (uint32_t i = 0; i < pack->slots.len; i++)
        if ((info[i].flags & SIGMATON_SLOT_TIME) && srt_time_text(&slots[i], out))
            return true;
    return false;
}
