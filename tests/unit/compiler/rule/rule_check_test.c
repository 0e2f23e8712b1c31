#include "rule_t.h"

#include "rule_check.h"

#define REST "logsource: {product: p}\ndetection: {sel: {F: x}, condition: sel}\n"
#define UUID "3c7a5e10-9b42-4d6f-8a11-5d2e77aa0008"

static void a_shared_id_is_a_warning_in_any_letter_case(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r =
        t_read(a, "title: one\nid: " UUID "\n" REST
                  "---\ntitle: two\nid: 3C7A5E10-9B42-4D6F-8A11-5D2E77AA0008\n" REST
                  "---\ntitle: three\n" REST "---\ntitle: four\n" REST);
    bool refused[4] = {false};
    rule_check(a, r.sink, r.rules, r.n_rules, refused);
    t_assert_str(t_told(a, &r), "7:5+36 duplicate_id");
    t_assert_str(diag_get(r.sink, 0)->message,
                 "id 3C7A5E10-9B42-4D6F-8A11-5D2E77AA0008 is also that of 'one' (t.yml)");
    for (size_t i = 0; i < 4; i++)
        assert_false(refused[i]);
}

static void a_shared_name_refuses_the_later_rule(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "title: one\nname: n\n" REST "---\ntitle: two\nname: n\n" REST
                                   "---\ntitle: three\nname: N\n" REST);
    bool refused[3] = {false};
    rule_check(a, r.sink, r.rules, r.n_rules, refused);
    t_assert_str(t_told(a, &r), "7:7+1 duplicate_name");
    t_assert_str(diag_get(r.sink, 0)->rule, "two");
    assert_false(refused[0]);
    assert_true(refused[1]);
    assert_false(refused[2]);
}

static void a_refused_rule_owns_nothing(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, "title: one\nname: n\n" REST "---\ntitle: two\nname: n\n" REST);
    bool refused[2] = {true, false};
    rule_check(a, r.sink, r.rules, r.n_rules, refused);
    assert_int_equal(diag_count(r.sink), 0);
    assert_false(refused[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_shared_id_is_a_warning_in_any_letter_case),
        t_test(a_shared_name_refuses_the_later_rule),
        t_test(a_refused_rule_owns_nothing),
    };
    return t_run(tests);
}
