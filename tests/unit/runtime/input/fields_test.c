#include "rig.h"

struct row {
    const char *field, *json, *want;
};

static void assert_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct shown got = rig_show(rows[i].field, rows[i].json);
        if (strcmp(got.z, rows[i].want) != 0)
            print_error("row %zu: %s in %s\n", i, rows[i].field, rows[i].json);
        assert_string_equal(got.z, rows[i].want);
    }
}

static void a_field_is_found_by_its_key_then_at_its_first_dot(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a", "{}", "-"},
        {"a", "{\"a\":\"x\"}", "\"x\""},
        {"a", "{\"A\":\"x\"}", "-"},
        {"a", "{\"b\":{\"a\":\"x\"}}", "-"},
        {"a.b", "{\"a\":{\"b\":\"x\"}}", "\"x\""},
        {"a.b", "{\"a.b\":\"x\"}", "\"x\""},
        {"a.b.c", "{\"a\":{\"b.c\":1}}", "i1"},
        {"a.b.c", "{\"a.b\":{\"c\":1}}", "-"}, /* split at the first dot only */
        {"a.b.c", "{\"a\":{\"b\":{\"c\":1}}}", "i1"},
        {"a.b", "{\"a\":\"x\"}", "-"},
        {"a.b", "{\"a\":null}", "-"},
        {"a.b", "{\"a\":{}}", "-"},
        {"a b/[0]", "{\"a b/[0]\":1}", "i1"},
        {".a", "{\"\":{\"a\":1}}", "i1"},
        {"a.", "{\"a\":{\"\":1}}", "i1"},
        {"a..b", "{\"a\":{\"\":{\"b\":1}}}", "i1"},
        {"a..b", "{\"a\":{\".b\":1}}", "i1"},
        {"a", "{\"\\u0061\":1}", "i1"}, /* keys are compared unescaped */
        {"a.b", "{\"a\\u002eb\":1}", "i1"},
        {"\xc3\xa9", "{\"\\u00e9\":1}", "i1"},
        {"a", "{\"aa\":2,\"a\":1}", "i1"},
    };
    assert_rows(rows, COUNT(rows));
}

static void the_flat_key_wins_wherever_it_stands(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a.b", "{\"a.b\":1,\"a\":{\"b\":2}}", "i1"},
        {"a.b", "{\"a\":{\"b\":2},\"a.b\":1}", "i1"},
        {"a.b", "{\"a\":[{\"b\":2},{\"b\":3}],\"a.b\":null}", "null"},
        {"a.b.c", "{\"a\":{\"b\":{\"c\":2},\"b.c\":1}}", "i1"},
        {"a.b.c", "{\"a\":[{\"b\":{\"c\":2},\"b.c\":1},{\"b\":{\"c\":3}}]}", "[i1,i3]"},
        {"a.b.c", "{\"a\":{\"b.c\":1},\"a.b.c\":0}", "i0"},
    };
    assert_rows(rows, COUNT(rows));
}

static void arrays_are_visited_and_all_results_collected(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a.b", "{\"a\":[{\"b\":1},{\"b\":2}]}", "[i1,i2]"},
        {"a.b", "{\"a\":[{\"b\":1},{\"c\":2},3,null,\"x\"]}", "i1"},
        {"a.b", "{\"a\":[[{\"b\":1}],[[{\"b\":2}]]]}", "[i1,i2]"},
        {"a.b", "{\"a\":[]}", "-"},
        {"a.b", "{\"a\":[{\"c\":1}]}", "-"},
        {"a.b", "{\"a\":[{\"b\":[1,2]},{\"b\":[]},{\"b\":3}]}", "[i1,i2,i3]"},
        {"a.b", "{\"a\":[{\"b\":{}},{\"b\":[]}]}", "[]"},
        {"a.b", "{\"a\":[{\"b\":null},{\"b\":1}]}", "[null,i1]"},
        {"a.b.c", "{\"a\":[{\"b\":[{\"c\":1},{\"c\":2}]},{\"b\":{\"c\":3}}]}", "[i1,i2,i3]"},
        {"a.b", "{\"a\":[{\"a.b\":1,\"b\":2}]}", "i2"},
    };
    assert_rows(rows, COUNT(rows));
}

