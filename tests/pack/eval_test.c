/* The embedding API over a pack file: forms of events, log sources, verdicts, what a pack says. */
#include "pack_t.h"

struct rig {
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
};

static struct bytes built;

static int build(void **state)
{
    (void)state;
    built = pack_build(PACK_RULES, SIGMATONC_SO, NULL);
    return 0;
}

static struct rig rig_open(void)
{
    struct rig r = {0};
    struct sigmaton_file *file;
    const char *why = "";
    if (!built.p)
        skip();
    assert_int_equal(pack_open(built.p, built.len, &file, &why), SIGMATON_OK);
    assert_int_equal(sigmaton_engine_load(file, NULL, &r.engine, &why), SIGMATON_OK);
    assert_int_equal(sigmaton_scratch_create(r.engine, &r.scratch), SIGMATON_OK);
    return r;
}

static void rig_close(struct rig *r)
{
    sigmaton_scratch_destroy(r->scratch);
    sigmaton_engine_destroy(r->engine); /* and the file with it */
}

static uint64_t eval(struct rig *r, enum sigmaton_form form, const void *of, size_t n,
                     const struct sigmaton_logsource *source)
{
    struct sigmaton_event event = {sizeof event, form, of, n, source};
    struct sigmaton_verdict v;
    assert_int_equal(sigmaton_eval(r->engine, r->scratch, &event, &v), SIGMATON_OK);
    return v.hits[0];
}

#define TEXT(n, v)                                                                  \
    {                                                                               \
        .name = n, .value = v, .name_len = sizeof n - 1, .value_len = sizeof v - 1, \
        .kind = SIGMATON_TEXT                                                       \
    }

static void json_slots_and_pairs_are_one_event(void **state)
{
    static const struct sigmaton_pair pairs[] = {
        TEXT("CommandLine", "a \"quoted\" urlcache\n\\ \x01 \xc3\xa9"),
        TEXT("Image", "C:\\cmd.exe"),
        TEXT("User", "SYSTEM"),
    };
    static const char json[] = "{\"CommandLine\":\"a urlcache\",\"Image\":\"C:\\\\cmd.exe\","
                               "\"User\":\"SYSTEM\"}";
    struct rig r = rig_open();
    uint32_t n = sigmaton_n_slots(r.engine);
    struct sigmaton_slot *slots = calloc(n, sizeof *slots);
    (void)state;
    for (int i = 0; i < 3; i++) {
        uint32_t slot = sigmaton_slot_find(r.engine, pairs[i].name, pairs[i].name_len);
        assert_int_not_equal(slot, SIGMATON_NO_SLOT);
        slots[slot].kind = SIGMATON_TEXT;
        slots[slot].at.text = (const uint8_t *)pairs[i].value;
        slots[slot].len = pairs[i].value_len;
    }
    assert_int_equal(eval(&r, SIGMATON_FORM_JSON, json, sizeof json - 1, NULL), 1);
    assert_int_equal(eval(&r, SIGMATON_FORM_PAIRS, pairs, 3, NULL), 1);
    assert_int_equal(eval(&r, SIGMATON_FORM_SLOTS, slots, n, NULL), 1);
    assert_int_equal(eval(&r, SIGMATON_FORM_PAIRS, pairs, 2, NULL), 3); /* without the User */
    assert_int_equal(eval(&r, SIGMATON_FORM_PAIRS, NULL, 0, NULL), 0);
    free(slots);
    rig_close(&r);
}

static void pairs_carry_every_scalar(void **state)
{
    struct sigmaton_pair pairs[] = {
        TEXT("CommandLine", "abc7"),
        {.name = "EventID", .value = "5", .name_len = 7, .value_len = 1, .kind = SIGMATON_INT},
    };
    struct rig r = rig_open();
    (void)state;
    assert_int_equal(eval(&r, SIGMATON_FORM_PAIRS, pairs, 2, NULL), 4);
    pairs[1].kind = SIGMATON_DOUBLE;
    pairs[1].value = "5.0", pairs[1].value_len = 3;
    assert_int_equal(eval(&r, SIGMATON_FORM_PAIRS, pairs, 2, NULL), 4);
    pairs[1].kind = SIGMATON_NULL;
    assert_int_equal(eval(&r, SIGMATON_FORM_PAIRS, pairs, 2, NULL), 0);
    pairs[1].kind = SIGMATON_BOOL;
    pairs[1].value = "true", pairs[1].value_len = 4;
    assert_int_equal(eval(&r, SIGMATON_FORM_PAIRS, pairs, 2, NULL), 0);
    rig_close(&r);
}

