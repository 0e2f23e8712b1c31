#include <locale.h>
#include <math.h>

#include "read.h"
#include "scalar.h"

static struct node resolved(const char *text)
{
    struct node n = {.text = str_of(text)};
    scalar_resolve(&n);
    return n;
}

static void plain_words_are_null_boolean_or_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum node_kind want;
        bool boolean;
    } cases[] = {
        {"", NODE_NULL, false},       {"~", NODE_NULL, false},        {"null", NODE_NULL, false},
        {"Null", NODE_NULL, false},   {"NULL", NODE_NULL, false},     {"nULL", NODE_STRING, false},
        {"true", NODE_BOOL, true},    {"True", NODE_BOOL, true},      {"TRUE", NODE_BOOL, true},
        {"false", NODE_BOOL, false},  {"False", NODE_BOOL, false},    {"FALSE", NODE_BOOL, false},
        {"tRUE", NODE_STRING, false}, {"yes", NODE_STRING, false},    {"no", NODE_STRING, false},
        {"on", NODE_STRING, false},   {"off", NODE_STRING, false},    {"y", NODE_STRING, false},
        {"none", NODE_STRING, false}, {"truely", NODE_STRING, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct node n = resolved(cases[i].text);
        assert_int_equal(n.kind, cases[i].want);
        assert_int_equal(n.boolean, cases[i].boolean);
    }
}

static void integers_are_exact_over_64_bits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum node_kind want;
        int64_t integer;
        uint64_t uinteger;
        double real;
    } cases[] = {
        {"0", NODE_INT, 0, 0, 0},
        {"-0", NODE_INT, 0, 0, 0},
        {"+5", NODE_INT, 5, 5, 5},
        {"-5", NODE_INT, -5, 0, -5},
        {"9223372036854775807", NODE_INT, INT64_MAX, INT64_MAX, 9223372036854775808.0},
        {"9223372036854775808", NODE_UINT, 0, (uint64_t)INT64_MAX + 1, 9223372036854775808.0},
        {"18446744073709551615", NODE_UINT, 0, UINT64_MAX, 18446744073709551616.0},
        {"-9223372036854775808", NODE_INT, INT64_MIN, 0, -9223372036854775808.0},
        {"0x1F", NODE_INT, 31, 31, 31},
        {"0xff", NODE_INT, 255, 255, 255},
        {"0o17", NODE_INT, 15, 15, 15},
        {"0xFFFFFFFFFFFFFFFF", NODE_UINT, 0, UINT64_MAX, 18446744073709551616.0},
        {"0x0000000000000000000000001", NODE_INT, 1, 1, 1},
        {"0o1777777777777777777777", NODE_UINT, 0, UINT64_MAX, 18446744073709551616.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct node n = resolved(cases[i].text);
        assert_int_equal(n.kind, cases[i].want);
        assert_true(n.integer == cases[i].integer);
        assert_true(n.uinteger == cases[i].uinteger);
        assert_true(n.real == cases[i].real);
    }
}

static void what_exceeds_64_bits_is_the_nearest_double(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want;
    } cases[] = {
        {"18446744073709551616", 18446744073709551616.0},
        {"-9223372036854775809", -9223372036854775808.0},
        {"123456789012345678901234567890", 123456789012345678901234567890.0},
        {"0x10000000000000000", 18446744073709551616.0},
        {"0x1000000000000080000", 0x1p72 + 0},           /* half way: to even */
        {"0x1000000000000080001", 0x1.0000000000001p72}, /* just above half way */
        {"0x1000000000000180000", 0x1.0000000000002p72},
        {"0o2000000000000000000000", 18446744073709551616.0},
        {"1.5", 1.5},
        {"-1.5", -1.5},
        {"+.5", 0.5},
        {"1.", 1.0},
        {"1e3", 1000.0},
        {"1E+3", 1000.0},
        {"12e-1", 1.2},
        {"0.1", 0.1},
        {"007.5", 7.5},
        {"1e-400", 0.0},
        {"1.7976931348623157e308", 1.7976931348623157e308},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct node n = resolved(cases[i].text);
        assert_int_equal(n.kind, NODE_FLOAT);
        assert_false(n.is_special);
        assert_true(n.real == cases[i].want);
    }
}

static void numbers_without_a_finite_double_are_text(void **state)
{
    struct str digits = repeated(t_arena(state), "", "9", 400, "");
    struct str hex = repeated(t_arena(state), "0x", "F", 300, "");
    assert_int_equal(resolved(digits.p).kind, NODE_STRING);
    assert_int_equal(resolved(hex.p).kind, NODE_STRING);
    assert_int_equal(resolved("1e309").kind, NODE_STRING);
    assert_int_equal(resolved("-1e309").kind, NODE_STRING);
}

