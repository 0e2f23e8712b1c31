#include "show.h"

enum { SLOT_A, SLOT_CHANNEL, SLOT_ID, SLOT_OLD, SLOT_KEYWORDS };

#define N_RULES 70
#define N_WORDS 2

static int calls;

/* Rule 0: A is x. Rule 69: A ignores case and is y. Rule 5: regex 0 matches A. Rule 6: it does not.
 * Also hits rules that nobody asked for. */
static uint64_t judge(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                      struct sigmaton_frame *frame, uint32_t word, uint64_t candidates)
{
    (void)candidates;
    calls += word == 0;
    for (int i = 0; i < 4; i++) {
        assert_true(word == 1 || frame->memo[i] == 0); /* in every pass */
        frame->memo[i] = UINT64_MAX;
    }
    assert_true(host->size == sizeof *host);
    assert_true(frame->size == sizeof *frame);
    const uint8_t *x = (const uint8_t *)"x", *y = (const uint8_t *)"y";
    const struct sigmaton_slot *a = &slots[SLOT_A];
    if (word == 1)
        return (uint64_t)host->eq(a, y, 1, 0) << 5 | ~UINT64_C(0x3f);
    return (uint64_t)host->eq(a, x, 1, 0) | (uint64_t)host->regex(frame, a, 0, 0) << 5 |
           (uint64_t)!host->regex(frame, a, 0, 1) << 6;
}

static struct sigmaton_pack *pack_make(const char *pattern)
{
    struct image *im = calloc(1, sizeof *im);
    im->n_memo = 128;
    image_slot(im, "A", SIGMATON_SLOT_RULE);
    image_slot(im, "Channel", SIGMATON_SLOT_CHANNEL);
    image_slot(im, "EventID", SIGMATON_SLOT_EVENT_ID);
    image_slot(im, "Old", SIGMATON_SLOT_SOURCE);
    image_slot(im, "", SIGMATON_SLOT_KEYWORDS);
    for (int i = 0; i < N_RULES; i++)
        image_rule(im, (struct image_rule){.id = "id", .title = "title", .product = "windows"});
    image_binding(im, (struct image_binding){"security", 1, SIGMATON_BIND_RENAME, SLOT_A, SLOT_OLD,
                                             SIGMATON_NO_SLOT});
    image_route(im, (struct image_route){.channel = "security", .product = "windows"});
    image_regex(im, pattern);
    struct sigmaton_pack *pack = image_end(im);
    free(im);
    return pack;
}

struct bench {
    struct sigmaton_pack *pack;
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v;
};

static void bench_init(struct bench *b, const char *pattern, sigmaton_eval_fn eval)
{
    struct sigmaton_engine_options options = {.size = sizeof options, .eval = eval};
    b->pack = pack_make(pattern);
    assert_int_equal(sigmaton_engine_create(b->pack, &options, &b->engine, NULL), SIGMATON_OK);
    assert_int_equal(sigmaton_scratch_create(b->engine, &b->scratch), SIGMATON_OK);
    calls = 0;
}

static void bench_finish(struct bench *b)
{
    sigmaton_scratch_destroy(b->scratch);
    sigmaton_engine_destroy(b->engine);
    free(b->pack);
}

static enum sigmaton_status eval(struct bench *b, const char *json)
{
    return sigmaton_eval_json(b->engine, b->scratch, json, strlen(json), &b->v);
}

static void an_event_gets_its_verdict(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        uint64_t first, second;
        uint32_t n_hits;
    } rows[] = {
        {"{\"A\":\"x\"}", 1 | 1 << 6, 0, 2},
        {"{\"A\":\"Y\"}", 1 << 6, 1 << 5, 2},
        {"{\"A\":\"zz\"}", 1 << 5, 0, 1},
        {"{\"A\":[\"X\",\"y\",\"zz\"]}", 1 | 1 << 5, 1 << 5, 3},
        {"{}", 1 << 6, 0, 1},
        {"{\"Channel\":\"Security\",\"EventID\":1,\"Old\":\"x\"}", 1 | 1 << 6, 0, 2},
        {"{\"Channel\":\"Security\",\"EventID\":2,\"Old\":\"x\"}", 1 << 6, 0, 1},
    };
    struct bench b;
    bench_init(&b, "z+", judge);
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(eval(&b, rows[i].json), SIGMATON_OK);
        assert_true(b.v.hits[0] == rows[i].first && b.v.hits[1] == rows[i].second);
        assert_int_equal(b.v.n_hits, rows[i].n_hits);
        assert_int_equal(b.v.n_rules, N_RULES);
        assert_int_equal(b.v.n_unjudged, 0);
        assert_null(b.v.error);
    }
    assert_int_equal(calls, COUNT(rows));
    bench_finish(&b);
}

