/* Witnesses: what an event must show before a rule is worth asking.
 *
 * A rule's witnesses are atoms of which at least one holds whenever the rule's predicate does: one
 * child of an `and`, all children of an `or`, nothing below a `not` that could hold without showing
 * anything. The event is searched for the witnesses of all rules at once (plan/index.h), and only
 * rules that a witness points at are judged. An atom is weaker than the predicate that it stands
 * for, never stronger: case is ignored, a wildcard is one of its pieces.
 *
 *     struct witness_table *t = witness_table_new(arena, ir);
 *     struct witnesses w = witness_of(t, rule, false);      // w.always: nothing has to show
 */
#ifndef SIGMATON_PLAN_WITNESS_H
#define SIGMATON_PLAN_WITNESS_H

#include "gram_prior.h"
#include "ir.h"

enum witness_kind {
    WITNESS_PRESENT,  /* the field is there */
    WITNESS_WIDE,     /* a text of the field has a byte beyond ASCII */
    WITNESS_NUMBER,   /* a number equal to `number` */
    WITNESS_EQ,       /* a text equal to `text`, ASCII case ignored; likewise: */
    WITNESS_PREFIX,   /* starts with it */
    WITNESS_SUFFIX,   /* ends in it */
    WITNESS_CONTAINS, /* holds it */
    WITNESS__COUNT
};

struct witness {
    enum witness_kind kind;
    uint32_t field;  /* a name of ir->names */
    struct str text; /* ASCII, folded, not empty */
    int64_t number;
};

struct witnesses {
    bool always; /* the rule can hold of an event that shows nothing */
    const struct witness *v;
    uint32_t n;  /* 0 and not always: the rule never holds */
    double cost; /* events that show a witness, as a share; above 1 when they overlap */
};

struct witness_table;

/* Counts the texts of the pack in the prior, which is kept, and prices every predicate; has_usual:
 * also by what events usually say (usual.h). Linear in the IR. */
struct witness_table *witness_table_new(struct arena *a, const struct ir *ir,
                                        struct gram_prior *prior, bool has_usual);

/* The cheapest witnesses of a rule. With id_known the event's id is what the rule wants already,
 * and atoms on it show nothing. */
struct witnesses witness_of(const struct witness_table *t, uint32_t rule, bool id_known);

/* The child of an `and`, the root of a rule, that witnesses are taken from when the event's id is
 * known, if it nearly always holds where one is shown. */
bool witness_child(const struct witness_table *t, uint32_t root, uint32_t *ret_child);

/* How often the predicate holds, as a share that is neither 0 nor 1; not more than a guess. */
double witness_truth(const struct witness_table *t, uint32_t node);

/* The ids that field EventID may have for the rule to hold: ids[n], ascending; false: any. */
bool witness_ids(const struct witness_table *t, uint32_t rule, const uint32_t **ret_ids,
                 uint32_t *ret_n);

#endif
