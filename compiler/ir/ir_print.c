#include "ir.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include <sigmaton/pack.h>

#include "arena.h"
#include "ir_words.h"

const char *const ir_compare_words[] = {"eq", "lt", "lte", "gt", "gte"};
const char *const ir_part_words[] = {"minute", "hour", "day", "week", "month", "year"};
const char *const ir_affix_words[] = {"whole", "prefix", "suffix", "inside"};

/* ---- operands ---- */

/* As text_quoted, with the wildcard bytes as \* \? \-. */
static void print_pattern(struct text *out, struct str pattern)
{
    struct text inner;
    text_init(&inner, out->arena);
    size_t from = 0;
    text_addz(out, "\"");
    for (size_t i = 0; i <= pattern.len; i++) {
        unsigned char c = i < pattern.len ? (unsigned char)pattern.p[i] : SIGMATON_WILD_STAR;
        if (c < SIGMATON_WILD_DASH)
            continue;
        inner.len = 0;
        text_quoted(&inner, str_sub(pattern, from, i - from));
        text_add(out, str_sub(text_str(&inner), 1, inner.len - 2));
        from = i + 1;
        if (i < pattern.len)
            text_addz(out, c == SIGMATON_WILD_STAR  ? "\\*"
                           : c == SIGMATON_WILD_ONE ? "\\?"
                                                    : "\\-");
    }
    text_addz(out, "\"");
}

/* Exact, and without printf's %a, which follows the locale: sign, 0x, one digit, the fraction's hex
 * digits without trailing zeros, p, the binary exponent. */
static void print_float(struct text *out, double f)
{
    uint64_t bits;
    memcpy(&bits, &f, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff);
    uint64_t fraction = bits & UINT64_C(0xfffffffffffff);
    bool subnormal = exponent == 0;
    text_addf(out, "%s0x%d", bits >> 63 ? "-" : "", subnormal ? 0 : 1);
    char digits[16];
    size_t n = 0;
    for (; fraction != 0; fraction = fraction << 4 & UINT64_C(0xfffffffffffff))
        digits[n++] = "0123456789abcdef"[fraction >> 48];
    if (n > 0)
        text_addf(out, ".%.*s", (int)n, digits);
    if (subnormal)
        exponent = n > 0 ? 1 : 1023;
    text_addf(out, "p%d", exponent - 1023);
}

static void print_number(struct text *out, const struct number *n)
{
    switch (n->kind) {
    case NUMBER_INT:
        text_addf(out, "%" PRId64, n->i);
        break;
    case NUMBER_UINT:
        text_addf(out, "%" PRIu64, n->u);
        break;
    case NUMBER_FLOAT:
        print_float(out, n->f);
        break;
    }
}

static void print_network(struct text *out, const struct network *n)
{
    char address[INET6_ADDRSTRLEN] = "";
    inet_ntop(n->v6 ? AF_INET6 : AF_INET, n->address, address, sizeof address);
    text_addf(out, "%s/%u", address, n->prefix);
}

/* ---- nodes ---- */

/* The number that a child is written as; NULL: its own. */
static void print_children(struct text *out, const struct ir_node *n, const uint32_t *number)
{
    for (uint32_t i = 0; i < n->n; i++)
        text_addf(out, " %%%u", number ? number[n->children[i]] : n->children[i]);
}

static void print_leaf(struct text *out, const struct ir *ir, const struct ir_node *n)
{
    switch (n->op) {
    case IR_OP_BOOL:
        text_addz(out, n->boolean ? " true" : " false");
        break;
    case IR_OP_TIME:
        text_addf(out, " %s %s ", ir_part_words[n->part], ir_compare_words[n->compare]);
        print_number(out, &n->number);
        break;
    case IR_OP_NUMBER:
        text_addf(out, " %s ", ir_compare_words[n->compare]);
        print_number(out, &n->number);
        break;
    case IR_OP_CIDR:
        text_addz(out, " ");
        print_network(out, &n->network);
        break;
    case IR_OP_FIELDREF:
        text_addf(out, " %s ", ir_affix_words[n->part]);
        text_quoted(out, names_text(ir->names, n->other));
        break;
    case IR_OP_WILDCARD:
        text_addz(out, " ");
        print_pattern(out, n->text);
        break;
    case IR_OP_EQ:
    case IR_OP_PREFIX:
    case IR_OP_SUFFIX:
    case IR_OP_CONTAINS:
    case IR_OP_REGEX:
        text_addz(out, " ");
        text_quoted(out, n->text);
        break;
    default: /* exists, null, any: the field says it all */
        break;
    }
}

static void print_node(struct text *out, const struct ir *ir, uint32_t node, const uint32_t *number)
{
    const struct ir_node *n = ir_get(ir, node);
    const struct ir_op_info *info = ir_op_info(n->op);
    text_addz(out, info->text);
    if (n->op == IR_OP_AT_LEAST)
        text_addf(out, " %u", n->count);
    if (info->kind == IR_GATE)
        print_children(out, n, number);
    if (info->kind != IR_LEAF && info->kind != IR_SET)
        return;
    text_addz(out, n->cased ? " cased " : " ");
    text_quoted(out, names_text(ir->names, n->field));
    if (info->kind == IR_LEAF)
        print_leaf(out, ir, n);
    for (uint32_t i = 0; info->kind == IR_SET && i < n->n; i++) {
        text_addz(out, " ");
        text_quoted(out, n->texts[i]);
    }
}

void ir_print_node(struct text *out, const struct ir *ir, uint32_t node)
{
    print_node(out, ir, node, NULL);
}

void ir_print(struct text *out, const struct ir *ir)
{
    bool *reachable = ir_reachable(ir, out->arena);
    uint32_t *number = ARENA_ARRAY(out->arena, ir->n_nodes, uint32_t);
    uint32_t n = 0;
    for (uint32_t node = 0; node < ir->n_nodes; node++) {
        if (!reachable[node])
            continue;
        number[node] = n++;
        text_addf(out, "%%%u = ", number[node]);
        print_node(out, ir, node, number);
        text_addz(out, "\n");
    }
    for (uint32_t i = 0; i < ir->n_rules; i++) {
        text_addz(out, "rule ");
        text_quoted(out, ir->rules[i].label);
        text_addf(out, " = %%%u\n", number[ir->rules[i].root]);
    }
}
