#include "asks.h"

#include <stdlib.h>

#include "slot_names.h"

/* The bit of each slot: of the 63 that most rules ask one each, in no order. counts is used up. */
static void bits_give(uint32_t *counts, uint64_t *bits, uint32_t n_slots)
{
    for (uint32_t slot = 0; slot < n_slots; slot++)
        bits[slot] = SRT_ASKS_OTHERS;
    for (uint32_t i = 0; i < 63; i++) {
        uint32_t most = 0;
        for (uint32_t slot = 1; slot < n_slots; slot++)
            if (counts[slot] > counts[most])
                most = slot;
        if (n_slots == 0 || counts[most] == 0)
            return;
        bits[most] = UINT64_C(1) << i;
        counts[most] = 0;
    }
}

uint64_t *srt_asks_create(const struct sigmaton_pack *pack)
{
    const struct sigmaton_rule *rules = srt_pack_at(pack, pack->rules);
    const uint32_t n_rules = pack->rules.len, n_slots = pack->slots.len;
    uint64_t *asks = calloc((size_t)n_rules + 1, sizeof *asks);
    uint64_t *bits = calloc((size_t)n_slots + 1, sizeof *bits);
    uint32_t *counts = calloc((size_t)n_slots + 1, sizeof *counts);
    if (asks != NULL && bits != NULL && counts != NULL) {
        for (uint32_t i = 0; i < n_rules; i++) {
            const uint32_t *v = srt_pack_at(pack, rules[i].slots);
            for (uint32_t k = 0; k < rules[i].slots.len; k++)
                counts[v[k]]++;
        }
        bits_give(counts, bits, n_slots);
        for (uint32_t i = 0; i < n_rules; i++) {
            const uint32_t *v = srt_pack_at(pack, rules[i].slots);
            for (uint32_t k = 0; k < rules[i].slots.len; k++)
                asks[i] |= bits[v[k]];
        }
    } else {
        free(asks);
        asks = NULL;
    }
    free(bits);
    free(counts);
    return asks;
}
