/* The values of sample events (plan_sample_read): what counts as one, and where reading stops. */
#include "t.h"

#include "sample.h"

static void strings_and_numbers_are_values_keys_are_not(void **state)
{
    const struct str values[] = {
        STR("C:\\x\n\"\xc3\xa9/"), STR("-1.5e3"), STR("1"), STR("2"), STR(""), STR("b")};
    const struct str text =
        STR("\xef\xbb\xbf{\"a\":\"C:\\\\x\\n\\\"\\u00E9\\/\",\"k\\\"\": -1.5e3}\r\n"
            " \n"
            "{ \"l\" : [ 1, {\"m\":[], \"n\":{}}, [2], true, false, null, \"\"] }\n"
            "{\"a\":\"b\"}");
    struct plan_sample s;
    const char *why = "";
    size_t line = 0;
    assert_true(plan_sample_read(t_arena(state), text, &s, &line, &why));
    assert_int_equal(s.n, 6);
    for (size_t i = 0; i < s.n; i++)
        assert_true(str_eq(s.values[i], values[i]));
}

static void reading_stops_at_the_first_line_that_is_no_object(void **state)
{
    static const struct {
        const char *line, *why;
    } rows[] = {
        {"[1]", "it is no JSON object"},
        {"x", "it is no JSON object"},
        {"{", "a key is missing"},
        {"{\"a\"", "a key has no value"},
        {"{\"a\":", "a value is missing"},
        {"{\"a\":}", "a value is missing"},
        {"{\"a\":nul}", "a value is none of JSON's"},
        {"{\"a\":\"b}", "a string has no end"},
        {"{\"a\":\"b\\", "a string has no end"},
        {"{\"a\":\"\\x\"}", "a string has an unknown escape"},
        {"{\"a\":\"\\u00g0\"}", "a string has an unknown escape"},
        {"{\"a\":1,}", "a key is missing"},
        {"{\"a\":[1}", "a comma is missing, or the end of an object or array"},
        {"{\"a\":1", "a comma is missing, or the end of an object or array"},
        {"{\"a\":1} {}", "something follows the object"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct plan_sample s = {NULL, 7};
        const char *why = "";
        size_t line = 0;
        struct str text = str_format(t_arena(state), "{}\n%s\n{}\n", rows[i].line);
        assert_false(plan_sample_read(t_arena(state), text, &s, &line, &why));
        assert_string_equal(why, rows[i].why);
        assert_int_equal(line, 2);
        assert_int_equal(s.n, 7);
    }
}

static bool reads_depth(void **state, size_t depth)
{
    struct text t;
    struct plan_sample s;
    const char *why;
    size_t line;
    text_init(&t, t_arena(state));
    text_addz(&t, "{\"a\":");
    for (size_t i = 1; i < depth; i++)
        text_addz(&t, "[");
    text_addz(&t, "1");
    for (size_t i = 1; i < depth; i++)
        text_addz(&t, "]");
    text_addz(&t, "}");
    return plan_sample_read(t_arena(state), text_str(&t), &s, &line, &why);
}

static void depth_has_a_limit(void **state)
{
    assert_true(reads_depth(state, SAMPLE_DEPTH_MAX));
    assert_false(reads_depth(state, SAMPLE_DEPTH_MAX + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(strings_and_numbers_are_values_keys_are_not),
        t_test(reading_stops_at_the_first_line_that_is_no_object),
        t_test(depth_has_a_limit),
    };
    return t_run(tests);
}
