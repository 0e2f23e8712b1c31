#include "slots.h"

#include "time_part.h"

struct parts {
    int64_t year;
    int month, day, week, hour, minute;
};

static const struct {
    const char *text;
    struct parts want; /* month 0: no time */
} texts[] = {
    {"2024-03-05T17:42:09Z", {2024, 3, 5, 10, 17, 42}},
    {"2024-03-05 17:42", {2024, 3, 5, 10, 17, 42}},
    {"2024-03-05T17:42:09.123456789123Z", {2024, 3, 5, 10, 17, 42}},
    {"2024-03-05T17:42:09.1", {2024, 3, 5, 10, 17, 42}},
    {"2024-03-05T17:42Z", {2024, 3, 5, 10, 17, 42}},
    {"2024-03-05T23:42:09+02:00", {2024, 3, 5, 10, 23, 42}},
    {"2024-03-05T23:42:09-11:30", {2024, 3, 5, 10, 23, 42}},
    {"2024-03-05T23:42:09.5+02:00", {2024, 3, 5, 10, 23, 42}},
    {"2016-12-31T23:59:59Z", {2016, 12, 31, 52, 23, 59}},
    {"0000-02-29T00:00", {0, 2, 29, 9, 0, 0}},
    {"9999-12-31T00:00", {9999, 12, 31, 52, 0, 0}},
    {"2000-02-29T00:00", {2000, 2, 29, 9, 0, 0}},
    {"2024-12-29T12:00:00Z", {2024, 12, 29, 52, 12, 0}},
    {"2024-12-30T12:00:00Z", {2024, 12, 30, 1, 12, 0}},
    {"2025-01-02T00:00:00Z", {2025, 1, 2, 1, 0, 0}},
    {"2021-01-03T00:00:00Z", {2021, 1, 3, 53, 0, 0}},
    {"2021-01-04T00:00:00Z", {2021, 1, 4, 1, 0, 0}},
    {"2020-12-31T00:00:00Z", {2020, 12, 31, 53, 0, 0}},
    {"2005-01-01T00:00:00Z", {2005, 1, 1, 53, 0, 0}},
    {"2006-01-01T00:00:00Z", {2006, 1, 1, 52, 0, 0}},
    {"", {0}},
    {"2024-03-05", {0}},
    {"2024-03-05T", {0}},
    {"2024-03-05T17", {0}},
    {"2024-03-05T17:", {0}},
    {"2024-03-05T17:4", {0}},
    {"2024-03-05T17:42:", {0}},
    {"2024-03-05T17:42:9", {0}},
    {"2024-03-05T17:42:09.", {0}},
    {"2024-03-05T17:42:09.Z", {0}},
    {"2024-03-05T17:42.5", {0}},
    {"2024-03-05T17:42:60", {0}},
    {"2024-03-05T17:60", {0}},
    {"2024-03-05T24:00", {0}},
    {"2024-03-05t17:42", {0}},
    {"2024-03-05T17:42z", {0}},
    {"2024-03-05T17:42ZZ", {0}},
    {"2024-03-05T17:42+2:00", {0}},
    {"2024-03-05T17:42+0200", {0}},
    {"2024-03-05T17:42+24:00", {0}},
    {"2024-03-05T17:42+02:60", {0}},
    {"2024-03-05T17:42+02:00x", {0}},
    {"2024-03-05  17:42", {0}},
    {" 2024-03-05T17:42", {0}},
    {"2024-03-05T17:42 ", {0}},
    {"24-03-05T17:42", {0}},
    {"02024-03-05T17:42", {0}},
    {"-2024-03-05T17:42", {0}},
    {"2024/03/05T17:42", {0}},
    {"2024-00-05T17:42", {0}},
    {"2024-13-05T17:42", {0}},
    {"2024-03-00T17:42", {0}},
    {"2024-03-32T17:42", {0}},
    {"2024-04-31T17:42", {0}},
    {"2023-02-29T17:42", {0}},
    {"1900-02-29T17:42", {0}},
    {"abcd-03-05T17:42", {0}},
    {"17", {0}},
    {"1709660529", {0}}, /* a number */
};

