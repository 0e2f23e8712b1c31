#include "ir_harness.h"

/* One line for each form of each operation; printed as written. */
static const char all_forms[] =
    "%0 = false\n"
    "%1 = true\n"
    "%2 = exists \"Image\"\n"
    "%3 = null \"a b.c\"\n"
    "%4 = any \"F\"\n"
    "%5 = bool \"F\" true\n"
    "%6 = bool \"F\" false\n"
    "%7 = number \"F\" eq -5\n"
    "%8 = number \"F\" lt 9223372036854775807\n"
    "%9 = number \"F\" lte -9223372036854775808\n"
    "%10 = number \"F\" gt 18446744073709551615\n"
    "%11 = number \"F\" gte 0x1.8p1\n"
    "%12 = number \"F\" eq -0x1.999999999999ap-4\n"
    "%13 = number \"F\" eq 0x0p0\n"
    "%14 = number \"F\" eq -0x0p0\n"
    "%15 = number \"F\" eq 0x0.0000000000001p-1022\n"
    "%16 = number \"F\" eq 0x1.fffffffffffffp1023\n"
    "%17 = number \"F\" eq 0x1p-1022\n"
    "%18 = time \"F\" hour gte 18\n"
    "%19 = time \"F\" week eq 53\n"
    "%20 = eq \"F\" \"\"\n"
    "%21 = eq cased \"F\" \"Abc\"\n"
    "%22 = prefix \"F\" \"c:\\\\\"\n"
    "%23 = suffix \"F\" \"\\\\certutil.exe\"\n"
    "%24 = contains \"\" \"tab\\there \\\"quoted\\\" \\x00\\x1F\\x7F\\n\\r \xc3\xa9\"\n"
    "%25 = wildcard \"F\" \"a\\*b\\?c\\-d*?-\\\\\"\n"
    "%26 = wildcard cased \"F\" \"\\*A\"\n"
    "%27 = cidr \"F\" 10.0.0.0/8\n"
    "%28 = cidr \"F\" 0.0.0.0/0\n"
    "%29 = cidr \"F\" fe80::/10\n"
    "%30 = cidr \"F\" ::ffff:10.0.0.1/128\n"
    "%31 = fieldref \"F\" whole \"G\"\n"
    "%32 = fieldref cased \"F\" inside \"G\"\n"
    "%33 = regex \"F\" \"[Aa]\\\\.b(?=\\\\n?\\\\z)\"\n"
    "%34 = eq_set \"F\" \"a\" \"b\" \"c\"\n"
    "%35 = prefix_set \"F\" \"a\"\n"
    "%36 = suffix_set \"F\" \"\" \"a\"\n"
    "%37 = contains_set cased \"F\" \"A\" \"AB\" \"B\"\n"
    "%38 = not %2\n"
    "%39 = and %2 %38\n"
    "%40 = or %0 %1 %2 %3 %4 %5 %6 %7 %8 %9 %10 %11 %12 %13 %14 %15 %16 %17 %18 %19 %20 %21 %22 "
    "%23 %24 %25 %26 %27 %28 %29 %30 %31 %32 %33 %34 %35 %36 %37 %39\n"
    "%41 = at_least 2 %40 %3 %40\n"
    "rule \"one\" = %41\n"
    "rule \"\" = %0\n"
    "rule \"say \\\"hi\\\"\" = %2\n";

static void every_form_prints_as_it_was_written(void **state)
{
    struct arena *a = t_arena(state);
    t_assert_str(h_print(a, h_parse(a, all_forms)), all_forms);
}

static void printing_renumbers_from_zero_without_gaps(void **state)
{
    struct arena *a = t_arena(state);
    struct ir *ir = h_parse(a, "%3 = any \"F\"\n%5 = any \"dead\"\n%9 = any \"G\"\n"
                               "%12 = and %9 %3\nrule \"r\" = %12\n");
    t_assert_str(h_print(a, ir),
                 "%0 = any \"F\"\n%1 = any \"G\"\n%2 = and %0 %1\nrule \"r\" = %2\n");
}

static void every_byte_of_a_pattern_comes_back(void **state)
{
    struct arena *a = t_arena(state);
    char bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    struct ir *ir = ir_new(a);
    ir_add_rule(ir, NULL, (struct str){bytes, sizeof bytes}, IR_TRUE);
    struct str printed = h_print(a, ir);
    struct h_parsed again = h_parse_str(a, printed);
    assert_non_null(again.ir);
    assert_true(str_eq(again.ir->rules[0].label, (struct str){bytes, sizeof bytes}));
    /* ASCII below, wildcard bytes above: what a pattern can hold without being text */
    char pattern[131];
    for (int i = 0; i < 128; i++)
        pattern[i] = (char)(i >= 'A' && i <= 'Z' ? 'a' : i);
    memcpy(pattern + 128, "\xff\xfe\xfd", 3);
    struct ir_node n = {.op = IR_OP_WILDCARD, .text = {pattern, sizeof pattern}};
    ir->rules[0].root = ir_make(ir, &n);
    again = h_parse_str(a, h_print(a, ir));
    assert_non_null(again.ir);
    assert_true(str_eq(ir_get(again.ir, again.ir->rules[0].root)->text, n.text));
}

static void one_node_prints_alone(void **state)
{
    struct arena *a = t_arena(state);
    struct ir *ir = h_parse(a, "%0 = any \"F\"\n%1 = not %0\nrule \"r\" = %1\n");
    struct text out;
    text_init(&out, a);
    ir_print_node(&out, ir, ir->rules[0].root);
    t_assert_str(text_str(&out), "not %2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(every_form_prints_as_it_was_written),
        t_test(printing_renumbers_from_zero_without_gaps),
        t_test(every_byte_of_a_pattern_comes_back),
        t_test(one_node_prints_alone),
    };
    return t_run(tests);
}
