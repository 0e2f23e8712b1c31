/* The whole judge, from rule text to verdicts. */
#include "oracle.h"
#include "rules.h"
#include "t.h"

static enum oracle_event_status judge(struct oracle *o, const char *json, uint64_t *hits)
{
    const char *why = NULL;
    size_t off = 0;
    enum oracle_event_status status = oracle_judge(o, json, strlen(json), hits, &why, &off);
    assert_int_equal(status == ORACLE_UNREADABLE, why != NULL);
    return status;
}

static void each_rule_has_its_bit(void **state)
{
    struct arena *a = t_arena(state);
    struct text t;
    text_init(&t, a);
    for (int i = 0; i < 130; i++)
        text_addf(&t,
                  "---\ntitle: r\nlogsource: {product: p}\ndetection: {s: {F: %d}, condition: s}\n",
                  i % 65);
    struct mapped rules = read_rules(a, text_str(&t));
    assert_int_equal(rules.n, 130);
    struct oracle *o =
        oracle_create(&rules, &(struct oracle_options){.routing = ORACLE_ROUTE_NONE});
    uint64_t hits[3] = {~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0)};
    assert_int_equal(judge(o, "{\"F\":64}", hits), ORACLE_OK);
    assert_true(hits[0] == 0 && hits[1] == 1 && hits[2] == 2);
    assert_int_equal(judge(o, "{\"F\":[0,\"1\"]}", hits), ORACLE_OK);
    assert_true(hits[0] == 3 && hits[1] == 6 && hits[2] == 0);
    oracle_destroy(o);
}

static void an_unreadable_event_hits_nothing_and_says_where(void **state)
{
    struct arena *a = t_arena(state);
    struct mapped rules = read_rules(a, STR("title: r\nlogsource: {product: p}\n"
                                            "detection: {s: {F: null}, condition: s}\n"));
    struct oracle *o =
        oracle_create(&rules, &(struct oracle_options){.routing = ORACLE_ROUTE_NONE});
    uint64_t hits[1] = {1};
    const char *why = NULL;
    size_t off = 0;
    assert_int_equal(oracle_judge(o, "{\"a\":x}", 7, hits, &why, &off), ORACLE_UNREADABLE);
    assert_true(hits[0] == 0);
    assert_int_equal(off, 5);
    assert_string_equal(why, "no JSON value where one is wanted");
    assert_int_equal(judge(o, "{}", hits), ORACLE_OK);
    assert_true(hits[0] == 1);
    oracle_destroy(o);
}

static void a_source_that_does_not_fit_is_no_hit(void **state)
{
    struct arena *a = t_arena(state);
    struct mapped rules =
        read_rules(a, STR("title: r\nlogsource: {product: windows, category: process_creation}\n"
                          "detection: {s: {Image|endswith: cmd.exe}, condition: s}\n"));
    struct oracle *o =
        oracle_create(&rules, &(struct oracle_options){.routing = ORACLE_ROUTE_AUTO});
    static const struct {
        const char *event;
        uint64_t hit;
    } cases[] = {
        {"{\"Image\":\"C:\\\\cmd.exe\"}", 1},
        {"{\"Channel\":\"Security\",\"EventID\":4688,\"NewProcessName\":\"C:\\\\cmd.exe\"}", 1},
        {"{\"Channel\":\"Security\",\"EventID\":4689,\"Image\":\"C:\\\\cmd.exe\"}", 0},
        {"{\"product\":\"windows\",\"category\":\"process_creation\",\"Image\":\"cmd.exe\"}", 1},
        {"{\"product\":\"linux\",\"Image\":\"cmd.exe\"}", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t hits[1];
        assert_int_equal(judge(o, cases[i].event, hits), ORACLE_OK);
        if (hits[0] != cases[i].hit)
            fail_msg("%s", cases[i].event);
    }
    oracle_destroy(o);
}

static void no_rules_are_no_trouble(void **state)
{
    (void)state;
    struct mapped none = {0};
    struct oracle *o = oracle_create(&none, &(struct oracle_options){.routing = ORACLE_ROUTE_AUTO});
    assert_int_equal(judge(o, "{\"product\":\"windows\"}", NULL), ORACLE_OK);
    oracle_destroy(o);
    oracle_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(each_rule_has_its_bit),
        t_test(an_unreadable_event_hits_nothing_and_says_where),
        t_test(a_source_that_does_not_fit_is_no_hit),
        t_test(no_rules_are_no_trouble),
    };
    return t_run(tests);
}
