/* For the tests of ir/ and opt/: IR from text and back, and a host whose functions are the shortest
 * that could be right. */
#ifndef SIGMATON_TESTS_IR_HARNESS_H
#define SIGMATON_TESTS_IR_HARNESS_H

#include <sigmaton/fold.h>
#include <sigmaton/pack.h>

#include "t.h"

#include "ir.h"
#include "ir_eval.h"

/* ---- text in, text out ---- */

struct h_parsed {
    struct ir *ir; /* NULL: refused */
    struct diag_sink *sink;
    struct sources *sources;
};

static inline struct h_parsed h_parse_str(struct arena *a, struct str text)
{
    struct h_parsed p = {.sources = sources_new(a)};
    p.sink = diag_sink_new(a, p.sources);
    uint32_t file = sources_add(p.sources, STR("test.ir"), text);
    p.ir = ir_parse(a, p.sink, p.sources, file);
    return p;
}

/* A text that must parse. */
static inline struct ir *h_parse(struct arena *a, const char *text)
{
    struct h_parsed p = h_parse_str(a, str_of(text));
    for (size_t i = 0; i < diag_count(p.sink); i++)
        print_error("%.*s\n", STR_ARG(diag_get(p.sink, i)->message));
    assert_non_null(p.ir);
    assert_null(ir_verify(p.ir, a));
    return p.ir;
}

static inline struct str h_print(struct arena *a, const struct ir *ir)
{
    struct text out;
    text_init(&out, a);
    ir_print(&out, ir);
    return text_str(&out);
}

/* ---- slots ---- */

static inline struct sigmaton_slot h_text(const char *z)
{
    return (struct sigmaton_slot){
        .at.text = (const uint8_t *)z, .len = (uint32_t)strlen(z), .kind = SIGMATON_TEXT};
}

static inline struct sigmaton_slot h_int(int64_t i, const char *z)
{
    struct sigmaton_slot s = h_text(z);
    s.kind = SIGMATON_INT;
    s.number = (uint64_t)i;
    return s;
}

static inline struct sigmaton_slot h_kind(uint32_t kind)
{
    return (struct sigmaton_slot){.kind = kind};
}

/* ---- the host ---- */

struct h_query {
    enum ir_op op;
    const uint8_t *text;
    uint32_t len, flags;
};

/* Folded into out; returns the bytes. Test texts are short. */
static inline uint32_t h_fold(const uint8_t *p, uint32_t len, bool cased, char out[256])
{
    const char *at = (const char *)p, *end = at + len;
    size_t n = 0;
    while (at < end) {
        uint32_t c = utf8_next(&at, end);
        n += utf8_put(cased ? c : sigmaton_fold(c), out + n);
    }
    return (uint32_t)n;
}

static inline bool h_wild(const uint8_t *p, const uint8_t *pe, const char *s, const char *se)
{
    if (p == pe)
        return s == se;
    if (*p == SIGMATON_WILD_STAR)
        return h_wild(p + 1, pe, s, se) || (s < se && h_wild(p, pe, s + 1, se));
    if (s == se)
        return false;
    const char *next = s;
    uint32_t c = utf8_next(&next, se);
    if (*p == SIGMATON_WILD_ONE)
        return h_wild(p + 1, pe, next, se);
    if (*p == SIGMATON_WILD_DASH)
        return (c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015)) &&
               h_wild(p + 1, pe, next, se);
    return (uint8_t)*s == *p && h_wild(p + 1, pe, s + 1, se);
}

static inline bool h_leaf_text(const struct sigmaton_slot *leaf, const struct h_query *q)
{
    char buffer[256];
    if (!(leaf->kind & SIGMATON_SCALAR))
        return false;
    struct str s = {buffer, h_fold(leaf->at.text, leaf->len, q->flags & SIGMATON_CASED, buffer)};
    struct str t = {(const char *)q->text, q->len};
    switch (q->op) {
    case IR_OP_EQ:
        return str_eq(s, t);
    case IR_OP_PREFIX:
        return str_starts(s, t);
    case IR_OP_SUFFIX:
        return str_ends(s, t);
    case IR_OP_CONTAINS:
        for (size_t i = 0; i <= s.len; i++)
            if (str_starts(str_sub(s, i, s.len), t))
                return true;
        return false;
    default:
        return h_wild(q->text, q->text + q->len, s.p, s.p + s.len);
    }
}

static inline int32_t h_some_leaf(const struct sigmaton_slot *s, const struct h_query *q)
{
    if (s->kind != SIGMATON_LIST)
        return h_leaf_text(s, q);
    for (uint32_t i = 0; i < s->len; i++)
        if (h_leaf_text(&s->at.leaves[i], q))
            return 1;
    return 0;
}

#define H_TEXT_FUNCTION(name, op)                                                             \
    static inline int32_t name(const struct sigmaton_slot *s, const uint8_t *t, uint32_t len, \
                               uint32_t flags)                                                \
    {                                                                                         \
        return h_some_leaf(s, &(struct h_query){op, t, len, flags});                          \
    }
