#include "event_tree.h"
#include "t.h"

/* An event whose strings must all be sound. */
static struct json *read_sound(struct arena *a, struct str text, struct json_error *error)
{
    bool any_fault;
    struct json *root = json_read_event(a, text, error, &any_fault);
    return root && any_fault ? json_read(a, text, error) : root;
}

static void json_is_read_as_written(void **state)
{
    static const struct {
        const char *json, *path, *text;
        enum json_kind kind;
    } cases[] = {
        {"{\"a\":\"x\"}", "a", "x", JSON_STRING},
        {" \t\r\n{ \"a\" : \"x\" } \n", "a", "x", JSON_STRING},
        {"\xEF\xBB\xBF{\"a\":1}", "a", "1", JSON_NUMBER},
        {"{\"a\":-0.50E+07}", "a", "-0.50E+07", JSON_NUMBER},
        {"{\"a\":123456789012345678901234567890}", "a", "123456789012345678901234567890",
         JSON_NUMBER},
        {"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "a", "\"\\/\b\f\n\r\t", JSON_STRING},
        {"{\"a\":\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00\"}", "a", "A\u00e9\u20ac\U0001f600",
         JSON_STRING},
        {"{\"a\":\"\\ud800\"}", "a", "\uFFFD", JSON_STRING},
        {"{\"a\":\"\\udc00x\"}", "a", "\uFFFDx", JSON_STRING},
        {"{\"a\":\"\\ud800\\ud83d\\ude00\"}", "a", "\uFFFD\U0001f600", JSON_STRING},
        {"{\"a\":\"\\ud800\\n\"}", "a", "\uFFFD\n", JSON_STRING},
        {"{\"a\":\"\\ud800\\u0041\"}", "a",
         "\uFFFD"
         "A",
         JSON_STRING},
        {"{\"a\":\"\"}", "a", "", JSON_STRING},
        {"{\"\\u0061\":\"x\"}", "a", "x", JSON_STRING},
        {"{\"\":\"x\"}", "", "x", JSON_STRING},
        {"{\"a\":\"\x7F\"}", "a", "\x7F", JSON_STRING},
        {"{\"a\":1,\"b\":2,\"a\":3}", "a", "1", JSON_NUMBER},
        {"{\"a\":1,\"\\u0061\":3,\"b\":2}", "b", "2", JSON_NUMBER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_error error = {0};
        struct json *root = read_sound(t_arena(state), str_of(cases[i].json), &error);
        if (!root)
            fail_msg("%s: %s", cases[i].json, error.what);
        const struct json *value = json_member(root, str_of(cases[i].path));
        assert_non_null(value);
        assert_int_equal(value->kind, cases[i].kind);
        t_assert_str(value->text, cases[i].text);
    }
}

static void a_nul_in_a_string_is_a_character(void **state)
{
    struct json_error error;
    struct json *root = read_sound(t_arena(state), STR("{\"a\":\"x\\u0000y\"}"), &error);
    const struct json *value = json_member(root, STR("a"));
    assert_int_equal(value->text.len, 3);
    assert_memory_equal(value->text.p, "x\0y", 3);
}

static void every_value_knows_its_bytes(void **state)
{
    struct json_error error;
    struct json *root = json_read(t_arena(state), STR("[ {\"a\": 1} , 2.50, \"\\n\" ]"), &error);
    t_assert_str(root->items[0]->raw, "{\"a\": 1}");
    t_assert_str(root->items[1]->raw, "2.50");
    t_assert_str(root->items[2]->raw, "\"\\n\"");
}

static void what_is_no_json_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *json;
        size_t off;
    } cases[] = {
        {"", 0},
        {" ", 1},
        {"[]", 0},
        {"1", 0},
        {"null", 0},
        {"{", 1},
        {"{\"a\"", 4},
        {"{\"a\":", 5},
        {"{\"a\":1", 6},
        {"{\"a\":1,", 7},
        {"{\"a\":1,}", 7},
        {"{,\"a\":1}", 1},
        {"{\"a\" 1}", 5},
        {"{a:1}", 1},
        {"{'a':1}", 1},
        {"{1:1}", 1},
        {"{\"a\":1}x", 7},
        {"{\"a\":1}{}", 7},
        {"{\"a\":[1,]}", 8},
        {"{\"a\":[1 2]}", 8},
        {"{\"a\":[,]}", 6},
        {"{\"a\":01}", 6},
        {"{\"a\":+1}", 5},
        {"{\"a\":.5}", 5},
        {"{\"a\":1.}", 6},
        {"{\"a\":1e}", 6},
        {"{\"a\":-}", 5},
        {"{\"a\":0x1}", 6},
        {"{\"a\":NaN}", 5},
        {"{\"a\":True}", 5},
        {"{\"a\":tru}", 5},
        {"{\"a\":truex}", 9},
        {"{\"a\":\"\t\"}", 6},
        {"{\"a\":\"x", 7},
        {"{\"a\":\"\\", 7},
        {"{\"a\":\"\\x41\"}", 7},
        {"{\"a\":\"\\u12\"}", 8},
        {"{\"a\":\"\\u12g4\"}", 8},
        {"{\"a\":\"\x80\"}", 6},
        {"{\"a\":\"\xC0\xAF\"}", 6},
        {"{\"a\":\"\xED\xA0\x80\"}", 6},
        {"{\"a\":\"\xF4\x90\x80\x80\"}", 6},
        {"{\"a\":\"\xE2\x82", 8},
        {"{\"a\":1}\xFF", 7},
        {"{\"a\":1}\xEF\xBB\xBF", 7},
        {"{\"a\":1} /* */", 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_error error = {0};
        if (read_sound(t_arena(state), str_of(cases[i].json), &error))
            fail_msg("read: %s", cases[i].json);
        assert_non_null(error.what);
        if (error.off != cases[i].off)
            fail_msg("%s: at %zu, not %zu", cases[i].json, error.off, cases[i].off);
    }
}

