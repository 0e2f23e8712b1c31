/* Tables of many texts on the literals of rules and the values of events: ns per value.
 *
 *     grams_bench RULES... -- EVENTS.ndjson...
 *
 * For each log source and field the texts are those of one witness set a rule, chosen by rarity:
 * the children of an `or`, the rarest child of an `and`. The values are those of the field in the
 * events of the log source, decoded and as they stand in the line. Printed, a line for each: texts,
 * mean bytes of a value, bytes of the table and microseconds to build it, masks (0: the filter
 * everywhere), then ns a value, the least of nine rounds: memmem text by text, the plain scan, each
 * level that the machine has, the best level on raw values; texts found in a value; ns a byte of
 * the dearest of four lines made from the table to hurt it. The last line sums up the tables of
 * all log sources and fields. With GRAMS_WITHOUT_PRIOR in the environment
 * the tables are built without one. Event files that do not exist are passed over.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arena.h"
#include "compile.h"
#include "gram_scan.h"
#include "grams.h"
#include "vec.h"

#define VALUES_MAX 3000u
#define VALUE_BYTES_MAX (4u << 20)
#define ROUNDS 9

/* Log sources and the event ids that they mean, with the fields worth a line. */
static const struct source_row {
    const char *source; /* category, or service */
    const char *ids[2];
} sources_[] = {
    {"process_creation", {"1", "4688"}},   {"registry_set", {"13", NULL}},
    {"registry_event", {"12", "13"}},      {"file_event", {"11", NULL}},
    {"image_load", {"7", NULL}},           {"process_access", {"10", NULL}},
    {"ps_script", {"4104", NULL}},         {"ps_module", {"4103", NULL}},
    {"network_connection", {"3", NULL}},   {"pipe_created", {"17", "18"}},
    {"create_remote_thread", {"8", NULL}},
};
#define N_SOURCES (sizeof sources_ / sizeof sources_[0])

typedef VEC(struct str) strs;

struct set {
    const struct source_row *source;
    uint32_t field;
    strs texts, values, raw;
    size_t value_bytes;
};

struct bench {
    struct arena *a;
    const struct ir *ir;
    struct gram_prior *prior;
    bool with_prior;
    VEC(struct set) sets;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- Witness sets ---- */

struct witness {
    double cost; /* above 1e6: none */
    uint32_t node;
    bool all; /* the node's children, each its own; else the node itself */
};

#define NO_WITNESS 1e9

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return s.len > 0;
}

static double text_cost(const struct bench *b, struct str s)
{
    return is_ascii(s) ? gram_rarity(b->prior, s) : 1e-6;
}

static double cost_of(const struct bench *b, uint32_t node)
{
    const struct ir_node *n = ir_get(b->ir, node);
    double cost = NO_WITNESS;
    switch (n->op) {
    case IR_OP_AND:
        for (uint32_t i = 0; i < n->n; i++) {
            const double c = cost_of(b, n->children[i]);
            cost = c < cost ? c : cost;
        }
        return cost;
    case IR_OP_OR:
        cost = 0;
        for (uint32_t i = 0; i < n->n; i++)
            cost += cost_of(b, n->children[i]);
        return cost;
    case IR_OP_CONTAINS:
        return text_cost(b, n->text);
    case IR_OP_CONTAINS_SET:
        cost = 0;
        for (uint32_t i = 0; i < n->n; i++)
            cost += text_cost(b, n->texts[i]);
        return cost;
    case IR_OP_EQ:
    case IR_OP_PREFIX:
    case IR_OP_SUFFIX:
        return n->text.len > 0 ? text_cost(b, n->text) / 4 : NO_WITNESS;
    case IR_OP_EQ_SET:
    case IR_OP_PREFIX_SET:
    case IR_OP_SUFFIX_SET:
        cost = 0;
        for (uint32_t i = 0; i < n->n; i++)
            cost += text_cost(b, n->texts[i]) / 4;
        return cost;
    default:
        return NO_WITNESS;
    }
}

static struct set *set_of(struct bench *b, const struct source_row *source, uint32_t field)
{
    for (size_t i = 0; i < b->sets.n; i++)
        if (b->sets.v[i].source == source && b->sets.v[i].field == field)
            return &b->sets.v[i];
    struct set *s = VEC_PUSH(b->a, &b->sets);
    s->source = source;
    s->field = field;
    return s;
}

static void add_text(struct bench *b, struct set *s, struct str text)
{
    if (!is_ascii(text))
        return;
    for (size_t i = 0; i < s->texts.n; i++)
        if (str_eq(s->texts.v[i], text))
            return;
    *VEC_PUSH(b->a, &s->texts) = text;
}

