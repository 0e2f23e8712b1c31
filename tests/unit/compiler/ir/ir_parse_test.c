#include "ir_harness.h"

struct refusal {
    const char *text, *message;
    uint32_t off, len;
};

static const struct refusal refusals[] = {
    {"frob", "IR: a line starts with a node like %7 or with `rule`", 0, 4},
    {"%1 = frob \"A\"", "IR: no such operation", 5, 4},
    {"%x = true", "IR: a node like %7 is wanted", 0, 1},
    {"%01 = true", "IR: a node like %7 is wanted", 0, 3},
    {"%4294967295 = true", "IR: a node like %7 is wanted", 0, 11},
    {"%1 true", "IR: `=` is wanted", 3, 1},
    {"%1 = true false", "IR: nothing more is wanted on this line", 10, 1},
    {"%1 = true\n%1 = false", "IR: numbers ascend from line to line", 10, 2},
    {"%1 = not %0", "IR: no line before this one defines the node", 9, 2},
    {"%1 = not %1", "IR: no line before this one defines the node", 9, 2},
    {"%0 = true\n%1 = not %0 %0", "IR: `not` has one child", 10, 14},
    {"%0 = true\n%1 = and %0", "IR: `and` and `or` have at least two children", 10, 11},
    {"%0 = true\n%1 = at_least %0", "IR: at_least wants a number first", 24, 1},
    {"%0 = true\n%1 = at_least 2 %0", "IR: at_least asks for none or too many", 10, 18},
    {"%0 = true\n%1 = at_least 0 %0", "IR: at_least asks for none or too many", 10, 18},
    {"%1 = any F", "IR: a text in double quotes is wanted", 9, 1},
    {"%1 = any \"F", "IR: the text does not end on its line", 9, 2},
    {"%1 = any \"F\n# c", "IR: the text does not end on its line", 9, 2},
    {"%1 = any \"F\\q\"", "IR: no such escape in a text", 9, 4},
    {"%1 = any \"F\\x4\"", "IR: no such escape in a text", 9, 4},
    {"%1 = any \"F\\", "IR: no such escape in a text", 9, 2},
    {"%1 = eq \"F\" \"\\*\"", "IR: no such escape in a text", 12, 3},
    {"%1 = eq casd \"F\" \"x\"", "IR: `cased` or the field is wanted", 8, 4},
    {"%1 = any cased \"F\"", "IR: a text in double quotes is wanted", 9, 1},
    {"%1 = eq \"F\" \"X\"", "IR: a text that ignores case is not folded", 0, 15},
    {"%1 = eq \"F\" \"\xff\"", "IR: a text is not UTF-8", 0, 15},
    {"%1 = eq_set \"F\"", "IR: a set has no texts", 0, 15},
    {"%1 = bool \"F\" yes", "IR: true or false is wanted", 14, 3},
    {"%1 = number \"F\" is 5", "IR: eq, lt, lte, gt or gte is wanted", 16, 2},
    {"%1 = number \"F\" eq five",
     "IR: a number is wanted: decimal digits, or 0x1.8p3 for a fraction", 19, 4},
    {"%1 = number \"F\" eq 18446744073709551616",
     "IR: a number is wanted: decimal digits, or 0x1.8p3 for a fraction", 19, 20},
    {"%1 = number \"F\" eq -9223372036854775809",
     "IR: a number is wanted: decimal digits, or 0x1.8p3 for a fraction", 19, 20},
    {"%1 = number \"F\" eq 0x1.8p1024",
     "IR: a number is wanted: decimal digits, or 0x1.8p3 for a fraction", 19, 10},
    {"%1 = number \"F\" eq 0x0.8p0",
     "IR: a number is wanted: decimal digits, or 0x1.8p3 for a fraction", 19, 7},
    {"%1 = number \"F\" eq 0x1.p0",
     "IR: a number is wanted: decimal digits, or 0x1.8p3 for a fraction", 19, 6},
    {"%1 = number \"F\" eq 0x", "IR: a number is wanted: decimal digits, or 0x1.8p3 for a fraction",
     19, 2},
    {"%1 = time \"F\" second eq 5", "IR: a part of a time is wanted", 14, 6},
    {"%1 = fieldref \"F\" middle \"G\"", "IR: whole, prefix, suffix or inside is wanted", 18, 6},
    {"rule \"r\" = %0", "IR: no line before this one defines the node", 11, 2},
    {"rule r = %0", "IR: a text in double quotes is wanted", 5, 1},
};

static void refusals_have_a_sentence_and_a_place(void **state)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct h_parsed p = h_parse_str(t_arena(state), str_of(refusals[i].text));
        assert_null(p.ir);
        assert_int_equal(diag_count(p.sink), 1);
        const struct diag *d = diag_get(p.sink, 0);
        t_assert_str(d->message, refusals[i].message);
        if (d->at.off != refusals[i].off || d->at.len != refusals[i].len)
            print_error("%s\n", refusals[i].text);
        assert_int_equal(d->at.off, refusals[i].off);
        assert_int_equal(d->at.len, refusals[i].len);
    }
}

