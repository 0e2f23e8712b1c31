#include "pipeline_t.h"

/* The rule has one value; `want` is the line that it becomes. */
struct value_case {
    const char *step, *value, *want;
};

static void check(void **state, const struct value_case *cases, size_t n)
{
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < n; i++) {
        const char *p = str_format(a, "transformations:\n- {%s}\n", cases[i].step).p;
        struct str got = pipe_run(
            a, &p, 1, str_format(a, "    sel: {%s}\n    condition: sel\n", cases[i].value).p);
        const char *line = strstr(got.p, " of\n        ");
        if (line && got.p[0] == ' ') {
            got = str_of(line + 12);
            got = str_sub(got, 0, got.len - strlen("\n  condition sel\n"));
        }
        if (!str_eq_z(got, cases[i].want))
            print_error("case %zu: %s of %s\n", i, cases[i].step, cases[i].value);
        t_assert_str(got, cases[i].want);
    }
}
#define CHECK(state, cases) check((state), (cases), sizeof(cases) / sizeof *(cases))

static void replace_string_keeps_wildcards_and_literal_stars_apart(void **state)
{
    static const struct value_case cases[] = {
        {"type: replace_string, regex: 'a(.)', replacement: '\\1\\1'", "F: xab", "\"xbb\""},
        {"type: replace_string, regex: 'C:', replacement: 'D:'", "F|startswith: 'C:\\Windows\\'",
         "\"D:\\\\Windows\\\\*\""},
        {"type: replace_string, regex: 'a', replacement: '*'", "F: bab", "\"b*b\""},
        {"type: replace_string, regex: 'a', replacement: '\\*'", "F: bab", "\"b\\*b\""},
        {"type: replace_string, regex: '^', replacement: '/'", "F: '*a\\*'", "\"/*a\\*\""},
        {"type: replace_string, regex: '^', replacement: '/', skip_special: true", "F: 'a*b'",
         "\"/a*/b\""},
        {"type: replace_string, regex: 'a', replacement: '?', skip_special: true", "F: 'a*'",
         "\"\\?*\""},
        {"type: replace_string, regex: 'a', replacement: '?', skip_special: true, "
         "interpret_special: true",
         "F: 'a*'", "\"?*\""},
        {"type: replace_string, regex: '(?P<n>b)', replacement: '<\\g<n>\\g<1>>'", "F: abc",
         "\"a<bb>c\""},
        {"type: replace_string, regex: '5', replacement: '6'", "F: 15", "\"16\""},
        {"type: replace_string, regex: 'x*', replacement: '-'", "F: 'abxd'", "\"-a-b--d-\""},
        {"type: replace_string, regex: 'a', replacement: 'b'", "F|re: a", "regex \"a\""},
    };
    CHECK(state, cases);
}

static void map_string_replaces_whole_values(void **state)
{
    static const struct value_case cases[] = {
        {"type: map_string, mapping: {High: [S-1, 'S*']}", "F: High", "\"S-1\" | \"S*\""},
        {"type: map_string, mapping: {High: S-1}", "F: high", "\"high\""},
        {"type: map_string, mapping: {'*a': b}", "F|endswith: a", "\"b\""},
        {"type: map_string, mapping: {a: []}", "F: a",
         "'map_string' cannot be applied to this rule: 'a' is mapped to an empty list"},
    };
    CHECK(state, cases);
}

static void types_and_values_are_set(void **state)
{
    static const struct value_case cases[] = {
        {"type: set_value, value: 5", "F: [a, b]", "number = 5"},
        {"type: set_value, value: 5, force_type: str", "F: a", "\"5\""},
        {"type: set_value, value: null", "F: a", "null"},
        {"type: set_value, value: 'a*'", "F: 1", "\"a*\""},
        {"type: convert_type, target_type: num", "F: '-12'", "number = -12"},
        {"type: convert_type, target_type: num", "F: '1.5'", "number = 1.5"},
        {"type: convert_type, target_type: num", "F: '1*'",
         "'convert_type' cannot be applied to this rule: '' is no number"},
        {"type: convert_type, target_type: str", "F: 18446744073709551615",
         "\"18446744073709551615\""},
        {"type: convert_type, target_type: str", "F: true", "\"true\""},
        {"type: convert_type, target_type: str", "F|gt: 5", "number > 5"},
    };
    CHECK(state, cases);
}

static void letter_case_is_changed_as_far_as_it_is_known(void **state)
{
    static const struct value_case cases[] = {
        {"type: case, method: upper", "F|cased: 'aB*'", "cased \"AB*\""},
        {"type: case, method: lower", "F: 'aB'", "\"ab\""},
        {"type: case, method: snake_case", "F: 'someName'", "\"some_name\""},
        {"type: case, method: lower", "F|cased: '\xc3\x84'",
         "'case' cannot be applied to this rule: only the letter case of ASCII is known here"},
    };
    CHECK(state, cases);
}

static void texts_become_regexes(void **state)
{
    static const struct value_case cases[] = {
        {"type: regex, method: plain", "F: 'a.b'", "regex (cat \"a.b\")"},
        {"type: regex, method: plain", "F: ''", "\"\""},
        {"type: regex, method: plain", "F: 5", "number = 5"},
    };
    CHECK(state, cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(replace_string_keeps_wildcards_and_literal_stars_apart),
        t_test(map_string_replaces_whole_values),
        t_test(types_and_values_are_set),
        t_test(letter_case_is_changed_as_far_as_it_is_known),
        t_test(texts_become_regexes),
    };
    return t_run(tests);
}
