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
extern const struct ir_op_info ir_op_infos[];
static inline const struct ir_op_info *ir_op_info(enum ir_op op)
{
    return &ir_op_infos[op];
}

/* Constants have fixed numbers. */
#define IR_FALSE 0u
#define IR_TRUE 1u

/* Children on the longest way from a root to a leaf. Rules nest far less (SEMANTICS section 4 and
 * rule/'s limits); a written IR that nests deeper is refused, and recursion over the DAG is bounded
 * by it. */
#define IR_DEPTH_MAX 1024
/* Predicates that judging one rule may ask when shared nodes are asked again at each place. A
 * written IR can share so that this grows with two to the power of its lines; it is refused. */
#define IR_UNFOLDED_MAX 10000000

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
    uint32_t cap_rules;
    uint32_t *hashes; /* [cap_nodes]: for the index */
    uint32_t *sorted; /* where ir_make sorts children */
    uint32_t cap_sorted;
};

struct ir *ir_new(struct arena *a);

/* Constructors: find or make. `node` gives op and operands, what the op does not use is ignored;
 * children and texts are copied. AND and OR are sorted and freed of duplicates here, texts of sets
 * likewise, and nothing else is simplified (that is the passes' work); one child: that child; none:
 * the constant. */
uint32_t ir_make(struct ir *ir, const struct ir_node *node);
uint32_t ir_gate(struct ir *ir, enum ir_op op, const uint32_t *children, uint32_t n); /* AND, OR */
uint32_t ir_not(struct ir *ir, uint32_t child);
/* Makes room for n nodes in all; saves copying when the number is known roughly. */
void ir_reserve(struct ir *ir, uint32_t n);
/* Appends a rule; the label is kept, not copied. rule may be NULL. */
void ir_add_rule(struct ir *ir, const struct rule *rule, struct str label, uint32_t root);

/* The node's contents. The pointer is good until the next constructor call; what it points to
 * (children, text, texts) lives as long as the arena. Inline: passes and judges live on it. */
static inline const struct ir_node *ir_get(const struct ir *ir, uint32_t node)
{
    return &ir->nodes[node];
}

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
/* The same for one node by itself: a static phrase, or NULL. */
const char *ir_node_fault(const struct ir *ir, uint32_t node);
/* Longest way from each node to a leaf, and the predicates asked below it when nothing is shared
 * (saturating): n_nodes each, in `a`. Either may be NULL. */
void ir_measure(const struct ir *ir, struct arena *a, uint32_t **ret_depth,
                uint32_t **ret_unfolded);

/* The normal form of a regex for PCRE2 (regex_normal.c): no options, letters that ignore case as
 * classes of their fold-equals, every set as explicit ranges, `$` as (?=\n?\z) where needed. */
struct str ir_regex_normal(struct arena *a, const struct regex *re);

/* Bytes of PCRE2 code that the normal form may become; PCRE2 itself ends at 65,536. */
#define IR_REGEX_SIZE_MAX 60000u
/* Whether PCRE2 can hold the normal form. A regex that does not fit is refused with its rule,
 * because one that PCRE2 refuses would take the whole pack with it. */
bool ir_regex_fits(struct arena *a, const struct regex *re);

/* Bytes of the shortest text that the regex can match, or IR_REGEX_LEAST_MAX where that has more.
 */
#define IR_REGEX_LEAST_MAX 65535u
uint32_t ir_regex_least(const struct regex *re);
/* Reports every regex of the rule that does not fit; false when there is one: the rule is to be
 * left out. */
bool ir_regexes_fit(struct arena *a, struct diag_sink *sink, const struct rule *rule);

#endif
