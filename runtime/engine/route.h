/* Which rules meet an event: CONTRACT section 3.
 *
 * An event with labels of its own has those and nothing else. Else its channel, or its provider
 * where it has no channel, is looked up in the pack's routing table: the rows that it satisfies
 * name its rules. An event of which the table knows nothing meets every rule.
 *
 *     const uint64_t *candidates = srt_route(routes, names, &source, slots, &scratch);
 */
#ifndef SRT_ROUTE_H
#define SRT_ROUTE_H

#include "class.h"

struct srt_routes;

/* What one thread needs. */
struct srt_route_scratch {
    uint64_t *rows;   /* [n_words]: the answer of the table */
    uint64_t *labels; /* [n_words]: the answer to the labels below, kept for the next event */
    uint32_t label_ids[SRT_DIMENSIONS];
    bool has_labels;
};

/* Routes of a checked pack, which is kept until destroy. options are complete. NULL when there is
 * no memory. Start-up only. */
struct srt_routes *srt_routes_create(const struct sigmaton_pack *pack,
                                     const struct sigmaton_engine_options *options);
void srt_routes_destroy(struct srt_routes *routes); /* accepts NULL */

/* Cuts a thread's part; call it twice, see cut.h. */
void srt_route_cut(struct srt_route_scratch *scratch, const struct srt_routes *routes,
                   struct srt_cutter *cutter);

/* The rules to ask, candidates[(n_rules + 63) / 64]: the routes' or the scratch's, until its next
 * use. slots are as the event has them, before bindings. */
const uint64_t *srt_route(const struct srt_routes *routes, const struct srt_names *names,
                          const struct srt_source *source, const struct sigmaton_slot *slots,
                          struct srt_route_scratch *scratch);

/* The rules that an event meets: those of its class, or those of class 0 that `rules` names. */
struct srt_meeting {
    uint64_t class_number; /* a whole word: it is loaded as one */
    const uint64_t *rules; /* NULL: all of the class */
};
struct srt_meeting srt_meet(const struct srt_routes *routes, const struct srt_classes *classes,
                            const struct srt_names *names, const struct srt_source *source,
                            const struct sigmaton_slot *slots, struct srt_route_scratch *scratch);

/* The same for an event whose log source is given with it. */
const uint64_t *srt_route_given(const struct srt_routes *routes,
                                const struct sigmaton_logsource *source,
                                struct srt_route_scratch *scratch);

#endif
