#include "bench_result.h"

static void start(struct text *out, const char *name, const struct bench_start *s)
{
    const struct compile_times *t = &s->phases;
    text_addf(out,
              "%-10s %8.1f ms to the first verdict (read %.1f, rules %.1f, map %.1f, lower %.1f, "
              "opt %.1f, plan %.1f, code %.1f, emit %.1f, link %.1f, engine %.2f)\n",
              name, (double)s->total_ns / 1e6, (double)t->read_ns / 1e6, (double)t->rule_ns / 1e6,
              (double)t->map_ns / 1e6, (double)t->lower_ns / 1e6, (double)t->opt_ns / 1e6,
              (double)t->plan_ns / 1e6, (double)t->codegen_ns / 1e6, (double)t->emit_ns / 1e6,
              (double)t->link_ns / 1e6, (double)s->engine_ns / 1e6);
}

static void row(struct text *out, const struct bench_times *t, enum bench_what what, unsigned n,
                const char *name)
{
    struct bench_stat ns = bench_per_event(t, what, n), ratio = bench_ratio(t, what, n);
    double events = (double)(t->n_events + t->n_unreadable);
    double bytes = events > 0 ? (double)t->n_bytes / events : 0;
    if (ns.median <= 0)
        return;
    text_addf(out, "  %-12s %9.1f %9.1f %9.1f %11.0f %7.2f", name, ns.median, ns.q1, ns.q3,
              1e9 / ns.median, bytes / ns.median);
    if (ratio.median > 0)
        text_addf(out, " %7.3f %6.3f-%.3f", ratio.median, ratio.q1, ratio.q3);
    else
        text_addf(out, " %7s %13s", "-", "-");
    if (t->instructions[what] > 0)
        text_addf(out, " %9.0f", (double)t->instructions[what] / events);
    text_addz(out, "\n");
}

static void table(struct text *out, const struct bench_times *t, unsigned n)
{
    text_addf(out, "  %-12s %9s %9s %9s %11s %7s %7s %13s %9s\n", "", "ns/event", "q1", "q3",
              "events/s", "GB/s", "/ floor", "quartiles", "instr/ev");
    row(out, t, BENCH_SCAN, n, "newlines");
    row(out, t, BENCH_FLOOR, n, "floor");
    row(out, t, BENCH_RUN, n, "end to end");
    row(out, t, BENCH_MATCH, n, "match only");
}

static void worst(struct text *out, const struct bench_result *r, const struct bench_engine *e)
{
    const struct bench_times *found = NULL;
    double most = 0;
    size_t at = 0;
    for (size_t s = 0; s < r->sets->n; s++) {
        const struct bench_times *t = &e->rounds.sets[s];
        double ratio = bench_ratio(t, BENCH_RUN, e->rounds.n).median;
        if (t->n_events < 1000 || ratio <= most)
            continue;
        most = ratio, found = t, at = s;
    }
    if (found)
        text_addf(out, "  worst set of at least 1,000 events: %s, %llu events, ratio %.3f\n",
                  r->sets->v[at].name, (unsigned long long)found->n_events, most);
}

static void class_name(struct text *out, const struct bench_class *c)
{
    text_addf(out, "%.*s", STR_ARG(c->channel.len ? c->channel : STR("(none)")));
    if (c->has_id)
        text_addf(out, ":%u", c->id);
}

static void classes(struct text *out, const struct bench_engine *e)
{
    if (e->n_classes > 0)
        text_addf(out, "  %8s %7s %9s %9s %9s %7s  %s\n", "events", "bytes", "floor", "run",
                  "match", "/ floor", "class (ns per event, medians)");
    for (size_t i = 0; i < e->n_classes; i++) {
        const struct bench_class_times *c = &e->classes[i];
        const struct bench_times *t = &c->rounds.all;
        unsigned n = c->rounds.n;
        text_addf(out, "  %8zu %7.0f %9.1f %9.1f %9.1f %7.3f  ", c->class->n_lines,
                  (double)t->n_bytes / (double)(t->n_events + t->n_unreadable),
                  bench_per_event(t, BENCH_FLOOR, n).median,
                  bench_per_event(t, BENCH_RUN, n).median,
                  bench_per_event(t, BENCH_MATCH, n).median, bench_ratio(t, BENCH_RUN, n).median);
        class_name(out, c->class);
        text_addz(out, "\n");
    }
}

