#include "regex_pack.h"

#define LIMIT 100000
#define LONG_PATTERN 12000 /* characters: too many with steps counted, not without */

static const struct srt_regex_options interpreted = {.jit = false, .match_limit = LIMIT};
static const struct srt_regex_options compiled = {.jit = true, .match_limit = LIMIT};

static const char *const patterns[] = {"ab+c", "(?:^|\\n)x(?=\\n?\\z)", "^.$", "(a+)+$",
                                       "[Kk]\\x{1e9e}"};
enum { ABC, LINE, ONE, SLOW, FOLDED };

static const struct {
    const char *what;
    uint32_t regex;
    const char *text;
    uint32_t n;
    int holds;
} rows[] = {
    {"a search is not anchored", ABC, "xxabbbcxx", 9, 1},
    {"case counts", ABC, "ABC", 3, 0},
    {"the empty text", ABC, "", 0, 0},
    {"NUL is a character", ABC, "\0abc\0", 5, 1},
    {"LF ends a line", LINE, "a\nx\n", 4, 1},
    {"CR does not", LINE, "a\nx\r", 4, 0},
    {"a dot is a code point", ONE, "\U0001f600", 4, 1},
    {"a dot is no two code points", ONE, "\u00e9\u00e9", 4, 0},
    {"a dot is CR", ONE, "\r", 1, 1},
    {"a dot is not LF", ONE, "\n", 1, 0},
    {"classes say what folds", FOLDED, "xk\u1e9e", 5, 1},
    {"a malformed byte is no character", ONE, "\xff", 1, 0},
    {"text before a malformed byte", ABC, "abc\xff", 4, 1},
    {"text after a malformed byte", ABC, "\xe2\x82\x61\x62\x63", 5, 1},
    {"no match across a malformed byte", ABC, "ab\xff\x63", 4, 0},
};

static void check_rows(struct srt_regex_options options)
{
    struct regex_bench b;
    regex_bench_start(&b, patterns, COUNT(patterns), options);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct sigmaton_slot s = slot_bytes(rows[i].text, rows[i].n, SIGMATON_TEXT);
        for (uint32_t negative = 0; negative < 2; negative++)
            SAME(srt_host()->regex(&b.frame, &s, rows[i].regex, negative), rows[i].holds,
                 rows[i].what);
    }
    assert_int_equal(b.frame.limits_hit, 0);
    regex_bench_end(&b);
}

static void texts_match_as_the_table_says(void **state)
{
    (void)state;
    check_rows(interpreted);
}

static void machine_code_matches_alike(void **state)
{
    (void)state;
    check_rows(compiled);
}

static void every_scalar_is_text_and_nothing_else_is(void **state)
{
    (void)state;
    static const char *const one[] = {"^(?:15|true|0\\.5|)$"};
    struct regex_bench b;
    regex_bench_start(&b, one, 1, interpreted);
    const struct sigmaton_slot yes[] = {slot_int("15"), slot_bool(1), slot_double("0.5"),
                                        slot_text("")};
    const struct sigmaton_slot no[] = {slot_kind(SIGMATON_NULL), slot_kind(SIGMATON_ABSENT),
                                       slot_kind(SIGMATON_EMPTY), slot_kind(SIGMATON_OBJECT)};
    for (size_t i = 0; i < COUNT(yes); i++)
        SAME(srt_host()->regex(&b.frame, &yes[i], 0, 0), 1, "a scalar");
    for (size_t i = 0; i < COUNT(no); i++)
        SAME(srt_host()->regex(&b.frame, &no[i], 0, 0), 0, "no scalar");
    const struct sigmaton_slot mixed[] = {no[0], slot_text("x"), yes[0]};
    const struct sigmaton_slot list = slot_list(mixed, 3), none = slot_list(mixed, 2);
    SAME(srt_host()->regex(&b.frame, &list, 0, 0), 1, "the last leaf");
    SAME(srt_host()->regex(&b.frame, &none, 0, 0), 0, "no leaf");
    regex_bench_end(&b);
}

static struct sigmaton_slot slow_text(void)
{
    return slot_text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
}

