/* Routing through the whole engine: a pack whose code hits whatever it is asked. */
#include "image.h"

#include <sigmaton/sigmaton.h>

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define SYSMON_PROVIDER "Microsoft-Windows-Sysmon"

static struct sigmaton_pack *pack;

static uint64_t hit_all(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                        struct sigmaton_frame *frame, uint32_t word, uint64_t candidates)
{
    (void)host, (void)slots, (void)frame, (void)word;
    return candidates;
}

static void row(struct image *im, const char *channel, const char *provider, uint32_t id,
                const char *category, const char *service)
{
    image_route(im, (struct image_route){.channel = channel,
                                         .provider = provider,
                                         .product = "windows",
                                         .category = category,
                                         .service = service,
                                         .ids = {id},
                                         .n_ids = id != 0});
}

static int setup(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    image_rule(im, (struct image_rule){.product = "windows", .category = "process_creation"});
    image_rule(im, (struct image_rule){.product = "windows", .service = "security"});
    image_rule(im, (struct image_rule){.product = "windows", .category = "registry_set"});
    image_rule(im, (struct image_rule){.product = "linux", .category = "process_creation"});
    image_rule(im, (struct image_rule){.category = "process_creation"});
    image_rule(im, (struct image_rule){.product = "windows"});
    image_rule(im, (struct image_rule){.service = "sshd"});
    image_slot(im, "Channel", SIGMATON_SLOT_CHANNEL);
    image_slot(im, "EventID", SIGMATON_SLOT_EVENT_ID);
    image_slot(im, "Provider", SIGMATON_SLOT_PROVIDER);
    uint32_t type = image_slot(im, "OperationType", SIGMATON_SLOT_SOURCE);
    image_slot(im, "logsource.product", SIGMATON_SLOT_PRODUCT);
    image_slot(im, "product", SIGMATON_SLOT_PRODUCT);
    image_slot(im, "logsource.category", SIGMATON_SLOT_CATEGORY);
    image_slot(im, "category", SIGMATON_SLOT_CATEGORY);
    image_slot(im, "logsource.service", SIGMATON_SLOT_SERVICE);
    image_slot(im, "service", SIGMATON_SLOT_SERVICE);
    row(im, "microsoft-windows-sysmon/operational", "microsoft-windows-sysmon", 1,
        "process_creation", NULL);
    row(im, "microsoft-windows-sysmon/operational", NULL, 13, "registry_set", NULL);
    row(im, "security", NULL, 4688, "process_creation", NULL);
    row(im, "security", NULL, 0, NULL, "security");
    row(im, "classic", NULL, 400, "ps_classic_start", NULL);
    image_route(im, (struct image_route){.channel = "security",
                                         .product = "windows",
                                         .category = "registry_set",
                                         .ids = {4657, 4658},
                                         .n_ids = 2,
                                         .when = type + 1,
                                         .when_values = {"new value", "changed"}});
    pack = image_end(im);
    free(im);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(pack);
    return 0;
}

struct met {
    char rules[16];
};

/* The rules that the event meets, each a digit. */
static struct met met(const struct sigmaton_engine_options *options, const char *json)
{
    struct sigmaton_engine_options o = {.size = sizeof o};
    if (options != NULL)
        o = *options;
    o.eval = hit_all;
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v;
    struct met met = {""};
    assert_int_equal(sigmaton_engine_create(pack, &o, &engine, NULL), SIGMATON_OK);
    assert_int_equal(sigmaton_scratch_create(engine, &scratch), SIGMATON_OK);
    for (int round = 0; round < 2; round++) { /* what is kept for the next event does no harm */
        size_t n = 0;
        assert_int_equal(sigmaton_eval_json(engine, scratch, json, strlen(json), &v), SIGMATON_OK);
        for (uint32_t i = 0; i < v.n_rules; i++)
            if (v.hits[0] >> i & 1)
                met.rules[n++] = (char)('0' + i);
        assert_int_equal(n, v.n_hits);
    }
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
    return met;
}

