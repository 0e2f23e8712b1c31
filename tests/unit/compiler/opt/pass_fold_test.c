#include "opt_harness.h"
#include "regex.h"

#define AB "%0 = any \"a\"\n%1 = any \"b\"\n"
#define A_ONLY "%0 = any \"a\"\nrule \"r\" = %0\n"
#define FALSE_ONLY "%0 = false\nrule \"r\" = %0\n"
#define TRUE_ONLY "%0 = true\nrule \"r\" = %0\n"

static const struct h_pair constants[] = {
    {"not", "%0 = true\n%1 = not %0\nrule \"r\" = %1\n", FALSE_ONLY},
    {"and with false", "%0 = false\n%1 = any \"a\"\n%2 = and %0 %1\nrule \"r\" = %2\n", FALSE_ONLY},
    {"and with true", "%0 = true\n%1 = any \"a\"\n%2 = and %0 %1\nrule \"r\" = %2\n", A_ONLY},
    {"or with true", "%0 = true\n%1 = any \"a\"\n%2 = or %0 %1\nrule \"r\" = %2\n", TRUE_ONLY},
    {"or with false", "%0 = false\n%1 = any \"a\"\n%2 = or %0 %1\nrule \"r\" = %2\n", A_ONLY},
    {"or with both", "%0 = false\n%1 = true\n%2 = or %0 %1\nrule \"r\" = %2\n", TRUE_ONLY},
    {"constants rise", "%0 = true\n%1 = any \"a\"\n%2 = not %0\n%3 = or %1 %2\nrule \"r\" = %3\n",
     A_ONLY},
    {"nothing to do", AB "%2 = and %0 %1\nrule \"r\" = %2\n", NULL},
};

static const struct h_pair at_least[] = {
    {"true counts",
     "%0 = true\n%1 = any \"a\"\n%2 = any \"b\"\n%3 = any \"c\"\n%4 = at_least 3 %1 %0 %2 %3\n"
     "rule \"r\" = %4\n",
     "%0 = any \"a\"\n%1 = any \"b\"\n%2 = any \"c\"\n%3 = at_least 2 %0 %1 %2\nrule \"r\" = %3\n"},
    {"enough are true", "%0 = true\n%1 = any \"a\"\n%2 = at_least 2 %0 %1 %0\nrule \"r\" = %2\n",
     TRUE_ONLY},
    {"too many are false",
     "%0 = false\n%1 = any \"a\"\n%2 = at_least 2 %0 %1 %0\nrule \"r\" = %2\n", FALSE_ONLY},
    {"one is or", AB "%2 = at_least 1 %1 %0\nrule \"r\" = %2\n",
     AB "%2 = or %0 %1\nrule \"r\" = %2\n"},
    {"all is and", AB "%2 = at_least 2 %1 %0\nrule \"r\" = %2\n",
     AB "%2 = and %0 %1\nrule \"r\" = %2\n"},
    {"duplicates count", AB "%2 = at_least 2 %0 %1 %0\nrule \"r\" = %2\n", NULL},
};

static const struct h_pair leaves[] = {
    {"contains nothing", "%0 = contains \"a\" \"\"\nrule \"r\" = %0\n", A_ONLY},
    {"prefix nothing", "%0 = prefix cased \"a\" \"\"\nrule \"r\" = %0\n", A_ONLY},
    {"suffix nothing", "%0 = suffix \"a\" \"\"\nrule \"r\" = %0\n", A_ONLY},
    {"equal to nothing is the empty text", "%0 = eq \"a\" \"\"\nrule \"r\" = %0\n", NULL},
};

static void constants_leave_gates(void **state)
{
    (void)state;
    H_ASSERT_PAIRS(OPT_FOLD, constants);
}

static void at_least_counts_constants(void **state)
{
    (void)state;
    H_ASSERT_PAIRS(OPT_FOLD, at_least);
}

static void searches_for_nothing_are_any(void **state)
{
    (void)state;
    H_ASSERT_PAIRS(OPT_FOLD, leaves);
}

static void literal_regexes_become_text_searches(void **state)
{
    static const struct {
        const char *pattern;
        bool icase;
        const char *want;
    } rows[] = {
        {"Ab\\.c", false, "%0 = contains cased \"F\" \"Ab.c\"\nrule \"r\" = %0\n"},
        {"Ab\\.c", true, "%0 = contains \"F\" \"ab.c\"\nrule \"r\" = %0\n"},
        {"\xc3\x89", true, "%0 = contains \"F\" \"\xc3\xa9\"\nrule \"r\" = %0\n"},
        {"", false, "%0 = any \"F\"\nrule \"r\" = %0\n"},
        {"(?i:a)b", false, "%0 = regex \"F\" \"[Aa]b\"\nrule \"r\" = %0\n"},
        {"^a", false, "%0 = regex \"F\" \"\\\\Aa\"\nrule \"r\" = %0\n"},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct regex_error error;
        struct regex_flags flags = {.icase = rows[i].icase};
        struct regex *re = regex_parse(a, str_of(rows[i].pattern), flags, &error);
        struct ir *ir = ir_new(a);
        struct ir_node n = {.op = IR_OP_REGEX, .regex = re, .text = ir_regex_normal(a, re)};
        n.field = names_intern(ir->names, STR("F"));
        ir_add_rule(ir, NULL, STR("r"), ir_make(ir, &n));
        opt_run(ir, ~(1u << OPT_FOLD), NULL, NULL);
        t_assert_str(h_print(a, ir), rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(constants_leave_gates),
        t_test(at_least_counts_constants),
        t_test(searches_for_nothing_are_any),
        t_test(literal_regexes_become_text_searches),
    };
    return t_run(tests);
}