/* An object with lists in it, `depth` containers in all. */
static struct str nested(struct arena *a, size_t depth)
{
    struct text t;
    text_init(&t, a);
    text_addz(&t, "{\"a\":");
    for (size_t i = 1; i < depth; i++)
        text_addz(&t, "[");
    text_addz(&t, "1");
    for (size_t i = 1; i < depth; i++)
        text_addz(&t, "]");
    text_addz(&t, "}");
    return text_str(&t);
}

static void nesting_ends_at_its_limit(void **state)
{
    struct json_error error = {0};
    struct arena *a = t_arena(state);
    assert_non_null(read_sound(a, nested(a, EVENT_DEPTH_MAX), &error));
    assert_null(read_sound(a, nested(a, EVENT_DEPTH_MAX + 1), &error));
    assert_string_equal(error.what, "objects and arrays are nested too deep");
    assert_int_equal(error.off, 5 + EVENT_DEPTH_MAX - 1);
}

static void the_first_of_many_equal_keys_counts(void **state)
{
    struct text t;
    text_init(&t, t_arena(state));
    text_addz(&t, "{");
    for (int i = 0; i < 3000; i++)
        text_addf(&t, "%s\"k%d\":%d", i ? "," : "", i % 1000, i);
    text_addz(&t, "}");
    struct json_error error;
    struct json *root = read_sound(t_arena(state), text_str(&t), &error);
    assert_int_equal(root->n, 1000);
    t_assert_str(json_member(root, STR("k999"))->text, "999");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(json_is_read_as_written),     t_test(a_nul_in_a_string_is_a_character),
        t_test(every_value_knows_its_bytes), t_test(what_is_no_json_is_refused_with_its_place),
        t_test(nesting_ends_at_its_limit),   t_test(the_first_of_many_equal_keys_counts),
    };
    return t_run(tests);
}
