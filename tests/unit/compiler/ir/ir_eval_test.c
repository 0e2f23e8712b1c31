#include "ir_harness.h"

/* Slots by name number: 0 keywords, then F and G (the texts below name F first). */
enum { N_SLOTS = 3 };

static bool judge_one(struct arena *a, const char *text, struct sigmaton_slot f,
                      struct sigmaton_slot g)
{
    struct ir *ir = h_parse(a, text);
    struct sigmaton_slot keywords[2] = {f, g};
    struct sigmaton_slot slots[N_SLOTS] = {
        {.at.leaves = keywords, .len = 2, .kind = SIGMATON_LIST}, f, g};
    return h_eval(h_judge(a, ir), slots, 0) & 1;
}

/* F is the text "Abc", G the integer 7. */
static const struct {
    const char *text;
    bool holds;
} rows[] = {
    {"%0 = false\nrule \"r\" = %0", false},
    {"%0 = true\nrule \"r\" = %0", true},
    {"%0 = exists \"F\"\nrule \"r\" = %0", true},
    {"%0 = null \"F\"\nrule \"r\" = %0", false},
    {"%0 = any \"F\"\nrule \"r\" = %0", true},
    {"%0 = bool \"F\" true\nrule \"r\" = %0", false},
    {"%0 = eq \"F\" \"abc\"\nrule \"r\" = %0", true},
    {"%0 = eq cased \"F\" \"abc\"\nrule \"r\" = %0", false},
    {"%0 = eq cased \"F\" \"Abc\"\nrule \"r\" = %0", true},
    {"%0 = prefix \"F\" \"ab\"\nrule \"r\" = %0", true},
    {"%0 = prefix \"F\" \"bc\"\nrule \"r\" = %0", false},
    {"%0 = suffix \"F\" \"bc\"\nrule \"r\" = %0", true},
    {"%0 = contains \"F\" \"b\"\nrule \"r\" = %0", true},
    {"%0 = wildcard \"F\" \"\\?b\\*\"\nrule \"r\" = %0", true},
    {"%0 = wildcard \"F\" \"\\-b\\*\"\nrule \"r\" = %0", false},
    {"%0 = eq_set \"F\" \"x\" \"y\"\nrule \"r\" = %0", false},
    {"%0 = eq_set \"F\" \"abc\" \"y\"\nrule \"r\" = %0", true},
    {"%0 = prefix_set \"F\" \"ab\" \"y\"\nrule \"r\" = %0", true},
    {"%0 = suffix_set \"F\" \"a\" \"c\"\nrule \"r\" = %0", true},
    {"%0 = contains_set \"F\" \"b\" \"y\"\nrule \"r\" = %0", true},
    {"%0 = contains \"\" \"7\"\nrule \"r\" = %0", true},
    {"%0 = contains \"\" \"c7\"\nrule \"r\" = %0", false},
    {"%0 = regex \"F\" \"b\"\nrule \"r\" = %0", true},
    {"%0 = regex \"F\" \"a\"\nrule \"r\" = %0", false},
    {"%0 = time \"F\" hour eq 3\nrule \"r\" = %0", true},
    {"%0 = any \"F\"\n%1 = number \"G\" gte 7\nrule \"r\" = %1", true},
    {"%0 = any \"F\"\n%1 = number \"G\" lt 7\nrule \"r\" = %1", false},
    {"%0 = any \"F\"\n%1 = number \"G\" eq 7\nrule \"r\" = %1", true},
    {"%0 = fieldref \"F\" whole \"G\"\nrule \"r\" = %0", false},
    {"%0 = any \"F\"\n%1 = any \"H\"\n%2 = not %1\nrule \"r\" = %2", true},
    {"%0 = any \"F\"\n%1 = eq \"F\" \"x\"\n%2 = and %0 %1\nrule \"r\" = %2", false},
    {"%0 = any \"F\"\n%1 = eq \"F\" \"x\"\n%2 = or %0 %1\nrule \"r\" = %2", true},
    {"%0 = any \"F\"\n%1 = eq \"F\" \"x\"\n%2 = at_least 2 %0 %1\nrule \"r\" = %2", false},
    {"%0 = any \"F\"\n%1 = eq \"F\" \"x\"\n%2 = at_least 2 %0 %1 %0\nrule \"r\" = %2", true},
};

static void every_operation_answers(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *a = arena_create(T_ARENA_LIMIT);
        struct ir *ir = h_parse(a, rows[i].text);
        uint32_t slot_of[4] = {0, 1, 2, SIGMATON_NO_SLOT};
        struct sigmaton_slot leaves[2] = {h_text("Abc"), h_int(7, "7")};
        struct sigmaton_slot slots[3] = {
            {.at.leaves = leaves, .len = 2, .kind = SIGMATON_LIST}, leaves[0], leaves[1]};
        assert_true(names_count(ir->names) <= 3);
        if (names_find(ir->names, STR("H")) != UINT32_MAX)
            slot_of[names_find(ir->names, STR("H"))] = SIGMATON_NO_SLOT;
        struct ir_judge *j = ir_judge_new(a, ir, slot_of, h_regexes, H_REGEXES);
        if (h_eval(j, slots, 0) != rows[i].holds)
            print_error("%s\n", rows[i].text);
        assert_int_equal(h_eval(j, slots, 0), rows[i].holds);
        arena_destroy(a);
    }
    (void)state;
}

