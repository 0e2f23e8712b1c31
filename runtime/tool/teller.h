/* How a run speaks to people and machines about anything but alerts. Who runs (the `sigmaton`
 * command with its registry of messages and SARIF, or `sigmaton-run` with neither) gives the
 * functions. All pointers are borrowed for the call. */
#ifndef SRT_TOOL_TELLER_H
#define SRT_TOOL_TELLER_H

#include <stddef.h>
#include <stdint.h>

/* Exit codes (CONTRACT section 2). */
enum {
    EXIT_FINE = 0,
    EXIT_LEFT_OUT = 1, /* a rule refused, an event unreadable, ... */
    EXIT_USAGE = 2,    /* usage, nothing could be judged, output failed */
    EXIT_MATCHED = 3,  /* --fail-on-match */
};

/* Messages about events and files; their texts stand in docs/diagnostics.md. */
enum tell_code {
    TELL_FILE_UNREADABLE,  /* file, why */
    TELL_EVENT_UNREADABLE, /* why */
    TELL_MORE_UNREADABLE,  /* how many */
    TELL_NOT_JUDGED,       /* rule, how many events */
    TELL__COUNT
};
#define TELL_ARGUMENTS_MAX 2

/* One key of the summary: an unsigned number, or a text where text is not NULL. */
struct summary_item {
    const char *key;
    unsigned long long number;
    const char *text;
};

struct teller {
    void *ctx;
    /* A line for people. */
    void (*note)(void *ctx, const char *text);
    /* record and column count from 1; 0: none. */
    void (*place)(void *ctx, enum tell_code code, const char *file, uint64_t record, size_t column,
                  const char *const args[TELL_ARGUMENTS_MAX]);
    void (*summary)(void *ctx, const char *line, const struct summary_item *items, size_t n);
    /* Why the command cannot go on; EXIT_USAGE. */
    int (*fail)(void *ctx, const char *text);
};

#endif
