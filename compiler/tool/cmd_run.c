/* sigmaton run: rules and events in, alerts out. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "commands.h"
#include "judge.h"
#include "stream.h"

struct run {
    struct args args;
    struct report report;
    struct judge judge;
    struct srt_buffer *out;
    struct stream stream;
    uint64_t n_files_failed;
};

static volatile sig_atomic_t stopped;

static void on_stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

/* Without SA_RESTART, so that a read waiting for more input ends. */
static void catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_stop}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

static void input(struct run *r, const char *file)
{
    bool from_stdin = strcmp(file, "-") == 0;
    int fd = from_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || !stream_fd(&r->stream, file, fd)) {
        r->n_files_failed++;
        report_place(&r->report, DIAG_file_unreadable, file, 0, 0, 2,
                     (struct str[]){str_of(file), str_of(strerror(errno))});
    }
    if (fd >= 0 && !from_stdin)
        close(fd);
}

static void say_loaded(const struct run *r)
{
    struct sigmatonc *c = r->judge.compiled;
    struct sigmatonc_counts n = sigmatonc_counts(c);
    report_note(&r->report, "%zu documents: %zu rules compiled, %zu refused, %zu other%s",
                n.documents, n.compiled, n.refused, n.other,
                n.left_out ? " (some left out by selection)" : "");
    if (r->judge.engine == ENGINE_JIT)
        report_note(&r->report, "engine jit: %u predicates callable, %.1f ms from YAML to callable",
                    codegen_predicates(c->codegen), (double)c->times.total_ns / 1e6);
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

/* Rules that ran into a limit, by name: a silent "no" would be a lie. */
static void say_unjudged(const struct run *r)
{
    for (uint32_t i = 0; r->stream.n_unjudged > 0 && i < sigmaton_n_rules(r->judge.runtime); i++) {
        if (r->stream.unjudged[i] == 0)
            continue;
        const struct rule *rule = r->judge.compiled->mapped.rules[i];
        struct str args[] = {
            rule->id.len ? rule->id : rule->title,
            str_format(r->report.arena, "%llu", (unsigned long long)r->stream.unjudged[i]),
        };
        struct str path = sources_get(r->judge.compiled->sources, rule->file)->path;
        report_place(&r->report, DIAG_rule_not_judged, str_dup(r->report.arena, path).p, 0, 0, 2,
                     args);
    }
}

static void say_summary(const struct run *r)
{
    struct sigmatonc_counts n = sigmatonc_counts(r->judge.compiled);
    const struct stream *s = &r->stream;
    uint64_t rules_hit = 0;
    for (uint64_t w = 0; w < r->judge.n_words; w++)
        rules_hit += (uint64_t)__builtin_popcountll(s->hit[w]);
    double seconds = (double)s->judge_ns / 1e9;
    double rate = seconds > 0 ? (double)(s->n_events + s->n_unreadable) / seconds : 0;
    struct str line =
        str_format(r->report.arena,
                   "%llu events judged, %llu unreadable; %llu alerts of %llu rules; %llu verdicts "
                   "missing by regex limits"
                   "; engine %s, %.0f events/s, %.1f MB/s",
                   (unsigned long long)s->n_events, (unsigned long long)s->n_unreadable,
                   (unsigned long long)s->n_alerts, (unsigned long long)rules_hit,
                   (unsigned long long)s->n_unjudged, judge_engine_name(&r->judge), rate,
                   seconds > 0 ? (double)s->n_bytes / seconds / 1e6 : 0.0);
    struct summary_item items[] = {
        {"documents", n.documents, NULL},
        {"compiled", n.compiled, NULL},
        {"refused", n.refused, NULL},
        {"other", n.other, NULL},
        {"events", s->n_events, NULL},
        {"unreadable", s->n_unreadable, NULL},
        {"alerts", s->n_alerts, NULL},
        {"rules_hit", rules_hit, NULL},
        {"not_judged", s->n_unjudged, NULL},
        {"engine", 0, judge_engine_name(&r->judge)},
        {"compile_us", r->judge.compiled->times.total_ns / 1000, NULL},
        {"events_per_second", (unsigned long long)rate, NULL},
    };
    report_summary(&r->report, line.p, items, sizeof items / sizeof *items);
}

static int exit_code(const struct run *r)
{
    struct sigmatonc_counts n = sigmatonc_counts(r->judge.compiled);
    if (r->out->error != 0 && r->out->error != EPIPE)
        return report_fail(&r->report, "cannot write alerts: %s", strerror(r->out->error));
    size_t n_inputs = r->args.inputs.n ? r->args.inputs.n : 1;
    if (r->n_files_failed == n_inputs)
        return EXIT_USAGE;
    if (r->args.fail_on_match && r->stream.n_alerts > 0)
        return EXIT_MATCHED;
    bool left_out = n.refused > 0 || diag_errors(r->judge.compiled->sink) > 0 ||
                    r->judge.compiled->ruleset->n_correlations > 0 || r->stream.n_unreadable > 0 ||
                    r->n_files_failed > 0 || r->stream.n_unjudged > 0;
    return left_out ? EXIT_LEFT_OUT : EXIT_FINE;
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

static void run_all(struct run *r)
{
    bool terminal = isatty(STDOUT_FILENO);
    const char *no_color = getenv("NO_COLOR");
    r->stream.text_alerts =
        r->args.format == ALERT_FORMAT_TEXT || (r->args.format == ALERT_FORMAT_AUTO && terminal);
    r->stream.color = r->args.color == COLOR_ALWAYS ||
                      (r->args.color == COLOR_AUTO && terminal && !(no_color && *no_color));
    say_loaded(r);
    if (r->args.inputs.n == 0)
        input(r, "-");
    for (size_t i = 0; i < r->args.inputs.n && !stopped && r->out->error == 0; i++)
        input(r, r->args.inputs.v[i]);
    say_unjudged(r);
    say_summary(r);
}

int cmd_run(const struct args *args)
{
    struct run r = {.args = *args};
    if (stdin_twice(&r.args))
        return usage_error(args, "standard input cannot hold both rules and events");
    int code = judge_open(&r.judge, &r.args, &r.report);
    if (code < 0) {
        r.out = malloc(sizeof *r.out);
        if (stream_open(&r.stream, &r.judge, &r.report, r.out) && r.out) {
            r.stream.stopped = &stopped;
            catch_signals();
            srt_buffer_init(r.out, STDOUT_FILENO);
            run_all(&r);
            code = report_end(&r.report, exit_code(&r));
        } else {
            code = usage_error(args, "out of memory");
        }
    }
    stream_close(&r.stream);
    free(r.out);
    judge_close(&r.judge);
    return code;
}
