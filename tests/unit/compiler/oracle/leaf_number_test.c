#include "leaf_number.h"
#include "t.h"

static struct number number(struct arena *a, const char *token)
{
    struct number n = {.kind = NUMBER_INT};
    if (!leaf_number_read(a, str_of(token), &n))
        fail_msg("no number: %s", token);
    return n;
}

static void numbers_compare_by_mathematical_value(void **state)
{
    static const struct {
        const char *a, *b;
        int order;
    } cases[] = {
        {"1", "1", 0},
        {"1", "2", -1},
        {"-1", "-2", 1},
        {"-1", "1", -1},
        {"5", "5.0", 0},
        {"5", "5.5", -1},
        {"-5", "-5.5", 1},
        {"-6", "-5.5", -1},
        {"0", "-0.0", 0},
        {"0", "-0", 0},
        {"0", "1e-300", -1},
        {"0", "-1e-300", 1},
        {"1e1", "10", 0},
        {"100e-1", "10", 0},
        {"9223372036854775807", "9223372036854775806", 1},
        {"9223372036854775807", "9223372036854775808", -1},
        {"9223372036854775807", "9223372036854775807.0", -1}, /* the double is 2^63 */
        {"9223372036854775808", "9223372036854775808.0", 0},
        {"-9223372036854775808", "-9223372036854775808.0", 0},
        {"-9223372036854775807", "-9223372036854775808.0", 1},
        {"18446744073709551615", "18446744073709551614", 1},
        {"18446744073709551615", "18446744073709551615.0", -1}, /* 2^64 */
        {"18446744073709551615", "18446744073709551616", -1},
        {"18446744073709551616", "18446744073709551616.0", 0},
        {"18446744073709551615", "-1", 1},
        {"-9223372036854775809", "-9223372036854775808", 0}, /* nearest double: -2^63 */
        {"9007199254740993", "9007199254740992", 1},
        {"9007199254740993", "9007199254740992.0", 1},
        {"9007199254740993", "9007199254740993.0", 1}, /* the double is ..992 */
        {"0.1", "0.10000000000000001", 0},
        {"1e308", "18446744073709551615", 1},
        {"-1e308", "-9223372036854775808", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct number a = number(t_arena(state), cases[i].a),
                      b = number(t_arena(state), cases[i].b);
        if (leaf_number_order(a, b) != cases[i].order || leaf_number_order(b, a) != -cases[i].order)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
    }
}

static void comparisons_follow_the_order(void **state)
{
    static const bool wanted[COMPARE_GTE + 1][3] = {
        [COMPARE_EQ] = {false, true, false}, [COMPARE_LT] = {true, false, false},
        [COMPARE_LTE] = {true, true, false}, [COMPARE_GT] = {false, false, true},
        [COMPARE_GTE] = {false, true, true},
    };
    static const char *const tokens[] = {"1", "2", "3"};
    for (int c = COMPARE_EQ; c <= COMPARE_GTE; c++)
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(leaf_number_holds(number(t_arena(state), tokens[i]), (enum compare)c,
                                               number(t_arena(state), "2")),
                             wanted[c][i]);
}

static void integers_have_one_form(void **state)
{
    struct arena *a = t_arena(state);
    assert_int_equal(number(a, "9223372036854775807").kind, NUMBER_INT);
    assert_int_equal(number(a, "9223372036854775808").kind, NUMBER_UINT);
    assert_int_equal(number(a, "18446744073709551615").kind, NUMBER_UINT);
    assert_int_equal(number(a, "18446744073709551616").kind, NUMBER_FLOAT);
    assert_int_equal(number(a, "-9223372036854775808").kind, NUMBER_INT);
    assert_int_equal(number(a, "-9223372036854775809").kind, NUMBER_FLOAT);
    assert_int_equal(number(a, "1e0").kind, NUMBER_FLOAT);
}

static void an_infinite_double_is_no_number(void **state)
{
    struct number n;
    struct arena *a = t_arena(state);
    assert_true(leaf_number_read(a, STR("1.7976931348623157e308"), &n));
    assert_false(leaf_number_read(a, STR("1e309"), &n));
    assert_false(leaf_number_read(a, STR("-1e99999999999999999999"), &n));
    assert_true(leaf_number_read(a, STR("1e-99999999999999999999"), &n));
    t_assert_str(leaf_number_text(a, STR("1e309")), "1e309");
}

static void the_text_of_a_number_is_the_shortest_that_reads_back(void **state)
{
    static const char *const cases[][2] = {
        {"0", "0"},
        {"-0", "0"},
        {"-0.0", "0"},
        {"0e5", "0"},
        {"7", "7"},
        {"-7", "-7"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        {"5.0", "5"},
        {"1e2", "100"},
        {"-1.50", "-1.5"},
        {"0.1", "0.1"},
        {"0.30000000000000004", "0.30000000000000004"},
        {"1e20", "100000000000000000000"},
        {"1e21", "1e+21"},
        {"1.5e21", "1.5e+21"},
        {"123456789012345680000.0", "123456789012345680000"},
        {"1234567890123456789012.0", "1.2345678901234568e+21"},
        {"0.000001", "0.000001"},
        {"0.0000001", "1e-7"},
        {"0.00000012", "1.2e-7"},
        {"5e-324", "5e-324"},
        {"5.684341886080801486968994140625e-14", "5.684341886080802e-14"}, /* 2^-44 */
        {"9007199254740992.0", "9007199254740992"},                        /* 2^53 */
        {"9.5367431640625e-7", "9.5367431640625e-7"},                      /* 2^-20 */
        {"2.2250738585072014e-308", "2.2250738585072014e-308"},
        {"9.99999999999999999e22", "1e+23"},
        {"9.999999999999999e22", "1e+23"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"1e-400", "0"},
        {"4.35", "4.35"},
        {"9007199254740993.0", "9007199254740992"},
        {"2.2250738585072014e-308", "2.2250738585072014e-308"},
        {"9.5e-7", "9.5e-7"},
        {"99999999999999999.5", "100000000000000000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        t_assert_str(leaf_number_text(t_arena(state), str_of(cases[i][0])), cases[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(numbers_compare_by_mathematical_value),
        t_test(comparisons_follow_the_order),
        t_test(integers_have_one_form),
        t_test(an_infinite_double_is_no_number),
        t_test(the_text_of_a_number_is_the_shortest_that_reads_back),
    };
    return t_run(tests);
}
