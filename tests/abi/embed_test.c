/* A host that knows nothing but the public headers: compiles a rule, judges an event, reads a
 * fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sigmaton/sigmaton.h>
#include <sigmatonc.h>

static const char rule[] = "title: T\n"
                           "logsource: {product: windows}\n"
                           "detection:\n"
                           "  sel: {CommandLine|contains: urlcache}\n"
                           "  condition: sel\n";

static struct sigmatonc *compile(const char *text, enum sigmatonc_stage last)
{
    struct sigmatonc_text texts[] = {{.name = "rule.yml", .p = text, .len = strlen(text)}};
    struct sigmatonc_options o = {.size = sizeof o, .texts = texts, .n_texts = 1, .last = last};
    struct sigmatonc *c = NULL;
    sigmatonc_compile(&o, &c);
    assert_non_null(c);
    return c;
}

static void a_host_compiles_and_judges(void **state)
{
    static const char hit[] = "{\"CommandLine\":\"certutil -URLcache\"}",
                      miss[] = "{\"CommandLine\":\"x\"}";
    struct sigmatonc *c = compile(rule, SIGMATONC_JIT);
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v;
    (void)state;
    assert_int_equal(sigmaton_engine_create(sigmatonc_pack(c), NULL, &engine, NULL), SIGMATON_OK);
    assert_int_equal(sigmaton_scratch_create(engine, &scratch), SIGMATON_OK);
    assert_int_equal(sigmaton_eval_json(engine, scratch, hit, strlen(hit), &v), SIGMATON_OK);
    assert_int_equal(v.n_hits, 1);
    assert_int_equal(sigmaton_eval_json(engine, scratch, miss, strlen(miss), &v), SIGMATON_OK);
    assert_int_equal(v.n_hits, 0);
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
    sigmatonc_destroy(c);
}

static void a_host_reads_why_a_rule_was_refused(void **state)
{
    struct sigmatonc *c = compile("title: T\n", SIGMATONC_MAPPED);
    size_t len = 0;
    const char *json = sigmatonc_diagnostics(c, &len);
    (void)state;
    assert_int_equal(sigmatonc_counts(c).refused, 1);
    assert_non_null(json);
    assert_int_equal(strlen(json), len);
    assert_non_null(strstr(json, "\"code\":\"S157\""));
    assert_non_null(strstr(json, "\"file\":\"rule.yml\",\"line\":1,\"column\":1"));
    sigmatonc_destroy(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_compiles_and_judges),
        cmocka_unit_test(a_host_reads_why_a_rule_was_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
