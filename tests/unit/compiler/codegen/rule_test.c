/* Gates, shared predicates, kept answers, polarity and the words of candidates and hits. */
#include "pack_t.h"

#include "cg.h"

static void gates_hold_as_logic_says(void **state)
{
    static const char text[] = "%0 = exists \"A\"\n%1 = exists \"B\"\n%2 = exists \"C\"\n"
                               "%3 = and %0 %1 %2\n%4 = or %0 %1 %2\n%5 = not %0\n"
                               "%6 = at_least 2 %0 %1 %2\n%7 = not %6\n%8 = and %5 %1\n"
                               "%9 = or %8 %3\n%10 = true\n%11 = false\n%12 = not %9\n"
                               "%13 = at_least 1 %3 %8\n%14 = at_least 2 %6 %13 %0\n"
                               "rule \"0\" = %3\nrule \"1\" = %4\nrule \"2\" = %5\n"
                               "rule \"3\" = %6\nrule \"4\" = %7\nrule \"5\" = %8\n"
                               "rule \"6\" = %9\nrule \"7\" = %10\nrule \"8\" = %11\n"
                               "rule \"9\" = %12\nrule \"10\" = %14\n";
    struct t_pack *p = t_pack(t_arena(state), text);
    for (unsigned event = 0; event < 8; event++) {
        bool a = event & 1, b = event & 2, c = event & 4;
        int n = a + b + c;
        bool eight = !a && b, nine = eight || n == 3, thirteen = n == 3 || eight;
        const bool want[] = {n == 3,
                             n > 0,
                             !a,
                             n >= 2,
                             n < 2,
                             eight,
                             nine,
                             true,
                             false,
                             !nine,
                             (n >= 2) + thirteen + a >= 2};
        *t_slot(p, "A") = T_KIND(a ? SIGMATON_EMPTY : SIGMATON_ABSENT);
        *t_slot(p, "B") = T_KIND(b ? SIGMATON_EMPTY : SIGMATON_ABSENT);
        *t_slot(p, "C") = T_KIND(c ? SIGMATON_EMPTY : SIGMATON_ABSENT);
        t_eval(p);
        for (uint32_t i = 0; i < sizeof want; i++)
            if (t_hit(p, i) != want[i])
                fail_msg("rule %u on event %u", i, event);
    }
    t_pack_end(p);
}

/* A leaf is asked in its gate's list, by itself, and below negations in the one and the other. */
static void negations_hold_wherever_they_stand(void **state)
{
    static const char text[] =
        "%0 = exists \"A\"\n%1 = exists \"B\"\n%2 = exists \"C\"\n%3 = regex \"D\" \"x+\"\n"
        "%4 = not %0\n%5 = not %4\n%6 = not %5\n%7 = and %1 %4 %2\n%8 = or %6 %1\n"
        "%9 = at_least 2 %4 %5 %1\n%10 = not %3\n%11 = not %10\n%12 = and %0 %10\n"
        "%13 = not %12\n%14 = or %1 %11\n%15 = and %13 %14\n"
        "rule \"0\" = %4\nrule \"1\" = %5\nrule \"2\" = %6\nrule \"3\" = %7\n"
        "rule \"4\" = %8\nrule \"5\" = %9\nrule \"6\" = %10\nrule \"7\" = %11\n"
        "rule \"8\" = %12\nrule \"9\" = %15\n";
    struct t_pack *p = t_pack(t_arena(state), text);
    /* Without regex scratch each run of the regex ends at a limit, so that it counts as `assume`
     * says for the rule. */
    for (unsigned event = 0; event < 16; event++) {
        bool a = event & 1, b = event & 2, c = event & 4, assume = event & 8;
        const bool want[] = {
            !a,         a,      !a,     b && !a && c, !a || b,
            1 + b >= 2, assume, assume, a && assume,  (!a || assume) && (b || assume)};
        *t_slot(p, "A") = T_KIND(a ? SIGMATON_EMPTY : SIGMATON_ABSENT);
        *t_slot(p, "B") = T_KIND(b ? SIGMATON_EMPTY : SIGMATON_ABSENT);
        *t_slot(p, "C") = T_KIND(c ? SIGMATON_EMPTY : SIGMATON_ABSENT);
        *t_slot(p, "D") = T_TEXT("y");
        p->frame.assume = assume;
        t_eval(p);
        for (uint32_t i = 0; i < sizeof want; i++)
            if (t_hit(p, i) != want[i])
                fail_msg("rule %u on event %u", i, event);
    }
    t_pack_end(p);
}

