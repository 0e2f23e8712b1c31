#include "route.h"

#include <stdlib.h>
#include <string.h>

#include "host.h"

#define UNKNOWN_LABEL UINT32_MAX /* a label that no rule and no row names */

/* A log source as numbers of its names; 0: not given. */
struct triple {
    uint32_t ids[SRT_DIMENSIONS];
};

struct srt_routes {
    const struct sigmaton_pack *pack;
    const uint64_t *fixed;  /* not NULL: these for every event */
    uint64_t *all;          /* every rule */
    uint64_t *free;         /* rules that name no dimension */
    uint64_t *given;        /* rules that the given source meets */
    struct triple *rules;   /* [n_rules] */
    uint32_t *next[2];      /* [n_routes]: row + 1 of the same channel, of the same provider */
    uint32_t *labels;       /* [n_labels]: slots that carry one */
    struct srt_texts texts; /* dimensions: number; channel, provider: first row + 1 */
    uint32_t n_rules, n_words, n_labels, n_names[SRT_DIMENSIONS];
};

static const enum srt_role label_roles[SRT_DIMENSIONS] = {SRT_ROLE_PRODUCT, SRT_ROLE_CATEGORY,
                                                          SRT_ROLE_SERVICE};

/* ---- Start-up ------------------------------------------------------------------------------ */

static uint32_t name_number(struct srt_routes *r, int dimension, struct sigmaton_ref ref)
{
    if (ref.len == 0)
        return 0;
    uint32_t *value =
        srt_texts_put(&r->texts, (enum srt_space)dimension, srt_pack_at(r->pack, ref), ref.len);
    if (*value == 0)
        *value = ++r->n_names[dimension];
    return *value;
}

static void rules_enter(struct srt_routes *r)
{
    const struct sigmaton_rule *rules = srt_pack_at(r->pack, r->pack->rules);
    for (uint32_t i = 0; i < r->n_rules; i++) {
        const struct sigmaton_ref refs[SRT_DIMENSIONS] = {rules[i].product, rules[i].category,
                                                          rules[i].service};
        bool names_any = false;
        for (int d = 0; d < SRT_DIMENSIONS; d++) {
            r->rules[i].ids[d] = name_number(r, d, refs[d]);
            names_any |= refs[d].len > 0;
        }
        r->all[i / 64] |= UINT64_C(1) << i % 64;
        if (!names_any)
            r->free[i / 64] |= UINT64_C(1) << i % 64;
    }
}

static void row_enter(struct srt_routes *r, uint32_t row, enum srt_space space,
                      struct sigmaton_ref ref)
{
    if (ref.len == 0)
        return;
    uint32_t *head = srt_texts_put(&r->texts, space, srt_pack_at(r->pack, ref), ref.len);
    r->next[space - SRT_SPACE_CHANNEL][row] = *head;
    *head = row + 1;
}

static void rows_enter(struct srt_routes *r)
{
    const struct sigmaton_route *rows = srt_pack_at(r->pack, r->pack->routes);
    for (uint32_t i = 0; i < r->pack->routes.len; i++) {
        row_enter(r, i, SRT_SPACE_CHANNEL, rows[i].channel);
        row_enter(r, i, SRT_SPACE_PROVIDER, rows[i].provider);
        name_number(r, SRT_SPACE_PRODUCT, rows[i].product);
        name_number(r, SRT_SPACE_CATEGORY, rows[i].category);
        name_number(r, SRT_SPACE_SERVICE, rows[i].service);
    }
}

/* Rules of which every dimension that they name is carried. */
static void carried(const struct srt_routes *r, const uint32_t ids[SRT_DIMENSIONS], uint64_t *out)
{
    memset(out, 0, r->n_words * sizeof *out);
    for (uint32_t i = 0; i < r->n_rules; i++) {
        const uint32_t *wanted = r->rules[i].ids;
        bool fits = true;
        for (int d = 0; d < SRT_DIMENSIONS; d++)
            fits &= wanted[d] == 0 || wanted[d] == ids[d];
        out[i / 64] |= (uint64_t)fits << i % 64;
    }
}

static uint32_t number_of(const struct srt_routes *r, int dimension, const uint8_t *p, size_t len)
{
    if (len == 0)
        return 0;
    uint32_t id = len <= UINT32_MAX
                      ? srt_texts_get(&r->texts, (enum srt_space)dimension, p, (uint32_t)len)
                      : 0;
    return id != 0 ? id : UNKNOWN_LABEL;
}

static void source_give(struct srt_routes *r, const struct sigmaton_engine_options *options)
{
    const char *given[SRT_DIMENSIONS] = {options->product, options->category, options->service};
    uint32_t ids[SRT_DIMENSIONS] = {0};
    for (int d = 0; d < SRT_DIMENSIONS; d++)
        if (given[d] != NULL)
            ids[d] = number_of(r, d, (const uint8_t *)given[d], strlen(given[d]));
    carried(r, ids, r->given);
}

