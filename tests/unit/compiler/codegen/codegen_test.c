/* The module as a whole: the image in it, equal bytes, targets, levels, and what FastISel says. */
#include "pack_t.h"

#include <llvm-c/Support.h>

static const char all_ops[] =
    "%0 = exists \"A\"\n%1 = null \"A\"\n%2 = any \"A\"\n%3 = bool \"A\" true\n"
    "%4 = number \"A\" eq 5\n%5 = number \"A\" lt 0x1.8p0\n%6 = time \"A\" hour gte 18\n"
    "%7 = eq \"A\" \"a\"\n%8 = eq \"A\" \"ab\"\n%9 = eq \"A\" \"abc\"\n%10 = eq \"A\" \"abcde\"\n"
    "%11 = eq \"A\" \"\"\n%12 = prefix \"B\" \"c:\\\\windows\\\\system32\\\\\"\n"
    "%13 = suffix \"B\" \"\\\\cmd.exe\"\n%14 = suffix cased \"B\" \"\\\\powershell.exe\"\n"
    "%15 = contains \"B\" \" -enc \"\n%16 = wildcard \"B\" \"a\\*b\\?c\"\n"
    "%17 = cidr \"C\" 10.0.0.0/8\n%18 = cidr \"C\" fe80::/10\n"
    "%19 = fieldref \"A\" whole \"B\"\n%20 = regex \"B\" \"a+b\"\n"
    "%21 = eq_set \"D\" \"a\" \"b\"\n%22 = prefix_set \"D\" \"a\" \"b\"\n"
    "%23 = suffix_set \"D\" \"a\" \"b\"\n%24 = contains_set \"D\" \"abcd\" \"bcde\"\n"
    "%25 = and %0 %1 %15 %20\n%26 = or %2 %3 %25\n%27 = not %26\n"
    "%28 = at_least 2 %4 %5 %6 %24\n%29 = true\n%30 = not %28\n"
    "rule \"a\" = %7\nrule \"b\" = %8\nrule \"c\" = %9\nrule \"d\" = %10\nrule \"e\" = %11\n"
    "rule \"f\" = %12\nrule \"g\" = %13\nrule \"h\" = %14\nrule \"i\" = %15\nrule \"j\" = %16\n"
    "rule \"k\" = %17\nrule \"l\" = %18\nrule \"m\" = %19\nrule \"n\" = %20\nrule \"o\" = %21\n"
    "rule \"p\" = %22\nrule \"q\" = %23\nrule \"r\" = %24\nrule \"s\" = %25\nrule \"t\" = %26\n"
    "rule \"u\" = %27\nrule \"v\" = %28\nrule \"w\" = %29\nrule \"x\" = %30\n";

struct made {
    struct diag_sink *sink;
    struct plan *plan;
    struct codegen *codegen;
};

static struct made make_as(struct arena *a, const char *text, struct codegen_options options,
                           bool probes)
{
    struct made m = {.sink = diag_sink_new(a, sources_new(a))};
    m.plan = plan_make(a, m.sink, t_ir(a, text), &(struct plan_options){.probes = probes});
    options.verify = true;
    m.codegen = codegen_create(m.sink, m.plan, &options);
    return m;
}

static struct made make(struct arena *a, const char *text, struct codegen_options options)
{
    return make_as(a, text, options, false);
}

static struct str object_of(struct made m)
{
    const uint8_t *bytes = NULL;
    size_t len = 0;
    bool made = m.codegen && codegen_object(m.codegen, &bytes, &len);
    for (size_t i = 0; i < diag_count(m.sink); i++)
        print_error("%.*s\n", STR_ARG(diag_get(m.sink, i)->message));
    assert_true(made);
    return (struct str){(const char *)bytes, len};
}

static void equal_rules_give_equal_bytes(void **state)
{
    struct made one = make(t_arena(state), all_ops, (struct codegen_options){0});
    struct made two = make(t_arena(state), all_ops, (struct codegen_options){0});
    assert_true(str_eq(object_of(one), object_of(two)));
    codegen_destroy(one.codegen);
    codegen_destroy(two.codegen);
}

/* But the choice of a rule, once in each function of rules. */
static void no_instruction_falls_back_from_fast_selection(void **state)
{
    for (int probes = 0; probes < 2; probes++) {
        struct made m = make_as(t_arena(state), all_ops, (struct codegen_options){0}, probes);
        object_of(m);
        assert_int_equal(codegen_fallbacks(m.codegen), 1);
        codegen_destroy(m.codegen);
    }
}

static void names_are_kept_when_asked_for_and_change_nothing(void **state)
{
    struct made plain = make(t_arena(state), all_ops, (struct codegen_options){0});
    struct made named = make(t_arena(state), all_ops, (struct codegen_options){.names = true});
    assert_null(strstr(codegen_llvm(plain.codegen, t_arena(state)).p, "rule_7:"));
    assert_non_null(strstr(codegen_llvm(named.codegen, t_arena(state)).p, "rule_7:"));
    assert_true(str_eq(object_of(plain), object_of(named)));
    codegen_destroy(plain.codegen);
    codegen_destroy(named.codegen);
}

