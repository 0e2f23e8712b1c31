#include "read.h"

static struct str printed(struct arena *a, const struct node *root)
{
    struct text t;
    text_init(&t, a);
    tree_print(&t, root);
    return text_str(&t);
}

static void a_tree_prints_its_shape_and_kinds(void **state)
{
    const struct node *root = read_one(t_arena(state), STR("title: \"a\\tb\"\n"
                                                           "list:\n"
                                                           "- 1\n"
                                                           "- [x, null]\n"
                                                           "- {k: 1.50}\n"
                                                           "5: true\n"
                                                           "big: 18446744073709551615\n"
                                                           "empty: {}\n"));
    t_assert_str(printed(t_arena(state), root), "map\n"
                                                "  \"title\": string \"a\\tb\"\n"
                                                "  \"list\": list\n"
                                                "    - int 1\n"
                                                "    - list\n"
                                                "      - string \"x\"\n"
                                                "      - null\n"
                                                "    - map\n"
                                                "      \"k\": float 1.50\n"
                                                "  int 5: bool true\n"
                                                "  \"big\": uint 18446744073709551615\n"
                                                "  \"empty\": map\n");
    t_assert_str(printed(t_arena(state), NULL), "faulty\n");
}

static void keys_are_found_by_text(void **state)
{
    const struct node *root = read_one(t_arena(state), STR("a: 1\nb: 2\n5: 3\n"));
    assert_int_equal(node_find(root, "b")->integer, 2);
    t_assert_str(node_find_pair(root, "a")->key->text, "a");
    assert_null(node_find(root, "c"));
    assert_null(node_find(root, "5")); /* a number is no string key */
    assert_null(node_find(node_find(root, "a"), "a"));
    assert_null(node_find(NULL, "a"));
}

/* The source text of a node. */
static struct str shown(struct str text, const struct node *n)
{
    return str_sub(text, n->at.off, n->at.len);
}

static void spans_are_bytes_of_the_source(void **state)
{
    struct str text = STR("# \xE2\x82\xAC\n"
                          "t\xC3\xAFtle: '\xF0\x9F\x98\x80 x'\n"
                          "map:   # \xC3\xA9\n"
                          "  k: [\xC3\xA9, b]   \n"
                          "  l: |\n"
                          "    text\n"
                          "    more\n"
                          "\n"
                          "# \xC3\xA9\n"
                          "none:\n"
                          "list:\n"
                          "- \xC3\xBC: x\n"
                          "  v: plain text  # \xC3\xA9\n"
                          "last: \"\\u00e9\"\n");
    const struct node *root = read_one(t_arena(state), text);
    t_assert_str(shown(text, root->pairs[0].key), "t\xC3\xAFtle");
    t_assert_str(shown(text, root->pairs[0].value), "'\xF0\x9F\x98\x80 x'");
    const struct node *map = node_find(root, "map");
    t_assert_str(shown(text, map), "k: [\xC3\xA9, b]   \n  l: |\n    text\n    more");
    t_assert_str(shown(text, node_find(map, "k")), "[\xC3\xA9, b]");
    t_assert_str(shown(text, node_find(map, "l")), "|\n    text\n    more");
    t_assert_str(shown(text, node_find(root, "none")), "");
    t_assert_str(shown(text, node_find(root, "list")), "- \xC3\xBC: x\n  v: plain text");
    t_assert_str(shown(text, node_find(root, "list")->items[0]), "\xC3\xBC: x\n  v: plain text");
    t_assert_str(shown(text, node_find(root, "last")), "\"\\u00e9\"");
    assert_true(str_starts(shown(text, root), STR("t\xC3\xAFtle")));
    assert_true(str_ends(shown(text, root), STR("\"\\u00e9\"")));
}

