/* Envelopes: fields of Windows' own XML as JSON, under the names that Sigma knows. */
#include "rig.h"

static const struct image_slot slots[] = {
    {"a", 0},
    {"b.c", 0},
    {"Event.System", SIGMATON_SLOT_ENVELOPE},
    {"Event.EventData", SIGMATON_SLOT_ENVELOPE},
    {"Event.UserData", SIGMATON_SLOT_INNER},
    {"Event.EventData.a", 0},
};

struct row {
    const char *json, *a, *bc;
};

static void rig_envelopes(struct rig *rig)
{
    const char *fields[COUNT(slots)];
    for (size_t i = 0; i < COUNT(slots); i++)
        fields[i] = slots[i].name;
    rig_init(rig, fields, COUNT(slots));
    /* Flags are read when names are made: make them anew, of a pack that has them. */
    struct image *im = calloc(1, sizeof *im);
    const char *why = NULL;
    for (size_t i = 0; i < COUNT(slots); i++)
        image_slot(im, slots[i].name, slots[i].flags);
    srt_names_destroy(rig->names);
    free(rig->pack);
    rig->pack = image_end(im);
    free(im);
    assert_int_equal(srt_names_create(rig->pack, &rig->names, &why), SIGMATON_OK);
}

static void assert_rows(const struct row *rows, size_t n)
{
    struct rig rig;
    rig_envelopes(&rig);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rig_parse(&rig, rows[i].json), SIGMATON_OK);
        assert_int_equal(rig_bind(&rig), SIGMATON_OK);
        struct shown a = show(&rig.event.slots[0]), bc = show(&rig.event.slots[1]);
        if (strcmp(a.z, rows[i].a) != 0 || strcmp(bc.z, rows[i].bc) != 0)
            print_error("row %zu: %s\n", i, rows[i].json);
        assert_string_equal(a.z, rows[i].a);
        assert_string_equal(bc.z, rows[i].bc);
    }
    rig_finish(&rig);
}

#define SYSTEM(members) "{\"Event\":{\"System\":{" members "}}}"
#define DATA(members) "{\"Event\":{\"EventData\":{" members "}}}"
#define USER(members) "{\"Event\":{\"UserData\":{" members "}}}"

static void a_field_is_found_in_each_envelope(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {SYSTEM("\"a\":1"), "i1", "-"},
        {DATA("\"a\":1,\"b\":{\"c\":2}"), "i1", "i2"},
        {DATA("\"b.c\":2,\"b\":{\"c\":3}"), "-", "i2"},
        {DATA("\"a\":null,\"b\":{\"c\":[1,2]}"), "null", "[i1,i2]"},
        {USER("\"x\":{\"a\":1}"), "i1", "-"},
        {USER("\"#attributes\":{\"a\":0},\"x\":{\"a\":1}"), "i1", "-"},
        {USER("\"x\":{\"b\":2},\"y\":{\"a\":1}"), "-", "-"},
        {USER("\"a\":1"), "-", "-"},
        {"{\"Event\":{\"UserData\":[{\"x\":{\"a\":1}}]}}", "-", "-"},
        {"{\"Event.EventData\":{\"a\":1},\"Event\":{\"EventData\":{\"a\":2}}}", "i1", "-"},
        {"{\"Event\":[{\"EventData\":{\"a\":1}},{\"EventData\":{\"a\":2}}]}", "[i1,i2]", "-"},
        {"{\"Event\":{\"EventData\":[{\"a\":1},{\"a\":2}]}}", "[i1,i2]", "-"},
        {"{\"Event\":{\"EventData\":\"x\"}}", "-", "-"},
        {"{\"Event\":{\"EventData\":null}}", "-", "-"},
    };
    assert_rows(rows, COUNT(rows));
}

static void the_first_that_has_a_field_answers(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{\"Event\":{\"EventData\":{\"a\":1,\"b\":{\"c\":2}}},\"a\":3}", "i3", "i2"},
        {"{\"a\":null,\"Event\":{\"EventData\":{\"a\":1}}}", "null", "-"},
        {"{\"Event\":{\"EventData\":{\"a\":1},\"System\":{\"a\":2}}}", "i2", "-"},
        {"{\"Event\":{\"UserData\":{\"x\":{\"a\":1,\"b.c\":3}},\"EventData\":{\"a\":2}}}", "i2",
         "i3"},
        {"{\"Event\":{\"System\":{\"a\":{\"x\":1}},\"EventData\":{\"a\":2}}}", "i2", "-"},
    };
    assert_rows(rows, COUNT(rows));
}

