/* Fields as rules see them: shapes, text and number of leaves. */
#include "leaf_number.h"
#include "t.h"
#include "view.h"

static struct view *view_of(struct arena *a, const char *json)
{
    struct json_error error;
    bool any_fault;
    struct json *root = json_read_event(a, str_of(json), &error, &any_fault);
    assert_non_null(root);
    return view_new(a, root, NULL);
}

/* The texts of a field's leaves, joined by blanks. */
static struct str joined(struct arena *a, const struct field *field)
{
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < field->n; i++) {
        text_addz(&t, i ? " " : "");
        text_add(&t, field->leaves[i].has_text ? field->leaves[i].text : STR("(none)"));
    }
    return field->present ? text_str(&t) : STR("absent");
}

struct look_up {
    const char *event, *field, *text;
};

static void check(struct arena *a, const struct look_up *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct view *v = view_of(a, cases[i].event);
        struct str got = joined(a, view_field(v, str_of(cases[i].field)));
        if (!str_eq_z(got, cases[i].text))
            fail_msg("%s of %s: %.*s", cases[i].field, cases[i].event, STR_ARG(got));
    }
}

static void leaves_have_the_text_that_the_specification_gives_them(void **state)
{
    static const struct look_up cases[] = {
        {"{\"a\":\"x\"}", "a", "x"},
        {"{\"a\":true}", "a", "true"},
        {"{\"a\":[false,null,1.0,-0,1e2]}", "a", "false (none) 1 0 100"},
        {"{\"a\":{}}", "a", ""},
        {"{\"a\":[]}", "a", ""},
        {"{}", "a", "absent"},
    };
    check(t_arena(state), cases, sizeof cases / sizeof cases[0]);
}

