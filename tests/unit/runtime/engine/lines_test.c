/* sigmaton_eval_ndjson, and what of a scratch it touches. */
#include "show.h"

enum { SLOT_A, SLOT_CHANNEL, SLOT_PATH };

/* Rule 0: A is x. */
static uint64_t judge(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                      struct sigmaton_frame *frame, uint32_t word, uint64_t candidates)
{
    (void)frame;
    (void)word;
    return (uint64_t)host->eq(&slots[SLOT_A], (const uint8_t *)"x", 1, 0) & candidates;
}

struct bench {
    struct sigmaton_pack *pack;
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v;
};

static void bench_init(struct bench *b)
{
    struct sigmaton_engine_options options = {.size = sizeof options, .eval = judge};
    struct image *im = calloc(1, sizeof *im);
    im->with_names = true;
    image_slot(im, "A", SIGMATON_SLOT_RULE);
    image_slot(im, "Channel", SIGMATON_SLOT_CHANNEL);
    image_slot(im, "p.q", SIGMATON_SLOT_RULE);
    image_rule(im, (struct image_rule){.id = "id", .title = "title"});
    b->pack = image_end(im);
    free(im);
    assert_int_equal(sigmaton_engine_create(b->pack, &options, &b->engine, NULL), SIGMATON_OK);
    assert_int_equal(sigmaton_scratch_create(b->engine, &b->scratch), SIGMATON_OK);
}

static void bench_finish(struct bench *b)
{
    sigmaton_scratch_destroy(b->scratch);
    sigmaton_engine_destroy(b->engine);
    free(b->pack);
}

static enum sigmaton_status line(struct bench *b, const char *text, size_t *ret_used)
{
    return sigmaton_eval_ndjson(b->engine, b->scratch, text, strlen(text), ret_used, &b->v);
}

static void a_line_is_judged_and_its_end_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum sigmaton_status status;
        size_t used, error_off;
        uint32_t n_hits;
    } rows[] = {
        {"{\"A\":\"x\"}\n{", SIGMATON_OK, 10, 0, 1},
        {"{\"A\":\"x\"}\r\n{", SIGMATON_OK, 11, 0, 1},
        {"{\"A\":\"x\"}", SIGMATON_OK, 9, 0, 1},
        {"{\"A\":\"\\u0058\"}\n", SIGMATON_OK, 15, 0, 1},
        {"{\"A\":\"z\"}\n", SIGMATON_OK, 10, 0, 0},
        {" {\"A\":\"x\"}\n", SIGMATON_OK, 11, 0, 1}, /* by the tape reader, as the next ones */
        {"{\"A\":[\"x\"]}\r\n{", SIGMATON_OK, 13, 0, 1},
        {"\xef\xbb\xbf{\"A\":\"x\"}\n", SIGMATON_OK, 13, 0, 1},
        {"\n{\"A\":\"x\"}\n", SIGMATON_BLANK, 1, 0, 0},
        {" \t\r\n", SIGMATON_BLANK, 4, 0, 0},
        {" ", SIGMATON_BLANK, 1, 0, 0},
        {"{\"A\":\n\"x\"}\n", SIGMATON_EEVENT, 6, 5, 0},
        {"{\"B\":\"\n\"}\n", SIGMATON_EEVENT, 7, 6, 0},
        {"{\"A\":\"\\x\"}\r\n{}", SIGMATON_EEVENT, 12, 6, 0},
        {"[]\n", SIGMATON_EEVENT, 3, 0, 0},
    };
    struct bench b;
    bench_init(&b);
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t used = 0;
        assert_int_equal(line(&b, rows[i].text, &used), rows[i].status);
        assert_int_equal(used, rows[i].used);
        assert_int_equal(b.v.n_hits, rows[i].n_hits);
        assert_int_equal(b.v.error_off, rows[i].error_off);
        assert_int_equal(b.v.error != NULL, rows[i].status < SIGMATON_OK);
    }
    bench_finish(&b);
}

static void a_line_above_the_limit_is_skipped_whole(void **state)
{
    (void)state;
    struct bench b;
    size_t len = SIGMATON_LINE_MAX, used;
    char *text = malloc(len + 16);
    bench_init(&b);
    for (size_t over = 0; over < 2; over++) {
        memset(text, ' ', len + 16);
        memcpy(text, "{\"A\":\"x\"", 8);
        memcpy(text + len + over - 1, "}\n{}\n", 6);
        assert_int_equal(line(&b, text, &used), over ? SIGMATON_ELIMIT : SIGMATON_OK);
        assert_int_equal(used, len + over + 1);
    }
    free(text);
    bench_finish(&b);
}

static void senseless_arguments_are_refused(void **state)
{
    (void)state;
    struct bench b, other;
    struct sigmaton_verdict v = {0};
    size_t used;
    bench_init(&b);
    bench_init(&other);
    assert_int_equal(sigmaton_eval_ndjson(NULL, b.scratch, "{}", 2, &used, &v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_ndjson(b.engine, NULL, "{}", 2, &used, &v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_ndjson(b.engine, other.scratch, "{}", 2, &used, &v),
                     SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_ndjson(b.engine, b.scratch, NULL, 2, &used, &v),
                     SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_ndjson(b.engine, b.scratch, "{}", 0, &used, &v),
                     SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_ndjson(b.engine, b.scratch, "{}", 2, NULL, &v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval_ndjson(b.engine, b.scratch, "{}", 2, &used, NULL),
                     SIGMATON_EINVAL);
    bench_finish(&b);
    bench_finish(&other);
}

/* A scratch is made of zeros, and its ordinary part is its beginning. */
static bool rest_is_untouched(const struct bench *b)
{
    const uint8_t *bytes = (const uint8_t *)b->scratch;
    size_t size = sigmaton_scratch_size(b->engine);
    for (size_t i = sigmaton_scratch_ordinary(b->engine); i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void ordinary_events_leave_the_rest_of_a_scratch_alone(void **state)
{
    (void)state;
    struct bench b;
    size_t used;
    size_t len = (size_t)60 << 10;
    char *text = malloc(len + 16);
    bench_init(&b);
    assert_int_equal(sigmaton_scratch_ordinary(NULL), 0);
    assert_true(sigmaton_scratch_ordinary(b.engine) < (size_t)128 << 10);
    memset(text, 'y', len);
    memcpy(text, "{\"A\":\"\\n", 8); /* unescaped, nearly all the room there is */
    memcpy(text + len - 2, "\"}", 3);
    assert_int_equal(line(&b, text, &used), SIGMATON_OK);
    assert_int_equal(line(&b, "{\"A\":\"x\",\"q\":{\"z\":[1]},\"Channel\":\"Security\"}\n", &used),
                     SIGMATON_OK);
    assert_true(rest_is_untouched(&b));
    assert_int_equal(line(&b, "{\"p\":{\"q\":1}}", &used), SIGMATON_OK);
    assert_false(rest_is_untouched(&b)); /* the tape: else the test would see nothing */
    free(text);
    bench_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_judged_and_its_end_found),
        cmocka_unit_test(a_line_above_the_limit_is_skipped_whole),
        cmocka_unit_test(senseless_arguments_are_refused),
        cmocka_unit_test(ordinary_events_leave_the_rest_of_a_scratch_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
