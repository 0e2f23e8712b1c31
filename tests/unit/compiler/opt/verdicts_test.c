/* No pass changes a verdict: random IR over random events, judged by the interpreter before and
 * after each pass and all of them, with regexes that answer and regexes that end at limits. */
#include "opt_harness.h"

enum { IRS = 1500, EVENTS = 8, RULES = 6, MAX_NODES = 48, SLOTS = 3, LEAVES = 4 };
#ifndef SEED
#define SEED UINT64_C(20250802)
#endif

static uint32_t next_random(uint64_t *state, uint32_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33) % below;
}

/* ---- random IR ---- */

/* Texts are short and of few letters, so that they imply and hit one another. */
static struct str random_text(struct arena *a, uint64_t *random, bool cased)
{
    static const char *const folded[] = {"a", "b", "a", "b", "\xc3\xa9", "7"};
    static const char *const upper[] = {"A", "b", "a", "B", "\xc3\x89", "7"};
    struct text out;
    text_init(&out, a);
    uint32_t len = next_random(random, 24) == 0 ? 0 : 1 + next_random(random, 3);
    for (; len > 0; len--)
        text_addz(&out, (cased ? upper : folded)[next_random(random, 6)]);
    return out.len > 0 ? text_str(&out) : STR("");
}

static struct str random_pattern(struct arena *a, uint64_t *random, bool cased)
{
    struct text out;
    text_init(&out, a);
    for (uint32_t n = 1 + next_random(random, 3); n > 0; n--) {
        char wild = (char)(0xfd + next_random(random, 3));
        text_add(&out, random_text(a, random, cased));
        text_add(&out, (struct str){&wild, 1});
    }
    return text_str(&out);
}

static uint32_t random_leaf(struct ir *ir, uint64_t *random)
{
    static const enum ir_op ops[] = {
        IR_OP_EQ,     IR_OP_EQ,       IR_OP_PREFIX,     IR_OP_PREFIX,     IR_OP_SUFFIX,
        IR_OP_SUFFIX, IR_OP_CONTAINS, IR_OP_CONTAINS,   IR_OP_CONTAINS,   IR_OP_EQ_SET,
        IR_OP_REGEX,  IR_OP_REGEX,    IR_OP_PREFIX_SET, IR_OP_SUFFIX_SET, IR_OP_CONTAINS_SET,
        IR_OP_EXISTS, IR_OP_NULL,     IR_OP_ANY,        IR_OP_BOOL,       IR_OP_NUMBER,
        IR_OP_TIME,   IR_OP_WILDCARD, IR_OP_FIELDREF,   IR_OP_TRUE,       IR_OP_FALSE,
        IR_OP_REGEX,  IR_OP_REGEX,    IR_OP_REGEX,      IR_OP_REGEX,      IR_OP_REGEX,
    };
    static const uint32_t fields[] = {0, 1, 1, 1, 1, 2}; /* mostly one, so that texts meet */
    struct ir_node n = {.op = ops[next_random(random, sizeof ops / sizeof *ops)]};
    struct str texts[4];
    n.cased = next_random(random, 6) == 0;
    n.field = fields[next_random(random, 6)];
    n.other = 1 + next_random(random, SLOTS - 1);
    n.boolean = next_random(random, 2);
    n.compare = (uint8_t)next_random(random, 5);
    n.part = (uint8_t)next_random(random, 4);
    n.number.i = next_random(random, 3);
    n.text = random_text(ir->arena, random, n.cased);
    if (n.op == IR_OP_WILDCARD)
        n.text = random_pattern(ir->arena, random, n.cased);
    if (n.op == IR_OP_REGEX)
        n.text = h_regexes[next_random(random, H_REGEXES)];
    n.texts = texts;
    n.n = ir_op_info(n.op)->kind == IR_SET ? 1 + next_random(random, 4) : 0;
    for (uint32_t i = 0; i < n.n; i++)
        texts[i] = random_text(ir->arena, random, n.cased);
    return ir_make(ir, &n);
}

/* Two letters in a row of four to nine: texts long enough to be needed, and values that hold them.
 */
static struct str random_row(struct arena *a, uint64_t *random)
{
    uint32_t len = 4 + next_random(random, 6);
    char *row = arena_alloc(a, len);
    for (uint32_t i = 0; i < len; i++)
        row[i] = next_random(random, 3) ? 'a' : 'b';
    return (struct str){row, len};
}

