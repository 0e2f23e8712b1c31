#include "t.h"

#include "arena.h"
#include "pipeline.h"

static struct str high_tags[] = {{"attack.execution", 16}, {"attack.t1059", 12}};
static struct str low_tags[] = {{"attack.discovery", 16}};

static struct rule high = {.id = {"11111111-0000-0000-0000-00000000000a", 36},
                           .level = LEVEL_HIGH,
                           .status = STATUS_STABLE,
                           .tags = high_tags,
                           .n_tags = 2};
static struct rule low = {.id = {"22222222-0000-0000-0000-00000000000b", 36},
                          .level = LEVEL_LOW,
                          .status = STATUS_EXPERIMENTAL,
                          .tags = low_tags,
                          .n_tags = 1};
static struct rule bare = {.level = LEVEL_NONE, .status = STATUS_NONE};

static struct rule *const all[] = {&high, &low, &bare};

/* want: H, L and B for the rules above, in order. */
static void check(void **state, const struct selection_options *o, const char *want)
{
    struct mapped m = pipeline_map(t_arena(state), all, 3, o);
    char got[4] = "";
    for (size_t i = 0; i < m.n; i++)
        got[i] = m.rules[i] == &high ? 'H' : m.rules[i] == &low ? 'L' : 'B';
    assert_string_equal(got, want);
    assert_int_equal(m.n + m.n_left_out, 3);
}

static void without_options_every_rule_stays_in_order(void **state)
{
    check(state, &(struct selection_options){0}, "HLB");
}

static void a_rule_without_level_counts_as_medium(void **state)
{
    check(state, &(struct selection_options){.min_level = LEVEL_LOW}, "HLB");
    check(state, &(struct selection_options){.min_level = LEVEL_MEDIUM}, "HB");
    check(state, &(struct selection_options){.min_level = LEVEL_HIGH}, "H");
    check(state, &(struct selection_options){.min_level = LEVEL_CRITICAL}, "");
}

static void a_rule_without_status_counts_as_test(void **state)
{
    check(state, &(struct selection_options){.min_status = STATUS_EXPERIMENTAL}, "HLB");
    check(state, &(struct selection_options){.min_status = STATUS_TEST}, "HB");
    check(state, &(struct selection_options){.min_status = STATUS_STABLE}, "H");
}

static void ids_are_alternatives_and_ignore_case(void **state)
{
    struct selection_options o = {0};
    const struct str ids[] = {STR("11111111-0000-0000-0000-00000000000A"),
                              STR("22222222-0000-0000-0000-00000000000b")};
    o.ids = ids;
    o.n_ids = 1;
    check(state, &o, "H");
    o.n_ids = 2;
    check(state, &o, "HL");
    check(state, &(struct selection_options){.not_ids = ids, .n_not_ids = 2}, "B");
}

static void any_tag_of_a_rule_may_be_asked_for(void **state)
{
    const struct str tags[] = {STR("ATTACK.T1059"), STR("attack.discovery")};
    check(state, &(struct selection_options){.tags = tags, .n_tags = 1}, "H");
    check(state, &(struct selection_options){.tags = tags, .n_tags = 2}, "HL");
    check(state, &(struct selection_options){.not_tags = tags, .n_not_tags = 1}, "LB");
}

static void an_exclusion_wins_over_an_inclusion(void **state)
{
    const struct str tag[] = {STR("attack.t1059")};
    check(state,
          &(struct selection_options){.tags = tag, .n_tags = 1, .not_tags = tag, .n_not_tags = 1},
          "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options_every_rule_stays_in_order),
        cmocka_unit_test(a_rule_without_level_counts_as_medium),
        cmocka_unit_test(a_rule_without_status_counts_as_test),
        cmocka_unit_test(ids_are_alternatives_and_ignore_case),
        cmocka_unit_test(any_tag_of_a_rule_may_be_asked_for),
        cmocka_unit_test(an_exclusion_wins_over_an_inclusion),
    };
    return cmocka_run_group_tests_name("compiler/pipeline/pipeline", tests, t_setup, t_teardown);
}
