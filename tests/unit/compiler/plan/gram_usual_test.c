#include "t.h"

#include "gram_masks.h"
#include "gram_prior.h"
#include "gram_usual.h"

/* Some usual gram has these bytes, by the halves of each. */
static bool is_usual(const struct gram_usual *u, const char *four)
{
    for (uint32_t w = 0; w < GRAM_USUAL_WORDS; w++) {
        uint64_t some = UINT64_MAX;
        for (uint32_t i = 0; i < 4; i++) {
            const uint8_t c = (uint8_t)four[i];
            some &= gram_usual_low(u, i, 1u << (c & 15)).v[w] &
                    gram_usual_high(u, i, 1u << (c >> 4)).v[w];
        }
        if (some != 0)
            return true;
    }
    return false;
}

static void what_windows_says_of_itself_is_usual(void **state)
{
    const struct gram_usual *u = gram_usual_new(t_arena(state));
    assert_true(is_usual(u, "dows"));
    assert_true(is_usual(u, "\\sys"));
    assert_true(is_usual(u, "kern"));
    assert_false(is_usual(u, "mimi"));
    assert_false(is_usual(u, "DOWS"));
}

static void names_of_fields_are_usual(void **state)
{
    const struct gram_usual *u = gram_usual_new(t_arena(state));
    assert_true(is_usual(u, "logo"));
}

static void more_halves_have_more(void **state)
{
    const struct gram_usual *u = gram_usual_new(t_arena(state));
    const struct gram_usual_set all = gram_usual_low(u, 0, UINT16_MAX),
                                w = gram_usual_low(u, 0, 1u << ('w' & 15));
    uint32_t n_all = 0, n_w = 0;
    for (uint32_t i = 0; i < GRAM_USUAL_WORDS; i++) {
        n_all += (uint32_t)__builtin_popcountll(all.v[i]);
        n_w += (uint32_t)__builtin_popcountll(w.v[i]);
    }
    assert_int_equal(n_all, u->n);
    assert_in_range(n_w, 1, u->n - 1);
    for (uint32_t i = 0; i < u->n; i++)
        assert_true(u->chance[i] > 0 && u->chance[i] < 0.01f);
}

/* Windows that begin elsewhere than in the middle hold `dow` or `ows`. */
static void masks_are_made_of_windows_that_are_not_usual(void **state)
{
    struct arena *a = t_arena(state);
    const struct gram_prior *prior = gram_prior_new(a, true);
    const struct gram_item item = {STR("dowsxqdows"), 0, 0};
    struct gram_masks masks;
    uint32_t before = UINT32_MAX;
    assert_true(gram_masks_choose(a, prior, &item, 1, 4, &before, &masks));
    assert_in_range(before, 2, 5);
}

static void without_a_table_nothing_is_usual(void **state)
{
    assert_null(gram_prior_usual(gram_prior_none(t_arena(state))));
    assert_null(gram_prior_usual(gram_prior_new(t_arena(state), false)));
    assert_non_null(gram_prior_usual(gram_prior_new(t_arena(state), true)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(what_windows_says_of_itself_is_usual),
        t_test(names_of_fields_are_usual),
        t_test(more_halves_have_more),
        t_test(masks_are_made_of_windows_that_are_not_usual),
        t_test(without_a_table_nothing_is_usual),
    };
    return t_run(tests);
}
