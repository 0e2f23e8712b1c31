/* The results as one page: tables and bars drawn as SVG, nothing loaded from elsewhere. */
#include <math.h>

#include "bench_result.h"

static void escaped(struct text *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char *entity = s.p[i] == '<'   ? "&lt;"
                             : s.p[i] == '>' ? "&gt;"
                             : s.p[i] == '&' ? "&amp;"
                             : s.p[i] == '"' ? "&quot;"
                                             : NULL;
        if (entity)
            text_addz(out, entity);
        else
            text_add(out, (struct str){s.p + i, 1});
    }
}

/* ---- Bars: one row each, a label on the left, the value behind the bar ---- */

enum { ROW = 20, LEFT = 400, WIDTH = 1040, RIGHT = 120 };

struct bars {
    struct text *out;
    double max;
    unsigned row;
};

static struct bars bars_begin(struct text *out, const char *title, double max, size_t rows)
{
    text_addf(out, "<h3>%s</h3>\n<svg viewBox=\"0 0 %d %zu\" role=\"img\">\n", title, WIDTH,
              rows * ROW + 4);
    return (struct bars){out, max > 0 ? max : 1, 0};
}

static void bar(struct bars *b, struct str label, double value, const char *shape, const char *unit)
{
    double scale = (double)(WIDTH - LEFT - RIGHT) / b->max;
    unsigned y = b->row++ * ROW;
    text_addf(b->out, "<text x=\"%d\" y=\"%u\" text-anchor=\"end\">", LEFT - 6, y + 14);
    escaped(b->out, label);
    text_addf(b->out, "</text><rect class=\"%s\" x=\"%d\" y=\"%u\" width=\"%.1f\" height=\"%d\"/>",
              shape, LEFT, y + 2, value * scale, ROW - 4);
    text_addf(b->out, "<text x=\"%.1f\" y=\"%u\">%.*f%s</text>\n", LEFT + value * scale + 4, y + 14,
              value < 10    ? 3
              : value < 100 ? 1
                            : 0,
              value, unit);
}

static void bars_end(struct bars *b)
{
    text_addz(b->out, "</svg>\n");
}

static const struct {
    enum bench_what what;
    const char *name, *shape;
} kinds[] = {
    {BENCH_SCAN, "newline scan", "scan"},
    {BENCH_FLOOR, "floor: DOM parse", "floor"},
    {BENCH_RUN, "end to end", "run"},
    {BENCH_MATCH, "match only", "match"},
};

static void whole(struct text *out, const struct bench_engine *e)
{
    const struct bench_times *t = &e->rounds.all;
    double max = 0;
    for (size_t i = 0; i < 4; i++)
        max = fmax(max, bench_per_event(t, kinds[i].what, e->rounds.n).median);
    struct bars b = bars_begin(out, "Nanoseconds per event, medians", max, 4);
    for (size_t i = 0; i < 4; i++)
        bar(&b, str_of(kinds[i].name), bench_per_event(t, kinds[i].what, e->rounds.n).median,
            kinds[i].shape, " ns");
    bars_end(&b);
    struct bench_stat ratio = bench_ratio(t, BENCH_RUN, e->rounds.n);
    if (ratio.median > 0)
        text_addf(out,
                  "<p>End to end costs <b>%.3f</b> times the floor (quartiles %.3f to %.3f, %u "
                  "rounds).</p>\n",
                  ratio.median, ratio.q1, ratio.q3, e->rounds.n);
}

static struct str base_name(const char *path)
{
    const char *p = path;
    for (const char *q = path; *q; q++)
        if (*q == '/')
            p = q + 1;
    struct str s = str_of(p);
    return s.len > 52 ? str_sub(s, s.len - 52, 52) : s;
}

static void sets(struct text *out, const struct bench_result *r, const struct bench_engine *e)
{
    double max = 0;
    for (size_t s = 0; s < r->sets->n; s++)
        max = fmax(max, bench_ratio(&e->rounds.sets[s], BENCH_RUN, e->rounds.n).median);
    if (r->sets->n < 2 || max <= 0)
        return;
    struct bars b = bars_begin(out, "End to end / floor, set by set", max, r->sets->n);
    for (size_t s = 0; s < r->sets->n; s++)
        bar(&b, base_name(r->sets->v[s].name),
            bench_ratio(&e->rounds.sets[s], BENCH_RUN, e->rounds.n).median, "run", "");
    bars_end(&b);
}

