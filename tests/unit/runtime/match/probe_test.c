/* Lists of probes: who decides, what is kept, what a negation turns round. Each operation's answer
 * is compared with the code that the compiler writes out in tests/unit/compiler/codegen. */
#include "runtime.h"
#include "slots.h"

struct list {
    struct sigmaton_probes head;
    struct sigmaton_probe probes[3];
};

/* Presence of the slots 0, 1, 2. */
static struct list presence(uint32_t any)
{
    struct list l = {.head = {3, any}};
    for (uint32_t i = 0; i < 3; i++)
        l.probes[i] = (struct sigmaton_probe){.op = SIGMATON_PROBE_EXISTS,
                                              .size = sizeof l.probes[i],
                                              .slot = i,
                                              .memo = SIGMATON_NO_MEMO};
    return l;
}

static int ask(const struct list *l, const struct sigmaton_slot *slots, uint64_t *memo)
{
    /* The image may be any bytes: only the probes in it are looked at. */
    const size_t off = offsetof(struct list, head);
    struct sigmaton_frame frame = {
        .size = sizeof frame, .memo = memo, .slots = slots, .image = (const void *)l};
    return srt_host()->probe(&frame, (uint32_t)off);
}

static void all_or_any_of_a_list_holds(void **state)
{
    (void)state;
    const struct list all = presence(0), any = presence(1);
    for (unsigned event = 0; event < 8; event++) {
        struct sigmaton_slot slots[3] = {{.len = 0}};
        for (unsigned i = 0; i < 3; i++)
            slots[i].kind = event >> i & 1 ? SIGMATON_NULL : SIGMATON_ABSENT;
        assert_int_equal(ask(&all, slots, NULL), event == 7);
        assert_int_equal(ask(&any, slots, NULL), event != 0);
    }
}

static void an_empty_list_holds_unless_any_is_wanted(void **state)
{
    (void)state;
    struct list all = presence(0), any = presence(1);
    all.head.n = any.head.n = 0;
    assert_int_equal(ask(&all, NULL, NULL), 1);
    assert_int_equal(ask(&any, NULL, NULL), 0);
}

static void a_negated_probe_holds_when_its_predicate_does_not(void **state)
{
    (void)state;
    struct list l = presence(0);
    l.probes[1].flags = SIGMATON_PROBE_NOT;
    struct sigmaton_slot slots[3] = {{.kind = SIGMATON_NULL}, {.len = 0}, {.kind = SIGMATON_NULL}};
    assert_int_equal(ask(&l, slots, NULL), 1);
    slots[1].kind = SIGMATON_NULL;
    assert_int_equal(ask(&l, slots, NULL), 0);
}

/* The predicate's own answer is kept, not the negation's. */
static void an_answer_is_kept_for_the_event(void **state)
{
    (void)state;
    struct list l = presence(0);
    l.head.n = 1;
    l.probes[0].memo = 65;
    l.probes[0].flags = SIGMATON_PROBE_NOT;
    uint64_t memo[4] = {0};
    struct sigmaton_slot slots[3] = {{.kind = SIGMATON_NULL}};
    assert_int_equal(ask(&l, slots, memo), 0);
    assert_true(memo[2] == 2 && memo[3] == 2 && memo[0] == 0 && memo[1] == 0);
    slots[0].kind = SIGMATON_ABSENT; /* not looked at again */
    assert_int_equal(ask(&l, slots, memo), 0);
    memo[2] = memo[3] = 0;
    assert_int_equal(ask(&l, slots, memo), 1);
    assert_true(memo[2] == 2 && memo[3] == 0);
}

/* Slot 0 and (slot 1 or slot 2), and slot 0 and neither of them. */
static void a_gate_in_a_list_is_asked_as_a_list(void **state)
{
    (void)state;
    struct {
        struct list outer, inner;
    } l = {presence(0), presence(1)};
    l.outer.head.n = l.inner.head.n = 2;
    l.outer.probes[1].op = SIGMATON_PROBE_GATE;
    l.outer.probes[1].off = (int32_t)((char *)&l.inner - (char *)&l.outer.probes[1]);
    l.inner.probes[0].slot = 1;
    l.inner.probes[1].slot = 2;
    for (unsigned event = 0; event < 8; event++) {
        struct sigmaton_slot slots[3] = {{.len = 0}};
        for (unsigned i = 0; i < 3; i++)
            slots[i].kind = event >> i & 1 ? SIGMATON_NULL : SIGMATON_ABSENT;
        l.outer.probes[1].flags = 0;
        assert_int_equal(ask(&l.outer, slots, NULL), (event & 1) != 0 && event > 1);
        l.outer.probes[1].flags = SIGMATON_PROBE_NOT;
        assert_int_equal(ask(&l.outer, slots, NULL), event == 1);
    }
}

