#include "diag.h"
#include "t.h"

struct fixture {
    struct sources *sources;
    struct diag_sink *sink;
    uint32_t file;
};

static struct fixture fixture(void **state)
{
    struct fixture f = {.sources = sources_new(t_arena(state))};
    f.file = sources_add(f.sources, STR("a.yml"), STR("title: x\n"));
    f.sink = diag_sink_new(t_arena(state), f.sources);
    return f;
}

static void numbers_and_names_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < DIAG__COUNT; i++)
        for (int j = 0; j < i; j++) {
            assert_int_not_equal(diag_info((enum diag_code)i)->number,
                                 diag_info((enum diag_code)j)->number);
            assert_string_not_equal(diag_info((enum diag_code)i)->name,
                                    diag_info((enum diag_code)j)->name);
        }
}

static void every_row_explains_itself(void **state)
{
    (void)state;
    for (int i = 0; i < DIAG__COUNT; i++) {
        const struct diag_info *info = diag_info((enum diag_code)i);
        assert_in_range(info->number, 100, 999);
        assert_int_not_equal(strlen(info->text), 0);
        assert_int_not_equal(strlen(info->explain), 0);
        assert_int_not_equal(strlen(info->since), 0);
    }
}

static void codes_are_found_by_their_printed_form(void **state)
{
    (void)state;
    assert_ptr_equal(diag_info_find(STR("S417")), diag_info(DIAG_unknown_modifier));
    assert_ptr_equal(diag_info_find(STR("417")), diag_info(DIAG_unknown_modifier));
    static const char *const none[] = {"",     "S",    "S4170", "SS417",
                                       "0417", "+417", "417 ",  "999999999999"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(diag_info_find(str_of(none[i])));
}

static void arguments_fill_their_places(void **state)
{
    struct fixture f = fixture(state);
    DIAG(f.sink, DIAG_modifier_type, NO_SPAN, STR("help"), STR("a"), STR("{0}"), STR("c"));
    t_assert_str(diag_get(f.sink, 0)->message, "modifier 'a' takes {0}, this is c");
    t_assert_str(diag_get(f.sink, 0)->help, "help");
}

static void a_missing_argument_leaves_its_place(void **state)
{
    struct fixture f = fixture(state);
    DIAG(f.sink, DIAG_modifier_type, NO_SPAN, NO_HELP, STR("a"));
    t_assert_str(diag_get(f.sink, 0)->message, "modifier 'a' takes {1}, this is {2}");
}

static void long_arguments_are_cut_between_characters(void **state)
{
    struct fixture f = fixture(state);
    struct text t;
    text_init(&t, t_arena(state));
    for (int i = 0; i < DIAG_ARGUMENT_MAX; i++)
        text_addz(&t, "\xC3\xA9");
    DIAG(f.sink, DIAG_unknown_modifier, NO_SPAN, NO_HELP, text_str(&t));
    text_addz(&t, "\xC3\xA9");
    DIAG(f.sink, DIAG_unknown_modifier, NO_SPAN, NO_HELP, text_str(&t));
    assert_true(str_ends(diag_get(f.sink, 0)->message, STR("\xC3\xA9'")));
    assert_true(str_ends(diag_get(f.sink, 1)->message, STR("\xC3\xA9...'")));
    assert_int_equal(diag_get(f.sink, 1)->message.len, diag_get(f.sink, 0)->message.len + 3);
}

static void help_and_arguments_are_copied(void **state)
{
    struct fixture f = fixture(state);
    char name[] = "abc", help[] = "xyz";
    DIAG(f.sink, DIAG_unknown_modifier, NO_SPAN, str_of(help), str_of(name));
    memset(name, '-', 3);
    memset(help, '-', 3);
    t_assert_str(diag_get(f.sink, 0)->message, "unknown modifier 'abc'");
    t_assert_str(diag_get(f.sink, 0)->help, "xyz");
}

static void the_rule_holds_until_it_is_cleared(void **state)
{
    struct fixture f = fixture(state);
    diag_rule(f.sink, STR("id"), true);
    DIAG0(f.sink, DIAG_missing_title, NO_SPAN, NO_HELP);
    diag_rule(f.sink, STR("a title"), false);
    DIAG0(f.sink, DIAG_missing_title, NO_SPAN, NO_HELP);
    diag_rule(f.sink, NO_HELP, true);
    DIAG0(f.sink, DIAG_missing_title, NO_SPAN, NO_HELP);
    assert_true(diag_get(f.sink, 0)->rule_has_id);
    assert_false(diag_get(f.sink, 1)->rule_has_id);
    t_assert_str(diag_get(f.sink, 1)->rule, "a title");
    assert_false(diag_get(f.sink, 2)->rule_has_id);
}

static void only_errors_count_as_errors(void **state)
{
    struct fixture f = fixture(state);
    DIAG0(f.sink, DIAG_single_all, NO_SPAN, NO_HELP);
    DIAG0(f.sink, DIAG_jit_refused, NO_SPAN, NO_HELP);
    DIAG0(f.sink, DIAG_missing_title, NO_SPAN, NO_HELP);
    assert_int_equal(diag_count(f.sink), 3);
    assert_int_equal(diag_errors(f.sink), 1);
}

static void a_file_is_capped_and_the_rest_is_counted(void **state)
{
    struct fixture f = fixture(state);
    uint32_t other = sources_add(f.sources, STR("b.yml"), STR(""));
    struct span here = {f.file, 0, 5}, there = {other, 0, 0};
    for (int i = 0; i < DIAG_PER_FILE_MAX; i++)
        DIAG0(f.sink, DIAG_missing_title, here, NO_HELP);
    assert_int_equal(diag_count(f.sink), DIAG_PER_FILE_MAX);
    DIAG0(f.sink, DIAG_missing_title, here, NO_HELP);
    DIAG0(f.sink, DIAG_missing_title, there, NO_HELP);
    DIAG0(f.sink, DIAG_missing_title, NO_SPAN, NO_HELP);
    for (int i = 0; i < 11; i++)
        DIAG0(f.sink, DIAG_single_all, here, NO_HELP);
    assert_int_equal(diag_count(f.sink), DIAG_PER_FILE_MAX + 3);
    const struct diag *note = diag_get(f.sink, DIAG_PER_FILE_MAX);
    assert_int_equal(note->code, DIAG_too_many);
    t_assert_str(note->message, "12 more messages about this file are not shown");
    assert_int_equal(diag_errors(f.sink), DIAG_PER_FILE_MAX + 3);
}

/* What sinks of parts were told, by file; of three files, the second above its cap. */
static void tell_file(struct diag_sink *sink, uint32_t file, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct span at = {file, (uint32_t)i, 1};
        diag_rule(sink, file == 1 ? STR("one") : STR("other"), true);
        DIAG(sink, DIAG_unknown_modifier, at, NO_HELP, STR("x"));
    }
}