/* 130 rules; only candidates are asked, word by word. */
static void only_candidates_are_asked(void **state)
{
    struct text t;
    text_init(&t, t_arena(state));
    text_addz(&t, "%0 = exists \"A\"\n");
    for (int i = 0; i < 130; i++)
        text_addf(&t, "rule \"%d\" = %%0\n", i);
    text_add(&t, (struct str){"", 1});
    struct t_pack *p = t_pack(t_arena(state), t.p);
    *t_slot(p, "A") = T_KIND(SIGMATON_NULL);
    static const uint64_t candidates[][3] = {
        {0, 0, 0}, {1, 0, 2}, {UINT64_MAX, 0, 0}, {0, UINT64_C(1) << 63, 3}, {5, 6, 1}};
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        memcpy(p->candidates, candidates[i], sizeof candidates[i]);
        t_eval(p);
        assert_memory_equal(p->hits, candidates[i], sizeof candidates[i]);
    }
    memset(p->candidates, 0xff, 24); /* bits beyond the last rule are no rules */
    t_eval(p);
    assert_int_equal(p->hits[2], 3);
    t_pack_end(p);
}

static int n_contains;

static int32_t counted_contains(const struct sigmaton_slot *s, const uint8_t *text, uint32_t len,
                                uint32_t flags)
{
    n_contains++;
    return srt_host()->contains(s, text, len, flags);
}

static void a_kernel_call_that_rules_share_is_made_once(void **state)
{
    struct t_pack *p =
        t_pack(t_arena(state), "%0 = contains \"A\" \"x\"\n%1 = exists \"B\"\n"
                               "%2 = and %0 %1\n%3 = not %0\n"
                               "rule \"0\" = %0\nrule \"1\" = %2\nrule \"2\" = %3\n");
    struct sigmaton_host host = *srt_host();
    host.contains = counted_contains;
    *t_slot(p, "B") = T_KIND(SIGMATON_NULL);
    static const char *const texts[] = {"axb", "ayb"};
    assert_int_equal(p->plan->n_memo, 1);
    for (int i = 0; i < 2; i++) {
        *t_slot(p, "A") = T_TEXT("axb");
        t_slot(p, "A")->at.text = (const uint8_t *)texts[i];
        n_contains = 0;
        t_eval_with(p, &host);
        assert_int_equal(n_contains, 1);
        assert_int_equal(p->hits[0], i == 0 ? 3 : 4);
    }
    t_pack_end(p);
}

/* More of them than a word has bits: the frame's words are known, value, known, value. */
static void kept_answers_stand_in_the_words_of_the_frame(void **state)
{
    enum { N = 70 };
    struct text t;
    text_init(&t, t_arena(state));
    for (int i = 0; i < N; i++)
        text_addf(&t, "%%%d = contains \"A\" \"<%d>\"\n", i, i);
    for (int i = 0; i < 2 * N; i++)
        text_addf(&t, "rule \"%d\" = %%%d\n", i, i % N);
    text_add(&t, (struct str){"", 1});
    struct t_pack *p = t_pack(t_arena(state), t.p);
    assert_int_equal(p->plan->n_memo, N);
    *t_slot(p, "A") = T_TEXT("<0><63><64><69>");
    t_eval(p);
    for (int i = 0; i < 2 * N; i++)
        assert_int_equal(t_hit(p, (uint32_t)i),
                         i % N == 0 || i % N == 63 || i % N == 64 || i % N == 69);
    assert_int_equal(p->frame.memo[0], UINT64_MAX);
    assert_int_equal(p->frame.memo[1], UINT64_C(1) << 63 | 1);
    assert_int_equal(p->frame.memo[2], 0x3f);
    assert_int_equal(p->frame.memo[3], 0x21);
    t_pack_end(p);
}

