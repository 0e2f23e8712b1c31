/* What goes to stderr: diagnostics, faults of events, progress and the summary, as text, as JSON
 * lines or as one SARIF document. With JSON, stderr carries JSON lines and nothing else; with
 * SARIF, the document that report_end writes. */
#ifndef SIGMATON_TOOL_REPORT_H
#define SIGMATON_TOOL_REPORT_H

#include "args.h"
#include "compile.h"
#include "diag_sarif.h"

struct report {
    struct arena *arena;
    enum diag_format format;
    bool quiet, color;
    const char *verb;
    const struct list *silenced; /* codes of --no-warn */
    struct sarif *sarif;         /* DIAG_FORMAT_SARIF: everything is kept here until the end */
};

void report_init(struct report *r, struct arena *a, const struct args *args);

/* The compilation's diagnostics; warnings only without --quiet. */
void report_diags(const struct report *r, const struct sigmatonc *c);
/* Those from the `first` on. */
void report_diags_from(const struct report *r, const struct sigmatonc *c, size_t first);
/* One diagnostic that is about no rule text: an event (file and record as line, column from 1, 0:
 * none) or a file. */
void report_place(const struct report *r, enum diag_code code, const char *file,
                  unsigned long long record, size_t column, size_t n_args, const struct str *args);
/* A line for people; nothing with --quiet or JSON. */
void report_note(const struct report *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The closing summary: `line` as text, the items as one JSON object with "severity":"summary". */
void report_summary(const struct report *r, const char *line, const struct summary_item *items,
                    size_t n);
/* One line about why the command cannot go on, in the format that was asked for; returns
 * EXIT_USAGE.
 */
int report_fail(const struct report *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same where no report is open yet. */
int usage_error(const struct args *args, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What runtime/tool speaks through. Borrows r until the last call. */
struct teller report_teller(struct report *r);
/* The end of the command with this exit code, which is returned: SARIF is written here, so the
 * arena must still live. */
int report_end(const struct report *r, int exit_code);

#endif
