#include "opt_harness.h"

static const struct h_pair sets[] = {
    {"three make a set",
     "%0 = eq \"F\" \"b\"\n%1 = eq \"F\" \"a\"\n%2 = eq \"F\" \"c\"\n%3 = or %0 %1 %2\n"
     "rule \"r\" = %3\n",
     "%0 = eq_set \"F\" \"a\" \"b\" \"c\"\nrule \"r\" = %0\n"},
    {"two do not", "%0 = eq \"F\" \"b\"\n%1 = eq \"F\" \"a\"\n%2 = or %0 %1\nrule \"r\" = %2\n",
     NULL},
    {"nor do three of different fields or cases",
     "%0 = eq \"F\" \"a\"\n%1 = eq \"F\" \"b\"\n%2 = eq \"G\" \"c\"\n%3 = eq cased \"F\" \"d\"\n"
     "%4 = or %0 %1 %2 %3\nrule \"r\" = %4\n",
     NULL},
    {"others stay beside them",
     "%0 = any \"G\"\n%1 = suffix \"F\" \"ax\"\n%2 = suffix \"F\" \"bx\"\n%3 = suffix \"F\" "
     "\"by\"\n"
     "%4 = or %0 %1 %2 %3\nrule \"r\" = %4\n",
     "%0 = any \"G\"\n%1 = suffix_set \"F\" \"ax\" \"bx\" \"by\"\n%2 = or %0 %1\n"
     "rule \"r\" = %2\n"},
    {"sets grow",
     "%0 = prefix_set \"F\" \"a\" \"b\" \"c\"\n%1 = prefix \"F\" \"d\"\n%2 = or %0 %1\n"
     "rule \"r\" = %2\n",
     "%0 = prefix_set \"F\" \"a\" \"b\" \"c\" \"d\"\nrule \"r\" = %0\n"},
    {"and is left alone",
     "%0 = contains \"F\" \"a\"\n%1 = contains \"F\" \"b\"\n%2 = contains \"F\" \"ab\"\n"
     "%3 = and %0 %1 %2\nrule \"r\" = %3\n",
     NULL},
};

#define HOLDS_B "%0 = contains \"F\" \"b\"\nrule \"r\" = %0\n"

static const struct h_pair subsumed[] = {
    {"contains in contains",
     "%0 = contains \"F\" \"abc\"\n%1 = contains \"F\" \"b\"\n%2 = or %0 %1\nrule \"r\" = %2\n",
     HOLDS_B},
    {"contains at the start of contains",
     "%0 = contains \"F\" \"bc\"\n%1 = contains \"F\" \"b\"\n%2 = or %0 %1\nrule \"r\" = %2\n",
     HOLDS_B},
    {"everything in contains",
     "%0 = eq \"F\" \"b\"\n%1 = prefix \"F\" \"ab\"\n%2 = suffix \"F\" \"bbb\"\n"
     "%3 = contains \"F\" \"b\"\n%4 = or %0 %1 %2 %3\nrule \"r\" = %4\n",
     HOLDS_B},
    {"prefix in prefix, not suffix",
     "%0 = prefix \"F\" \"abc\"\n%1 = prefix \"F\" \"ab\"\n%2 = prefix \"F\" \"bc\"\n"
     "%3 = or %0 %1 %2\nrule \"r\" = %3\n",
     "%0 = prefix \"F\" \"ab\"\n%1 = prefix \"F\" \"bc\"\n%2 = or %0 %1\nrule \"r\" = %2\n"},
    {"suffix in suffix, not prefix",
     "%0 = suffix \"F\" \"abc\"\n%1 = suffix \"F\" \"bc\"\n%2 = suffix \"F\" \"ab\"\n"
     "%3 = or %0 %1 %2\nrule \"r\" = %3\n",
     "%0 = suffix \"F\" \"bc\"\n%1 = suffix \"F\" \"ab\"\n%2 = or %0 %1\nrule \"r\" = %2\n"},
    {"eq in prefix and in suffix",
     "%0 = eq \"F\" \"pxx\"\n%1 = eq \"F\" \"xxs\"\n%2 = eq \"F\" \"xx\"\n%3 = prefix \"F\" \"p\"\n"
     "%4 = suffix \"F\" \"s\"\n%5 = or %0 %1 %2 %3 %4\nrule \"r\" = %5\n",
     "%0 = eq \"F\" \"xx\"\n%1 = prefix \"F\" \"p\"\n%2 = suffix \"F\" \"s\"\n%3 = or %0 %1 %2\n"
     "rule \"r\" = %3\n"},
    {"nothing across fields or cases",
     "%0 = contains \"F\" \"abc\"\n%1 = contains \"G\" \"b\"\n%2 = contains cased \"F\" \"b\"\n"
     "%3 = or %0 %1 %2\nrule \"r\" = %3\n",
     NULL},
    {"any scalar swallows texts",
     "%0 = any \"F\"\n%1 = eq \"F\" \"b\"\n%2 = eq \"G\" \"b\"\n%3 = or %0 %1 %2\nrule \"r\" = "
     "%3\n",
     "%0 = any \"F\"\n%1 = eq \"G\" \"b\"\n%2 = or %0 %1\nrule \"r\" = %2\n"},
    {"the empty search swallows all",
     "%0 = eq \"F\" \"\"\n%1 = prefix \"F\" \"b\"\n%2 = contains \"F\" \"\"\n%3 = or %0 %1 %2\n"
     "rule \"r\" = %3\n",
     "%0 = contains \"F\" \"\"\nrule \"r\" = %0\n"},
};