/* Each counts in a local of its nesting, not of its own: a pack may have any number of them. */
static void many_counts_share_their_locals(void **state)
{
    enum { N = 3 * CG_DEPTH_MAX };
    struct text t;
    text_init(&t, t_arena(state));
    text_addz(&t, "%0 = exists \"B\"\n%1 = exists \"C\"\n");
    for (int i = 0; i < N; i++)
        text_addf(&t, "%%%d = exists \"F%d\"\n%%%d = at_least 2 %%0 %%1 %%%d\n", 2 * i + 2, i,
                  2 * i + 3, 2 * i + 2);
    text_addf(&t, "%%%d = or", 2 * N + 2);
    for (int i = 0; i < N; i++)
        text_addf(&t, " %%%d", 2 * i + 3);
    text_addf(&t, "\nrule \"0\" = %%%d\n", 2 * N + 2);
    text_add(&t, (struct str){"", 1});
    struct t_pack *p = t_pack(t_arena(state), t.p);
    *t_slot(p, "B") = T_KIND(SIGMATON_NULL);
    t_eval(p);
    assert_false(t_hit(p, 0));
    *t_slot(p, "F100") = T_KIND(SIGMATON_NULL);
    t_eval(p);
    assert_true(t_hit(p, 0));
    t_pack_end(p);
}

/* Without regex memory every run ends at a limit: pass 0 counts against the rule, pass 1 for it,
 * however deep the regex stands under nots and shared gates. */
static void a_regex_without_answer_leans_by_polarity(void **state)
{
    struct t_pack *p = t_pack(
        t_arena(state),
        "%0 = regex \"A\" \"a\"\n%1 = not %0\n%2 = exists \"A\"\n%3 = and %0 %2\n%4 = not %3\n"
        "%5 = regex \"A\" \"b\"\n%6 = or %0 %5\n%7 = not %6\n%8 = and %4 %7\n"
        "rule \"0\" = %0\nrule \"1\" = %1\nrule \"2\" = %3\nrule \"3\" = %4\n"
        "rule \"4\" = %6\nrule \"5\" = %7\nrule \"6\" = %8\n");
    struct srt_runtime runtime = {0};
    p->frame.runtime = &runtime;
    *t_slot(p, "A") = T_TEXT("ccc");
    for (uint32_t assume = 0; assume < 2; assume++) {
        p->frame.assume = assume;
        t_eval(p);
        assert_int_equal(p->hits[0], assume ? 0x7f : 0);
    }
    t_pack_end(p);
}

/* Likewise where the gate around the regex is a function, one for each polarity. */
static void functions_lean_by_polarity_too(void **state)
{
    struct text t;
    text_init(&t, t_arena(state));
    text_addz(&t, "%0 = regex \"A\" \"a\"\n");
    for (int i = 1; i < 9; i++)
        text_addf(&t, "%%%d = contains \"A\" \"c%d\"\n", i, i);
    text_addz(&t, "%9 = or %0 %1 %2 %3 %4 %5 %6 %7 %8\n%10 = not %9\n%11 = exists \"A\"\n"
                  "%12 = and %9 %11\n%13 = and %10 %11\n");
    for (int i = 9; i < 14; i++)
        text_addf(&t, "rule \"r\" = %%%d\n", i == 11 ? 9 : i);
    text_add(&t, (struct str){"", 1});
    struct t_pack *p = t_pack(t_arena(state), t.p);
    struct str code = codegen_llvm(p->codegen, p->arena);
    assert_non_null(strstr(code.p, "@is_"));
    assert_non_null(strstr(code.p, "@not_"));
    struct srt_runtime runtime = {0};
    p->frame.runtime = &runtime;
    *t_slot(p, "A") = T_TEXT("ccc");
    for (uint32_t assume = 0; assume < 2; assume++) {
        p->frame.assume = assume;
        t_eval(p);
        assert_int_equal(p->hits[0], assume ? 0x1f : 0);
    }
    t_pack_end(p);
}

