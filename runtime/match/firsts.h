/* Where in a long value a text can first stand, so that one value that is asked for hundreds of
 * texts is not searched from its start for each of them.
 *
 *     values of one event -> for each two and each four bytes, case aside, the place where they
 * first stand, and where the first byte beyond ASCII does a text -> the furthest place that its
 * fours allow, or that it stands nowhere
 *
 * An answer is a bound: fours that share a cell share the first place of them all. Tables are made
 * for the first values of an event that are long and asked often; nothing is remembered between
 * events. One thread at a time.
 *
 *     const struct srt_firsts_of *of = srt_firsts_at(runtime, t, n);
 *     uint32_t from = srt_firsts_from(of, p, m, flags);      the search begins there
 */
#ifndef SRT_FIRSTS_H
#define SRT_FIRSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime.h"

#define SRT_FIRSTS_BITS 17u  /* cells of a table: 1 << 17, two bytes each */
#define SRT_FIRSTS_VALUES 2u /* of one event that have tables */
#define SRT_FIRSTS_LEN 4096u /* shorter values have none */
#define SRT_FIRSTS_ASKED 64u /* questions to a value without one: what making it costs */
#define SRT_FIRSTS_GRAM 4u   /* bytes looked up together; of shorter texts two */
#define SRT_FIRSTS_PAIR_BITS 13u
#define SRT_FIRSTS_GRAMS 64u /* of a text that are looked up */

struct srt_firsts_of {
    const uint8_t *text;
    uint32_t len, n_asked;
    uint32_t wide;                         /* place of the first byte beyond ASCII; len: none */
    uint32_t shift;                        /* places are kept without so many low bits */
    uint16_t first[1u << SRT_FIRSTS_BITS]; /* UINT16_MAX: nowhere */
    uint16_t pair[1u << SRT_FIRSTS_PAIR_BITS];
};

/* 544 KiB, of which ordinary events touch the first word. Zeroed before use. */
struct srt_firsts {
    uint64_t event; /* whose values they are */
    uint32_t n;
    struct srt_firsts_of values[SRT_FIRSTS_VALUES];
};

/* The table of the n bytes at t, which stay as they are for the event; NULL: it has none, or none
 * yet. event: not 0. Linear in n when the table is made. */
const struct srt_firsts_of *srt_firsts_find(struct srt_firsts *firsts, uint64_t event,
                                            const uint8_t *t, uint32_t n);

/* The same in the event at hand; runtime NULL: none. */
static inline const struct srt_firsts_of *srt_firsts_at(const struct srt_runtime *runtime,
                                                        const uint8_t *t, uint32_t n)
{
    if (n < SRT_FIRSTS_LEN || runtime == NULL || runtime->firsts == NULL || runtime->event == 0)
        return NULL;
    return srt_firsts_find(runtime->firsts, runtime->event, t, n);
}

/* No place of p[m] is before the answer; the value's length: it stands nowhere. flags as in text.h.
 */
uint32_t srt_firsts_from(const struct srt_firsts_of *of, const uint8_t *p, uint32_t m,
                         uint32_t flags);

/* Whether each run of text of a pattern (wildcard.h) can stand somewhere. */
bool srt_firsts_allow(const struct srt_firsts_of *of, const uint8_t *p, uint32_t m, uint32_t flags);

#endif
