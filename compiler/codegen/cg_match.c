/* Leaf predicates: what is cheap is written out, the rest asks the host. */
#include <assert.h>

#include "build.h"

#define SLOT_SIZE sizeof(struct sigmaton_slot)
#define ASKED (SIGMATON_SCALAR | SIGMATON_LIST)

_Static_assert((int)COMPARE_GTE == (int)SIGMATON_GTE, "comparisons are one enumeration");
_Static_assert((int)TIME_YEAR == (int)SIGMATON_YEAR, "time parts are one enumeration");
_Static_assert((int)AFFIX_INSIDE == (int)SIGMATON_INSIDE, "affixes are one enumeration");

struct leaf {
    const struct ir_node *x;
    uint32_t node;
    uint32_t slot_off; /* of the field's slot */
    bool negative;
    LLVMBasicBlockRef yes, no;
};

/* ---- parts ---- */

static uint32_t slot_off(struct cg_module *cg, uint32_t field)
{
    return cg->plan->slot_of[field] * (uint32_t)SLOT_SIZE;
}

static LLVMValueRef load_kind(struct cg_module *cg, const struct leaf *l)
{
    return build_load(cg, cg->i32, cg->slots, l->slot_off + OFFSET_sigmaton_slot_kind);
}

static void if_kind(struct cg_module *cg, const struct leaf *l, uint32_t kinds,
                    LLVMBasicBlockRef yes, LLVMBasicBlockRef no)
{
    build_if_bits(cg, load_kind(cg, l), kinds, yes, no);
}

static void ask_host(struct cg_module *cg, const struct leaf *l, enum cg_host function, unsigned n,
                     LLVMValueRef *arguments)
{
    static const uint16_t offsets[CG_HOST__COUNT] = {
        [CG_HOST_EQ] = OFFSET_sigmaton_host_eq,
        [CG_HOST_PREFIX] = OFFSET_sigmaton_host_prefix,
        [CG_HOST_SUFFIX] = OFFSET_sigmaton_host_suffix,
        [CG_HOST_CONTAINS] = OFFSET_sigmaton_host_contains,
        [CG_HOST_WILDCARD] = OFFSET_sigmaton_host_wildcard,
        [CG_HOST_SET] = OFFSET_sigmaton_host_set,
        [CG_HOST_ANY] = OFFSET_sigmaton_host_any,
        [CG_HOST_NULL] = OFFSET_sigmaton_host_null,
        [CG_HOST_BOOLEAN] = OFFSET_sigmaton_host_boolean,
        [CG_HOST_NUMBER] = OFFSET_sigmaton_host_number,
        [CG_HOST_CIDR] = OFFSET_sigmaton_host_cidr,
        [CG_HOST_FIELDREF] = OFFSET_sigmaton_host_fieldref,
        [CG_HOST_TIME] = OFFSET_sigmaton_host_time,
        [CG_HOST_REGEX] = OFFSET_sigmaton_host_regex,
    };
    LLVMValueRef entry = build_load(cg, cg->ptr, cg->host, offsets[function]);
    LLVMValueRef holds =
        LLVMBuildCall2(cg->builder, cg->host_types[function], entry, arguments, n, "");
    build_if(cg, LLVMIntNE, holds, build_i32(cg, 0), l->yes, l->no);
}

static LLVMValueRef slot(struct cg_module *cg, const struct leaf *l)
{
    return build_at(cg, cg->slots, l->slot_off);
}

/* ---- texts ---- */

static enum cg_host text_host(enum ir_op op)
{
    switch (op) {
    case IR_OP_EQ:
        return CG_HOST_EQ;
    case IR_OP_PREFIX:
        return CG_HOST_PREFIX;
    case IR_OP_SUFFIX:
        return CG_HOST_SUFFIX;
    case IR_OP_CONTAINS:
        return CG_HOST_CONTAINS;
    default:
        return CG_HOST_WILDCARD;
    }
}

static void ask_text(struct cg_module *cg, const struct leaf *l)
{
    LLVMValueRef arguments[4] = {slot(cg, l), cg_blob(cg, cg->plan->blob_of[l->node]),
                                 build_i32(cg, (uint32_t)l->x->text.len),
                                 build_i32(cg, plan_text_flags(l->x))};
    ask_host(cg, l, text_host(l->x->op), 4, arguments);
}

/* Some word of it can be compared here. */
static bool is_anchored(const struct ir_node *x)
{
    bool anchored = x->op == IR_OP_EQ || x->op == IR_OP_PREFIX || x->op == IR_OP_SUFFIX;
    return anchored && plan_text_flags(x) != 0;
}

static unsigned word_size(size_t len)
{
    return len >= 8 ? 8 : len >= 4 ? 4 : len >= 2 ? 2 : 1;
}