static void an_element_with_attributes_is_its_text(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {SYSTEM("\"a\":{\"#attributes\":{\"q\":1},\"#text\":7}"), "i7", "-"},
        {SYSTEM("\"a\":{\"#text\":[1,2]}"), "[i1,i2]", "-"},
        {SYSTEM("\"a\":{\"#text\":1,\"#text\":2}"), "i1", "-"},
        {SYSTEM("\"a\":{\"#text\":{\"#text\":1}}"), "{}", "-"},
        {SYSTEM("\"a\":{\"\\u0023text\":1}"), "i1", "-"},
        {SYSTEM("\"a\":{\"#attributes\":{}}"), "-", "-"},
        {SYSTEM("\"a\":{}"), "-", "-"},
        {SYSTEM("\"b\":{\"c\":{\"#text\":1}}"), "-", "i1"},
        {SYSTEM("\"b.c\":{},\"b\":{\"c\":1}"), "-", "-"},
        {"{\"a\":{\"#text\":1}}", "{}", "-"}, /* not outside */
    };
    assert_rows(rows, COUNT(rows));
}

static void blanks_in_keys_of_an_envelope_do_not_count(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {DATA("\" a \":1"), "i1", "-"},
        {DATA("\" a\":1,\"a\":2"), "i2", "-"}, /* the key as it is spelled wins */
        {DATA("\" a\":1,\"a \":2"), "i1", "-"},
        {DATA("\"\\u0020a\":1"), "i1", "-"},
        {DATA("\"b .c\":1,\"b\":{\"c\":2}"), "-", "i1"},
        {DATA("\" b\":{\"c\":2}"), "-", "i2"},
        {DATA("\"b\":{\" c\":2}"), "-", "-"}, /* below, keys are keys again */
        {DATA("\"\\ta\":1"), "-", "-"},
        {"{\" a\":1}", "-", "-"},
    };
    assert_rows(rows, COUNT(rows));
}

static void envelopes_hold_no_envelopes(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {DATA("\"Event\":{\"EventData\":{\"a\":1}}"), "-", "-"},
        {DATA("\"Event\":{\"UserData\":{\"x\":{\"a\":1}}}"), "-", "-"},
        {USER("\"x\":{\"Event\":{\"System\":{\"a\":1}}}"), "-", "-"},
    };
    assert_rows(rows, COUNT(rows));
}

static void the_whole_path_is_a_field_still(void **state)
{
    (void)state;
    struct rig rig;
    rig_envelopes(&rig);
    assert_int_equal(rig_parse(&rig, DATA("\"a\":1")), SIGMATON_OK);
    assert_int_equal(rig_bind(&rig), SIGMATON_OK);
    assert_string_equal(show(&rig.event.slots[5]).z, "i1");
    assert_string_equal(show(&rig.event.slots[0]).z, "i1");
    /* and nothing of it is there in the next event */
    assert_int_equal(rig_parse(&rig, "{\"x\":1}"), SIGMATON_OK);
    assert_int_equal(rig_bind(&rig), SIGMATON_OK);
    for (size_t i = 0; i < COUNT(slots); i++)
        assert_string_equal(show(&rig.event.slots[i]).z, "-");
    rig_finish(&rig);
}

/* Keys with blanks are worth two visits: the largest event that has them fits the stack. */
static void an_envelope_full_of_keys_with_blanks_is_read(void **state)
{
    (void)state;
    size_t n = SIGMATON_VALUES_MAX / 2 - 3, len = 0;
    char *json = malloc(n * 10 + 64);
    len += (size_t)sprintf(json, "{\"Event\":{\"EventData\":{\" a\":1");
    for (size_t i = 1; i < n; i++)
        len += (size_t)sprintf(json + len, ",\" b\":{}");
    memcpy(json + len, "}}}", 4);
    struct rig rig;
    rig_envelopes(&rig);
    assert_int_equal(rig_parse(&rig, json), SIGMATON_OK);
    assert_int_equal(rig_bind(&rig), SIGMATON_OK);
    assert_string_equal(show(&rig.event.slots[0]).z, "i1");
    rig_finish(&rig);
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_found_in_each_envelope),
        cmocka_unit_test(the_first_that_has_a_field_answers),
        cmocka_unit_test(an_element_with_attributes_is_its_text),
        cmocka_unit_test(blanks_in_keys_of_an_envelope_do_not_count),
        cmocka_unit_test(envelopes_hold_no_envelopes),
        cmocka_unit_test(the_whole_path_is_a_field_still),
        cmocka_unit_test(an_envelope_full_of_keys_with_blanks_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
