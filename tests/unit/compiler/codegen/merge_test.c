/* Packs of several modules: one object, whoever made it. */
#include "pack_t.h"

#include <stdlib.h>

#include "cg.h"

/* Functions of rules that a second module is worth. */
enum { FUNCTIONS = 24 };

/* n rules, each of its own value, every fourth also of a predicate that all of those share. */
static const struct plan *plan_of(struct arena *a, struct diag_sink *sink, unsigned n, bool probes)
{
    struct text t;
    text_init(&t, a);
    text_addz(&t, "%0 = regex \"B\" \"a+b\"\n%1 = contains \"B\" \"abcdefgh\"\n"
                  "%2 = suffix \"B\" \"\\\\powershell.exe\"\n%3 = or %0 %1 %2\n");
    for (unsigned i = 0; i < n; i++)
        text_addf(&t, "%%%u = eq \"A\" \"value %u\"\n", 4 + i, i);
    unsigned next = 4 + n;
    struct text rules;
    text_init(&rules, a);
    for (unsigned i = 0; i < n; i++) {
        if (i % 4 == 0)
            text_addf(&t, "%%%u = and %%3 %%%u\n", next, 4 + i);
        text_addf(&rules, "rule \"r%u\" = %%%u\n", i, i % 4 == 0 ? next++ : 4 + i);
    }
    text_add(&t, text_str(&rules));
    text_add(&t, (struct str){"", 1});
    return plan_make(a, sink, t_ir(a, t.p), &(struct plan_options){.probes = probes});
}

static struct codegen *codegen_of(struct arena *a, const struct plan *plan, unsigned n_threads,
                                  const char *triple)
{
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    struct codegen_options o = {.verify = true, .crew = crew_new(a, n_threads), .triple = triple};
    struct codegen *cg = codegen_create(sink, plan, &o);
    assert_non_null(cg);
    return cg;
}

static struct str object_of(struct codegen *cg)
{
    const uint8_t *p = NULL;
    size_t len = 0;
    assert_true(codegen_object(cg, &p, &len));
    return (struct str){(const char *)p, len};
}

static size_t count_modules(struct arena *a, struct codegen *cg)
{
    size_t n = 0;
    for (const char *p = codegen_llvm(cg, a).p; (p = strstr(p, "source_filename")) != NULL; p++)
        n++;
    return n;
}

static void large_packs_have_several_modules(void **state)
{
    struct arena *a = t_arena(state);
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    static const struct {
        unsigned n_rules;
        const char *triple;
        size_t n_modules;
    } rows[] = {
        {64 * FUNCTIONS, NULL, 2},
        {64 * (FUNCTIONS - 1), NULL, 1},
        {64 * FUNCTIONS, "x86_64-apple-darwin", 1}, /* no ELF */
        {64 * FUNCTIONS * 4, "riscv64-linux-gnu", 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct plan *plan = plan_of(a, sink, rows[i].n_rules, false);
        struct codegen *cg = codegen_of(a, plan, 2, rows[i].triple);
        assert_int_equal(count_modules(a, cg), rows[i].n_modules);
        assert_int_equal(codegen_predicates(cg), rows[i].n_rules);
        (void)object_of(cg); /* which nothing is undefined in */
        codegen_destroy(cg);
    }
}

static void any_crew_makes_the_same_object(void **state)
{
    struct arena *a = t_arena(state);
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    for (int probes = 0; probes <= 1; probes++) {
        const struct plan *plan = plan_of(a, sink, 64 * FUNCTIONS * 2, probes);
        struct codegen *one = codegen_of(a, plan, 1, NULL), *three = codegen_of(a, plan, 3, NULL);
        assert_true(str_eq(object_of(one), object_of(three)));
        codegen_destroy(one);
        codegen_destroy(three);
    }
}

static void cut_objects_are_refused(void **state)
{
    struct arena *a = t_arena(state);
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    struct codegen *cg = codegen_of(a, plan_of(a, sink, 3, false), 1, NULL);
    struct str whole = object_of(cg);
    for (size_t len = 0; len <= whole.len; len++) {
        const char *why = NULL;
        uint8_t *copy = malloc(len); /* aligned as LLVM's are */
        struct cg_bytes part = {copy, len}, merged;
        if (len > 0)
            memcpy(copy, whole.p, len);
        assert_int_equal(object_merge(a, &part, 1, &merged, &why), len == whole.len);
        assert_int_equal(why != NULL, len < whole.len);
        free(copy);
    }
    codegen_destroy(cg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(large_packs_have_several_modules),
        t_test(any_crew_makes_the_same_object),
        t_test(cut_objects_are_refused),
    };
    return t_run(tests);
}
