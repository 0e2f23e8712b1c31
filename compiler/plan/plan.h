/* The pack plan: all that a generator needs, nothing of LLVM.
 *
 * Slot numbers, memo numbers for predicates worth keeping, sets and regexes as tables, bindings and
 * routing, and the image: the constant bytes of the pack (pack.h), complete but for eval_off. The
 * same image serves the interpreter and generated code.
 */
#ifndef SIGMATON_PLAN_PLAN_H
#define SIGMATON_PLAN_PLAN_H

#include <sigmaton/pack.h>

#include "crew.h"
#include "dfa_build.h"
#include "ir.h"
#include "pipeline.h"
#include "sample.h"

#define PLAN_NO_MEMO SIGMATON_NO_MEMO
#define PLAN_NO_BLOB UINT32_MAX
/* Code reaches the tables, and the descriptor the code, by signed 32-bit distances; half of that
 * range is left to the code. */
#define PLAN_IMAGE_MAX ((uint32_t)1 << 30)
/* A predicate of at least this cost (ir_ops.def) that two rules ask is kept for the event. */
#define PLAN_MEMO_COST 10

struct plan_slot {
    struct str name;
    uint32_t flags; /* SIGMATON_SLOT_* */
};

/* Leaves, gates of leaves, or negations of them, that one call of host->probe asks: children
 * [first, first + n) of a gate in the plan's order, or a leaf by itself. */
struct plan_probes {
    uint32_t first, n;
    uint32_t off[2]; /* image offset of struct sigmaton_probes, by polarity; 0: not asked so */
};
struct plan_slots {
    uint32_t *v, n;
};

/* Rules that are looked up together: those of one large log source, or the rest of a class. */
struct plan_layer {
    const uint64_t *rules; /* bitmap */
    uint32_t n_rules;
    bool id_known;             /* asked only of events whose id is what the rules want */
    uint64_t *always;          /* bitmap: rules without witnesses */
    struct plan_field *fields; /* in slot order */
    uint32_t n_fields;
};
struct plan_field {
    uint32_t slot;
    uint32_t blob;        /* image offset of the struct sigmaton_index */
    uint32_t size;        /* of it, bytes */
    uint32_t n_witnesses; /* texts, numbers and signs, each once */
};

/* Events that meet the same rules. Class 0 is every rule. */
struct plan_class {
    const uint64_t *rules; /* bitmap */
    uint32_t *layers;
    uint32_t n_rules, n_layers;
};
struct plan_case {
    uint32_t id, n_whens;
    uint32_t whens[SIGMATON_CASE_WHENS];
    uint32_t classes[1 << SIGMATON_CASE_WHENS];
};
/* Events of a channel, or of a provider: cases[first] for ids that no other case has, then by id.
 */
struct plan_key {
    struct str text;
    bool provider;
    uint32_t first, n;
};

struct plan {
    struct arena *arena;
    const struct ir *ir;
    struct plan_slot *slots;
    uint32_t n_slots;
    uint32_t
        *slot_of; /* [names_count(ir->names)]: field name -> slot; SIGMATON_NO_SLOT if no slot */
    /* per IR node */
    uint32_t *memo_of;  /* memo number, or PLAN_NO_MEMO */
    uint32_t *uses;     /* rules whose predicate reaches the node */
    uint32_t *blob_of;  /* image offset of the node's text, pattern, address or set; PLAN_NO_BLOB */
    uint32_t *regex_of; /* REGEX: index into regexes */
    bool *reachable;
    uint32_t *cost;            /* of one evaluation, children summed; saturates */
    const uint32_t **children; /* GATE: AND and OR by cost, cheap first; AT_LEAST as written */
    uint32_t n_memo;
    uint32_t *rule_regexes;        /* [n_rules]: regex predicates that the rule can ask */
    struct plan_slots *rule_slots; /* [n_rules]: what its predicate asks, ascending */
    uint64_t *keyword_rules;       /* bitmap: rules that search all texts of an event */
    bool *shapes;                  /* [n_shape_rows]: rows whose field some slot wants */
    uint32_t *source_of;           /* [n_rules]: index into sources */
    struct logsource *sources;     /* the distinct log sources of the rules */
    uint32_t n_sources;
    struct plan_class *classes;
    struct plan_layer *layers;
    struct plan_case *cases;
    struct plan_key *keys;
    uint32_t *whens; /* rows of the log source table whose conditions the cases name */
    uint32_t n_classes, n_layers, n_cases, n_keys, n_whens;
    struct witness_table *witnesses;
    struct gram_prior *prior;
    struct str *regexes; /* normal forms */
    struct dfa *dfas;    /* [n_regexes] */
    uint32_t n_regexes;
    uint32_t *probes_at; /* [n_nodes + 1]: the node's are probes[probes_at[i] .. probes_at[i + 1]);
                            NULL: not asked for */
    struct plan_probes *probes; /* a node's in the order of its children */
    uint32_t layers_off;        /* image offset of uint32_t[n_layers], the image offsets of struct
                                   sigmaton_layer; 0: not asked for */
    uint8_t *image;             /* image_size bytes, 8-aligned; eval_off is 0 */
    uint32_t image_size;
};

struct plan_options {
    struct str target;             /* for the descriptor; may be empty */
    uint64_t cpu_features;         /* likewise: SIGMATON_CPU_* */
    struct str time_field;         /* --time-field; empty: the usual ones */
    const struct sources *sources; /* rule file paths; may be NULL */
    uint32_t image_max;            /* 0: PLAN_IMAGE_MAX */
    bool probes;   /* leaves and layers as data too, for code that calls host->probe and layer */
    bool no_dfa;   /* PCRE2 runs every regex */
    bool no_prior; /* witnesses and windows are chosen as if all texts were equally rare */
    struct plan_sample sample; /* values of sample events, for the prior */
    struct crew *crew;         /* NULL: one thread; the plan is the same */
};

/* Plans the pack. Never fails on input but for its size: an image above the limit is reported and
 * gives NULL. The field names of roles and shapes are interned into ir->names. Linear in the IR,
 * and in rules times the nodes that each reaches. */
struct plan *plan_make(struct arena *a, struct diag_sink *sink, const struct ir *ir,
                       const struct plan_options *options);
/* How a leaf's operand is handed to the host: the flags of a text or pattern, the kind and bits of
 * a number. */
uint32_t plan_text_flags(const struct ir_node *x);
uint32_t plan_number_kind(const struct number *n);
uint64_t plan_number_bits(const struct number *n);

/* The plan as text, for `dump --stage plan`. */
void plan_print(struct text *out, const struct plan *plan);

#endif
