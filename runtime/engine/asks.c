#include "asks.h"

#include <stdlib.h>

#include "slot_names.h"

/* The bit of each slot, in no order. counts is used up. */
static void bits_give(struct srt_asks *asks, uint32_t *counts, uint64_t *bits, uint32_t n_slots)
{
    for (uint32_t slot = 0; slot < n_slots; slot++)
        bits[slot] = SRT_ASKS_OTHERS;
    for (uint32_t i = 0; i < SRT_ASKS_OWN; i++) {
        uint32_t most = 0;
        for (uint32_t slot = 1; slot < n_slots; slot++)
            if (counts[slot] > counts[most])
                most = slot;
        if (n_slots == 0 || counts[most] == 0)
            return;
        bits[most] = UINT64_C(1) << i;
        asks->slots[i] = most;
        counts[most] = 0;
    }
}

bool srt_asks_init(struct srt_asks *asks, const struct sigmaton_pack *pack)
{
    const struct sigmaton_rule *rules = srt_pack_at(pack, pack->rules);
    const uint32_t n_rules = pack->rules.len, n_slots = pack->slots.len;
    uint64_t *bits = calloc((size_t)n_slots + 1, sizeof *bits);
    uint32_t *counts = calloc((size_t)n_slots + 1, sizeof *counts);
    *asks = (struct srt_asks){.rules = calloc((size_t)n_rules + 1, sizeof *asks->rules)};
    bool ok = asks->rules != NULL && bits != NULL && counts != NULL;
    for (uint32_t i = 0; ok && i < n_rules; i++) {
        const uint32_t *v = srt_pack_at(pack, rules[i].slots);
        for (uint32_t k = 0; k < rules[i].slots.len; k++)
            counts[v[k]]++;
    }
    if (ok)
        bits_give(asks, counts, bits, n_slots);
    for (uint32_t i = 0; ok && i < n_rules; i++) {
        const uint32_t *v = srt_pack_at(pack, rules[i].slots);
        for (uint32_t k = 0; k < rules[i].slots.len; k++)
            asks->rules[i] |= bits[v[k]];
        asks->any |= rules[i].slots.len > 0;
    }
    free(bits);
    free(counts);
    return ok;
}

void srt_asks_finish(struct srt_asks *asks)
{
    free(asks->rules);
    asks->rules = NULL;
}