/* Where the compare counts from: the start of the slot's text; for a suffix, its end. */
static LLVMValueRef text_base(struct cg_module *cg, const struct leaf *l)
{
    LLVMValueRef p = build_load(cg, cg->ptr, cg->slots, l->slot_off + OFFSET_sigmaton_slot_at);
    if (l->x->op != IR_OP_SUFFIX)
        return p;
    LLVMValueRef len = build_load(cg, cg->i32, cg->slots, l->slot_off + OFFSET_sigmaton_slot_len);
    LLVMValueRef end = LLVMBuildZExt(cg->builder, len, cg->i64, "");
    return LLVMBuildGEP2(cg->builder, cg->i8, p, &end, 1, "");
}

/* Branches on the word at `off` of the pattern: (word | mask) == want, the mask under letters,
 * which is exact: a byte or-ed with 0x20 is a lower-case letter for that letter alone, in either
 * case. */
static void if_word(struct cg_module *cg, const struct ir_node *x, LLVMValueRef base, size_t off,
                    LLVMBasicBlockRef yes, LLVMBasicBlockRef no)
{
    unsigned size = word_size(x->text.len);
    uint64_t want = 0, mask = 0;
    for (unsigned i = 0; i < size; i++) {
        unsigned char c = (unsigned char)x->text.p[off + i];
        want |= (uint64_t)c << (8 * i);
        if (!x->cased && c >= 'a' && c <= 'z')
            mask |= UINT64_C(0x20) << (8 * i);
    }
    LLVMTypeRef in_memory = size == 8   ? cg->i64
                            : size == 4 ? cg->i32
                            : size == 2 ? cg->i16
                                        : cg->i8;
    LLVMTypeRef type = size == 8 ? cg->i64 : cg->i32;
    LLVMValueRef word =
        build_load(cg, in_memory, base, x->op == IR_OP_SUFFIX ? off - x->text.len : off);
    LLVMSetAlignment(word, 1);
    if (size < 4)
        word = LLVMBuildZExt(cg->builder, word, type, "");
    if (mask != 0)
        word = LLVMBuildOr(cg->builder, word, LLVMConstInt(type, mask, 0), "");
    build_if(cg, LLVMIntEQ, word, LLVMConstInt(type, want, 0), yes, no);
}

/* Up to two words, the last of which ends with the text and may overlap the one before, are the
 * whole text. Of a longer one the word that tells most (names differ before their extension, paths
 * behind their folder) is compared here, and the host is asked where that fits: nearly always a
 * hit. */
static void compare_words(struct cg_module *cg, const struct leaf *l, LLVMBasicBlockRef ask)
{
    size_t len = l->x->text.len, size = word_size(len);
    LLVMValueRef base = text_base(cg, l);
    if (len > CG_INLINE_TEXT_MAX) {
        if_word(cg, l->x, base, l->x->op == IR_OP_SUFFIX ? 0 : len - size, ask, l->no);
        return;
    }
    if (len > size) {
        LLVMBasicBlockRef next = build_block(cg, "");
        if_word(cg, l->x, base, 0, next, l->no);
        build_from(cg, next);
        base = text_base(cg, l);
    }
    if_word(cg, l->x, base, len - size, l->yes, l->no);
}

_Static_assert(OFFSET_sigmaton_slot_kind == OFFSET_sigmaton_slot_len + 4, "loaded as one word");

/* Kind and length stand side by side, so that one compare says "a text, and long enough". What is
 * neither a text nor nothing goes to the host. */
static void match_anchored(struct cg_module *cg, const struct leaf *l)
{
    const struct ir_node *x = l->x;
    uint64_t text = (uint64_t)SIGMATON_TEXT << 32, len = x->text.len;
    LLVMBasicBlockRef other = build_block(cg, ""), ask = build_block(cg, "");
    LLVMBasicBlockRef fits = len == 0 ? l->yes : build_block(cg, "");
    LLVMValueRef word = build_load(cg, cg->i64, cg->slots, l->slot_off + OFFSET_sigmaton_slot_len);
    if (x->op == IR_OP_EQ) {
        build_if(cg, LLVMIntEQ, word, build_i64(cg, text | len), fits, other);
    } else {
        word = LLVMBuildSub(cg->builder, word, build_i64(cg, text | len), "");
        build_if(cg, LLVMIntULE, word, build_i64(cg, UINT32_MAX - len), fits, other);
    }
    build_from(cg, other);
    if_kind(cg, l, ASKED & ~SIGMATON_TEXT, ask, l->no);
    build_from(cg, ask);
    ask_text(cg, l);
    if (len > 0) {
        build_from(cg, fits);
        compare_words(cg, l, ask);
    }
}

