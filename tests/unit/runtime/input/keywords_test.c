#include "rig.h"

static void keywords_are_every_scalar_at_any_depth(void **state)
{
    (void)state;
    static const struct {
        const char *json, *want;
    } rows[] = {
        {"{}", "[]"},
        {"{\"a\":null,\"b\":{},\"c\":[]}", "[]"},
        {"{\"a\":\"x\"}", "[\"x\"]"},
        {"{\"a\":1,\"b\":[true,null,{\"c\":\"y\"}],\"d\":1.5}", "[i1,true,\"y\",d1.5]"},
        {"{\"a\":\"\\u0041\"}", "[\"A\"]"},
        {"{\"a\":1e999}", "[\"1e999\"]"},
        {"{\"a\":1,\"a\":2,\"b\":3}", "[i1,i3]"},
        {"{\"a\":1,\"\\u0061\":[2,3],\"b\":4}", "[i1,i4]"},
        {"{\"a\":{\"b\":1,\"b\":2},\"a\":{\"c\":3}}", "[i1]"},
        {"{\"x\":{\"a\":1},\"y\":{\"a\":2}}", "[i1,i2]"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(rig_show("", rows[i].json).z, rows[i].want);
}

/* 100 keys, each twice, out of order: more than are compared one by one. */
static void repeated_keys_are_found_among_many(void **state)
{
    (void)state;
    const char *field = "";
    char json[8192] = "{";
    for (int i = 0; i < 200; i++)
        sprintf(json + strlen(json), "%s\"k%d\":%d", i == 0 ? "" : ",", i * 37 % 100, i);
    strcat(json, "}");
    struct rig rig;
    rig_init(&rig, &field, 1);
    assert_int_equal(rig_parse(&rig, json), SIGMATON_OK);
    assert_int_equal(rig_bind(&rig), SIGMATON_OK);
    assert_int_equal(rig.event.slots[0].len, 100);
    for (uint32_t i = 0; i < 100; i++)
        assert_int_equal(rig.event.slots[0].at.leaves[i].number, i);
    rig_finish(&rig);
}

/* As many leaves as an event can have, as a field and as keywords: the arena holds them. */
static void the_largest_event_fits_twice(void **state)
{
    (void)state;
    static const char *const fields[] = {"a", ""};
    size_t n = SIGMATON_VALUES_MAX - 3, len = 0;
    char *json = malloc(16 + 4 * n);
    len += (size_t)sprintf(json, "{\"a\":[");
    for (size_t i = 0; i < n; i++)
        len += (size_t)sprintf(json + len, i == 0 ? "1e9" : ",1e9");
    sprintf(json + len, "]}");
    struct rig rig;
    rig_init(&rig, fields, COUNT(fields));
    assert_int_equal(rig_parse(&rig, json), SIGMATON_OK);
    assert_int_equal(rig_bind(&rig), SIGMATON_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(rig.event.slots[i].len, n);
        assert_string_equal(show(&rig.event.slots[i].at.leaves[n - 1]).z, "d1000000000");
    }
    rig_finish(&rig);
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords_are_every_scalar_at_any_depth),
        cmocka_unit_test(repeated_keys_are_found_among_many),
        cmocka_unit_test(the_largest_event_fits_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
