#include "bench_result.h"
#include "diag.h"

static void start(struct text *out, const char *name, const struct bench_start *s)
{
    const struct compile_times *t = &s->phases;
    text_addf(out,
              "\"%s\":{\"total_ms\":%.3f,\"cpu_ms\":%.3f,\"read_ms\":%.3f,\"rules_ms\":%.3f,"
              "\"map_ms\":%.3f,\"lower_ms\":%.3f,\"opt_ms\":%.3f,\"plan_ms\":%.3f,\"code_ms\":%.3f,"
              "\"emit_ms\":%.3f,\"link_ms\":%.3f,\"engine_ms\":%.3f}",
              name, (double)s->total_ns / 1e6, (double)s->cpu_ns / 1e6, (double)t->read_ns / 1e6,
              (double)t->rule_ns / 1e6, (double)t->map_ns / 1e6, (double)t->lower_ns / 1e6,
              (double)t->opt_ns / 1e6, (double)t->plan_ns / 1e6, (double)t->codegen_ns / 1e6,
              (double)t->emit_ns / 1e6, (double)t->link_ns / 1e6, (double)s->engine_ns / 1e6);
}

static void stat(struct text *out, const char *name, struct bench_stat s)
{
    text_addf(out, ",\"%s\":{\"median\":%.6g,\"q1\":%.6g,\"q3\":%.6g,\"min\":%.6g,\"max\":%.6g}",
              name, s.median, s.q1, s.q3, s.min, s.max);
}

static void times(struct text *out, const struct bench_times *t, unsigned n)
{
    static const char *const names[] = {"newlines", "floor", "end_to_end", "match_only"};
    double events = (double)(t->n_events + t->n_unreadable);
    text_addf(out,
              "\"events\":%llu,\"unreadable\":%llu,\"bytes\":%llu,\"alerts\":%llu,"
              "\"refused_by_floor\":%llu",
              (unsigned long long)t->n_events, (unsigned long long)t->n_unreadable,
              (unsigned long long)t->n_bytes, (unsigned long long)t->n_alerts,
              (unsigned long long)t->n_refused);
    for (int w = 0; w < BENCH_WHAT_COUNT; w++) {
        struct bench_stat ns = bench_per_event(t, (enum bench_what)w, n);
        if (ns.median <= 0)
            continue;
        text_addf(out, ",\"%s\":{\"events_per_s\":%.6g,\"gb_per_s\":%.6g", names[w],
                  1e9 / ns.median, (double)t->n_bytes / events / ns.median);
        stat(out, "ns_per_event", ns);
        if (bench_ratio(t, (enum bench_what)w, n).median > 0)
            stat(out, "ratio", bench_ratio(t, (enum bench_what)w, n));
        if (t->instructions[w] > 0)
            text_addf(out, ",\"instructions_per_event\":%.6g", (double)t->instructions[w] / events);
        text_addz(out, "}");
    }
    if (t->allocations >= 0)
        text_addf(out, ",\"allocations\":%lld", t->allocations);
}

static void classes(struct text *out, const struct bench_engine *e)
{
    text_addz(out, ",\"classes\":[");
    for (size_t i = 0; i < e->n_classes; i++) {
        const struct bench_class *c = e->classes[i].class;
        text_addz(out, i > 0 ? ",{\"channel\":" : "{\"channel\":");
        text_json(out, c->channel);
        if (c->has_id)
            text_addf(out, ",\"event_id\":%u", c->id);
        text_addf(out, ",\"of\":%zu,", c->n_lines);
        times(out, &e->classes[i].rounds.all, e->classes[i].rounds.n);
        text_addz(out, "}");
    }
    text_addz(out, "]");
}

static void add_ref(struct text *out, const struct sigmaton_engine *e, struct sigmaton_ref ref)
{
    size_t len;
    const char *p = sigmaton_ref_text(e, ref, &len);
    text_json(out, (struct str){p, len});
}

static void rules(struct text *out, const struct sigmaton_engine *e, const struct bench_by_rule *b)
{
    text_addf(out,
              ",\"rules\":{\"events\":%llu,\"candidates\":%llu,\"ns\":%llu,\"regexes\":%llu,"
              "\"hits\":%llu,\"asked\":[",
              (unsigned long long)b->n_events, (unsigned long long)b->total.asked,
              (unsigned long long)b->total.ns, (unsigned long long)b->total.regexes,
              (unsigned long long)b->total.hits);
    for (uint32_t i = 0; i < b->n; i++) {
        const struct sigmaton_rule *rule = sigmaton_rule_at(e, b->rules[i].rule);
        const struct srt_profile *c = &b->rules[i].cost;
        text_addz(out, i > 0 ? ",{\"id\":" : "{\"id\":");
        add_ref(out, e, rule->id);
        text_addz(out, ",\"title\":");
        add_ref(out, e, rule->title);
        text_addz(out, ",\"file\":");
        add_ref(out, e, rule->file);
        text_addf(out, ",\"candidates\":%llu,\"ns\":%llu,\"regexes\":%llu,\"hits\":%llu}",
                  (unsigned long long)c->asked, (unsigned long long)c->ns,
                  (unsigned long long)c->regexes, (unsigned long long)c->hits);
    }
    text_addz(out, "]}");
}

static void event(struct text *out, const struct bench_event *e)
{
    text_addz(out, "{\"file\":");
    text_json(out, str_of(e->set->name));
    text_addf(out, ",\"record\":%llu,\"bytes\":%u,\"ns\":%.0f}", (unsigned long long)e->record,
              e->len, e->ns);
}

