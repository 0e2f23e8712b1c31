#include "opt_harness.h"

static void passes_are_found_by_name(void **state)
{
    (void)state;
    for (unsigned pass = 0; pass < OPT_PASS__COUNT; pass++)
        assert_int_equal(opt_pass_find(str_of(opt_pass_name((enum opt_pass)pass))), pass);
    assert_int_equal(opt_pass_find(STR("unroll")), OPT_PASS__COUNT);
    assert_int_equal(opt_pass_find(STR("")), OPT_PASS__COUNT);
}

static void note(void *ctx, enum opt_pass pass, const struct ir *ir)
{
    assert_int_equal(ir->n_rules, 1);
    struct text *seen = ctx;
    text_addf(seen, "%s ", opt_pass_name(pass));
}

static void passes_run_in_order_and_can_be_left_out(void **state)
{
    struct arena *a = t_arena(state);
    struct ir *ir = h_parse(a, "%0 = any \"F\"\nrule \"r\" = %0\n");
    struct text seen;
    text_init(&seen, a);
    opt_run(ir, 0, note, &seen);
    t_assert_str(text_str(&seen), "fold flatten absorb values share ");
    seen.len = 0;
    opt_run(ir, 1u << OPT_FOLD | 1u << OPT_VALUES, note, &seen);
    t_assert_str(text_str(&seen), "flatten absorb share ");
    opt_run(ir, 0, NULL, NULL);
}

static void the_passes_together_do_what_each_does(void **state)
{
    struct arena *a = t_arena(state);
    struct ir *ir = h_parse(a, "%0 = true\n%1 = eq \"F\" \"a\"\n%2 = eq \"F\" \"b\"\n"
                               "%3 = eq \"F\" \"c\"\n%4 = any \"G\"\n%5 = or %1 %2\n%6 = or %3 %5\n"
                               "%7 = and %0 %6\n%8 = and %4 %7\n%9 = or %4 %8\n%10 = and %6 %9\n"
                               "rule \"r\" = %10\n");
    opt_run(ir, 0, NULL, NULL);
    t_assert_str(h_print(a, ir), "%0 = any \"G\"\n%1 = eq_set \"F\" \"a\" \"b\" \"c\"\n"
                                 "%2 = and %0 %1\nrule \"r\" = %2\n");
}

static void running_again_changes_nothing(void **state)
{
    struct arena *a = t_arena(state);
    struct ir *ir = h_parse(a, "%0 = contains \"F\" \"a\"\n%1 = contains \"F\" \"b\"\n"
                               "%2 = any \"x\"\n%3 = any \"y\"\n%4 = and %0 %1 %2\n"
                               "%5 = and %0 %1 %3\nrule \"r\" = %4\nrule \"s\" = %5\n");
    opt_run(ir, 0, NULL, NULL);
    struct str once = h_print(a, ir);
    opt_run(ir, 0, NULL, NULL);
    assert_true(str_eq(h_print(a, ir), once));
}

static void optimise_forty_values(struct arena *a)
{
    struct ir *ir = ir_new(a);
    uint32_t kids[40];
    for (uint32_t i = 0; i < 40; i++)
        kids[i] =
            ir_make(ir, &(struct ir_node){.op = IR_OP_EQ, .text = str_format(a, "value %u", i)});
    ir_add_rule(ir, NULL, STR("r"), ir_gate(ir, IR_OP_OR, kids, 40));
    opt_run(ir, 0, NULL, NULL);
    assert_int_equal(ir_get(ir, ir->rules[0].root)->op, IR_OP_EQ_SET);
}

/* Memory that runs out in a pass leaves by the IR's arena, and nothing is lost. */
static void running_out_of_memory_leaves_by_the_arena(void **state)
{
    (void)state;
    volatile uint32_t failed = 0, finished = 0;
    for (volatile size_t limit = 20000; limit < 100000; limit += 1024) {
        struct arena *volatile a = arena_create(limit);
        if (setjmp(*arena_on_oom(a)) == 0) {
            optimise_forty_values(a);
            finished++;
        } else {
            failed++;
        }
        arena_destroy(a);
    }
    assert_true(failed > 0 && finished > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(passes_are_found_by_name),
        t_test(passes_run_in_order_and_can_be_left_out),
        t_test(the_passes_together_do_what_each_does),
        t_test(running_again_changes_nothing),
        t_test(running_out_of_memory_leaves_by_the_arena),
    };
    return t_run(tests);
}
