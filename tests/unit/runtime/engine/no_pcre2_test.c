/* The engine of a library without PCRE2: pcre_none.c stands here before the library's pcre.c. */
#include "image.h"

static uint64_t judge(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                      struct sigmaton_frame *frame, uint32_t word, uint64_t candidates)
{
    uint64_t hits = 0;
    if (word == 0 && (candidates & 1) != 0)
        hits |= (uint64_t)host->regex(frame, &slots[0], 0, 0);
    return hits;
}

static struct sigmaton_pack *pack_make(bool with_automaton)
{
    struct image *im = calloc(1, sizeof *im);
    struct automaton automaton = automaton_make();
    image_slot(im, "A", SIGMATON_SLOT_RULE);
    image_rule(im, (struct image_rule){.title = "t", .product = "windows"});
    image_regex(im, "a.");
    im->automata[0] = with_automaton ? &automaton : NULL;
    struct sigmaton_pack *pack = image_end(im);
    free(im);
    return pack;
}

static enum sigmaton_status create(const struct sigmaton_pack *pack,
                                   struct sigmaton_engine **ret_engine, const char **ret_why)
{
    const struct sigmaton_engine_options options = {
        .size = sizeof options, .eval = judge, .routing = SIGMATON_ROUTE_NONE};
    return sigmaton_engine_create(pack, &options, ret_engine, ret_why);
}

static void a_pack_that_needs_it_is_refused(void **state)
{
    (void)state;
    struct sigmaton_pack *pack = pack_make(false);
    struct sigmaton_engine *engine = NULL;
    const char *why = "";
    assert_int_equal(create(pack, &engine, &why), SIGMATON_EREGEX);
    assert_string_equal(why,
                        "a regex of the pack needs PCRE2, which this library is built without");
    assert_null(engine);
    char version[8] = "x";
    sigmaton_regex_library(version, sizeof version);
    assert_string_equal(version, "");
    free(pack);
}

static void automata_judge_without_it(void **state)
{
    (void)state;
    struct sigmaton_pack *pack = pack_make(true);
    struct sigmaton_engine *engine = NULL;
    struct sigmaton_scratch *scratch = NULL;
    const char *why = "";
    assert_int_equal(create(pack, &engine, &why), SIGMATON_OK);
    assert_int_equal(sigmaton_scratch_create(engine, &scratch), SIGMATON_OK);
    static const char *const lines[] = {"{\"A\":\"xab\"}", "{\"A\":\"xa\"}"};
    for (int i = 0; i < 2; i++) {
        struct sigmaton_verdict v;
        assert_int_equal(sigmaton_eval_json(engine, scratch, lines[i], strlen(lines[i]), &v),
                         SIGMATON_OK);
        assert_int_equal(v.hits[0], i == 0);
    }
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
    free(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pack_that_needs_it_is_refused),
        cmocka_unit_test(automata_judge_without_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
