/* Required literals: a table, and random regexes against texts that they are found in. */
#include <sigmaton/fold.h>

#include "regex_gen.h"
#include "regex_required.h"
#include "t.h"
#ifdef SIGMATON_TEST_ORACLE
#include "regex_sim.h"
#endif

static struct regex *parse(struct arena *a, struct str pattern, struct regex_flags flags)
{
    struct regex_error error;
    return regex_parse(a, pattern, flags, &error);
}

/* "text", or 'text' when case counts, with blanks between. */
static struct str shown(struct arena *a, const char *pattern)
{
    struct required r;
    struct text out;
    text_init(&out, a);
    struct regex *re = parse(a, str_of(pattern), (struct regex_flags){0});
    assert_non_null(re);
    bool any = regex_required(a, re, &r);
    assert_int_equal(any, r.n > 0);
    for (uint32_t i = 0; i < r.n; i++) {
        const char *mark = r.cased[i] ? "'" : "\"";
        text_addf(&out, "%s%s%.*s%s", i > 0 ? " " : "", mark, STR_ARG(r.texts[i]), mark);
    }
    return text_str(&out);
}

static const struct {
    const char *pattern, *want;
} rows[] = {
    {"powershell", "'powershell'"},
    {"(?i)PowerShell", "\"powershell\""},
    {"(?i)Power(?-i:Shell)", "\"powershell\""},
    {"12\\.34", "\"12.34\""},
    {"[Pp][Ww]sh", "\"pwsh\""},
    {"a.*longer", "'longer'"},
    {"longer.*b", "'longer'"},
    {"x(abc|def)y", "'xabcy' 'xdefy'"},
    {"(?:foo)?barbar", "'barbar'"},
    {"(?:foo)?", ""},
    {"ab+cdef", "'bcdef'"},
    {"xyz{2}w", "'xyzzw'"},
    {"(?:xyz){2,}", "'xyzxyz'"},
    {"(?:xyz){2,}w", "'xyzxyzw'"},
    {"x(a.*b|c.*d)y", "'by' 'dy'"},
    {"(?:query|find).*(?:user|group)s", "'users' 'groups'"},
    {"\\.(exe|dll|sys)$", "'.exe' '.dll' '.sys'"},
    {"\\d+\\.tmp", "'.tmp'"},
    {"[0-3]abc", "'0abc' '1abc' '2abc' '3abc'"},
    {".*", ""},
    {"", ""},
    {"a|", ""},
    {"a*b*", ""},
    {"[^a]+", ""},
    {"^$", ""},
    {"[^\\s\\S]", ""},
    {"\\x{e9}t\\x{e9}", "'\xc3\xa9t\xc3\xa9'"},
    {"(?i)\\x{c9}t\\x{e9}", "\"\xc3\xa9t\xc3\xa9\""},
    {"(?i)k", "\"k\""},
    {"\\x{212a}elvin", "'\xe2\x84\xaa"
                       "elvin'"},
};

static void literals_are_as_told(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        t_assert_str(shown(t_arena(state), rows[i].pattern), rows[i].want);
}

static void long_literals_are_cut_and_sets_stay_small(void **state)
{
    struct arena *a = t_arena(state);
    struct text t;
    struct required r;
    text_init(&t, a);
    for (int i = 0; i < 4000; i++)
        text_addz(&t, "ab");
    assert_true(regex_required(a, parse(a, text_str(&t), (struct regex_flags){0}), &r));
    assert_int_equal(r.n, 1);
    assert_in_range(r.texts[0].len, 8, 64);
    t.len = 0;
    for (int i = 0; i < 100; i++)
        text_addf(&t, "%sw%03d", i > 0 ? "|" : "", i);
    assert_false(regex_required(a, parse(a, text_str(&t), (struct regex_flags){0}), &r));
    assert_int_equal(r.n, 0);
    t.len = 0;
    for (int i = 0; i < REGEX_REQUIRED_MAX; i++)
        text_addf(&t, "%sw%03d", i > 0 ? "|" : "", i);
    assert_true(regex_required(a, parse(a, text_str(&t), (struct regex_flags){0}), &r));
    assert_int_equal(r.n, REGEX_REQUIRED_MAX);
}

/* Thousands of parts, each of which could be multiplied with the next. */
static void work_is_bounded(void **state)
{
    struct arena *a = t_arena(state);
    static const char *const parts[] = {"[ab]",   "(a*)",  "(ab|c)?", "a+",
                                        "(?i:k)", "((x))", "(|ab)"};
    struct required r;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        struct text t;
        text_init(&t, a);
        while (t.len < 1000)
            text_addz(&t, parts[k]);
        regex_required(a, parse(a, text_str(&t), (struct regex_flags){0}), &r);
        assert_true(arena_used(a) < (size_t)32 << 20);
    }
}

#ifdef SIGMATON_TEST_ORACLE

static bool stands_in(struct points text, struct points literal)
{
    for (size_t i = 0; i + literal.n <= text.n; i++)
        if (memcmp(text.v + i, literal.v, literal.n * sizeof *literal.v) == 0)
            return true;
    return false;
}

static bool holds_one(struct arena *a, const struct required *r, struct str text)
{
    for (uint32_t i = 0; i < r->n; i++)
        if (stands_in(points_of(a, text, !r->cased[i]), points_of(a, r->texts[i], false)))
            return true;
    return false;
}

static void check_texts(struct regex_gen *g, struct arena *a, const char *what, struct str pattern,
                        const struct regex *re, unsigned *found)
{
    struct required r;
    if (!regex_required(a, re, &r))
        return;
    struct regex_program *p = regex_program_new(a, re);
    for (int i = 0; i < 20; i++) {
        struct str text = regex_gen_text(g, a, re);
        if (!regex_sim_search(p, points_of(a, text, false)))
            continue;
        ++*found;
        if (!holds_one(a, &r, text))
            fail_msg("%s: /%.*s/ is found in \"%.*s\", which holds none of what is required", what,
                     STR_ARG(pattern), STR_ARG(text));
    }
}

static void every_text_with_a_match_holds_one(void **state)
{
    struct regex_gen g = {.state = 20261121};
    unsigned found = 0;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct arena *a = arena_create(T_ARENA_LIMIT);
        struct str pattern = regex_gen_pattern(&g, a);
        struct regex *re = parse(a, pattern, regex_gen_flags(&g));
        if (re)
            check_texts(&g, a, "random", pattern, re, &found);
        arena_destroy(a);
    }
    assert_true(found > 20000);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(literals_are_as_told),
        t_test(long_literals_are_cut_and_sets_stay_small),
        t_test(work_is_bounded),
#ifdef SIGMATON_TEST_ORACLE
        t_test(every_text_with_a_match_holds_one),
#endif
    };
    return t_run(tests);
}
