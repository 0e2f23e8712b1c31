#include "check_report.h"

#include <stdio.h>
#include <stdlib.h>

#include "arena.h"
#include "check_inert.h"
#include "vec.h"

/* A document that should have become a rule, a filter or a correlation. */
struct refused {
    const struct document *doc;
    const struct diag *why; /* the first error in it; NULL: beyond what is kept of one file */
};

/* One row of the table. */
struct tally {
    struct str product, category, service;
    size_t compiled, refused, inert;
    unsigned long long events;
};

struct summary {
    struct sigmatonc *c;
    struct inert *inert; /* NULL: no sample */
    struct names *keys;  /* log source -> its tally's index + 1 */
    VEC(struct tally) tallies;
    VEC(struct refused) refused;
    VEC(uint32_t) inert_rules;       /* indices of mapped rules */
    VEC(const struct diag *) errors; /* by file and place */
    size_t n_without_events;
};

/* ---- collecting ---- */

static uint32_t tally_index(struct summary *s, struct str product, struct str category,
                            struct str service)
{
    struct str key = str_format(s->c->arena, "%zu %zu %.*s%.*s%.*s", product.len, category.len,
                                STR_ARG(product), STR_ARG(category), STR_ARG(service));
    uint32_t id = names_intern(s->keys, key);
    if (id > s->tallies.n)
        *VEC_PUSH(s->c->arena, &s->tallies) =
            (struct tally){.product = product, .category = category, .service = service};
    return id - 1;
}

static struct str dimension(const struct node *logsource, const char *key)
{
    const struct node *value =
        logsource && logsource->kind == NODE_MAP ? node_find(logsource, key) : NULL;
    return value && value->kind == NODE_STRING ? value->text : (struct str){0};
}

/* `action: global` and `reset` make nothing by themselves. */
static bool is_template(const struct document *doc)
{
    if (!doc->root || doc->root->kind != NODE_MAP)
        return false;
    const struct node *action = node_find(doc->root, "action");
    return action && action->kind == NODE_STRING &&
           (str_eq_z(action->text, "global") || str_eq_z(action->text, "reset"));
}

static bool is_of(const struct rule *head, const struct document *doc)
{
    return head->file == doc->file && head->document == doc->number;
}

static int by_place(const void *a, const void *b)
{
    const struct span *x = &(*(const struct diag *const *)a)->at;
    const struct span *y = &(*(const struct diag *const *)b)->at;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->off < y->off ? -1 : x->off > y->off;
}

static void collect_errors(struct summary *s)
{
    for (size_t i = 0; i < diag_count(s->c->sink); i++) {
        const struct diag *d = diag_get(s->c->sink, i);
        if (diag_info(d->code)->severity == DIAG_ERROR)
            *VEC_PUSH(s->c->arena, &s->errors) = d;
    }
    if (s->errors.n > 0)
        qsort(s->errors.v, s->errors.n, sizeof *s->errors.v, by_place);
}