/* ---- values that are not decoded yet ---- */

static unsigned n_decoded, n_heads;
static bool can_decode;

/* What stands for a decoded value: the same bytes. */
static bool decode(struct srt_runtime *runtime, struct sigmaton_slot *slot)
{
    (void)runtime;
    n_decoded++;
    slot->kind = can_decode ? SIGMATON_TEXT : slot->kind;
    return can_decode;
}

static uint32_t head(const struct srt_runtime *runtime, const struct sigmaton_slot *slot,
                     uint8_t text[SRT_HEAD_ROOM])
{
    (void)runtime;
    n_heads++;
    memcpy(text, slot->at.text, SRT_HEAD);
    return SRT_HEAD;
}

enum { LONG = 2 * SRT_HEAD };
static uint8_t value[LONG];

/* One probe of an operation, asked of two slots that are written with escapes. */
struct single {
    struct sigmaton_probes head;
    struct sigmaton_probe probe;
    char text[8];
};

static struct single single(uint8_t op, const char *text)
{
    struct single l = {.head = {1, 0}};
    l.probe = (struct sigmaton_probe){.op = op,
                                      .flags = SIGMATON_ASCII,
                                      .size = sizeof l.probe,
                                      .memo = SIGMATON_NO_MEMO,
                                      .a = (uint32_t)strlen(text),
                                      .off = offsetof(struct single, text) -
                                             offsetof(struct single, probe)};
    memcpy(l.text, text, strlen(text));
    return l;
}

static int ask_escaped(const struct single *l, uint32_t len, const uint8_t *line)
{
    struct srt_runtime runtime = {.decode = decode, .head = head, .line = line};
    struct sigmaton_slot slots[2] = {
        {.at.text = value, .len = len, .kind = SIGMATON_ESCAPED},
        {.at.text = value + 8, .len = 8, .kind = SIGMATON_ESCAPED},
    };
    struct sigmaton_frame frame = {
        .size = sizeof frame, .slots = slots, .image = (const void *)l, .runtime = &runtime};
    n_decoded = n_heads = 0;
    return srt_host()->probe(&frame, 0);
}

static int set_up_value(void **state)
{
    (void)state;
    memset(value, 'x', sizeof value);
    memcpy(value + 100, "early", 5);
    memcpy(value + LONG - 8, "late", 4);
    can_decode = true;
    return 0;
}

static void a_value_is_decoded_when_it_is_asked(void **state)
{
    (void)state;
    const struct single is = single(SIGMATON_PROBE_CONTAINS, "early"),
                        no = single(SIGMATON_PROBE_CONTAINS, "never");
    assert_int_equal(ask_escaped(&is, 200, NULL), 1);
    assert_int_equal(n_decoded, 1);
    assert_int_equal(ask_escaped(&no, 200, NULL), 0);
    assert_int_equal(n_decoded, 1);
    can_decode = false;
    assert_int_equal(ask_escaped(&is, 200, NULL), 0);
}

static void both_fields_of_a_comparison_are_decoded(void **state)
{
    (void)state;
    struct single l = single(SIGMATON_PROBE_FIELDREF, "");
    l.probe.a = 1;
    l.probe.b = SIGMATON_WHOLE;
    assert_int_equal(ask_escaped(&l, 8, NULL), 1);
    assert_int_equal(n_decoded, 2);
    assert_int_equal(ask_escaped(&l, 9, NULL), 0);
}

