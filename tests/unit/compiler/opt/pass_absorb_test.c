#include "opt_harness.h"

#define ABC "%0 = any \"a\"\n%1 = any \"b\"\n%2 = any \"c\"\n"
#define AB "%0 = any \"a\"\n%1 = any \"b\"\n"
#define A_ONLY "%0 = any \"a\"\nrule \"r\" = %0\n"

static const struct h_pair pairs[] = {
    {"(a and b) or a", AB "%2 = and %0 %1\n%3 = or %0 %2\nrule \"r\" = %3\n", A_ONLY},
    {"(a or b) and a", AB "%2 = or %0 %1\n%3 = and %0 %2\nrule \"r\" = %3\n", A_ONLY},
    {"among others", ABC "%3 = and %0 %1\n%4 = or %0 %2 %3\nrule \"r\" = %4\n",
     "%0 = any \"a\"\n%1 = any \"c\"\n%2 = or %0 %1\nrule \"r\" = %2\n"},
    {"a bigger gate beside a smaller",
     ABC "%3 = and %0 %1\n%4 = and %0 %1 %2\n%5 = or %3 %4\nrule \"r\" = %5\n",
     AB "%2 = and %0 %1\nrule \"r\" = %2\n"},
    {"regexes do not matter",
     "%0 = regex \"a\" \"a\"\n%1 = any \"b\"\n%2 = and %0 %1\n%3 = or %0 %2\nrule \"r\" = %3\n",
     "%0 = regex \"a\" \"a\"\nrule \"r\" = %0\n"},
    {"overlapping gates stay",
     ABC "%3 = and %0 %1\n%4 = and %0 %2\n%5 = or %3 %4\nrule \"r\" = %5\n", NULL},
    {"under not", AB "%2 = and %0 %1\n%3 = or %0 %2\n%4 = not %3\nrule \"r\" = %4\n",
     "%0 = any \"a\"\n%1 = not %0\nrule \"r\" = %1\n"},
};

static void what_a_sibling_implies_goes(void **state)
{
    (void)state;
    H_ASSERT_PAIRS(OPT_ABSORB, pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(what_a_sibling_implies_goes),
    };
    return t_run(tests);
}
