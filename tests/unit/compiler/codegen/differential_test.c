/* Machine code against the interpreter: random predicates on random events. Texts end where a page
 * ends, so that a read beyond one is a fault. The seed is printed; SIGMATON_SEED sets it, and
 * SIGMATON_ROUNDS how many packs are tried. */
#include "pack_t.h"

#include <sigmaton/fold.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define N_FIELDS 5
#define N_RULES 70
#define N_EVENTS 60
#define N_TEXTS 64 /* places for texts, each at the end of a page */
#define TEXT_MAX 80

struct random {
    uint64_t x;
};

static uint32_t below(struct random *r, uint32_t n)
{
    r->x ^= r->x << 13;
    r->x ^= r->x >> 7;
    r->x ^= r->x << 17;
    return (uint32_t)((r->x * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % n;
}

static struct str field_name(struct arena *a, uint32_t i)
{
    return i == 0 ? STR("") : str_format(a, "F%u", i);
}

/* ---- texts: few letters, so that they meet ---- */

static const char *const letters[] = {"a",
                                      "A",
                                      "b",
                                      "B",
                                      "\\",
                                      ".",
                                      "5",
                                      "@",
                                      "`",
                                      "[",
                                      "{",
                                      "k",
                                      "\xc3\xa9",
                                      "\xc3\x89",
                                      "\xe2\x84\xaa",
                                      "\xf0\x9f\x98\x80",
                                      "\xc5\xbf",
                                      "s"};
#define N_LETTERS (sizeof letters / sizeof letters[0])

static const uint32_t lengths[] = {0, 1,  1,  2,  2,  3,  3,  4,  5,  7, 8,
                                   9, 12, 15, 16, 17, 24, 63, 64, 65, 70};

static struct str random_text(struct arena *a, struct random *r, bool ascii)
{
    struct text t;
    text_init(&t, a);
    uint32_t len = lengths[below(r, sizeof lengths / sizeof lengths[0])];
    uint32_t kinds = below(r, 3) == 0 ? 2 : ascii ? 12 : N_LETTERS;
    while (t.len < len)
        text_addz(&t, letters[below(r, kinds)]);
    return text_str(&t);
}

static struct str fold_text(struct arena *a, struct str s)
{
    struct text t;
    text_init(&t, a);
    for (const char *p = s.p, *end = str_end(s); p < end;) {
        char bytes[4];
        size_t n = utf8_put(sigmaton_fold(utf8_next(&p, end)), bytes);
        text_add(&t, (struct str){bytes, n});
    }
    return text_str(&t);
}

/* ---- predicates ---- */

static struct number random_number(struct random *r)
{
    static const double floats[] = {0.5, 5.0, -5.0, 1e300, 9007199254740993.0};
    static const int64_t ints[] = {0, 5, -5, INT64_MAX, INT64_MIN, 9007199254740993};
    switch (below(r, 4)) {
    case 0:
        return (struct number){.kind = NUMBER_FLOAT, .f = floats[below(r, 5)]};
    case 1:
        return (struct number){.kind = NUMBER_UINT, .u = UINT64_MAX - below(r, 2)};
    default:
        return (struct number){.kind = NUMBER_INT, .i = ints[below(r, 6)]};
    }
}

static struct str random_pattern(struct arena *a, struct random *r, bool cased)
{
    struct text t;
    text_init(&t, a);
    for (uint32_t i = 0, n = 1 + below(r, 5); i < n; i++) {
        struct str part = random_text(a, r, false);
        part = str_sub(part, 0, below(r, 2) ? 1 : 0);
        if (part.len > 0 && (unsigned char)part.p[0] < 0x80)
            text_add(&t, cased ? part : fold_text(a, part));
        static const char special[3][1] = {{(char)0xff}, {(char)0xfe}, {(char)0xfd}};
        if (below(r, 2))
            text_add(&t, (struct str){special[below(r, 3)], 1});
    }
    return text_str(&t);
}

static uint32_t random_leaf(struct ir *ir, struct arena *a, struct random *r)
{
    static const enum ir_op ops[] = {
        IR_OP_EXISTS,   IR_OP_NULL,   IR_OP_ANY,        IR_OP_BOOL,       IR_OP_NUMBER,
        IR_OP_NUMBER,   IR_OP_TIME,   IR_OP_EQ,         IR_OP_EQ,         IR_OP_PREFIX,
        IR_OP_PREFIX,   IR_OP_SUFFIX, IR_OP_SUFFIX,     IR_OP_CONTAINS,   IR_OP_WILDCARD,
        IR_OP_FIELDREF, IR_OP_EQ_SET, IR_OP_PREFIX_SET, IR_OP_SUFFIX_SET, IR_OP_CONTAINS_SET};
    struct str texts[6];
    struct ir_node n = {.op = ops[below(r, sizeof ops / sizeof ops[0])]};
    n.field = names_intern(ir->names, field_name(a, below(r, N_FIELDS)));
    n.other = names_intern(ir->names, field_name(a, 1 + below(r, N_FIELDS - 1)));
    n.cased = below(r, 4) == 0;
    n.boolean = below(r, 2);
    n.compare = (uint8_t)below(r, 5);
    n.part = (uint8_t)below(r, n.op == IR_OP_FIELDREF ? 4 : 6);
    n.number = random_number(r);
    n.text =
        n.op == IR_OP_WILDCARD ? random_pattern(a, r, n.cased) : random_text(a, r, below(r, 2));
    if (n.op != IR_OP_WILDCARD && !n.cased)
        n.text = fold_text(a, n.text);
    n.n = 2 + below(r, 5);
    n.texts = texts;
    for (uint32_t i = 0; i < n.n; i++) {
        texts[i] = random_text(a, r, below(r, 2));
        texts[i] = n.cased ? texts[i] : fold_text(a, texts[i]);
    }
    return ir_make(ir, &n);
}

static uint32_t random_gate(struct ir *ir, struct random *r, const uint32_t *from, uint32_t n_from)
{
    uint32_t children[4], n = 2 + below(r, 3);
    for (uint32_t i = 0; i < n; i++)
        children[i] = from[below(r, n_from)];
    switch (below(r, 5)) {
    case 0:
        return ir_not(ir, children[0]);
    case 1: {
        struct ir_node node = {.op = IR_OP_AT_LEAST, .children = children, .n = n};
        node.count = 1 + below(r, n);
        return ir_make(ir, &node);
    }
    case 2:
        return ir_gate(ir, IR_OP_OR, children, n);
    default:
        return ir_gate(ir, IR_OP_AND, children, n);
    }
}

static struct ir *random_ir(struct arena *a, struct random *r)
{
    struct ir *ir = ir_new(a);
    uint32_t made[160], n = 0;
    while (n < 100)
        made[n++] = random_leaf(ir, a, r);
    for (; n < 160; n++)
        made[n] = random_gate(ir, r, made, n);
    for (uint32_t i = 0; i < N_RULES; i++)
        ir_add_rule(ir, NULL, str_format(a, "%u", i), made[below(r, n)]);
    return ir;
}

/* ---- events ---- */

struct pages {
    uint8_t *base;
    size_t page;
    uint32_t next;
};

static void pages_open(struct pages *p)
{
    p->page = (size_t)sysconf(_SC_PAGESIZE);
    p->base = mmap(NULL, 2 * N_TEXTS * p->page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                   -1, 0);
    assert_true(p->base != MAP_FAILED);
    for (size_t i = 0; i < N_TEXTS; i++)
        assert_int_equal(mprotect(p->base + (2 * i + 1) * p->page, p->page, PROT_NONE), 0);
}

static const uint8_t *at_page_end(struct pages *p, struct str s)
{
    assert_true(p->next < N_TEXTS);
    uint8_t *end = p->base + (2 * (size_t)p->next++ + 1) * p->page;
    if (s.len > 0)
        memcpy(end - s.len, s.p, s.len);
    return end - s.len;
}

/* A text of the pack as it is, with other letters or with something around it; or any text. */
static struct str event_text(struct arena *a, struct random *r, const struct ir *ir)
{
    const struct ir_node *x = ir_get(ir, below(r, ir->n_nodes));
    struct str s = x->op == IR_OP_EQ_SET || x->op == IR_OP_PREFIX_SET ||
                           x->op == IR_OP_SUFFIX_SET || x->op == IR_OP_CONTAINS_SET
                       ? x->texts[below(r, x->n)]
                       : x->text;
    if (s.len == 0 || x->op == IR_OP_WILDCARD || below(r, 4) == 0)
        return random_text(a, r, below(r, 2));
    struct text t;
    text_init(&t, a);
    if (below(r, 4) == 0)
        text_add(&t, random_text(a, r, true));
    size_t at = t.len;
    text_add(&t, s);
    if (below(r, 4) == 0)
        text_add(&t, random_text(a, r, true));
    for (size_t i = at; i < at + s.len; i++)
        if (t.p[i] >= 'a' && t.p[i] <= 'z' && below(r, 2))
            t.p[i] = (char)(t.p[i] - 32);
    if (below(r, 3) == 0 && (t.p[at] & 0x80) == 0)
        t.p[at] ^= 0x20;
    if (below(r, 16) == 0) /* malformed */
        t.p[below(r, (uint32_t)t.len)] = (char)0x80;
    return str_sub(text_str(&t), 0, TEXT_MAX * 2);
}

static struct sigmaton_slot random_scalar(struct arena *a, struct random *r, const struct ir *ir,
                                          struct pages *pages)
{
    struct number n = random_number(r);
    struct sigmaton_slot s = {.kind = SIGMATON_TEXT};
    struct str text = STR("true");
    switch (below(r, 8)) {
    case 0:
        s.kind = SIGMATON_BOOL;
        s.number = below(r, 2);
        text = s.number ? STR("true") : STR("false");
        break;
    case 1:
        s.kind = n.kind == NUMBER_INT    ? SIGMATON_INT
                 : n.kind == NUMBER_UINT ? SIGMATON_UINT
                                         : SIGMATON_DOUBLE;
        s.number = n.kind == NUMBER_INT ? (uint64_t)n.i : n.u;
        if (n.kind == NUMBER_FLOAT)
            memcpy(&s.number, &n.f, 8);
        text = n.kind == NUMBER_INT    ? str_format(a, "%lld", (long long)n.i)
               : n.kind == NUMBER_UINT ? str_format(a, "%llu", (unsigned long long)n.u)
                                       : str_format(a, "%.17g", n.f);
        break;
    case 2:
        text = below(r, 2) ? STR("2024-05-06T07:08:09Z") : STR("FALSE");
        break;
    default:
        text = event_text(a, r, ir);
        break;
    }
    s.at.text = at_page_end(pages, text);
    s.len = (uint32_t)text.len;
    return s;
}

static struct sigmaton_slot random_slot(struct arena *a, struct random *r, const struct ir *ir,
                                        struct pages *pages)
{
    static const uint32_t others[] = {SIGMATON_ABSENT, SIGMATON_NULL, SIGMATON_EMPTY,
                                      SIGMATON_OBJECT};
    switch (below(r, 6)) {
    case 0:
        return (struct sigmaton_slot){.kind = others[below(r, 4)]};
    case 1: {
        struct sigmaton_slot list = {.kind = SIGMATON_LIST, .len = 1 + below(r, 4)};
        struct sigmaton_slot *leaves = ARENA_ARRAY(a, list.len, struct sigmaton_slot);
        for (uint32_t i = 0; i < list.len; i++)
            leaves[i] = below(r, 5) ? random_scalar(a, r, ir, pages) : T_KIND(SIGMATON_NULL);
        list.at.leaves = leaves;
        return list;
    }
    default:
        return random_scalar(a, r, ir, pages);
    }
}

static void compare(struct t_pack *p, struct random *r, uint32_t event)
{
    uint64_t want[(N_RULES + 63) / 64];
    for (uint32_t i = 0; i < p->n_words; i++)
        p->candidates[i] = below(r, 2) ? UINT64_MAX : r->x;
    p->frame.judge = p->judge;
    for (uint32_t i = 0; i < p->n_words; i++)
        want[i] = ir_judge_eval(srt_host(), p->slots, &p->frame, i, p->candidates[i]);
    t_eval(p);
    for (uint32_t rule = 0; rule < p->ir->n_rules; rule++) {
        if (t_hit(p, rule) == (want[rule / 64] >> (rule % 64) & 1))
            continue;
        struct text t;
        text_init(&t, p->arena);
        ir_print(&t, p->ir);
        print_error("%.*s", STR_ARG(text_str(&t)));
        fail_msg("event %u, rule %u: machine code says %d, the interpreter not", event, rule,
                 t_hit(p, rule));
    }
}

static void machine_code_and_interpreter_agree(void **state)
{
    (void)state;
    const char *seed = getenv("SIGMATON_SEED"), *rounds = getenv("SIGMATON_ROUNDS");
    struct random r = {seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL) * 2 + 1};
    print_message("# SIGMATON_SEED=%llu\n", (unsigned long long)r.x);
    struct pages pages = {0};
    pages_open(&pages);
    for (int round = 0; round < (rounds ? atoi(rounds) : 12); round++) {
        struct arena *a = arena_create(T_ARENA_LIMIT);
        struct t_pack *p = t_pack_ir(a, random_ir(a, &r));
        for (uint32_t event = 0; event < N_EVENTS; event++) {
            pages.next = 0;
            for (uint32_t i = 0; i < p->plan->n_slots; i++)
                if (p->plan->slots[i].flags & SIGMATON_SLOT_RULE)
                    p->slots[i] = random_slot(a, &r, p->ir, &pages);
            compare(p, &r, event);
        }
        t_pack_end(p);
        arena_destroy(a);
    }
    munmap(pages.base, 2 * N_TEXTS * pages.page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(machine_code_and_interpreter_agree)};
    return t_run(tests);
}