/* A text, a pattern open at both ends, or now and then a regex. */
static uint32_t random_search(struct ir *ir, uint64_t *random)
{
    static const char wild[] = {(char)0xff, (char)0xfe};
    struct ir_node n = {.op = IR_OP_CONTAINS, .field = next_random(random, 8) ? 1 : 2};
    struct text pattern;
    n.text = random_row(ir->arena, random);
    n.text.len = n.text.len < 5 ? n.text.len : 5;
    uint32_t kind = next_random(random, 6);
    if (kind == 0) {
        n.op = IR_OP_REGEX;
        n.text = h_regexes[next_random(random, H_REGEXES)];
    } else if (kind < 3) {
        n.op = IR_OP_WILDCARD;
        text_init(&pattern, ir->arena);
        text_add(&pattern, (struct str){wild, 1});
        text_add(&pattern, n.text);
        text_add(&pattern, (struct str){wild + next_random(random, 2), 1});
        text_addz(&pattern, "a");
        text_add(&pattern, (struct str){wild, 1});
        n.text = text_str(&pattern);
    }
    return ir_make(ir, &n);
}

/* An OR of ANDs of searches. */
static uint32_t random_searches(struct ir *ir, uint64_t *random)
{
    uint32_t ands[9], parts[3], n = 4 + next_random(random, 6);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t n_parts = 1 + next_random(random, 3);
        for (uint32_t k = 0; k < n_parts; k++)
            parts[k] = random_search(ir, random);
        ands[i] = ir_gate(ir, IR_OP_AND, parts, n_parts);
    }
    return ir_gate(ir, IR_OP_OR, ands, n);
}

static uint32_t random_gate(struct ir *ir, uint64_t *random)
{
    static const enum ir_op ops[] = {IR_OP_AND, IR_OP_OR,  IR_OP_AND,     IR_OP_OR,
                                     IR_OP_OR,  IR_OP_NOT, IR_OP_AT_LEAST};
    uint32_t children[12];
    struct ir_node n = {.op = ops[next_random(random, 7)], .children = children};
    n.n = n.op == IR_OP_NOT ? 1 : 2 + next_random(random, 11);
    n.count = 1 + next_random(random, n.n);
    for (uint32_t i = 0; i < n.n; i++) {
        children[i] = next_random(random, ir->n_nodes);
        if (next_random(random, 3) > 0 && children[i] <= IR_TRUE) /* constants decide too much */
            children[i] = 2;
    }
    return ir_make(ir, &n);
}

static struct ir *random_ir(struct arena *a, uint64_t random)
{
    struct ir *ir = ir_new(a);
    names_intern(ir->names, STR("F"));
    names_intern(ir->names, STR("G"));
    while (ir->n_nodes < 3)
        random_leaf(ir, &random);
    uint32_t leaves = 2 + next_random(&random, MAX_NODES / 2);
    for (uint32_t i = 0; i < leaves; i++)
        random_leaf(ir, &random);
    for (uint32_t i = next_random(&random, MAX_NODES / 2); i > 0; i--)
        random_gate(ir, &random);
    for (uint32_t i = 0; i < RULES; i++)
        ir_add_rule(ir, NULL, STR("r"), random_gate(ir, &random));
    uint32_t searches = random_searches(ir, &random);
    ir_add_rule(ir, NULL, STR("r"), random % 2 ? searches : ir_not(ir, searches));
    return ir;
}

/* ---- random events ---- */

static struct sigmaton_slot random_scalar(struct arena *a, uint64_t *random)
{
    static const char *const texts[] = {"",   "a",  "B",   "aB",       "bA",    "abab", "z",
                                        "za", "cz", "aab", "\xc3\x89", "a-b/b", "7",    "A7b"};
    static const char *const numbers[] = {"0", "1", "2"};
    int64_t i = next_random(random, 3);
    struct sigmaton_slot truth = h_text(i ? "true" : "false");
    truth.kind = SIGMATON_BOOL;
    truth.number = i != 0;
    struct sigmaton_slot made = h_text("");
    struct str text =
        next_random(random, 4) == 0 ? random_row(a, random) : random_text(a, random, true);
    made.at.text = (const uint8_t *)text.p;
    made.len = (uint32_t)text.len;
    switch (next_random(random, 12)) {
    case 0:
        return truth;
    case 1:
        return h_int(i, numbers[i]);
    case 2:
        return h_kind(SIGMATON_NULL);
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
        return made;
    default:
        return h_text(texts[next_random(random, sizeof texts / sizeof *texts)]);
    }
}

