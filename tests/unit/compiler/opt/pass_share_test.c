#include "opt_harness.h"

#define CONTAINS_ABC \
    "%0 = contains \"F\" \"a\"\n%1 = contains \"F\" \"b\"\n%2 = contains \"F\" \"c\"\n"

static const struct h_pair pairs[] = {
    {"a common pair of two rules becomes a gate",
     CONTAINS_ABC "%3 = any \"x\"\n%4 = any \"y\"\n%5 = and %0 %1 %3\n%6 = and %0 %1 %4\n"
                  "rule \"r\" = %5\nrule \"s\" = %6\n",
     "%0 = contains \"F\" \"a\"\n%1 = contains \"F\" \"b\"\n%2 = any \"x\"\n%3 = any \"y\"\n"
     "%4 = and %0 %1\n%5 = and %2 %4\n%6 = and %3 %4\nrule \"r\" = %5\nrule \"s\" = %6\n"},
    {"an existing gate serves",
     CONTAINS_ABC "%3 = or %0 %1\n%4 = or %0 %1 %2\nrule \"r\" = %3\nrule \"s\" = %4\n",
     CONTAINS_ABC "%3 = or %0 %1\n%4 = or %2 %3\nrule \"r\" = %3\nrule \"s\" = %4\n"},
    {"one rule alone is left",
     "%0 = contains \"F\" \"a\"\n%1 = contains \"F\" \"b\"\n%2 = any \"x\"\n%3 = any \"y\"\n"
     "%4 = and %0 %1 %2\n%5 = and %0 %1 %3\n%6 = or %4 %5\nrule \"r\" = %6\n",
     NULL},
    {"cheap children are not worth it",
     "%0 = any \"a\"\n%1 = any \"b\"\n%2 = any \"x\"\n%3 = any \"y\"\n%4 = and %0 %1 %2\n"
     "%5 = and %0 %1 %3\nrule \"r\" = %4\nrule \"s\" = %5\n",
     NULL},
    {"and does not share with or",
     CONTAINS_ABC "%3 = and %0 %1 %2\n%4 = or %0 %1 %2\nrule \"r\" = %3\nrule \"s\" = %4\n", NULL},
};

static void common_children_become_a_gate_where_it_pays(void **state)
{
    (void)state;
    H_ASSERT_PAIRS(OPT_SHARE, pairs);
}

static void the_cost_rule_has_an_edge(void **state)
{
    /* 2 rules save the cost of the pair once: 20 + 20 is worth it, 20 + 10 is not */
    (void)state;
    static const struct h_pair edge[] = {
        {"below",
         "%0 = contains \"F\" \"a\"\n%1 = cidr \"F\" 10.0.0.0/8\n%2 = any \"x\"\n%3 = any \"y\"\n"
         "%4 = and %0 %1 %2\n%5 = and %0 %1 %3\nrule \"r\" = %4\nrule \"s\" = %5\n",
         NULL},
    };
    H_ASSERT_PAIRS(OPT_SHARE, edge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(common_children_become_a_gate_where_it_pays),
        t_test(the_cost_rule_has_an_edge),
    };
    return t_run(tests);
}
