/* Profiling: what is counted of which rule, and that verdicts stay as they are. */
#include "image.h"
#include "profile.h"

/* Rule 0 runs its regex twice and hits where it is found, rule 1 hits always. */
static uint64_t judge(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                      struct sigmaton_frame *frame, uint32_t word, uint64_t candidates)
{
    uint64_t hits = candidates & 2;
    (void)word;
    if (candidates & 1)
        hits |=
            (uint64_t)(host->regex(frame, &slots[0], 0, 0) & host->regex(frame, &slots[0], 0, 0));
    return hits;
}

static struct sigmaton_pack *pack_make(void)
{
    struct image *im = calloc(1, sizeof *im);
    image_slot(im, "a", SIGMATON_SLOT_RULE);
    image_slot(im, "product", SIGMATON_SLOT_PRODUCT);
    image_rule(im, (struct image_rule){.product = "windows"});
    image_rule(im, (struct image_rule){.product = "windows"});
    image_rule(im, (struct image_rule){.product = "linux"});
    image_regex(im, "xy");
    struct sigmaton_pack *pack = image_end(im);
    free(im);
    return pack;
}

static void rules_are_counted_one_by_one(void **state)
{
    (void)state;
    static const char *const events[] = {"{\"product\":\"windows\",\"a\":\"xxy\"}",
                                         "{\"product\":\"windows\",\"a\":\"xx\"}",
                                         "{\"product\":\"linux\",\"a\":\"xxy\"}", "[]"};
    struct sigmaton_engine_options options = {.size = sizeof options, .eval = judge};
    struct sigmaton_pack *pack = pack_make();
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v;
    struct srt_profile p[3] = {0};
    assert_int_equal(sigmaton_engine_create(pack, &options, &engine, NULL), SIGMATON_OK);
    assert_int_equal(sigmaton_scratch_create(engine, &scratch), SIGMATON_OK);
    srt_profile_set(scratch, p);
    sigmaton_eval_json(engine, scratch, events[0], strlen(events[0]), &v);
    assert_int_equal(v.hits[0], 3); /* and the verdict is what it was */
    for (size_t i = 1; i < COUNT(events); i++)
        sigmaton_eval_json(engine, scratch, events[i], strlen(events[i]), &v);
    srt_profile_set(scratch, NULL);
    sigmaton_eval_json(engine, scratch, events[0], strlen(events[0]), &v);
    assert_int_equal(p[0].asked, 2);
    assert_int_equal(p[0].hits, 1);
    assert_int_equal(p[0].regexes, 2); /* the second answer is remembered */
    assert_int_equal(p[1].asked, 2);
    assert_int_equal(p[1].hits, 2);
    assert_int_equal(p[1].regexes, 0);
    assert_int_equal(p[2].asked, 1);
    assert_int_equal(p[2].hits, 0);
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
    free(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_counted_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