static void line_ends_and_byte_order_marks_do_not_move_spans(void **state)
{
    static const char *const texts[] = {
        "a: x\nb:\n  - \xC3\xA9: y\n    c: here\n",
        "a: x\r\nb:\r\n  - \xC3\xA9: y\r\n    c: here\r\n",
        "\xEF\xBB\xBF"
        "a: x\nb:\n  - \xC3\xA9: y\n    c: here\n",
        "\xEF\xBB\xBF"
        "a: x\r\nb:\r\n  - \xC3\xA9: y\r\n    c: here\r\n",
        "\xEF\xBB\xBF---\r\n"
        "a: x\r\nb:\r\n  - \xC3\xA9: y\r\n    c: here",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str text = str_of(texts[i]);
        const struct node *root = read_one(t_arena(state), text);
        const struct node *c = node_find(node_find(root, "b")->items[0], "c");
        t_assert_str(shown(text, c), "here");
        struct source src = {STR("t"), STR("t"), text};
        assert_int_equal(source_position(&src, c->at).column, 8);
        assert_int_equal(source_position(&src, root->at).column, 1);
    }
}

static void texts_are_decoded(void **state)
{
    const struct node *root = read_one(t_arena(state), STR("- 'it''s'\n"
                                                           "- \"a\\\\b\\x41\\u00e9\\0\"\n"
                                                           "- |\n"
                                                           "  l1\n"
                                                           "  l2\n"
                                                           "- >-\n"
                                                           "  f1\n"
                                                           "  f2\n"
                                                           "- C:\\Windows\\*\n"));
    t_assert_str(root->items[0]->text, "it's");
    assert_true(str_eq(root->items[1]->text, STR("a\\bA\xC3\xA9\0")));
    t_assert_str(root->items[2]->text, "l1\nl2\n");
    t_assert_str(root->items[3]->text, "f1 f2");
    t_assert_str(root->items[4]->text, "C:\\Windows\\*");
    assert_true(root->items[0]->quoted && root->items[1]->quoted && root->items[2]->quoted &&
                root->items[3]->quoted);
    assert_false(root->items[4]->quoted);
}

static void aliases_share_what_they_name(void **state)
{
    const struct node *root =
        read_one(t_arena(state), STR("a: &x [1, 2]\nb: *x\n? &k key\n: *k\nc: &x 3\nd: *x\n"));
    assert_ptr_equal(node_find(root, "a"), node_find(root, "b"));
    t_assert_str(node_find(root, "key")->text, "key");
    assert_int_equal(node_find(root, "d")->integer, 3);
}

static void an_inner_anchor_of_the_same_name_is_the_nearer_one(void **state)
{
    const struct node *root = read_one(t_arena(state), STR("- &x [&x 1, *x]\n- *x\n"));
    assert_int_equal(root->items[0]->items[1]->integer, 1);
    assert_int_equal(root->items[1]->integer, 1);
}

static void aliases_to_nothing_or_to_what_holds_them_are_refused(void **state)
{
    static const char *const cases[] = {
        "a: *nothing\n",        "a: &x [*x]\n",           "a: &x {b: [1, *x]}\n",
        "- *late\n- &late 1\n", "a: &x 1\n--- \na: *x\n", "? *nothing\n: 1\n",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading r = read_text(t_arena(state), str_of(cases[i]));
        assert_int_equal(diag_count(r.sink), 1);
        assert_int_equal(diag_get(r.sink, 0)->code, DIAG_yaml_alias);
        assert_null(r.documents.v[r.documents.n - 1].root);
    }
}

static void duplicate_keys_are_refused_at_the_second(void **state)
{
    struct reading r =
        read_text(t_arena(state), STR("\xC3\xA9: 1\nb:\n  k: 1\n  \"k\": 2\n'\xC3\xA9': 3\n"));
    assert_int_equal(diag_count(r.sink), 2);
    assert_null(r.documents.v[0].root);
    const struct diag *inner = diag_get(r.sink, 0), *outer = diag_get(r.sink, 1);
    assert_int_equal(inner->code, DIAG_duplicate_key);
    t_assert_str(inner->message, "key 'k' stands twice in this map");
    t_assert_str(inner->help, "it stands in line 3 already");
    assert_int_equal(source_position(sources_get(r.sources, 0), inner->at).line, 4);
    t_assert_str(outer->help, "it stands in line 1 already");
    assert_int_equal(source_position(sources_get(r.sources, 0), outer->at).line, 5);
}

