/* The constant image: descriptor, tables, then blobs (texts, sets, addresses, bitmaps). Tables are
 * reserved first, so that they stand together, and filled once the blobs have offsets. */
#include "plan_parts.h"

#include <sigmaton/fold.h>
#include <string.h>

#include "arena.h"
#include "diag.h"
#include "names.h"
#include "sets.h"

#define PRODUCER "sigmaton " SIGMATON_VERSION

_Static_assert((int)LEVEL_CRITICAL == (int)SIGMATON_LEVEL_CRITICAL, "levels are one enumeration");
_Static_assert((int)LEVEL_MEDIUM == (int)SIGMATON_LEVEL_MEDIUM, "levels are one enumeration");

struct image {
    struct plan *plan;
    const struct plan_options *options;
    uint8_t *p;
    uint64_t len, cap, max;
    bool full;           /* the limit was met; everything that follows is dropped */
    struct names *texts; /* blobs that may be shared, by their bytes .. */
    uint32_t *text_off;  /* .. and where each stands; 0: nowhere yet */
    uint32_t n_text_off;
};

/* `len` zero bytes at an aligned offset. Offset 0, which is the descriptor, when the image is full.
 */
static uint32_t reserve(struct image *m, uint64_t len, uint64_t align)
{
    uint64_t off = (m->len + align - 1) / align * align;
    if (m->full || len > m->max || off > m->max - len) {
        m->full = true;
        return 0;
    }
    if (off + len > m->cap) {
        uint64_t cap = m->cap ? m->cap : 4096;
        while (cap < off + len)
            cap *= 2;
        uint8_t *p = arena_alloc(m->plan->arena, cap);
        if (m->len > 0)
            memcpy(p, m->p, m->len);
        m->p = p;
        m->cap = cap;
    }
    m->len = off + len;
    return (uint32_t)off;
}

static struct sigmaton_ref reserve_table(struct image *m, uint32_t n, size_t size)
{
    uint32_t off = reserve(m, (uint64_t)n * size, 8);
    return (struct sigmaton_ref){off, n};
}

static void put(struct image *m, uint32_t off, const void *p, size_t len)
{
    if (!m->full && len > 0)
        memcpy(m->p + off, p, len);
}

static uint32_t add_blob(struct image *m, const void *p, size_t len, uint64_t align)
{
    uint32_t off = reserve(m, len, align);
    put(m, off, p, len);
    return off;
}

/* Equal bytes stand once, at an offset of their own alignment. */
static uint32_t add_shared(struct image *m, struct str s, uint64_t align)
{
    uint32_t id = names_intern(m->texts, s);
    if (id >= m->n_text_off) {
        uint32_t n = (id + 1) * 2;
        uint32_t *grown = arena_array(m->plan->arena, n, sizeof *grown);
        if (m->n_text_off > 0)
            memcpy(grown, m->text_off, m->n_text_off * sizeof *grown);
        m->text_off = grown;
        m->n_text_off = n;
    }
    if (m->text_off[id] == 0 || m->text_off[id] % align != 0)
        m->text_off[id] = add_blob(m, s.p, s.len, align);
    return m->text_off[id];
}

static struct sigmaton_ref add_text(struct image *m, struct str s)
{
    if (s.len == 0)
        return (struct sigmaton_ref){0, 0};
    return (struct sigmaton_ref){add_shared(m, s, 1), (uint32_t)s.len};
}

/* A list of n elements; rules have many in common. */
static struct sigmaton_ref add_list(struct image *m, const void *v, size_t n, size_t size)
{
    if (n == 0)
        return (struct sigmaton_ref){0, 0};
    return (struct sigmaton_ref){add_shared(m, (struct str){v, n * size}, 8), (uint32_t)n};
}

/* What is not UTF-8 (a file's name, an option) as U+FFFD: the pack's texts are UTF-8. */
static struct sigmaton_ref add_shown(struct image *m, struct str s)
{
    struct text t;
    if (utf8_valid(s))
        return add_text(m, s);
    text_init(&t, m->plan->arena);
    for (const char *p = s.p, *end = str_end(s); p < end;) {
        char bytes[4];
        uint32_t c = utf8_next(&p, end);
        size_t n = utf8_put(c >= 0xDC00 && c <= 0xDFFF ? 0xFFFD : c, bytes);
        text_add(&t, (struct str){bytes, n});
    }
    return add_text(m, text_str(&t));
}