static void joined_parts_say_what_one_sink_would_have(void **state)
{
    struct arena *a = t_arena(state);
    static const size_t first[3] = {3, 150, 0}, then[3] = {1, DIAG_PER_FILE_MAX + 7, 2};
    struct sources *sources = sources_new(a);
    for (unsigned i = 0; i < 3; i++)
        sources_add(sources, STR("f.yml"), STR("text"));
    struct diag_sink *one = diag_sink_new(a, sources), *joined = diag_sink_new(a, sources);
    for (uint32_t file = 0; file < 3; file++) {
        tell_file(one, file, first[file]);
        tell_file(joined, file, first[file]);
    }
    struct diag_sink *parts[3] = {diag_sink_part(a, joined), NULL, diag_sink_part(a, joined)};
    for (uint32_t file = 0; file < 3; file++) {
        tell_file(one, file, then[file]);
        tell_file(parts[file == 1 ? 0 : 2], file, then[file]);
    }
    diag_join(joined, parts, 3);
    assert_int_equal(diag_count(joined), diag_count(one));
    assert_int_equal(diag_errors(joined), diag_errors(one));
    for (size_t i = 0; i < diag_count(one); i++) {
        struct text want, got;
        text_init(&want, a);
        text_init(&got, a);
        diag_render_json(one, i, &want);
        diag_render_json(joined, i, &got);
        t_assert_str(text_str(&got), text_str(&want).p);
    }
}

static void parts_are_silent_about_the_same(void **state)
{
    struct fixture f = fixture(state);
    diag_silence(f.sink, DIAG_single_all);
    struct diag_sink *part = diag_sink_part(t_arena(state), f.sink);
    DIAG0(part, DIAG_single_all, NO_SPAN, NO_HELP);
    assert_int_equal(diag_count(part), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(numbers_and_names_are_unique),
        t_test(every_row_explains_itself),
        t_test(codes_are_found_by_their_printed_form),
        t_test(arguments_fill_their_places),
        t_test(a_missing_argument_leaves_its_place),
        t_test(long_arguments_are_cut_between_characters),
        t_test(help_and_arguments_are_copied),
        t_test(the_rule_holds_until_it_is_cleared),
        t_test(only_errors_count_as_errors),
        t_test(a_file_is_capped_and_the_rest_is_counted),
        t_test(joined_parts_say_what_one_sink_would_have),
        t_test(parts_are_silent_about_the_same),
    };
    return t_run(tests);
}
