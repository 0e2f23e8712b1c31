#include "t.h"

#include "gram_prior.h"

static void frequent_texts_are_less_rare_than_unusual_ones(void **state)
{
    const struct gram_prior *p = gram_prior_new(t_arena(state), true);
    assert_true(gram_rarity(p, STR(".exe")) > 0.1);
    assert_true(gram_rarity(p, STR("\\windows\\system32\\")) > gram_rarity(p, STR("sekurlsa")));
    assert_true(gram_rarity(p, STR("sekurlsa")) < 0.01);
}

static void case_does_not_count(void **state)
{
    const struct gram_prior *p = gram_prior_new(t_arena(state), true);
    assert_true(gram_rarity(p, STR("POWERSHELL")) == gram_rarity(p, STR("powershell")));
}

static void a_part_is_at_least_as_frequent_as_the_whole(void **state)
{
    const struct gram_prior *p = gram_prior_new(t_arena(state), true);
    const char whole[] = "\\windows\\system32\\cmd.exe /c";
    for (size_t len = sizeof whole - 1; len > 0; len--)
        assert_true(gram_rarity(p, (struct str){whole, len - 1}) >=
                    gram_rarity(p, (struct str){whole, len}));
    assert_true(gram_rarity(p, STR("")) == 1);
}

static void what_the_pack_repeats_is_frequent(void **state)
{
    struct gram_prior *p = gram_prior_new(t_arena(state), true);
    for (int i = 0; i < 100; i++)
        gram_prior_count(p, str_format(t_arena(state), "imphash=%08x", (unsigned)i * 2654435761u));
    assert_true(gram_rarity(p, STR("imphash=")) > 10 * gram_rarity(p, STR("ntoskrnl")));
}

static void samples_count_like_the_table(void **state)
{
    struct gram_prior *p = gram_prior_new(t_arena(state), true);
    const double before = gram_rarity(p, STR(".exe"));
    for (int i = 0; i < 20000; i++)
        gram_prior_sample(p, STR("sekurlsa::logonpasswords"));
    assert_true(gram_rarity(p, STR("sekurlsa")) > 0.5);
    assert_true(gram_rarity(p, STR(".exe")) < before);
}

static void without_the_table_the_pack_decides(void **state)
{
    struct gram_prior *p = gram_prior_new(t_arena(state), false);
    assert_true(gram_rarity(p, STR(".exe")) == gram_rarity(p, STR("mimi")));
    gram_prior_count(p, STR("a.exe"));
    assert_true(gram_rarity(p, STR(".exe")) > gram_rarity(p, STR("mimi")));
}

static void without_a_prior_all_texts_are_equally_rare(void **state)
{
    struct gram_prior *p = gram_prior_none(t_arena(state));
    for (int i = 0; i < 1000; i++)
        gram_prior_count(p, STR("a.exe"));
    gram_prior_sample(p, STR("a.exe"));
    assert_true(gram_rarity(p, STR(".exe")) == gram_rarity(p, STR("mimi")));
    assert_true(gram_rarity(p, STR("exe")) == gram_rarity(p, STR("mim")));
    uint32_t n_common;
    gram_prior_common(p, &n_common);
    assert_int_equal(n_common, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(frequent_texts_are_less_rare_than_unusual_ones),
        t_test(case_does_not_count),
        t_test(a_part_is_at_least_as_frequent_as_the_whole),
        t_test(what_the_pack_repeats_is_frequent),
        t_test(samples_count_like_the_table),
        t_test(without_the_table_the_pack_decides),
        t_test(without_a_prior_all_texts_are_equally_rare),
    };
    return t_run(tests);
}