static void assert_parts(const struct srt_time *t, const struct parts *want, const char *row)
{
    static const uint32_t parts[] = {SIGMATON_YEAR, SIGMATON_MONTH, SIGMATON_DAY,
                                     SIGMATON_WEEK, SIGMATON_HOUR,  SIGMATON_MINUTE};
    const int64_t wants[] = {want->year, want->month, want->day,
                             want->week, want->hour,  want->minute};
    for (size_t i = 0; i < COUNT(parts); i++) {
        int64_t got = -1;
        SAME(srt_time_part(t, parts[i], &got), 1, row);
        SAME((int)got, (int)wants[i], row);
    }
}

static void texts_are_read_as_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct srt_time t;
        const char *z = texts[i].text;
        const bool read = srt_time_read((const uint8_t *)z, (uint32_t)strlen(z), &t);
        SAME(read, texts[i].want.month != 0, z);
        if (read)
            assert_parts(&t, &texts[i].want, z);
    }
}

static const struct {
    const char *number;
    char kind;
    struct parts want;
} numbers[] = {
    {"0", 'i', {1970, 1, 1, 1, 0, 0}},
    {"-1", 'i', {1969, 12, 31, 1, 23, 59}},
    {"-62167219200", 'i', {0, 1, 1, 52, 0, 0}},
    {"-62167219201", 'i', {-1, 12, 31, 52, 23, 59}},
    {"951782400", 'i', {2000, 2, 29, 9, 0, 0}},
    {"951868799", 'i', {2000, 2, 29, 9, 23, 59}},
    {"951868800", 'i', {2000, 3, 1, 9, 0, 0}},
    {"4107542399", 'i', {2100, 2, 28, 8, 23, 59}},
    {"4107542400", 'i', {2100, 3, 1, 9, 0, 0}},
    {"1709660529", 'i', {2024, 3, 5, 10, 17, 42}},
    {"1709660529000", 'i', {2024, 3, 5, 10, 17, 42}},
    {"1000000000000", 'i', {33658, 9, 27, 39, 1, 46}},
    {"1000000000001", 'i', {2001, 9, 9, 36, 1, 46}},
    {"1709660529.75", 'd', {2024, 3, 5, 10, 17, 42}},
    {"1709660519999.5", 'd', {2024, 3, 5, 10, 17, 41}},
    {"-0.5", 'd', {1969, 12, 31, 1, 23, 59}},
    {"1e300", 'd', {0}},
    {"9223372036854775808", 'd', {0}}, /* no int64_t holds it */
    {"-1e300", 'd', {0}},
    {"nan", 'd', {0}},
};

static void numbers_are_seconds_or_milliseconds(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct srt_time t;
        const struct sigmaton_slot s =
            numbers[i].kind == 'i' ? slot_int(numbers[i].number) : slot_double(numbers[i].number);
        const bool read = srt_time_of_number(&s, &t);
        SAME(read, numbers[i].want.month != 0, numbers[i].number);
        if (read)
            assert_parts(&t, &numbers[i].want, numbers[i].number);
    }
}

static void the_ends_of_the_integers_have_a_time(void **state)
{
    (void)state;
    struct srt_time t;
    int64_t week;
    const struct sigmaton_slot ends[] = {
        slot_int("-9223372036854775808"), slot_int("9223372036854775807"),
        slot_uint("18446744073709551615"), slot_double("-9223372036854775808"),
        slot_double("9223372036854774784")};
    for (size_t i = 0; i < COUNT(ends); i++) {
        assert_true(srt_time_of_number(&ends[i], &t));
        assert_true(t.month >= 1 && t.month <= 12 && t.day >= 1 && t.day <= 31);
        assert_true(srt_time_part(&t, SIGMATON_WEEK, &week) && week >= 1 && week <= 53);
    }
}

