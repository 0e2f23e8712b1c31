/* What each rule costs: asked again, one by one, the rules that an event made candidates. And an
 * event's slots, to judge it without reading it.
 *
 * For `sigmaton bench` and for tests; an engine that is not profiled pays one comparison per event.
 *
 *     struct srt_profile *p = calloc(n_rules, sizeof *p);
 *     srt_profile_set(scratch, p);      // from the next event on; NULL ends it
 */
#ifndef SRT_PROFILE_H
#define SRT_PROFILE_H

#include <sigmaton/sigmaton.h>

/* Of one rule, over all events since srt_profile_set. */
struct srt_profile {
    uint64_t asked;   /* events that made the rule a candidate */
    uint64_t hits;    /* of these */
    uint64_t ns;      /* its predicate, the least of three times each, less the clock's own cost */
    uint64_t regexes; /* regex runs */
};

/* profile[n_rules], kept until another is set; NULL: none. One at a time per scratch. */
void srt_profile_set(struct sigmaton_scratch *scratch, struct srt_profile *profile);

/* The engine calls it between judging an event and forgetting its candidates. */
void srt_profile_event(struct sigmaton_scratch *scratch);

/* Reads an event and gives its slots as a sensor would fill them: by their own names (bindings come
 * when they are judged), decoded, keywords where a rule that the event meets may ask them. The
 * scratch's until its next use. Status as sigmaton_eval_json's. */
enum sigmaton_status srt_event_slots(struct sigmaton_scratch *scratch, const void *json, size_t len,
                                     const struct sigmaton_slot **ret_slots);

#endif
