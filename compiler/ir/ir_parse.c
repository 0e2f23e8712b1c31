/* The written IR -> DAG. One operation a line; the grammar is docs/ir.md. A line with a fault is
 * reported and skipped, its number stays defined so that one fault is one message. */
#include "ir.h"

#include <string.h>

#include <sigmaton/pack.h>

#include "arena.h"
#include "ir_words.h"
#include "vec.h"

/* %number as written, and the node that it stands for. Numbers ascend. */
struct definition {
    uint32_t number, node;
};

struct parse {
    struct ir *ir;
    struct diag_sink *sink;
    uint32_t file;
    const char *start, *p, *end;
    const char *line; /* where the line that is being read begins */
    const char *token;
    size_t n_faults;
    VEC(struct definition) defined;
    VEC(struct span) rule_spans;
    VEC(uint32_t) children;
    VEC(struct str) texts;
};

static struct span span_of(const struct parse *s, const char *from, const char *to)
{
    return (struct span){s->file, (uint32_t)(from - s->start), (uint32_t)(to - from)};
}

/* Reports at the last token (to where reading stands). Always false. */
static bool fault(struct parse *s, const char *what)
{
    DIAG(s->sink, DIAG_ir_syntax, span_of(s, s->token, s->p > s->token ? s->p : s->token + 1),
         NO_HELP, str_of(what));
    s->n_faults++;
    return false;
}

static bool fault_line(struct parse *s, const char *what)
{
    s->token = s->line;
    return fault(s, what);
}

/* ---- tokens ---- */

static void skip_blanks(struct parse *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r'))
        s->p++;
    if (s->p < s->end && *s->p == '#')
        while (s->p < s->end && *s->p != '\n')
            s->p++;
    s->token = s->p;
}

static bool at_line_end(struct parse *s)
{
    skip_blanks(s);
    return s->p == s->end || *s->p == '\n';
}

static bool at_char(struct parse *s, char c)
{
    skip_blanks(s);
    return s->p < s->end && *s->p == c;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c == ':' || c == '/';
}

/* A run of word characters: names, numbers, networks. */
static struct str take_word(struct parse *s)
{
    skip_blanks(s);
    while (s->p < s->end && is_word(*s->p))
        s->p++;
    return (struct str){s->token, (size_t)(s->p - s->token)};
}

