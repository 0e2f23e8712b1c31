/* Channels, providers and ids to classes. */
#include "image.h"

#include "check.h"
#include "class.h"

/* Enough that places of the table are shared, and ids of two keys meet. */
#define N_IDS 200
#define LONG_NAME "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational"

static struct sigmaton_pack *pack;
static struct srt_classes *classes;

static int setup(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    image_slot(im, "EventID", SIGMATON_SLOT_EVENT_ID);
    image_key(im, (struct image_key){"security", 0, 1000, 4600, N_IDS});
    image_key(im, (struct image_key){"security", 1, 2000, 4600, N_IDS});
    image_key(
        im, (struct image_key){"microsoft-windows-terminalservices-localsessionmanager/operational",
                               0, 3000, 0, N_IDS});
    image_key(im, (struct image_key){"system", 0, 4000, 0, 0});
    im->n_classes = 5000;
    pack = image_end(im);
    free(im);
    classes = srt_classes_create(pack);
    return classes == NULL;
}

static int teardown(void **state)
{
    (void)state;
    srt_classes_destroy(classes);
    free(pack);
    return 0;
}

/* UINT32_MAX: no class. */
static uint32_t class_of(const char *channel, const char *provider, int64_t id)
{
    const struct sigmaton_slot slot = {.kind = SIGMATON_INT};
    struct srt_source source = {.has_id = id >= 0, .id = id >= 0 ? (uint32_t)id : 0};
    uint32_t number;
    if (channel != NULL) {
        source.channel = (const uint8_t *)channel;
        source.channel_len = (uint32_t)strlen(channel);
    }
    if (provider != NULL) {
        source.provider = (const uint8_t *)provider;
        source.provider_len = (uint32_t)strlen(provider);
    }
    return srt_class_find(classes, &source, &slot, &number) ? number : UINT32_MAX;
}

static void each_id_of_a_key_has_its_class(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < N_IDS; i++) {
        assert_int_equal(class_of("Security", NULL, 4600 + i), 1001 + i);
        assert_int_equal(class_of(NULL, "Security", 4600 + i), 2001 + i);
        assert_int_equal(class_of(LONG_NAME, NULL, i), 3001 + i);
    }
}

static void other_ids_have_the_class_of_the_rest(void **state)
{
    (void)state;
    static const int64_t ids[] = {-1, 1, 4599, 4600 + N_IDS, UINT32_MAX};
    for (size_t i = 0; i < COUNT(ids); i++) {
        assert_int_equal(class_of("SECURITY", NULL, ids[i]), 1000);
        assert_int_equal(class_of(NULL, "security", ids[i]), 2000);
        assert_int_equal(class_of("System", NULL, ids[i]), 4000);
    }
    assert_int_equal(class_of(LONG_NAME, NULL, N_IDS), 3000);
}

static void an_unknown_key_has_no_class(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Securit",
        "Security ",
        "Recurity",
        "Secur\xc9ty",
        "",
        "Microsoft-Windows-TerminalServices-LocalSessionManager/Operationa",
        "Microsoft-Windows-TerminalServices-LocalSessionManager/OperationaL ",
        "Microsoft-Windows-TerminalServices\rLocalSessionManager/Operational",
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(class_of(texts[i], NULL, 4600), UINT32_MAX);
    assert_int_equal(class_of(NULL, NULL, 4600), UINT32_MAX);
    assert_int_equal(class_of(NULL, "System", 4600), UINT32_MAX);
    assert_int_equal(class_of("unknown", "Security", 4600), UINT32_MAX); /* the channel counts */
}

static void an_event_of_several_ids_has_no_class(void **state)
{
    (void)state;
    const struct sigmaton_slot slot = {.kind = SIGMATON_LIST};
    const struct srt_source source = {
        .channel = (const uint8_t *)"Security", .channel_len = 8, .has_id = true, .id = 4600};
    uint32_t number;
    assert_false(srt_class_find(classes, &source, &slot, &number));
}

/* So many that entries of the same id lie side by side. */
static void many_keys_have_the_same_ids(void **state)
{
    (void)state;
    static char names[200][8];
    struct image *im = calloc(1, sizeof *im);
    for (uint32_t k = 0; k < COUNT(names); k++) {
        snprintf(names[k], sizeof names[k], "k%03u", k);
        image_key(im, (struct image_key){names[k], 0, 9 * k, 1, 8});
    }
    im->n_classes = 9 * COUNT(names);
    struct sigmaton_pack *many = image_end(im);
    struct srt_classes *own = classes;
    free(im);
    classes = srt_classes_create(many);
    assert_non_null(classes);
    for (uint32_t k = 0; k < COUNT(names); k++)
        for (uint32_t id = 0; id < 10; id++)
            assert_int_equal(class_of(names[k], NULL, id), 9 * k + (id < 9 ? id : 0));
    srt_classes_destroy(classes);
    classes = own;
    free(many);
}

static void a_pack_without_keys_has_no_classes(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    struct sigmaton_pack *none = image_end(im);
    struct srt_classes *c = srt_classes_create(none);
    const struct srt_source source = {.channel = (const uint8_t *)"Security", .channel_len = 8};
    uint32_t number;
    free(im);
    assert_non_null(c);
    assert_false(srt_class_find(c, &source, NULL, &number));
    srt_classes_destroy(c);
    free(none);
}

/* They would take more memory at start-up than the pack is large. */
static void keys_do_not_share_their_cases(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    image_key(im, (struct image_key){"security", 0, 0, 1, 500});
    image_key(im, (struct image_key){"system", 0, 0, 1, 500});
    im->n_classes = 501;
    struct sigmaton_pack *own = image_end(im);
    const char *why = NULL;
    free(im);
    assert_int_equal(srt_pack_check(own, &why), SIGMATON_OK);
    im = calloc(1, sizeof *im);
    image_key(im, (struct image_key){"security", 0, 0, 1, 500});
    image_key(im, (struct image_key){"system", 0, 0, 1, 0});
    im->n_classes = 501;
    struct sigmaton_pack *shared = image_end(im);
    free(im);
    struct sigmaton_key *keys = (void *)((uint8_t *)shared + shared->keys.off);
    keys[1].cases = keys[0].cases;
    assert_int_equal(srt_pack_check(shared, &why), SIGMATON_EPACK);
    assert_string_equal(why, "keys share cases");
    free(own);
    free(shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_id_of_a_key_has_its_class),
        cmocka_unit_test(other_ids_have_the_class_of_the_rest),
        cmocka_unit_test(an_unknown_key_has_no_class),
        cmocka_unit_test(an_event_of_several_ids_has_no_class),
        cmocka_unit_test(keys_do_not_share_their_cases),
        cmocka_unit_test(many_keys_have_the_same_ids),
        cmocka_unit_test(a_pack_without_keys_has_no_classes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
