/* sigmaton explain: why each selection of each rule did or did not hold on one event; or what a
 * code means. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "commands.h"
#include "judge.h"
#include "lines.h"

#ifdef SIGMATON_ORACLE
#include "oracle.h"
#endif

/* Rules that did not hit are explained when there are at most this many rules; else only counted.
 */
#define EXPLAIN_MISSES_MAX 20

static int explain_code(const struct args *args)
{
    const char *code = args->inputs.v[0];
    const struct diag_info *info = diag_info_find(str_of(code));
    if (!info)
        return usage_error(args, "there is no code '%s'; docs/diagnostics.md has them all", code);
    printf("S%u %s: %s\n", info->number, diag_severity_name(info->severity), info->text);
    if (*info->category)
        printf("category: %s\n", info->category);
    printf("since: %s\n\n%s\n", info->since, info->explain);
    if (*info->example)
        printf("\nExample:\n    %s\n", info->example);
    return EXIT_FINE;
}

#ifdef SIGMATON_ORACLE

/* The event's line, copied into the arena; false after saying why. */
static bool find_event(const struct args *a, const struct report *r, struct str *ret_event)
{
    const char *file = a->inputs.v[0];
    int fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    struct lines l = {0};
    struct line line = {0};
    unsigned long record = 0;
    enum lines_status s = LINES_LINE;
    if (fd < 0 || !lines_open(&l, fd)) {
        report_fail(r, "cannot read %s: %s", file, strerror(errno));
        return false;
    }
    while (record < a->record && s != LINES_END && s != LINES_ERROR) {
        s = lines_next(&l, &line);
        if (s == LINES_LINE)
            record++;
        else if (s == LINES_WAIT)
            s = lines_fill(&l);
    }
    bool found = record == a->record && !line.too_long && !line.fault;
    if (found)
        *ret_event = str_dup(r->arena, (struct str){line.p, line.len});
    else if (record == a->record && line.fault)
        report_fail(r, "record %lu is no event: %s", record, line.fault);
    else if (record == a->record)
        report_fail(r, "record %lu is longer than an event may be", record);
    else
        report_fail(r, "%s has %lu records, not %lu", file, record, a->record);
    lines_close(&l);
    return found;
}

static bool bit(const uint64_t *words, uint32_t i)
{
    return words[i / 64] >> (i % 64) & 1;
}

/* Prints the traces; returns the number of rules on which the oracle and the engine differ. */
static unsigned explain_rules(struct judge *j, struct oracle *o, struct str event,
                              const struct sigmaton_verdict *v)
{
    unsigned differ = 0, hidden = 0;
    for (uint32_t i = 0; i < v->n_rules; i++) {
        struct text t;
        bool met;
        text_init(&t, j->compiled->arena);
        bool hit = oracle_explain(o, i, event.p, event.len, &t, &met);
        if (hit != bit(v->hits, i) && !bit(v->unjudged, i)) {
            differ++;
            text_addf(&t, "!! engine %s says %s\n", judge_engine_name(j), hit ? "no" : "yes");
        } else if (!hit && v->n_rules > EXPLAIN_MISSES_MAX) {
            hidden++;
            continue;
        }
        fwrite(t.p, 1, t.len, stdout);
        putchar('\n');
    }
    if (hidden > 0)
        printf("%u rules did not hit; --rule ID explains one of them\n", hidden);
    return differ;
}

static int explain(struct judge *j, const struct args *a, const struct report *r)
{
    struct str event;
    struct sigmaton_verdict v = {0};
    if (!find_event(a, r, &event))
        return EXIT_USAGE;
    enum sigmaton_status s = judge_event(j, event.p, event.len, &v);
    if (s != SIGMATON_OK)
        return report_fail(r, "the event is unreadable at byte %zu: %s", v.error_off + 1,
                           v.error ? v.error : sigmaton_status_text(s));
    struct oracle_options o = {
        .routing = (enum oracle_routing)a->routing,
        .product = a->product ? str_of(a->product) : (struct str){0},
        .category = a->category ? str_of(a->category) : (struct str){0},
        .service = a->service ? str_of(a->service) : (struct str){0},
        .time_field = a->time_field ? str_of(a->time_field) : (struct str){0},
    };
    struct oracle *oracle = oracle_create(&j->compiled->mapped, &o);
    if (!oracle)
        return report_fail(r, "out of memory");
    unsigned differ = explain_rules(j, oracle, event, &v);
    oracle_destroy(oracle);
    if (differ > 0)
        return report_fail(r, "the oracle and engine %s differ on %u rules: please report this",
                           judge_engine_name(j), differ);
    return fflush(stdout) ? report_fail(r, "cannot write") : EXIT_FINE;
}

#endif

int cmd_explain(const struct args *args)
{
    if (args->rules.n == 0 && args->inputs.n == 1 && args->record == 0)
        return explain_code(args);
    if (args->rules.n == 0 || args->inputs.n != 1 || args->record == 0)
        return usage_error(args, "give -r RULES EVENTS --record N, or a code such as S417");
#ifdef SIGMATON_ORACLE
    struct judge j;
    struct report r;
    int code = judge_open(&j, args, &r);
    if (code < 0)
        code = report_end(&r, explain(&j, args, &r));
    judge_close(&j);
    return code;
#else
    return usage_error(args, "this build has no oracle (meson option oracle)");
#endif
}
