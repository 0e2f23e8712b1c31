/* The `sigmaton` command: finds the verb and hands over. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "codegen.h"
#include "commands.h"

#include <sigmaton/sigmaton.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv); /* NULL: not in this version yet */
    const char *what;
} commands[] = {
    {"check", cmd_check, "read and validate rules"},
    {"run", cmd_run, "judge events, print alerts"},
    {"test", cmd_test, "rule tests: vectors and regression folders"},
    {"explain", cmd_explain, "why a rule did or did not fire; what a code means"},
    {"dump", cmd_dump, "a stage of the compiler as text"},
    {"build", NULL, "packs as files"},
    {"bench", NULL, "throughput"},
    {"verify", NULL, "signed packs"},
    {"tune", NULL, "tuning filters"},
    {"import", NULL, "rules of other engines"},
    {"catalog", NULL, "rule catalogues"},
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
           "SIMD level: none\n"
           "pack ABI %d.%d\n"
           "alert schema 1\n",
           SIGMATON_VERSION, codegen_llvm_version(), regex, SIGMATON_ABI_MAJOR,
           SIGMATON_ABI_MINOR);
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

int main(int argc, char **argv)
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
            return commands[i].run(argc - 1, argv + 1);
        fprintf(stderr, "sigmaton %s: not in this version yet\n", argv[1]);
        return EXIT_USAGE;
    }
    fprintf(stderr, "sigmaton: there is no command '%s'; try --help\n", argv[1]);
    return EXIT_USAGE;
}
