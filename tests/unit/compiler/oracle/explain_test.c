/* The trace, and the line that names what stopped a rule. */
#include "describe.h"
#include "oracle.h"
#include "regex.h"
#include "rules.h"
#include "t.h"

/* The trace of the first rule on an event. */
static struct str explain(struct arena *a, const char *detection, const char *event,
                          bool *ret_verdict, bool *ret_met)
{
    struct str rule =
        str_format(a,
                   "title: T\nid: 6f3e2987-db24-4c78-a860-b4f4095a7095\nlogsource: {product: "
                   "windows, category: process_creation}\ndetection:\n%s",
                   detection);
    struct mapped rules = read_rules(a, rule);
    struct oracle *o =
        oracle_create(&rules, &(struct oracle_options){.routing = ORACLE_ROUTE_AUTO});
    struct text out;
    text_init(&out, a);
    *ret_verdict = oracle_explain(o, 0, event, strlen(event), &out, ret_met);
    oracle_destroy(o);
    return text_str(&out);
}

static void a_trace_shows_every_node_with_its_verdict(void **state)
{
    bool verdict, met;
    struct str got = explain(t_arena(state),
                             "  img:\n    Image|endswith: '\\certutil.exe'\n    EventID: 1\n"
                             "  cli:\n    CommandLine|contains: [urlcache, 'a*b']\n"
                             "  condition: img and cli\n",
                             "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,"
                             "\"Image\":\"C:\\\\certutil.exe\",\"CommandLine\":\"certutil -dump\"}",
                             &verdict, &met);
    assert_false(verdict);
    assert_true(met);
    t_assert_str(
        got,
        "rule: T (6f3e2987-db24-4c78-a860-b4f4095a7095)\n"
        "true  log source: product windows, category process_creation (event: product windows, "
        "category process_creation; product windows, service sysmon)\n"
        "false condition: img and cli\n"
        "  true  img\n"
        "    true  all of 2 parts\n"
        "      true  Image ends with '\\certutil.exe' (event: \"C:\\\\certutil.exe\")\n"
        "      true  EventID = 1 (event: 1)\n"
        "  false cli\n"
        "    false CommandLine: any of 2 values (event: \"certutil -dump\")\n"
        "      false contains 'urlcache'\n"
        "      false is like '*a*b*'\n"
        "stopped by: cli: CommandLine: any of 2 values: contains 'urlcache', is like '*a*b*' "
        "(event: \"certutil -dump\")\n");
}