static struct sigmaton_ref add_folded(struct image *m, const char *z)
{
    struct text t;
    text_init(&t, m->plan->arena);
    const char *end = z + strlen(z);
    while (z < end) {
        char bytes[4];
        size_t n = utf8_put(sigmaton_fold(utf8_next(&z, end)), bytes);
        text_add(&t, (struct str){bytes, n});
    }
    return add_text(m, text_str(&t));
}

static struct str path_of(const struct image *m, const struct rule *rule)
{
    const struct sources *sources = m->options->sources;
    if (!sources || rule->file >= sources_count(sources))
        return (struct str){0};
    return sources_get(sources, rule->file)->name;
}

static struct sigmaton_ref add_tags(struct image *m, const struct rule *rule)
{
    struct sigmaton_ref *tags = ARENA_ARRAY(m->plan->arena, rule->n_tags, struct sigmaton_ref);
    for (size_t i = 0; i < rule->n_tags; i++)
        tags[i] = add_text(m, rule->tags[i]);
    return add_list(m, tags, rule->n_tags, sizeof *tags);
}

static struct sigmaton_ref add_words(struct image *m, const uint32_t *v, uint32_t n)
{
    return add_list(m, v, n, sizeof *v);
}

static void fill_rules(struct image *m, struct sigmaton_ref table)
{
    for (uint32_t i = 0; i < table.len; i++) {
        const struct ir_rule *from = &m->plan->ir->rules[i];
        const struct rule *rule = from->rule;
        struct sigmaton_rule to = {.n_regexes = m->plan->rule_regexes[i]};
        if (!m->options->probes) /* probes decode what they ask */
            to.slots = add_words(m, m->plan->rule_slots[i].v, m->plan->rule_slots[i].n);
        if (!rule) {
            to.id = to.title = add_text(m, from->label);
        } else {
            to.id = add_text(m, rule->id);
            to.title = add_text(m, rule->title);
            to.file = add_shown(m, path_of(m, rule));
            to.tags = add_tags(m, rule);
            to.product = add_text(m, rule->logsource.product);
            to.category = add_text(m, rule->logsource.category);
            to.service = add_text(m, rule->logsource.service);
            to.level = rule->level;
            to.status = rule->status;
            to.document = rule->document;
        }
        put(m, table.off + i * (uint32_t)sizeof to, &to, sizeof to);
    }
}

static void fill_slots(struct image *m, struct sigmaton_ref table)
{
    for (uint32_t i = 0; i < table.len; i++) {
        struct sigmaton_slot_info to = {.name = add_shown(m, m->plan->slots[i].name),
                                        .flags = m->plan->slots[i].flags};
        put(m, table.off + i * (uint32_t)sizeof to, &to, sizeof to);
    }
}

static uint32_t slot_named(const struct plan *p, const char *name)
{
    return name ? p->slot_of[names_find(p->ir->names, str_of(name))] : SIGMATON_NO_SLOT;
}

static uint32_t count_bindings(const struct plan *p)
{
    uint32_t n = 0;
    for (size_t i = 0; i < n_shape_rows; i++)
        n += p->shapes[i];
    return n;
}

static void fill_bindings(struct image *m, struct sigmaton_ref table)
{
    static const uint32_t kinds[] = {[SHAPE_RENAME] = SIGMATON_BIND_RENAME,
                                     [SHAPE_OVERRIDE] = SIGMATON_BIND_OVERRIDE,
                                     [SHAPE_JOIN] = SIGMATON_BIND_JOIN};
    uint32_t n = 0;
    for (size_t i = 0; i < n_shape_rows; i++) {
        const struct shape_row *row = &shape_rows[i];
        if (!m->plan->shapes[i])
            continue;
        struct sigmaton_binding to = {.channel = add_folded(m, row->channel),
                                      .event_id = row->event_id,
                                      .kind = kinds[row->kind],
                                      .field = slot_named(m->plan, row->field),
                                      .source = slot_named(m->plan, row->source),
                                      .domain = slot_named(m->plan, row->domain)};
        put(m, table.off + n++ * (uint32_t)sizeof to, &to, sizeof to);
    }
}

