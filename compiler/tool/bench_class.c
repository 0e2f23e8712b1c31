/* Classes of events: a channel and an event id, as routing sees them. */
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct origin {
    struct str channel;
    uint32_t id;
    bool has_id;
};

/* The first leaf of a slot that has text. */
static struct str text_of(const struct sigmaton_slot *s)
{
    uint32_t n = s->kind == SIGMATON_LIST ? s->len : 1;
    const struct sigmaton_slot *leaves = s->kind == SIGMATON_LIST ? s->at.leaves : s;
    for (uint32_t i = 0; i < n; i++)
        if (leaves[i].kind & (SIGMATON_SCALAR | SIGMATON_ESCAPED))
            return (struct str){(const char *)leaves[i].at.text, leaves[i].len};
    return (struct str){0};
}

static bool id_of(struct str s, uint32_t *ret)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9' || n > UINT32_MAX)
            return false;
        n = 10 * n + (uint64_t)(s.p[i] - '0');
    }
    *ret = (uint32_t)n;
    return s.len > 0 && n <= UINT32_MAX;
}

/* Channel, or provider where there is none. */
static struct origin origin_of(const struct sigmaton_pack *pack, const struct sigmaton_slot *slots)
{
    const struct sigmaton_slot_info *info = (const void *)((const uint8_t *)pack + pack->slots.off);
    struct origin s = {0};
    struct str provider = {0};
    for (uint32_t i = 0; i < pack->slots.len; i++) {
        struct str text = text_of(&slots[i]);
        if (text.len == 0)
            continue;
        if (info[i].flags & SIGMATON_SLOT_CHANNEL && s.channel.len == 0)
            s.channel = text;
        if (info[i].flags & SIGMATON_SLOT_PROVIDER && provider.len == 0)
            provider = text;
        if (info[i].flags & SIGMATON_SLOT_EVENT_ID && !s.has_id)
            s.has_id = id_of(text, &s.id);
    }
    if (s.channel.len == 0)
        s.channel = provider;
    return s;
}

static uint32_t class_of(struct bench_classes *c, const struct origin *s)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (c->v[i].id == s->id && c->v[i].has_id == s->has_id &&
            str_eq_nocase(c->v[i].channel, s->channel))
            return i;
    c->v = bench_grow(c->v, c->n + 1, sizeof *c->v);
    char *copy = bench_alloc(s->channel.len + 1, 1);
    if (s->channel.len > 0)
        memcpy(copy, s->channel.p, s->channel.len);
    c->v[c->n] = (struct bench_class){
        .name = copy, .channel = {copy, s->channel.len}, .id = s->id, .has_id = s->has_id};
    return c->n++;
}

void bench_classes_find(struct judge *j, const struct bench_sets *sets, struct bench_classes *ret)
{
    const struct sigmaton_pack *pack = bench_pack(j);
    *ret = (struct bench_classes){0};
    for (size_t s = 0; s < sets->n; s++) {
        for (size_t i = 0; i < sets->v[s].n_lines; i++) {
            struct bench_line *line = &sets->v[s].lines[i];
            struct sigmaton_verdict v;
            if (sigmaton_read_json(j->runtime, j->scratch, line->p, line->len, &v) != SIGMATON_OK)
                continue;
            struct origin origin = origin_of(pack, v.slots);
            line->class = class_of(ret, &origin);
            ret->v[line->class].n_lines++;
            ret->v[line->class].n_bytes += line->len + 1;
        }
    }
}

void bench_classes_free(struct bench_classes *c)
{
    for (uint32_t i = 0; i < c->n; i++)
        free(c->v[i].name);
    free(c->v);
}

bool bench_class_is(const struct bench_class *c, const char *spec)
{
    const char *colon = strrchr(spec, ':');
    uint32_t id;
    return colon && id_of(str_of(colon + 1), &id) && c->has_id && c->id == id &&
           str_eq_nocase(c->channel, (struct str){spec, (size_t)(colon - spec)});
}

/* All lines that are wanted, every step-th of them. */
static char *gather(const struct bench_sets *sets, const bool *wanted, size_t step, char *to)
{
    size_t seen = 0;
    for (size_t s = 0; s < sets->n; s++) {
        for (size_t i = 0; i < sets->v[s].n_lines; i++) {
            const struct bench_line *line = &sets->v[s].lines[i];
            if (line->class == BENCH_NO_CLASS || !wanted[line->class] || seen++ % step != 0)
                continue;
            memcpy(to, line->p, line->len);
            to += line->len;
            *to++ = '\n';
        }
    }
    return to;
}

bool bench_class_set(const struct bench_sets *sets, const struct bench_classes *c,
                     const bool *wanted, size_t min, size_t max, const char *name,
                     struct bench_set *ret)
{
    size_t n = 0, bytes = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        n += wanted[i] ? c->v[i].n_lines : 0;
        bytes += wanted[i] ? c->v[i].n_bytes : 0;
    }
    size_t step = max > 0 && n > max ? (n + max - 1) / max : 1;
    size_t times = n > 0 && n < min ? (min + n - 1) / n : 1;
    char *p = bench_alloc(bytes * times + BENCH_PADDING, 1), *end = p;
    for (size_t i = 0; i < times; i++)
        end = gather(sets, wanted, step, end);
    return bench_set_make(ret, name, p, (size_t)(end - p));
}