static void add_witnesses(struct bench *b, const struct source_row *source, uint32_t node)
{
    const struct ir_node *n = ir_get(b->ir, node);
    uint32_t best = 0;
    switch (n->op) {
    case IR_OP_AND:
        for (uint32_t i = 1; i < n->n; i++)
            if (cost_of(b, n->children[i]) < cost_of(b, n->children[best]))
                best = i;
        add_witnesses(b, source, n->children[best]);
        return;
    case IR_OP_OR:
        for (uint32_t i = 0; i < n->n; i++)
            add_witnesses(b, source, n->children[i]);
        return;
    case IR_OP_CONTAINS:
        add_text(b, set_of(b, source, n->field), n->text);
        return;
    case IR_OP_CONTAINS_SET:
        for (uint32_t i = 0; i < n->n; i++)
            add_text(b, set_of(b, source, n->field), n->texts[i]);
        return;
    default:
        return;
    }
}

static void collect_texts(struct bench *b)
{
    for (uint32_t i = 0; i < b->ir->n_nodes; i++) {
        const struct ir_node *n = ir_get(b->ir, i);
        if (n->op >= IR_OP_EQ && n->op <= IR_OP_CONTAINS && n->op != IR_OP_WILDCARD)
            gram_prior_count(b->prior, n->text);
        for (uint32_t k = 0; n->op >= IR_OP_EQ_SET && k < n->n; k++)
            gram_prior_count(b->prior, n->texts[k]);
    }
    for (uint32_t r = 0; r < b->ir->n_rules; r++) {
        const struct ir_rule *rule = &b->ir->rules[r];
        if (cost_of(b, rule->root) >= NO_WITNESS)
            continue;
        for (size_t i = 0; i < N_SOURCES; i++)
            if (str_eq_z(rule->rule->logsource.category, sources_[i].source))
                add_witnesses(b, &sources_[i], rule->root);
    }
}

/* ---- Values ---- */

/* The bytes behind `"name":"`. */
static bool raw_value(const char *line, size_t len, struct str name, struct str *ret)
{
    char key[128];
    const int n = snprintf(key, sizeof key, "\"%.*s\":\"", STR_ARG(name));
    if (n <= 0 || (size_t)n >= sizeof key)
        return false;
    const char *p = memmem(line, len, key, (size_t)n);
    if (p == NULL)
        return false;
    p += n;
    const char *end = line + len, *q = p;
    while (q < end && *q != '"')
        q += *q == '\\' ? 2 : 1;
    *ret = (struct str){p, (size_t)(q - p)};
    return q < end;
}

/* Decoded as far as short escapes go. */
static struct str decoded(struct arena *a, struct str raw)
{
    char *out = arena_alloc(a, raw.len);
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.p[i];
        if (c == '\\' && i + 1 < raw.len) {
            c = raw.p[++i];
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
        }
        out[n++] = c;
    }
    return (struct str){out, n};
}

static bool is_of(const struct source_row *source, const char *line, size_t len)
{
    for (int i = 0; i < 2 && source->ids[i] != NULL; i++) {
        char key[32];
        const int n = snprintf(key, sizeof key, "\"EventID\":%s,", source->ids[i]);
        if (memmem(line, len, key, (size_t)n) != NULL)
            return true;
    }
    return false;
}

static void read_line(struct bench *b, const char *line, size_t len)
{
    for (size_t i = 0; i < b->sets.n; i++) {
        struct set *s = &b->sets.v[i];
        struct str raw;
        if (s->values.n >= VALUES_MAX || s->value_bytes >= VALUE_BYTES_MAX ||
            !is_of(s->source, line, len) ||
            !raw_value(line, len, names_text(b->ir->names, s->field), &raw))
            continue;
        *VEC_PUSH(b->a, &s->raw) = str_dup(b->a, raw);
        *VEC_PUSH(b->a, &s->values) = decoded(b->a, raw);
        s->value_bytes += s->values.v[s->values.n - 1].len;
    }
}

static bool read_events(struct bench *b, const char *path)
{
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return false;
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    uint64_t n = 0;
    while ((len = getline(&line, &cap, f)) > 0)
        if (n++ % 7 == 0 || len > 4000)
            read_line(b, line, (size_t)len);
    free(line);
    fclose(f);
    return true;
}

/* ---- Measuring ---- */

