#include "profile.h"

#include <string.h>
#include <time.h>

#include "engine.h"
#include "host.h"
#include "read.h"

enum { TIMES = 3, CLOCK_PROBES = 16 };

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t clock_cost(void)
{
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < CLOCK_PROBES; i++) {
        uint64_t mark = now_ns();
        uint64_t took = now_ns() - mark;
        least = took < least ? took : least;
    }
    return least;
}

void srt_profile_set(struct sigmaton_scratch *scratch, struct srt_profile *profile)
{
    scratch->profile = profile;
    scratch->profile_clock = clock_cost();
}

/* One rule of the event, from an empty memo. */
static void ask_one(struct sigmaton_scratch *s, uint32_t word, uint32_t bit)
{
    const struct sigmaton_engine *e = s->engine;
    struct srt_profile *p = &s->profile[64 * word + bit];
    const uint64_t rule = UINT64_C(1) << bit;
    uint64_t least = UINT64_MAX, hit = 0, runs = 0;
    for (int i = 0; i < TIMES; i++) {
        memset(s->memo, 0, e->n_memo_words * sizeof *s->memo);
        s->runtime.event++;
        runs = s->runtime.n_regexes;
        uint64_t mark = now_ns();
        hit = e->eval(s->runtime.host, s->slots, &s->frame, word, rule) & rule;
        uint64_t took = now_ns() - mark;
        least = took < least ? took : least;
    }
    s->frame.limits_hit = 0;
    p->asked++;
    p->hits += hit != 0;
    p->ns += least > s->profile_clock ? least - s->profile_clock : 0;
    p->regexes += s->runtime.n_regexes - runs;
}

void srt_profile_event(struct sigmaton_scratch *scratch)
{
    const struct sigmaton_engine *e = scratch->engine;
    for (uint32_t w = 0; w < e->n_words; w++)
        for (uint64_t left = scratch->candidates[w]; left != 0; left &= left - 1)
            ask_one(scratch, w, (uint32_t)__builtin_ctzll(left));
}

enum sigmaton_status srt_event_slots(struct sigmaton_scratch *scratch, const void *json, size_t len,
                                     const struct sigmaton_slot **ret_slots)
{
    const struct sigmaton_engine *e = scratch->engine;
    size_t used;
    enum sigmaton_status status = srt_read_event(scratch, json, len, false, &used);
    if (status != SIGMATON_OK)
        return status;
    const struct sigmaton_slot *slots = scratch->event.slots;
    struct srt_source source;
    struct srt_meeting meeting = {0};
    srt_source_of(e->names, slots, &source);
    if (e->scan != NULL)
        meeting = srt_meet(e->routes, e->classes, e->names, &source, slots, &scratch->route);
    else
        meeting.rules = srt_route(e->routes, e->names, &source, slots, &scratch->route);
    if (srt_asks_keywords(e, meeting))
        status = srt_read_keywords(scratch);
    if (status == SIGMATON_OK && !srt_slots_decode(&scratch->event))
        status = SIGMATON_ELIMIT;
    *ret_slots = slots;
    return status;
}