static void a_limit_answers_against_the_rule_then_for_it(void **state)
{
    (void)state;
    const struct sigmaton_slot s = slow_text();
    static const struct {
        uint32_t assume, negative;
        int answer;
    } answers[] = {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}};
    const struct srt_regex_options both[] = {interpreted, compiled};
    for (size_t k = 0; k < COUNT(both); k++) {
        struct regex_bench b;
        regex_bench_start(&b, patterns, COUNT(patterns), both[k]);
        for (size_t i = 0; i < COUNT(answers); i++) {
            b.frame.assume = answers[i].assume;
            b.frame.limits_hit = 0;
            SAME(srt_host()->regex(&b.frame, &s, SLOW, answers[i].negative), answers[i].answer,
                 "a limit");
            assert_int_equal(b.frame.limits_hit, 1);
        }
        assert_int_equal(srt_regex_limits(b.scratch, SLOW), COUNT(answers));
        assert_int_equal(srt_regex_limits(b.scratch, ABC), 0);
        assert_int_equal(srt_regex_limits(b.scratch, 99), 0);
        regex_bench_end(&b);
    }
}

static void the_limit_has_two_sides(void **state)
{
    (void)state;
    static const char *const counted[] = {"^(?:a|b){3}c"};
    const struct sigmaton_slot s = slot_text("aaac");
    uint32_t least = 1;
    for (;; least++) {
        struct regex_bench b;
        regex_bench_start(&b, counted, 1, (struct srt_regex_options){false, least});
        const int32_t answer = srt_host()->regex(&b.frame, &s, 0, 0);
        const uint64_t hit = b.frame.limits_hit;
        regex_bench_end(&b);
        assert_int_equal(hit, answer == 0);
        if (answer)
            break;
        assert_true(least < 100);
    }
    assert_true(least > 1);
}

static void a_leaf_that_matches_settles_what_a_limit_left_open(void **state)
{
    (void)state;
    struct regex_bench b;
    regex_bench_start(&b, patterns, COUNT(patterns), interpreted);
    const struct sigmaton_slot leaves[] = {slow_text(), slot_text("aaa")};
    const struct sigmaton_slot list = slot_list(leaves, 2), swapped[] = {leaves[1], leaves[0]};
    const struct sigmaton_slot other = slot_list(swapped, 2);
    SAME(srt_host()->regex(&b.frame, &list, SLOW, 0), 1, "limit, then match");
    SAME(srt_host()->regex(&b.frame, &other, SLOW, 0), 1, "match first");
    assert_int_equal(b.frame.limits_hit, 0);
    const struct sigmaton_slot no_match[] = {leaves[0], slot_text("b")};
    const struct sigmaton_slot open = slot_list(no_match, 2);
    SAME(srt_host()->regex(&b.frame, &open, SLOW, 1), 1, "limit, then no match");
    assert_int_equal(b.frame.limits_hit, 1);
    regex_bench_end(&b);
}