static void a_pair_cannot_become_two(void **state)
{
    static const struct {
        const char *value;
        uint32_t kind;
        enum sigmaton_status status;
    } table[] = {
        {"5,\"Image\":\"cmd.exe\"", SIGMATON_INT, SIGMATON_EINVAL},
        {"true,\"x\":1", SIGMATON_BOOL, SIGMATON_EINVAL},
        {"", SIGMATON_INT, SIGMATON_EINVAL},
        {"", SIGMATON_BOOL, SIGMATON_EINVAL},
        {"+-+", SIGMATON_INT, SIGMATON_EEVENT},
        {"x", SIGMATON_LIST, SIGMATON_EINVAL},
        {"x", 0, SIGMATON_EINVAL},
        {"\xff", SIGMATON_TEXT, SIGMATON_EEVENT},
    };
    struct rig r = rig_open();
    struct sigmaton_verdict v;
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct sigmaton_pair pair = {.name = "EventID",
                                     .value = table[i].value,
                                     .name_len = 7,
                                     .value_len = (uint32_t)strlen(table[i].value),
                                     .kind = table[i].kind};
        struct sigmaton_event event = {sizeof event, SIGMATON_FORM_PAIRS, &pair, 1, NULL};
        assert_int_equal(sigmaton_eval(r.engine, r.scratch, &event, &v), table[i].status);
    }
    rig_close(&r);
}

static void pairs_have_the_limit_of_a_line(void **state)
{
    struct rig r = rig_open();
    char *value = malloc(SIGMATON_LINE_MAX);
    struct sigmaton_verdict v;
    struct sigmaton_pair pair = {
        .name = "Image", .value = value, .name_len = 5, .kind = SIGMATON_TEXT};
    struct sigmaton_event event = {sizeof event, SIGMATON_FORM_PAIRS, &pair, 1, NULL};
    (void)state;
    memset(value, 'a', SIGMATON_LINE_MAX);
    pair.value_len = (uint32_t)(SIGMATON_LINE_MAX - sizeof "{\"Image\":\"\"}" + 1);
    assert_int_equal(sigmaton_eval(r.engine, r.scratch, &event, &v), SIGMATON_OK);
    pair.value_len++;
    assert_int_equal(sigmaton_eval(r.engine, r.scratch, &event, &v), SIGMATON_ELIMIT);
    assert_non_null(strstr(v.error, "SIGMATON_LINE_MAX"));
    assert_int_equal(v.n_hits, 0);
    free(value);
    rig_close(&r);
}

static void a_log_source_given_decides_which_rules_are_asked(void **state)
{
    static const struct sigmaton_logsource creation = {"windows", "process_creation", NULL},
                                           windows = {"Windows", NULL, NULL},
                                           linux_ = {"linux", NULL, NULL},
                                           none = {NULL, NULL, NULL}, other = {"macos", "x", "y"};
    struct rig r = rig_open();
    size_t n = sizeof PACK_HIT - 1;
    (void)state;
    for (int again = 0; again < 2; again++) {
        assert_int_equal(eval(&r, SIGMATON_FORM_JSON, PACK_HIT, n, &creation), 3);
        assert_int_equal(eval(&r, SIGMATON_FORM_JSON, PACK_HIT, n, &windows), 2);
        assert_int_equal(eval(&r, SIGMATON_FORM_JSON, PACK_HIT, n, &linux_), 0);
        assert_int_equal(eval(&r, SIGMATON_FORM_JSON, PACK_HIT, n, &none), 0);
        assert_int_equal(eval(&r, SIGMATON_FORM_JSON, PACK_HIT, n, &other), 0);
        assert_int_equal(eval(&r, SIGMATON_FORM_JSON, PACK_HIT, n, NULL), 3);
    }
    rig_close(&r);
}

