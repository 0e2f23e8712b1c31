#include "pipeline_t.h"

/* `keys` on a rule_failure or detection_item_failure: does it hit the rule? */
struct gate_case {
    const char *step, *keys;
    bool hits;
};

#define RULE "rule_failure, message: hit"
#define ITEM "detection_item_failure, message: hit"

static const char detection[] = "    sel:\n"
                                "        Image|endswith: '\\cmd.exe'\n"
                                "        User: [abc, 5]\n"
                                "        Parent: null\n"
                                "    condition: sel\n";

static void check(void **state, const struct gate_case *cases, size_t n)
{
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < n; i++) {
        const char *p = str_format(a,
                                   "transformations:\n"
                                   "- {type: set_state, id: first, key: k, val: 5}\n"
                                   "- {type: set_custom_attribute, attribute: custom, value: x}\n"
                                   "- {type: field_name_mapping, id: map, mapping: {User: U}}\n"
                                   "- {type: %s, %s}\n",
                                   cases[i].step, cases[i].keys)
                            .p;
        bool hits = str_eq_z(pipe_run(a, &p, 1, detection), "refused by a pipeline: hit");
        if (hits != cases[i].hits)
            print_error("case %zu: %s\n", i, cases[i].keys);
        assert_int_equal(hits, cases[i].hits);
    }
}
#define CHECK(state, cases) check((state), (cases), sizeof(cases) / sizeof *(cases))

static void rules_are_asked_about(void **state)
{
    static const struct gate_case cases[] = {
        {RULE, "rule_conditions: [{type: logsource, product: windows}]", true},
        {RULE, "rule_conditions: [{type: logsource, product: windows, service: x}]", false},
        {RULE, "rule_conditions: [{type: contains_field, field: Image}]", true},
        {RULE, "rule_conditions: [{type: contains_field, field: User}]", false},
        {RULE, "rule_conditions: [{type: contains_detection_item, field: U, value: abc}]", true},
        {RULE, "rule_conditions: [{type: contains_detection_item, field: U, value: 5}]", true},
        {RULE, "rule_conditions: [{type: contains_detection_item, field: U, value: ab}]", false},
        {RULE, "rule_conditions: [{type: processing_item_applied, processing_item_id: first}]",
         true},
        {RULE, "rule_conditions: [{type: processing_item_applied, processing_item_id: x}]", false},
        {RULE, "rule_conditions: [{type: processing_state, key: k, val: 5}]", true},
        {RULE, "rule_conditions: [{type: processing_state, key: k, val: 4, op: gt}]", true},
        {RULE, "rule_conditions: [{type: processing_state, key: x, val: 5}]", false},
        {RULE, "rule_conditions: [{type: is_sigma_rule}]", true},
        {RULE, "rule_conditions: [{type: is_sigma_correlation_rule}]", false},
        {RULE, "rule_conditions: [{type: tag, tag: attack.t1059}]", true},
        {RULE, "rule_conditions: [{type: tag, tag: attack.t1058}]", false},
    };
    CHECK(state, cases);
}

static void attributes_compare_by_their_kind(void **state)
{
#define ATTRIBUTE(name, value, op) \
    "rule_conditions: [{type: rule_attribute, attribute: " name ", value: " value ", op: " op "}]"
    static const struct gate_case cases[] = {
        {RULE, ATTRIBUTE("level", "medium", "gt"), true},
        {RULE, ATTRIBUTE("level", "critical", "gte"), false},
        {RULE, ATTRIBUTE("status", "experimental", "gt"), true},
        {RULE, ATTRIBUTE("date", "'2024/04/30'", "gt"), true},
        {RULE, ATTRIBUTE("date", "'2024-05-01'", "lt"), false},
        {RULE, ATTRIBUTE("author", "me", "eq"), true},
        {RULE, ATTRIBUTE("tags", "attack.t1059", "in"), true},
        {RULE, ATTRIBUTE("tags", "attack.t1059", "not_in"), false},
        {RULE, ATTRIBUTE("tags", "attack.t1059", "eq"), false},
        {RULE, ATTRIBUTE("custom", "x", "eq"), true},
        {RULE, ATTRIBUTE("missing", "x", "ne"), false},
    };
    CHECK(state, cases);
}

