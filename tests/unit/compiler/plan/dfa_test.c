/* Automata: what they find, what stands in them, and each bound on both sides. */
#include <sigmaton/pack.h>

#include "dfa.h"
#include "dfa_build.h"
#include "ir.h"
#include "plan.h"
#include "regex.h"
#include "t.h"

static const struct regex *parse(struct arena *a, struct str pattern, struct regex_flags flags)
{
    struct regex_error error = {0};
    const struct regex *re = regex_parse(a, pattern, flags, &error);
    if (!re)
        fail_msg("%.*s: %s", STR_ARG(pattern), error.what);
    return re;
}

static const struct sigmaton_dfa *head_of(const struct dfa *d)
{
    return (const struct sigmaton_dfa *)(const void *)d->blob;
}

static struct dfa build(struct arena *a, const char *pattern, struct regex_flags flags)
{
    struct dfa d = dfa_build(a, parse(a, str_of(pattern), flags), NULL);
    if (d.why)
        fail_msg("/%s/: %s", pattern, d.why);
    assert_null(srt_dfa_check(head_of(&d), d.size));
    return d;
}

struct row {
    const char *pattern, *flags;
    struct str yes[6], no[6];
};

#define T(literal)                     \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

static const struct row rows[] = {
    {"", "", {T(""), T("x"), T("\xff"), T("\x80")}, {{0}}},
    {"abc",
     "",
     {T("abc"), T("xababcx")},
     {T(""), T("ab"), T("ABC"),
      T("ab\xff"
        "c")}},
    {"a.c",
     "",
     {T("abc"),
      T("a\r"
        "c"),
      T("a\u20acc")},
     {T("a\nc"), T("ac"),
      T("a\xff"
        "c")}},
    {"a.c",
     "s",
     {T("a\nc")},
     {T("a\xe2\x82"
        "c")}},
    {"[^a]", "", {T("b"), T("\n"), T("\u00e9"), T("\0")}, {T("a"), T(""), T("\xff"), T("\xc3")}},
    {"(?i)stra\u00dfe",
     "",
     {T("STRA\u1e9eE"), T("stra\u00dfe")},
     {T("strasse"), T("\u017ftra\u00dfe")}},
    {"^a",
     "",
     {T("a"), T("ab")},
     {T("ba"), T("\na"),
      T("\x80"
        "a"),
      T("\xff"
        "a")}},
    {"^a",
     "m",
     {T("a"), T("b\na")},
     {T("ba"),
      T("b\r"
        "a"),
      T("\n\xff"
        "a")}},
    {"^", "m", {T(""), T("\n"), T("\xff")}, {T("\x80\n")}},
    {"b^", "m", {{0}}, {T("b\n"), T("b")}},
    {"\\n^", "m", {T("\nx"), T("\n\n")}, {T("\n"), T("x\n")}},
    {"a$",
     "",
     {T("a"), T("a\n"), T("ba\n"),
      T("a\xff"
        "b")},
     {T("a\n\n"), T("ab"), T("a\nb")}},
    {"a$", "m", {T("a"), T("a\nb"), T("a\n\n")}, {T("ab"), T("a\r\n")}},
    {"a\\z", "", {T("a"), T("ba")}, {T("a\n"), T("ab")}},
    {"a\\Z\\n", "", {T("a\n")}, {T("a"), T("a\n\n"), T("a\nb")}},
    {"a\\Z(\\n|b)", "", {T("a\n")}, {T("ab"), T("a\nb"), T("a\n\n")}},
    {"a$^b", "m", {{0}}, {T("a\nb"), T("ab")}},
    {"a$\\n^b", "m", {T("a\nb")}, {T("ab"), T("a\n")}},
    {"\\bab\\b",
     "",
     {T("ab"), T("-ab-"), T("\u00e9ab\u00e9"), T("ab\xff")},
     {T("xab"), T("ab_"), T("ab1")}},
    {"\\Ba",
     "",
     {T("xa"), T("_a")},
     {T("a"), T("-a"),
      T("\xff"
        "a")}},
    {"\\B",
     "",
     {T(""), T("-"), T("xx"), T("\xff"), T("a\xff\u20ac")},
     {T("a"),
      T("a\xff\xff"
        "b"),
      T("a\xff")}},
    {"\\b",
     "",
     {T("a"), T("-a"),
      T("\xff"
        "a")},
     {T(""), T("-"), T("\u00e9"), T("\xff")}},
    {"a{3}", "", {T("aaa"), T("aabaaa")}, {T("aa"), T("aabaab")}},
    {"^a{2,3}$", "", {T("aa"), T("aaa\n")}, {T("a"), T("aaaa")}},
    {"^(ab?){2,3}$", "", {T("aa"), T("abab"), T("ababa")}, {T("a"), T("abb"), T("aaaa")}},
    {"^x{2,}y", "", {T("xxy"), T("xxxxy")}, {T("xy"), T("y")}},
    {"(a|ab)(c|bcd)(d*)$", "", {T("abcd"), T("abc")}, {T("abd")}},
    {"(a*)*$", "", {T(""), T("b"), T("aaab")}, {{0}}},
    {"[\\x{10000}-\\x{10ffff}]",
     "",
     {T("\U00010000"), T("\U0010ffff")},
     {T("\uffff"), T("\xf4\x90\x80\x80")}},
    {"[^\\s\\S]", "", {{0}}, {T(""), T("x"), T("\xff")}},
};

