#include "slots.h"

#include <locale.h>

#include "number.h"

#define INT SIGMATON_INT
#define UINT SIGMATON_UINT
#define DOUBLE SIGMATON_DOUBLE

static struct srt_number number(uint32_t kind, const char *z)
{
    switch (kind) {
    case INT:
        return (struct srt_number){INT, (uint64_t)strtoll(z, NULL, 10)};
    case UINT:
        return (struct srt_number){UINT, strtoull(z, NULL, 10)};
    default:
        return (struct srt_number){DOUBLE, srt_number_bits(strtod(z, NULL))};
    }
}

static const struct {
    const char *token;
    uint32_t kind; /* 0: no number */
    const char *value;
} tokens[] = {
    {"0", INT, "0"},
    {"-0", INT, "0"},
    {"7", INT, "7"},
    {"-7", INT, "-7"},
    {"9223372036854775807", INT, "9223372036854775807"},
    {"9223372036854775808", UINT, "9223372036854775808"},
    {"18446744073709551615", UINT, "18446744073709551615"},
    {"18446744073709551616", DOUBLE, "18446744073709551616"},
    {"-9223372036854775808", INT, "-9223372036854775808"},
    {"-9223372036854775809", DOUBLE, "-9223372036854775809"},
    {"-18446744073709551615", DOUBLE, "-18446744073709551615"},
    {"5.0", DOUBLE, "5"},
    {"0.1", DOUBLE, "0.1"},
    {"-0.0", DOUBLE, "-0.0"},
    {"1e2", DOUBLE, "100"},
    {"1E+2", DOUBLE, "100"},
    {"0e5", DOUBLE, "0"},
    {"12.5e-1", DOUBLE, "1.25"},
    {"0.000123", DOUBLE, "0.000123"},
    {"2.2250738585072011e-308", DOUBLE, "2.2250738585072011e-308"},
    {"1.7976931348623157e308", DOUBLE, "1.7976931348623157e308"},
    {"1e-400", DOUBLE, "0"},
    {"1e-99999999999999999999", DOUBLE, "0"},
    {"0e99999999999999999999", DOUBLE, "0"},
    {"9007199254740993.0", DOUBLE, "9007199254740992"},
    {"9007199254740993.00000000000000000001", DOUBLE, "9007199254740994"},
    {"1e400", 0, NULL}, /* infinite */
    {"-1e99999999999999999999", 0, NULL},
    {"", 0, NULL},
    {"-", 0, NULL},
    {"+9", 0, NULL},
    {"010", 0, NULL},
    {"00", 0, NULL},
    {"-01", 0, NULL},
    {".5", 0, NULL},
    {"5.", 0, NULL},
    {"5.e1", 0, NULL},
    {"1e", 0, NULL},
    {"1e+", 0, NULL},
    {"1e1.5", 0, NULL},
    {" 1", 0, NULL},
    {"1 ", 0, NULL},
    {"1\n", 0, NULL},
    {"0x10", 0, NULL},
    {"inf", 0, NULL},
    {"nan", 0, NULL},
    {"1_000", 0, NULL},
    {"1,5", 0, NULL},
    {"true", 0, NULL},
    {"--1", 0, NULL},
};

static void only_json_number_tokens_are_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tokens); i++) {
        struct srt_number got = {0, 0};
        const char *t = tokens[i].token;
        SAME(srt_number_read((const uint8_t *)t, (uint32_t)strlen(t), &got), tokens[i].kind != 0,
             t);
        SAME((int)got.kind, (int)tokens[i].kind, t);
        if (tokens[i].kind != 0)
            SAME(got.bits == number(tokens[i].kind, tokens[i].value).bits, 1, t);
    }
}

static void a_nul_is_no_end_of_a_token(void **state)
{
    (void)state;
    struct srt_number got;
    assert_false(srt_number_read(BYTES("1\0"), &got));
    assert_true(srt_number_read((const uint8_t *)"123", 2, &got));
    assert_int_equal(got.bits, 12);
}

/* Rounding needs all digits: 1 + 2^-53 is a tie that the 1 at the very end breaks. */
static void a_thousand_digits_round_right(void **state)
{
    (void)state;
    static char t[1200] = "1.00000000000000011102230246251565404236316680908203125";
    memset(t + strlen(t), '0', sizeof t - 2 - strlen(t));
    struct srt_number tie, above;
    assert_true(srt_number_read((const uint8_t *)t, (uint32_t)strlen(t), &tie));
    assert_true(srt_number_double(tie.bits) == 1.0);
    t[sizeof t - 2] = '1';
    assert_true(srt_number_read((const uint8_t *)t, (uint32_t)strlen(t), &above));
    assert_true(srt_number_double(above.bits) == 1.0000000000000002);
    memset(t, '9', sizeof t - 2);
    assert_false(srt_number_read((const uint8_t *)t, (uint32_t)strlen(t), &above)); /* infinite */
    memcpy(t + sizeof t - 10, "e-1100", 7);
    assert_true(srt_number_read((const uint8_t *)t, (uint32_t)strlen(t), &above));
    assert_true(srt_number_double(above.bits) == 1e90);
}

