#include "event_tree.h"
#include "t.h"

/* The values' bytes, joined by blanks; "absent" when there are none. */
static struct str joined(struct arena *a, struct values values)
{
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < values.n; i++) {
        text_addz(&t, i ? " " : "");
        text_add(&t, values.v[i]->raw);
    }
    return values.n ? text_str(&t) : STR("absent");
}

static struct json *event(struct arena *a, const char *json)
{
    struct json_error error;
    bool any_fault;
    struct json *root = json_read_event(a, str_of(json), &error, &any_fault);
    assert_non_null(root);
    return root;
}

static void a_path_finds_the_flat_key_then_splits_at_the_first_dot(void **state)
{
    static const struct {
        const char *json, *path, *found;
    } cases[] = {
        {"{\"a\":1}", "a", "1"},
        {"{\"a\":1}", "A", "absent"},
        {"{\"a\":1}", "b", "absent"},
        {"{\"a\":null}", "a", "null"},
        {"{\"a\":[]}", "a", "[]"},
        {"{\"a.b\":1,\"a\":{\"b\":2}}", "a.b", "1"},
        {"{\"a\":{\"b\":2}}", "a.b", "2"},
        {"{\"a\":{\"b.c\":3}}", "a.b.c", "3"},
        {"{\"a.b\":{\"c\":3}}", "a.b.c", "absent"},
        {"{\"a\":{\"b\":{\"c\":3}}}", "a.b.c", "3"},
        {"{\"a\":{\"b.c\":3,\"b\":{\"c\":4}}}", "a.b.c", "3"},
        {"{\"a\":\"x\"}", "a.b", "absent"},
        {"{\"a\":null}", "a.b", "absent"},
        {"{\"a\":[{\"b\":1},{\"c\":9},{\"b\":2}]}", "a.b", "1 2"},
        {"{\"a\":[[{\"b\":1}],[[{\"b\":2}]]]}", "a.b", "1 2"},
        {"{\"a\":[{\"b\":[]}]}", "a.b", "[]"},
        {"{\"a\":[]}", "a.b", "absent"},
        {"{\"a\":[1,\"b\"]}", "a.b", "absent"},
        {"{\"a\":[{\"b\":[{\"c\":1},{\"c\":[2,3]}]}]}", "a.b.c", "1 [2,3]"},
        {"{\"a[0]\":1,\"x y\":2,\"p/q\":3}", "x y", "2"},
        {"{\"a[0]\":1}", "a[0]", "1"},
        {"{\"\":{\"a\":1}}", ".a", "1"},
        {"{\"a\":{\"\":1}}", "a.", "1"},
        {"{\".\":1}", ".", "1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json *root = event(t_arena(state), cases[i].json);
        struct values found = json_find(t_arena(state), root, str_of(cases[i].path));
        t_assert_str(joined(t_arena(state), found), cases[i].found);
    }
}

static void leaves_are_scalars_and_nulls_of_arrays_in_arrays(void **state)
{
    static const struct {
        const char *json, *leaves;
    } cases[] = {
        {"{\"a\":1}", "1"},
        {"{\"a\":null}", "null"},
        {"{\"a\":[]}", "absent"},
        {"{\"a\":{}}", "absent"},
        {"{\"a\":{\"b\":1}}", "absent"},
        {"{\"a\":[1,[\"x\",[true]],null,{\"b\":2}]}", "1 \"x\" true null"},
        {"{\"a\":[[],[[]]]}", "absent"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *a = t_arena(state);
        struct values found = json_find(a, event(a, cases[i].json), STR("a"));
        t_assert_str(joined(a, json_leaves(a, found)), cases[i].leaves);
    }
}

static void keywords_see_every_scalar_but_null_and_no_key(void **state)
{
    struct arena *a = t_arena(state);
    struct json *root =
        event(a, "{\"a\":1,\"b\":[null,\"x\",{\"c\":false,\"d\":{\"e\":2.5}}],\"f\":{}}");
    t_assert_str(joined(a, json_all_scalars(a, root)), "1 \"x\" false 2.5");
}

static void number_tokens_are_exactly_those_of_json(void **state)
{
    (void)state;
    static const char *const yes[] = {"0",    "-0",  "1",    "10",    "-5",    "1.0",
                                      "0.10", "1e1", "1E+1", "1e-01", "-0.0e0"};
    static const char *const no[] = {"",   "-",  "+1",  "01",  "-01", "1.",  ".5",   "1e",  "1e+",
                                     " 1", "1 ", "0x1", "1_0", "inf", "nan", "1.e1", "--1", "1-"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        assert_true(json_is_number(str_of(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(json_is_number(str_of(no[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_path_finds_the_flat_key_then_splits_at_the_first_dot),
        t_test(leaves_are_scalars_and_nulls_of_arrays_in_arrays),
        t_test(keywords_see_every_scalar_but_null_and_no_key),
        t_test(number_tokens_are_exactly_those_of_json),
    };
    return t_run(tests);
}
