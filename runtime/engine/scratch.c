#include <stdlib.h>

#include "engine.h"
#include "firsts.h"
#include "host.h"

static struct sigmaton_scratch *scratch_cut(const struct sigmaton_engine *engine,
                                            struct srt_cutter *cutter)
{
    uint32_t n_slots = engine->pack->slots.len;
    struct sigmaton_scratch laid = {.engine = engine};
    struct sigmaton_scratch *scratch = srt_cut(cutter, 1, sizeof *scratch);
    laid.hits = srt_cut(cutter, engine->n_words, sizeof *laid.hits);
    laid.second = srt_cut(cutter, engine->n_words, sizeof *laid.second);
    laid.none = srt_cut(cutter, engine->n_words, sizeof *laid.none);
    laid.candidates = srt_cut(cutter, engine->n_words, sizeof *laid.candidates);
    laid.marked = srt_cut(cutter, engine->n_marked, sizeof *laid.marked);
    laid.memo = srt_cut(cutter, engine->n_memo_words, sizeof *laid.memo);
    srt_route_cut(&laid.route, engine->routes, cutter);
    srt_event_cut(&laid.event, n_slots, cutter);
    /* from here on for events that the scanner does not take, and for pairs */
    laid.line = srt_cut(cutter, SIGMATON_LINE_MAX, 1);
    srt_json_cut(&laid.tape, engine->names, n_slots, cutter);
    laid.runtime.firsts = srt_cut(cutter, 1, sizeof *laid.runtime.firsts); /* and for long values */
    if (scratch != NULL)
        *scratch = laid;
    return scratch;
}

static size_t own_size(const struct sigmaton_engine *engine)
{
    struct srt_cutter cutter = {0};
    scratch_cut(engine, &cutter);
    return cutter.used;
}

size_t sigmaton_scratch_ordinary(const struct sigmaton_engine *engine)
{
    if (engine == NULL)
        return 0;
    struct srt_event event;
    struct srt_cutter cutter = {0};
    srt_event_cut(&event, 0, &cutter);
    size_t arenas = cutter.used;
    srt_json_cut(&(struct srt_tape){0}, engine->names, engine->pack->slots.len, &cutter);
    srt_cut(&cutter, SIGMATON_LINE_MAX, 1);
    srt_cut(&cutter, 1, sizeof(struct srt_firsts));
    return own_size(engine) - cutter.used +
           (arenas < SRT_ORDINARY_TEXT ? arenas : SRT_ORDINARY_TEXT);
}

size_t sigmaton_scratch_size(const struct sigmaton_engine *engine)
{
    if (engine == NULL)
        return 0;
    size_t own = own_size(engine);
    size_t regexes =
        srt_regexes_count(engine->regexes) > 0 ? srt_regex_scratch_size(engine->regexes) : 0;
    return own > SIZE_MAX - regexes ? SIZE_MAX : own + regexes;
}

enum sigmaton_status sigmaton_scratch_create(const struct sigmaton_engine *engine,
                                             struct sigmaton_scratch **ret_scratch)
{
    if (engine == NULL || ret_scratch == NULL)
        return SIGMATON_EINVAL;
    struct srt_cutter cutter = {.base = calloc(1, own_size(engine))};
    if (cutter.base == NULL)
        return SIGMATON_ENOMEM;
    struct sigmaton_scratch *scratch = scratch_cut(engine, &cutter);
    if (srt_regexes_count(engine->regexes) > 0) {
        scratch->runtime.regex = srt_regex_scratch_create(engine->regexes);
        if (scratch->runtime.regex == NULL) {
            free(scratch);
            return SIGMATON_ENOMEM;
        }
    }
    srt_runtime_prepare(&scratch->runtime);
    scratch->frame = (struct sigmaton_frame){.size = sizeof scratch->frame,
                                             .memo = scratch->memo,
                                             .runtime = &scratch->runtime,
                                             .judge = engine->judge,
                                             .candidates = scratch->candidates,
                                             .marked = scratch->marked};
    scratch->slots = scratch->event.slots;
    scratch->runtime.grams = srt_grams_scan_at(srt_simd_choose());
    scratch->runtime.seek = srt_seek_at(srt_simd_choose());
    scratch->event.seek = scratch->runtime.seek;
    scratch->event.search = scratch->runtime.search = &scratch->search;
    scratch->runtime.host = srt_host_at(srt_simd_choose());
    scratch->runtime.grams_raw = srt_grams_raw_at(srt_simd_choose());
    scratch->runtime.grams_leaves = srt_grams_leaves_at(srt_simd_choose());
    *ret_scratch = scratch;
    return SIGMATON_OK;
}

void sigmaton_scratch_destroy(struct sigmaton_scratch *scratch)
{
    if (scratch == NULL)
        return;
    srt_regex_scratch_destroy(scratch->runtime.regex);
    free(scratch);
}
