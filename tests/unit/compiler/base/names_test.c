#include "t.h"

static void the_empty_name_is_zero(void **state)
{
    struct names *n = names_new(t_arena(state));
    assert_int_equal(names_intern(n, STR("")), 0);
    assert_int_equal(names_intern(n, (struct str){NULL, 0}), 0);
    assert_int_equal(names_count(n), 1);
}

static void equal_text_gives_equal_integers_in_order_of_sight(void **state)
{
    struct names *n = names_new(t_arena(state));
    assert_int_equal(names_intern(n, STR("Image")), 1);
    assert_int_equal(names_intern(n, STR("image")), 2);
    assert_int_equal(names_intern(n, STR("Image")), 1);
    t_assert_str(names_text(n, 2), "image");
    assert_int_equal(names_find(n, STR("image")), 2);
    assert_int_equal(names_find(n, STR("IMAGE")), UINT32_MAX);
    assert_int_equal(names_count(n), 3);
}

static void names_survive_growth_and_the_text_they_came_from(void **state)
{
    struct names *n = names_new(t_arena(state));
    char text[16];
    for (uint32_t i = 1; i <= 5000; i++) {
        int len = snprintf(text, sizeof text, "name%u", (unsigned)i);
        assert_int_equal(names_intern(n, (struct str){text, (size_t)len}), i);
    }
    memset(text, 0, sizeof text);
    t_assert_str(names_text(n, 1), "name1");
    t_assert_str(names_text(n, 5000), "name5000");
    assert_int_equal(names_find(n, STR("name4999")), 4999);
}

static void names_may_hold_nul(void **state)
{
    struct names *n = names_new(t_arena(state));
    assert_int_not_equal(names_intern(n, STR("a\0b")), names_intern(n, STR("a\0c")));
}

static void hashes_depend_on_every_byte_length_and_seed(void **state)
{
    (void)state;
    char zeros[40] = {0};
    for (size_t i = 0; i < sizeof zeros; i++) {
        assert_true(hash_bytes(zeros, i, 0) != hash_bytes(zeros, i + 1, 0));
        uint64_t before = hash_bytes(zeros, sizeof zeros, 0);
        zeros[i] = 1;
        assert_true(hash_bytes(zeros, sizeof zeros, 0) != before);
        zeros[i] = 0;
    }
    assert_true(hash_bytes("a", 1, 0) != hash_bytes("a", 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(the_empty_name_is_zero),
        t_test(equal_text_gives_equal_integers_in_order_of_sight),
        t_test(names_survive_growth_and_the_text_they_came_from),
        t_test(names_may_hold_nul),
        t_test(hashes_depend_on_every_byte_length_and_seed),
    };
    return t_run(tests);
}