static void only_numbers_and_number_tokens_have_a_number(void **state)
{
    static const struct {
        const char *event;
        bool has_number;
    } cases[] = {
        {"{\"a\":5}", true},          {"{\"a\":\"5\"}", true},   {"{\"a\":\"-1.5e3\"}", true},
        {"{\"a\":\" 5\"}", false},    {"{\"a\":\"05\"}", false}, {"{\"a\":\"\"}", false},
        {"{\"a\":true}", false},      {"{\"a\":null}", false},   {"{\"a\":1e999}", false},
        {"{\"a\":\"1e999\"}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct field *field = view_field(view_of(t_arena(state), cases[i].event), STR("a"));
        assert_int_equal(field->leaves[0].has_number, cases[i].has_number);
    }
}

#define EVENT_4688 "{\"Channel\":\"security\",\"EventID\":\"4688\","

static void a_4688_answers_to_the_names_of_process_creation(void **state)
{
    static const struct look_up cases[] = {
        {EVENT_4688 "\"NewProcessName\":\"n\"}", "Image", "n"},
        {EVENT_4688 "\"NewProcessName\":\"n\"}", "NewProcessName", "n"},
        {EVENT_4688 "\"NewProcessName\":\"n\",\"Image\":\"i\"}", "Image", "i"},
        {EVENT_4688 "\"NewProcessName\":\"n\",\"Image\":null}", "Image", "(none)"},
        {EVENT_4688 "\"x\":1}", "Image", "absent"},
        {EVENT_4688 "\"ParentProcessName\":\"p\"}", "ParentImage", "p"},
        {EVENT_4688 "\"NewProcessId\":\"0x1\",\"ProcessId\":\"0x2\"}", "ProcessId", "0x1"},
        {EVENT_4688 "\"NewProcessId\":\"0x1\",\"ProcessId\":\"0x2\"}", "ParentProcessId", "0x2"},
        {EVENT_4688 "\"ProcessId\":\"0x2\"}", "ProcessId", "absent"},
        {EVENT_4688 "\"CommandLine\":\"c\"}", "CommandLine", "c"},
        {EVENT_4688
         "\"TargetUserName\":\"t\",\"TargetDomainName\":\"d\",\"SubjectUserName\":\"s\"}",
         "User", "d\\t"},
        {EVENT_4688
         "\"TargetUserName\":\"-\",\"SubjectUserName\":\"s\",\"SubjectDomainName\":\"e\"}",
         "User", "e\\s"},
        {EVENT_4688 "\"TargetUserName\":\"t\",\"TargetDomainName\":\"-\"}", "User", "t"},
        {EVENT_4688 "\"TargetUserName\":5,\"SubjectUserName\":\"s\"}", "User", "s"},
        {EVENT_4688 "\"TargetUserName\":1e400,\"SubjectUserName\":\"s\"}", "User", "1e400"},
        {EVENT_4688 "\"TargetUserName\":\"-\"}", "User", "absent"},
        {EVENT_4688 "\"User\":\"u\",\"TargetUserName\":\"t\"}", "User", "u"},
    };
    check(t_arena(state), cases, sizeof cases / sizeof cases[0]);
}

static void another_channel_or_id_has_no_such_names(void **state)
{
    static const struct look_up cases[] = {
        {"{\"Channel\":\"Security\",\"EventID\":4689,\"NewProcessName\":\"n\"}", "Image", "absent"},
        {"{\"Channel\":\"System\",\"EventID\":4688,\"NewProcessName\":\"n\"}", "Image", "absent"},
        {"{\"Channel\":\"Security\",\"NewProcessName\":\"n\"}", "Image", "absent"},
        {"{\"EventID\":4688,\"NewProcessName\":\"n\"}", "Image", "absent"},
        {"{\"Channel\":\"Security\",\"EventID\":4688.0,\"NewProcessName\":\"n\"}", "Image", "n"},
        {"{\"winlog\":{\"channel\":\"SECURITY\",\"event_id\":4688},\"NewProcessName\":\"n\"}",
         "Image", "n"},
    };
    check(t_arena(state), cases, sizeof cases / sizeof cases[0]);
}

#define SYSTEM(members) "{\"Event\":{\"System\":{" members "}}}"
#define DATA(members) "{\"Event\":{\"EventData\":{" members "}}}"
#define USER(members) "{\"Event\":{\"UserData\":{" members "}}}"

static void fields_are_found_in_envelopes(void **state)
{
    static const struct look_up cases[] = {
        {SYSTEM("\"a\":1"), "a", "1"},
        {DATA("\"a\":1,\"b\":{\"c\":2}"), "b.c", "2"},
        {USER("\"#attributes\":{\"a\":0},\"x\":{\"a\":1}"), "a", "1"},
        {USER("\"x\":{\"b\":2},\"y\":{\"a\":1}"), "a", "absent"},
        {USER("\"a\":1"), "a", "absent"},
        {"{\"Event\":[{\"EventData\":{\"a\":1}},{\"EventData\":[{\"a\":2}]}]}", "a", "1 2"},
        {"{\"a\":null,\"Event\":{\"EventData\":{\"a\":1}}}", "a", "(none)"},
        {"{\"Event\":{\"EventData\":{\"a\":1},\"System\":{\"a\":2}}}", "a", "2"},
        {"{\"Event\":{\"System\":{\"a\":{\"x\":1}},\"EventData\":{\"a\":2}}}", "a", "2"},
        {SYSTEM("\"a\":{\"#attributes\":{},\"#text\":[7,8]}"), "a", "7 8"},
        {SYSTEM("\"a\":{\"#attributes\":{}}"), "a", "absent"},
        {SYSTEM("\"b.c\":{},\"b\":{\"c\":1}"), "b.c", "absent"},
        {DATA("\"Threat Name\":1"), "ThreatName", "1"},
        {DATA("\"Threat Name\":1,\"ThreatName\":2"), "ThreatName", "2"},
        {DATA("\"b .c\":1,\"b\":{\"c\":2}"), "b.c", "1"},
        {DATA("\"b\":{\" c\":2}"), "b.c", "absent"},
        {"{\"Threat Name\":1}", "ThreatName", "absent"},
        {DATA("\"Event\":{\"EventData\":{\"a\":1}}"), "a", "absent"},
        {SYSTEM("\"Provider\":{\"#attributes\":{\"Name\":\"p\"}}"), "Provider_Name", "p"},
        {"{\"Provider_Name\":\"q\"}", "Provider_Name", "q"},
        {"{\"Event\":{\"System\":{\"Channel\":\"Security\",\"EventID\":{\"#text\":4688}},"
         "\"EventData\":{\"NewProcessName\":\"n\"}}}",
         "Image", "n"},
    };
    check(t_arena(state), cases, sizeof cases / sizeof cases[0]);
}

static void code_points_fold_only_when_asked(void **state)
{
    struct arena *a = t_arena(state);
    struct points plain = points_of(a, STR("A\xC3\x84"), false);
    struct points folded = points_of(a, STR("A\xC3\x84"), true);
    assert_int_equal(plain.n, 2);
    assert_int_equal(plain.v[1], 0xC4);
    assert_int_equal(folded.v[0], 'a');
    assert_int_equal(folded.v[1], 0xE4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(leaves_have_the_text_that_the_specification_gives_them),
        t_test(only_numbers_and_number_tokens_have_a_number),
        t_test(a_4688_answers_to_the_names_of_process_creation),
        t_test(another_channel_or_id_has_no_such_names),
        t_test(fields_are_found_in_envelopes),
        t_test(code_points_fold_only_when_asked),
    };
    return t_run(tests);
}