#define LABEL_FLAGS (SIGMATON_SLOT_PRODUCT | SIGMATON_SLOT_CATEGORY | SIGMATON_SLOT_SERVICE)

static void labels_enter(struct srt_routes *r)
{
    const struct sigmaton_slot_info *infos = srt_pack_at(r->pack, r->pack->slots);
    for (uint32_t i = 0; i < r->pack->slots.len; i++)
        if ((infos[i].flags & LABEL_FLAGS) != 0)
            r->labels[r->n_labels++] = i;
}

static struct srt_routes *routes_cut(const struct sigmaton_pack *pack, struct srt_cutter *cutter)
{
    uint32_t n_rules = pack->rules.len, n_rows = pack->routes.len;
    struct srt_routes laid = {.pack = pack, .n_rules = n_rules};
    laid.n_words = n_rules / 64 + (n_rules % 64 != 0);
    struct srt_routes *r = srt_cut(cutter, 1, sizeof *r);
    laid.all = srt_cut(cutter, laid.n_words, sizeof *laid.all);
    laid.free = srt_cut(cutter, laid.n_words, sizeof *laid.free);
    laid.given = srt_cut(cutter, laid.n_words, sizeof *laid.given);
    laid.rules = srt_cut(cutter, n_rules, sizeof *laid.rules);
    laid.next[0] = srt_cut(cutter, n_rows, sizeof *laid.next[0]);
    laid.next[1] = srt_cut(cutter, n_rows, sizeof *laid.next[1]);
    laid.labels = srt_cut(cutter, pack->slots.len, sizeof *laid.labels);
    srt_texts_cut(&laid.texts, (size_t)n_rules * 3 + (size_t)n_rows * 5, cutter);
    if (r != NULL)
        *r = laid;
    return r;
}

struct srt_routes *srt_routes_create(const struct sigmaton_pack *pack,
                                     const struct sigmaton_engine_options *options)
{
    struct srt_cutter cutter = {0};
    routes_cut(pack, &cutter);
    cutter = (struct srt_cutter){.base = calloc(1, cutter.used)};
    if (cutter.base == NULL)
        return NULL;
    struct srt_routes *r = routes_cut(pack, &cutter);
    labels_enter(r);
    rules_enter(r);
    rows_enter(r);
    if (options->routing == SIGMATON_ROUTE_NONE)
        r->fixed = r->all;
    if (options->routing == SIGMATON_ROUTE_GIVEN) {
        source_give(r, options);
        r->fixed = r->given;
    }
    return r;
}

void srt_routes_destroy(struct srt_routes *routes)
{
    free(routes);
}

void srt_route_cut(struct srt_route_scratch *scratch, const struct srt_routes *routes,
                   struct srt_cutter *cutter)
{
    *scratch = (struct srt_route_scratch){0};
    scratch->rows = srt_cut(cutter, routes->n_words, sizeof *scratch->rows);
    scratch->labels = srt_cut(cutter, routes->n_words, sizeof *scratch->labels);
}

/* ---- Per event ----------------------------------------------------------------------------- */

/* `logsource.product` is a label whatever it says. Event sources have fields of their own called
 * `category` or `service`, so a plain name counts only with a value that log sources have. */
static bool is_plain(const struct sigmaton_pack *pack, uint32_t slot)
{
    const struct sigmaton_slot_info *infos = srt_pack_at(pack, pack->slots);
    return memchr(srt_pack_at(pack, infos[slot].name), '.', infos[slot].name.len) == NULL;
}

static uint32_t label(const struct srt_routes *r, const struct srt_names *names, int dimension,
                      const struct sigmaton_slot *slots)
{
    struct srt_role_slots role = names->roles[label_roles[dimension]];
    for (uint32_t i = 0; i < role.n; i++) {
        const struct sigmaton_slot *text = srt_slot_string(&slots[role.slots[i]]);
        if (text == NULL || text->len == 0)
            continue;
        uint32_t id = number_of(r, dimension, text->at.text, text->len);
        if (id != UNKNOWN_LABEL || !is_plain(r->pack, role.slots[i]))
            return id;
    }
    return 0;
}

static const uint64_t *labels_route(const struct srt_routes *r, const uint32_t ids[SRT_DIMENSIONS],
                                    struct srt_route_scratch *scratch)
{
    if (!scratch->has_labels || memcmp(scratch->label_ids, ids, sizeof scratch->label_ids) != 0) {
        carried(r, ids, scratch->labels);
        memcpy(scratch->label_ids, ids, sizeof scratch->label_ids);
        scratch->has_labels = true;
    }
    return scratch->labels;
}