/* Each try stays below the match limit; all of them together do not stay below the budget. */
static void the_steps_of_all_tries_are_counted(void **state)
{
    (void)state;
    static char text[13 * 1000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 13 == 12 ? '!' : 'a';
    const struct srt_regex_options both[] = {interpreted, compiled};
    for (size_t k = 0; k < COUNT(both); k++) {
        struct regex_bench b;
        regex_bench_start(&b, patterns, COUNT(patterns), both[k]);
        const struct sigmaton_slot one = slot_bytes(text, 13, SIGMATON_TEXT);
        const struct sigmaton_slot all = slot_bytes(text, sizeof text, SIGMATON_TEXT);
        SAME(srt_host()->regex(&b.frame, &one, SLOW, 0), 0, "one block");
        assert_int_equal(b.frame.limits_hit, 0);
        SAME(srt_host()->regex(&b.frame, &all, SLOW, 0), 0, "a thousand blocks");
        assert_int_equal(b.frame.limits_hit, 1);
        regex_bench_end(&b);
    }
}

static void the_steps_of_all_leaves_are_counted(void **state)
{
    (void)state;
    struct regex_bench b;
    regex_bench_start(&b, patterns, COUNT(patterns), interpreted);
    struct sigmaton_slot leaves[1001];
    for (size_t i = 0; i < COUNT(leaves) - 1; i++)
        leaves[i] = slot_text("aaaaaaaaaaaa!");
    leaves[COUNT(leaves) - 1] = slot_text("aaa");
    const struct sigmaton_slot list = slot_list(leaves, COUNT(leaves));
    const struct sigmaton_slot end = slot_list(leaves + COUNT(leaves) - 9, 9);
    SAME(srt_host()->regex(&b.frame, &end, SLOW, 0), 1, "the last leaves");
    assert_int_equal(b.frame.limits_hit, 0);
    SAME(srt_host()->regex(&b.frame, &list, SLOW, 0), 0, "the budget ends before the match");
    assert_int_equal(b.frame.limits_hit, 1);
    regex_bench_end(&b);
}

static void a_run_over_a_megabyte_ends(void **state)
{
    (void)state;
    static const char *const wide[] = {"[a-z]+[0-9]", "[a-z]+!"};
    const uint32_t n = 1u << 20;
    char *text = malloc(n);
    memset(text, 'a', n);
    text[n - 1] = '!';
    const struct srt_regex_options both[] = {interpreted, compiled};
    for (size_t k = 0; k < COUNT(both); k++) {
        struct regex_bench b;
        regex_bench_start(&b, wide, COUNT(wide), both[k]);
        const struct sigmaton_slot s = slot_bytes(text, n, SIGMATON_TEXT);
        SAME(srt_host()->regex(&b.frame, &s, 1, 0), 1, "one try over all of it");
        assert_int_equal(b.frame.limits_hit, 0);
        SAME(srt_host()->regex(&b.frame, &s, 0, 0), 0, "a try at every letter");
        assert_int_equal(b.frame.limits_hit, 1);
        regex_bench_end(&b);
    }
    free(text);
}

static void a_pattern_too_long_to_count_is_still_run(void **state)
{
    (void)state;
    static char pattern[LONG_PATTERN + 1];
    const char *const one[] = {pattern};
    struct regex_bench b;
    memset(pattern, 'a', LONG_PATTERN);
    regex_bench_start(&b, one, 1, interpreted);
    const struct sigmaton_slot s = slot_text(pattern), no = slot_text("aaa");
    SAME(srt_host()->regex(&b.frame, &s, 0, 0), 1, "itself");
    SAME(srt_host()->regex(&b.frame, &no, 0, 0), 0, "too short");
    regex_bench_end(&b);
}

static void what_cannot_be_asked_has_no_answer(void **state)
{
    (void)state;
    struct regex_bench b;
    regex_bench_start(&b, patterns, COUNT(patterns), interpreted);
    const struct sigmaton_slot s = slot_text("abc");
    SAME(srt_host()->regex(&b.frame, &s, COUNT(patterns), 0), 0, "no such regex");
    SAME(srt_host()->regex(&b.frame, &s, COUNT(patterns), 1), 1, "no such regex, negative");
    b.frame.runtime = NULL;
    SAME(srt_host()->regex(&b.frame, &s, ABC, 0), 0, "no runtime");
    b.frame.runtime = &(struct srt_runtime){.regex = NULL};
    SAME(srt_host()->regex(&b.frame, &s, ABC, 0), 0, "no scratch");
    assert_int_equal(b.frame.limits_hit, 4);
    regex_bench_end(&b);
}

static void answers_are_remembered_within_an_event_only(void **state)
{
    (void)state;
    struct regex_bench b;
    regex_bench_start(&b, patterns, COUNT(patterns), interpreted);
    struct sigmaton_slot s = slow_text(), other = slot_text("aaa");
    b.runtime.event = 1;
    for (b.frame.assume = 0; b.frame.assume < 2; b.frame.assume++)
        SAME(srt_host()->regex(&b.frame, &s, SLOW, 0), (int)b.frame.assume, "two passes");
    assert_int_equal(srt_regex_limits(b.scratch, SLOW), 1);
    assert_int_equal(b.frame.limits_hit, 2);
    b.frame.assume = 0;
    SAME(srt_host()->regex(&b.frame, &other, SLOW, 0), 1, "another slot");
    s = other; /* the next event in the same slot */
    SAME(srt_host()->regex(&b.frame, &s, SLOW, 0), 1, "asked last about the other slot");
    s = slot_text("b");
    SAME(srt_host()->regex(&b.frame, &s, SLOW, 0), 1, "the answer of this event");
    b.runtime.event = 2;
    SAME(srt_host()->regex(&b.frame, &s, SLOW, 0), 0, "the next event");
    b.runtime.event = 0;
    s = slot_text("a");
    SAME(srt_host()->regex(&b.frame, &s, SLOW, 0), 1, "nothing is remembered");
    s = slot_text("b");
    SAME(srt_host()->regex(&b.frame, &s, SLOW, 0), 0, "nothing is remembered");
    regex_bench_end(&b);
}

/* Frames pile up with each turn of the group, until the match limit ends the run. */
static void memory_for_frames_lasts_as_long_as_the_match_limit(void **state)
{
    (void)state;
    static const char *const piling[] = {"^(?:a|b)*c"};
    const uint32_t n = 30000;
    char *text = malloc(n + 1);
    memset(text, 'a', n);
    text[n] = 'c';
    struct regex_bench b;
    regex_bench_start(&b, piling, 1, interpreted);
    const struct sigmaton_slot s = slot_bytes(text, n + 1, SIGMATON_TEXT);
    SAME(srt_host()->regex(&b.frame, &s, 0, 0), 1, "30,000 turns");
    assert_int_equal(b.frame.limits_hit, 0);
    SAME(srt_host()->regex(&b.frame, &s, 0, 0), 1, "again, with the memory grown");
    regex_bench_end(&b);
    free(text);
}

static void a_pattern_that_does_not_compile_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *what;
    } bad[] = {{"a(b", "an open group"}, {"\\C", "a byte"}, {"\xff", "malformed UTF-8"}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        const char *const two[] = {"ok", bad[i].pattern};
        struct regex_pack p;
        struct srt_regex_failure failure;
        regex_pack_fill(&p, two, 2);
        assert_null(srt_regexes_create(&p.pack, &interpreted, &failure));
        SAME(failure.no_memory, 0, bad[i].what);
        SAME((int)failure.index, 1, bad[i].what);
        SAME(failure.message[0] != '\0', 1, bad[i].what);
    }
}

