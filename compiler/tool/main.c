/* The `sigmaton` command: finds the verb and hands over. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "codegen.h"
#include "commands.h"

#include <sigmaton/sigmaton.h>

static const struct {
    const char *name;
    enum verb verb;
    int (*run)(const struct args *args); /* NULL: not in this version yet */
    const char *what;
} commands[] = {
    {"check", VERB_CHECK, cmd_check, "read and validate rules"},
    {"build", VERB_BUILD, cmd_build, "a pack as a file"},
    {"run", VERB_RUN, cmd_run, "judge events, print alerts"},
    {"test", VERB_TEST, cmd_test, "rule tests: vectors and regression folders"},
    {"explain", VERB_EXPLAIN, cmd_explain, "why a rule did or did not fire; what a code means"},
    {"dump", VERB_DUMP, cmd_dump, "a stage of the compiler as text"},
    {"bench", VERB_BENCH, cmd_bench, "what judging costs: throughput, starts, rule by rule"},
    {"verify", VERB_VERIFY, cmd_verify, "is a pack what a key's holder signed"},
    {"tune", VERB__COUNT, NULL, "tuning filters"},
    {"import", VERB__COUNT, NULL, "rules of other engines"},
    {"catalog", VERB__COUNT, NULL, "rule catalogues"},
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static int print_version(void)
{
    char regex[64];
    sigmaton_regex_library(regex, sizeof regex);
    printf("sigmaton %s\n"
           "LLVM %s\n"
           "PCRE2 %s\n"
           "Unicode 14.0 (simple case folding)\n"
           "SIMD level: %s\n"
           "pack ABI %d.%d\n"
           "alert schema 1\n",
           SIGMATON_VERSION, codegen_llvm_version(), *regex ? regex : "none", sigmaton_simd(),
           SIGMATON_ABI_MAJOR, SIGMATON_ABI_MINOR);
    return EXIT_FINE;
}

static int print_help(FILE *to, int code)
{
    fprintf(to, "sigmaton COMMAND [OPTIONS] ...\n\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (commands[i].run)
            fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].what);
    fprintf(
        to,
        "\n`sigmaton COMMAND --help` tells a command's options; `sigmaton --version` versions.\n");
    return code;
}

static int run_command(size_t i, int argc, char **argv)
{
    struct args args;
    int code = args_parse(commands[i].verb, argc, argv, &args);
    if (code < 0)
        code = commands[i].run(&args);
    args_finish(&args);
    return code;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2)
        return print_help(stderr, EXIT_USAGE);
    if (strcmp(argv[1], "--version") == 0)
        return print_version();
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0)
        return print_help(stdout, EXIT_FINE);
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--version") == 0)
            return print_version();
        if (strcmp(argv[i], "--") == 0)
            break;
    }
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        if (commands[i].run)
            return run_command(i, argc - 1, argv + 1);
        fprintf(stderr, "sigmaton %s: not in this version yet\n", argv[1]);
        return EXIT_USAGE;
    }
    fprintf(stderr, "sigmaton: there is no command '%s'; try --help\n", argv[1]);
    return EXIT_USAGE;
}

/* What went to stdout must have come out: half a help text or explanation is no success. */
int main(int argc, char **argv)
{
    int code = dispatch(argc, argv);
    if ((fflush(stdout) || ferror(stdout)) && code != EXIT_USAGE) {
        fprintf(stderr, "sigmaton: cannot write: %s\n", strerror(errno));
        return EXIT_USAGE;
    }
    return code;
}
