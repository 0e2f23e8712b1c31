/* sigmaton run: rules and events in, alerts out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "commands.h"
#include "inputs.h"
#include "judge.h"
#include "key.h"
#include "packs.h"

struct run {
    struct args args;
    struct report report;
    struct judge judge;
    struct judges threads;
    struct srt_buffer *out;
    struct stream stream;
    struct teller teller;
    size_t n_files_failed;
};

static void say_loaded(const struct run *r)
{
    struct sigmatonc *c = r->judge.compiled;
    struct sigmatonc_counts n = sigmatonc_counts(c);
    report_note(&r->report, "%zu documents: %zu rules compiled, %zu refused, %zu other%s",
                n.documents, n.compiled, n.refused, n.other,
                n.left_out ? " (some left out by selection)" : "");
    if (r->judge.engine == ENGINE_JIT)
        report_note(&r->report,
                    "engine jit: %u predicates callable, %.1f ms from YAML to callable%s",
                    sigmaton_n_rules(r->judge.runtime), (double)c->times.total_ns / 1e6,
                    c->from_cache ? ", out of the cache" : "");
    else
        report_note(&r->report, "engine %s: %zu rules, %.1f ms from YAML to plan",
                    judge_engine_name(&r->judge), n.compiled, (double)c->times.total_ns / 1e6);
    report_note(
        &r->report,
        "phases (ms): read %.1f, rules %.1f, map %.1f, lower %.1f, opt %.1f, plan %.1f, code %.1f, "
        "emit %.1f, link %.1f",
        (double)c->times.read_ns / 1e6, (double)c->times.rule_ns / 1e6,
        (double)c->times.map_ns / 1e6, (double)c->times.lower_ns / 1e6,
        (double)c->times.opt_ns / 1e6, (double)c->times.plan_ns / 1e6,
        (double)c->times.codegen_ns / 1e6, (double)c->times.emit_ns / 1e6,
        (double)c->times.link_ns / 1e6);
}

static void say_summary(const struct run *r)
{
    struct sigmatonc_counts n = sigmatonc_counts(r->judge.compiled);
    const struct stream *s = &r->stream;
    char line[STREAM_SUMMARY_MAX];
    stream_summary(s, judge_engine_name(&r->judge), line);
    struct summary_item items[] = {
        {"documents", n.documents, NULL},
        {"compiled", n.compiled, NULL},
        {"refused", n.refused, NULL},
        {"other", n.other, NULL},
        {"events", s->n_events, NULL},
        {"unreadable", s->n_unreadable, NULL},
        {"alerts", s->n_alerts, NULL},
        {"rules_hit", stream_rules_hit(s), NULL},
        {"not_judged", s->n_unjudged, NULL},
        {"engine", 0, judge_engine_name(&r->judge)},
        {"compile_us", r->judge.compiled->times.total_ns / 1000, NULL},
        {"events_per_second", (unsigned long long)stream_rate(s), NULL},
    };
    report_summary(&r->report, line, items, sizeof items / sizeof *items);
}

static int exit_code(const struct run *r)
{
    struct sigmatonc_counts n = sigmatonc_counts(r->judge.compiled);
    bool left_out = n.refused > 0 || diag_errors(r->judge.compiled->sink) > 0 ||
                    r->judge.compiled->n_correlations > 0;
    return inputs_exit_code(&r->stream, r->args.inputs.n, r->n_files_failed, r->args.fail_on_match,
                            left_out);
}

/* Standard input holds rules or events, not both. */
static bool stdin_twice(const struct args *a)
{
    bool rules = false, events = a->inputs.n == 0;
    for (size_t i = 0; i < a->rules.n; i++)
        rules |= strcmp(a->rules.v[i], "-") == 0;
    for (size_t i = 0; i < a->inputs.n; i++)
        events |= strcmp(a->inputs.v[i], "-") == 0;
    return rules && events;
}

static bool text_alerts(const struct args *a)
{
    return a->format == ALERT_FORMAT_TEXT ||
           (a->format == ALERT_FORMAT_AUTO && isatty(STDOUT_FILENO));
}

static bool colors(const struct args *a)
{
    const char *no_color = getenv("NO_COLOR");
    return a->color == COLOR_ALWAYS ||
           (a->color == COLOR_AUTO && isatty(STDOUT_FILENO) && !(no_color && *no_color));
}

static void run_all(struct run *r)
{
    r->stream.text_alerts = text_alerts(&r->args);
    r->stream.color = colors(&r->args);
    say_loaded(r);
    r->n_files_failed = inputs_judge(&r->stream, r->args.inputs.v, r->args.inputs.n);
    stream_tell_unjudged(&r->stream);
    say_summary(r);
}

/* How many of the rules are packs; other than none or all cannot be judged at once. */
static size_t count_packs(const struct args *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->rules.n; i++)
        n += packs_is_pack(a->rules.v[i]);
    return n;
}

static int run_packs(const struct args *a)
{
    char key[KEY_TEXT_MAX];
    if (a->verify_key && !key_text(a->verify_key, key))
        return usage_error(a, "%s: no public key can be read there", a->verify_key);
    struct arena *arena = arena_create(ARENA_LIMIT);
    struct report report;
    if (!arena || setjmp(*arena_on_oom(arena))) {
        arena_destroy(arena);
        return usage_error(a, "out of memory");
    }
    report_init(&report, arena, a);
    struct teller teller = report_teller(&report);
    const struct packs_options o = {
        .packs = a->rules.v,
        .n_packs = a->rules.n,
        .inputs = a->inputs.v,
        .n_inputs = a->inputs.n,
        .engine = judge_options(a),
        .n_jobs = a->jobs,
        .verify_key = a->verify_key ? key : NULL,
        .text_alerts = text_alerts(a),
        .color = colors(a),
        .fail_on_match = a->fail_on_match,
    };
    arena_disarm(arena); /* messages may come from any thread */
    int code = report_end(&report, packs_run(&o, &teller));
    arena_destroy(arena);
    return code;
}

int cmd_run(const struct args *args)
{
    struct run r = {.args = *args};
    size_t n_packs = count_packs(args);
    if (n_packs > 0 && n_packs < args->rules.n)
        return usage_error(
            args, "packs and rules cannot be judged in one run: build a pack of the rules");
    if (n_packs > 0 && args->engine != ENGINE_AUTO && args->engine != ENGINE_AOT)
        return usage_error(args,
                           "a pack is judged by its own code: there is no other engine for it");
    if (n_packs == 0 && args->verify_key)
        return usage_error(args, "--verify-key is for packs: rules have no signature");
    if (n_packs > 0)
        return run_packs(args);
    if (stdin_twice(&r.args))
        return usage_error(args, "standard input cannot hold both rules and events");
    int code = judge_open(&r.judge, &r.args, &r.report);
    if (code < 0) {
        r.out = malloc(sizeof *r.out);
        r.teller = report_teller(&r.report);
        if (r.out && judges_stream(&r.threads, &r.judge, args, &r.stream, &r.teller, r.out)) {
            inputs_catch_signals(&r.stream);
            srt_buffer_init(r.out, STDOUT_FILENO);
            run_all(&r);
            code = report_end(&r.report, exit_code(&r));
        } else {
            code = usage_error(args, "out of memory");
        }
    }
    stream_close(&r.stream);
    free(r.out);
    judges_close(&r.threads);
    judge_close(&r.judge);
    return code;
}
