#include "rule_t.h"

#include "collection.h"

#define REST "logsource: {product: p}\ndetection: {sel: {F: x}, condition: sel}\n"

static void a_global_template_joins_the_documents_after_it(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "action: global\ntitle: g\nlogsource: {product: p}\n"
                                   "detection: {condition: sel}\n"
                                   "---\ndetection: {sel: {F: a}}\n"
                                   "---\ndetection: {sel: {F: b}}\n");
    t_assert_str(t_told(a, &r), "");
    assert_int_equal(r.n_documents, 3);
    assert_int_equal(r.kinds[0], DOCUMENT_NONE);
    assert_int_equal(r.n_rules, 2);
    t_assert_str(r.rules[1]->title, "g");
    t_assert_str(t_shown(a, &r), "F: \"a\"");
    assert_null(node_find(r.rules[0]->root, "action"));
}

static void reset_forgets_the_template(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "action: global\ntitle: g\n---\naction: reset\n---\n" REST);
    assert_int_equal(r.kinds[1], DOCUMENT_NONE);
    t_assert_str(t_told(a, &r), "6:1+9 missing_title");
}

static void a_later_template_replaces_the_first(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "action: global\ntitle: g\nid: x\n---\naction: global\n"
                                   "title: h\n---\n" REST);
    t_assert_str(r.rules[0]->title, "h");
    assert_null(node_find(r.rules[0]->root, "id"));
}

static void the_template_wins_and_says_so(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "action: global\ntitle: g\nlevel: low\n"
                                   "logsource: {product: p, service: s}\n---\n"
                                   "title: own\nlevel: low\n" REST);
    t_assert_str(t_told(a, &r), "6:1+5 global_conflict");
    t_assert_str(r.rules[0]->title, "g");
    t_assert_str(r.rules[0]->logsource.service, "s");
}

static void lists_are_replaced_as_a_whole(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "action: global\ntags: [a.b]\n---\ntitle: t\ntags: [c.d, e.f]\n"
                                   "logsource: {product: p}\n"
                                   "detection: {sel: {F: x}, condition: sel}\n");
    assert_int_equal(r.rules[0]->n_tags, 1);
    t_assert_str(r.rules[0]->tags[0], "a.b");
}

static void repeat_lays_itself_over_the_rule_before_it(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r =
        t_read(a, "title: one\nlevel: low\n" REST "---\naction: repeat\ntitle: two\n"
                  "---\naction: repeat\nlevel: high\n");
    t_assert_str(t_told(a, &r), "");
    assert_int_equal(r.n_rules, 3);
    t_assert_str(r.rules[1]->title, "two");
    assert_int_equal(r.rules[1]->level, LEVEL_LOW);
    t_assert_str(r.rules[2]->title, "two");
    assert_int_equal(r.rules[2]->level, LEVEL_HIGH);
}

static void repeat_after_global_takes_the_template(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "action: global\ntitle: g\n---\naction: repeat\n" REST);
    t_assert_str(r.rules[0]->title, "g");
}

static void other_actions_are_unknown(void **state)
{
    static const char *const rows[] = {
        "action: merge\ntitle: t\n",
        "action: [global]\ntitle: t\n",
        "action: repeat\ntitle: t\n",
        "action: Global\ntitle: t\n",
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct t_reading r = t_read(a, rows[i]);
        assert_int_equal(r.kinds[0], DOCUMENT_REFUSED);
        struct str told = t_told(a, &r);
        t_assert_str(str_sub(told, str_find(told, ' ') + 1, told.len), "unknown_action");
    }
}

static void correlations_and_filters_take_no_part(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "action: global\ntitle: g\n---\ncorrelation: {}\n---\n"
                                   "filter:\n---\naction: repeat\n" REST);
    assert_int_equal(r.kinds[1], DOCUMENT_CORRELATION);
    assert_int_equal(r.kinds[2], DOCUMENT_FILTER);
    t_assert_str(r.rules[0]->title, "g");
}

/* A list of n nodes, scalars shared. */
static struct node *big_list(struct arena *a, size_t n)
{
    struct node *scalar = ARENA_NEW(a, struct node), *list = ARENA_NEW(a, struct node);
    scalar->kind = NODE_STRING;
    list->kind = NODE_LIST;
    list->items = ARENA_ARRAY(a, n, struct node *);
    list->n = n;
    for (size_t i = 0; i < n; i++)
        list->items[i] = scalar;
    return list;
}

static struct node *map_of(struct arena *a, const char *key, struct node *value)
{
    struct node *map = ARENA_NEW(a, struct node), *name = ARENA_NEW(a, struct node);
    name->kind = NODE_STRING;
    name->text = str_of(key);
    map->kind = NODE_MAP;
    map->pairs = ARENA_ARRAY(a, 1, struct pair);
    map->pairs[0] = (struct pair){name, value};
    map->n = 1;
    return map;
}

static void merged_nodes_are_bounded(void **state)
{
    struct arena *a = t_arena(state);
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    struct node *small = map_of(a, "title", big_list(a, 0));
    struct document doc = {.root = small};
    const struct node *root;
    size_t fits = COLLECTION_NODES_MAX - 3; /* the map, its two values */
    struct collection state_fits = {.global = map_of(a, "x", big_list(a, fits))};
    assert_int_equal(collection_apply(a, sink, &doc, &state_fits, &root), DOCUMENT_RULE);
    assert_int_equal(collection_apply(a, sink, &doc, &state_fits, &root), DOCUMENT_REFUSED);
    struct collection state_over = {.global = map_of(a, "x", big_list(a, fits + 1))};
    assert_int_equal(collection_apply(a, sink, &doc, &state_over, &root), DOCUMENT_REFUSED);
    assert_int_equal(diag_get(sink, 0)->code, DIAG_collection_size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_global_template_joins_the_documents_after_it),
        t_test(reset_forgets_the_template),
        t_test(a_later_template_replaces_the_first),
        t_test(the_template_wins_and_says_so),
        t_test(lists_are_replaced_as_a_whole),
        t_test(repeat_lays_itself_over_the_rule_before_it),
        t_test(repeat_after_global_takes_the_template),
        t_test(other_actions_are_unknown),
        t_test(correlations_and_filters_take_no_part),
        t_test(merged_nodes_are_bounded),
    };
    return t_run(tests);
}
