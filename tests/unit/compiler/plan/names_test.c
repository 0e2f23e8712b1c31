#include "names.h"
#include "t.h"

static struct root_key *keys_of(struct arena *a, uint32_t n, const char *before, const char *after)
{
    struct root_key *keys = arena_array(a, n, sizeof *keys);
    for (uint32_t i = 0; i < n; i++)
        keys[i] =
            (struct root_key){str_format(a, "%s%u%s", before, i, after), i, SIGMATON_NAME_USED};
    return keys;
}

/* No two keys have one entry, and each is found by the hash that readers compute. */
static void all_stand_alone(const struct names_table *t, const struct root_key *keys, uint32_t n)
{
    bool *taken = calloc(t->head.n_entries, sizeof *taken);
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *p = (const uint8_t *)keys[i].text.p;
        uint32_t len = (uint32_t)keys[i].text.len;
        uint64_t hash = sigmaton_name_hash(t->head.seed, p, len, sigmaton_name_ends(p, len));
        assert_int_equal(sigmaton_name_entry(&t->head, t->shifts, hash), t->entry_of[i]);
        assert_false(taken[t->entry_of[i]]);
        taken[t->entry_of[i]] = true;
    }
    free(taken);
}

static void every_key_has_an_entry_of_its_own(void **state)
{
    static const char *const ends[][2] = {{"", ""},          {"Field", ""},
                                          {"", "Field"},     {"AField", "WithANameOfSomeLength"},
                                          {"samestart", ""}, {"samestart", "sameend!"}};
    static const uint32_t counts[] = {1, 2, 3, 10, 430, 5000, 16384};
    for (size_t f = 0; f < sizeof ends / sizeof *ends; f++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            struct names_table t = {0};
            struct root_key *keys = keys_of(t_arena(state), counts[c], ends[f][0], ends[f][1]);
            if (!names_table(t_arena(state), keys, counts[c], &t))
                fail_msg("%u keys %s..%s have no table", counts[c], ends[f][0], ends[f][1]);
            all_stand_alone(&t, keys, counts[c]);
        }
}

static void no_key_and_too_many_have_no_table(void **state)
{
    struct names_table t = {0};
    struct root_key *keys = keys_of(t_arena(state), 16385, "k", "");
    assert_false(names_table(t_arena(state), keys, 0, &t));
    assert_false(names_table(t_arena(state), keys, 16385, &t));
}

static void root_keys_are_whole_names_and_heads_once(void **state)
{
    static const struct {
        const char *name;
        uint32_t flags;
    } slots[] = {{"Image", 1}, {"a.b", 1}, {"a.c", 1}, {"a", 1}, {"", SIGMATON_SLOT_KEYWORDS},
                 {".x", 1}};
    struct plan plan = {.n_slots = 6};
    plan.slots = arena_array(t_arena(state), 6, sizeof *plan.slots);
    for (int i = 0; i < 6; i++)
        plan.slots[i] = (struct plan_slot){str_of(slots[i].name), slots[i].flags};
    uint32_t n;
    const struct root_key *keys = names_root_keys(t_arena(state), &plan, &n);
    struct text said;
    text_init(&said, t_arena(state));
    for (uint32_t i = 0; i < n; i++)
        text_addf(&said, "%.*s:%d:%u ", STR_ARG(keys[i].text), (int)keys[i].slot, keys[i].flags);
    t_assert_str(text_str(&said), ":-1:3 Image:0:1 a.b:1:1 a:3:3 a.c:2:1 .x:5:1 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(every_key_has_an_entry_of_its_own),
        t_test(no_key_and_too_many_have_no_table),
        t_test(root_keys_are_whole_names_and_heads_once),
    };
    return t_run(tests);
}