/* ---- the other leaves ---- */

static void ask_number(struct cg_module *cg, const struct leaf *l)
{
    LLVMValueRef arguments[4] = {slot(cg, l), build_i32(cg, l->x->compare),
                                 build_i32(cg, plan_number_kind(&l->x->number)),
                                 build_i64(cg, plan_number_bits(&l->x->number))};
    ask_host(cg, l, CG_HOST_NUMBER, 4, arguments);
}

/* An integer against an integer is one compare; event ids are nothing else. */
static void match_number(struct cg_module *cg, const struct leaf *l)
{
    static const LLVMIntPredicate predicates[] = {[COMPARE_EQ] = LLVMIntEQ,
                                                  [COMPARE_LT] = LLVMIntSLT,
                                                  [COMPARE_LTE] = LLVMIntSLE,
                                                  [COMPARE_GT] = LLVMIntSGT,
                                                  [COMPARE_GTE] = LLVMIntSGE};
    if (l->x->number.kind == NUMBER_INT) {
        LLVMBasicBlockRef integer = build_block(cg, ""), other = build_block(cg, "");
        if_kind(cg, l, SIGMATON_INT, integer, other);
        build_from(cg, integer);
        LLVMValueRef number =
            build_load(cg, cg->i64, cg->slots, l->slot_off + OFFSET_sigmaton_slot_number);
        build_if(cg, predicates[l->x->compare], number, build_i64(cg, (uint64_t)l->x->number.i),
                 l->yes, l->no);
        build_from(cg, other);
    }
    ask_number(cg, l);
}

/* A list, which the host judges; anything else is none. */
static void ask_list(struct cg_module *cg, const struct leaf *l, enum cg_host function)
{
    LLVMBasicBlockRef list = build_block(cg, "");
    if_kind(cg, l, SIGMATON_LIST, list, l->no);
    build_from(cg, list);
    LLVMValueRef arguments[1] = {slot(cg, l)};
    ask_host(cg, l, function, 1, arguments);
}

static void match_null(struct cg_module *cg, const struct leaf *l)
{
    LLVMBasicBlockRef other = build_block(cg, "");
    build_if(cg, LLVMIntULE, load_kind(cg, l), build_i32(cg, SIGMATON_NULL), l->yes, other);
    build_from(cg, other);
    ask_list(cg, l, CG_HOST_NULL);
}

static void match_any(struct cg_module *cg, const struct leaf *l)
{
    LLVMBasicBlockRef other = build_block(cg, "");
    if_kind(cg, l, SIGMATON_SCALAR, l->yes, other);
    build_from(cg, other);
    ask_list(cg, l, CG_HOST_ANY);
}

/* Leaves that the host judges, once the slot holds anything that it could like. */
static void match_hosted(struct cg_module *cg, const struct leaf *l)
{
    const struct ir_node *x = l->x;
    uint32_t blob = cg->plan->blob_of[l->node];
    LLVMBasicBlockRef ask = build_block(cg, "");
    if_kind(cg, l, ASKED, ask, l->no);
    build_from(cg, ask);
    LLVMValueRef a[5] = {slot(cg, l)};
    switch (x->op) {
    case IR_OP_BOOL:
        a[1] = build_i32(cg, x->boolean);
        ask_host(cg, l, CG_HOST_BOOLEAN, 2, a);
        break;
    case IR_OP_TIME:
        a[1] = build_i32(cg, x->part);
        a[2] = build_i32(cg, x->compare);
        a[3] = build_i32(cg, plan_number_kind(&x->number));
        a[4] = build_i64(cg, plan_number_bits(&x->number));
        ask_host(cg, l, CG_HOST_TIME, 5, a);
        break;
    case IR_OP_CIDR:
        a[1] = cg_blob(cg, blob);
        a[2] = build_i32(cg, x->network.prefix);
        a[3] = build_i32(cg, x->network.v6);
        ask_host(cg, l, CG_HOST_CIDR, 4, a);
        break;
    case IR_OP_FIELDREF:
        a[1] = build_at(cg, cg->slots, slot_off(cg, x->other));
        a[2] = build_i32(cg, x->part);
        a[3] = build_i32(cg, x->cased ? SIGMATON_CASED : 0);
        ask_host(cg, l, CG_HOST_FIELDREF, 4, a);
        break;
    case IR_OP_REGEX:
        a[1] = a[0];
        a[0] = cg->frame;
        a[2] = build_i32(cg, cg->plan->regex_of[l->node]);
        a[3] = build_i32(cg, l->negative);
        ask_host(cg, l, CG_HOST_REGEX, 4, a);
        break;
    case IR_OP_EQ_SET:
    case IR_OP_PREFIX_SET:
    case IR_OP_SUFFIX_SET:
    case IR_OP_CONTAINS_SET:
        a[1] = cg_blob(cg, blob);
        ask_host(cg, l, CG_HOST_SET, 2, a);
        break;
    default:
        ask_text(cg, l);
        break;
    }
}

