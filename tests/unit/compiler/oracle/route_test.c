/* Which rules meet which events. */
#include "route.h"
#include "t.h"

/* "windows/process_creation/" as product, category, service. */
static struct logsource source_of(const char *written)
{
    struct str s = str_of(written), parts[3];
    for (int i = 0; i < 3; i++) {
        size_t end = str_find(s, '/');
        parts[i] = str_sub(s, 0, end);
        s = str_sub(s, end + 1, s.len);
    }
    return (struct logsource){.product = parts[0], .category = parts[1], .service = parts[2]};
}

struct meeting {
    const char *event, *rule;
    bool meets;
};

static void check(struct arena *a, const struct meeting *cases, size_t n,
                  struct oracle_options options)
{
    struct rule known = {.logsource = source_of("ruleland/rulecat/ruleserv")};
    const struct rule *rules[] = {&known};
    struct mapped mapped = {.rules = rules, .n = 1};
    for (size_t i = 0; i < n; i++) {
        struct json_error error;
        bool any_fault;
        struct json *root = json_read_event(a, str_of(cases[i].event), &error, &any_fault);
        struct route route = route_of(view_new(a, root, NULL), &mapped, &options);
        struct logsource wanted = source_of(cases[i].rule);
        if (route_meets(&route, &wanted) != cases[i].meets)
            fail_msg("%s and %s", cases[i].rule, cases[i].event);
    }
}

#define SYSMON(id) "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":" id "}"

static void channel_and_id_give_the_sources(void **state)
{
    static const struct meeting cases[] = {
        {SYSMON("1"), "windows/process_creation/", true},
        {SYSMON("1"), "windows//sysmon", true},
        {SYSMON("1"), "windows//", true},
        {SYSMON("1"), "/process_creation/", true},
        {SYSMON("1"), "Windows/Process_Creation/", true},
        {SYSMON("1"), "windows/process_creation/sysmon", false}, /* no row has both */
        {SYSMON("1"), "windows/registry_set/", false},
        {SYSMON("1"), "linux/process_creation/", false},
        {SYSMON("1"), "windows//security", false},
        {SYSMON("\"1\""), "windows/process_creation/", true},
        {SYSMON("1.0"), "windows/process_creation/", true},
        {SYSMON("13"), "windows/registry_set/", true},
        {SYSMON("13"), "windows/registry_event/", true},
        {SYSMON("13"), "windows//sysmon", true},
        {SYSMON("13"), "windows/process_creation/", false},
        {SYSMON("null"), "windows//sysmon", true},
        {SYSMON("null"), "windows/process_creation/", false},
        {"{\"Channel\":\"MICROSOFT-windows-sysmon/operational\",\"EventID\":1}",
         "windows/process_creation/", true},
        {"{\"Channel\":\"Security\",\"EventID\":4688}", "windows/process_creation/", true},
        {"{\"Channel\":\"Security\",\"EventID\":4688}", "windows//security", true},
        {"{\"Channel\":\"Security\",\"EventID\":4689}", "windows/process_creation/", false},
        {"{\"winlog\":{\"channel\":\"Security\",\"event_id\":\"4688\"}}",
         "windows/process_creation/", true},
        {"{\"winlog.channel\":\"Security\",\"event.code\":\"4688\"}", "windows/process_creation/",
         true},
    };
    check(t_arena(state), cases, sizeof cases / sizeof cases[0], (struct oracle_options){0});
}

#define REGISTRY(operation) \
    "{\"Channel\":\"Security\",\"EventID\":4657,\"OperationType\":" operation "}"

static void the_extra_condition_decides_case_ignored(void **state)
{
    static const struct meeting cases[] = {
        {REGISTRY("\"New registry value created\""), "windows/registry_add/", true},
        {REGISTRY("\"NEW REGISTRY VALUE CREATED\""), "windows/registry_add/", true},
        {REGISTRY("\"New registry value created\""), "windows/registry_set/", false},
        {REGISTRY("\"New registry value created\""), "windows/registry_event/", true},
        {REGISTRY("\"Existing registry value modified\""), "windows/registry_set/", true},
        {REGISTRY("\"Existing registry value modified\""), "windows/registry_event/", true},
        {REGISTRY("\"other\""), "windows/registry_event/", false},
        {REGISTRY("null"), "windows/registry_event/", false},
        {REGISTRY("\"other\""), "windows//security", true},
    };
    check(t_arena(state), cases, sizeof cases / sizeof cases[0], (struct oracle_options){0});
}