static void duplicate_keys_are_found_in_large_maps(void **state)
{
    for (int n = 8; n < 40; n++) {
        struct text t;
        text_init(&t, t_arena(state));
        for (int i = 0; i < n; i++)
            text_addf(&t, "key%d: 1\n", i);
        assert_int_equal(read_one(t_arena(state), text_str(&t))->n, n);
        text_addf(&t, "key%d: 2\n", n / 2);
        struct reading r = read_text(t_arena(state), text_str(&t));
        assert_int_equal(diag_count(r.sink), 1);
        assert_int_equal(diag_get(r.sink, 0)->code, DIAG_duplicate_key);
    }
}

static void keys_that_are_maps_or_lists_are_refused(void **state)
{
    struct reading r = read_text(t_arena(state), STR("? [a]\n: 1\n? {b: c}\n: 2\n"));
    assert_int_equal(diag_count(r.sink), 2);
    t_assert_str(diag_get(r.sink, 0)->message, "a key must be a string, this is a list");
    t_assert_str(diag_get(r.sink, 1)->message, "a key must be a string, this is a map");
    assert_null(r.documents.v[0].root);
}

static void the_same_key_in_other_maps_is_no_duplicate(void **state)
{
    read_one(t_arena(state), STR("a: {k: 1}\nb: {k: 1}\nk: 1\nK: 2\n"));
}

static void documents_are_numbered_and_empty_ones_skipped(void **state)
{
    struct reading r =
        read_text(t_arena(state), STR("---\n---\n# only a comment\n---\na: 1\n...\n---\n"
                                      "--- ~\n---\nb: 2\n---\n"));
    assert_int_equal(diag_count(r.sink), 0);
    assert_int_equal(r.documents.n, 3);
    assert_int_equal(node_find(r.documents.v[0].root, "a")->integer, 1);
    assert_int_equal(r.documents.v[1].root->kind, NODE_NULL); /* written, so not empty */
    assert_int_equal(node_find(r.documents.v[2].root, "b")->integer, 2);
    assert_int_equal(r.documents.v[2].number, 2);
}

static void files_without_documents_are_empty(void **state)
{
    static const char *const cases[] = {
        "", "\n\n", "# comment", "\xEF\xBB\xBF", "\xEF\xBB\xBF\r\n", "---", "---\n", "--- \n...\n"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading r = read_text(t_arena(state), str_of(cases[i]));
        assert_int_equal(r.documents.n, 0);
        assert_int_equal(diag_count(r.sink), 0);
    }
}

static void a_broken_document_does_not_hide_the_others(void **state)
{
    static const char *const broken[] = {
        "a: [1\n",      "a: \"never closed\n",
        "@bad\n",       "a: b: c\n",
        "\ta: 1\n",     "a: 1\n b: 2\n",
        "a: 'x\n  y\n", "a: \xFF\n",
        "a: \x01\n",    "&\n",
        "a: \"\\q\"\n", "k: 1\nk: 2\n",
        "a: *x\n",      "!!x y\n",
        "- a\nb: 1\n",  "{",
        "a: }\n",       "text: |x\n",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct str text =
            str_format(t_arena(state), "first: 1\n---\n%s\n---\nlast: \xC3\xA9\n", broken[i]);
        struct reading r = read_text(t_arena(state), text);
        assert_int_equal(diag_count(r.sink), 1);
        assert_int_equal(r.documents.n, 3);
        assert_non_null(node_find(r.documents.v[0].root, "first"));
        assert_null(r.documents.v[1].root);
        t_assert_str(shown(text, node_find(r.documents.v[2].root, "last")), "\xC3\xA9");
        uint32_t line = source_position(sources_get(r.sources, 0), diag_get(r.sink, 0)->at).line;
        assert_in_range(line, 3, 5);
    }
}

