#include "image.h"

#include "bind.h"

static struct srt_names *names_of(const char *const *fields, size_t n, struct sigmaton_pack **pack)
{
    struct image *im = calloc(1, sizeof *im);
    struct srt_names *names = NULL;
    const char *why = NULL;
    for (size_t i = 0; i < n; i++)
        image_slot(im, fields[i], 0);
    *pack = image_end(im);
    free(im);
    assert_int_equal(srt_names_create(*pack, &names, &why), SIGMATON_OK);
    return names;
}

static const struct srt_name *find(const struct srt_names *names, uint32_t place, const char *key)
{
    return srt_names_find(names, place, (const uint8_t *)key, strlen(key));
}

static void a_path_is_cut_at_its_first_dots(void **state)
{
    (void)state;
    static const char *const fields[] = {"a.b.c", "a", "x"};
    struct sigmaton_pack *pack;
    struct srt_names *names = names_of(fields, COUNT(fields), &pack);
    const struct srt_name *whole = find(names, SRT_ROOT, "a.b.c");
    assert_int_equal(whole->slot, 0);
    assert_true(whole->flat);
    assert_int_equal(whole->below, SRT_NO_PLACE);
    const struct srt_name *a = find(names, SRT_ROOT, "a");
    assert_int_equal(a->slot, 1);
    assert_false(a->flat);
    const struct srt_name *rest = find(names, a->below, "b.c");
    assert_int_equal(rest->slot, 0);
    assert_true(rest->flat);
    const struct srt_name *b = find(names, a->below, "b");
    assert_int_equal(b->slot, SIGMATON_NO_SLOT);
    const struct srt_name *c = find(names, b->below, "c");
    assert_int_equal(c->slot, 0);
    assert_false(c->flat);
    assert_int_equal(find(names, SRT_ROOT, "x")->below, SRT_NO_PLACE);
    static const char *const missing[] = {"", "A", "b", "c", "a.b", "a.b.cc", "a.b.c.d"};
    for (size_t i = 0; i < COUNT(missing); i++)
        assert_null(find(names, SRT_ROOT, missing[i]));
    srt_names_destroy(names);
    free(pack);
}

static void every_name_is_found_again(void **state)
{
    (void)state;
    static char texts[IMAGE_ROWS][64];
    const char *fields[IMAGE_ROWS];
    for (int i = 0; i < IMAGE_ROWS; i++) {
        snprintf(texts[i], sizeof texts[i], "%.*s%d.field%d", i % 20, "abcdefghijklmnopqrst",
                 i % 16, i);
        fields[i] = texts[i];
    }
    struct sigmaton_pack *pack;
    struct srt_names *names = names_of(fields, IMAGE_ROWS, &pack);
    for (uint32_t i = 0; i < IMAGE_ROWS; i++)
        assert_int_equal(find(names, SRT_ROOT, fields[i])->slot, i);
    srt_names_destroy(names);
    free(pack);
}

static void a_path_deeper_than_events_costs_no_more(void **state)
{
    (void)state;
    static char path[5000];
    for (size_t i = 0; i + 1 < sizeof path; i++)
        path[i] = i % 2 == 0 ? 'a' : '.';
    const char *field = path;
    struct sigmaton_pack *pack;
    struct srt_names *names = names_of(&field, 1, &pack);
    assert_int_equal(names->n_names, 2 * SIGMATON_DEPTH_MAX);
    assert_int_equal(find(names, SRT_ROOT, path)->slot, 0);
    srt_names_destroy(names);
    free(pack);
}

static void two_slots_of_one_name_are_refused(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    image_slot(im, "a.b", 0);
    image_slot(im, "a", 0);
    image_slot(im, "a.b", 0);
    struct sigmaton_pack *pack = image_end(im);
    struct srt_names *names = NULL;
    const char *why = NULL;
    assert_int_equal(srt_names_create(pack, &names, &why), SIGMATON_EPACK);
    assert_string_equal(why, "two slots have the same name");
    assert_null(names);
    free(pack);
    free(im);
}

static void roles_list_their_slots_in_order(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    image_slot(im, "a", SIGMATON_SLOT_CHANNEL | SIGMATON_SLOT_RULE);
    image_slot(im, "", SIGMATON_SLOT_KEYWORDS);
    image_slot(im, "b", SIGMATON_SLOT_EVENT_ID);
    image_slot(im, "c", SIGMATON_SLOT_CHANNEL | SIGMATON_SLOT_PROVIDER);
    struct sigmaton_pack *pack = image_end(im);
    struct srt_names *names = NULL;
    const char *why = NULL;
    assert_int_equal(srt_names_create(pack, &names, &why), SIGMATON_OK);
    assert_int_equal(names->roles[SRT_ROLE_CHANNEL].n, 2);
    assert_int_equal(names->roles[SRT_ROLE_CHANNEL].slots[0], 0);
    assert_int_equal(names->roles[SRT_ROLE_CHANNEL].slots[1], 3);
    assert_int_equal(names->roles[SRT_ROLE_KEYWORDS].n, 1);
    assert_int_equal(names->roles[SRT_ROLE_KEYWORDS].slots[0], 1);
    assert_int_equal(names->roles[SRT_ROLE_EVENT_ID].slots[0], 2);
    assert_int_equal(names->roles[SRT_ROLE_PROVIDER].slots[0], 3);
    assert_int_equal(names->roles[SRT_ROLE_PRODUCT].n, 0);
    assert_null(find(names, SRT_ROOT, "")); /* the keywords are no field */
    srt_names_destroy(names);
    free(pack);
    free(im);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_cut_at_its_first_dots),
        cmocka_unit_test(every_name_is_found_again),
        cmocka_unit_test(a_path_deeper_than_events_costs_no_more),
        cmocka_unit_test(two_slots_of_one_name_are_refused),
        cmocka_unit_test(roles_list_their_slots_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