/* The largest ones; JSON has all. */
enum { CLASSES_SHOWN = 25 };

static void classes(struct text *out, const struct bench_engine *e)
{
    size_t n = e->n_classes < CLASSES_SHOWN ? e->n_classes : CLASSES_SHOWN;
    double max = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 1; k < 4; k++)
            max = fmax(max, bench_per_event(&e->classes[i].rounds.all, kinds[k].what,
                                            e->classes[i].rounds.n)
                                .median);
    if (n == 0)
        return;
    struct bars b = bars_begin(
        out, "Nanoseconds per event of a class: floor, end to end, match only", max, 3 * n);
    for (size_t i = 0; i < n; i++) {
        const struct bench_class_times *c = &e->classes[i];
        struct str name = str_format(out->arena, "%.*s:%u (%zu)", STR_ARG(c->class->channel),
                                     c->class->id, c->class->n_lines);
        for (size_t k = 1; k < 4; k++)
            bar(&b, k == 1 ? name : STR(""),
                bench_per_event(&c->rounds.all, kinds[k].what, c->rounds.n).median, kinds[k].shape,
                " ns");
    }
    bars_end(&b);
}

static void rules(struct text *out, const struct bench_result *r, const struct bench_by_rule *b)
{
    enum { SHOWN = 25 };
    uint32_t n = b->n < SHOWN ? b->n : SHOWN;
    if (n == 0)
        return;
    struct bars bars = bars_begin(
        out, "The dearest rules: nanoseconds of their predicates per event of the sample",
        (double)b->rules[0].cost.ns / (double)b->n_events, n);
    for (uint32_t i = 0; i < n; i++) {
        size_t len;
        const char *p = sigmaton_ref_text(
            r->runtime, sigmaton_rule_at(r->runtime, b->rules[i].rule)->title, &len);
        bar(&bars, str_sub((struct str){p, len}, 0, 52),
            (double)b->rules[i].cost.ns / (double)b->n_events, "run", " ns");
    }
    bars_end(&bars);
}

static void starts(struct text *out, const struct bench_result *r)
{
    const struct compile_times *t = &r->cold.phases;
    const struct {
        const char *name;
        uint64_t ns;
    } phases[] = {{"read YAML", t->read_ns},
                  {"rules", t->rule_ns},
                  {"map", t->map_ns},
                  {"lower", t->lower_ns},
                  {"optimise", t->opt_ns},
                  {"plan", t->plan_ns},
                  {"generate code", t->codegen_ns},
                  {"emit", t->emit_ns},
                  {"link", t->link_ns},
                  {"engine and first event", r->cold.engine_ns},
                  {"bare libyaml pass", r->yaml_ns}};
    enum { N = sizeof phases / sizeof *phases };
    double max = 0;
    for (size_t i = 0; i < N; i++)
        max = fmax(max, (double)phases[i].ns / 1e6);
    struct bars b = bars_begin(out, "Cold start by phase, milliseconds", max, N);
    for (size_t i = 0; i < N; i++)
        bar(&b, str_of(phases[i].name), (double)phases[i].ns / 1e6, i + 1 == N ? "floor" : "run",
            " ms");
    bars_end(&b);
    text_addf(out,
              "<p>From rule files to the first verdict: cold <b>%.1f ms</b>, warm %.1f ms.</p>\n",
              (double)r->cold.total_ns / 1e6, (double)r->warm.total_ns / 1e6);
}

/* ---- Growth: both axes logarithmic ---- */

enum { PLOT_W = 700, PLOT_H = 300, PLOT_LEFT = 70, PLOT_BELOW = 40 };