static void groups_may_nest_up_to_the_bound(void **state)
{
    (void)state;
    for (uint32_t n = SRT_REGEX_NEST_MAX; n <= SRT_REGEX_NEST_MAX + 1; n++) {
        static char pattern[3 * SRT_REGEX_NEST_MAX + 8];
        const char *const one[] = {pattern};
        struct regex_pack p;
        struct srt_regex_failure failure;
        pattern[0] = '\0';
        for (uint32_t i = 0; i < n; i++)
            strcat(pattern, "(");
        for (uint32_t i = 0; i < n; i++)
            strcat(pattern, ")");
        regex_pack_fill(&p, one, 1);
        struct srt_regexes *regexes = srt_regexes_create(&p.pack, &interpreted, &failure);
        assert_int_equal(regexes != NULL, n == SRT_REGEX_NEST_MAX);
        srt_regexes_destroy(regexes);
    }
}

static void a_pack_without_regexes_has_none(void **state)
{
    (void)state;
    struct regex_bench b;
    regex_bench_start(&b, NULL, 0, interpreted);
    assert_int_equal(srt_regexes_count(b.regexes), 0);
    assert_true(srt_regex_scratch_size(b.regexes) > 0);
    regex_bench_end(&b);
    srt_regexes_destroy(NULL);
    srt_regex_scratch_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_match_as_the_table_says),
        cmocka_unit_test(machine_code_matches_alike),
        cmocka_unit_test(every_scalar_is_text_and_nothing_else_is),
        cmocka_unit_test(a_limit_answers_against_the_rule_then_for_it),
        cmocka_unit_test(the_limit_has_two_sides),
        cmocka_unit_test(a_leaf_that_matches_settles_what_a_limit_left_open),
        cmocka_unit_test(the_steps_of_all_tries_are_counted),
        cmocka_unit_test(the_steps_of_all_leaves_are_counted),
        cmocka_unit_test(a_pattern_too_long_to_count_is_still_run),
        cmocka_unit_test(a_run_over_a_megabyte_ends),
        cmocka_unit_test(what_cannot_be_asked_has_no_answer),
        cmocka_unit_test(answers_are_remembered_within_an_event_only),
        cmocka_unit_test(memory_for_frames_lasts_as_long_as_the_match_limit),
        cmocka_unit_test(a_pattern_that_does_not_compile_is_told),
        cmocka_unit_test(groups_may_nest_up_to_the_bound),
        cmocka_unit_test(a_pack_without_regexes_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
