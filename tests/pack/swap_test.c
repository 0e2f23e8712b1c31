/* Engines replaced under load: every event is judged by exactly one, and none outlives its use. */
#include "pack_t.h"

#include <pthread.h>
#include <stdatomic.h>

enum { N_READERS = 2 };
static int n_swaps = 1000; /* tests/full: 10,000 */

/* Two packs of other sizes whose one common event each hits with a rule of its own name. */
#define RULE(title, text)                                                                    \
    "title: " title "\nlogsource: {product: windows}\ndetection:\n  sel: {A|contains: " text \
    "}\n  condition: sel\n"
static const char *const rules[2] = {
    RULE("even", "x") "---\n" RULE("never", "q"),
    RULE("never", "q") "---\n" RULE("no", "r") "---\n" RULE("odd", "x"),
};
static const char *const titles[2] = {"even", "odd"};
static const uint32_t hits[2] = {0, 2};
static int packs[2]; /* descriptors; -1: no linker */

static int build(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct bytes b = pack_build(rules[i], SIGMATONC_SO, NULL);
        packs[i] = b.p ? pack_file(b.p, b.len) : -1;
        free(b.p);
    }
    return 0;
}

static struct sigmaton_engine *engine_of(int which)
{
    struct sigmaton_file *file = NULL;
    struct sigmaton_engine *engine = NULL;
    if (packs[which] < 0)
        skip();
    assert_int_equal(sigmaton_open_fd(packs[which], NULL, &file, NULL), SIGMATON_OK);
    assert_int_equal(sigmaton_engine_load(file, NULL, &engine, NULL), SIGMATON_OK);
    return engine;
}

static const char json[] = "{\"A\":\"x\"}";

/* Which of the packs judged the event; -1: none, or both, or a verdict that is not its engine's. */
static int judge(struct sigmaton_reader *r)
{
    struct sigmaton_event event = {sizeof event, SIGMATON_FORM_JSON, json, sizeof json - 1, NULL};
    struct sigmaton_verdict v;
    size_t len;
    if (sigmaton_reader_eval(r, &event, &v) != SIGMATON_OK || v.n_hits != 1)
        return -1;
    const struct sigmaton_engine *e = sigmaton_reader_engine(r);
    uint32_t hit = sigmaton_next_hit(&v, 0);
    const struct sigmaton_rule *rule = sigmaton_rule_at(e, hit);
    const char *title = rule ? sigmaton_ref_text(e, rule->title, &len) : NULL;
    for (int i = 0; i < 2; i++)
        if (hit == hits[i] && v.n_rules == 2u + (unsigned)i && len == strlen(titles[i]) &&
            memcmp(title, titles[i], len) == 0)
            return i;
    return -1;
}

static void a_swap_changes_who_judges(void **state)
{
    struct sigmaton_live *live;
    struct sigmaton_reader *a, *b;
    (void)state;
    assert_int_equal(sigmaton_live_create(engine_of(0), &live), SIGMATON_OK);
    assert_int_equal(sigmaton_reader_create(live, &a), SIGMATON_OK);
    assert_int_equal(sigmaton_reader_create(live, &b), SIGMATON_OK);
    assert_int_equal(judge(a), 0);
    assert_int_equal(sigmaton_live_swap(live, engine_of(1)), SIGMATON_OK);
    assert_int_equal(judge(a), 1);
    assert_int_equal(sigmaton_live_engines(live), 2); /* b has not moved */
    assert_int_equal(judge(b), 1);
    assert_int_equal(sigmaton_live_engines(live), 1);
    assert_int_equal(sigmaton_live_swap(live, engine_of(0)), SIGMATON_OK);
    assert_int_equal(sigmaton_live_swap(live, engine_of(1)), SIGMATON_OK);
    assert_int_equal(sigmaton_live_engines(live), 2); /* nobody took the one between */
    sigmaton_reader_destroy(a);
    assert_int_equal(judge(b), 1);
    assert_int_equal(sigmaton_live_engines(live), 1);
    sigmaton_reader_destroy(b);
    sigmaton_reader_destroy(NULL);
    sigmaton_live_destroy(live);
    sigmaton_live_destroy(NULL);
}

