#include "t.h"

#include "timespan.h"

static void a_span_is_a_number_and_a_unit(void **state)
{
    static const struct {
        const char *text;
        uint64_t seconds;
        bool portable;
    } rows[] = {
        {"1s", 1, true},        {"90s", 90, true},       {"5m", 300, true},
        {"1h", 3600, true},     {"30d", 2592000, true},  {"1w", 604800, false},
        {"1M", 2629746, false}, {"1y", 31556952, false}, {"12M", 31556952, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct timespan span = {0};
        const char *why;
        assert_true(timespan_parse(str_of(rows[i].text), &span, &why));
        assert_int_equal(span.seconds, rows[i].seconds);
        assert_int_equal(span.portable, rows[i].portable);
        assert_int_equal(span.unit, rows[i].text[strlen(rows[i].text) - 1]);
    }
}

static void everything_else_is_none_and_says_why(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "must begin with a whole number"},
        {"s", "must begin with a whole number"},
        {" 1s", "must begin with a whole number"},
        {"-1s", "must begin with a whole number"},
        {"+1s", "must begin with a whole number"},
        {"0s", "must be at least 1, without a leading zero"},
        {"05m", "must be at least 1, without a leading zero"},
        {"5", "must be a whole number and one unit: s, m, h or d"},
        {"5 m", "must be a whole number and one unit: s, m, h or d"},
        {"1.5h", "must be a whole number and one unit: s, m, h or d"},
        {"1h30m", "must be a whole number and one unit: s, m, h or d"},
        {"5min", "must be a whole number and one unit: s, m, h or d"},
        {"1H", "has an unknown unit: there are s, m, h and d, and w, M and y as an extension"},
        {"1\xc3", "has an unknown unit: there are s, m, h and d, and w, M and y as an extension"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct timespan span;
        const char *why = "";
        assert_false(timespan_parse(str_of(rows[i].text), &span, &why));
        assert_string_equal(why, rows[i].why);
    }
}

static void a_hundred_years_are_the_most(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"100y", true},
        {"101y", false},
        {"3155695200s", true},
        {"3155695201s", false},
        {"36524d", true},
        {"36525d", false},
        {"99999999999999999999999999s", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct timespan span = {0};
        const char *why = "";
        assert_int_equal(timespan_parse(str_of(rows[i].text), &span, &why), rows[i].good);
        assert_true(rows[i].good ? span.seconds <= TIMESPAN_MAX
                                 : strcmp(why, "must be at most a hundred years") == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_span_is_a_number_and_a_unit),
        t_test(everything_else_is_none_and_says_why),
        t_test(a_hundred_years_are_the_most),
    };
    return t_run(tests);
}
