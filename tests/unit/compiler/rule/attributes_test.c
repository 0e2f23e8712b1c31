#include "rule_t.h"

#define REST "logsource: {product: p}\ndetection: {sel: {F: x}, condition: sel}\n"
#define UUID "3c7a5e10-9b42-4d6f-8a11-5d2e77aa0008"

/* `lines` in front of a rule that has everything but a title. */
static struct t_reading read_with(struct arena *a, const char *lines)
{
    return t_read_str(a, str_format(a, "%s\n" REST, lines), NULL);
}

static void attributes_of_a_full_rule_are_kept(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r =
        read_with(a, "title: t\nid: 3C7A5E10-9b42-4d6f-8a11-5d2e77aa0008\nname: n\nstatus: TEST\n"
                     "level: High\ndescription: d\nauthor: me\nlicense: l\ntaxonomy: own\n"
                     "date: 2024-02-29\nmodified: 2025-12-31\ntags: [attack.t1059, a.b.c]\n"
                     "references: []\nfalsepositives: [x, 5]\nfields: [a]\nscope: [s]\n"
                     "related: [{id: " UUID ", type: correlation}]\ncustom: {any: [thing]}");
    t_assert_str(t_told(a, &r), "");
    const struct rule *rule = r.rules[0];
    t_assert_str(rule->title, "t");
    t_assert_str(rule->id, "3C7A5E10-9b42-4d6f-8a11-5d2e77aa0008");
    t_assert_str(rule->name, "n");
    assert_int_equal(rule->status, STATUS_TEST);
    assert_int_equal(rule->level, LEVEL_HIGH);
    t_assert_str(rule->taxonomy, "own");
    t_assert_str(rule->author, "me");
    assert_int_equal(rule->n_tags, 2);
    t_assert_str(rule->tags[1], "a.b.c");
    assert_int_equal(rule->n_falsepositives, 2);
    t_assert_str(rule->falsepositives[1], "5");
    t_assert_str(rule->logsource.product, "p");
    t_assert_str(rule->logsource.category, "");
    assert_non_null(node_find(rule->root, "custom"));
}

static void what_is_not_given_has_its_default(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = read_with(a, "title: t\nid:\nlevel: ~\ntags: null\ndescription:");
    t_assert_str(t_told(a, &r), "");
    t_assert_str(r.rules[0]->id, "");
    t_assert_str(r.rules[0]->taxonomy, "sigma");
    assert_int_equal(r.rules[0]->level, LEVEL_NONE);
    assert_int_equal(r.rules[0]->status, STATUS_NONE);
    assert_string_equal(rule_level_name(LEVEL_NONE), "");
    assert_string_equal(rule_status_name(STATUS_NONE), "");
}

static void a_wrong_attribute_is_told_at_its_value(void **state)
{
    static const struct {
        const char *lines, *told;
    } rows[] = {
        {"level: low", "1:1+5 missing_title"},
        {"title:", "1:1+5 missing_title"},
        {"title: [a]", "1:8+3 invalid_title"},
        {"title: 5", "1:8+1 invalid_title"},
        {"title: t\nid: 12345", "2:5+5 invalid_id"},
        {"title: t\nid: 3c7a5e10-9b42-4d6f-8a11-5d2e77aa000", "2:5+35 invalid_id"},
        {"title: t\nid: 3c7a5e10-9b42-4d6f-8a11-5d2e77aa000g", "2:5+36 invalid_id"},
        {"title: t\nid: 3c7a5e109b42-4d6f-8a11-5d2e77aa0008-", "2:5+36 invalid_id"},
        {"title: t\nname: ''", "2:7+2 invalid_name"},
        {"title: t\nname: 5", "2:7+1 invalid_name"},
        {"title: t\ntaxonomy: ''", "2:11+2 invalid_taxonomy"},
        {"title: t\ntaxonomy: [a]", "2:11+3 invalid_taxonomy"},
        {"title: t\nlevel: [high]", "2:8+6 invalid_level"},
        {"title: t\nlevel: hihg", "2:8+4 invalid_level"},
        {"title: t\nstatus: new", "2:9+3 invalid_status"},
        {"title: t\nstatus: 1", "2:9+1 invalid_status"},
        {"title: t\ndate: 31.12.2023", "2:7+10 invalid_date"},
        {"title: t\ndate: 20231231", "2:7+8 invalid_date"},
        {"title: t\ndate: 2023-1-5", "2:7+8 invalid_date"},
        {"title: t\ndate: 2023-02-29", "2:7+10 invalid_date"},
        {"title: t\ndate: 2023-13-01", "2:7+10 invalid_date"},
        {"title: t\ndate: 2023-00-10", "2:7+10 invalid_date"},
        {"title: t\ndate: 2023-01-01T10:00", "2:7+16 invalid_date"},
        {"title: t\ndate: 1900-02-29", "2:7+10 invalid_date"},
        {"title: t\ndate: 2023/01-05", "2:7+10 invalid_date"},
        {"title: t\nmodified: yesterday", "2:11+9 invalid_date"},
        {"title: t\ntags: a.b", "2:7+3 invalid_tag"},
        {"title: t\ntags: [nodot, 5, a.b, .x, y.]",
         "2:8+5 invalid_tag\n2:15+1 invalid_tag\n2:23+2 invalid_tag\n2:27+2 invalid_tag"},
        {"title: t\nrelated: {}", "2:10+2 invalid_related"},
        {"title: t\nrelated: [x]", "2:11+1 invalid_related"},
        {"title: t\nrelated: [{type: derived}]", "2:11+15 invalid_related"},
        {"title: t\nrelated: [{id: " UUID "}]", "2:11+42 invalid_related"},
        {"title: t\nrelated: [{id: x, type: derived}]", "2:16+1 invalid_related"},
        {"title: t\nrelated: [{id: " UUID ", type: obsoletes}]", "2:60+9 invalid_related"},
        {"title: t\nrelated: [{id: " UUID ", type: 5}]", "2:60+1 invalid_related"},
        {"title: t\nfalsepositives: none", "2:17+4 invalid_metadata"},
        {"title: t\nreferences: {a: b}", "2:13+6 invalid_metadata"},
        {"title: t\nfields: a", "2:9+1 invalid_metadata"},
        {"title: t\nscope: server", "2:8+6 invalid_metadata"},
        {"title: t\ndescription: [a]", "2:14+3 invalid_metadata"},
        {"title: t\nauthor: 5", "2:9+1 invalid_metadata"},
        {"title: t\nlicense: true", "2:10+4 invalid_metadata"},
        {"title: t\n5: x", "2:1+1 invalid_key"},
        {"title: t\ndate: 2023/1/5", "2:7+8 legacy_date"},
        {"title: t\nmodified: 2023/12/31", "2:11+10 legacy_date"},
        {"title: 5\nlevel: x\ntags: y",
         "1:8+1 invalid_title\n2:8+1 invalid_level\n3:7+1 invalid_tag"},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct t_reading r = read_with(a, rows[i].lines);
        t_assert_str(t_told(a, &r), rows[i].told);
    }
}