static void a_thousand_leading_zeros_cost_no_digit(void **state)
{
    (void)state;
    static char t[1100] = "0.";
    memset(t + 2, '0', 1000);
    memcpy(t + 1002, "15e1001", 8);
    struct srt_number got;
    assert_true(srt_number_read((const uint8_t *)t, (uint32_t)strlen(t), &got));
    assert_true(srt_number_double(got.bits) == 1.5);
}

static const struct {
    uint32_t a_kind;
    const char *a;
    uint32_t b_kind;
    const char *b;
    int order;
} orders[] = {
    {INT, "5", INT, "5", 0},
    {INT, "-5", INT, "5", -1},
    {INT, "-5", INT, "-6", 1},
    {INT, "-1", UINT, "18446744073709551615", -1},
    {INT, "9223372036854775807", UINT, "9223372036854775808", -1},
    {INT, "5", DOUBLE, "5", 0},
    {INT, "5", DOUBLE, "5.5", -1},
    {INT, "-5", DOUBLE, "-5.5", 1},
    {INT, "0", DOUBLE, "-0.0", 0},
    {INT, "0", DOUBLE, "5e-324", -1},
    {INT, "9007199254740993", DOUBLE, "9007199254740992", 1},
    {INT, "9007199254740993", INT, "9007199254740992", 1},
    {INT, "9223372036854775807", DOUBLE, "9223372036854775808", -1},
    {INT, "-9223372036854775808", DOUBLE, "-9223372036854775808", 0},
    {INT, "-9223372036854775808", DOUBLE, "-9223372036854777856", 1},
    {UINT, "9223372036854775808", DOUBLE, "9223372036854775808", 0},
    {UINT, "18446744073709551615", DOUBLE, "18446744073709551616", -1},
    {UINT, "18446744073709549568", DOUBLE, "18446744073709549568", 0},
    {UINT, "18446744073709551615", DOUBLE, "1e300", -1},
    {INT, "-1", DOUBLE, "-1e300", 1},
    {DOUBLE, "0.1", DOUBLE, "0.1", 0},
    {DOUBLE, "0.1", DOUBLE, "0.2", -1},
    {DOUBLE, "0.0", DOUBLE, "-0.0", 0},
};

static void numbers_compare_by_exact_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(orders); i++) {
        const struct srt_number a = number(orders[i].a_kind, orders[i].a);
        const struct srt_number b = number(orders[i].b_kind, orders[i].b);
        SAME(srt_number_compare(a, b), orders[i].order, orders[i].a);
        SAME(srt_number_compare(b, a), -orders[i].order, orders[i].b);
    }
}

static void each_comparison_has_its_meaning(void **state)
{
    (void)state;
    static const struct {
        uint32_t compare;
        int below, at, above;
    } meanings[] = {
        {SIGMATON_EQ, 0, 1, 0}, {SIGMATON_LT, 1, 0, 0},  {SIGMATON_LTE, 1, 1, 0},
        {SIGMATON_GT, 0, 0, 1}, {SIGMATON_GTE, 0, 1, 1}, {77, 0, 0, 0},
    };
    const struct sigmaton_slot below = slot_int("4"), at = slot_text("5.0"),
                               above = slot_double("5.5");
    for (size_t i = 0; i < COUNT(meanings); i++) {
        const uint32_t c = meanings[i].compare;
        SAME(srt_host()->number(&below, c, INT, 5), meanings[i].below, "4 against 5");
        SAME(srt_host()->number(&at, c, INT, 5), meanings[i].at, "5.0 against 5");
        SAME(srt_host()->number(&above, c, INT, 5), meanings[i].above, "5.5 against 5");
    }
}

static void leaves_have_numbers_as_section_5_says(void **state)
{
    (void)state;
    const struct sigmaton_slot one[] = {slot_int("1"), slot_text("1"), slot_text("1.0"),
                                        slot_double("1"), slot_text("1e0")};
    for (size_t i = 0; i < COUNT(one); i++)
        SAME(srt_host()->number(&one[i], SIGMATON_EQ, INT, 1), 1, "one");
    const struct sigmaton_slot none[] = {slot_bool(1),
                                         slot_text("01"),
                                         slot_text(" 1"),
                                         slot_text("+1"),
                                         slot_kind(SIGMATON_NULL),
                                         slot_kind(SIGMATON_ABSENT),
                                         slot_kind(SIGMATON_EMPTY),
                                         slot_kind(SIGMATON_OBJECT),
                                         slot_text("true"),
                                         slot_text("")};
    for (size_t i = 0; i < COUNT(none); i++) {
        SAME(srt_host()->number(&none[i], SIGMATON_EQ, INT, 1), 0, "none");
        SAME(srt_host()->number(&none[i], SIGMATON_LT, INT, 100), 0, "none is below nothing");
    }
    const struct sigmaton_slot list = slot_list(one, COUNT(one)), no = slot_list(none, COUNT(none));
    SAME(srt_host()->number(&list, SIGMATON_EQ, INT, 1), 1, "a list");
    SAME(srt_host()->number(&no, SIGMATON_EQ, INT, 1), 0, "a list without numbers");
    const struct sigmaton_slot big = slot_uint("18446744073709551615");
    SAME(srt_host()->number(&big, SIGMATON_EQ, UINT, UINT64_MAX), 1, "all 64 bits");
    SAME(srt_host()->number(&big, SIGMATON_EQ, INT, UINT64_MAX), 0, "-1 is not 2^64 - 1");
}

