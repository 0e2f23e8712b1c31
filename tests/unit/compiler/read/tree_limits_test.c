#include <time.h>

#include "read.h"

/* The code of the only message about the text, or -1 when it is read without one. */
static int verdict(struct arena *a, struct str text)
{
    struct reading r = read_text(a, text);
    if (diag_count(r.sink) == 0)
        return -1;
    assert_int_equal(diag_count(r.sink), 1);
    assert_null(r.documents.v[0].root);
    return (int)diag_get(r.sink, 0)->code;
}

static struct str nested(struct arena *a, const char *open, size_t n, const char *close)
{
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < n; i++)
        text_addz(&t, open);
    text_addz(&t, "x");
    for (size_t i = 0; i < n; i++)
        text_addz(&t, close);
    return text_str(&t);
}

static void nesting_ends_at_its_limit(void **state)
{
    struct arena *a = t_arena(state);
    static const char *const forms[][2] = {{"[", "]"}, {"{a: ", "}"}, {"- ", ""}, {"[{a: ", "}]"}};
    for (size_t i = 0; i < 4; i++) {
        size_t levels = i == 3 ? TREE_DEPTH_MAX / 2 : TREE_DEPTH_MAX;
        assert_int_equal(verdict(a, nested(a, forms[i][0], levels, forms[i][1])), -1);
        assert_int_equal(verdict(a, nested(a, forms[i][0], levels + 1, forms[i][1])),
                         DIAG_yaml_depth);
    }
}

static void nesting_counts_what_aliases_bring_in(void **state)
{
    struct arena *a = t_arena(state);
    for (size_t outer = 2; outer <= 3; outer++) {
        struct str anchor = nested(a, "[", TREE_DEPTH_MAX - 2, "]");
        struct str text = str_format(a, "a: &x %.*s\nb: %s*x%s\n", STR_ARG(anchor),
                                     outer == 2 ? "[" : "[[", outer == 2 ? "]" : "]]");
        assert_int_equal(verdict(a, text), outer == 2 ? -1 : (int)DIAG_yaml_depth);
    }
}

static void a_scalar_ends_at_its_limit(void **state)
{
    struct arena *a = t_arena(state);
    assert_int_equal(verdict(a, repeated(a, "a: ", "x", TREE_SCALAR_MAX, "\n")), -1);
    assert_int_equal(verdict(a, repeated(a, "a: ", "x", TREE_SCALAR_MAX + 1, "\n")),
                     DIAG_yaml_size);
    assert_int_equal(verdict(a, repeated(a, "? ", "x", TREE_SCALAR_MAX, "\n: 1\n")), -1);
    assert_int_equal(verdict(a, repeated(a, "? ", "x", TREE_SCALAR_MAX + 1, "\n: 1\n")),
                     DIAG_yaml_size);
}

/* A document of exactly `size` bytes, between two others. */
static struct str between_others(struct arena *a, size_t size)
{
    struct text t;
    text_init(&t, a);
    text_addz(&t, "first: 1\n");
    size_t begin = t.len;
    text_addz(&t, "---\na:\n");
    while (t.len - begin + 2000 < size)
        text_add(&t, repeated(a, "- ", "\xC3\xA9", 490, "\n"));
    text_add(&t, repeated(a, "# ", "c", size - (t.len - begin) - 3, "\n"));
    text_addz(&t, "---\nlast: 1\n");
    return text_str(&t);
}

static void a_document_ends_at_its_limit(void **state)
{
    for (size_t over = 0; over <= 1; over++) {
        struct arena *a = t_arena(state);
        struct reading r = read_text(a, between_others(a, TREE_DOCUMENT_MAX + over));
        assert_int_equal(diag_count(r.sink), over);
        assert_int_equal(r.documents.n, 3);
        assert_non_null(r.documents.v[0].root);
        assert_int_equal(r.documents.v[1].root == NULL, over);
        assert_non_null(r.documents.v[2].root);
    }
}

static void an_oversized_document_is_given_up_early(void **state)
{
    struct arena *a = t_arena(state);
    static const char *const pieces[] = {"- x\n", "# comment\n", "x", "\n"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t n = 2 * TREE_DOCUMENT_MAX / strlen(pieces[i]);
        struct reading r = read_text(a, repeated(a, "", pieces[i], n, "\n---\nlast: 1\n"));
        assert_int_equal(diag_count(r.sink), 1);
        assert_int_equal(r.documents.n, 2);
        assert_non_null(r.documents.v[1].root);
    }
}

