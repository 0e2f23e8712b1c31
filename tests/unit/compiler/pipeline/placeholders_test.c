#include "pipeline_t.h"

#define ID "  identifier \"s\"\n    all of\n"
#define VARS "vars: {adm: [root, 'a*'], n: 5, bad: [{x: 1}]}\ntransformations:\n"

static const struct pipe_case cases[] = {
    {VARS "- {type: value_placeholders}", "    s: {F|expand: '%adm%'}\n    condition: s\n",
     ID "      field \"F\": any of\n        \"root\" | \"a*\"\n  condition s\n", true},
    {VARS "- {type: value_placeholders}",
     "    s: {F|expand|endswith: '\\%adm%%n%'}\n    condition: s\n",
     ID "      field \"F\": any of\n        \"*%adm%5\"\n  condition s\n", true},
    /* the modifier after expand works on the values, not on the name */
    {VARS "- {type: value_placeholders}", "    s: {F|expand|base64: '%n%'}\n    condition: s\n",
     ID "      field \"F\": any of\n        \"NQ==\"\n  condition s\n", true},
    /* resolved after the field got another name */
    {VARS "- {type: field_name_mapping, mapping: {F: G}}\n- {type: value_placeholders}",
     "    s: {F|expand: '%n%'}\n    condition: s\n",
     ID "      field \"G\": any of\n        \"5\"\n  condition s\n", true},
    {"- {type: wildcard_placeholders}", "    s: {F|expand: 'a%x%b'}\n    condition: s\n",
     ID "      field \"F\": any of\n        \"a*b\"\n  condition s\n", false},
    {"- {type: wildcard_placeholders}", "    s:\n        '|expand': ['a%x%b']\n    condition: s\n",
     ID "      keywords: any of\n        \"*a*b*\"\n  condition s\n", false},
    /* two steps, one placeholder each */
    {VARS "- {type: value_placeholders, include: [n]}\n"
          "- {type: wildcard_placeholders, exclude: [n]}",
     "    s: {F|expand: '%n%%x%'}\n    condition: s\n",
     ID "      field \"F\": any of\n        \"5*\"\n  condition s\n", true},
    {VARS "- {type: value_placeholders, include: [n]}",
     "    s: {F|expand: '%n%%x%'}\n    condition: s\n", "placeholder %x% has no values", true},
    {VARS "- {type: value_placeholders}", "    s: {F|expand: '%x%'}\n    condition: s\n",
     "'value_placeholders' cannot be applied to this rule: there is no variable 'x'", true},
    {VARS "- {type: value_placeholders}", "    s: {F|expand: '%bad%'}\n    condition: s\n",
     "'value_placeholders' cannot be applied to this rule: the values of 'bad' are no texts or "
     "numbers, or none",
     true},
    {"- {type: replace_string, regex: a, replacement: b}",
     "    s: {F|expand: '%x%'}\n    condition: s\n",
     "'replace_string' cannot be applied to this rule: the placeholder 'x' has no values yet",
     false},
    {"- {type: set_value, value: a}", "    s: {F|expand: '%x%'}\n    condition: s\n",
     ID "      field \"F\": any of\n        \"a\"\n  condition s\n", false},
    {"name: none\n", "    s: {F|expand: '%x%'}\n    condition: s\n", "placeholder %x% has no values",
     true},
};

static void placeholders_wait_for_a_step_that_knows_them(void **state)
{
    PIPE_CHECK(state, cases);
}

static void a_later_pipeline_overrides_variables(void **state)
{
    static const char *const files[] = {
        "priority: 20\nvars: {x: late}\n",
        "priority: 10\nvars: {x: early}\n",
        "priority: 30\ntransformations: [{type: value_placeholders}]\n",
    };
    struct str got =
        pipe_run(t_arena(state), files, 3, "    s: {F|expand: '%x%'}\n    condition: s\n");
    assert_non_null(strstr(got.p, "\"late\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(placeholders_wait_for_a_step_that_knows_them),
        t_test(a_later_pipeline_overrides_variables),
    };
    return t_run(tests);
}