#define PATTERNS4                                                                      \
    "%0 = wildcard \"F\" \"\\*aaaa\\*1\\*\"\n%1 = wildcard \"F\" \"\\*2\\*bbbb\\*\"\n" \
    "%2 = wildcard \"F\" \"\\*3\\*cccc\\*\"\n%3 = wildcard \"F\" \"\\*4\\*dddd\\*\"\n"
#define NEEDS "%6 = contains_set \"F\" \"aaaa\" \"bbbb\" \"cccc\" \"dddd\" \"eeee\"\n"

static const struct h_pair guards[] = {
    {"five patterns have one",
     PATTERNS4 "%4 = wildcard \"F\" \"\\*eeee\\?\\*\"\n%5 = or %0 %1 %2 %3 %4\nrule \"r\" = %5\n",
     PATTERNS4 "%4 = wildcard \"F\" \"\\*eeee\\?\\*\"\n"
               "%5 = or %0 %1 %2 %3 %4\n" NEEDS "%7 = and %5 %6\nrule \"r\" = %7\n"},
    {"four have none", PATTERNS4 "%4 = or %0 %1 %2 %3\nrule \"r\" = %4\n", NULL},
    {"nor those that begin or end with text",
     PATTERNS4 "%4 = wildcard \"F\" \"eeee\\*e\\*\"\n%5 = or %0 %1 %2 %3 %4\nrule \"r\" = %5\n",
     NULL},
    {"nor those of short texts",
     PATTERNS4 "%4 = wildcard \"F\" \"\\*eee\\*fff\\*\"\n%5 = or %0 %1 %2 %3 %4\nrule \"r\" = %5\n",
     NULL},
    {"nor those of another field or case",
     PATTERNS4
     "%4 = wildcard \"G\" \"\\*eeee\\*f\\*\"\n%5 = wildcard cased \"F\" \"\\*eeee\\*f\\*\"\n"
     "%6 = or %0 %1 %2 %3 %4 %5\nrule \"r\" = %6\n",
     NULL},
    {"an and of searches needs its longest text, a regex none",
     PATTERNS4 "%4 = contains \"F\" \"eee\"\n%5 = contains \"F\" \"eeee\"\n"
               "%6 = regex \"F\" \"a\"\n%7 = and %4 %5 %6\n%8 = or %0 %1 %2 %3 %7\n"
               "rule \"r\" = %8\n",
     PATTERNS4 "%4 = contains \"F\" \"eee\"\n%5 = contains \"F\" \"eeee\"\n"
               "%6 = regex \"F\" \"a\"\n%7 = and %4 %5 %6\n"
               "%8 = or %0 %1 %2 %3 %7\n%9 = contains_set \"F\" \"aaaa\" \"bbbb\" \"cccc\" "
               "\"dddd\" \"eeee\"\n"
               "%10 = and %8 %9\nrule \"r\" = %10\n"},
    {"an and that asks anything else has its own way to fail",
     PATTERNS4 "%4 = contains \"F\" \"eeee\"\n%5 = contains \"G\" \"eeeee\"\n%6 = and %4 %5\n"
               "%7 = or %0 %1 %2 %3 %6\nrule \"r\" = %7\n",
     NULL},
};