/* Rules that are printed; JSON has all. */
enum { RULES_SHOWN = 40 };

static void rule_name(struct text *out, const struct sigmaton_engine *e, uint32_t rule)
{
    size_t len;
    const struct sigmaton_rule *r = sigmaton_rule_at(e, rule);
    const char *p = sigmaton_ref_text(e, r->file, &len);
    text_add(out, (struct str){p, len});
    p = sigmaton_ref_text(e, r->title, &len);
    text_addf(out, "  %.*s", (int)len, p);
}

static void rules(struct text *out, const struct bench_result *r, const struct bench_by_rule *b)
{
    double n = (double)b->n_events;
    if (b->n_events == 0)
        return;
    text_addf(out,
              "  by rule, %llu events: %.3f candidates, %.1f ns, %.3f regex runs, %.4f hits per "
              "event; %u rules were asked\n",
              (unsigned long long)b->n_events, (double)b->total.asked / n, (double)b->total.ns / n,
              (double)b->total.regexes / n, (double)b->total.hits / n, b->n);
    text_addf(out, "  %9s %10s %10s %9s %8s  %s\n", "ns/event", "ns asked", "candidate", "regexes",
              "hits", "rule");
    for (uint32_t i = 0; i < b->n && i < RULES_SHOWN; i++) {
        const struct srt_profile *c = &b->rules[i].cost;
        text_addf(out, "  %9.2f %10.1f %10llu %9llu %8llu  ", (double)c->ns / n,
                  (double)c->ns / (double)c->asked, (unsigned long long)c->asked,
                  (unsigned long long)c->regexes, (unsigned long long)c->hits);
        rule_name(out, r->runtime, b->rules[i].rule);
        text_addz(out, "\n");
    }
}

static void tail(struct text *out, const struct bench_tail *t)
{
    if (t->n == 0)
        return;
    text_addf(
        out,
        "  single events (minimum of 5 passes, %zu events, us): p50 %.2f, p99 %.2f, p99.9 %.2f, "
        "max %.2f\n",
        t->n, t->p50 / 1e3, t->p99 / 1e3, t->p999 / 1e3, t->max / 1e3);
    for (size_t i = 0; i < BENCH_SLOWEST && t->slowest[i].set; i++)
        text_addf(out, "    %10.2f us  %u bytes  %s:%llu\n", t->slowest[i].ns / 1e3,
                  t->slowest[i].len, t->slowest[i].set->name,
                  (unsigned long long)t->slowest[i].record);
    if (t->worst.set)
        text_addf(out, "    most per byte, of 1 KiB and more: %.2f ns  %u bytes  %s:%llu\n",
                  t->ns_per_byte, t->worst.len, t->worst.set->name,
                  (unsigned long long)t->worst.record);
}

static void attack(struct text *out, const struct bench_attack *a)
{
    if (a->n_lines == 0)
        return;
    text_addf(out,
              "  attack: %zu lines, %.1f MB, from the plan; the dearest of each kind (ns per byte, "
              "minimum of 5 passes)\n",
              a->n_lines, (double)a->n_bytes / 1e6);
    for (int k = 0; k < BENCH_ATTACK_KINDS; k++) {
        const struct bench_attack_line *l = &a->worst[k];
        if (l->ns <= 0)
            continue;
        text_addf(out, "    %-9s %9.2f  %8.1f us  %u hits  ", bench_attack_kinds[k], l->ns / l->len,
                  l->ns / 1e3, l->n_hits);
        if (l->channel.len > 0)
            text_addf(out, "%.*s:%u", STR_ARG(l->channel), l->id);
        else
            text_addz(out, "no channel");
        text_addf(out, " (%u rules), %.*s\n", l->n_rules,
                  STR_ARG(l->field.len ? l->field : STR("any field")));
    }
}