static void senseless_calls_are_refused(void **state)
{
    struct sigmaton_live *live;
    struct sigmaton_reader *reader;
    struct sigmaton_event event = {sizeof event, SIGMATON_FORM_JSON, json, sizeof json - 1, NULL};
    struct sigmaton_verdict v;
    (void)state;
    struct sigmaton_engine *engine = engine_of(0);
    assert_int_equal(sigmaton_live_create(NULL, &live), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_live_create(engine, NULL), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_live_create(engine, &live), SIGMATON_OK);
    assert_int_equal(sigmaton_live_swap(live, NULL), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_live_swap(NULL, engine), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_reader_create(NULL, &reader), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_reader_create(live, NULL), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_reader_eval(NULL, &event, &v), SIGMATON_EINVAL);
    assert_null(sigmaton_reader_engine(NULL));
    assert_int_equal(sigmaton_live_engines(NULL), 0);
    sigmaton_live_destroy(live);
}

struct reader {
    pthread_t thread;
    struct sigmaton_live *live;
    atomic_bool *stop;
    atomic_ulong judged;
    unsigned long by[2], wrong, changes;
};

static void *read_on(void *ctx)
{
    struct reader *r = ctx;
    struct sigmaton_reader *own;
    int last = -1;
    if (sigmaton_reader_create(r->live, &own) != SIGMATON_OK) {
        r->wrong++;
        return NULL;
    }
    while (!atomic_load(r->stop)) {
        int which = judge(own);
        if (which < 0)
            r->wrong++;
        else
            r->by[which]++;
        r->changes += which != last;
        last = which;
        atomic_fetch_add(&r->judged, 1);
    }
    sigmaton_reader_destroy(own);
    return NULL;
}

static void swaps_under_load_lose_no_verdict(void **state)
{
    struct reader readers[N_READERS] = {{0}};
    atomic_bool stop = false;
    struct sigmaton_live *live;
    struct sigmaton_reader *own;
    size_t most = 0;
    (void)state;
    assert_int_equal(sigmaton_live_create(engine_of(0), &live), SIGMATON_OK);
    assert_int_equal(sigmaton_reader_create(live, &own), SIGMATON_OK);
    for (int i = 0; i < N_READERS; i++) {
        readers[i].live = live;
        readers[i].stop = &stop;
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_on, &readers[i]), 0);
    }
    for (int i = 0; i < N_READERS; i++)
        while (atomic_load(&readers[i].judged) == 0)
            sched_yield();
    for (int i = 1; i <= n_swaps; i++) {
        assert_int_equal(sigmaton_live_swap(live, engine_of(i % 2)), SIGMATON_OK);
        assert_int_equal(judge(own), i % 2); /* from here on it is the new one */
        size_t n = sigmaton_live_engines(live);
        most = n > most ? n : most;
    }
    atomic_store(&stop, true);
    for (int i = 0; i < N_READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        print_message("# reader %d: %lu even, %lu odd, %lu changes\n", i, readers[i].by[0],
                      readers[i].by[1], readers[i].changes);
        assert_int_equal(readers[i].wrong, 0);
        assert_true(readers[i].changes > 10);
    }
    assert_true(most <= 2 + N_READERS); /* what somebody still uses, and no more */
    sigmaton_reader_destroy(own);
    assert_int_equal(sigmaton_live_engines(live), 1);
    sigmaton_live_destroy(live);
}

/* usage: pack_swap_test [SWAPS] */
int main(int argc, char **argv)
{
    if (argc > 1)
        n_swaps = atoi(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_swap_changes_who_judges),
        cmocka_unit_test(senseless_calls_are_refused),
        cmocka_unit_test(swaps_under_load_lose_no_verdict),
    };
    return cmocka_run_group_tests(tests, build, NULL);
}