static void of_repeated_keys_the_first_counts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a", "{\"a\":1,\"a\":2}", "i1"},
        {"a", "{\"a\":1,\"\\u0061\":2}", "i1"},
        {"a", "{\"a\":null,\"a\":2}", "null"},
        {"a.b", "{\"a\":1,\"a\":{\"b\":2}}", "-"},
        {"a.b", "{\"a\":{\"c\":1},\"a\":{\"b\":2}}", "-"},
        {"a.b", "{\"a\":[{\"b\":1,\"b\":9},{\"b\":2,\"b\":9}]}", "[i1,i2]"},
        {"a.b", "{\"a.b\":1,\"a.b\":2}", "i1"},
    };
    assert_rows(rows, COUNT(rows));
}

static void values_are_what_they_are(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a", "{\"a\":null}", "null"},
        {"a", "{\"a\":true}", "true"},
        {"a", "{\"a\":false}", "false"},
        {"a", "{\"a\":{}}", "{}"},
        {"a", "{\"a\":{\"b\":1}}", "{}"},
        {"a", "{\"a\":[]}", "[]"},
        {"a", "{\"a\":[{},[{}],[]]}", "[]"},
        {"a", "{\"a\":[null]}", "[null]"},
        {"a", "{\"a\":[1,[\"x\",[null,true]],{\"y\":2}]}", "[i1,\"x\",null,true]"},
        {"a", "{\"a\":\"\"}", "\"\""},
    };
    assert_rows(rows, COUNT(rows));
}

static void numbers_keep_their_value_and_have_a_text(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a", "{\"a\":0}", "i0"},
        {"a", "{\"a\":-0}", "i0"},
        {"a", "{\"a\":-1}", "i-1"},
        {"a", "{\"a\":9223372036854775807}", "i9223372036854775807"},
        {"a", "{\"a\":-9223372036854775808}", "i-9223372036854775808"},
        {"a", "{\"a\":9223372036854775808}", "u9223372036854775808"},
        {"a", "{\"a\":18446744073709551615}", "u18446744073709551615"},
        {"a", "{\"a\":18446744073709551616}", "d1.8446744073709552e+19(18446744073709551616)"},
        {"a", "{\"a\":-9223372036854775809}", "d-9.2233720368547758e+18(-9223372036854775809)"},
        {"a", "{\"a\":1.0}", "d1"},
        {"a", "{\"a\":-0.0}", "d-0(0)"},
        {"a", "{\"a\":1e3}", "d1000"},
        {"a", "{\"a\":1E+2}", "d100"},
        {"a", "{\"a\":0.1}", "d0.10000000000000001(0.1)"},
        {"a", "{\"a\":1e21}", "d1e+21"},
        {"a", "{\"a\":1.5e-7}", "d1.4999999999999999e-07(1.5e-7)"},
        {"a", "{\"a\":1e400}", "\"1e400\""}, /* infinite: text, no number */
        {"a", "{\"a\":-1e400}", "\"-1e400\""},
        {"a", "{\"a\":1e-400}", "d0"},
    };
    assert_rows(rows, COUNT(rows));
}

static void an_integer_too_large_for_a_double_is_text(void **state)
{
    (void)state;
    char json[512], want[512];
    memset(json, '9', sizeof json);
    memcpy(json, "{\"a\":", 5);
    memcpy(json + 405, "}", 2);
    snprintf(want, sizeof want, "\"%.400s\"", json + 5);
    assert_string_equal(rig_show("a", json).z, want);
}