static void nodes_are_counted_to_their_limit(void **state)
{
    struct arena *a = t_arena(state);
    assert_int_equal(verdict(a, repeated(a, "[", "1,", TREE_NODES_MAX - 1, "]")), -1);
    assert_int_equal(verdict(a, repeated(a, "[", "1,", TREE_NODES_MAX, "]")), DIAG_yaml_nodes);
}

static void nodes_count_as_often_as_aliases_use_them(void **state)
{
    struct arena *a = t_arena(state);
    /* The map, its two keys, the anchored list of 1000 and the list of aliases: 199 of 1000 nodes.
     */
    struct str list = repeated(a, "a: &x [", "1,", 999, "]\nb: [");
    list.len -= 0;
    size_t rest = TREE_NODES_MAX - 1000 - 4, uses = rest / 1000;
    struct str just = repeated(a, list.p, "*x,", uses, "]\n");
    struct str over = repeated(a, list.p, "*x,", uses + 1, "]\n");
    assert_int_equal(verdict(a, just), -1);
    assert_int_equal(verdict(a, over), DIAG_yaml_nodes);
}

static struct str bomb(struct arena *a, const char *open, const char *close)
{
    struct text t;
    text_init(&t, a);
    text_addz(&t, "a0: &a0 x\n");
    for (int level = 1; level <= 9; level++) {
        text_addf(&t, "a%d: &a%d %s", level, level, open);
        for (int i = 0; i < 9; i++)
            text_addf(&t, "*a%d,", level - 1);
        text_addf(&t, "%s\n", close);
    }
    return text_str(&t);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void an_alias_bomb_costs_nothing(void **state)
{
    struct arena *a = t_arena(state);
    double start = seconds();
    assert_int_equal(verdict(a, bomb(a, "[", "]")), DIAG_yaml_nodes);
    assert_true(seconds() - start < 0.1);
    assert_true(arena_used(a) < 1 << 20);
}

static void hostile_texts_end_within_a_blink(void **state)
{
    struct arena *a = t_arena(state);
    static const char *const pieces[] = {
        "[",    "{",   "[a, ", "{a: ", "- ",    "? ",       "!!str ",       "&a ",       "[[[[]",
        "? - ", "a: ", "\"",   "' ",   "--- [", "---\n[\n", "%TAG !a! b\n", "- - a: &x "};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        double start = seconds();
        struct reading r = read_text(a, repeated(a, "", pieces[i], 100000 / strlen(pieces[i]), ""));
        double took = seconds() - start;
        assert_true(diag_errors(r.sink) > 0);
        assert_true(took < 0.5); /* 100 times less without sanitizers */
    }
}

static void directives_end_at_their_limit(void **state)
{
    struct arena *a = t_arena(state);
    for (int over = 0; over <= 1; over++) {
        struct text t;
        text_init(&t, a);
        for (int i = 0; i < 64 + over; i++)
            text_addf(&t, "%%TAG !t%d! tag:x\n", i);
        text_addz(&t, "---\na: 1\n");
        struct reading r = read_text(a, text_str(&t));
        assert_int_equal(diag_count(r.sink), over);
    }
}

static void many_faults_do_not_make_reading_slow(void **state)
{
    struct arena *a = t_arena(state);
    double start = seconds();
    struct reading r = read_text(a, repeated(a, "", "---\na: 1\na: [\n\n", 20000, ""));
    assert_int_equal(r.documents.n, 20000);
    assert_int_equal(diag_errors(r.sink), 20000);
    assert_true(seconds() - start < 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(nesting_ends_at_its_limit),
        t_test(nesting_counts_what_aliases_bring_in),
        t_test(a_scalar_ends_at_its_limit),
        t_test(a_document_ends_at_its_limit),
        t_test(an_oversized_document_is_given_up_early),
        t_test(nodes_are_counted_to_their_limit),
        t_test(nodes_count_as_often_as_aliases_use_them),
        t_test(an_alias_bomb_costs_nothing),
        t_test(hostile_texts_end_within_a_blink),
        t_test(directives_end_at_their_limit),
        t_test(many_faults_do_not_make_reading_slow),
    };
    return t_run(tests);
}