static void a_regex_at_its_limit_leaves_its_rules_unjudged(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b, "^(x+x+)+$", judge);
    assert_int_equal(
        eval(&b, "{\"A\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!\"}"),
        SIGMATON_OK);
    assert_int_equal(calls, 2);
    assert_true(b.v.hits[0] == 0 && b.v.hits[1] == 0);
    assert_true(b.v.unjudged[0] == (1 << 5 | 1 << 6) && b.v.unjudged[1] == 0);
    assert_int_equal(b.v.n_unjudged, 2);
    assert_int_equal(eval(&b, "{\"A\":\"xx\"}"), SIGMATON_OK); /* and no longer than that */
    assert_int_equal(b.v.n_unjudged, 0);
    assert_true(b.v.hits[0] == 1 << 5 && b.v.unjudged[0] == 0);
    bench_finish(&b);
}

static void an_unreadable_event_has_an_empty_verdict(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        enum sigmaton_status status;
        size_t off;
    } rows[] = {
        {"", SIGMATON_EEVENT, 0},
        {"[]", SIGMATON_EEVENT, 0},
        {"{\"A\":\"x\"", SIGMATON_EEVENT, 8},
        {"{\"A\":\"x\"} x", SIGMATON_EEVENT, 10},
    };
    struct bench b;
    bench_init(&b, "z", judge);
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(eval(&b, "{\"A\":\"x\"}"), SIGMATON_OK);
        assert_int_equal(eval(&b, rows[i].json), rows[i].status);
        assert_non_null(b.v.error);
        assert_int_equal(b.v.error_off, rows[i].off);
        assert_int_equal(b.v.n_hits, 0);
        assert_true(b.v.hits[0] == 0 && b.v.hits[1] == 0 && b.v.unjudged[0] == 0);
        assert_int_equal(b.v.slots[SLOT_A].kind, SIGMATON_ABSENT);
    }
    assert_int_equal(sigmaton_eval_json(b.engine, b.scratch, NULL, 0, &b.v), SIGMATON_EEVENT);
    char *json = calloc(1, SIGMATON_LINE_MAX + 1);
    assert_int_equal(sigmaton_eval_json(b.engine, b.scratch, json, SIGMATON_LINE_MAX + 1, &b.v),
                     SIGMATON_ELIMIT);
    free(json);
    bench_finish(&b);
}

static void slots_are_judged_as_an_event_is(void **state)
{
    (void)state;
    struct sigmaton_slot slots[5] = {{.kind = SIGMATON_ABSENT}};
    slots[SLOT_CHANNEL] = (struct sigmaton_slot){
        .at.text = (const uint8_t *)"SECURITY", .len = 8, .kind = SIGMATON_TEXT};
    slots[SLOT_ID] = (struct sigmaton_slot){
        .at.text = (const uint8_t *)"1", .len = 1, .number = 1, .kind = SIGMATON_INT};
    slots[SLOT_OLD] =
        (struct sigmaton_slot){.at.text = (const uint8_t *)"X", .len = 1, .kind = SIGMATON_TEXT};
    struct bench b;
    bench_init(&b, "z", judge);
    assert_int_equal(sigmaton_eval_slots(b.engine, b.scratch, slots, &b.v), SIGMATON_OK);
    assert_true(b.v.hits[0] == (1 | 1 << 6));
    assert_string_equal(show(&b.v.slots[SLOT_A]).z, "\"X\"");
    assert_int_equal(slots[SLOT_A].kind, SIGMATON_ABSENT); /* the caller's stay as they are */
    assert_int_equal(sigmaton_eval_slots(b.engine, b.scratch, NULL, &b.v), SIGMATON_EINVAL);
    bench_finish(&b);
}

static void reading_asks_no_rule(void **state)
{
    (void)state;
    const char *json = "{\"Channel\":\"Security\",\"EventID\":1,\"Old\":\"x\"}";
    struct bench b;
    bench_init(&b, "z", judge);
    assert_int_equal(sigmaton_read_json(b.engine, b.scratch, json, strlen(json), &b.v),
                     SIGMATON_OK);
    assert_int_equal(calls, 0);
    assert_string_equal(show(&b.v.slots[SLOT_A]).z, "\"x\"");
    assert_string_equal(show(&b.v.slots[SLOT_KEYWORDS]).z, "-"); /* no rule, no keywords */
    assert_int_equal(b.v.n_hits, 0);
    bench_finish(&b);
}