static void what_only_looks_like_a_number_is_text(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "017", "00",    "00000429", "-017",  "+00",   "1_000", "12:30:45", "2024-01-05",
        "0x",  "0o",    "0o8",      "0xG",   "-0x1F", "+0o7",  "0X1F",     "0O17",
        "0b1", ".",     "+",        "-",     "-.",    "e5",    ".e5",      "1e",
        "1e+", "1.2.3", "1 2",      " 1",    "1 ",    "1e5.0", "--1",      "+-1",
        "inf", "nan",   "+.nan",    "-.nan", ".iNF",  "1,5",   "\xD9\xA1",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(resolved(cases[i]).kind, NODE_STRING);
}

static void infinity_and_nan_are_special(void **state)
{
    (void)state;
    assert_true(resolved(".inf").is_special && resolved(".Inf").real == (double)INFINITY);
    assert_true(resolved("-.INF").is_special && resolved("-.inf").real == -(double)INFINITY);
    assert_true(resolved("+.inf").is_special && resolved("+.inf").real == (double)INFINITY);
    assert_true(resolved(".nan").is_special && isnan(resolved(".NaN").real));
}

static void the_locale_does_not_matter(void **state)
{
    (void)state;
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "C.UTF-8"};
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++)
        if (setlocale(LC_ALL, locales[i]))
            break;
    double got = resolved("1.5").real;
    setlocale(LC_ALL, "C");
    assert_true(got == 1.5);
}

static void core_tags_are_applied(void **state)
{
    static const struct {
        const char *yaml;
        enum node_kind want;
    } cases[] = {
        {"!!str 5", NODE_STRING},
        {"! 5", NODE_STRING},
        {"!!int '5'", NODE_INT},
        {"!!int 017", NODE_INT},
        {"!!float 5", NODE_FLOAT},
        {"!!float 1.5", NODE_FLOAT},
        {"!!bool 'true'", NODE_BOOL},
        {"!!null ''", NODE_NULL},
        {"!!null", NODE_NULL},
        {"!!str", NODE_STRING},
        {"!!map {}", NODE_MAP},
        {"!!seq []", NODE_LIST},
        {"!<tag:yaml.org,2002:int> 5", NODE_INT},
        {"'5'", NODE_STRING},
        {"\"true\"", NODE_STRING},
        {"|\n  5", NODE_STRING},
        {">\n  5", NODE_STRING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = str_format(t_arena(state), "a: %s\n", cases[i].yaml);
        const struct node *a = node_find(read_one(t_arena(state), text), "a");
        assert_int_equal(a->kind, cases[i].want);
    }
}

static void tags_that_do_not_fit_are_refused(void **state)
{
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        {"!!int abc", "tag !!int does not fit 'abc'"},
        {"!!int 1.5", "tag !!int does not fit '1.5'"},
        {"!!float x", "tag !!float does not fit 'x'"},
        {"!!bool 1", "tag !!bool does not fit '1'"},
        {"!!null 0", "tag !!null does not fit '0'"},
        {"!!map x", "tag !!map is not supported here"},
        {"!!seq {}", "tag !!seq is not supported here"},
        {"!!str []", "tag !!str is not supported here"},
        {"!!binary aGk=", "tag !!binary is not supported here"},
        {"!!timestamp 2024-01-05", "tag !!timestamp is not supported here"},
        {"!local x", "tag !local is not supported here"},
        {"!python/object x", "tag !python/object is not supported here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading r =
            read_text(t_arena(state), str_format(t_arena(state), "a: %s\n", cases[i].yaml));
        assert_int_equal(diag_count(r.sink), 1);
        assert_int_equal(diag_get(r.sink, 0)->code, DIAG_yaml_tag);
        t_assert_str(diag_get(r.sink, 0)->message, cases[i].message);
        assert_null(r.documents.v[0].root);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(plain_words_are_null_boolean_or_text),
        t_test(integers_are_exact_over_64_bits),
        t_test(what_exceeds_64_bits_is_the_nearest_double),
        t_test(numbers_without_a_finite_double_are_text),
        t_test(what_only_looks_like_a_number_is_text),
        t_test(infinity_and_nan_are_special),
        t_test(the_locale_does_not_matter),
        t_test(core_tags_are_applied),
        t_test(tags_that_do_not_fit_are_refused),
    };
    return t_run(tests);
}