/* A gate that many rules name and that is worth a function, under both polarities. */
static void shared_gates_become_functions(void **state)
{
    struct text t;
    text_init(&t, t_arena(state));
    for (int i = 0; i < 20; i++)
        text_addf(&t, "%%%d = eq \"F%d\" \"abcdefghijklmnop%d\"\n", i, i, i);
    text_addz(&t, "%20 = and");
    for (int i = 0; i < 20; i++)
        text_addf(&t, " %%%d", i);
    text_addz(&t, "\n%21 = not %20\n%22 = exists \"X\"\n%23 = and %20 %22\n%24 = and %21 %22\n");
    for (int i = 20; i < 25; i++)
        text_addf(&t, "rule \"r\" = %%%d\n", i);
    text_add(&t, (struct str){"", 1});
    struct t_pack *p = t_pack(t_arena(state), t.p);
    assert_non_null(strstr(codegen_llvm(p->codegen, p->arena).p, "@is_"));
    *t_slot(p, "X") = T_KIND(SIGMATON_NULL);
    char field[8];
    static char texts[20][32];
    for (int i = 0; i < 20; i++) {
        snprintf(field, sizeof field, "F%d", i);
        snprintf(texts[i], sizeof texts[i], "ABCDEFGHIJKLMNOP%d", i);
        *t_slot(p, field) = (struct sigmaton_slot){.at.text = (const uint8_t *)texts[i],
                                                   .len = (uint32_t)strlen(texts[i]),
                                                   .kind = SIGMATON_TEXT};
    }
    t_eval(p);
    assert_int_equal(p->hits[0], 0x0d);
    texts[19][0] = '#';
    t_eval(p);
    assert_int_equal(p->hits[0], 0x16);
    t_pack_end(p);
}

/* and(x, not(and(x, not(...)))) as deep as written IR may be. */
static void deep_predicates_neither_overflow_nor_differ(void **state)
{
    enum { DEPTH = IR_DEPTH_MAX / 2 - 2 };
    struct text t;
    text_init(&t, t_arena(state));
    text_addz(&t, "%0 = exists \"A\"\n%1 = exists \"B\"\n");
    int last = 1;
    for (int i = 0; i < DEPTH; i++) {
        text_addf(&t, "%%%d = and %%0 %%%d\n%%%d = not %%%d\n", last + 1, last, last + 2, last + 1);
        last += 2;
    }
    text_addf(&t, "rule \"0\" = %%%d\n", last);
    text_add(&t, (struct str){"", 1});
    struct t_pack *p = t_pack(t_arena(state), t.p);
    for (unsigned event = 0; event < 4; event++) {
        bool a = event & 1, b = event & 2, want = b;
        for (int i = 0; i < DEPTH; i++)
            want = !(a && want);
        *t_slot(p, "A") = T_KIND(a ? SIGMATON_NULL : SIGMATON_ABSENT);
        *t_slot(p, "B") = T_KIND(b ? SIGMATON_NULL : SIGMATON_ABSENT);
        t_eval(p);
        assert_int_equal(t_hit(p, 0), want);
    }
    t_pack_end(p);
}

/* Eleven gates, each naming the one before three times: written out, a million leaves. */
static void code_is_linear_in_the_graph(void **state)
{
    struct text t;
    text_init(&t, t_arena(state));
    text_addz(&t, "%0 = eq \"A\" \"abcdefgh\"\n%1 = eq \"B\" \"abcdefgh\"\n%2 = or %0 %1\n");
    int last = 2;
    for (int i = 0; i < 11; i++) {
        text_addf(&t, "%%%d = and %%0 %%%d\n%%%d = or %%1 %%%d\n%%%d = at_least 2 %%%d %%%d %%%d\n",
                  last + 1, last, last + 2, last, last + 3, last, last + 1, last + 2);
        last += 3;
    }
    text_addf(&t, "rule \"0\" = %%%d\n", last);
    text_add(&t, (struct str){"", 1});
    struct t_pack *p = t_pack(t_arena(state), t.p);
    const uint8_t *object;
    size_t len;
    codegen_object(p->codegen, &object, &len);
    assert_true(len < 40000);
    t_pack_end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(gates_hold_as_logic_says),
        t_test(negations_hold_wherever_they_stand),
        t_test(only_candidates_are_asked),
        t_test(a_kernel_call_that_rules_share_is_made_once),
        t_test(kept_answers_stand_in_the_words_of_the_frame),
        t_test(many_counts_share_their_locals),
        t_test(a_regex_without_answer_leans_by_polarity),
        t_test(functions_lean_by_polarity_too),
        t_test(shared_gates_become_functions),
        t_test(deep_predicates_neither_overflow_nor_differ),
        t_test(code_is_linear_in_the_graph),
    };
    return t_run(tests);
}