static void tail(struct text *out, const struct bench_tail *t)
{
    text_addf(out,
              ",\"single\":{\"events\":%zu,\"p50_ns\":%.0f,\"p99_ns\":%.0f,\"p999_ns\":%.0f,"
              "\"max_ns\":%.0f,\"worst_ns_per_byte\":%.4g,\"slowest\":[",
              t->n, t->p50, t->p99, t->p999, t->max, t->ns_per_byte);
    for (size_t i = 0; i < BENCH_SLOWEST && t->slowest[i].set; i++) {
        text_addz(out, i > 0 ? "," : "");
        event(out, &t->slowest[i]);
    }
    text_addz(out, "]}");
}

static void attack(struct text *out, const struct bench_attack *a)
{
    text_addf(out, ",\"attack\":{\"lines\":%zu,\"bytes\":%zu", a->n_lines, a->n_bytes);
    for (int k = 0; k < BENCH_ATTACK_KINDS; k++) {
        const struct bench_attack_line *l = &a->worst[k];
        if (l->ns <= 0)
            continue;
        text_addf(out,
                  ",\"%s\":{\"ns_per_byte\":%.5g,\"bytes\":%u,\"hits\":%u,\"rules\":%u,\"event_"
                  "id\":%u,\"channel\":",
                  bench_attack_kinds[k], l->ns / l->len, l->len, l->n_hits, l->n_rules, l->id);
        text_json(out, l->channel);
        text_addz(out, ",\"field\":");
        text_json(out, l->field);
        text_addz(out, "}");
    }
    text_addz(out, "}");
}

static void more(struct text *out, const struct bench_result *r, const struct bench_engine *e)
{
    const struct bench_varied *v = &e->rounds.varied;
    if (v->n_changed > 0)
        text_addf(out, ",\"varied\":{\"changed\":%zu,\"reverted\":%zu}", v->n_changed,
                  v->n_reverted);
    if (e->n_classes > 0)
        classes(out, e);
    if (e->rules.n_events > 0)
        rules(out, r->runtime, &e->rules);
    if (e->attack.n_lines > 0)
        attack(out, &e->attack);
    if (e->tail.n > 0)
        tail(out, &e->tail);
    if (e->threads.n > 0) {
        text_addf(out, ",\"threads\":{\"n\":%u", e->threads.n);
        stat(out, "one_ns_per_event", e->threads.one_ns);
        stat(out, "ns_per_event", e->threads.many_ns);
        stat(out, "speedup", e->threads.speedup);
        stat(out, "cpu_ratio", e->threads.cpu);
        text_addz(out, "}");
    }
}

static void engine(struct text *out, const struct bench_result *r, const struct bench_engine *e)
{
    text_addf(out, "{\"engine\":\"%s\",\"rounds\":%u,\"digest\":\"%016llx\",\"all\":{", e->name,
              e->rounds.n, (unsigned long long)e->digest);
    times(out, &e->rounds.all, e->rounds.n);
    text_addz(out, "},\"sets\":[");
    for (size_t s = 0; s < r->sets->n; s++) {
        text_addz(out, s > 0 ? ",{\"name\":" : "{\"name\":");
        text_json(out, str_of(r->sets->v[s].name));
        text_addz(out, ",");
        times(out, &e->rounds.sets[s], e->rounds.n);
        text_addz(out, "}");
    }
    text_addz(out, "]");
    more(out, r, e);
    text_addz(out, "}");
}

static void growth(struct text *out, const struct bench_growth *g)
{
    text_addf(out, ",\"growth\":{\"seeds\":%u,\"mutants\":%zu,\"texts_cut\":%zu,\"points\":[",
              g->n_seeds, g->n_mutants, g->n_cuts);
    for (unsigned i = 0; i < g->n; i++) {
        const struct bench_growth_point *p = &g->points[i];
        text_addf(out, "%s{\"files\":%zu,\"rules\":%zu,\"pack_bytes\":%zu,\"hits_per_event\":%.6g",
                  i > 0 ? "," : "", p->n_files, p->n_rules, p->pack_bytes, p->hits_per_event);
        stat(out, "ns_per_event", p->ns);
        stat(out, "times", p->times);
        text_addz(out, "}");
    }
    text_addz(out, "]}");
}

void bench_print_json(struct text *out, const struct bench_result *r)
{
    text_addz(out, "{\"version\":");
    text_json(out, str_of(r->version));
    text_addz(out, ",\"llvm\":");
    text_json(out, str_of(r->llvm));
    text_addz(out, ",\"floor\":");
    text_json(out, str_of(r->floor));
    text_addf(out,
              ",\"rules\":{\"documents\":%zu,\"compiled\":%zu,\"refused\":%zu},"
              "\"pack_bytes\":%llu,\"scratch_bytes\":%llu,\"scratch_ordinary\":%llu,\"slots\":%u,"
              "\"clock_ns\":%llu,"
              "\"start\":{",
              r->counts.documents, r->counts.compiled, r->counts.refused,
              (unsigned long long)r->pack_bytes, (unsigned long long)r->scratch_bytes,
              (unsigned long long)r->scratch_ordinary, r->n_slots,
              (unsigned long long)r->clock_cost_ns);
    start(out, "cold", &r->cold);
    if (r->n_warm > 0) {
        text_addz(out, ",");
        start(out, "warm", &r->warm);
    }
    text_addf(out, ",\"yaml_ms\":%.3f,\"yaml_events\":%llu", (double)r->yaml_ns / 1e6,
              (unsigned long long)r->n_yaml);
    text_addf(out, "},\"agree\":%s,\"engines\":[", r->agree ? "true" : "false");
    for (unsigned i = 0; i < r->n_engines; i++) {
        if (i > 0)
            text_addz(out, ",");
        engine(out, r, &r->engines[i]);
    }
    text_addz(out, "]");
    if (r->growth.n > 0)
        growth(out, &r->growth);
    text_addz(out, "}\n");
}