static bool row_satisfied(const struct srt_routes *r, const struct sigmaton_route *row,
                          const struct srt_source *source, const struct sigmaton_slot *slots)
{
    bool id_fits = row->n_ids == 0;
    for (uint32_t i = 0; i < row->n_ids; i++)
        id_fits |= source->has_id && source->id == row->ids[i];
    if (!id_fits || row->when_slot == SIGMATON_NO_SLOT)
        return id_fits;
    for (int i = 0; i < 2; i++) {
        struct sigmaton_ref value = row->when_values[i];
        if (value.len > 0 &&
            srt_host()->eq(&slots[row->when_slot], srt_pack_at(r->pack, value), value.len, 0))
            return true;
    }
    return false;
}

static const uint64_t *table_route(const struct srt_routes *r, const struct srt_source *source,
                                   const struct sigmaton_slot *slots,
                                   struct srt_route_scratch *scratch)
{
    uint32_t head = 0;
    const uint32_t *next = r->next[0];
    if (source->channel != NULL) {
        head = srt_texts_get(&r->texts, SRT_SPACE_CHANNEL, source->channel, source->channel_len);
    } else if (source->provider != NULL) {
        head = srt_texts_get(&r->texts, SRT_SPACE_PROVIDER, source->provider, source->provider_len);
        next = r->next[1];
    }
    if (head == 0)
        return r->all;
    const struct sigmaton_route *rows = srt_pack_at(r->pack, r->pack->routes);
    memcpy(scratch->rows, r->free, r->n_words * sizeof *scratch->rows);
    for (; head != 0; head = next[head - 1]) {
        const struct sigmaton_route *row = &rows[head - 1];
        if (!row_satisfied(r, row, source, slots))
            continue;
        const uint64_t *words = srt_pack_at(r->pack, row->rules);
        for (uint32_t w = 0; w < r->n_words; w++)
            scratch->rows[w] |= words[w];
    }
    return scratch->rows;
}

/* Nearly every event has none of the slots that carry labels. */
static inline bool may_have_labels(const struct srt_routes *r, const struct sigmaton_slot *slots)
{
    for (uint32_t i = 0; i < r->n_labels; i++)
        if (slots[r->labels[i]].kind != SIGMATON_ABSENT)
            return true;
    return false;
}

/* The event's own labels; false: it has none. */
static bool labels_of(const struct srt_routes *r, const struct srt_names *names,
                      const struct sigmaton_slot *slots, uint32_t ret_ids[SRT_DIMENSIONS])
{
    bool has_label = false;
    for (int d = 0; d < SRT_DIMENSIONS; d++) {
        ret_ids[d] = label(r, names, d, slots);
        has_label |= ret_ids[d] != 0;
    }
    return has_label;
}

static bool has_labels(const struct srt_routes *r, const struct srt_names *names,
                       const struct sigmaton_slot *slots)
{
    uint32_t ids[SRT_DIMENSIONS];
    return may_have_labels(r, slots) && labels_of(r, names, slots, ids);
}

const uint64_t *srt_route(const struct srt_routes *routes, const struct srt_names *names,
                          const struct srt_source *source, const struct sigmaton_slot *slots,
                          struct srt_route_scratch *scratch)
{
    uint32_t ids[SRT_DIMENSIONS];
    if (routes->fixed != NULL)
        return routes->fixed;
    return may_have_labels(routes, slots) && labels_of(routes, names, slots, ids)
               ? labels_route(routes, ids, scratch)
               : table_route(routes, source, slots, scratch);
}

struct srt_meeting srt_meet(const struct srt_routes *routes, const struct srt_classes *classes,
                            const struct srt_names *names, const struct srt_source *source,
                            const struct sigmaton_slot *slots, struct srt_route_scratch *scratch)
{
    uint32_t number;
    if (routes->fixed == NULL && !has_labels(routes, names, slots) &&
        srt_class_find(classes, source, slots, &number))
        return (struct srt_meeting){.class_number = number};
    return (struct srt_meeting){.rules = srt_route(routes, names, source, slots, scratch)};
}

const uint64_t *srt_route_given(const struct srt_routes *routes,
                                const struct sigmaton_logsource *source,
                                struct srt_route_scratch *scratch)
{
    const char *given[SRT_DIMENSIONS] = {source->product, source->category, source->service};
    uint32_t ids[SRT_DIMENSIONS] = {0};
    for (int d = 0; d < SRT_DIMENSIONS; d++)
        if (given[d] != NULL)
            ids[d] = number_of(routes, d, (const uint8_t *)given[d], strlen(given[d]));
    return labels_route(routes, ids, scratch);
}
