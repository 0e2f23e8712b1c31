/* The perfect hash over the keys that count at the root of an event (pack.h, struct
 * sigmaton_names).
 *
 * Hash and displace: keys fall into buckets, the fullest bucket first; each bucket gets a shift
 * that sends its keys to free entries. A seed under which a bucket has no such shift is given up;
 * after several the table doubles. Source: Belazzougui, Botelho, Dietzfelbinger, Hash, displace,
 * and compress (2009).
 */
#ifndef SIGMATON_PLAN_NAMES_H
#define SIGMATON_PLAN_NAMES_H

#include "plan.h"

struct root_key {
    struct str text;
    uint32_t slot;  /* SIGMATON_NO_SLOT: the head of names only */
    uint32_t flags; /* SIGMATON_NAME_* */
};

/* The root keys of the plan's slots, keywords left out: whole names and heads, each once. */
struct root_key *names_root_keys(struct arena *a, const struct plan *plan, uint32_t *ret_n);

struct names_table {
    struct sigmaton_names head;
    uint16_t *shifts;   /* [head.n_buckets] */
    uint32_t *entry_of; /* [n]: of each key */
};

/* A table of the keys, which are all different. false: there are none, or no table was found (the
 * runtime can do without). Linear in the keys, tries apart. */
bool names_table(struct arena *a, const struct root_key *keys, uint32_t n,
                 struct names_table *ret_table);

#endif