static void the_last_line_names_the_smallest_part_that_stopped_it(void **state)
{
    static const struct {
        const char *detection, *event, *stopped_by;
    } cases[] = {
        {"  s: {A: x, B: y}\n  condition: s\n", "{\"A\":\"x\"}", "s: B is 'y' (event: absent)"},
        {"  s: {A: x}\n  f: {B|startswith: y}\n  condition: s and not f\n",
         "{\"A\":\"x\",\"B\":\"yes\"}", "not f holds: B starts with 'y' (event: \"yes\")"},
        {"  s: {A: x}\n  t: {B: y}\n  condition: s or t\n", "{}", "none holds: s or t"},
        {"  sa: {A: x}\n  sb: {B: y}\n  condition: all of s*\n", "{\"A\":\"x\",\"B\":[1,null,{}]}",
         "all of s*: sb: B is 'y' (event: 1, null)"},
        {"  sa: {A: x}\n  sb: {B: y}\n  condition: 1 of s*\n", "{}", "1 of s*: 0 of 2 hold"},
        {"  sa: {A: x}\n  sb: {B: y}\n  condition: not 1 of s*\n", "{\"B\":\"y\"}",
         "not 1 of s*: sb holds: B is 'y' (event: \"y\")"},
        {"  s: {A|neq: x}\n  condition: s\n", "{\"A\":\"X\"}", "s: not: A is 'x' (event: \"X\")"},
        {"  s: [foo]\n  condition: s\n", "{\"A\":\"X\"}",
         "s: keyword 'foo' (event: values searched: 1)"},
        {"  s: [{A: x}, {B: y}]\n  condition: s\n", "{}", "s: none of 2 parts holds"},
        {"  s: {A: x, B: y}\n  condition: not s\n", "{\"A\":\"x\",\"B\":\"y\"}",
         "not s holds: all 2 parts hold"},
        {"  s: {A: x}\n  condition: [s, s]\n", "{}",
         "none of 2 conditions holds; the first: s: A is 'x' (event: absent)"},
        {"  s: {A: x}\n  condition: s\n", "{\"A\":{}}",
         "s: A is 'x' (event: an object or an empty list)"},
        {"  s: {A: x}\n  condition: s\n", "{\"A\":[1,2,3,4,5]}",
         "s: A is 'x' (event: 1, 2, 3, 2 more)"},
        {"  s: {A: x}\n  condition: s\n", "{\"product\":\"linux\",\"A\":\"x\"}",
         "log source: product windows, category process_creation (event: product linux)"},
        {"  s: {A: x}\n  condition: s\n",
         "{\"A\":\"12345678901234567890123456789012345678901234567890123456789012345678901234567890"
         "1\"}",
         "s: A is 'x' (event: \"1234567890123456789012345678901234567890123456789012345678901234567"
         "8901234567890\"...)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *a = t_arena(state);
        bool verdict, met;
        struct str got = explain(a, cases[i].detection, cases[i].event, &verdict, &met);
        assert_false(verdict);
        struct str want = str_format(a, "\nstopped by: %s\n", cases[i].stopped_by);
        if (!str_ends(got, want))
            fail_msg("wanted %s in\n%.*s", want.p, STR_ARG(got));
    }
}

static void a_rule_that_fires_was_stopped_by_nothing(void **state)
{
    bool verdict, met;
    struct str got =
        explain(t_arena(state), "  s: {A: x}\n  condition: s\n", "{\"A\":\"x\"}", &verdict, &met);
    assert_true(verdict && met);
    assert_true(str_ends(got, STR("true  s\n    true  A is 'x' (event: \"x\")\n")));
}

static void an_unreadable_event_is_said_to_be_one(void **state)
{
    bool verdict, met;
    struct str got =
        explain(t_arena(state), "  s: {A: x}\n  condition: s\n", "{\"A\"}", &verdict, &met);
    assert_false(verdict || met);
    t_assert_str(got, "unreadable event: an object key without its colon (byte 4)\n");
}

static void values_are_told_in_words(void **state)
{
    static const char *const cases[][2] = {
        {"A: 5", "A = 5"},
        {"A: 2.50", "A = 2.5"},
        {"A|lt: -1", "A < -1"},
        {"A|gte: 18446744073709551615", "A >= 18446744073709551615"},
        {"A: true", "A is true"},
        {"A: null", "A is null or absent"},
        {"A|exists: true", "A exists"},
        {"A|exists: false", "A is absent"},
        {"A: ''", "A is empty"},
        {"A: 'a?b'", "A is like 'a?b'"},
        {"A|contains|cased: x", "A contains 'x' (case-sensitive)"},
        {"A|startswith: x", "A starts with 'x'"},
        {"A|cidr: 10.0.0.0/8", "A is an address in 10.0.0.0/8"},
        {"A|cidr: '2001:db8::/32'", "A is an address in 2001:db8:0:0:0:0:0:0/32"},
        {"A|fieldref: B", "A equals field B"},
        {"A|fieldref|endswith: B", "A ends with field B"},
        {"A|hour|gte: 18", "A has hour >= 18"},
        {"A|week: 53", "A has week = 53"},
        {"A|re: '^a(b|c)+\\d{2,3}.$'", "A matches regex '^a(?:b|c)+[0-9]{2,3}.$'"},
        {"A|base64offset: foo", "A is 'Zm9v' or is 'Zvb' or is 'mb2'"},
        {"A|all: [x, y]", "A: all of 2 values"},
        {"A|neq: [x, y]", "not: A: any of 2 values"},
        {"'|re': x", "keyword matches regex 'x'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *a = t_arena(state);
        struct mapped rules =
            read_rules(a, str_format(a,
                                     "title: T\nlogsource: {product: p}\ndetection:\n  s:\n    "
                                     "%s\n  condition: s\n",
                                     cases[i][0]));
        const struct detection *d = rules.rules[0]->identifiers[0].detection;
        while (d->kind != DETECTION_ITEM)
            d = d->children[0];
        struct text out;
        text_init(&out, a);
        describe_item(&out, d->item);
        t_assert_str(text_str(&out), cases[i][1]);
    }
}

static void regexes_are_told_in_their_own_language(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"abc", "abc"},
        {"a.c", "a.c"},
        {"(?s)a.c", "a.c"},
        {"(?i)ab", "(?i)ab"},
        {"(ab)*c+?d{2}", "(?:ab)*c+d{2}"},
        {"a|b(c|d)|", "a|b(?:c|d)|"},
        {"[^a-c\\]x]", "[^\\]a-cx]"},
        {"\\.\\*\\x00", "\\.\\*\\x00"},
        {"^\\bx\\B\\z", "^\\bx\\B\\z"},
        {"(?m)^a$", "(?m:^)a(?m:$)"},
        {"(a{2}){3,}", "(?:a{2}){3,}"},
        {"a?b{0,4}", "a?b{0,4}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *a = t_arena(state);
        struct regex_error error;
        struct regex *re = regex_parse(a, str_of(cases[i][0]), (struct regex_flags){0}, &error);
        struct text out;
        text_init(&out, a);
        describe_regex(&out, re);
        t_assert_str(text_str(&out), cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_trace_shows_every_node_with_its_verdict),
        t_test(the_last_line_names_the_smallest_part_that_stopped_it),
        t_test(a_rule_that_fires_was_stopped_by_nothing),
        t_test(an_unreadable_event_is_said_to_be_one),
        t_test(values_are_told_in_words),
        t_test(regexes_are_told_in_their_own_language),
    };
    return t_run(tests);
}