/* The index of the next word in words[n]. */
static bool take_one_of(struct parse *s, const char *const *words, unsigned n, const char *what,
                        uint8_t *ret)
{
    struct str word = take_word(s);
    for (unsigned i = 0; i < n; i++) {
        if (str_eq_z(word, words[i])) {
            *ret = (uint8_t)i;
            return true;
        }
    }
    return fault(s, what);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that the escape behind the backslash at s->p stands for; -1 when it is none. */
static int take_escape(struct parse *s, bool wild)
{
    if (s->end - s->p < 2)
        return -1;
    char c = s->p[1];
    s->p += 2;
    switch (c) {
    case '"':
    case '\\':
        return c;
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'x':
        break;
    case '*':
        return wild ? SIGMATON_WILD_STAR : -1;
    case '?':
        return wild ? SIGMATON_WILD_ONE : -1;
    case '-':
        return wild ? SIGMATON_WILD_DASH : -1;
    default:
        return -1;
    }
    int hi = s->p < s->end ? hex_digit(s->p[0]) : -1;
    int lo = hi >= 0 && s->end - s->p > 1 ? hex_digit(s->p[1]) : -1;
    if (lo < 0)
        return -1;
    s->p += 2;
    return hi * 16 + lo;
}

/* "text": into the arena, or a slice of the source where it has no escapes. */
static bool take_text(struct parse *s, bool wild, struct str *ret)
{
    if (!at_char(s, '"'))
        return fault(s, "a text in double quotes is wanted");
    const char *from = ++s->p;
    while (s->p < s->end && *s->p != '"' && *s->p != '\\' && *s->p != '\n')
        s->p++;
    size_t len = (size_t)(s->p - from), cap = 0;
    char *copy = NULL;
    while (s->p < s->end && *s->p != '"' && *s->p != '\n') {
        if (len >= cap) {
            cap = (len + 16) * 2;
            char *grown = arena_alloc(s->ir->arena, cap);
            memcpy(grown, copy ? copy : from, len);
            copy = grown;
        }
        int byte = *s->p == '\\' ? take_escape(s, wild) : (unsigned char)*s->p++;
        if (byte < 0)
            return fault(s, "no such escape in a text");
        copy[len++] = (char)byte;
    }
    if (s->p == s->end || *s->p != '"')
        return fault(s, "the text does not end on its line");
    s->p++;
    *ret = (struct str){copy ? copy : from, len};
    return true;
}

/* Decimal digits without leading zeros, up to `max`. */
static bool digits(struct str s, uint64_t max, uint64_t *ret)
{
    uint64_t value = 0;
    if (s.len == 0 || (s.len > 1 && s.p[0] == '0'))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (value > (max - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *ret = value;
    return true;
}

static bool take_count(struct parse *s, const char *what, uint32_t *ret)
{
    uint64_t value;
    if (!digits(take_word(s), UINT32_MAX, &value))
        return fault(s, what);
    *ret = (uint32_t)value;
    return true;
}

/* ---- numbers ---- */

/* What ir_print writes for a double: [01] [. hex digits] p exponent, behind the 0x. */
static bool read_float(struct str s, bool negative, double *ret)
{
    size_t p_at = str_find(s, 'p');
    if (p_at == s.len || (s.p[0] != '0' && s.p[0] != '1') || p_at == 2 || p_at > 15)
        return false;
    bool normal = s.p[0] == '1';
    if (p_at > 1 && s.p[1] != '.')
        return false;
    uint64_t fraction = 0, shift = 52, exponent;
    for (size_t i = 2; i < p_at; i++) {
        int digit = hex_digit(s.p[i]);
        if (digit < 0)
            return false;
        shift -= 4;
        fraction |= (uint64_t)digit << shift;
    }
    struct str power = str_sub(s, p_at + 1, s.len);
    bool small = power.len > 0 && power.p[0] == '-';
    if (!digits(small ? str_sub(power, 1, power.len) : power, 1023, &exponent))
        return false;
    uint64_t biased = small ? 1023 - exponent : 1023 + exponent;
    if (!normal && biased != (fraction != 0 ? 1 : 1023))
        return false;
    if (normal && (biased < 1 || biased > 2046))
        return false;
    uint64_t bits = (uint64_t)negative << 63 | (normal ? biased << 52 : 0) | fraction;
    memcpy(ret, &bits, sizeof *ret);
    return true;
}

static bool take_number(struct parse *s, struct number *ret)
{
    struct str word = take_word(s);
    bool negative = word.len > 0 && word.p[0] == '-';
    struct str rest = negative ? str_sub(word, 1, word.len) : word;
    uint64_t value;
    *ret = (struct number){0};
    if (str_starts(rest, STR("0x"))) {
        ret->kind = NUMBER_FLOAT;
        if (read_float(str_sub(rest, 2, rest.len), negative, &ret->f))
            return true;
    } else if (digits(rest, negative ? (uint64_t)INT64_MAX + 1 : UINT64_MAX, &value)) {
        ret->kind = !negative && value > INT64_MAX ? NUMBER_UINT : NUMBER_INT;
        if (ret->kind == NUMBER_UINT)
            ret->u = value;
        else
            ret->i = negative ? (int64_t)(~value + 1) : (int64_t)value;
        return true;
    }
    return fault(s, "a number is wanted: decimal digits, or 0x1.8p3 for a fraction");
}

/* ---- operands ---- */

static bool find_number(const struct parse *s, uint32_t number, uint32_t *ret)
{
    size_t lo = 0, hi = s->defined.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (s->defined.v[mid].number < number)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == s->defined.n || s->defined.v[lo].number != number)
        return false;
    *ret = s->defined.v[lo].node;
    return true;
}

static bool take_percent(struct parse *s, uint32_t *ret)
{
    if (!at_char(s, '%'))
        return fault(s, "a node like %7 is wanted");
    const char *token = s->token;
    s->p++;
    const char *from = s->p;
    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    uint64_t value;
    s->token = token;
    if (!digits((struct str){from, (size_t)(s->p - from)}, UINT32_MAX - 1, &value))
        return fault(s, "a node like %7 is wanted");
    *ret = (uint32_t)value;
    return true;
}

/* A node that was defined on a line before. */
static bool take_node(struct parse *s, uint32_t *ret)
{
    uint32_t number;
    if (!take_percent(s, &number))
        return false;
    return find_number(s, number, ret) || fault(s, "no line before this one defines the node");
}

static bool take_gate(struct parse *s, struct ir_node *n)
{
    if (n->op == IR_OP_AT_LEAST && !take_count(s, "at_least wants a number first", &n->count))
        return false;
    s->children.n = 0;
    while (!at_line_end(s)) {
        uint32_t child;
        if (!take_node(s, &child))
            return false;
        *VEC_PUSH(s->ir->arena, &s->children) = child;
    }
    n->children = s->children.v;
    n->n = (uint32_t)s->children.n;
    if (n->op == IR_OP_NOT && n->n != 1)
        return fault_line(s, "`not` has one child");
    if ((n->op == IR_OP_AND || n->op == IR_OP_OR) && n->n < 2)
        return fault_line(s, "`and` and `or` have at least two children");
    return true;
}

static bool take_set(struct parse *s, struct ir_node *n)
{
    s->texts.n = 0;
    while (!at_line_end(s)) {
        struct str text;
        if (!take_text(s, false, &text))
            return false;
        *VEC_PUSH(s->ir->arena, &s->texts) = text;
    }
    n->texts = s->texts.v;
    n->n = (uint32_t)s->texts.n;
    return true;
}

static bool take_network(struct parse *s, struct network *ret)
{
    const char *why = NULL;
    struct str word = take_word(s);
    return network_parse(word, ret, &why) || fault(s, why ? why : "a network is wanted");
}

static bool take_bound(struct parse *s, struct ir_node *n)
{
    return take_one_of(s, ir_compare_words, IR_COMPARE_WORDS, "eq, lt, lte, gt or gte is wanted",
                       &n->compare) &&
           take_number(s, &n->number);
}

static bool take_leaf(struct parse *s, struct ir_node *n)
{
    static const char *const truths[] = {"false", "true"};
    struct str other;
    uint8_t truth = 0;
    switch (n->op) {
    case IR_OP_BOOL:
        if (!take_one_of(s, truths, 2, "true or false is wanted", &truth))
            return false;
        n->boolean = truth;
        return true;
    case IR_OP_TIME:
        return take_one_of(s, ir_part_words, IR_PART_WORDS, "a part of a time is wanted",
                           &n->part) &&
               take_bound(s, n);
    case IR_OP_NUMBER:
        return take_bound(s, n);
    case IR_OP_CIDR:
        return take_network(s, &n->network);
    case IR_OP_FIELDREF:
        if (!take_one_of(s, ir_affix_words, IR_AFFIX_WORDS,
                         "whole, prefix, suffix or inside is wanted", &n->part) ||
            !take_text(s, false, &other))
            return false;
        n->other = names_intern(s->ir->names, other);
        return true;
    case IR_OP_WILDCARD:
        return take_text(s, true, &n->text);
    case IR_OP_EQ:
    case IR_OP_PREFIX:
    case IR_OP_SUFFIX:
    case IR_OP_CONTAINS:
    case IR_OP_REGEX:
        return take_text(s, false, &n->text);
    default:
        return true;
    }
}

/* ---- lines ---- */

static bool take_op(struct parse *s, struct ir_node *n)
{
    struct str word = take_word(s);
    for (unsigned op = 0; op < IR_OP__COUNT; op++) {
        if (str_eq_z(word, ir_op_info((enum ir_op)op)->text)) {
            n->op = (enum ir_op)op;
            return true;
        }
    }
    return fault(s, "no such operation");
}

static bool heeds_case(const struct ir_node *n)
{
    return (n->op >= IR_OP_EQ && n->op <= IR_OP_WILDCARD) || n->op == IR_OP_FIELDREF ||
           ir_op_info(n->op)->kind == IR_SET;
}

static bool take_operation(struct parse *s, struct ir_node *n)
{
    if (!take_op(s, n))
        return false;
    enum ir_op_kind kind = ir_op_info(n->op)->kind;
    if (kind == IR_CONST)
        return true;
    if (kind == IR_GATE)
        return take_gate(s, n);
    if (heeds_case(n) && at_char(s, 'c')) {
        if (!str_eq(take_word(s), STR("cased")))
            return fault(s, "`cased` or the field is wanted");
        n->cased = true;
    }
    struct str field;
    if (!take_text(s, false, &field))
        return false;
    n->field = names_intern(s->ir->names, field);
    return kind == IR_SET ? take_set(s, n) : take_leaf(s, n);
}

static bool take_equals(struct parse *s)
{
    if (!at_char(s, '='))
        return fault(s, "`=` is wanted");
    s->p++;
    return true;
}

static bool end_line(struct parse *s)
{
    return at_line_end(s) || fault(s, "nothing more is wanted on this line");
}

/* %7 = operation */
static bool read_definition(struct parse *s)
{
    struct definition d = {0, IR_FALSE};
    if (!take_percent(s, &d.number))
        return false;
    if (s->defined.n > 0 && s->defined.v[s->defined.n - 1].number >= d.number)
        return fault(s, "numbers ascend from line to line");
    struct ir_node n = {0};
    bool good = take_equals(s) && take_operation(s, &n) && end_line(s);
    if (good) {
        d.node = ir_make(s->ir, &n);
        const char *broken = ir_node_fault(s->ir, d.node);
        good = !broken || fault_line(s, broken);
    }
    *VEC_PUSH(s->ir->arena, &s->defined) = d;
    return good;
}

/* rule "label" = %7 */
static bool read_rule(struct parse *s)
{
    struct str label;
    uint32_t root;
    if (!str_eq(take_word(s), STR("rule")))
        return fault(s, "a line starts with a node like %7 or with `rule`");
    if (!take_text(s, false, &label) || !take_equals(s) || !take_node(s, &root) || !end_line(s))
        return false;
    ir_add_rule(s->ir, NULL, label, root);
    *VEC_PUSH(s->ir->arena, &s->rule_spans) = span_of(s, s->line, s->p);
    return true;
}

static void read_lines(struct parse *s)
{
    while (s->p < s->end) {
        s->line = s->p;
        if (!at_line_end(s) && !(at_char(s, '%') ? read_definition(s) : read_rule(s)))
            while (s->p < s->end && *s->p != '\n')
                s->p++;
        if (s->p < s->end)
            s->p++;
    }
}

/* What single lines cannot show: how deep and how far a rule unfolds. */
static void check_rules(struct parse *s)
{
    uint32_t *depth, *unfolded;
    ir_measure(s->ir, s->ir->arena, &depth, &unfolded);
    for (uint32_t i = 0; i < s->ir->n_rules; i++) {
        uint32_t root = s->ir->rules[i].root;
        if (depth[root] <= IR_DEPTH_MAX && unfolded[root] <= IR_UNFOLDED_MAX)
            continue;
        bool deep = depth[root] > IR_DEPTH_MAX;
        struct str what =
            deep ? str_format(s->ir->arena, "the rule nests deeper than %d", IR_DEPTH_MAX)
                 : str_format(s->ir->arena, "the rule asks more than %d predicates once unshared",
                              IR_UNFOLDED_MAX);
        DIAG(s->sink, DIAG_ir_syntax, s->rule_spans.v[i], NO_HELP, what);
        s->n_faults++;
    }
}

struct ir *ir_parse(struct arena *a, struct diag_sink *sink, const struct sources *sources,
                    uint32_t file)
{
    struct str text = sources_get(sources, file)->text;
    const char *start = text.len > 0 ? text.p : "";
    struct parse s = {.ir = ir_new(a), .sink = sink, .file = file, .start = start};
    s.p = s.line = s.token = start;
    s.end = start + text.len;
    read_lines(&s);
    if (s.n_faults == 0)
        check_rules(&s);
    return s.n_faults == 0 ? s.ir : NULL;
}
