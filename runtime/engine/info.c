/* What an engine's pack says of its rules and slots. */
#include <string.h>

#include "engine.h"

uint32_t sigmaton_n_rules(const struct sigmaton_engine *engine)
{
    return engine != NULL ? engine->n_rules : 0;
}

const struct sigmaton_rule *sigmaton_rule_at(const struct sigmaton_engine *engine, uint32_t index)
{
    if (engine == NULL || index >= engine->n_rules)
        return NULL;
    const struct sigmaton_rule *rules = srt_pack_at(engine->pack, engine->pack->rules);
    return &rules[index];
}

const char *sigmaton_ref_text(const struct sigmaton_engine *engine, struct sigmaton_ref ref,
                              size_t *ret_len)
{
    bool inside = engine != NULL && (uint64_t)ref.off + ref.len <= engine->pack->image_size;
    if (ret_len != NULL)
        *ret_len = inside ? ref.len : 0;
    return inside ? srt_pack_at(engine->pack, ref) : "";
}

const struct sigmaton_pack *sigmaton_engine_pack(const struct sigmaton_engine *engine)
{
    return engine != NULL ? engine->pack : NULL;
}

const char *sigmaton_rule_tag(const struct sigmaton_engine *engine, uint32_t rule, uint32_t index,
                              size_t *ret_len)
{
    const struct sigmaton_rule *r = sigmaton_rule_at(engine, rule);
    if (r == NULL || index >= r->tags.len) {
        if (ret_len != NULL)
            *ret_len = 0;
        return NULL;
    }
    const struct sigmaton_ref *tags = srt_pack_at(engine->pack, r->tags);
    return sigmaton_ref_text(engine, tags[index], ret_len);
}

const char *sigmaton_level_text(uint32_t level)
{
    static const char *const names[] = {"", "informational", "low", "medium", "high", "critical"};
    return level < sizeof names / sizeof *names ? names[level] : "";
}

const char *sigmaton_rule_status_text(uint32_t status)
{
    static const char *const names[] = {"",     "unsupported", "deprecated", "experimental",
                                        "test", "stable"};
    return status < sizeof names / sizeof *names ? names[status] : "";
}

uint32_t sigmaton_n_slots(const struct sigmaton_engine *engine)
{
    return engine != NULL ? engine->pack->slots.len : 0;
}

const char *sigmaton_slot_name(const struct sigmaton_engine *engine, uint32_t slot, size_t *ret_len)
{
    if (slot >= sigmaton_n_slots(engine)) {
        if (ret_len != NULL)
            *ret_len = 0;
        return NULL;
    }
    const struct sigmaton_slot_info *infos = srt_pack_at(engine->pack, engine->pack->slots);
    return sigmaton_ref_text(engine, infos[slot].name, ret_len);
}

uint32_t sigmaton_slot_find(const struct sigmaton_engine *engine, const char *name, size_t len)
{
    for (uint32_t i = 0; name != NULL && i < sigmaton_n_slots(engine); i++) {
        size_t n;
        const char *p = sigmaton_slot_name(engine, i, &n);
        if (n == len && n > 0 && memcmp(p, name, n) == 0)
            return i;
    }
    return SIGMATON_NO_SLOT;
}

static uint32_t next_bit(const uint64_t *words, uint32_t n, uint32_t from)
{
    for (uint32_t i = from; i < n; i = (i | 63) + 1) {
        uint64_t bits = words[i / 64] >> (i % 64);
        if (bits != 0) {
            while ((bits & 1) == 0)
                bits >>= 1, i++;
            return i;
        }
    }
    return n;
}

uint32_t sigmaton_next_hit(const struct sigmaton_verdict *verdict, uint32_t from)
{
    return next_bit(verdict->hits, verdict->n_rules, from);
}

uint32_t sigmaton_next_unjudged(const struct sigmaton_verdict *verdict, uint32_t from)
{
    return next_bit(verdict->unjudged, verdict->n_rules, from);
}

const char *sigmaton_simd(void)
{
    return srt_simd_name(srt_simd_choose());
}

const char *sigmaton_version(void)
{
    return SIGMATON_VERSION;
}

void sigmaton_regex_library(char *out, size_t cap)
{
    srt_regex_library(out, cap);
}