/* A pack that carries its code, as a loaded one does: near enough for a 32-bit offset. */
static void the_packs_own_code_is_used(void **state)
{
    (void)state;
    static uint64_t near_code[1 << 14];
    struct sigmaton_pack *made = pack_make("z");
    assert_true(made->image_size <= sizeof near_code);
    memcpy(near_code, made, made->image_size);
    free(made);
    struct sigmaton_pack *pack = (struct sigmaton_pack *)(void *)near_code;
    intptr_t distance = (intptr_t)judge - (intptr_t)pack;
    assert_true(distance >= INT32_MIN && distance <= INT32_MAX);
    pack->eval_off = (int32_t)distance;
    struct bench b = {.pack = NULL};
    assert_int_equal(sigmaton_engine_create(pack, NULL, &b.engine, NULL), SIGMATON_OK);
    assert_int_equal(sigmaton_scratch_create(b.engine, &b.scratch), SIGMATON_OK);
    assert_int_equal(eval(&b, "{\"A\":\"x\"}"), SIGMATON_OK);
    assert_true(b.v.hits[0] == (1 | 1 << 6));
    bench_finish(&b);
}

static void bad_packs_are_refused_with_a_reason(void **state)
{
    (void)state;
    struct sigmaton_engine_options options = {.size = sizeof options, .eval = judge};
    struct sigmaton_engine *engine = NULL;
    const char *why = NULL;
    struct sigmaton_pack *pack = pack_make("(");
    assert_int_equal(sigmaton_engine_create(pack, &options, &engine, &why), SIGMATON_EREGEX);
    assert_string_equal(why, "a regex of the pack does not compile");
    assert_int_equal(sigmaton_engine_create(pack, NULL, &engine, &why), SIGMATON_EPACK);
    assert_string_equal(why, "the pack has no code and no interpreter is given");
    pack->magic = 0;
    assert_int_equal(sigmaton_engine_create(pack, &options, &engine, &why), SIGMATON_EPACK);
    assert_string_equal(why, "this is no pack");
    pack->magic = SIGMATON_PACK_MAGIC;
    pack->abi_major++;
    assert_int_equal(sigmaton_engine_create(pack, &options, &engine, &why), SIGMATON_EABI);
    assert_null(engine);
    free(pack);
}

static void options_of_other_sizes_are_understood(void **state)
{
    (void)state;
    struct {
        struct sigmaton_engine_options known;
        uint64_t later;
    } options = {.known = {.size = sizeof options, .eval = judge}};
    struct sigmaton_pack *pack = pack_make("z");
    struct sigmaton_engine *engine = NULL;
    assert_int_equal(sigmaton_engine_create(pack, &options.known, &engine, NULL), SIGMATON_OK);
    sigmaton_engine_destroy(engine);
    options.later = 1;
    assert_int_equal(sigmaton_engine_create(pack, &options.known, &engine, NULL), SIGMATON_EINVAL);
    options.known.size = offsetof(struct sigmaton_engine_options, eval); /* so eval is not seen */
    assert_int_equal(sigmaton_engine_create(pack, &options.known, &engine, NULL), SIGMATON_EPACK);
    options.known.size = 0;
    assert_int_equal(sigmaton_engine_create(pack, &options.known, &engine, NULL), SIGMATON_EINVAL);
    options.known = (struct sigmaton_engine_options){
        .size = sizeof options.known, .eval = judge, .routing = SIGMATON_ROUTE_GIVEN + 1};
    assert_int_equal(sigmaton_engine_create(pack, &options.known, &engine, NULL), SIGMATON_EINVAL);
    free(pack);
}

