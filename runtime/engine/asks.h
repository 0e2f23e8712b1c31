/* Which slots each rule asks, as a word. */
#ifndef SRT_ASKS_H
#define SRT_ASKS_H

#include <sigmaton/pack.h>
#include <stdbool.h>

/* Slots that have a bit of their own: those that the most rules ask. */
#define SRT_ASKS_OWN 63
/* The bit of all others. */
#define SRT_ASKS_OTHERS (UINT64_C(1) << SRT_ASKS_OWN)

struct srt_asks {
    uint64_t *rules;              /* [n_rules]: the bits of the slots that each asks; owned */
    bool any;                     /* some rule asks a slot */
    uint32_t slots[SRT_ASKS_OWN]; /* of each bit that some rule has */
};

/* Of a checked pack. false: there is no memory. Start-up only. */
bool srt_asks_init(struct srt_asks *asks, const struct sigmaton_pack *pack);
void srt_asks_finish(struct srt_asks *asks);

#endif