static void texts_of_one_kind_become_a_set(void **state)
{
    (void)state;
    H_ASSERT_PAIRS(OPT_VALUES, sets);
}

static void several_searches_have_a_guard(void **state)
{
    (void)state;
    H_ASSERT_PAIRS(OPT_VALUES, guards);
}

static void implied_texts_go(void **state)
{
    (void)state;
    H_ASSERT_PAIRS(OPT_VALUES, subsumed);
}

/* contains "b" beside a text of `len` a's with a b in the middle. */
static uint32_t rules_root_op(struct arena *a, size_t len)
{
    char *text = arena_alloc(a, len);
    memset(text, 'a', len);
    text[len / 2] = 'b';
    struct ir *ir = ir_new(a);
    struct ir_node n = {.op = IR_OP_CONTAINS, .text = {text, len}};
    uint32_t kids[2] = {ir_make(ir, &n)};
    n.text = STR("b");
    kids[1] = ir_make(ir, &n);
    ir_add_rule(ir, NULL, STR("r"), ir_gate(ir, IR_OP_OR, kids, 2));
    opt_run(ir, ~(1u << OPT_VALUES), NULL, NULL);
    return ir_get(ir, ir->rules[0].root)->op;
}

static void very_long_texts_are_not_searched(void **state)
{
    assert_int_equal(rules_root_op(t_arena(state), 512), IR_OP_CONTAINS);
    assert_int_equal(rules_root_op(t_arena(state), 513), IR_OP_OR);
}

/* Every text of 1 to 6 letters out of two against the definition of "implied". */
static void a_dense_set_is_thinned_out_as_the_definition_says(void **state)
{
    enum { N = 126 };
    struct arena *a = t_arena(state);
    struct ir *ir = ir_new(a);
    struct str texts[N];
    uint32_t kids[N], n = 0;
    for (unsigned len = 1; len <= 6; len++)
        for (unsigned bits = 0; bits < 1u << len; bits++) {
            char *text = arena_alloc(a, len);
            for (unsigned i = 0; i < len; i++)
                text[i] = bits >> i & 1 ? 'a' : 'b';
            texts[n++] = (struct str){text, len};
        }
    for (uint32_t i = 0; i < N; i++) { /* a few contains, the rest of the other kinds */
        enum ir_op op = i % 20 == 13 ? IR_OP_CONTAINS : (enum ir_op)(IR_OP_EQ + i % 3);
        kids[i] = ir_make(ir, &(struct ir_node){.op = op, .text = texts[i]});
    }
    ir_add_rule(ir, NULL, STR("r"), ir_gate(ir, IR_OP_OR, kids, N));
    opt_run(ir, ~(1u << OPT_VALUES), NULL, NULL);
    uint32_t left = 0;
    bool *reachable = ir_reachable(ir, a);
    for (uint32_t node = 0; node < ir->n_nodes; node++) {
        const struct ir_node *leaf = ir_get(ir, node);
        if (reachable[node] && ir_op_info(leaf->op)->kind != IR_GATE)
            left += ir_op_info(leaf->op)->kind == IR_SET ? leaf->n : 1;
    }
    uint32_t want = 0;
    for (uint32_t i = 0; i < N; i++) {
        const struct ir_node *x = ir_get(ir, kids[i]);
        bool implied = false;
        for (uint32_t j = 0; j < N && !implied; j++) {
            const struct ir_node *y = ir_get(ir, kids[j]);
            bool kinds = y->op == IR_OP_CONTAINS || y->op == x->op ||
                         (x->op == IR_OP_EQ && y->op != IR_OP_EQ);
            struct h_query q = {y->op, (const uint8_t *)y->text.p, (uint32_t)y->text.len, 0};
            struct sigmaton_slot leaf = h_text("");
            leaf.at.text = (const uint8_t *)x->text.p;
            leaf.len = (uint32_t)x->text.len;
            implied = j != i && kinds && h_leaf_text(&leaf, &q);
        }
        want += !implied;
    }
    assert_int_equal(left, want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(texts_of_one_kind_become_a_set),
        t_test(several_searches_have_a_guard),
        t_test(implied_texts_go),
        t_test(very_long_texts_are_not_searched),
        t_test(a_dense_set_is_thinned_out_as_the_definition_says),
    };
    return t_run(tests);
}