static enum srt_simd best_level(void)
{
    enum srt_simd best = SRT_SIMD_PLAIN;
    for (int level = 0; level < SRT_SIMD_COUNT; level++)
        if (srt_simd_has((enum srt_simd)level))
            best = (enum srt_simd)level;
    return best;
}

static void count_hit(void *ctx, uint32_t id)
{
    (void)id;
    ++*(uint64_t *)ctx;
}

static double scan_ns(enum srt_simd level, const struct sigmaton_grams *g, const strs *values,
                      uint64_t *ret_hits)
{
    srt_grams_scan_fn *scan = srt_grams_scan_at(level);
    uint64_t best = UINT64_MAX;
    for (int round = 0; round < ROUNDS; round++) {
        *ret_hits = 0;
        const uint64_t t = now_ns();
        for (size_t i = 0; i < values->n; i++)
            scan(g, (const uint8_t *)values->v[i].p, (uint32_t)values->v[i].len, count_hit,
                 ret_hits);
        const uint64_t d = now_ns() - t;
        best = d < best ? d : best;
    }
    return (double)best / (double)values->n;
}

static double raw_ns(enum srt_simd level, const struct sigmaton_grams *g, const strs *values)
{
    srt_grams_raw_fn *scan = srt_grams_raw_at(level);
    uint64_t best = UINT64_MAX, hits = 0, hidden = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t t = now_ns();
        for (size_t i = 0; i < values->n; i++)
            hidden += !scan(g, (const uint8_t *)values->v[i].p, (uint32_t)values->v[i].len, false,
                            count_hit, &hits);
        const uint64_t d = now_ns() - t;
        best = d < best ? d : best;
    }
    printf(" (%4.1f %% hidden)", 100.0 * (double)hidden / ROUNDS / (double)values->n);
    return (double)best / (double)values->n;
}

static uint64_t found_by_hand; /* so that the search is not optimised away */

/* The values in small letters, so that memmem may be used; of few, for it is slow. */
static double naive_ns(const struct bench *b, const struct set *s)
{
    const size_t step = s->values.n > 20 ? s->values.n / 20 : 1;
    uint64_t spent = 0;
    size_t n = 0;
    uint64_t found = 0;
    for (size_t i = 0; i < s->values.n; i += step, n++) {
        const struct str v = str_dup(b->a, s->values.v[i]);
        for (size_t k = 0; k < v.len; k++)
            ((char *)(uintptr_t)v.p)[k] = (char)tolower((unsigned char)v.p[k]);
        const uint64_t t = now_ns();
        for (size_t k = 0; k < s->texts.n; k++)
            found += NULL != memmem(v.p, v.len, s->texts.v[k].p, s->texts.v[k].len);
        spent += now_ns() - t;
    }
    found_by_hand += found;
    return (double)spent / (double)n;
}

static const struct sigmaton_grams *build(const struct bench *b, const struct set *s,
                                          uint64_t *ret_ns)
{
    struct gram_text *texts = ARENA_ARRAY(b->a, s->texts.n, struct gram_text);
    for (uint32_t i = 0; i < s->texts.n; i++)
        texts[i] = (struct gram_text){s->texts.v[i], false, i};
    uint32_t size;
    const uint64_t t = now_ns();
    const uint8_t *table =
        grams_build(b->a, b->with_prior ? b->prior : NULL, texts, (uint32_t)s->texts.n, &size);
    *ret_ns = now_ns() - t;
    return (const struct sigmaton_grams *)(const void *)table;
}

/* ---- Lines made to hurt ---- */

#define ATTACK_LEN 65536u

static const struct sigmaton_gram *entries_of(const struct sigmaton_grams *g)
{
    return (const struct sigmaton_gram *)(const void *)((const uint8_t *)g + g->entries_off);
}

/* `len` bytes of text, from byte `from` on, at out[*at], as many as fit. */
static void put(uint8_t *out, uint32_t *at, const uint8_t *text, uint32_t len)
{
    for (uint32_t i = 0; i < len && *at < ATTACK_LEN; i++)
        out[(*at)++] = text[i];
}

/* One line of each kind: all texts without their last byte; the windows of the fullest bucket, the
 * entry that comes last first; the longest text without its last byte; its window alone. */