/* The first error within the document; NULL when there is none among those that were kept. */
static const struct diag *error_in(const struct summary *s, const struct document *doc)
{
    const struct diag start = {.at = {doc->file, doc->at.off, 0}}, *wanted = &start;
    size_t low = 0, high = s->errors.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_place(&s->errors.v[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct diag *d = low < s->errors.n ? s->errors.v[low] : NULL;
    bool inside = d && d->at.file == doc->file && d->at.off - doc->at.off <= doc->at.len;
    return inside ? d : NULL;
}

static void collect_refused(struct summary *s, const struct document *doc)
{
    const struct node *logsource =
        doc->root && doc->root->kind == NODE_MAP ? node_find(doc->root, "logsource") : NULL;
    uint32_t source =
        tally_index(s, dimension(logsource, "product"), dimension(logsource, "category"),
                    dimension(logsource, "service"));
    s->tallies.v[source].refused++;
    *VEC_PUSH(s->c->arena, &s->refused) = (struct refused){doc, error_in(s, doc)};
}

/* What was accepted stands in the order of the documents, so one walk pairs them. */
static void collect_documents(struct summary *s)
{
    const struct ruleset *set = s->c->ruleset;
    const struct mapped *m = &s->c->mapped;
    size_t rule = 0, filter = 0, correlation = 0, mapped = 0, left_out = 0;
    for (size_t f = 0; f < s->c->n_files; f++) {
        for (size_t d = 0; d < s->c->trees[f].n; d++) {
            const struct document *doc = &s->c->trees[f].v[d];
            if (rule < set->n_rules && is_of(set->rules[rule], doc)) {
                if (mapped < m->n && is_of(m->rules[mapped], doc))
                    mapped++;
                else if (left_out < m->n_left_out && is_of(m->left_out[left_out], doc))
                    left_out++;
                else
                    collect_refused(s, doc); /* by a pipeline, or it does not fit */
                rule++;
            } else if (filter < set->n_filters && is_of(set->filters[filter]->head, doc)) {
                filter++;
            } else if (correlation < set->n_correlations &&
                       is_of(set->correlations[correlation]->head, doc)) {
                correlation++;
            } else if (!is_template(doc)) {
                collect_refused(s, doc);
            }
        }
    }
}

static void collect_rules(struct summary *s)
{
    for (size_t i = 0; i < s->c->mapped.n; i++) {
        const struct logsource *l = &s->c->mapped.rules[i]->logsource;
        uint32_t index = tally_index(s, l->product, l->category, l->service);
        struct tally *t = &s->tallies.v[index];
        t->compiled++;
        if (!s->inert)
            continue;
        enum inert_state state = inert_state(s->inert, i);
        t->events = inert_events_of(s->inert, i);
        s->n_without_events += state == RULE_WITHOUT_EVENTS;
        if (state == RULE_INERT) {
            t->inert++;
            *VEC_PUSH(s->c->arena, &s->inert_rules) = (uint32_t)i;
        }
    }
}

static struct str path_of(const struct summary *s, uint32_t file)
{
    const struct source *src = sources_get(s->c->sources, file);
    return src ? src->path : (struct str){0};
}

static int by_name(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    int order = str_cmp(x->product, y->product);
    if (order == 0)
        order = str_cmp(x->category, y->category);
    return order ? order : str_cmp(x->service, y->service);
}

/* ---- text ---- */

static void text_dimension(struct text *t, struct str s)
{
    text_add(t, s.len > 0 ? s : STR("-"));
}

/* Names of strangers on a terminal: control characters become blanks. */
static void text_clean(struct text *t, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        bool control = (unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f;
        text_add(t, control ? STR(" ") : str_sub(s, i, 1));
    }
}

static void text_refused(const struct summary *s, struct text *t)
{
    for (size_t i = 0; i < s->refused.n; i++) {
        const struct refused *r = &s->refused.v[i];
        const struct source *src = sources_get(s->c->sources, r->doc->file);
        text_addz(t, i == 0 ? "\nrefused\n  " : "  ");
        text_clean(t, path_of(s, r->doc->file));
        if (r->why && src) {
            struct position pos = source_position(src, r->why->at);
            text_addf(t, ":%u:%u  S%u  ", (unsigned)pos.line, (unsigned)pos.column,
                      diag_info(r->why->code)->number);
            text_clean(t, r->why->message);
        } else {
            text_addf(t, "  document %u", (unsigned)r->doc->number + 1);
        }
        text_addz(t, "\n");
    }
}

static void text_inert(const struct summary *s, struct text *t)
{
    if (s->inert_rules.n > 0)
        text_addz(t,
                  "\ninert: no sample event of the log source has these fields, and every way to "
                  "fire needs them\n");
    for (size_t i = 0; i < s->inert_rules.n; i++) {
        const struct rule *rule = s->c->mapped.rules[s->inert_rules.v[i]];
        size_t n;
        const struct str *missing = inert_missing(s->inert, s->inert_rules.v[i], &n);
        text_addz(t, "  ");
        text_clean(t, path_of(s, rule->file));
        text_addz(t, "  ");
        text_clean(t, rule->title);
        for (size_t k = 0; k < n; k++) {
            text_addz(t, k == 0 ? ": " : ", ");
            text_clean(t, missing[k]);
        }
        text_addz(t, "\n");
    }
}

static void text_tallies(const struct summary *s, struct text *t)
{
    text_addz(t, "\ncompiled refused    inert     events  log source (product/category/service)\n");
    for (size_t i = 0; i < s->tallies.n; i++) {
        const struct tally *row = &s->tallies.v[i];
        struct text name;
        text_init(&name, s->c->arena);
        text_dimension(&name, row->product);
        text_addz(&name, "/");
        text_dimension(&name, row->category);
        text_addz(&name, "/");
        text_dimension(&name, row->service);
        text_addf(t, "%8zu %7zu ", row->compiled, row->refused);
        if (s->inert && row->compiled > 0)
            text_addf(t, "%8zu %10llu  ", row->inert, row->events);
        else
            text_addf(t, "%8s %10s  ", "-", "-");
        text_clean(t, text_str(&name));
        text_addz(t, "\n");
    }
}

static void render_text(const struct summary *s, struct text *t)
{
    struct sigmatonc_counts n = sigmatonc_counts(s->c);
    text_addf(t, "%zu documents: %zu compiled, %zu refused, %zu left out, %zu other\n", n.documents,
              n.compiled, n.refused, n.left_out, n.other);
    if (s->inert)
        text_addf(t,
                  "%llu sample events, %llu unreadable: %zu rules inert, %zu without events of "
                  "their log source\n",
                  inert_events(s->inert), inert_unreadable(s->inert), s->inert_rules.n,
                  s->n_without_events);
    text_refused(s, t);
    text_inert(s, t);
    for (size_t i = 0; i < s->c->mapped.n_left_out; i++) {
        text_addz(t, i == 0 ? "\nleft out by selection\n  " : "  ");
        text_clean(t, path_of(s, s->c->mapped.left_out[i]->file));
        text_addz(t, "  ");
        text_clean(t, s->c->mapped.left_out[i]->title);
        text_addz(t, "\n");
    }
    text_tallies(s, t);
}

/* ---- JSON ---- */

static void json_text(struct text *t, const char *key, struct str value)
{
    text_addf(t, "\"%s\":", key);
    if (value.len > 0)
        text_json(t, value);
    else
        text_addz(t, "null");
}

static void json_source(struct text *t, struct str product, struct str category, struct str service)
{
    json_text(t, "product", product);
    text_addz(t, ",");
    json_text(t, "category", category);
    text_addz(t, ",");
    json_text(t, "service", service);
}

static void json_rule(const struct summary *s, struct text *t, const struct rule *rule)
{
    json_text(t, "file", path_of(s, rule->file));
    text_addf(t, ",\"document\":%u,", (unsigned)rule->document + 1);
    json_text(t, "id", rule->id);
    text_addz(t, ",");
    json_text(t, "title", rule->title);
}

static void json_refused(const struct summary *s, struct text *t)
{
    text_addz(t, ",\"refused_rules\":[");
    for (size_t i = 0; i < s->refused.n; i++) {
        const struct refused *r = &s->refused.v[i];
        const struct source *src = sources_get(s->c->sources, r->doc->file);
        bool is_map = r->doc->root && r->doc->root->kind == NODE_MAP;
        text_addz(t, i > 0 ? ",\n{" : "\n{");
        json_text(t, "file", path_of(s, r->doc->file));
        text_addf(t, ",\"document\":%u,", (unsigned)r->doc->number + 1);
        json_text(t, "id", dimension(is_map ? r->doc->root : NULL, "id"));
        text_addz(t, ",");
        json_text(t, "title", dimension(is_map ? r->doc->root : NULL, "title"));
        if (r->why && src) {
            struct position pos = source_position(src, r->why->at);
            const struct diag_info *info = diag_info(r->why->code);
            text_addf(t, ",\"line\":%u,\"column\":%u,\"code\":\"S%u\",", (unsigned)pos.line,
                      (unsigned)pos.column, info->number);
            json_text(t, "category", str_of(info->category));
            text_addz(t, ",");
            json_text(t, "message", r->why->message);
        } else {
            text_addz(t, ",\"line\":null,\"column\":null,\"code\":null,\"category\":null,"
                         "\"message\":null");
        }
        text_addz(t, "}");
    }
    text_addz(t, "]");
}

static void json_inert(const struct summary *s, struct text *t)
{
    text_addz(t, ",\"inert_rules\":[");
    for (size_t i = 0; i < s->inert_rules.n; i++) {
        size_t n;
        const struct str *missing = inert_missing(s->inert, s->inert_rules.v[i], &n);
        text_addz(t, i > 0 ? ",\n{" : "\n{");
        json_rule(s, t, s->c->mapped.rules[s->inert_rules.v[i]]);
        text_addz(t, ",\"missing\":[");
        for (size_t k = 0; k < n; k++) {
            text_addz(t, k > 0 ? "," : "");
            text_json(t, missing[k]);
        }
        text_addz(t, "]}");
    }
    text_addz(t, "]");
}

static void json_tallies(const struct summary *s, struct text *t)
{
    text_addz(t, ",\"log_sources\":[");
    for (size_t i = 0; i < s->tallies.n; i++) {
        const struct tally *row = &s->tallies.v[i];
        text_addz(t, i > 0 ? ",\n{" : "\n{");
        json_source(t, row->product, row->category, row->service);
        text_addf(t, ",\"compiled\":%zu,\"refused\":%zu", row->compiled, row->refused);
        if (s->inert && row->compiled > 0)
            text_addf(t, ",\"inert\":%zu,\"events\":%llu}", row->inert, row->events);
        else
            text_addz(t, ",\"inert\":null,\"events\":null}");
    }
    text_addz(t, "]");
}

static void render_json(const struct summary *s, struct text *t)
{
    struct sigmatonc_counts n = sigmatonc_counts(s->c);
    text_addf(t,
              "{\"version\":1,\"documents\":%zu,\"compiled\":%zu,\"refused\":%zu,\"left_out\":%zu,"
              "\"other\":%zu",
              n.documents, n.compiled, n.refused, n.left_out, n.other);
    if (s->inert)
        text_addf(t, ",\"events\":%llu,\"unreadable\":%llu,\"inert\":%zu,\"without_events\":%zu",
                  inert_events(s->inert), inert_unreadable(s->inert), s->inert_rules.n,
                  s->n_without_events);
    else
        text_addz(t, ",\"events\":null,\"unreadable\":null,\"inert\":null,\"without_events\":null");
    json_refused(s, t);
    json_inert(s, t);
    text_addz(t, ",\"left_out_rules\":[");
    for (size_t i = 0; i < s->c->mapped.n_left_out; i++) {
        text_addz(t, i > 0 ? ",\n{" : "\n{");
        json_rule(s, t, s->c->mapped.left_out[i]);
        text_addz(t, "}");
    }
    text_addz(t, "]");
    json_tallies(s, t);
    text_addz(t, "}\n");
}

/* ---- the command ---- */

enum sigmatonc_stage check_report_stage(const struct args *a)
{
    return a->report && a->events.n > 0 ? SIGMATONC_PLAN : SIGMATONC_MAPPED;
}

int check_report(struct sigmatonc *c, const struct args *a, const struct report *r)
{
    struct summary s = {.c = c, .keys = names_new(c->arena)};
    int code = EXIT_FINE;
    if (a->events.n > 0 && !(s.inert = inert_open(c, a, r)))
        return EXIT_USAGE;
    for (size_t i = 0; i < a->events.n; i++)
        if (!inert_read(s.inert, a->events.v[i]))
            code = EXIT_LEFT_OUT;
    if (s.inert && inert_unreadable(s.inert) > 0)
        code = EXIT_LEFT_OUT;
    collect_rules(&s);
    collect_errors(&s);
    collect_documents(&s);
    if (s.tallies.n > 0)
        qsort(s.tallies.v, s.tallies.n, sizeof *s.tallies.v, by_name);
    struct text t;
    text_init(&t, c->arena);
    if (a->format == ALERT_FORMAT_JSON)
        render_json(&s, &t);
    else
        render_text(&s, &t);
    if (fwrite(t.p, 1, t.len, stdout) != t.len || fflush(stdout))
        code = report_fail(r, "cannot write the report");
    inert_close(s.inert);
    return code;
}