static void items_are_asked_about(void **state)
{
#define ON(condition) "detection_item_conditions: [{" condition "}]"
    static const struct gate_case cases[] = {
        {ITEM, ON("type: match_string, cond: any, pattern: 'ab'"), true},
        {ITEM, ON("type: match_string, cond: any, pattern: 'bc'"), false},
        {ITEM, ON("type: match_string, cond: any, pattern: '.*cmd'"), true},
        {ITEM, ON("type: match_string, cond: all, pattern: '.*', negate: true"), true},
        {ITEM, ON("type: match_value, cond: any, value: 5"), true},
        {ITEM, ON("type: match_value, cond: all, value: 5"), false},
        {ITEM, ON("type: match_value, cond: any, value: '*\\cmd.exe'"), true},
        {ITEM, ON("type: contains_wildcard, cond: any"), true},
        {ITEM, ON("type: is_null, cond: all"), true},
        {ITEM, ON("type: processing_item_applied, processing_item_id: map"), true},
        {ITEM, ON("type: processing_state, key: k, val: 6"), false},
    };
    CHECK(state, cases);
}

static void field_names_are_asked_about(void **state)
{
#define FIELD(condition) "field_name_conditions: [{" condition "}]"
    static const struct gate_case cases[] = {
        {ITEM, FIELD("type: include_fields, fields: [Image]"), true},
        {ITEM, FIELD("type: include_fields, fields: [User]"), false},
        {ITEM, FIELD("type: include_fields, fields: ['I.a'], mode: re"), true},
        {ITEM, FIELD("type: include_fields, fields: ['mage'], mode: re"), false},
        {ITEM, FIELD("type: exclude_fields, fields: [Image, U, Parent]"), false},
        {ITEM, FIELD("type: exclude_fields, fields: [Image, U]"), true},
        {ITEM, FIELD("type: processing_item_applied, processing_item_id: map"), true},
        {ITEM, FIELD("type: processing_state, key: k, val: 5"), true},
    };
    CHECK(state, cases);
}

static void conditions_are_linked(void **state)
{
#define T "{type: is_sigma_rule}"
#define N "{type: is_sigma_correlation_rule}"
    static const struct gate_case cases[] = {
        {RULE, "rule_conditions: [" T ", " N "]", false},
        {RULE, "rule_conditions: [" T ", " N "], rule_cond_op: or", true},
        {RULE, "rule_conditions: [" T ", " N "], rule_cond_op: or, rule_cond_not: true", false},
        {RULE, "rule_conditions: {a: " T ", b: " N "}", false},
        {RULE, "rule_conditions: {a: " T ", b: " N "}, rule_cond_expr: a and not b", true},
        {RULE, "rule_conditions: {a: " T ", b: " N "}, rule_cond_expr: not (a or b)", false},
        {RULE, "rule_conditions: {a: " T ", b: " N "}, rule_cond_expr: b and b or a", true},
        {RULE, "rule_conditions: {a: " T ", b: " N "}, rule_cond_expr: b and (b or a)", false},
        {RULE, "rule_conditions: []", true},
    };
    CHECK(state, cases);
}

static void nest_runs_its_items_when_the_rule_passes(void **state)
{
    static const struct gate_case cases[] = {
        {"nest", "items: [{type: " RULE "}]", true},
        {"nest", "items: [{type: " RULE "}], rule_conditions: [" N "]", false},
        {"nest",
         "items: [{type: set_state, id: in, key: x, val: 1}, {type: " RULE
         ", rule_conditions: [{type: processing_item_applied, processing_item_id: in}]}]",
         true},
    };
    CHECK(state, cases);
}

static void a_regex_that_runs_away_refuses_the_rule(void **state)
{
    struct arena *a = t_arena(state);
    const char *p = "transformations:\n- type: drop_detection_item\n  detection_item_conditions:\n"
                    "      - {type: match_string, cond: any, pattern: '(a+)+$'}\n";
    struct str got = pipe_run(a, &p, 1,
                              "    s: {F: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX}\n"
                              "    condition: s\n");
    t_assert_str(got, "'drop_detection_item' cannot be applied to this rule: a regex of its "
                      "conditions ran into its limit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(rules_are_asked_about),
        t_test(attributes_compare_by_their_kind),
        t_test(items_are_asked_about),
        t_test(field_names_are_asked_about),
        t_test(conditions_are_linked),
        t_test(nest_runs_its_items_when_the_rule_passes),
        t_test(a_regex_that_runs_away_refuses_the_rule),
    };
    return t_run(tests);
}
