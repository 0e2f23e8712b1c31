#include "pipeline_t.h"

#define TWO "    a: {F: 1}\n    b: {G: 2}\n"
#define A "  identifier \"a\"\n    all of\n      field \"F\": any of\n        number = 1\n"
#define B "  identifier \"b\"\n    all of\n      field \"G\": any of\n        number = 2\n"
#define DROP_F                      \
    "- type: drop_detection_item\n" \
    "  field_name_conditions: [{type: include_fields, fields: [F]}]"

static const struct pipe_case drops[] = {
    {DROP_F, TWO "    condition: a and b\n", B "  condition b\n", false},
    {DROP_F, TWO "    condition: b and not a\n", B "  condition b\n", false},
    {DROP_F, TWO "    condition: a or b\n", B "  condition b\n", false},
    {DROP_F, TWO "    condition: 1 of them\n", B "  condition at least 1 of {b}\n", false},
    {DROP_F, TWO "    condition: all of them\n", B "  condition at least 1 of {b}\n", false},
    {DROP_F, TWO "    c: {H: 1}\n    condition: 2 of them\n",
     "'drop_detection_item' cannot be applied to this rule: a selection counts what was dropped",
     false},
    {DROP_F, "    a: {F: 1}\n    condition: a\n",
     "'drop_detection_item' cannot be applied to this rule: nothing is left of the rule's "
     "condition",
     false},
    {DROP_F, "    a: [{F: 1}, {G: 2}]\n    condition: a\n",
     "  identifier \"a\"\n    any of\n      all of\n        field \"G\": any of\n"
     "          number = 2\n  condition a\n",
     false},
};

static void dropped_items_vanish_from_the_condition(void **state)
{
    PIPE_CHECK(state, drops);
}

#define ADD "- {type: add_condition, name: new, conditions: {E: 4}"
#define NEW "  identifier \"new\"\n    all of\n      field \"E\": any of\n        number = 4\n"
static const struct pipe_case adds[] = {
    {ADD "}", TWO "    condition: a or b\n", A B NEW "  condition (new and (a or b))\n", false},
    {ADD "}", TWO "    condition: [a, b]\n",
     A B NEW "  condition (new and a)\n  condition (new and b)\n", false},
    {ADD ", negated: true}", TWO "    condition: a and b\n",
     A B NEW "  condition (not new and a and b)\n", false},
    {"- {type: add_condition, name: new, template: true, conditions: "
     "{E: ['$product-${category}', '$$x $y']}}",
     "    a: {F: 1}\n    condition: a\n",
     A "  identifier \"new\"\n    all of\n      field \"E\": any of\n"
       "        \"windows-process_creation\"\n        \"$x $y\"\n  condition (new and a)\n",
     false},
    {"- {type: add_condition, template: true, conditions: {E: $service}}",
     "    a: {F: 1}\n    condition: a\n",
     "'add_condition' cannot be applied to this rule: the template wants a service, and the rule "
     "has none",
     false},
};

static void conditions_are_put_in_front(void **state)
{
    PIPE_CHECK(state, adds);
}

static const struct pipe_case logsources[] = {
    {"- {type: change_logsource, product: linux}", "    a: {F: 1}\n    condition: a\n",
     "  logsource product=\"linux\"\n" A "  condition a\n", false},
};

static void the_log_source_is_replaced_as_a_whole(void **state)
{
    PIPE_CHECK(state, logsources);
}

static const struct pipe_case failures[] = {
    {"- {type: rule_failure, message: no such log}", "    a: {F: 1}\n    condition: a\n",
     "refused by a pipeline: no such log", false},
    {"- type: detection_item_failure\n  message: no G\n"
     "  field_name_conditions: [{type: include_fields, fields: [G]}]",
     "    a: {F: 1}\n    condition: a\n", A "  condition a\n", false},
    {"- {type: set_field, fields: [x]}\n- {type: add_field, field: y}\n"
     "- {type: remove_field, field: [y]}",
     "    a: {F: 1}\n    condition: a\n", A "  condition a\n", false},
};

static void failures_refuse_the_rules_that_they_meet(void **state)
{
    PIPE_CHECK(state, failures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(dropped_items_vanish_from_the_condition),
        t_test(conditions_are_put_in_front),
        t_test(the_log_source_is_replaced_as_a_whole),
        t_test(failures_refuse_the_rules_that_they_meet),
    };
    return t_run(tests);
}