static void texts_are_found_as_the_table_says(void **state)
{
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        struct regex_flags flags = {strchr(r->flags, 'i') != NULL, strchr(r->flags, 'm') != NULL,
                                    strchr(r->flags, 's') != NULL};
        struct dfa d = build(a, r->pattern, flags);
        for (size_t k = 0; k < 6 && r->yes[k].p; k++)
            if (!srt_dfa_find_by(srt_seek_at(srt_simd_choose()), head_of(&d),
                                 (const uint8_t *)r->yes[k].p, (uint32_t)r->yes[k].len))
                fail_msg("/%s/ misses text %zu", r->pattern, k);
        for (size_t k = 0; k < 6 && r->no[k].p; k++)
            if (srt_dfa_find_by(srt_seek_at(srt_simd_choose()), head_of(&d),
                                (const uint8_t *)r->no[k].p, (uint32_t)r->no[k].len))
                fail_msg("/%s/ finds text %zu", r->pattern, k);
    }
}

static void automata_are_small(void **state)
{
    static const struct {
        const char *pattern;
        uint32_t states, classes;
    } sizes[] = {
        {"", 2, 1},          /* dead, found */
        {"a", 3, 3},         /* one more */
        {"[^\\s\\S]", 2, 1}, /* nothing is ever found */
        {".*a.*b", 4, 5},    /* what comes before a star that takes it as well is dropped */
        {"^abc", 5, 4},      /* behind the start all else is dead */
        {"a{1,50}b", 4, 4},  /* more than one a is as good as one, until the last */
        {".{30}", 32, 3},    {"(?i)k", 3, 3},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct dfa d = build(a, sizes[i].pattern, (struct regex_flags){0});
        if (d.n_states != sizes[i].states || d.n_classes != sizes[i].classes)
            fail_msg("/%s/: %u states, %u classes", sizes[i].pattern, d.n_states, d.n_classes);
    }
}

static void equal_calls_give_equal_bytes(void **state)
{
    struct arena *a = t_arena(state);
    struct dfa x = build(a, "(?i)(cmd|power).{3,9}\\bx\\d+$", (struct regex_flags){0});
    struct dfa y = build(a, "(?i)(cmd|power).{3,9}\\bx\\d+$", (struct regex_flags){0});
    assert_int_equal(x.size, y.size);
    assert_memory_equal(x.blob, y.blob, x.size);
}

/* The least bound under which the regex still has an automaton, found by halving. */
static uint32_t least(struct arena *a, const struct regex *re, uint32_t *field,
                      const struct dfa_bounds *bounds, const char **ret_why)
{
    uint32_t lo = 0, hi = *field;
    assert_null(dfa_build(a, re, bounds).why);
    while (lo + 1 < hi) {
        *field = lo + (hi - lo) / 2;
        struct dfa d = dfa_build(a, re, bounds);
        if (d.why)
            *ret_why = d.why;
        *(d.why ? &lo : &hi) = *field;
    }
    return hi;
}

static void bounds_have_two_sides(void **state)
{
    struct arena *a = t_arena(state);
    const struct dfa_bounds all = {DFA_STATES_MAX, DFA_BYTES_MAX, DFA_STEPS_MAX, 0};
    struct dfa_bounds b = all;
    const struct regex *re = parse(a, STR("a.{20}b"), (struct regex_flags){0});
    const struct regex *small = parse(a, STR("a.{5}b"), (struct regex_flags){0});
    assert_non_null(dfa_build(a, re, &b).why); /* two to the power of twenty */
    assert_null(dfa_build(a, small, NULL).why);
    struct dfa built = dfa_build(a, small, NULL);
    const char *why = "";
    assert_in_range(least(a, small, &b.states, &b, &why), built.n_states, built.n_states + 1);
    assert_string_equal(why, "too many states");
    b = all;
    assert_in_range(least(a, small, &b.bytes, &b, &why), built.size - 8, 2 * built.size);
    assert_string_equal(why, "too many bytes");
    b = all;
    assert_int_equal(least(a, small, &b.steps, &b, &why), built.steps);
    assert_string_equal(why, "too many steps to build");
}

