#include "diag.h"
#include "t.h"

/* One message about bytes [off, off + len) of `text`, as text or JSON. */
struct message {
    const char *text;
    uint32_t off, len;
    const char *name, *help;
    bool color, json;
};

static struct str render(struct arena *a, struct message m)
{
    struct sources *sources = sources_new(a);
    struct diag_sink *sink = diag_sink_new(a, sources);
    struct span at = NO_SPAN;
    if (m.text)
        at =
            (struct span){sources_add(sources, STR("rules/enc.yml"), str_of(m.text)), m.off, m.len};
    DIAG(sink, DIAG_unknown_modifier, at, str_of(m.help), str_of(m.name));
    struct text out;
    text_init(&out, a);
    if (m.json)
        diag_render_json(sink, 0, &out);
    else
        diag_render_text(sink, 0, (struct diag_style){.color = m.color}, &out);
    return text_str(&out);
}

static void text_shows_place_line_caret_help_and_hint(void **state)
{
    struct message m = {"a:\n    CommandLine|contians: '-enc'\n",
                        19,
                        8,
                        "contians",
                        "did you mean 'contains'?",
                        false,
                        false};
    t_assert_str(render(t_arena(state), m),
                 "rules/enc.yml:2:17: error[S417]: unknown modifier 'contians'\n"
                 "    2 |     CommandLine|contians: '-enc'\n"
                 "      |                 ^~~~~~~~ did you mean 'contains'?        (`sigmaton "
                 "explain S417`)\n");
}

static void the_caret_is_clipped_to_its_line(void **state)
{
    struct message m = {"ab\ncd\n", 1, 5, "x", "", false, false};
    t_assert_str(render(t_arena(state), m), "rules/enc.yml:1:2: error[S417]: unknown modifier 'x'\n"
                                            "    1 | ab\n"
                                            "      |  ^ (`sigmaton explain S417`)\n");
}

static void tabs_and_wide_bytes_keep_the_caret_in_line(void **state)
{
    struct message m = {"\t\xC3\xA9\tF|x: 1", 6, 1, "x", "", false, false};
    t_assert_str(render(t_arena(state), m), "rules/enc.yml:1:6: error[S417]: unknown modifier 'x'\n"
                                            "    1 | \t\xC3\xA9\tF|x: 1\n"
                                            "      | \t \t  ^ (`sigmaton explain S417`)\n");
}

static void without_a_place_there_is_no_line(void **state)
{
    struct message m = {NULL, 0, 0, "x", "help", false, false};
    t_assert_str(render(t_arena(state), m), "error[S417]: unknown modifier 'x'\n"
                                            "      help        (`sigmaton explain S417`)\n");
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
    struct message m = {"a\x1B[2Jb\xC2\x9B"
                        "c\xE2\x80\xAE"
                        "d\xFF",
                        0,
                        1,
                        "x\n\x1By\tz",
                        "h\x07",
                        false,
                        false};
    struct str got = render(t_arena(state), m);
    t_assert_str(got,
                 "rules/enc.yml:1:1: error[S417]: unknown modifier 'x\xEF\xBF\xBD\xEF\xBF\xBDy z'\n"
                 "    1 | a\xEF\xBF\xBD[2Jb\xEF\xBF\xBD"
                 "c\xEF\xBF\xBD"
                 "d\xEF\xBF\xBD\n"
                 "      | ^ h\xEF\xBF\xBD        (`sigmaton explain S417`)\n");
}

static void color_is_optional_and_ends_plain(void **state)
{
    struct message m = {"ab", 0, 1, "x", "", true, false};
    struct str got = render(t_arena(state), m);
    assert_true(str_starts(got, STR("\x1b[1mrules/enc.yml:1:1: \x1b[1;31merror[S417]: ")));
    assert_true(str_ends(got, STR("^\x1b[0m (`sigmaton explain S417`)\n")));
}

