/* The IR: one predicate DAG for the whole pack, hash-consed, and one root per rule.
 *
 * Equal predicates are one node (ir_* constructors find before they make), so sharing across rules
 * is equality of node numbers. Nodes are immutable; passes build new ones and move the roots.
 * Children have smaller numbers than their parents. Texts are folded already unless `cased`. The
 * written form (docs/ir.md) holds everything: print, parse and print again gives the same text.
 *
 *     %3 = suffix "Image" "\\certutil.exe"
 *     %4 = and %1 %3
 *     rule "3f4d..." = %4
 */
#ifndef SIGMATON_IR_IR_H
#define SIGMATON_IR_IR_H

#include <stdbool.h>
#include <stdint.h>

#include "diag.h"
#include "str.h"
#include "value.h"

struct arena;
struct rule;

enum ir_op {
#define IR_ROW(name, text, kind, cost, help) IR_OP_##name,
#include "ir_ops.def"
#undef IR_ROW
    IR_OP__COUNT
};

enum ir_op_kind { IR_CONST, IR_GATE, IR_LEAF, IR_SET };

struct ir_op_info {
    const char *text, *help;
    enum ir_op_kind kind;
    unsigned cost;
};
const struct ir_op_info *ir_op_info(enum ir_op op);

/* Constants have fixed numbers. */
#define IR_FALSE 0u
#define IR_TRUE 1u

struct ir_node {
    enum ir_op op;
    bool cased;               /* text operations */
    uint8_t compare;          /* NUMBER, TIME: enum compare */
    uint8_t part;             /* TIME: enum time_part; FIELDREF: enum affix */
    bool boolean;             /* BOOL */
    uint32_t field;           /* LEAF, SET: a name of ir->names; the empty name is keyword search */
    uint32_t other;           /* FIELDREF: the other field's name */
    uint32_t count;           /* AT_LEAST */
    uint32_t n;               /* GATE: children; SET: texts */
    const uint32_t *children; /* GATE; AND and OR: ascending, distinct; AT_LEAST: as written */
    struct str
        text; /* EQ..CONTAINS: folded text; WILDCARD: pattern bytes (pack.h); REGEX: normal form */
    const struct str *texts;   /* SET: sorted by bytes, distinct */
    struct number number;      /* NUMBER, TIME */
    struct network network;    /* CIDR */
    const struct regex *regex; /* REGEX: the AST; NULL after ir_parse */
};

struct ir_rule {
    const struct rule *rule; /* NULL after ir_parse */
    struct str label;        /* id, else title */
    uint32_t root;           /* node */
};

struct ir {
    struct arena *arena;
    struct names *names; /* field names */
    struct ir_node *nodes;
    uint32_t n_nodes, cap_nodes;
    uint32_t *index; /* hash index of nodes, open addressing */
    uint32_t cap_index;
    struct ir_rule *rules; /* pack order */
    uint32_t n_rules;
};

struct ir *ir_new(struct arena *a);

/* Constructors: find or make. `node` gives op and operands; children and texts are copied. AND and
 * OR are sorted and freed of duplicates here and nothing else is simplified (that is the passes'
 * work); one child: that child. */
uint32_t ir_make(struct ir *ir, const struct ir_node *node);
uint32_t ir_gate(struct ir *ir, enum ir_op op, const uint32_t *children, uint32_t n);
uint32_t ir_not(struct ir *ir, uint32_t child);
const struct ir_node *ir_get(const struct ir *ir, uint32_t node);

/* Marks every node that some root reaches: a bool per node. */
bool *ir_reachable(const struct ir *ir, struct arena *scratch);

/* ---- rooms' entry points ---- */

/* Mapped rules -> IR: fields and values of every rule lowered, one root per rule (lower.c). */
struct ir *ir_lower(struct arena *a, const struct rule *const *rules, size_t n);

/* Printing and parsing (ir_print.c, ir_parse.c). Only reachable nodes are printed, renumbered from
 * 0 in order. */
void ir_print(struct text *out, const struct ir *ir);
void ir_print_node(struct text *out, const struct ir *ir,
                   uint32_t node); /* one operation, children as %n */
/* NULL after reporting S-codes with the place. */
struct ir *ir_parse(struct arena *a, struct diag_sink *sink, const struct sources *sources,
                    uint32_t file);

/* Invariants (ir_verify.c): NULL when they hold, else a sentence saying what is broken, in `a`. */
const char *ir_verify(const struct ir *ir, struct arena *a);

/* The normal form of a regex for PCRE2 (regex_normal.c): no options, letters that ignore case as
 * classes of their fold-equals, every set as explicit ranges, `$` as (?=\n?\z) where needed. */
struct str ir_regex_normal(struct arena *a, const struct regex *re);

#endif