/* Day by day through 400 years and more: dates follow each other, weeks change on Mondays. */
static void every_day_follows_the_day_before(void **state)
{
    (void)state;
    struct srt_time before = {0};
    int64_t week_before = 0;
    for (int64_t day = -200000; day < 200000; day++) {
        struct srt_time t;
        struct sigmaton_slot s = {.kind = SIGMATON_INT, .number = (uint64_t)(day * 86400)};
        int64_t week;
        assert_true(srt_time_of_number(&s, &t));
        assert_true(srt_time_part(&t, SIGMATON_WEEK, &week));
        const bool monday = (day + 700003) % 7 == 0;
        if (day > -200000) {
            assert_true(t.day == before.day + 1 || (t.day == 1 && before.day >= 28));
            assert_true((week != week_before) == monday);
        }
        char text[40];
        snprintf(text, sizeof text, "%04d-%02d-%02dT00:00", (int)t.year, t.month, t.day);
        assert_true(srt_time_read((const uint8_t *)text, (uint32_t)strlen(text), &before));
        before = t;
        week_before = week;
    }
}

static void parts_are_compared_with_numbers(void **state)
{
    (void)state;
    const struct sigmaton_host *h = srt_host();
    const struct sigmaton_slot s = slot_text("2024-03-05T17:42:09Z");
    SAME(h->time(&s, SIGMATON_HOUR, SIGMATON_EQ, SIGMATON_INT, 17), 1, "17");
    SAME(h->time(&s, SIGMATON_HOUR, SIGMATON_EQ, SIGMATON_INT, 25), 0, "25");
    SAME(h->time(&s, SIGMATON_HOUR, SIGMATON_GTE, SIGMATON_INT, 18), 0, ">= 18");
    SAME(h->time(&s, SIGMATON_HOUR, SIGMATON_LT, SIGMATON_INT, 18), 1, "< 18");
    const struct sigmaton_slot half = slot_double("17.5");
    SAME(h->time(&s, SIGMATON_HOUR, SIGMATON_LT, SIGMATON_DOUBLE, half.number), 1, "< 17.5");
    SAME(h->time(&s, SIGMATON_HOUR, SIGMATON_GT, SIGMATON_DOUBLE, half.number), 0, "> 17.5");
    SAME(h->time(&s, 99, SIGMATON_EQ, SIGMATON_INT, 17), 0, "no such part");
}

static void any_leaf_that_is_a_time_counts(void **state)
{
    (void)state;
    const struct sigmaton_slot leaves[] = {slot_kind(SIGMATON_NULL), slot_text("x"), slot_bool(1),
                                           slot_int("3600")};
    const struct sigmaton_slot list = slot_list(leaves, COUNT(leaves)), none = slot_list(leaves, 3);
    SAME(srt_host()->time(&list, SIGMATON_HOUR, SIGMATON_EQ, SIGMATON_INT, 1), 1, "3600");
    SAME(srt_host()->time(&none, SIGMATON_HOUR, SIGMATON_GTE, SIGMATON_INT, 0), 0, "no time");
    const struct sigmaton_slot numeric = slot_text("3600"), not_numeric = slot_text("03600");
    SAME(srt_host()->time(&numeric, SIGMATON_HOUR, SIGMATON_EQ, SIGMATON_INT, 1), 1, "a token");
    SAME(srt_host()->time(&not_numeric, SIGMATON_HOUR, SIGMATON_EQ, SIGMATON_INT, 1), 0, "none");
    const uint32_t kinds[] = {SIGMATON_ABSENT, SIGMATON_EMPTY, SIGMATON_OBJECT};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const struct sigmaton_slot s = slot_kind(kinds[i]);
        SAME(srt_host()->time(&s, SIGMATON_HOUR, SIGMATON_GTE, SIGMATON_INT, 0), 0, "no leaf");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_read_as_written),
        cmocka_unit_test(numbers_are_seconds_or_milliseconds),
        cmocka_unit_test(the_ends_of_the_integers_have_a_time),
        cmocka_unit_test(every_day_follows_the_day_before),
        cmocka_unit_test(parts_are_compared_with_numbers),
        cmocka_unit_test(any_leaf_that_is_a_time_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
