/* What a layer looks for in each field: the witnesses of its rules, and the texts among them as
 * JSON writes them. */
#ifndef SIGMATON_PLAN_INDEX_ITEMS_H
#define SIGMATON_PLAN_INDEX_ITEMS_H

#include "plan_parts.h"

#define TIER_KEY_MAX 8u

/* Kinds of items in the order in which the blob wants them; tiers from PREFIX_1 on by key length.
 */
enum item_kind {
    ITEM_PRESENT,
    ITEM_WIDE,
    ITEM_NUMBER,
    ITEM_EQ,
    ITEM_NAME,
    ITEM_JSON_EQ, /* as JSON writes them */
    ITEM_PREFIX,
    ITEM_SUFFIX = ITEM_PREFIX + TIER_KEY_MAX + 1,
    ITEM_JSON_PREFIX = ITEM_SUFFIX + TIER_KEY_MAX + 1,
    ITEM_JSON_SUFFIX = ITEM_JSON_PREFIX + TIER_KEY_MAX + 1,
    ITEM_GRAM = ITEM_JSON_SUFFIX + TIER_KEY_MAX + 1,
};

struct sought {
    uint32_t slot, kind, rule;
    struct str text;
    int64_t number;
};

struct index_items;

struct index_items *index_items_new(struct plan *p);
/* *ret_n items of the layer, sorted by slot, kind, number, text and rule; until the next call.
 * layer->always gets the rules that have none and are always asked. */
const struct sought *index_items(struct index_items *ix, struct plan_layer *layer, size_t *ret_n);
/* Orders items by all but the rule. */
int index_by_meaning(const struct sought *x, const struct sought *y);

#endif
