/* The command line: one table of options for all verbs, parsed by getopt_long, printed as help.
 * Values are borrowed from argv. */
#ifndef SIGMATON_TOOL_ARGS_H
#define SIGMATON_TOOL_ARGS_H

#include <sigmatonc.h>
#include <stdbool.h>
#include <stddef.h>

#include "teller.h"

enum verb {
    VERB_CHECK,
    VERB_BUILD,
    VERB_RUN,
    VERB_EXPLAIN,
    VERB_DUMP,
    VERB_TEST,
    VERB_BENCH,
    VERB_VERIFY,
    VERB__COUNT
};

enum engine_choice { ENGINE_AUTO, ENGINE_JIT, ENGINE_AOT, ENGINE_IR, ENGINE_ORACLE, ENGINE_ALL };
enum diag_format { DIAG_FORMAT_TEXT, DIAG_FORMAT_JSON, DIAG_FORMAT_SARIF };
enum alert_format {
    ALERT_FORMAT_AUTO,
    ALERT_FORMAT_NDJSON,
    ALERT_FORMAT_TEXT,
    ALERT_FORMAT_JSON, /* check --report only */
};
enum routing_choice { ROUTING_AUTO, ROUTING_NONE, ROUTING_GIVEN };
enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct list {
    const char **v;
    size_t n;
};

/* What only bench knows. */
struct bench_args {
    unsigned long rounds, threads, growth_rules; /* 0: not given */
    struct list classes;                         /* CHANNEL:ID */
    const char *html, *lines;                    /* files */
    bool json, vary, by_class, by_rule, slowest, growth, attack;
};

struct args {
    enum verb verb;
    struct list rules;  /* -r, or the operands of check, build and dump */
    struct list inputs; /* operands of run, explain, test and verify */
    struct list ids, not_ids, tags, not_tags, off, pipelines;
    struct list no_warn; /* codes, known and no errors */
    struct list events;  /* samples of check --report */
    const char *min_level, *min_status, *placeholders, *profile, *time_field, *cache;
    struct bench_args bench;
    const char *stage, *after, *regex, *junit;
    const char *out, *target, *cpu, *linker; /* build; NULL: not given */
    const char *sign;                        /* build: a secret key's file */
    const char *password_file;               /* build: of that key; NULL: asked for */
    const char *verify_key;                  /* run, verify: a public key or its file */
    enum sigmatonc_kind emit;
    unsigned opt_level;
    enum engine_choice engine;
    enum diag_format diag;
    enum alert_format format;
    enum color_choice color;
    enum routing_choice routing;
    const char *product, *category, *service; /* ROUTING_GIVEN; NULL: not given */
    char *logsource;                          /* owns product, category and service */
    size_t jobs;                              /* threads, never 0 */
    unsigned long record;                     /* explain; 0: not given */
    bool strict, quiet, fail_on_match;
    bool report; /* check */
};

/* Parses argv[0..argc) whose argv[0] is the verb. Returns -1 to go on, else the exit code (help was
 * printed to stdout, or an error to stderr). args_finish frees the
 * lists, whatever was returned. */
int args_parse(enum verb verb, int argc, char **argv, struct args *ret_args);

/* Frees the lists; zeroed args have none. */
void args_finish(struct args *args);

/* The names of the verbs of this version, by enum verb. */
const char *verb_name(enum verb verb);

#endif