static void attack_line(const struct sigmaton_grams *g, int kind, uint8_t *out)
{
    const struct sigmaton_gram *e = entries_of(g);
    const uint32_t *buckets = (const uint32_t *)(const void *)((const uint8_t *)g + g->buckets_off);
    uint32_t full = 0, longest = 0;
    for (uint32_t i = 0; i < 1u << (g->word_bits - 1); i++)
        if (buckets[i + 1] - buckets[i] > buckets[full + 1] - buckets[full])
            full = i;
    for (uint32_t i = 0; i < g->n_entries; i++)
        if (e[i].len > e[longest].len)
            longest = i;
    for (uint32_t at = 0, i = 0; at < ATTACK_LEN; i++) {
        const uint32_t n = buckets[full + 1] - buckets[full];
        const struct sigmaton_gram *one = kind == 0   ? &e[i % g->n_entries]
                                          : kind == 1 ? &e[buckets[full] + (n - 1 - i % n)]
                                                      : &e[longest];
        const uint8_t *text = (const uint8_t *)g + one->off;
        const bool whole = kind == 0 || kind == 2;
        put(out, &at, whole ? text : text + one->before,
            whole                        ? one->len - 1
            : one->len - one->before < 4 ? one->len - one->before
                                         : 4);
    }
}

/* The dearest line, ns a byte. */
static double attack_ns(struct arena *a, enum srt_simd level, const struct sigmaton_grams *g)
{
    uint8_t *line = arena_alloc(a, ATTACK_LEN);
    double worst = 0;
    for (int kind = 0; kind < 4 && g->n_entries > 0; kind++) {
        strs one = {.v = &(struct str){(const char *)line, ATTACK_LEN}, .n = 1};
        uint64_t hits;
        attack_line(g, kind, line);
        const double ns = scan_ns(level, g, &one, &hits) / ATTACK_LEN;
        worst = ns > worst ? ns : worst;
    }
    return worst;
}

static void measure(const struct bench *b, const struct set *s)
{
    uint64_t hits = 0, ns;
    const struct sigmaton_grams *g = build(b, s, &ns);
    const double n = (double)s->values.n;
    printf("%-18s %-16.*s %5zu texts %6.0f B; table %6u B %5.0f us, %u masks;", s->source->source,
           STR_ARG(names_text(b->ir->names, s->field)), s->texts.n, (double)s->value_bytes / n,
           g->size, (double)ns / 1e3, g->n_masks);
    printf(" memmem %8.0f", naive_ns(b, s));
    for (int level = 0; level < SRT_SIMD_COUNT; level++)
        if (srt_simd_has((enum srt_simd)level))
            printf(" %s %7.1f", srt_simd_name((enum srt_simd)level),
                   scan_ns((enum srt_simd)level, g, &s->values, &hits));
    printf(" raw %7.1f", raw_ns(best_level(), g, &s->raw));
    printf(" %5.2f hits", (double)hits / n);
    printf(" attack %5.2f a byte\n", attack_ns(b->a, best_level(), g));
}

static void sum_up(struct bench *b)
{
    size_t n = 0, size = 0;
    uint64_t all = 0, ns;
    double worst = 0;
    for (size_t i = 0; i < b->sets.n; i++) {
        const struct sigmaton_grams *g = build(b, &b->sets.v[i], &ns);
        const double attack = attack_ns(b->a, best_level(), g);
        n += b->sets.v[i].texts.n;
        size += g->size;
        all += ns;
        worst = attack > worst ? attack : worst;
    }
    printf("%zu tables, %zu texts, %zu bytes, %.1f ms; dearest line %.2f ns a byte\n", b->sets.n, n,
           size, (double)all / 1e6, worst);
}

int main(int argc, char **argv)
{
    int at = 1;
    while (at < argc && strcmp(argv[at], "--") != 0)
        at++;
    struct sigmatonc_options o = {.size = sizeof o,
                                  .paths = (const char *const *)argv + 1,
                                  .n_paths = (size_t)at - 1,
                                  .last = SIGMATONC_OPT};
    struct sigmatonc *c = NULL;
    if (at + 1 >= argc || sigmatonc_compile(&o, &c) != SIGMATONC_OK) {
        fprintf(stderr, "usage: grams_bench RULES... -- EVENTS.ndjson...\n");
        return 2;
    }
    struct bench b = {.a = c->arena, .ir = c->ir, .prior = gram_prior_new(c->arena, true)};
    b.with_prior = getenv("GRAMS_WITHOUT_PRIOR") == NULL;
    collect_texts(&b);
    for (int i = at + 1; i < argc; i++)
        if (!read_events(&b, argv[i]))
            fprintf(stderr, "%s cannot be read\n", argv[i]);
    for (size_t i = 0; i < b.sets.n; i++)
        if (b.sets.v[i].values.n >= 20 && b.sets.v[i].texts.n >= 4)
            measure(&b, &b.sets.v[i]);
    sum_up(&b);
    sigmatonc_destroy(c);
    return 0;
}
