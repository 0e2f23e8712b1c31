/* The bound on PCRE2's code: never below what PCRE2 makes, so that what fits compiles. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "ir.h"
#include "regex.h"
#include "t.h"

static struct regex *parse(struct arena *a, const char *pattern, bool icase)
{
    struct regex_error error = {0};
    struct regex *re =
        regex_parse(a, str_of(pattern), (struct regex_flags){.icase = icase}, &error);
    if (!re)
        fail_msg("%s: %s", pattern, error.what);
    return re;
}

static bool pcre2_takes(struct str normal)
{
    int code;
    size_t off;
    pcre2_code *re = pcre2_compile((PCRE2_SPTR)normal.p, normal.len, PCRE2_UTF | PCRE2_AUTO_CALLOUT,
                                   &code, &off, NULL);
    pcre2_code_free(re);
    return re != NULL;
}

static void counted_groups_above_the_bound_do_not_fit(void **state)
{
    static const struct {
        const char *pattern;
        bool fits;
    } rows[] = {
        {"(?:ab){10}", true},
        {"a{1000}", true},
        {"(?:(?:ab){100}){100}", false},
        {"(?:(?:[a-z]x){50}){40}", false},
        {"(?:[a-z]x){400}", true},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(ir_regex_fits(a, parse(a, rows[i].pattern, false)), rows[i].fits);
}

static void the_shortest_match_is_counted(void **state)
{
    static const struct {
        const char *pattern;
        uint32_t least;
    } rows[] = {
        {"", 0},
        {"abc", 3},
        {"[a-f]{64}\\s[a-f]{16}", 81},
        {"a|bc|", 0},
        {"abcd|bc", 2},
        {"(?:ab){2,5}c*d?e+", 5},
        {"^\\b.$", 1},
        {"\xc3\xa4", 1}, /* some characters fold to one of a byte */
        {"(?:a{1000}){60}", 60000},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(ir_regex_least(parse(a, rows[i].pattern, false)), rows[i].least);
    struct regex one = {.kind = REGEX_CHAR, .c = 'a'}, *child = &one;
    struct regex most = {.kind = REGEX_REPEAT, .children = &child, .n_children = 1};
    most.min = IR_REGEX_LEAST_MAX - 1;
    assert_int_equal(ir_regex_least(&most), IR_REGEX_LEAST_MAX - 1);
    most.min = IR_REGEX_LEAST_MAX + 1;
    assert_int_equal(ir_regex_least(&most), IR_REGEX_LEAST_MAX);
}

static void what_fits_compiles(void **state)
{
    static const char *const units[] = {
        "a",        "[a-z]", "[^a]", "\\w",    "ab|cd",
        "(?:a|b)*", "\\bx",  ".",    "x{2,9}", "[\xc3\xa4-\xc3\xbc]",
        "$",        "k[s-t]"};
    unsigned taken = 0, refused = 0;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        for (unsigned n = 50; n <= 1000; n += 50) {
            struct arena *a = arena_create(T_ARENA_LIMIT);
            struct str pattern = str_format(a, "(?:(?:%s){1,3}){%u}", units[u], n);
            struct regex_error error = {0};
            struct regex *re =
                regex_parse(a, pattern, (struct regex_flags){.icase = n % 100 == 0}, &error);
            if (re && ir_regex_fits(a, re)) {
                assert_true(pcre2_takes(ir_regex_normal(a, re)));
                taken++;
            } else {
                refused++;
            }
            arena_destroy(a);
        }
    }
    assert_true(taken > 20 && refused > 20);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(counted_groups_above_the_bound_do_not_fit),
        t_test(the_shortest_match_is_counted),
        t_test(what_fits_compiles),
    };
    return t_run(tests);
}