static void random_slots(struct arena *a, uint64_t *random, struct sigmaton_slot *slots,
                         struct sigmaton_slot leaves[][LEAVES])
{
    static const uint32_t kinds[] = {SIGMATON_ABSENT, SIGMATON_EMPTY, SIGMATON_OBJECT};
    for (uint32_t i = 0; i < SLOTS; i++) {
        uint32_t pick = next_random(random, 10);
        slots[i] = pick < 3 ? h_kind(kinds[pick]) : random_scalar(a, random);
        if (pick < 7 && i != 0)
            continue;
        for (uint32_t j = 0; j < LEAVES; j++)
            leaves[i][j] = random_scalar(a, random);
        slots[i] = (struct sigmaton_slot){
            .at.leaves = leaves[i], .len = 1 + next_random(random, LEAVES), .kind = SIGMATON_LIST};
    }
}

/* ---- the claim ---- */

static uint64_t verdicts(struct arena *a, const struct ir *ir, uint64_t random, uint64_t *out)
{
    struct ir_judge *j = h_judge(a, ir);
    uint64_t any = 0;
    for (uint32_t i = 0; i < EVENTS; i++) {
        struct sigmaton_slot slots[SLOTS], leaves[SLOTS][LEAVES];
        random_slots(a, &random, slots, leaves);
        for (uint32_t assume = 0; assume < 2; assume++)
            any |= out[2 * i + assume] = h_eval(j, slots, assume);
    }
    return any;
}

static void assert_same_verdicts(uint64_t seed, unsigned off, const char *passes)
{
    struct arena *a = arena_create(T_ARENA_LIMIT);
    uint64_t want[2 * EVENTS], got[2 * EVENTS];
    verdicts(a, random_ir(a, seed), ~seed, want);
    struct ir *ir = random_ir(a, seed);
    struct str before = h_print(a, ir);
    opt_run(ir, off, NULL, NULL);
    const char *fault = ir_verify(ir, a);
    if (fault)
        print_error("%s\n", fault);
    assert_null(fault);
    verdicts(a, ir, ~seed, got);
    if (memcmp(want, got, sizeof want) != 0)
        print_error("seed %llu, %s:\n%.*s\n  becomes\n%.*s\n", (unsigned long long)seed, passes,
                    STR_ARG(before), STR_ARG(h_print(a, ir)));
    assert_memory_equal(want, got, sizeof want);
    arena_destroy(a);
}

static void no_pass_changes_a_verdict(void **state)
{
    (void)state;
    print_message("# seed %llu\n", (unsigned long long)SEED);
    for (uint64_t i = 0; i < IRS; i++)
        for (unsigned pass = 0; pass < OPT_PASS__COUNT; pass++)
            assert_same_verdicts(SEED + i, ~(1u << pass), opt_pass_name((enum opt_pass)pass));
}

static void all_passes_together_change_no_verdict(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < IRS; i++)
        assert_same_verdicts(SEED + i, 0, "all");
}

/* Guards the test itself: rules hit and miss, and limits make a difference. */
static void the_random_rules_are_not_trivial(void **state)
{
    (void)state;
    uint32_t hits = 0, unjudged = 0, n = 200;
    for (uint64_t i = 0; i < n; i++) {
        struct arena *a = arena_create(T_ARENA_LIMIT);
        uint64_t out[2 * EVENTS];
        verdicts(a, random_ir(a, SEED + i), ~(SEED + i), out);
        for (uint32_t k = 0; k < 2 * EVENTS; k += 2) {
            hits += (uint32_t)__builtin_popcountll(out[k]);
            unjudged += (uint32_t)__builtin_popcountll(out[k] ^ out[k + 1]);
        }
        arena_destroy(a);
    }
    uint32_t all = n * EVENTS * (RULES + 1);
    print_message("# %u of %u hit, %u end at a limit\n", hits, all, unjudged);
    assert_in_range(hits, all / 5, all * 4 / 5);
    assert_true(unjudged > all / 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(the_random_rules_are_not_trivial),
        t_test(no_pass_changes_a_verdict),
        t_test(all_passes_together_change_no_verdict),
    };
    return t_run(tests);
}