static void a_broken_first_document_is_counted_once(void **state)
{
    static const char *const cases[] = {"@x\n---\nok: 1\n",
                                        "# c\n@x\n---\nok: 1\n",
                                        "---\n@x\n---\nok: 1\n",
                                        "--- @x\n---\nok: 1\n",
                                        "--- \x01\n---\nok: 1\n",
                                        "# c\n--- \x01\n---\nok: 1\n",
                                        "%YAML 1.2\n---\n@x\n---\nok: 1\n",
                                        "\xEF\xBB\xBF@x\n---\nok: 1\n"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading r = read_text(t_arena(state), str_of(cases[i]));
        assert_int_equal(diag_count(r.sink), 1);
        assert_int_equal(r.documents.n, 2);
        assert_null(r.documents.v[0].root);
        assert_non_null(r.documents.v[1].root);
        assert_int_equal(r.documents.v[1].number, 1);
    }
}

static void text_behind_the_end_spoils_the_document(void **state)
{
    struct reading r =
        read_text(t_arena(state), STR("first: 1\n---\n{a: 1} b\n---\n[1],\n---\nlast: 1\n"));
    assert_int_equal(diag_count(r.sink), 2);
    assert_int_equal(r.documents.n, 4);
    assert_non_null(r.documents.v[0].root);
    assert_null(r.documents.v[1].root);
    assert_null(r.documents.v[2].root);
    assert_non_null(r.documents.v[3].root);
}

static void dashes_inside_of_a_text_are_no_marker(void **state)
{
    struct reading r = read_text(t_arena(state), STR("a: [\n---x\n"
                                                     "b: |\n  ---\n"
                                                     "---\nok: 1\n"));
    assert_int_equal(r.documents.n, 2);
    assert_null(r.documents.v[0].root);
    assert_non_null(r.documents.v[1].root);
}

static void every_truncation_of_a_rule_ends_well(void **state)
{
    static const char rule[] =
        "\xEF\xBB\xBF"
        "title: Enc\xC3\xB6"
        "ded\r\nid: &i 0f\r\n---\ndetection:\n  sel:\n"
        "    - {A|contains: [\"\\u00e9\\x41\", 'it''s', 1.5e3]}\n"
        "    - B: |\n        text\n        \xF0\x9F\x98\x80\n    - ? !!str k\n      : *z\n"
        "  condition: >-\n    1 of\n    sel*\n...\n%YAML 1.2\n---\na: &z [{}, []]\nb: *z\n";
    for (size_t len = 0; len < sizeof rule; len++) {
        struct arena *a = arena_create(T_ARENA_LIMIT);
        char *copy = arena_alloc(a, len); /* of exact length, for the sanitizers */
        memcpy(copy, rule, len);
        struct reading r = read_text(a, (struct str){copy, len});
        struct text t;
        text_init(&t, a);
        for (size_t i = 0; i < r.documents.n; i++)
            tree_print(&t, r.documents.v[i].root);
        for (size_t i = 0; i < diag_count(r.sink); i++)
            diag_render_text(r.sink, i, (struct diag_style){false}, &t);
        arena_destroy(a);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_tree_prints_its_shape_and_kinds),
        t_test(keys_are_found_by_text),
        t_test(spans_are_bytes_of_the_source),
        t_test(line_ends_and_byte_order_marks_do_not_move_spans),
        t_test(texts_are_decoded),
        t_test(aliases_share_what_they_name),
        t_test(an_inner_anchor_of_the_same_name_is_the_nearer_one),
        t_test(aliases_to_nothing_or_to_what_holds_them_are_refused),
        t_test(duplicate_keys_are_refused_at_the_second),
        t_test(duplicate_keys_are_found_in_large_maps),
        t_test(keys_that_are_maps_or_lists_are_refused),
        t_test(the_same_key_in_other_maps_is_no_duplicate),
        t_test(documents_are_numbered_and_empty_ones_skipped),
        t_test(files_without_documents_are_empty),
        t_test(a_broken_document_does_not_hide_the_others),
        t_test(a_broken_first_document_is_counted_once),
        t_test(text_behind_the_end_spoils_the_document),
        t_test(dashes_inside_of_a_text_are_no_marker),
        t_test(every_truncation_of_a_rule_ends_well),
    };
    return t_run(tests);
}