static void match_leaf(struct cg_module *cg, const struct leaf *l)
{
    switch (l->x->op) {
    case IR_OP_EXISTS:
        build_if(cg, LLVMIntNE, load_kind(cg, l), build_i32(cg, SIGMATON_ABSENT), l->yes, l->no);
        break;
    case IR_OP_NULL:
        match_null(cg, l);
        break;
    case IR_OP_ANY:
        match_any(cg, l);
        break;
    case IR_OP_NUMBER:
        match_number(cg, l);
        break;
    default:
        if (is_anchored(l->x))
            match_anchored(cg, l);
        else
            match_hosted(cg, l);
        break;
    }
}

/* ---- answers kept for the event ---- */

static LLVMValueRef load_memo(struct cg_module *cg)
{
    return build_load(cg, cg->ptr, cg->frame, OFFSET_sigmaton_frame_memo);
}

static void set_bit(struct cg_module *cg, uint64_t off, uint64_t bit)
{
    LLVMValueRef memo = load_memo(cg), word = build_load(cg, cg->i64, memo, off);
    build_store(cg, LLVMBuildOr(cg->builder, word, build_i64(cg, bit), ""), memo, off);
}

static void match_kept(struct cg_module *cg, struct leaf *l, uint32_t number)
{
    uint64_t known = (uint64_t)(number / 64) * 16, value = known + 8;
    uint64_t bit = UINT64_C(1) << (number % 64);
    LLVMBasicBlockRef seen = build_block(cg, ""), ask = build_block(cg, ""),
                      is = build_block(cg, ""), is_not = build_block(cg, "");
    build_if_bits(cg, build_load(cg, cg->i64, load_memo(cg), known), bit, seen, ask);
    build_from(cg, seen);
    build_if_bits(cg, build_load(cg, cg->i64, load_memo(cg), value), bit, l->yes, l->no);
    build_from(cg, is);
    set_bit(cg, known, bit);
    set_bit(cg, value, bit);
    LLVMBuildBr(cg->builder, l->yes);
    build_from(cg, is_not);
    set_bit(cg, known, bit);
    LLVMBuildBr(cg->builder, l->no);
    build_from(cg, ask);
    l->yes = is;
    l->no = is_not;
    match_leaf(cg, l);
}

/* One call for all of the list. */
void cg_probe(struct cg_module *cg, const struct plan_probes *probes, bool negative,
              LLVMBasicBlockRef yes, LLVMBasicBlockRef no)
{
    assert(probes->off[negative] != 0);
    LLVMValueRef arguments[2] = {cg->frame, build_i32(cg, probes->off[negative])};
    LLVMValueRef holds =
        LLVMBuildCall2(cg->builder, cg->host_types[CG_HOST_PROBE], cg->host, arguments, 2, "");
    build_if(cg, LLVMIntNE, holds, build_i32(cg, 0), yes, no);
}

void cg_match(struct cg_module *cg, uint32_t node, bool negative, LLVMBasicBlockRef yes,
              LLVMBasicBlockRef no)
{
    if (cg->probing) {
        assert(cg->plan->probes_at[node] < cg->plan->probes_at[node + 1]);
        cg_probe(cg, &cg->plan->probes[cg->plan->probes_at[node]], negative, yes, no);
        return;
    }
    const struct ir_node *x = ir_get(cg->plan->ir, node);
    struct leaf l = {x, node, slot_off(cg, x->field), negative, yes, no};
    if (cg->plan->memo_of[node] != PLAN_NO_MEMO)
        match_kept(cg, &l, cg->plan->memo_of[node]);
    else
        match_leaf(cg, &l);
}

/* Counted off the functions above; it decides what becomes a function, not what the code does. */
uint32_t cg_match_size(const struct cg_module *cg, uint32_t node)
{
    const struct ir_node *x = ir_get(cg->plan->ir, node);
    uint32_t kept = cg->plan->memo_of[node] != PLAN_NO_MEMO ? 22 : 0;
    if (cg->probing)
        return CG_PROBE_SIZE;
    switch (x->op) {
    case IR_OP_FALSE:
    case IR_OP_TRUE:
        return 1;
    case IR_OP_EXISTS:
        return 4;
    case IR_OP_NULL:
    case IR_OP_ANY:
        return 13;
    case IR_OP_NUMBER:
        return 14;
    default:
        return kept + (is_anchored(x) ? 24 : 10);
    }
}