/* Rows of one log source have one bitmap. */
static struct sigmaton_ref bitmap_of(struct image *m, size_t row, const struct sigmaton_ref *done)
{
    const struct logsource_row *r = &logsource_rows[row];
    for (size_t i = 0; i < row; i++) {
        const struct logsource_row *o = &logsource_rows[i];
        if (strcmp(o->product, r->product) == 0 && strcmp(o->category, r->category) == 0 &&
            strcmp(o->service, r->service) == 0)
            return done[i];
    }
    uint32_t n, n_words = (m->plan->ir->n_rules + 63) / 64;
    const uint64_t *words = plan_route(m->plan->arena, m->plan, r, &n);
    return (struct sigmaton_ref){add_blob(m, words, n_words * sizeof *words, 8), n_words};
}

static void fill_routes(struct image *m, struct sigmaton_ref table)
{
    struct sigmaton_ref *bitmaps = arena_array(m->plan->arena, table.len, sizeof *bitmaps);
    for (uint32_t i = 0; i < table.len; i++) {
        const struct logsource_row *row = &logsource_rows[i];
        bitmaps[i] = bitmap_of(m, i, bitmaps);
        struct sigmaton_route to = {.channel = add_folded(m, row->channel),
                                    .provider = add_folded(m, row->provider),
                                    .n_ids = row->n_ids,
                                    .when_slot = slot_named(m->plan, row->when_field),
                                    .product = add_text(m, str_of(row->product)),
                                    .category = add_text(m, str_of(row->category)),
                                    .service = add_text(m, str_of(row->service)),
                                    .rules = bitmaps[i]};
        memcpy(to.ids, row->ids, sizeof to.ids);
        for (int v = 0; v < 2; v++)
            if (row->when_values[v])
                to.when_values[v] = add_folded(m, row->when_values[v]);
        put(m, table.off + i * (uint32_t)sizeof to, &to, sizeof to);
    }
}

static void fill_regexes(struct image *m, struct sigmaton_ref table)
{
    for (uint32_t i = 0; i < table.len; i++) {
        const struct dfa *dfa = &m->plan->dfas[i];
        struct sigmaton_regex to = {.pattern = add_text(m, m->plan->regexes[i])};
        if (!dfa->why)
            to.dfa = (struct sigmaton_ref){add_blob(m, dfa->blob, dfa->size, 8), dfa->size};
        put(m, table.off + i * (uint32_t)sizeof to, &to, sizeof to);
    }
}

static struct sigmaton_ref add_names(struct image *m)
{
    struct names_table t = {0};
    struct arena *a = m->plan->arena;
    uint32_t n;
    const struct root_key *keys = names_root_keys(a, m->plan, &n);
    if (!names_table(a, keys, n, &t))
        return (struct sigmaton_ref){0, 0};
    size_t shifts = (t.head.n_buckets * sizeof *t.shifts + 7) / 8 * 8;
    size_t len = sizeof t.head + shifts + t.head.n_entries * sizeof(struct sigmaton_name);
    uint8_t *blob = arena_array(a, len, 1);
    memcpy(blob, &t.head, sizeof t.head);
    memcpy(blob + sizeof t.head, t.shifts, t.head.n_buckets * sizeof *t.shifts);
    for (uint32_t i = 0; i < n; i++) {
        struct sigmaton_name to = {add_text(m, keys[i].text), keys[i].slot, keys[i].flags};
        memcpy(blob + sizeof t.head + shifts + t.entry_of[i] * sizeof to, &to, sizeof to);
    }
    return (struct sigmaton_ref){add_blob(m, blob, len, 8), (uint32_t)len};
}