H_TEXT_FUNCTION(h_eq, IR_OP_EQ)
H_TEXT_FUNCTION(h_prefix, IR_OP_PREFIX)
H_TEXT_FUNCTION(h_suffix, IR_OP_SUFFIX)
H_TEXT_FUNCTION(h_contains, IR_OP_CONTAINS)
H_TEXT_FUNCTION(h_wildcard, IR_OP_WILDCARD)

static inline bool h_some_kind(const struct sigmaton_slot *s, uint32_t kinds)
{
    bool found = s->kind & kinds;
    for (uint32_t i = 0; s->kind == SIGMATON_LIST && i < s->len; i++)
        found |= (s->at.leaves[i].kind & kinds) != 0;
    return found;
}

static inline int32_t h_any(const struct sigmaton_slot *s)
{
    return h_some_kind(s, SIGMATON_SCALAR);
}

static inline int32_t h_null(const struct sigmaton_slot *s)
{
    return s->kind == SIGMATON_ABSENT || h_some_kind(s, SIGMATON_NULL);
}

static inline int32_t h_boolean(const struct sigmaton_slot *s, uint32_t value)
{
    return s->kind == SIGMATON_BOOL && s->number == value;
}

/* Signed integers only. */
static inline int32_t h_number(const struct sigmaton_slot *s, uint32_t compare, uint32_t kind,
                               uint64_t number)
{
    if (s->kind != SIGMATON_INT || kind != SIGMATON_INT)
        return 0;
    int64_t x = (int64_t)s->number, y = (int64_t)number;
    switch ((enum sigmaton_compare)compare) {
    case SIGMATON_EQ:
        return x == y;
    case SIGMATON_LT:
        return x < y;
    case SIGMATON_LTE:
        return x <= y;
    case SIGMATON_GT:
        return x > y;
    case SIGMATON_GTE:
        break;
    }
    return x >= y;
}

/* Not about addresses: says what it was asked, for single text leaves "v4" and "v6". */
static inline int32_t h_cidr(const struct sigmaton_slot *s, const uint8_t *address, uint32_t prefix,
                             uint32_t is_v6)
{
    return s->kind == SIGMATON_TEXT && prefix % 8 == 0 && address[0] != 0 &&
           s->at.text[1] == (is_v6 ? '6' : '4');
}

static inline int32_t h_fieldref(const struct sigmaton_slot *s, const struct sigmaton_slot *other,
                                 uint32_t affix, uint32_t flags)
{
    static const enum ir_op ops[] = {IR_OP_EQ, IR_OP_PREFIX, IR_OP_SUFFIX, IR_OP_CONTAINS};
    char buffer[256];
    if (!(other->kind & SIGMATON_SCALAR))
        return 0;
    uint32_t len = h_fold(other->at.text, other->len, flags & SIGMATON_CASED, buffer);
    return h_some_leaf(s, &(struct h_query){ops[affix], (const uint8_t *)buffer, len, flags});
}

/* Holds where the text has as many bytes as the number says, part of a time or not. */
static inline int32_t h_time(const struct sigmaton_slot *s, uint32_t part, uint32_t compare,
                             uint32_t kind, uint64_t number)
{
    return s->kind == SIGMATON_TEXT && kind == SIGMATON_INT && compare <= SIGMATON_GTE &&
           part <= SIGMATON_YEAR && s->len == number;
}

/* Regex i searches for the i-th letter, and is at its limit in texts that have a z. */
static inline int32_t h_regex(struct sigmaton_frame *frame, const struct sigmaton_slot *s,
                              uint32_t index, uint32_t negative)
{
    uint8_t letter = (uint8_t)('a' + index);
    if (h_contains(s, (const uint8_t *)"z", 1, 0)) {
        frame->limits_hit++;
        return (frame->assume != 0) != (negative != 0);
    }
    return h_contains(s, &letter, 1, SIGMATON_CASED);
}

static const struct sigmaton_host h_host = {
    .size = sizeof(struct sigmaton_host),
    .eq = h_eq,
    .prefix = h_prefix,
    .suffix = h_suffix,
    .contains = h_contains,
    .wildcard = h_wildcard,
    .any = h_any,
    .null = h_null,
    .boolean = h_boolean,
    .number = h_number,
    .cidr = h_cidr,
    .fieldref = h_fieldref,
    .time = h_time,
    .regex = h_regex,
};

/* The table of h_regex: "a" is 0, "b" is 1, .. */
#define H_REGEXES 4
static const struct str h_regexes[H_REGEXES] = {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}};

/* A judge whose slot numbers are the names' numbers: slot 0 is the keywords'. */
static inline struct ir_judge *h_judge(struct arena *a, const struct ir *ir)
{
    uint32_t *slot_of = ARENA_ARRAY(a, names_count(ir->names), uint32_t);
    for (uint32_t i = 0; i < names_count(ir->names); i++)
        slot_of[i] = i;
    struct ir_judge *j = ir_judge_new(a, ir, slot_of, h_regexes, H_REGEXES);
    assert_non_null(j);
    return j;
}

/* The verdicts on the rules (at most 64) as bits. */
static inline uint64_t h_eval(const struct ir_judge *j, const struct sigmaton_slot *slots,
                              uint32_t assume)
{
    struct sigmaton_frame frame = {.size = sizeof frame, .assume = assume, .judge = j};
    return ir_judge_eval(&h_host, slots, &frame, 0, UINT64_MAX);
}

#endif