static void an_event_meets_the_rules_of_the_rows_it_satisfies(void **state)
{
    (void)state;
    static const struct {
        const char *json, *want;
    } rows[] = {
        {"{\"Channel\":\"" SYSMON "\",\"EventID\":1}", "045"},
        {"{\"Channel\":\"MICROSOFT-WINDOWS-SYSMON/OPERATIONAL\",\"EventID\":\"1\"}", "045"},
        {"{\"Channel\":\"" SYSMON "\",\"EventID\":13}", "25"},
        {"{\"Channel\":\"Security\",\"EventID\":4688}", "0145"},
        {"{\"Channel\":\"Security\",\"EventID\":4624}", "15"},
        {"{\"Channel\":\"Security\"}", "15"},
        {"{\"Channel\":\"Security\",\"EventID\":4657}", "15"},
        {"{\"Channel\":\"Security\",\"EventID\":4657,\"OperationType\":\"New Value\"}", "125"},
        {"{\"Channel\":\"Security\",\"EventID\":4658,\"OperationType\":[\"x\",\"CHANGED\"]}",
         "125"},
        {"{\"Channel\":\"Security\",\"EventID\":4657,\"OperationType\":\"New Value!\"}", "15"},
        {"{\"Channel\":\"Security\",\"EventID\":4657,\"OperationType\":\"\"}", "15"},
        {"{\"Channel\":\"Security\",\"EventID\":4656,\"OperationType\":\"changed\"}", "15"},
        /* in the table, but no row is satisfied: nothing is carried */
        {"{\"Channel\":\"" SYSMON "\",\"EventID\":255}", ""},
        {"{\"Channel\":\"" SYSMON "\"}", ""},
        {"{\"Channel\":\"Classic\",\"EventID\":1}", ""},
        {"{\"Channel\":\"Classic\",\"EventID\":400}", "5"},
        /* the provider speaks only where there is no channel */
        {"{\"Provider\":\"" SYSMON_PROVIDER "\",\"EventID\":1}", "045"},
        {"{\"Provider\":\"" SYSMON_PROVIDER "\",\"EventID\":13}", ""},
        {"{\"Channel\":\"Unknown\",\"Provider\":\"" SYSMON_PROVIDER "\",\"EventID\":1}", "0123456"},
        {"{\"Channel\":\"\",\"Provider\":\"" SYSMON_PROVIDER "\",\"EventID\":1}", "045"},
        /* in no row */
        {"{\"Channel\":\"Unknown\",\"EventID\":1}", "0123456"},
        {"{\"Provider\":\"Unknown\"}", "0123456"},
        {"{\"Image\":\"x\"}", "0123456"},
        {"{}", "0123456"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(met(NULL, rows[i].json).rules, rows[i].want);
}

static void labels_are_the_one_source_of_their_event(void **state)
{
    (void)state;
    static const struct {
        const char *json, *want;
    } rows[] = {
        {"{\"logsource\":{\"product\":\"windows\",\"category\":\"process_creation\"}}", "045"},
        {"{\"logsource.product\":\"WINDOWS\",\"logsource.category\":\"Process_Creation\"}", "045"},
        {"{\"product\":\"linux\",\"category\":\"process_creation\"}", "34"},
        {"{\"product\":\"windows\"}", "5"},
        {"{\"service\":\"sshd\"}", "6"},
        {"{\"service\":\"security\",\"product\":\"windows\"}", "15"},
        {"{\"product\":\"windows\",\"Channel\":\"Security\",\"EventID\":4688}", "5"},
        {"{\"logsource\":{\"product\":\"linux\"},\"product\":\"windows\"}", ""},
        /* a source's own field of that name is no label .. */
        {"{\"category\":\"Logon\",\"Channel\":\"Security\"}", "15"},
        {"{\"category\":\"Logon\"}", "0123456"},
        {"{\"service\":\"windows\"}", "0123456"}, /* a value of another dimension */
        {"{\"product\":\"\"}", "0123456"},
        {"{\"product\":7,\"category\":null,\"service\":{}}", "0123456"},
        {"{\"category\":\"ps_classic_start\"}", ""}, /* .. but a row's value makes it one */
        {"{\"product\":[\"windows\"]}", "5"},
        {"{\"logsource\":{\"product\":\"vax\"}}", ""}, /* .. and this always is */
        {"{\"logsource\":{\"product\":\"vax\"},\"service\":\"sshd\"}", "6"},
        {"{\"logsource\":{\"product\":\"\"},\"product\":\"windows\"}", "5"},
        {"{\"logsource\":\"windows\"}", "0123456"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(met(NULL, rows[i].json).rules, rows[i].want);
}

static void a_given_source_is_that_of_all_events(void **state)
{
    (void)state;
    static const struct {
        const char *product, *category, *service, *want;
    } rows[] = {
        {"windows", "process_creation", NULL, "045"},
        {"Windows", "PROCESS_CREATION", "", "045"},
        {"windows", NULL, "security", "15"},
        {NULL, NULL, "sshd", "6"},
        {"vax", NULL, NULL, ""},
        {"windows", "vax", NULL, "5"},
        {NULL, NULL, NULL, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sigmaton_engine_options o = {.size = sizeof o,
                                            .routing = SIGMATON_ROUTE_GIVEN,
                                            .product = rows[i].product,
                                            .category = rows[i].category,
                                            .service = rows[i].service};
        assert_string_equal(met(&o, "{\"product\":\"linux\"}").rules, rows[i].want);
    }
}

static void without_routing_every_rule_meets_every_event(void **state)
{
    (void)state;
    struct sigmaton_engine_options o = {.size = sizeof o, .routing = SIGMATON_ROUTE_NONE};
    assert_string_equal(met(&o, "{\"product\":\"linux\"}").rules, "0123456");
    assert_string_equal(met(&o, "{\"Channel\":\"Security\"}").rules, "0123456");
}

static void labels_of_one_event_are_not_those_of_the_next(void **state)
{
    (void)state;
    struct sigmaton_engine_options o = {.size = sizeof o, .eval = hit_all};
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v;
    assert_int_equal(sigmaton_engine_create(pack, &o, &engine, NULL), SIGMATON_OK);
    assert_int_equal(sigmaton_scratch_create(engine, &scratch), SIGMATON_OK);
    static const struct {
        const char *json;
        uint64_t hits;
    } rows[] = {{"{\"product\":\"linux\"}", 0},
                {"{\"service\":\"sshd\"}", 0x40},
                {"{\"Channel\":\"Security\"}", 0x22},
                {"{\"service\":\"sshd\"}", 0x40},
                {"{}", 0x7f},
                {"{\"product\":\"windows\"}", 0x20}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        sigmaton_eval_json(engine, scratch, rows[i].json, strlen(rows[i].json), &v);
        assert_true(v.hits[0] == rows[i].hits);
    }
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_meets_the_rules_of_the_rows_it_satisfies),
        cmocka_unit_test(labels_are_the_one_source_of_their_event),
        cmocka_unit_test(a_given_source_is_that_of_all_events),
        cmocka_unit_test(without_routing_every_rule_meets_every_event),
        cmocka_unit_test(labels_of_one_event_are_not_those_of_the_next),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