static void networks_reach_the_host_as_bytes(void **state)
{
    struct arena *a = t_arena(state);
    const char *v4 = "%0 = cidr \"F\" 10.0.0.0/8\nrule \"r\" = %0";
    const char *v6 = "%0 = cidr \"F\" fe80::/16\nrule \"r\" = %0";
    assert_true(judge_one(a, v4, h_text("v4"), h_kind(SIGMATON_ABSENT)));
    assert_false(judge_one(a, v4, h_text("v6"), h_kind(SIGMATON_ABSENT)));
    assert_true(judge_one(a, v6, h_text("v6"), h_kind(SIGMATON_ABSENT)));
}

static void presence_is_any_kind_but_absent(void **state)
{
    struct arena *a = t_arena(state);
    const char *text = "%0 = exists \"F\"\nrule \"r\" = %0";
    static const uint32_t kinds[] = {SIGMATON_NULL, SIGMATON_EMPTY, SIGMATON_OBJECT};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        assert_true(judge_one(a, text, h_kind(kinds[i]), h_kind(SIGMATON_ABSENT)));
    assert_false(judge_one(a, text, h_kind(SIGMATON_ABSENT), h_kind(SIGMATON_ABSENT)));
}

/* Rules: the regex, its negation, its double negation, and both at once. */
static void a_regex_at_its_limit_counts_against_the_rule_and_then_for_it(void **state)
{
    struct arena *a = t_arena(state);
    struct ir *ir = h_parse(a, "%0 = regex \"F\" \"a\"\n%1 = not %0\n%2 = not %1\n"
                               "%3 = and %0 %1\nrule \"0\" = %0\nrule \"1\" = %1\n"
                               "rule \"2\" = %2\nrule \"3\" = %3\n");
    struct ir_judge *j = h_judge(a, ir);
    struct sigmaton_slot limit[] = {h_kind(SIGMATON_ABSENT), h_text("z")};
    struct sigmaton_slot met[] = {h_kind(SIGMATON_ABSENT), h_text("a")};
    assert_int_equal(h_eval(j, limit, 0), 0);
    assert_int_equal(h_eval(j, limit, 1), 15);
    assert_int_equal(h_eval(j, met, 0), 5);
    assert_int_equal(h_eval(j, met, 1), 5);
}

static void only_candidates_are_asked(void **state)
{
    struct arena *a = t_arena(state);
    struct ir *ir = h_parse(a, "%0 = true\n");
    for (int i = 0; i < 130; i++)
        ir_add_rule(ir, NULL, STR("r"), IR_TRUE);
    static const uint64_t candidates[3] = {UINT64_C(1) << 63 | 1, 0, UINT64_MAX};
    static const uint64_t hits[3] = {UINT64_C(1) << 63 | 1, 0, 3};
    struct sigmaton_frame frame = {.judge = h_judge(a, ir)};
    for (uint32_t w = 0; w < 3; w++)
        assert_true(ir_judge_eval(&h_host, NULL, &frame, w, candidates[w]) == hits[w]);
}

static void a_regex_that_the_table_lacks_makes_no_judge(void **state)
{
    struct arena *a = t_arena(state);
    struct ir *ir = h_parse(a, "%0 = regex \"F\" \"x\"\nrule \"r\" = %0\n");
    uint32_t slot_of[2] = {0, 1};
    struct str empty = {"", 0};
    assert_null(ir_judge_new(a, ir, slot_of, h_regexes, H_REGEXES));
    assert_null(ir_judge_new(a, ir, slot_of, &empty, 1));
    ir->rules[0].root = IR_TRUE; /* dead nodes do not matter */
    assert_non_null(ir_judge_new(a, ir, slot_of, h_regexes, H_REGEXES));
}

static void equal_regexes_ask_the_first_of_their_text(void **state)
{
    struct arena *a = t_arena(state);
    struct ir *ir = h_parse(a, "%0 = regex \"F\" \"\"\nrule \"r\" = %0\n");
    uint32_t slot_of[2] = {0, 1};
    struct str regexes[] = {STR("x"), STR(""), STR("")};
    struct ir_judge *j = ir_judge_new(a, ir, slot_of, regexes, 3);
    struct sigmaton_slot slots[] = {h_kind(SIGMATON_ABSENT), h_text("b")}; /* regex 1 wants b */
    assert_int_equal(h_eval(j, slots, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(every_operation_answers),
        t_test(networks_reach_the_host_as_bytes),
        t_test(presence_is_any_kind_but_absent),
        t_test(a_regex_at_its_limit_counts_against_the_rule_and_then_for_it),
        t_test(only_candidates_are_asked),
        t_test(a_regex_that_the_table_lacks_makes_no_judge),
        t_test(equal_regexes_ask_the_first_of_their_text),
    };
    return t_run(tests);
}