static void senseless_arguments_are_refused(void **state)
{
    (void)state;
    struct bench b, other;
    const char *why = NULL;
    bench_init(&b, "z", judge);
    bench_init(&other, "z", judge);
    assert_int_equal(sigmaton_engine_create(NULL, NULL, &b.engine, &why), SIGMATON_EINVAL);
    assert_non_null(why);
    assert_int_equal(sigmaton_engine_create(b.pack, NULL, NULL, NULL), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_scratch_create(NULL, &b.scratch), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_scratch_create(b.engine, NULL), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_json(NULL, b.scratch, "{}", 2, &b.v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_json(b.engine, NULL, "{}", 2, &b.v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_json(b.engine, other.scratch, "{}", 2, &b.v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_json(b.engine, b.scratch, NULL, 2, &b.v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_json(b.engine, b.scratch, "{}", 2, NULL), SIGMATON_EINVAL);
    sigmaton_scratch_destroy(NULL);
    sigmaton_engine_destroy(NULL);
    assert_int_equal(sigmaton_n_rules(NULL), 0);
    assert_int_equal(sigmaton_scratch_size(NULL), 0);
    bench_finish(&other);
    bench_finish(&b);
}

static void the_pack_can_be_read(void **state)
{
    (void)state;
    struct bench b;
    size_t len = 99;
    bench_init(&b, "z", judge);
    assert_int_equal(sigmaton_n_rules(b.engine), N_RULES);
    const struct sigmaton_rule *rule = sigmaton_rule_at(b.engine, N_RULES - 1);
    assert_int_equal(rule->level, SIGMATON_LEVEL_HIGH);
    const char *title = sigmaton_ref_text(b.engine, rule->title, &len);
    assert_int_equal(len, 5);
    assert_memory_equal(title, "title", 5);
    assert_non_null(sigmaton_ref_text(b.engine, rule->title, NULL));
    assert_null(sigmaton_rule_at(b.engine, N_RULES));
    struct sigmaton_ref outside = {b.pack->image_size, 1};
    assert_string_equal(sigmaton_ref_text(b.engine, outside, &len), "");
    assert_int_equal(len, 0);
    assert_true(sigmaton_scratch_size(b.engine) > SIGMATON_VALUES_MAX);
    bench_finish(&b);
}

static void every_status_has_a_text(void **state)
{
    (void)state;
    for (int s = SIGMATON_OK; s >= SIGMATON_ELIMIT; s--) {
        assert_non_null(sigmaton_status_text((enum sigmaton_status)s));
        for (int t = SIGMATON_OK; t > s; t--)
            assert_string_not_equal(sigmaton_status_text((enum sigmaton_status)s),
                                    sigmaton_status_text((enum sigmaton_status)t));
    }
    assert_non_null(sigmaton_status_text((enum sigmaton_status) - 99));
    assert_true(strlen(sigmaton_version()) > 0);
}

static void the_regex_library_is_told_as_far_as_it_fits(void **state)
{
    (void)state;
    char whole[64] = "", cut[4] = "xyz";
    sigmaton_regex_library(whole, sizeof whole);
    sigmaton_regex_library(cut, sizeof cut);
    assert_true(strlen(whole) >= 3);
    assert_int_equal(strlen(cut), 3);
    assert_memory_equal(cut, whole, 3);
}

static uint64_t hit_all(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                        struct sigmaton_frame *frame, uint32_t word, uint64_t candidates)
{
    (void)host, (void)slots, (void)frame, (void)word;
    return candidates;
}

/* Whatever passes the check can be used. */
static void a_damaged_pack_that_passes_does_no_harm(void **state)
{
    (void)state;
    const char *json = "{\"Channel\":\"Security\",\"EventID\":1,\"Old\":\"x\",\"A\":[1,{\"B\":2}]}";
    struct sigmaton_engine_options options = {.size = sizeof options, .eval = hit_all};
    struct sigmaton_pack *pack = pack_make("z");
    size_t end = pack->regexes.off + sizeof(struct sigmaton_regex); /* the last table */
    for (size_t i = 0; i < end; i++) {
        size_t rules = pack->rules.off + 2 * sizeof(struct sigmaton_rule);
        if ((i >= rules && i < pack->rules.off + N_RULES * sizeof(struct sigmaton_rule)) ||
            i / 4 == offsetof(struct sigmaton_pack, image_size) / 4)
            continue; /* the rules are alike; the size is the one thing that must be true */
        ((uint8_t *)pack)[i] ^= 1;
        struct sigmaton_engine *engine = NULL;
        struct sigmaton_scratch *scratch = NULL;
        struct sigmaton_verdict v;
        if (sigmaton_engine_create(pack, &options, &engine, NULL) == SIGMATON_OK &&
            sigmaton_n_rules(engine) <= N_WORDS * 64 &&
            sigmaton_scratch_create(engine, &scratch) == SIGMATON_OK)
            assert_int_equal(sigmaton_eval_json(engine, scratch, json, strlen(json), &v),
                             SIGMATON_OK);
        sigmaton_scratch_destroy(scratch);
        sigmaton_engine_destroy(engine);
        ((uint8_t *)pack)[i] ^= 1;
    }
    free(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_gets_its_verdict),
        cmocka_unit_test(a_regex_at_its_limit_leaves_its_rules_unjudged),
        cmocka_unit_test(an_unreadable_event_has_an_empty_verdict),
        cmocka_unit_test(slots_are_judged_as_an_event_is),
        cmocka_unit_test(reading_asks_no_rule),
        cmocka_unit_test(the_packs_own_code_is_used),
        cmocka_unit_test(bad_packs_are_refused_with_a_reason),
        cmocka_unit_test(options_of_other_sizes_are_understood),
        cmocka_unit_test(senseless_arguments_are_refused),
        cmocka_unit_test(the_pack_can_be_read),
        cmocka_unit_test(every_status_has_a_text),
        cmocka_unit_test(the_regex_library_is_told_as_far_as_it_fits),
        cmocka_unit_test(a_damaged_pack_that_passes_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