static void long_lines_show_a_window_round_the_caret(void **state)
{
    char line[1001];
    memset(line, '.', 1000);
    line[1000] = '\0';
    line[500] = 'X';
    struct message m = {line, 500, 400, "x", "", false, false};
    struct str got = render(t_arena(state), m);
    size_t lf = str_find(got, '\n');
    struct str rest = str_sub(got, lf + 1, got.len);
    struct str shown = str_sub(rest, 0, str_find(rest, '\n'));
    struct str caret = str_sub(rest, shown.len + 1, rest.len);
    assert_int_equal(shown.len, 8 + 3 + 160 + 3);
    assert_int_equal(str_find(shown, 'X'), str_find(caret, '^'));
    assert_int_equal(str_find(str_sub(caret, str_find(caret, '^'), caret.len), ' '), 81);
}

static void json_has_the_keys_of_the_contract(void **state)
{
    struct message m = {"a:\n    CommandLine|contians: '-enc'\n",
                        19,
                        8,
                        "contians",
                        "did you mean 'contains'?",
                        false,
                        true};
    t_assert_str(
        render(t_arena(state), m),
        "{\"severity\":\"error\",\"code\":\"S417\",\"category\":\"unknown_modifier\","
        "\"file\":\"rules/enc.yml\",\"line\":2,\"column\":17,\"length\":8,\"rule\":null,"
        "\"message\":\"unknown modifier 'contians'\",\"help\":\"did you mean 'contains'?\"}\n");
}

static void json_without_a_place_has_nulls(void **state)
{
    struct message m = {NULL, 0, 0, "x", "", false, true};
    t_assert_str(render(t_arena(state), m),
                 "{\"severity\":\"error\",\"code\":\"S417\",\"category\":\"unknown_modifier\","
                 "\"file\":null,\"line\":null,\"column\":null,\"length\":null,\"rule\":null,"
                 "\"message\":\"unknown modifier 'x'\",\"help\":\"\"}\n");
}

static void json_gives_the_id_but_never_the_title_as_rule(void **state)
{
    struct arena *a = t_arena(state);
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    struct text out;
    text_init(&out, a);
    diag_rule(sink, STR("an id"), true);
    DIAG0(sink, DIAG_single_all, NO_SPAN, NO_HELP);
    diag_rule(sink, STR("a title"), false);
    DIAG0(sink, DIAG_single_all, NO_SPAN, NO_HELP);
    diag_render_json(sink, 0, &out);
    assert_non_null(strstr(out.p, "\"rule\":\"an id\""));
    assert_non_null(
        strstr(out.p, "{\"severity\":\"warning\",\"code\":\"S610\",\"category\":null,"));
    diag_render_json(sink, 1, &out);
    assert_non_null(strstr(out.p, "\"rule\":null"));
}

static void json_strings_are_escaped_and_well_formed(void **state)
{
    struct text out;
    text_init(&out, t_arena(state));
    text_json(&out, STR("a\"\\\n\t\r\x01\0\x7F\xC3\xA9\xFF\xED\xA0\x80"
                        "z"));
    t_assert_str(text_str(&out), "\"a\\\"\\\\\\n\\t\\r\\u0001\\u0000\x7F\xC3\xA9\xEF\xBF\xBD"
                                 "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(text_shows_place_line_caret_help_and_hint),
        t_test(the_caret_is_clipped_to_its_line),
        t_test(tabs_and_wide_bytes_keep_the_caret_in_line),
        t_test(without_a_place_there_is_no_line),
        t_test(control_characters_do_not_reach_the_terminal),
        t_test(color_is_optional_and_ends_plain),
        t_test(long_lines_show_a_window_round_the_caret),
        t_test(json_has_the_keys_of_the_contract),
        t_test(json_without_a_place_has_nulls),
        t_test(json_gives_the_id_but_never_the_title_as_rule),
        t_test(json_strings_are_escaped_and_well_formed),
    };
    return t_run(tests);
}