static void a_log_source_has_one_of_three_texts(void **state)
{
    static const struct {
        const char *logsource, *told;
    } rows[] = {
        {"", "1:1+5 missing_logsource"},
        {"logsource:\n", "1:1+5 missing_logsource"},
        {"logsource: windows\n", "2:12+7 invalid_logsource"},
        {"logsource: [a]\n", "2:12+3 invalid_logsource"},
        {"logsource: {}\n", "2:1+9 invalid_logsource"},
        {"logsource: {definition: x}\n", "2:1+9 invalid_logsource"},
        {"logsource: {product: ''}\n", "2:1+9 invalid_logsource"},
        {"logsource: {product: [a, b]}\n", "2:22+6 invalid_logsource"},
        {"logsource: {product: p, service: 5}\n", "2:34+1 invalid_logsource"},
        {"logsource: {category: c, definition: [x], more: 5}\n", ""},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str yaml = str_format(a, "title: t\n%sdetection: {sel: {F: x}, condition: sel}\n",
                                     rows[i].logsource);
        struct t_reading r = t_read_str(a, yaml, NULL);
        t_assert_str(t_told(a, &r), rows[i].told);
    }
}

static void a_document_is_a_map(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "- a\n- b\n---\njust text\n---\ntitle: t\n" REST);
    assert_int_equal(r.n_documents, 3);
    assert_int_equal(r.n_rules, 1);
    assert_int_equal(r.rules[0]->document, 2);
    assert_int_equal(diag_count(r.sink), 2);
    assert_int_equal(diag_get(r.sink, 0)->code, DIAG_not_a_mapping);
}

static struct str long_text(struct arena *a, const char *key, size_t n, const char *what)
{
    struct text out;
    text_init(&out, a);
    text_addz(&out, key);
    for (size_t i = 0; i < n; i++)
        text_addz(&out, what);
    text_addz(&out, "\n" REST);
    return text_str(&out);
}

static void lengths_count_characters_and_hold_on_both_sides(void **state)
{
    static const struct {
        const char *key;
        size_t n;
        const char *what;
        bool accepted;
    } rows[] = {
        {"title: ", 256, "\xc3\xa9", true},
        {"title: ", 257, "x", false},
        {"title: t\ndescription: ", 65535, "x", true},
        {"title: t\ndescription: ", 65536, "x", false},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct t_reading r =
            t_read_str(a, long_text(a, rows[i].key, rows[i].n, rows[i].what), NULL);
        assert_int_equal(r.n_rules, rows[i].accepted);
    }
}

static void diagnostics_carry_the_id_else_the_title(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "title: t\nlevel: x\n" REST "---\ntitle: u\nid: " UUID
                                   "\nlevel: x\n" REST "---\n[]\n");
    t_assert_str(diag_get(r.sink, 0)->rule, "t");
    assert_false(diag_get(r.sink, 0)->rule_has_id);
    t_assert_str(diag_get(r.sink, 1)->rule, UUID);
    assert_true(diag_get(r.sink, 1)->rule_has_id);
    t_assert_str(diag_get(r.sink, 2)->rule, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(attributes_of_a_full_rule_are_kept),
        t_test(what_is_not_given_has_its_default),
        t_test(a_wrong_attribute_is_told_at_its_value),
        t_test(a_log_source_has_one_of_three_texts),
        t_test(a_document_is_a_map),
        t_test(lengths_count_characters_and_hold_on_both_sides),
        t_test(diagnostics_carry_the_id_else_the_title),
    };
    return t_run(tests);
}