static void escapes_are_read(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"a", "{\"a\":\"\\\"\\\\\\/\"}", "\"\"\\/\""},
        {"a", "{\"a\":\"\\b\\f\\n\\r\\t\"}", "\"\\x08\\x0c\\x0a\\x0d\\x09\""},
        {"a", "{\"a\":\"x\\u0000y\"}", "\"x\\x00y\""},
        {"a", "{\"a\":\"\\u0041\\u00e9\\u20AC\"}", "\"A\\xc3\\xa9\\xe2\\x82\\xac\""},
        {"a", "{\"a\":\"\\ud83d\\ude00\"}", "\"\\xf0\\x9f\\x98\\x80\""},
        {"a", "{\"a\":\"\\uDBFF\\uDFFF\"}", "\"\\xf4\\x8f\\xbf\\xbf\""},
        {"a", "{\"a\":\"\\ud83d\"}", "\"\\xef\\xbf\\xbd\""},
        {"a", "{\"a\":\"\\ude00\"}", "\"\\xef\\xbf\\xbd\""},
        {"a", "{\"a\":\"\\ud83dx\"}", "\"\\xef\\xbf\\xbdx\""},
        {"a", "{\"a\":\"\\ud83d\\n\"}", "\"\\xef\\xbf\\xbd\\x0a\""},
        {"a", "{\"a\":\"\\ud83d\\u0041\"}", "\"\\xef\\xbf\\xbdA\""},
        {"a", "{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "\"\\xef\\xbf\\xbd\\xf0\\x9f\\x98\\x80\""},
        {"a", "{\"a\":\"\\ude00\\ud83d\"}", "\"\\xef\\xbf\\xbd\\xef\\xbf\\xbd\""},
        {"a", "{\"a\":\"12345678\\n12345678\\n\"}", "\"12345678\\x0a12345678\\x0a\""},
    };
    assert_rows(rows, COUNT(rows));
}

static void many_fields_are_filled_in_one_walk(void **state)
{
    (void)state;
    static const char *const fields[] = {"a", "a.b", "a.b.c", "b", "x.y", "z"};
    struct rig rig;
    rig_init(&rig, fields, COUNT(fields));
    const char *json = "{\"z\":[{\"a\":1},\"q\"],\"a\":[{\"b\":{\"c\":1}},7,{\"b\":2}],"
                       "\"x\":{\"y\":\"\\u0041\"},\"b\":{}}";
    for (int round = 0; round < 3; round++) { /* nothing is left of the event before */
        assert_int_equal(rig_parse(&rig, json), SIGMATON_OK);
        assert_int_equal(rig_bind(&rig), SIGMATON_OK);
        static const char *const want[] = {"[i7]", "[i2]", "i1", "{}", "\"A\"", "[\"q\"]"};
        for (size_t i = 0; i < COUNT(fields); i++)
            assert_string_equal(show(&rig.event.slots[i]).z, want[i]);
        assert_int_equal(rig_parse(&rig, "{\"a.b\":1}"), SIGMATON_OK);
        assert_int_equal(rig_bind(&rig), SIGMATON_OK);
        static const char *const then[] = {"-", "i1", "-", "-", "-", "-"};
        for (size_t i = 0; i < COUNT(fields); i++)
            assert_string_equal(show(&rig.event.slots[i]).z, then[i]);
    }
    rig_finish(&rig);
}

static void plain_texts_are_not_copied(void **state)
{
    (void)state;
    const char *field = "a", *json = "{\"a\":\"plain\"}";
    struct rig rig;
    rig_init(&rig, &field, 1);
    assert_int_equal(rig_parse(&rig, json), SIGMATON_OK);
    assert_int_equal(rig_bind(&rig), SIGMATON_OK);
    assert_ptr_equal(rig.event.slots[0].at.text, json + 6);
    rig_finish(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_found_by_its_key_then_at_its_first_dot),
        cmocka_unit_test(the_flat_key_wins_wherever_it_stands),
        cmocka_unit_test(arrays_are_visited_and_all_results_collected),
        cmocka_unit_test(of_repeated_keys_the_first_counts),
        cmocka_unit_test(values_are_what_they_are),
        cmocka_unit_test(numbers_keep_their_value_and_have_a_text),
        cmocka_unit_test(an_integer_too_large_for_a_double_is_text),
        cmocka_unit_test(escapes_are_read),
        cmocka_unit_test(many_fields_are_filled_in_one_walk),
        cmocka_unit_test(plain_texts_are_not_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