static void what_is_not_finite_compares_with_nothing(void **state)
{
    (void)state;
    const struct sigmaton_slot nan = slot_double("nan"), inf = slot_double("inf"),
                               one = slot_int("1");
    for (uint32_t c = SIGMATON_EQ; c <= SIGMATON_GTE; c++) {
        SAME(srt_host()->number(&nan, c, INT, 1), 0, "nan");
        SAME(srt_host()->number(&inf, c, INT, 1), 0, "infinity");
        SAME(srt_host()->number(&one, c, DOUBLE, nan.number), 0, "a bound that is nan");
        SAME(srt_host()->number(&one, c, DOUBLE, inf.number), 0, "an infinite bound");
    }
}

static const struct {
    double d;
    const char *text;
} doubles[] = {
    {0, "0"},
    {-0.0, "0"},
    {1, "1"},
    {-5, "-5"},
    {100, "100"},
    {0.1, "0.1"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1.5, "1.5"},
    {-123.456, "-123.456"},
    {123456789012345680000.0, "123456789012345680000"},
    {999999999999999900000.0, "999999999999999900000"},
    {1e21, "1e+21"},
    {1.5e21, "1.5e+21"},
    {1e-6, "0.000001"},
    {1.5e-6, "0.0000015"},
    {1e-7, "1e-7"},
    {1.25e-7, "1.25e-7"},
    {9007199254740992.0, "9007199254740992"},
    {9007199254740994.0, "9007199254740994"},
    {18446744073709551616.0, "18446744073709552000"},
    {5.684341886080802e-14, "5.684341886080802e-14"}, /* 2^-44: the nearest 16 digits miss */
    {5e-324, "5e-324"},
    {2.2250738585072014e-308, "2.2250738585072014e-308"},
    {2.225073858507201e-308, "2.225073858507201e-308"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {-1.7976931348623157e308, "-1.7976931348623157e+308"},
    {4.35, "4.35"},
    {1e23, "1e+23"},
    {9.5367431640625e-7, "9.5367431640625e-7"},
    {1700000000.123, "1700000000.123"},
};

static void doubles_are_written_as_ecmascript_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(doubles); i++) {
        char out[SRT_NUMBER_TEXT];
        const size_t len = srt_number_text(doubles[i].d, out);
        assert_string_equal(out, doubles[i].text);
        assert_int_equal(len, strlen(doubles[i].text));
    }
}

static uint64_t next_random(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

static void every_double_reads_back(void **state)
{
    (void)state;
    uint64_t seed = UINT64_C(0x5eed0001);
    print_message("# seed %#llx\n", (unsigned long long)seed);
    for (int i = 0; i < 20000; i++) {
        const uint64_t bits = next_random(&seed) & (i % 2 ? UINT64_MAX : ~UINT64_C(0xfffffffff));
        const double d = srt_number_double(bits);
        char out[SRT_NUMBER_TEXT];
        if (!(d - d == 0)) /* infinite or no number */
            continue;
        SAME(srt_number_text(d, out) < sizeof out, 1, out);
        SAME(strtod(out, NULL) == d, 1, out);
    }
}

static void the_locale_has_no_say(void **state)
{
    (void)state;
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8", "ps_AF.UTF-8"};
    size_t i = 0;
    while (i < COUNT(locales) && !setlocale(LC_ALL, locales[i]))
        i++;
    if (i == COUNT(locales)) {
        print_message("# no locale with a decimal comma here\n");
        return;
    }
    doubles_are_written_as_ecmascript_does(state);
    for (i = 0; i < COUNT(doubles); i++) {
        const char *t = doubles[i].text;
        struct srt_number got;
        SAME(srt_number_read((const uint8_t *)t, (uint32_t)strlen(t), &got), 1, t);
        if (got.kind == DOUBLE)
            SAME(srt_number_double(got.bits) == doubles[i].d, 1, t);
    }
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_json_number_tokens_are_numbers),
        cmocka_unit_test(a_nul_is_no_end_of_a_token),
        cmocka_unit_test(a_thousand_digits_round_right),
        cmocka_unit_test(a_thousand_leading_zeros_cost_no_digit),
        cmocka_unit_test(numbers_compare_by_exact_value),
        cmocka_unit_test(each_comparison_has_its_meaning),
        cmocka_unit_test(leaves_have_numbers_as_section_5_says),
        cmocka_unit_test(what_is_not_finite_compares_with_nothing),
        cmocka_unit_test(doubles_are_written_as_ecmascript_does),
        cmocka_unit_test(every_double_reads_back),
        cmocka_unit_test(the_locale_has_no_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
