/* Processing pipelines as read and checked: what pipeline_read.c makes and pipeline_apply.c walks.
 *
 * A pipeline is a list of steps. A step is a transformation with its parameters and up to three
 * gates: of the rule, of a detection item, of a field name. Parameters stay nodes of the tree, for
 * their kinds are checked by the table (transformations.def); what costs to prepare (regexes,
 * maps, values) is prepared once, when the file is read.
 */
#ifndef SIGMATON_PIPELINE_PIPELINE_FILE_H
#define SIGMATON_PIPELINE_PIPELINE_FILE_H

#include "pipeline_apply.h"
#include "substitute.h"
#include "tree.h"

#define PIPELINE_STEPS_MAX 1000       /* of all pipelines of one call, nested ones counted */
#define PIPELINE_NEST_MAX 8           /* nest inside nest */
#define PIPELINE_PARAMETERS_MAX 10    /* of one transformation or condition, and an empty one */
#define PIPELINE_CONDITIONS_MAX 1000  /* of one gate */
#define PIPELINE_PRIORITY_MAX 1000000 /* either way */

enum gate_scope { GATE_RULE, GATE_ITEM, GATE_FIELD, GATE__COUNT };
#define ON_RULE (1u << GATE_RULE)
#define ON_ITEM (1u << GATE_ITEM)
#define ON_FIELD (1u << GATE_FIELD)

/* What a parameter may be, as bits. */
enum want {
    WANT_TEXT = 1u << 0,
    WANT_NUMBER = 1u << 1,
    WANT_BOOL = 1u << 2,
    WANT_NULL = 1u << 3,
    WANT_TEXTS = 1u << 4,     /* a list of texts */
    WANT_NAMES = 1u << 5,     /* a map: text -> text or list of texts */
    WANT_KEYWORD = 1u << 6,   /* with NAMES: a null key, for keywords */
    WANT_DETECTION = 1u << 7, /* a map of detection items */
    WANT_STEPS = 1u << 8,     /* a list of maps */
    WANT_ANY = 1u << 9,       /* whatever it is */
    WANT_REQUIRED = 1u << 10,
};
#define WANT_SCALAR ((unsigned)WANT_TEXT | WANT_NUMBER | WANT_BOOL)

struct parameter {
    const char *name;
    unsigned want;
    const char *words; /* of a text: the words it may be, with a blank between; NULL: any */
};

struct passage;
struct tracked;
struct detection;

struct gate_condition;

/* Whom a condition is asked about: the rule; one of its items; a field name (of an item). */
struct subject {
    enum gate_scope scope;
    const struct tracked *item; /* NULL on a rule */
    struct str field;           /* GATE_FIELD; empty: keywords */
};

struct gate_kind {
    const char *name;
    unsigned scopes;
    bool (*test)(struct passage *p, const struct gate_condition *c, const struct subject *s);
    struct parameter parameters[PIPELINE_PARAMETERS_MAX];
};
extern const struct gate_kind gate_kinds[];
extern const size_t n_gate_kinds;

struct gate_condition {
    const struct gate_kind *kind;
    struct str id; /* empty: of a list */
    struct span at;
    const struct node *node;
    struct regex_text **regexes;
    size_t n_regexes;
    const struct value *value; /* what a value is compared with */
};

struct gate {
    struct gate_condition *v;
    size_t n;
    bool any, negated;
    const struct cond_expr *expr; /* NULL: `any` links them */
};

struct step;
struct pipeline_reader;

/* Where in a rule a transformation works. */
enum way {
    WAY_RULE,     /* once per rule: apply(p, s, NULL) */
    WAY_ITEM,     /* per detection item that passes the item and field gates */
    WAY_NAME,     /* per item that passes the item gate; asks the field gate itself, name by name */
    WAY_NEST,     /* its steps */
    WAY_REFUSED,  /* `why` says why */
    WAY_SECURITY, /* refused because it reaches outside */
};

struct transformation {
    const char *name;
    enum way way;
    /* False after reporting: the rule is refused. *at may become another detection, or NULL. */
    bool (*apply)(struct passage *p, const struct step *s, struct detection **at);
    bool (*prepare)(struct pipeline_reader *r, struct step *s); /* false after reporting */
    const char *why;
    struct parameter parameters[PIPELINE_PARAMETERS_MAX];
};
extern const struct transformation transformations[];
extern const size_t n_transformations;

struct step {
    const struct transformation *kind;
    struct str id; /* empty: none */
    struct span at;
    uint32_t index; /* among all steps of the call */
    const struct node *node;
    struct gate gates[GATE__COUNT];
    /* prepared, where the kind has them: */
    struct names *names;               /* keys of a map, interned .. */
    const struct node *const *targets; /* .. and their values, by id */
    const struct node *keyword;        /* the value of a null key */
    struct regex_text *regex;
    const struct replacement *replacement;
    const struct value *value;
    const struct node *lines; /* values read from a file */
    struct step *steps;       /* nest */
    size_t n_steps;
};

struct pipeline {
    struct str path, name;
    int64_t priority;
    const struct node *vars; /* a map, or NULL */
    struct step *steps;
    size_t n_steps;
};

struct pipelines {
    struct pipeline **v; /* in the order in which they are applied */
    size_t n;
    uint32_t n_steps;
};

struct pipeline_reader {
    struct arena *arena;
    struct diag_sink *sink;
    struct sources *sources;
    uint32_t n_steps;
    bool faulty;
};

/* The source of a pipeline: a file's path (it has a slash or ends in .yml or .yaml), the NAME of
 * one in the site's folder or of a built-in one, or a file's name. SPAN_NONE after reporting. */
uint32_t pipeline_find(struct sources *sources, struct diag_sink *sink, struct arena *a,
                       const char *name);

/* The parameter of a step or condition, or NULL; the table vouches for its kind. */
static inline struct str parameter_text(const struct node *map, const char *key)
{
    const struct node *node = node_find(map, key);
    return node ? node->text : (struct str){0};
}
static inline bool parameter_flag(const struct node *map, const char *key)
{
    const struct node *node = node_find(map, key);
    return node && node->boolean;
}

/* ---- prepare, by kind (pipeline_prepare.c) ---- */

bool prepare_names(struct pipeline_reader *r, struct step *s);
bool prepare_replacement(struct pipeline_reader *r, struct step *s);
bool prepare_value(struct pipeline_reader *r, struct step *s);
bool prepare_lines(struct pipeline_reader *r, struct step *s);
bool prepare_detection(struct pipeline_reader *r, struct step *s);
bool prepare_exclusive(struct pipeline_reader *r, struct step *s);
bool prepare_condition(struct pipeline_reader *r, struct gate_condition *c);

#endif
