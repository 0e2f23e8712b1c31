/* Witnesses: what each shape of predicate must show, and the classes and layers made of them. */
#include "pack_t.h"

#include "plan.h"
#include "witness.h"

static struct plan *plan_of(void **state, const char *text)
{
    struct arena *a = t_arena(state);
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    struct plan *p = plan_make(a, sink, t_ir(a, text), &(struct plan_options){0});
    assert_non_null(p);
    return p;
}

static int by_kind_and_text(const void *a, const void *b)
{
    const struct witness *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return str_cmp(x->text, y->text);
}

/* "contains A urlcache, present B" */
static const char *shown(struct arena *a, const struct plan *p, bool id_known)
{
    static const char *const kinds[] = {[WITNESS_PRESENT] = "present",  [WITNESS_WIDE] = "wide",
                                        [WITNESS_NUMBER] = "number",    [WITNESS_EQ] = "eq",
                                        [WITNESS_PREFIX] = "prefix",    [WITNESS_SUFFIX] = "suffix",
                                        [WITNESS_CONTAINS] = "contains"};
    struct witnesses w = witness_of(p->witnesses, 0, id_known);
    struct witness *v = ARENA_ARRAY(a, w.n, struct witness);
    struct text t;
    text_init(&t, a);
    if (w.n > 0)
        memcpy(v, w.v, w.n * sizeof *v);
    qsort(v, w.n, sizeof *v, by_kind_and_text);
    if (w.always || w.n == 0)
        text_addz(&t, w.always ? "always" : "never");
    for (uint32_t i = 0; i < w.n; i++) {
        struct str field = names_text(p->ir->names, v[i].field);
        text_addf(&t, "%s%s %.*s", i ? ", " : "", kinds[v[i].kind], STR_ARG(field));
        if (v[i].kind == WITNESS_NUMBER)
            text_addf(&t, " %lld", (long long)v[i].number);
        if (v[i].kind > WITNESS_NUMBER)
            text_addf(&t, " %.*s", STR_ARG(v[i].text));
    }
    text_add(&t, (struct str){"", 1});
    return t.p;
}

