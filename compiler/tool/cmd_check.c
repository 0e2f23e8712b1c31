/* sigmaton check: read, validate, report. */
#include <stdio.h>

#include "arena.h"
#include "check_report.h"
#include "commands.h"
#include "compile_options.h"
#include "report.h"

static int check(const struct args *a)
{
    struct sigmatonc_options o = compile_options(a, check_report_stage(a));
    o.lint = true;
    struct sigmatonc *c = NULL;
    struct report r;
    enum sigmatonc_status status = sigmatonc_compile(&o, &c);
    if (!c)
        return usage_error(a, "out of memory");
    report_init(&r, c->arena, a);
    report_diags(&r, c);
    struct sigmatonc_counts n = sigmatonc_counts(c);
    if (a->strict && n.refused > 0)
        report_note(&r, "%zu rules refused, and --strict wants all", n.refused);
    else if (a->strict && diag_errors(c->sink) > 0)
        report_note(&r, "not all could be read, and --strict wants all");
    struct str left = n.left_out ? str_format(c->arena, ", %zu left out by selection", n.left_out)
                                 : (struct str){"", 0};
    struct str line =
        str_format(c->arena, "%zu documents: %zu rules compiled, %zu refused, %zu other%.*s",
                   n.documents, n.compiled, n.refused, n.other, STR_ARG(left));
    struct summary_item items[] = {
        {"documents", n.documents, NULL}, {"compiled", n.compiled, NULL},
        {"refused", n.refused, NULL},     {"other", n.other, NULL},
        {"left_out", n.left_out, NULL},
    };
    report_summary(&r, line.p, items, sizeof items / sizeof *items);
    bool bad = n.refused > 0 || diag_errors(c->sink) > 0;
    int code = status == SIGMATONC_ENORULES || status == SIGMATONC_EINVAL ? EXIT_USAGE
               : bad ? (a->strict ? EXIT_USAGE : EXIT_LEFT_OUT)
                     : EXIT_FINE;
    if (a->report && status == SIGMATONC_OK) {
        int reported = check_report(c, a, &r);
        code = code > reported ? code : reported;
    }
    report_end(&r, code);
    sigmatonc_destroy(c);
    return code;
}

int cmd_check(const struct args *args)
{
    if (args->rules.n == 0)
        return usage_error(args, "no rules: name files, folders or -");
    if (!args->report && (args->events.n > 0 || args->format != ALERT_FORMAT_AUTO))
        return usage_error(args, "--events and --format belong to --report");
    return check(args);
}
