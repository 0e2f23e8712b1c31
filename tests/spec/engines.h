/* Who is asked: one row per engine, so that every vector can be put to every engine.
 *
 * An engine is opened on the rules of one vector, judges its events one by one and is closed. All
 * rules meet all events.
 */
#ifndef SIGMATON_TESTS_SPEC_ENGINES_H
#define SIGMATON_TESTS_SPEC_ENGINES_H

#include "spec.h"

struct spec_engine {
    const char *name;
    bool (*is_here)(void); /* NULL: everywhere */
    /* NULL when the engine could not be made; a is for what must live until close. */
    void *(*open)(struct arena *a, const struct spec_rules *rules);
    /* hits[(n + 63) / 64]; false and a phrase when the event is unreadable. */
    bool (*judge)(void *engine, struct str event, uint64_t *hits, const char **ret_why);
    void (*close)(void *engine);
};

extern const struct spec_engine spec_engines[];
extern const size_t n_spec_engines;

#endif