static void growth(struct text *out, const struct bench_growth *g)
{
    double most = 0, least = 0;
    for (unsigned i = 0; i < g->n; i++) {
        most = fmax(most, g->points[i].ns.median);
        least = i == 0 ? g->points[i].ns.median : fmin(least, g->points[i].ns.median);
    }
    if (g->n < 2 || least <= 0)
        return;
    double x0 = log((double)g->points[0].n_files), x1 = log((double)g->points[g->n - 1].n_files);
    double y0 = log(least), y1 = fmax(log(most), y0 + 0.1);
    text_addf(out,
              "<h3>Growth with the number of rules, end to end</h3>\n<svg viewBox=\"0 0 %d %d\" "
              "role=\"img\">\n<polyline points=\"",
              PLOT_W + PLOT_LEFT + 90, PLOT_H + PLOT_BELOW);
    for (int pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < g->n; i++) {
            const struct bench_growth_point *p = &g->points[i];
            double x = PLOT_LEFT + (log((double)p->n_files) - x0) / (x1 - x0) * PLOT_W;
            double y = 20 + (1 - (log(p->ns.median) - y0) / (y1 - y0)) * (PLOT_H - 30);
            if (pass == 0)
                text_addf(out, "%.1f,%.1f ", x, y);
            else
                text_addf(out,
                          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/><text x=\"%.1f\" "
                          "y=\"%.1f\">%.0f ns, %.2f times</text>"
                          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%zu rules</text>\n",
                          x, y, x + 6, y - 6, p->ns.median, p->times.median, x, PLOT_H + 20,
                          p->n_rules);
        }
        text_addz(out, pass == 0 ? "\"/>\n" : "</svg>\n");
    }
}

static void tail(struct text *out, const struct bench_tail *t)
{
    if (t->n > 0)
        text_addf(out,
                  "<p>Single events (minimum of 5 passes, %zu events): p50 %.2f us, p99 %.2f us, "
                  "p99.9 %.2f us, most %.2f us.</p>\n",
                  t->n, t->p50 / 1e3, t->p99 / 1e3, t->p999 / 1e3, t->max / 1e3);
}

static void engine(struct text *out, const struct bench_result *r, const struct bench_engine *e)
{
    const struct bench_times *t = &e->rounds.all;
    text_addf(out,
              "<h2>Engine %s</h2>\n<p>%llu events, %.1f MB, %llu alerts, digest "
              "<code>%016llx</code>.</p>\n",
              e->name, (unsigned long long)t->n_events, (double)t->n_bytes / 1e6,
              (unsigned long long)e->n_alerts, (unsigned long long)e->digest);
    whole(out, e);
    tail(out, &e->tail);
    classes(out, e);
    rules(out, r, &e->rules);
    sets(out, r, e);
}

void bench_print_html(struct text *out, const struct bench_result *r)
{
    text_addz(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
                   "charset=\"utf-8\"><title>sigmaton bench</title>\n<style>\n"
                   "body{font:15px/1.5 system-ui,sans-serif;max-width:1000px;margin:2em "
                   "auto;padding:0 1em;color:#222;background:#fff}\n"
                   "svg{width:100%;height:auto}svg text{font-size:12px;fill:#222}\n"
                   ".scan{fill:#9aa5b1}.floor{fill:#6b7f99}.run{fill:#c2562d}.match{fill:#d9a441}\n"
                   "polyline{fill:none;stroke:#c2562d;stroke-width:2}circle{fill:#c2562d}pre{"
                   "overflow:auto;background:#f4f4f4;padding:1em}\n"
                   "</style></head><body>\n<h1>sigmaton bench</h1>\n");
    text_addf(out, "<p>sigmaton %s, LLVM %s, floor: ", r->version, r->llvm);
    escaped(out, str_of(r->floor));
    text_addf(out,
              ". %zu rules compiled, %zu refused; pack %llu bytes, scratch %llu bytes a thread. "
              "CPU time of one thread.</p>\n",
              r->counts.compiled, r->counts.refused, (unsigned long long)r->pack_bytes,
              (unsigned long long)r->scratch_bytes);
    for (unsigned i = 0; i < r->n_engines; i++)
        engine(out, r, &r->engines[i]);
    growth(out, &r->growth);
    starts(out, r);
    struct text plain;
    text_init(&plain, out->arena);
    bench_print_text(&plain, r);
    text_addz(out, "<h2>As text</h2>\n<pre>");
    escaped(out, text_str(&plain));
    text_addz(out, "</pre>\n</body></html>\n");
}
