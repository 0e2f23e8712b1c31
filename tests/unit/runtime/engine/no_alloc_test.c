/* Interposes the allocator: an evaluation must not call it, and start-up must bear its every
 * failure. glibc only; not together with a sanitizer's allocator. */
#include "image.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *p);

static long n_calls, n_live;
static long fail_at = -1; /* which call of those still to come fails */

static bool fails(void)
{
    n_calls++;
    return fail_at >= 0 && fail_at-- == 0;
}

static void *taken(void *p)
{
    n_live += p != NULL;
    return p;
}

void *malloc(size_t size)
{
    return fails() ? NULL : taken(__libc_malloc(size));
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : taken(__libc_calloc(n, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : taken(__libc_memalign(alignment, size));
}

void *realloc(void *p, size_t size)
{
    if (fails())
        return NULL;
    n_live += p == NULL;
    return __libc_realloc(p, size);
}

void free(void *p)
{
    n_live -= p != NULL;
    __libc_free(p);
}

static uint64_t judge(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                      struct sigmaton_frame *frame, uint32_t word, uint64_t candidates)
{
    (void)word;
    return candidates & (uint64_t)(host->regex(frame, &slots[0], 0, 0) | host->any(&slots[3]) << 1);
}

static struct sigmaton_pack *pack_make(void)
{
    struct image *im = calloc(1, sizeof *im);
    im->n_memo = 10;
    im->with_names = true;
    image_slot(im, "a.b", SIGMATON_SLOT_RULE);
    image_slot(im, "Channel", SIGMATON_SLOT_CHANNEL);
    image_slot(im, "EventID", SIGMATON_SLOT_EVENT_ID);
    image_slot(im, "", SIGMATON_SLOT_KEYWORDS);
    image_slot(im, "product", SIGMATON_SLOT_PRODUCT);
    image_slot(im, "name", SIGMATON_SLOT_SOURCE);
    image_slot(im, "domain", SIGMATON_SLOT_SOURCE);
    image_rule(im, (struct image_rule){.product = "windows"});
    image_rule(im, (struct image_rule){.product = "linux"});
    image_binding(im, (struct image_binding){"security", 1, SIGMATON_BIND_JOIN, 0, 5, 6});
    image_route(im, (struct image_route){.channel = "security", .product = "windows"});
    image_regex(im, "^(x+x+)+$");
    struct sigmaton_pack *pack = image_end(im);
    free(im);
    return pack;
}

static void an_evaluation_does_not_allocate(void **state)
{
    (void)state;
    static const char *const events[] = {
        "{}",
        "{\"a\":[{\"b\":[1,2.5,\"\\u0041\"]},{\"b\":1e400}],\"c\":{\"d\":[null,true]}}",
        "{\"a.b\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!\"}",
        "{\"Channel\":\"Security\",\"EventID\":1,\"name\":\"n\",\"domain\":\"d\"}",
        "{\"product\":\"linux\",\"k\":1,\"k\":2}",
        "{\"broken\":",
        "[1,2,3]",
    };
    struct sigmaton_engine_options options = {.size = sizeof options, .eval = judge};
    struct sigmaton_pack *pack = pack_make();
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v = {0};
    assert_int_equal(sigmaton_engine_create(pack, &options, &engine, NULL), SIGMATON_OK);
    assert_int_equal(sigmaton_scratch_create(engine, &scratch), SIGMATON_OK);
    long before = n_calls, live = n_live;
    uint32_t n_unjudged = 0;
    struct sigmaton_slot slots[7];
    for (size_t i = 0; i < COUNT(events); i++) {
        sigmaton_eval_json(engine, scratch, events[i], strlen(events[i]), &v);
        n_unjudged += v.n_unjudged;
        memcpy(slots, v.slots, sizeof slots);
        sigmaton_eval_slots(engine, scratch, slots, &v);
        sigmaton_read_json(engine, scratch, events[i], strlen(events[i]), &v);
        size_t used;
        sigmaton_eval_ndjson(engine, scratch, events[i], strlen(events[i]), &used, &v);
    }
    long after = n_calls, live_after = n_live;
    assert_int_equal(after, before);
    assert_int_equal(live_after, live);
    assert_true(n_unjudged > 0); /* the limit of a regex was among it */
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
    free(pack);
}

/* The n-th allocation fails, for every n: a status, nothing kept, nothing crashes. */
static void start_up_bears_every_failure_of_memory(void **state)
{
    (void)state;
    struct sigmaton_engine_options options = {.size = sizeof options, .eval = judge};
    struct sigmaton_pack *pack = pack_make();
    for (long n = 0;; n++) {
        struct sigmaton_engine *engine = NULL;
        struct sigmaton_scratch *scratch = NULL;
        long live = n_live;
        fail_at = n;
        enum sigmaton_status status = sigmaton_engine_create(pack, &options, &engine, NULL);
        if (status == SIGMATON_OK)
            status = sigmaton_scratch_create(engine, &scratch);
        bool failed = fail_at == -1;
        fail_at = -1;
        sigmaton_scratch_destroy(scratch);
        sigmaton_engine_destroy(engine);
        long left = n_live - live;
        assert_int_equal(left, 0);
        if (!failed) {
            assert_int_equal(status, SIGMATON_OK);
            assert_true(n > 4);
            break;
        }
        assert_int_equal(status, SIGMATON_ENOMEM);
    }
    free(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_evaluation_does_not_allocate),
        cmocka_unit_test(start_up_bears_every_failure_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