static void more(struct text *out, const struct bench_result *r, const struct bench_engine *e)
{
    const struct bench_varied *v = &e->rounds.varied;
    const struct bench_threads *t = &e->threads;
    if (v->n_changed > 0)
        text_addf(out,
                  "  varied values: %zu events changed in %u rounds, %zu left as they are (other "
                  "rules would hit); alerts of every round equal\n",
                  v->n_changed, e->rounds.n, v->n_reverted);
    classes(out, e);
    rules(out, r, &e->rules);
    tail(out, &e->tail);
    attack(out, &e->attack);
    if (t->n > 0)
        text_addf(
            out,
            "  %u threads: %.1f ns per event, one thread %.1f (wall clock); %.3f times as fast "
            "(%.3f-%.3f); CPU time of one / of all %.3f\n",
            t->n, t->many_ns.median, t->one_ns.median, t->speedup.median, t->speedup.q1,
            t->speedup.q3, t->cpu.median);
}

static void engine(struct text *out, const struct bench_result *r, const struct bench_engine *e)
{
    const struct bench_times *t = &e->rounds.all;
    text_addf(out,
              "engine %s: %u rounds, %llu events (%llu unreadable), %.1f MB; %llu alerts, digest "
              "%016llx\n",
              e->name, e->rounds.n, (unsigned long long)t->n_events,
              (unsigned long long)t->n_unreadable, (double)t->n_bytes / 1e6,
              (unsigned long long)e->n_alerts, (unsigned long long)e->digest);
    table(out, t, e->rounds.n);
    if (r->sets->n > 1)
        worst(out, r, e);
    if (t->allocations >= 0)
        text_addf(out, "  allocations: %lld in the whole pass, %.4f per event\n", t->allocations,
                  (double)t->allocations / (double)t->n_events);
    else
        text_addz(out, "  allocations: not counted (preload tests/bench's counter)\n");
    if (t->differs)
        text_addz(out, "  MATCH-ONLY HITS DIFFER FROM THE RUN PATH'S\n");
    more(out, r, e);
}

static void growth(struct text *out, const struct bench_growth *g)
{
    if (g->n == 0)
        return;
    text_addf(
        out,
        "growth, end to end: nested random subsets, median of %u seeds; %zu copies of rules, %zu "
        "texts cut, %zu copies without any\n",
        g->n_seeds, g->n_mutants, g->n_cuts, g->n_uncut);
    text_addf(out, "  %7s %7s %9s %9s %9s %7s %13s %11s %10s\n", "files", "rules", "ns/event",
              "least", "most", "times", "quartiles", "hits/event", "pack KiB");
    for (unsigned i = 0; i < g->n; i++) {
        const struct bench_growth_point *p = &g->points[i];
        text_addf(out, "  %7zu %7zu %9.1f %9.1f %9.1f %7.3f %6.3f-%.3f %11.4f %10.0f\n", p->n_files,
                  p->n_rules, p->ns.median, p->ns.min, p->ns.max, p->times.median, p->times.q1,
                  p->times.q3, p->hits_per_event, (double)p->pack_bytes / 1024);
    }
}

void bench_print_text(struct text *out, const struct bench_result *r)
{
    text_addf(out,
              "sigmaton %s, LLVM %s; %zu rules compiled, %zu refused; pack %llu bytes, "
              "scratch %llu bytes (%llu touched by ordinary events)\n",
              r->version, r->llvm, r->counts.compiled, r->counts.refused,
              (unsigned long long)r->pack_bytes, (unsigned long long)r->scratch_bytes,
              (unsigned long long)r->scratch_ordinary);
    start(out, "cold", &r->cold);
    if (r->n_warm > 0)
        start(out, "warm", &r->warm);
    if (r->yaml_ns > 0)
        text_addf(out,
                  "%-10s %8.1f ms for reading the rule files and %llu events of libyaml alone; the "
                  "cold start is "
                  "%.2f times that\n",
                  "libyaml", (double)r->yaml_ns / 1e6, (unsigned long long)r->n_yaml,
                  (double)r->cold.total_ns / (double)r->yaml_ns);
    text_addf(out, "floor: %s; times are this thread's CPU time\n",
              r->engines[0].rounds.all.ns[BENCH_FLOOR][0] > 0
                  ? r->floor
                  : "newline scan only, this build has no libsimdjson");
    for (unsigned i = 0; i < r->n_engines; i++)
        engine(out, r, &r->engines[i]);
    growth(out, &r->growth);
    if (r->n_engines > 1)
        text_addz(out, r->agree ? "all engines agree\n" : "THE ENGINES DIFFER\n");
}