static uint32_t add_set(struct image *m, const struct ir_node *x)
{
    static const enum sigmaton_set_kind kinds[] = {[IR_OP_EQ_SET] = SIGMATON_SET_EQ,
                                                   [IR_OP_PREFIX_SET] = SIGMATON_SET_PREFIX,
                                                   [IR_OP_SUFFIX_SET] = SIGMATON_SET_SUFFIX,
                                                   [IR_OP_CONTAINS_SET] = SIGMATON_SET_CONTAINS};
    uint32_t size = 0;
    uint8_t *set =
        set_build(m->plan->arena, m->plan->prior, kinds[x->op], x->cased, x->texts, x->n, &size);
    return add_blob(m, set, size, 8);
}

static void add_operands(struct image *m)
{
    struct plan *p = m->plan;
    p->blob_of = arena_array(p->arena, p->ir->n_nodes, sizeof *p->blob_of);
    for (uint32_t i = 0; i < p->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(p->ir, i);
        p->blob_of[i] = PLAN_NO_BLOB;
        if (!p->reachable[i])
            continue;
        if (ir_op_info(x->op)->kind == IR_SET)
            p->blob_of[i] = add_set(m, x);
        else if (x->op == IR_OP_CIDR)
            p->blob_of[i] = add_blob(m, x->network.address, x->network.v6 ? 16 : 4, 1);
        else if (x->op == IR_OP_EQ || x->op == IR_OP_PREFIX || x->op == IR_OP_SUFFIX ||
                 x->op == IR_OP_CONTAINS || x->op == IR_OP_WILDCARD)
            p->blob_of[i] = add_text(m, x->text).off;
    }
}

static void add_probes(struct image *m)
{
    uint32_t size, base = reserve(m, 0, 8);
    const void *probes = plan_probes(m->plan, base, &size);
    add_blob(m, probes, size, 8);
}

uint32_t image_reserve(struct image *m, uint64_t len)
{
    return reserve(m, len, 8);
}

void image_put(struct image *m, uint32_t off, const void *p, size_t len)
{
    put(m, off, p, len);
}

uint32_t image_text(struct image *m, struct str s)
{
    return add_text(m, s).off;
}

/* ---- classes ---- */

static void fill_classes(struct image *m, struct sigmaton_ref table)
{
    const struct plan *p = m->plan;
    uint32_t n_words = (p->ir->n_rules + 63) / 64;
    for (uint32_t i = 0; i < table.len; i++) {
        const struct plan_class *from = &p->classes[i];
        struct sigmaton_class to = {.layers = add_words(m, from->layers, from->n_layers)};
        for (uint32_t w = 0; w < n_words; w++)
            if (from->rules[w] & p->keyword_rules[w])
                to.flags |= SIGMATON_CLASS_KEYWORDS;
        put(m, table.off + i * (uint32_t)sizeof to, &to, sizeof to);
    }
}

static void fill_whens(struct image *m, struct sigmaton_ref table)
{
    for (uint32_t i = 0; i < table.len; i++) {
        const struct logsource_row *row = &logsource_rows[m->plan->whens[i]];
        struct sigmaton_when to = {.slot = slot_named(m->plan, row->when_field)};
        for (int v = 0; v < 2; v++)
            if (row->when_values[v])
                to.values[v] = add_folded(m, row->when_values[v]);
        put(m, table.off + i * (uint32_t)sizeof to, &to, sizeof to);
    }
}

static void fill_keys(struct image *m, struct sigmaton_ref table)
{
    const struct plan *p = m->plan;
    for (uint32_t i = 0; i < table.len; i++) {
        const struct plan_key *key = &p->keys[i];
        struct sigmaton_key to = {.text = add_folded(m, key->text.p), .is_provider = key->provider};
        to.cases = reserve_table(m, key->n, sizeof(struct sigmaton_case));
        for (uint32_t k = 0; k < key->n; k++) {
            const struct plan_case *c = &p->cases[key->first + k];
            struct sigmaton_case one = {.id = c->id, .n_whens = c->n_whens};
            memcpy(one.whens, c->whens, sizeof one.whens);
            memcpy(one.classes, c->classes, sizeof one.classes);
            put(m, to.cases.off + k * (uint32_t)sizeof one, &one, sizeof one);
        }
        put(m, table.off + i * (uint32_t)sizeof to, &to, sizeof to);
    }
}