static void refused(struct arena *a, struct str pattern, const char *why)
{
    struct dfa d = dfa_build(a, parse(a, pattern, (struct regex_flags){0}), NULL);
    if (!d.why || strcmp(d.why, why) != 0)
        fail_msg("%.*s: %s, %u states", STR_ARG(pattern), d.why ? d.why : "built", d.n_states);
}

static void the_constants_are_the_bounds(void **state)
{
    struct arena *a = t_arena(state);
    struct text many;
    assert_int_equal(build(a, ".{1000}", (struct regex_flags){0}).n_states, 1002);
    /* one more state than what is left of them: that of the failed, which then is dead */
    assert_int_equal(build(a, "^a{1000}a{533}", (struct regex_flags){0}).n_states,
                     DFA_STATES_MAX - 1);
    refused(a, STR("^a{1000}a{534}"), "too many states");
    refused(a, STR("((a{60}){60}){2}"), "too many repeats");
    refused(a, STR("xabcdefghijklmn.{100}y.{20,90}z"), "too many bytes");
    text_init(&many, a);
    for (uint32_t i = 0; i < 247; i++)
        text_addf(&many, "|\\x{%x}", 0x4e00 + i);
    build(a, many.p, (struct regex_flags){0});
    text_addz(&many, "|\\x{3000}");
    refused(a, text_str(&many), "too many classes of characters");
}

/* A pack of the regexes `format` with numbers from `from` on, and then the regex `last`. */
static const struct plan *crew_pack_of(struct arena *a, unsigned n_threads, const char *format,
                                       uint32_t from, uint32_t n, const char *last)
{
    struct ir *ir = ir_new(a);
    for (uint32_t i = 0; i <= n; i++) {
        struct text pattern;
        text_init(&pattern, a);
        text_addz(&pattern, i < n ? format : last);
        if (i < n)
            text_addf(&pattern, "{%u}", from + i);
        struct ir_node node = {.op = IR_OP_REGEX, .field = names_intern(ir->names, STR("F"))};
        node.regex = parse(a, text_str(&pattern), (struct regex_flags){0});
        node.text = ir_regex_normal(a, node.regex);
        ir_add_rule(ir, NULL, STR("r"), ir_make(ir, &node));
    }
    struct plan_options options = {.crew = crew_new(a, n_threads)};
    return plan_make(a, diag_sink_new(a, sources_new(a)), ir, &options);
}

static const struct plan *pack_of(struct arena *a, const char *format, uint32_t from, uint32_t n,
                                  const char *last)
{
    return crew_pack_of(a, 1, format, from, n, last);
}

static void the_bytes_of_a_pack_have_two_sides(void **state)
{
    const struct plan *p = pack_of(t_arena(state), "^a{1000}b", 100, 180, "x");
    uint32_t bytes = 0, i = 0;
    for (; !p->dfas[i].why; i++)
        bytes += p->dfas[i].size;
    assert_in_range(bytes, DFA_PACK_BYTES_MAX - 20000, DFA_PACK_BYTES_MAX);
    assert_string_equal(p->dfas[i].why, "too many bytes");
    assert_null(p->dfas[180].why); /* what is small still fits */
}

static void the_steps_of_a_pack_have_two_sides(void **state)
{
    uint32_t n = DFA_PACK_STEPS_MAX / DFA_STEPS_MAX;
    assert_null(pack_of(t_arena(state), "^a{1000}b", 500, n - 1, "x")->dfas[n - 1].why);
    assert_string_equal(pack_of(t_arena(state), "^a{1000}b", 500, n, "x")->dfas[n].why,
                        "too many steps to build");
}

static void a_crew_builds_the_same_pack(void **state)
{
    struct arena *a = t_arena(state);
    static const uint32_t counts[] = {0, 3, 180, DFA_PACK_STEPS_MAX / DFA_STEPS_MAX + 3};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const struct plan *one = pack_of(a, "^a{1000}b", 100, counts[i], "x");
        const struct plan *three = crew_pack_of(a, 3, "^a{1000}b", 100, counts[i], "x");
        assert_int_equal(three->image_size, one->image_size);
        assert_memory_equal(three->image, one->image, one->image_size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(texts_are_found_as_the_table_says),  t_test(automata_are_small),
        t_test(equal_calls_give_equal_bytes),       t_test(bounds_have_two_sides),
        t_test(the_constants_are_the_bounds),       t_test(the_bytes_of_a_pack_have_two_sides),
        t_test(the_steps_of_a_pack_have_two_sides), t_test(a_crew_builds_the_same_pack),
    };
    return t_run(tests);
}