static void presence_is_told_as_written(void **state)
{
    (void)state;
    const struct single exists = single(SIGMATON_PROBE_EXISTS, ""),
                        any = single(SIGMATON_PROBE_ANY, ""),
                        null = single(SIGMATON_PROBE_NULL, "");
    can_decode = false;
    assert_int_equal(ask_escaped(&exists, 8, NULL), 1);
    assert_int_equal(ask_escaped(&any, 8, NULL), 1);
    assert_int_equal(ask_escaped(&null, 8, NULL), 0);
    assert_int_equal(n_decoded, 0);
    can_decode = true; /* the keywords of a line may be none */
    assert_int_equal(ask_escaped(&any, 8, value), 1);
    assert_int_equal(n_decoded, 1);
    assert_int_equal(ask_escaped(&null, 8, value), 0);
    assert_int_equal(n_decoded, 1);
}

/* A regex that would be asked without a runtime's regexes has no answer, which counts as a limit.
 */
static void what_is_too_short_is_not_decoded(void **state)
{
    (void)state;
    const struct {
        uint8_t op;
        const char *text;
        uint32_t len;
        unsigned decoded;
    } rows[] = {
        {SIGMATON_PROBE_CONTAINS, "never", 4, 0},     {SIGMATON_PROBE_CONTAINS, "never", 5, 1},
        {SIGMATON_PROBE_EQ_WORDS, "never", 4, 0},     {SIGMATON_PROBE_EQ_WORDS, "never", 5, 1},
        {SIGMATON_PROBE_PREFIX_WORDS, "never", 4, 0}, {SIGMATON_PROBE_PREFIX_WORDS, "never", 5, 1},
        {SIGMATON_PROBE_SUFFIX_WORDS, "never", 4, 0}, {SIGMATON_PROBE_SUFFIX_WORDS, "never", 5, 1},
        {SIGMATON_PROBE_REGEX, "never", 4, 0},        {SIGMATON_PROBE_REGEX, "never", 5, 1},
        {SIGMATON_PROBE_EQ, "never", 4, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct single l = single(rows[i].op, rows[i].text);
        if (rows[i].op == SIGMATON_PROBE_REGEX)
            l.probe.b = l.probe.a;
        assert_int_equal(ask_escaped(&l, rows[i].len, NULL), 0);
        assert_int_equal(n_decoded, rows[i].decoded);
        l.probe.flags = 0; /* characters may fold to shorter ones */
        if (rows[i].op == SIGMATON_PROBE_CONTAINS) {
            assert_int_equal(ask_escaped(&l, rows[i].len, NULL), 0);
            assert_int_equal(n_decoded, 1);
        }
    }
}

static void what_a_long_value_begins_with_is_not_decoded_with_the_rest(void **state)
{
    (void)state;
    const struct {
        uint8_t op;
        const char *text;
        uint32_t len;
        int holds;
        unsigned heads, decoded;
    } rows[] = {
        {SIGMATON_PROBE_CONTAINS, "early", LONG, 1, 1, 0},
        {SIGMATON_PROBE_CONTAINS, "early", LONG - 1, 1, 0, 1}, /* not long */
        {SIGMATON_PROBE_CONTAINS, "late", LONG, 1, 1, 1},
        {SIGMATON_PROBE_CONTAINS, "never", LONG, 0, 1, 1},
        {SIGMATON_PROBE_SUFFIX, "xxxx", LONG, 1, 0, 1}, /* of the head alone it would be true too */
        {SIGMATON_PROBE_EQ, "late", LONG, 0, 0, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct single l = single(rows[i].op, rows[i].text);
        assert_int_equal(ask_escaped(&l, rows[i].len, NULL), rows[i].holds);
        assert_int_equal(n_heads, rows[i].heads);
        assert_int_equal(n_decoded, rows[i].decoded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_or_any_of_a_list_holds),
        cmocka_unit_test(an_empty_list_holds_unless_any_is_wanted),
        cmocka_unit_test(a_negated_probe_holds_when_its_predicate_does_not),
        cmocka_unit_test(an_answer_is_kept_for_the_event),
        cmocka_unit_test(a_gate_in_a_list_is_asked_as_a_list),
        cmocka_unit_test_setup(a_value_is_decoded_when_it_is_asked, set_up_value),
        cmocka_unit_test_setup(both_fields_of_a_comparison_are_decoded, set_up_value),
        cmocka_unit_test_setup(presence_is_told_as_written, set_up_value),
        cmocka_unit_test_setup(what_is_too_short_is_not_decoded, set_up_value),
        cmocka_unit_test_setup(what_a_long_value_begins_with_is_not_decoded_with_the_rest,
                               set_up_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
