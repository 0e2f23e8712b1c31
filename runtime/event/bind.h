/* Bindings (pack.h): fields of some events under the names that Sigma knows them by.
 *
 *     struct srt_bindings bindings = srt_bindings_of(pack);
 *     if (!srt_bindings_idle(&bindings, &source, event.slots))
 *         status = srt_bindings_apply(&bindings, &source, &event, &why);
 */
#ifndef SRT_BIND_H
#define SRT_BIND_H

#include "origin.h"

/* The bindings of a checked pack, which is kept. */
struct srt_bindings {
    const struct sigmaton_pack *pack;
    const struct sigmaton_binding *rows;
    uint32_t n;
    uint32_t first_any; /* all before this one want a channel and an id .. */
    uint64_t ids;       /* .. such an id, modulo 64, as a bit */
};
struct srt_bindings srt_bindings_of(const struct sigmaton_pack *pack);

/* The first binding that may fit. Nearly all events have an id that no binding wants. */
static inline uint32_t srt_bindings_first(const struct srt_bindings *bindings,
                                          const struct srt_source *source)
{
    return (bindings->ids >> source->id % 64 & 1) != 0 ? 0 : bindings->first_any;
}

/* srt_bindings_idle for an event that has what a binding reads, which is from or behind it. */
bool srt_bindings_change_nothing(const struct srt_bindings *bindings, uint32_t from,
                                 const struct srt_source *source,
                                 const struct sigmaton_slot *slots);

/* Whether no binding would change the pack's slots. */
static inline bool srt_bindings_idle(const struct srt_bindings *bindings,
                                     const struct srt_source *source,
                                     const struct sigmaton_slot *slots)
{
    for (uint32_t i = srt_bindings_first(bindings, source); i < bindings->n; i++) {
        const struct sigmaton_binding *b = &bindings->rows[i];
        if (b->kind == SIGMATON_BIND_OVERRIDE || slots[b->source].kind != SIGMATON_ABSENT)
            return srt_bindings_change_nothing(bindings, i, source, slots);
    }
    return true;
}

/* Applies the bindings that fit the source, in table order. SIGMATON_ELIMIT with a phrase when
 * joined texts exceed SRT_JOIN_MAX. */
enum sigmaton_status srt_bindings_apply(const struct srt_bindings *bindings,
                                        const struct srt_source *source, struct srt_event *event,
                                        const char **ret_why);

#endif