static void code_that_asks_for_leaves_is_smaller(void **state)
{
    struct made inlined = make_as(t_arena(state), all_ops, (struct codegen_options){0}, false);
    struct made probing = make_as(t_arena(state), all_ops, (struct codegen_options){0}, true);
    size_t data = probing.plan->image_size - inlined.plan->image_size;
    assert_true(data > 0);
    assert_true(object_of(probing).len < object_of(inlined).len);
    codegen_destroy(inlined.codegen);
    codegen_destroy(probing.codegen);
}

static void the_pack_is_the_image_with_an_entry(void **state)
{
    struct t_pack *p = t_pack(t_arena(state), all_ops);
    const uint8_t *linked = (const uint8_t *)jit_pack(p->jit);
    const size_t eval = offsetof(struct sigmaton_pack, eval_off),
                 scan = offsetof(struct sigmaton_pack, scan_off);
    assert_memory_equal(linked, p->plan->image, eval);
    assert_memory_equal(linked + eval + 4, p->plan->image + eval + 4, scan - eval - 4);
    assert_memory_equal(linked + scan + 4, p->plan->image + scan + 4,
                        p->plan->image_size - scan - 4);
    assert_int_not_equal(jit_pack(p->jit)->eval_off, 0);
    assert_int_not_equal(jit_pack(p->jit)->scan_off, 0);
    assert_int_equal((uintptr_t)linked % 8, 0);
    assert_int_equal(codegen_predicates(p->codegen), p->ir->n_rules);
    t_pack_end(p);
}

static void a_pack_without_rules_is_a_pack(void **state)
{
    struct t_pack *p = t_pack(t_arena(state), "");
    t_eval(p);
    assert_int_equal(jit_pack(p->jit)->rules.len, 0);
    t_pack_end(p);
}

static void every_level_gives_a_clean_object(void **state)
{
    for (unsigned i = 0; i < 8; i++) {
        struct codegen_options options = {.opt_level = i / 2};
        struct made m = make_as(t_arena(state), all_ops, options, i % 2);
        assert_true(object_of(m).len > 0);
        codegen_destroy(m.codegen);
    }
}

static void other_targets_are_made_on_this_one(void **state)
{
    static const char *const triples[] = {"aarch64-unknown-linux-gnu", "riscv64-unknown-linux-gnu",
                                          "x86_64-pc-windows-msvc", "arm64-apple-darwin"};
    for (size_t i = 0; i < sizeof triples / sizeof triples[0]; i++) {
        struct codegen_options options = {.triple = triples[i]};
        struct made m = make_as(t_arena(state), all_ops, options, i % 2);
        assert_true(object_of(m).len > 0);
        codegen_destroy(m.codegen);
    }
}

static void targets_that_cannot_hold_a_pack_are_refused(void **state)
{
    static const char *const triples[] = {"armv7-linux-gnueabihf", "powerpc64-unknown-linux-gnu",
                                          "i686-pc-linux-gnu", "none-of-these"};
    for (size_t i = 0; i < sizeof triples / sizeof triples[0]; i++) {
        struct made m =
            make(t_arena(state), all_ops, (struct codegen_options){.triple = triples[i]});
        assert_null(m.codegen);
        assert_int_equal(diag_count(m.sink), 1);
        assert_int_equal(diag_get(m.sink, 0)->code, DIAG_codegen_failed);
    }
}

static void texts_can_be_had_before_the_object(void **state)
{
    struct made m = make(t_arena(state), all_ops, (struct codegen_options){0});
    struct made plain = make(t_arena(state), all_ops, (struct codegen_options){0});
    struct str assembly;
    assert_non_null(strstr(codegen_llvm(m.codegen, t_arena(state)).p, "@sigmaton_pack"));
    assert_true(codegen_assembly(m.codegen, t_arena(state), &assembly));
    assert_non_null(strstr(assembly.p, "sigmaton_pack"));
    assert_true(str_eq(object_of(m), object_of(plain)));
    codegen_destroy(m.codegen);
    codegen_destroy(plain.codegen);
}

static void the_host_triple_names_the_machine(void **state)
{
    (void)state;
    assert_true(str_ends(str_of(codegen_host_triple()), STR("-generic")));
    assert_ptr_equal(codegen_host_triple(), codegen_host_triple());
    codegen_destroy(NULL);
}

int main(void)
{
    static const char *const report[] = {"codegen_test", "-fast-isel-report-on-fallback"};
    LLVMParseCommandLineOptions(2, report, NULL);
    const struct CMUnitTest tests[] = {
        t_test(equal_rules_give_equal_bytes),
        t_test(no_instruction_falls_back_from_fast_selection),
        t_test(names_are_kept_when_asked_for_and_change_nothing),
        t_test(code_that_asks_for_leaves_is_smaller),
        t_test(the_pack_is_the_image_with_an_entry),
        t_test(a_pack_without_rules_is_a_pack),
        t_test(every_level_gives_a_clean_object),
        t_test(other_targets_are_made_on_this_one),
        t_test(targets_that_cannot_hold_a_pack_are_refused),
        t_test(texts_can_be_had_before_the_object),
        t_test(the_host_triple_names_the_machine),
    };
    return t_run(tests);
}