static void bad_networks_are_refused(void **state)
{
    struct h_parsed p = h_parse_str(t_arena(state), STR("%1 = cidr \"F\" 10.0.0.1/8\n"));
    assert_null(p.ir);
    assert_int_equal(diag_get(p.sink, 0)->at.off, 14);
    assert_int_equal(diag_get(p.sink, 0)->at.len, 10);
}

static void a_bad_line_is_one_message(void **state)
{
    struct h_parsed p = h_parse_str(
        t_arena(state), STR("%0 = frob\n%1 = not %0\n%2 = eq \"F\" 5\nrule \"r\" = %2\n"));
    assert_null(p.ir);
    assert_int_equal(diag_count(p.sink), 2);
}

static void comments_blank_lines_and_line_ends_do_not_matter(void **state)
{
    struct arena *a = t_arena(state);
    struct ir *ir = h_parse(a, "# a comment\r\n\r\n  %0 = any \"#F\"   # another\r\n\t\n"
                               "rule \"r\"=%0");
    t_assert_str(h_print(a, ir), "%0 = any \"#F\"\nrule \"r\" = %0\n");
    assert_int_equal(h_parse(a, "")->n_rules, 0);
}

static struct str nots(struct arena *a, uint32_t n)
{
    struct text out;
    text_init(&out, a);
    text_addz(&out, "%0 = any \"F\"\n");
    for (uint32_t i = 1; i <= n; i++)
        text_addf(&out, "%%%u = not %%%u\n", i, i - 1);
    text_addf(&out, "rule \"r\" = %%%u\n", n);
    return text_str(&out);
}

static void depth_is_bounded(void **state)
{
    struct arena *a = t_arena(state);
    assert_non_null(h_parse_str(a, nots(a, IR_DEPTH_MAX)).ir);
    struct h_parsed p = h_parse_str(a, nots(a, IR_DEPTH_MAX + 1));
    assert_null(p.ir);
    t_assert_str(diag_get(p.sink, 0)->message, "IR: the rule nests deeper than 1024");
}

/* %n asks %n-1 twice: 2^(n + 1) - 1 predicates and then n more gates. */
static struct str doubling(struct arena *a, uint32_t n)
{
    struct text out;
    text_init(&out, a);
    text_addz(&out, "%0 = any \"F\"\n");
    for (uint32_t i = 1; i <= n; i++)
        text_addf(&out, "%%%u = at_least 1 %%%u %%%u\n", i, i - 1, i - 1);
    text_addf(&out, "rule \"r\" = %%%u\n", n);
    return text_str(&out);
}

static void unfolded_size_is_bounded(void **state)
{
    struct arena *a = t_arena(state);
    assert_non_null(h_parse_str(a, doubling(a, 22)).ir); /* 8,388,607 */
    struct h_parsed p = h_parse_str(a, doubling(a, 23));
    assert_null(p.ir);
    t_assert_str(diag_get(p.sink, 0)->message,
                 "IR: the rule asks more than 10000000 predicates once unshared");
    assert_null(h_parse_str(a, doubling(a, 200)).ir);
}

static const char seed_text[] =
    "%0 = any \"F\"\n%1 = number \"F\" gte -0x1.8p-3\n%2 = wildcard \"F\" \"a\\*b\\?c\\-\"\n"
    "%3 = cidr \"F\" fe80::/10\n%4 = fieldref cased \"F\" inside \"G\"\n"
    "%5 = eq_set \"F\" \"a\" \"b\"\n%6 = time \"F\" hour eq 5\n%7 = and %0 %1 %2\n"
    "%8 = at_least 2 %3 %4 %5 %7\n%9 = not %8\nrule \"a\\x00\" = %9\nrule \"b\" = %6\n";

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

/* Whatever is done to a text, it is refused with a message, or it prints and parses again. */
static void mutated_texts_never_break_the_parser(void **state)
{
    enum { ROUNDS = 20000 };
    static const char spice[] = "%=\"\\ \n0129-xp.#:/acet_\xff";
    uint64_t random = 20250802;
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct arena *a = arena_create(T_ARENA_LIMIT);
        size_t len = sizeof seed_text - 1;
        char *text = malloc(len); /* exact, so that a sanitizer sees reads behind it */
        memcpy(text, seed_text, len);
        for (uint32_t edits = 1 + next_random(&random) % 3; edits > 0; edits--) {
            size_t at = next_random(&random) % len;
            if (next_random(&random) % 4 == 0)
                len = at + 1;
            else
                text[at] = spice[next_random(&random) % (sizeof spice - 1)];
        }
        text = realloc(text, len);
        struct h_parsed p = h_parse_str(a, (struct str){text, len});
        if (p.ir) {
            assert_null(ir_verify(p.ir, a));
            struct str once = h_print(a, p.ir);
            assert_true(str_eq(h_print(a, h_parse_str(a, once).ir), once));
        } else {
            assert_true(diag_errors(p.sink) > 0);
        }
        free(text);
        arena_destroy(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(refusals_have_a_sentence_and_a_place),
        t_test(bad_networks_are_refused),
        t_test(a_bad_line_is_one_message),
        t_test(comments_blank_lines_and_line_ends_do_not_matter),
        t_test(depth_is_bounded),
        t_test(unfolded_size_is_bounded),
        t_test(mutated_texts_never_break_the_parser),
    };
    return t_run(tests);
}
