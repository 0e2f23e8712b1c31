#include "engines.h"

#include "oracle.h"

static void *open_oracle(struct arena *a, const struct mapped *rules)
{
    (void)a;
    return oracle_create(rules, &(struct oracle_options){.routing = ORACLE_ROUTE_NONE});
}

static bool judge_by_oracle(void *engine, struct str event, uint64_t *hits, const char **ret_why)
{
    size_t off;
    return oracle_judge(engine, event.p, event.len, hits, ret_why, &off) == ORACLE_OK;
}

static void close_oracle(void *engine)
{
    oracle_destroy(engine);
}

const struct spec_engine spec_engines[] = {
    {"oracle", open_oracle, judge_by_oracle, close_oracle},
};
const size_t n_spec_engines = sizeof spec_engines / sizeof spec_engines[0];