static void without_a_channel_the_provider_tells(void **state)
{
    static const struct meeting cases[] = {
        {"{\"Provider_Name\":\"microsoft-windows-sysmon\",\"EventID\":1}",
         "windows/process_creation/", true},
        {"{\"Provider_Name\":\"Microsoft-Windows-Sysmon\",\"EventID\":3}",
         "windows/process_creation/", false},
        {"{\"Channel\":\"Elsewhere\",\"Provider_Name\":\"Microsoft-Windows-Sysmon\",\"EventID\":3}",
         "windows/process_creation/", true}, /* the channel is in no row: meets every rule */
        {"{\"Channel\":null,\"Provider_Name\":\"Microsoft-Windows-Sysmon\",\"EventID\":3}",
         "windows/process_creation/", false},
    };
    check(t_arena(state), cases, sizeof cases / sizeof cases[0], (struct oracle_options){0});
}

static void an_event_that_says_nothing_meets_every_rule(void **state)
{
    static const struct meeting cases[] = {
        {"{}", "windows/process_creation/", true},
        {"{\"EventID\":1}", "linux//auditd", true},
        {"{\"Channel\":\"Elsewhere\",\"EventID\":1}", "windows//sysmon", true},
        {"{\"Channel\":\"\"}", "windows//sysmon", true},
    };
    check(t_arena(state), cases, sizeof cases / sizeof cases[0], (struct oracle_options){0});
}

static void labels_are_exactly_the_source(void **state)
{
    static const struct meeting cases[] = {
        {"{\"logsource\":{\"product\":\"p\",\"category\":\"c\"}}", "p/c/", true},
        {"{\"logsource\":{\"product\":\"P\",\"category\":\"c\"}}", "p//", true},
        {"{\"logsource\":{\"product\":\"p\"}}", "p/c/", false},
        {"{\"logsource.product\":\"p\"}", "p//", true},
        {"{\"logsource\":{\"product\":5}}", "windows//sysmon", true}, /* no text: no label */
        {"{\"logsource\":{\"product\":\"p\"},\"Channel\":\"Security\",\"EventID\":4688}",
         "windows/process_creation/", false},
        {"{\"product\":\"windows\",\"category\":\"process_creation\"}", "windows/process_creation/",
         true},
        {"{\"product\":\"windows\",\"category\":\"process_creation\"}", "windows/registry_set/",
         false},
        {"{\"product\":\"RuleLand\"}", "ruleland//", true},
        {"{\"product\":\"RuleLand\"}", "windows//", false},
        {"{\"product\":\"Contoso Toolbar\"}", "windows//", true}, /* names no source: no label */
        {"{\"category\":\"ruleserv\"}", "windows//", true},       /* of another dimension */
        {"{\"service\":\"ruleserv\"}", "//ruleserv", true},
        {"{\"service\":\"ruleserv\"}", "windows//ruleserv", false},
        {"{\"product\":\"windows\",\"logsource\":{\"product\":\"linux\"}}", "linux//", true},
        {"{\"product\":\"windows\",\"logsource\":{\"product\":\"linux\"}}", "windows//", false},
        {"{\"product\":\"windows\",\"logsource\":{\"service\":\"s\"}}", "windows//s", true},
    };
    check(t_arena(state), cases, sizeof cases / sizeof cases[0], (struct oracle_options){0});
}

static void given_sources_and_none_overrule_the_event(void **state)
{
    static const struct meeting none[] = {{SYSMON("1"), "linux//auditd", true}};
    check(t_arena(state), none, 1, (struct oracle_options){.routing = ORACLE_ROUTE_NONE});
    static const struct meeting given[] = {
        {SYSMON("1"), "linux/process_creation/", true},
        {SYSMON("1"), "linux//", true},
        {SYSMON("1"), "windows/process_creation/", false},
        {SYSMON("1"), "linux/process_creation/auditd", false},
        {"{\"logsource\":{\"product\":\"windows\"}}", "linux//", true},
    };
    check(t_arena(state), given, sizeof given / sizeof given[0],
          (struct oracle_options){.routing = ORACLE_ROUTE_GIVEN,
                                  .product = STR("linux"),
                                  .category = STR("process_creation")});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(channel_and_id_give_the_sources),
        t_test(the_extra_condition_decides_case_ignored),
        t_test(without_a_channel_the_provider_tells),
        t_test(an_event_that_says_nothing_meets_every_rule),
        t_test(labels_are_exactly_the_source),
        t_test(given_sources_and_none_overrule_the_event),
    };
    return t_run(tests);
}
