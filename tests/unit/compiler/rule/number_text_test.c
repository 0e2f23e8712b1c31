#include "rule_t.h"

#include "number_text.h"

static struct str printed(struct arena *a, struct number n)
{
    struct text out;
    text_init(&out, a);
    number_print(&out, &n);
    return text_str(&out);
}

static void integers_are_decimal(void **state)
{
    struct arena *a = t_arena(state);
    t_assert_str(printed(a, (struct number){.kind = NUMBER_INT, .i = 0}), "0");
    t_assert_str(printed(a, (struct number){.kind = NUMBER_INT, .i = INT64_MIN}),
                 "-9223372036854775808");
    t_assert_str(printed(a, (struct number){.kind = NUMBER_UINT, .u = UINT64_MAX}),
                 "18446744073709551615");
}

static void floats_are_as_ecmascript_writes_them(void **state)
{
    static const struct {
        double f;
        const char *text;
    } rows[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {1.0, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {1e3, "1000"},
        {1e20, "100000000000000000000"},
        {1e21, "1e+21"},
        {1.5e300, "1.5e+300"},
        {1e-6, "0.000001"},
        {1e-7, "1e-7"},
        {1.25e-7, "1.25e-7"},
        {123456.789, "123456.789"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {0.30000000000000004, "0.30000000000000004"},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        t_assert_str(printed(a, (struct number){.kind = NUMBER_FLOAT, .f = rows[i].f}),
                     rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(integers_are_decimal),
        t_test(floats_are_as_ecmascript_writes_them),
    };
    return t_run(tests);
}