static void each_shape_shows_what_it_must(void **state)
{
    static const struct {
        const char *ir, *shows;
    } rows[] = {
        {"%0 = contains \"A\" \"urlcache\"\nrule \"r\" = %0\n", "contains A urlcache"},
        {"%0 = eq cased \"A\" \"Ab\"\nrule \"r\" = %0\n", "eq A ab"},
        {"%0 = eq \"A\" \"\"\nrule \"r\" = %0\n", "present A"},
        {"%0 = contains \"A\" \"\xc3\xa9t\xc3\xa9\"\nrule \"r\" = %0\n", "wide A"},
        {"%0 = suffix_set \"A\" \"\\\\a.exe\" \"\\\\b.exe\"\nrule \"r\" = %0\n",
         "suffix A \\a.exe, suffix A \\b.exe"},
        {"%0 = null \"A\"\nrule \"r\" = %0\n", "always"},
        {"%0 = exists \"A\"\nrule \"r\" = %0\n", "present A"},
        {"%0 = exists \"A\"\n%1 = not %0\nrule \"r\" = %1\n", "always"},
        {"%0 = false\nrule \"r\" = %0\n", "never"},
        {"%0 = true\nrule \"r\" = %0\n", "always"},
        {"%0 = number \"A\" eq 7\nrule \"r\" = %0\n", "number A 7"},
        {"%0 = number \"A\" gt 7\nrule \"r\" = %0\n", "present A"},
        {"%0 = regex \"A\" \"x+urlcache\"\nrule \"r\" = %0\n",
         "present A"}, /* no tree in written IR */
        /* an and: the rarest child */
        {"%0 = contains \"A\" \"e\"\n%1 = contains \"B\" \"qzxjqz\"\n%2 = and %0 %1\nrule \"r\" = "
         "%2\n",
         "contains B qzxjqz"},
        /* an or: every child */
        {"%0 = eq \"A\" \"aaa\"\n%1 = eq \"B\" \"bbb\"\n%2 = or %0 %1\nrule \"r\" = %2\n",
         "eq A aaa, eq B bbb"},
        {"%0 = eq \"A\" \"aaa\"\n%1 = null \"B\"\n%2 = or %0 %1\nrule \"r\" = %2\n", "always"},
        /* not (not a or not b) is a and b */
        {"%0 = eq \"A\" \"aaa\"\n%1 = not %0\n%2 = exists \"B\"\n%3 = not %2\n%4 = or %1 %3\n"
         "%5 = not %4\nrule \"r\" = %5\n",
         "eq A aaa"},
        /* not (a and not b): b, or the lack of a */
        {"%0 = eq \"A\" \"aaa\"\n%1 = eq \"B\" \"bbb\"\n%2 = not %1\n%3 = and %0 %2\n%4 = not %3\n"
         "rule \"r\" = %4\n",
         "always"},
        /* two of three: any two of them, the rarest */
        {"%0 = eq \"A\" \"aaa\"\n%1 = eq \"B\" \"bbb\"\n%2 = exists \"C\"\n%3 = at_least 2 %0 %1 "
         "%2\n"
         "rule \"r\" = %3\n",
         "eq A aaa, eq B bbb"},
        {"%0 = eq \"A\" \"aaa\"\n%1 = null \"B\"\n%2 = null \"C\"\n%3 = at_least 2 %0 %1 %2\n"
         "rule \"r\" = %3\n",
         "always"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(shown(t_arena(state), plan_of(state, rows[i].ir), false),
                            rows[i].shows);
}

/* What stands in usual.def is no witness where there is a rarer one, in whatever way it is asked.
 */
static void what_events_usually_say_is_not_looked_for(void **state)
{
    static const char *const usual[] = {
        "eq \"IntegrityLevel\" \"system\"",
        "contains \"User\" \"authori\"",
        "suffix \"ParentImage\" \"\\\\svchost.exe\"",
        "prefix \"ImageLoaded\" \"c:\\\\windows\\\\system32\\\\\"",
        "number \"DestinationPort\" eq 443",
    };
    static const char *const others[] = {
        "eq \"IntegrityLevel\" \"untrusted process\"",
        "contains \"User\" \"authoqzx\"",
        "suffix \"ParentImage\" \"\\\\hostsvc.exe\"",
        "prefix \"ImageLoaded\" \"c:\\\\perflogs\\\\\"",
        "number \"DestinationPort\" eq 4444",
    };
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        struct str rarer = str_format(t_arena(state),
                                      "%%0 = %s\n%%1 = %s\n%%2 = and %%0 %%1\n"
                                      "rule \"r\" = %%2\n",
                                      usual[i], others[i]);
        struct plan *p = plan_of(state, rarer.p);
        uint32_t child;
        const struct ir_node *root = ir_get(p->ir, p->ir->rules[0].root);
        assert_true(witness_child(p->witnesses, p->ir->rules[0].root, &child));
        assert_int_equal(child, root->children[1]);
        assert_true(witness_truth(p->witnesses, root->children[0]) >
                    2 * witness_truth(p->witnesses, child));
    }
}

/* A rule is asked because its witness has shown: what else it wants comes first. */
static void what_was_shown_is_asked_last(void **state)
{
    struct plan *p =
        plan_of(state, "%0 = suffix \"ImageLoaded\" \"\\\\qzx.dll\"\n"
                       "%1 = prefix \"ImageLoaded\" \"c:\\\\windows\\\\system32\\\\\"\n"
                       "%2 = not %1\n%3 = and %0 %2\nrule \"r\" = %3\n");
    assert_string_equal(shown(t_arena(state), p, false), "suffix ImageLoaded \\qzx.dll");
    const uint32_t *children = p->children[p->ir->rules[0].root];
    assert_int_equal(ir_get(p->ir, children[0])->op, IR_OP_NOT);
    assert_int_equal(ir_get(p->ir, children[1])->op, IR_OP_SUFFIX);
}

static void an_event_id_that_is_known_shows_nothing(void **state)
{
    struct plan *p =
        plan_of(state, "%0 = number \"EventID\" eq 7\n%1 = exists \"A\"\n%2 = and %0 %1\n"
                       "rule \"r\" = %2\n");
    assert_string_equal(shown(t_arena(state), p, false), "number EventID 7");
    assert_string_equal(shown(t_arena(state), p, true), "present A");
}

static void ids_are_what_every_way_in_wants(void **state)
{
    static const struct {
        const char *ir;
        int n; /* of ids; -1: any */
    } rows[] = {
        {"%0 = number \"EventID\" eq 7\nrule \"r\" = %0\n", 1},
        {"%0 = number \"EventID\" eq 7\n%1 = number \"EventID\" eq 9\n%2 = or %0 %1\nrule \"r\" = "
         "%2\n",
         2},
        {"%0 = number \"EventID\" eq 7\n%1 = exists \"A\"\n%2 = and %0 %1\nrule \"r\" = %2\n", 1},
        {"%0 = number \"EventID\" eq 7\n%1 = exists \"A\"\n%2 = or %0 %1\nrule \"r\" = %2\n", -1},
        {"%0 = number \"EventID\" eq 7\n%1 = not %0\nrule \"r\" = %1\n", -1},
        {"%0 = number \"EventID\" gt 7\nrule \"r\" = %0\n", -1},
        {"%0 = number \"EventID\" eq 4294967296\nrule \"r\" = %0\n", -1},
        {"%0 = number \"Other\" eq 7\nrule \"r\" = %0\n", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint32_t *ids;
        uint32_t n = 0;
        bool some = witness_ids(plan_of(state, rows[i].ir)->witnesses, 0, &ids, &n);
        assert_int_equal(some ? (int)n : -1, rows[i].n);
    }
}

/* Rules of a written IR have no log source, so every class has them, but for other ids. */
static void classes_leave_out_rules_that_want_other_ids(void **state)
{
    struct plan *p =
        plan_of(state, "%0 = number \"EventID\" eq 4624\n%1 = number \"EventID\" eq 1\n"
                       "%2 = exists \"A\"\nrule \"logon\" = %0\nrule \"start\" = %1\n"
                       "rule \"free\" = %2\n");
    assert_int_equal(p->classes[0].n_rules, 3);
    for (uint32_t i = 0; i < p->n_keys; i++) {
        const struct plan_key *key = &p->keys[i];
        const uint64_t *others = p->classes[p->cases[key->first].classes[0]].rules;
        assert_true(others[0] == 4);
        for (uint32_t k = 1; k < key->n; k++) {
            const struct plan_case *c = &p->cases[key->first + k];
            assert_true(k == 1 || p->cases[key->first + k - 1].id < c->id);
            for (uint32_t held = 0; held < 1u << c->n_whens; held++)
                assert_true(p->classes[c->classes[held]].rules[0] == (c->id == 4624 ? 5u
                                                                      : c->id == 1  ? 6u
                                                                                    : 4u));
        }
    }
}

/* The log source table's conditions fit into a case. */
static void every_case_has_room_for_its_conditions(void **state)
{
    struct plan *p = plan_of(state, "%0 = exists \"A\"\nrule \"r\" = %0\n");
    uint32_t most = 0;
    for (uint32_t i = 0; i < p->n_keys; i++)
        for (uint32_t id = 0; id < 65536; id++) {
            uint32_t n = 0;
            for (size_t r = 0; r < n_logsource_rows; r++) {
                const struct logsource_row *row = &logsource_rows[r];
                const char *text = p->keys[i].provider ? row->provider : row->channel;
                bool has_id = row->n_ids == 0;
                for (unsigned k = 0; k < row->n_ids; k++)
                    has_id |= row->ids[k] == id;
                n += row->when_field && has_id && str_eq_nocase(str_of(text), p->keys[i].text);
            }
            most = n > most ? n : most;
        }
    assert_true(most > 0 && most <= SIGMATON_CASE_WHENS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(each_shape_shows_what_it_must),
        t_test(what_events_usually_say_is_not_looked_for),
        t_test(what_was_shown_is_asked_last),
        t_test(an_event_id_that_is_known_shows_nothing),
        t_test(ids_are_what_every_way_in_wants),
        t_test(classes_leave_out_rules_that_want_other_ids),
        t_test(every_case_has_room_for_its_conditions),
    };
    return t_run(tests);
}