/* The layer's struct sigmaton_layer and what follows it. */
static uint32_t add_layer(struct image *m, const struct plan_layer *layer)
{
    uint32_t n_words = (m->plan->ir->n_rules + 63) / 64;
    struct sigmaton_layer head = {.n_fields = layer->n_fields};
    for (uint32_t w = 0; w < n_words; w++)
        head.n_always += layer->always[w] != 0;
    uint32_t off = add_blob(m, &head, sizeof head, 8);
    for (uint32_t w = 0; w < n_words; w++) {
        struct sigmaton_always always = {.rules = layer->always[w], .word = w};
        if (layer->always[w] != 0)
            add_blob(m, &always, sizeof always, 8);
    }
    for (uint32_t i = 0; i < layer->n_fields; i++) {
        const struct plan_field *from = &layer->fields[i];
        struct sigmaton_field field = {from->slot, (int32_t)(from->blob - off)};
        add_blob(m, &field, sizeof field, 8);
    }
    return off;
}

static void add_layers(struct image *m)
{
    struct plan *p = m->plan;
    p->layers_off = reserve(m, (uint64_t)p->n_layers * sizeof(uint32_t), 8);
    for (uint32_t i = 0; i < p->n_layers; i++) {
        uint32_t off = add_layer(m, &p->layers[i]);
        put(m, p->layers_off + i * (uint32_t)sizeof off, &off, sizeof off);
    }
}

bool plan_image(struct plan *p, struct diag_sink *sink, const struct plan_options *options)
{
    struct image m = {.plan = p, .options = options, .texts = names_new(p->arena)};
    m.max = options->image_max ? options->image_max : PLAN_IMAGE_MAX;
    struct sigmaton_pack d = {.size = sizeof d,
                              .magic = SIGMATON_PACK_MAGIC,
                              .abi_major = SIGMATON_ABI_MAJOR,
                              .abi_minor = SIGMATON_ABI_MINOR,
                              .n_memo = p->n_memo,
                              .cpu_features = options->cpu_features};
    reserve(&m, sizeof d, 8);
    d.rules = reserve_table(&m, p->ir->n_rules, sizeof(struct sigmaton_rule));
    d.slots = reserve_table(&m, p->n_slots, sizeof(struct sigmaton_slot_info));
    d.bindings = reserve_table(&m, count_bindings(p), sizeof(struct sigmaton_binding));
    d.routes = reserve_table(&m, (uint32_t)n_logsource_rows, sizeof(struct sigmaton_route));
    d.regexes = reserve_table(&m, p->n_regexes, sizeof(struct sigmaton_regex));
    d.keys = reserve_table(&m, p->n_keys, sizeof(struct sigmaton_key));
    d.whens = reserve_table(&m, p->n_whens, sizeof(struct sigmaton_when));
    d.classes = reserve_table(&m, p->n_classes, sizeof(struct sigmaton_class));
    d.n_layers = p->n_layers;
    d.target = add_text(&m, options->target);
    d.producer = add_text(&m, STR(PRODUCER));
    fill_rules(&m, d.rules);
    fill_slots(&m, d.slots);
    fill_bindings(&m, d.bindings);
    fill_routes(&m, d.routes);
    fill_regexes(&m, d.regexes);
    d.names = add_names(&m);
    d.keywords.len = (p->ir->n_rules + 63) / 64;
    d.keywords.off = add_blob(&m, p->keyword_rules, d.keywords.len * sizeof *p->keyword_rules, 8);
    add_operands(&m);
    if (options->probes)
        add_probes(&m);
    fill_classes(&m, d.classes);
    fill_whens(&m, d.whens);
    fill_keys(&m, d.keys);
    plan_index(p, &m);
    if (options->probes)
        add_layers(&m);
    reserve(&m, 0, 8);
    d.image_size = (uint32_t)m.len;
    put(&m, 0, &d, sizeof d);
    if (m.full) {
        DIAG(sink, DIAG_pack_too_big, NO_SPAN, NO_HELP,
             str_format(p->arena, "%llu", (unsigned long long)m.max));
        return false;
    }
    p->image = m.p;
    p->image_size = d.image_size;
    return true;
}