static void hits_are_walked_in_order(void **state)
{
    uint64_t hits[3] = {UINT64_C(1) << 63 | 1, 0, 5}, none[3] = {0};
    struct sigmaton_verdict v = {.hits = hits, .unjudged = none, .n_rules = 131};
    uint32_t found[8], n = 0;
    (void)state;
    for (uint32_t i = sigmaton_next_hit(&v, 0); i < v.n_rules; i = sigmaton_next_hit(&v, i + 1))
        found[n++] = i;
    assert_int_equal(n, 4);
    assert_int_equal(found[0], 0);
    assert_int_equal(found[1], 63);
    assert_int_equal(found[2], 128);
    assert_int_equal(found[3], 130);
    assert_int_equal(sigmaton_next_unjudged(&v, 0), 131);
    assert_int_equal(sigmaton_next_hit(&v, 131), 131);
}

static void is_text(const char *p, size_t len, const char *want)
{
    assert_int_equal(len, strlen(want));
    assert_memory_equal(p, want, len);
}

static void a_pack_tells_its_rules_and_slots(void **state)
{
    struct rig r = rig_open();
    size_t len;
    (void)state;
    assert_int_equal(sigmaton_n_rules(r.engine), 3);
    const struct sigmaton_rule *rule = sigmaton_rule_at(r.engine, 0);
    const char *p = sigmaton_ref_text(r.engine, rule->title, &len);
    is_text(p, len, "One");
    p = sigmaton_ref_text(r.engine, rule->id, &len);
    is_text(p, len, "11111111-1111-4111-8111-111111111111");
    assert_string_equal(sigmaton_level_text(rule->level), "high");
    assert_string_equal(sigmaton_rule_status_text(rule->status), "");
    assert_string_equal(sigmaton_rule_status_text(5), "stable");
    assert_string_equal(sigmaton_level_text(99), "");
    p = sigmaton_rule_tag(r.engine, 0, 1, &len);
    is_text(p, len, "attack.execution");
    assert_null(sigmaton_rule_tag(r.engine, 0, 2, &len));
    assert_null(sigmaton_rule_tag(r.engine, 3, 0, NULL));
    assert_null(sigmaton_rule_at(r.engine, 3));
    for (uint32_t i = 0; i < sigmaton_n_slots(r.engine); i++) {
        p = sigmaton_slot_name(r.engine, i, &len);
        assert_int_equal(sigmaton_slot_find(r.engine, p, len), i);
    }
    assert_null(sigmaton_slot_name(r.engine, sigmaton_n_slots(r.engine), &len));
    assert_int_equal(sigmaton_slot_find(r.engine, "Nothing", 7), SIGMATON_NO_SLOT);
    assert_int_equal(sigmaton_engine_pack(r.engine)->rules.len, 3);
    rig_close(&r);
}

static void senseless_calls_are_refused(void **state)
{
    struct rig r = rig_open(), other = rig_open();
    struct sigmaton_verdict v;
    struct sigmaton_event event = {sizeof event, SIGMATON_FORM_JSON, "{}", 2, NULL};
    (void)state;
    assert_int_equal(sigmaton_eval(r.engine, r.scratch, &event, &v), SIGMATON_OK);
    assert_int_equal(sigmaton_eval(r.engine, other.scratch, &event, &v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval(NULL, r.scratch, &event, &v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval(r.engine, NULL, &event, &v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval(r.engine, r.scratch, NULL, &v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_eval(r.engine, r.scratch, &event, NULL), SIGMATON_EINVAL);
    event.size--;
    assert_int_equal(sigmaton_eval(r.engine, r.scratch, &event, &v), SIGMATON_EINVAL);
    event = (struct sigmaton_event){sizeof event, (enum sigmaton_form)7, "{}", 2, NULL};
    assert_int_equal(sigmaton_eval(r.engine, r.scratch, &event, &v), SIGMATON_EINVAL);
    event = (struct sigmaton_event){sizeof event, SIGMATON_FORM_SLOTS, "{}", 2, NULL};
    assert_int_equal(sigmaton_eval(r.engine, r.scratch, &event, &v), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_engine_load(NULL, NULL, &r.engine, NULL), SIGMATON_EINVAL);
    rig_close(&r);
    rig_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_slots_and_pairs_are_one_event),
        cmocka_unit_test(pairs_carry_every_scalar),
        cmocka_unit_test(a_pair_cannot_become_two),
        cmocka_unit_test(pairs_have_the_limit_of_a_line),
        cmocka_unit_test(a_log_source_given_decides_which_rules_are_asked),
        cmocka_unit_test(hits_are_walked_in_order),
        cmocka_unit_test(a_pack_tells_its_rules_and_slots),
        cmocka_unit_test(senseless_calls_are_refused),
    };
    return cmocka_run_group_tests(tests, build, NULL);
}
