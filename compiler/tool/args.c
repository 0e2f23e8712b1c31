#include "args.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "jobs.h"
#include "logsource.h"
#include "report.h"

static const struct verb_info {
    const char *name, *operands, *what;
    char letter;
} verbs[VERB__COUNT] = {
    [VERB_CHECK] = {"check", "RULES...", "read, validate, report; no code is made", 'C'},
    [VERB_BUILD] = {"build", "RULES... -o OUT", "ahead of time: a pack file, or what goes into one",
                    'A'},
    [VERB_RUN] = {"run", "-r RULES... [EVENTS...]",
                  "judge events; alerts on stdout, the rest on stderr", 'R'},
    [VERB_EXPLAIN] = {"explain", "-r RULES EVENTS --record N, or explain S417",
                      "why each selection of each rule did or did not hold", 'E'},
    [VERB_TEST] = {"test", "CASES... [-r RULES]",
                   "rule tests: vector files, and regression folders (with -r)", 'T'},
    [VERB_BENCH] = {"bench", "-r RULES... EVENTS...",
                    "what judging these events with these rules costs", 'B'},
    [VERB_VERIFY] = {"verify", "PACK... --key PUBKEY",
                     "is a pack whole, and what the key's holder signed", 'V'},
    [VERB_DUMP] = {"dump", "--stage STAGE RULES...", "a stage of the compiler as text", 'D'},
};

const char *verb_name(enum verb verb)
{
    return verbs[verb].name;
}

/* A setter stores one option's value; false: the value is not usable, and *ret_wanted says what
 * would be. */
typedef bool (*setter)(struct args *a, const char *value, const char **ret_wanted);

static void list_add(struct list *l, const char *value)
{
    const char **v = realloc(l->v, (l->n + 1) * sizeof *v);
    if (!v) {
        fputs("sigmaton: out of memory\n", stderr);
        exit(EXIT_USAGE);
    }
    l->v = v;
    l->v[l->n++] = value;
}

/* The index of value among names[n]; false when it is none of them. */
static bool choose(const char *value, const char *const *names, size_t n, int *ret)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(value, names[i]) == 0) {
            *ret = (int)i;
            return true;
        }
    }
    return false;
}

#define CHOOSE(field, type, wanted, ...)                         \
    static const char *const names[] = {__VA_ARGS__};            \
    int i;                                                       \
    *ret_wanted = wanted;                                        \
    if (!choose(value, names, sizeof names / sizeof *names, &i)) \
        return false;                                            \
    field = (type)i;                                             \
    return true

static bool set_engine(struct args *a, const char *value, const char **ret_wanted)
{
    static const char *const names[] = {"auto", "jit", "aot", "ir", "oracle", "all"};
    int i;
    bool all = a->verb == VERB_TEST || a->verb == VERB_BENCH;
#ifdef SIGMATON_ORACLE
    *ret_wanted = all ? "auto, jit, aot, ir, oracle or all" : "auto, jit, aot, ir or oracle";
#else
    *ret_wanted = "auto, jit, aot or ir (this build has no oracle)";
    if (strcmp(value, "oracle") == 0)
        return false;
#endif
    if (!choose(value, names, sizeof names / sizeof *names, &i))
        return false;
    a->engine = (enum engine_choice)i;
    return a->engine != ENGINE_ALL || all;
}

static bool set_format(struct args *a, const char *value, const char **ret_wanted)
{
    if (a->verb == VERB_CHECK) {
        a->format = strcmp(value, "json") == 0 ? ALERT_FORMAT_JSON : ALERT_FORMAT_TEXT;
        *ret_wanted = "text or json";
        return a->format == ALERT_FORMAT_JSON || strcmp(value, "text") == 0;
    }
    CHOOSE(a->format, enum alert_format, "ndjson or text (csv and html come later)", "auto",
           "ndjson", "text");
}

static bool set_diag(struct args *a, const char *value, const char **ret_wanted)
{
    CHOOSE(a->diag, enum diag_format, "text, json or sarif", "text", "json", "sarif");
}

static bool set_color(struct args *a, const char *value, const char **ret_wanted)
{
    CHOOSE(a->color, enum color_choice, "auto, always or never", "auto", "always", "never");
}

static bool set_emit(struct args *a, const char *value, const char **ret_wanted)
{
    CHOOSE(a->emit, enum sigmatonc_kind, "so, obj, archive, header, asm, llvm, ir or plan", "so",
           "obj", "archive", "header", "asm", "llvm", "ir", "plan");
}

static bool set_opt_level(struct args *a, const char *value, const char **ret_wanted)
{
    CHOOSE(a->opt_level, unsigned, "0, 1, 2 or 3", "0", "1", "2", "3");
}

static bool set_regex(struct args *a, const char *value, const char **ret_wanted)
{
    int i;
    static const char *const names[] = {"auto", "jit", "interp"};
    *ret_wanted = "auto, jit or interp";
    a->regex = value;
    return choose(value, names, 3, &i);
}

static bool set_logsource(struct args *a, const char *value, const char **ret_wanted)
{
    *ret_wanted = "auto, none, or product=P,category=C,service=S";
    free(a->logsource);
    a->logsource = strdup(value);
    struct logsource_choice choice;
    if (!a->logsource || !logsource_parse(a->logsource, &choice))
        return false;
    _Static_assert((int)ROUTING_GIVEN == (int)SIGMATON_ROUTE_GIVEN, "routings are one enumeration");
    a->routing = (enum routing_choice)choice.routing;
    a->product = choice.source.product;
    a->category = choice.source.category;
    a->service = choice.source.service;
    return true;
}

static bool count_of(const char *value, unsigned long max, unsigned long *ret)
{
    char *end;
    errno = 0;
    *ret = strtoul(value, &end, 10);
    return errno == 0 && *value >= '0' && *value <= '9' && *end == '\0' && *ret > 0 && *ret <= max;
}

static bool set_record(struct args *a, const char *value, const char **ret_wanted)
{
    *ret_wanted = "a number from 1";
    return count_of(value, ULONG_MAX, &a->record);
}

static bool set_jobs(struct args *a, const char *value, const char **ret_wanted)
{
    *ret_wanted = JOBS_WANTED;
    return jobs_parse(value, &a->jobs);
}

static bool set_rounds(struct args *a, const char *value, const char **ret_wanted)
{
    *ret_wanted = "a number from 1 to 1000";
    return count_of(value, 1000, &a->bench.rounds);
}

static bool set_threads(struct args *a, const char *value, const char **ret_wanted)
{
    *ret_wanted = "a number from 1 to 64";
    return count_of(value, 64, &a->bench.threads);
}

static bool set_growth_rules(struct args *a, const char *value, const char **ret_wanted)
{
    *ret_wanted = "a number from 1 to 1000000";
    return count_of(value, 1000000, &a->bench.growth_rules);
}

/* `Microsoft-Windows-Sysmon/Operational:1` */
static bool set_class(struct args *a, const char *value, const char **ret_wanted)
{
    unsigned long id;
    const char *colon = strrchr(value, ':');
    *ret_wanted = "CHANNEL:ID";
    list_add(&a->bench.classes, value);
    return colon && (strcmp(colon, ":0") == 0 || count_of(colon + 1, UINT32_MAX, &id));
}

#define SET_TEXT(name, field)                                                          \
    static bool set_##name(struct args *a, const char *value, const char **ret_wanted) \
    {                                                                                  \
        *ret_wanted = "a text";                                                        \
        a->field = value;                                                              \
        return *value != '\0';                                                         \
    }
#define SET_LIST(name, field)                                                          \
    static bool set_##name(struct args *a, const char *value, const char **ret_wanted) \
    {                                                                                  \
        *ret_wanted = "a text";                                                        \
        list_add(&a->field, value);                                                    \
        return *value != '\0';                                                         \
    }
#define SET_FLAG(name, field)                                                          \
    static bool set_##name(struct args *a, const char *value, const char **ret_wanted) \
    {                                                                                  \
        (void)value;                                                                   \
        *ret_wanted = "no value";                                                      \
        a->field = true;                                                               \
        return true;                                                                   \
    }
SET_LIST(rules, rules)
SET_LIST(off, off)
SET_LIST(id, ids)
SET_LIST(not_id, not_ids)
SET_LIST(tag, tags)
SET_LIST(not_tag, not_tags)
SET_LIST(pipeline, pipelines)
SET_LIST(events, events)
SET_TEXT(time_field, time_field)
SET_TEXT(cache, cache)
SET_TEXT(stage, stage)
SET_TEXT(after, after)
SET_TEXT(junit, junit)
SET_TEXT(html, bench.html)
SET_TEXT(attack_lines, bench.lines)
SET_TEXT(out, out)
SET_TEXT(target, target)
SET_TEXT(cpu, cpu)
SET_TEXT(linker, linker)
SET_TEXT(sign, sign)
SET_TEXT(password_file, password_file)
SET_TEXT(verify_key, verify_key)
SET_TEXT(min_level, min_level)
SET_TEXT(min_status, min_status)
SET_TEXT(placeholders, placeholders)
SET_TEXT(profile, profile)
SET_FLAG(strict, strict)
SET_FLAG(quiet, quiet)
SET_FLAG(report, report)
SET_FLAG(json, bench.json)
SET_FLAG(vary, bench.vary)
SET_FLAG(by_class, bench.by_class)
SET_FLAG(by_rule, bench.by_rule)
SET_FLAG(slowest, bench.slowest)
SET_FLAG(growth, bench.growth)
SET_FLAG(attack, bench.attack)
SET_FLAG(fail_on_match, fail_on_match)

/* An error cannot be silenced: its rule would be missing without a word. */
static bool set_no_warn(struct args *a, const char *value, const char **ret_wanted)
{
    const struct diag_info *info = diag_info_find(str_of(value));
    *ret_wanted = info ? "the code of a warning, for errors stay" : "a code such as S604";
    if (!info || info->severity == DIAG_ERROR)
        return false;
    list_add(&a->no_warn, value);
    return true;
}

/* Marks in the table; never called. */
static bool set_help(struct args *a, const char *value, const char **ret_wanted)
{
    (void)a, (void)value, (void)ret_wanted;
    return true;
}

static const struct option_info {
    const char *name;
    char letter;
    const char *argument, *verbs;
    setter set;
    const char *help;
} options[] = {
#define OPTION(name, letter, argument, for_verbs, set, help) \
    {name, letter, argument, for_verbs, set, help},
#include "options.def"
#undef OPTION
};
enum { N_OPTIONS = sizeof options / sizeof *options };

static int print_help(enum verb verb)
{
    printf("sigmaton %s %s\n%s\n\n", verbs[verb].name, verbs[verb].operands, verbs[verb].what);
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const struct option_info *o = &options[i];
        char left[48];
        if (!strchr(o->verbs, verbs[verb].letter))
            continue;
        snprintf(left, sizeof left, "%s%c%s --%s%s%s", o->letter ? "-" : "  ",
                 o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name,
                 o->argument ? " " : "", o->argument ? o->argument : "");
        printf("  %-26s %s\n", left, o->help);
    }
    return EXIT_FINE;
}

/* getopt's two forms of the table; option i has the value 256 + i. */
static void getopt_tables(struct option *longs, char *shorts)
{
    *shorts++ = ':'; /* tell a missing argument apart */
    for (int i = 0; i < N_OPTIONS; i++) {
        longs[i] = (struct option){options[i].name, options[i].argument ? 1 : 0, NULL, 256 + i};
        if (options[i].letter) {
            *shorts++ = options[i].letter;
            if (options[i].argument)
                *shorts++ = ':';
        }
    }
    longs[N_OPTIONS] = (struct option){0};
    *shorts = '\0';
}

static const struct option_info *option_of(int c)
{
    if (c >= 256)
        return &options[c - 256];
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (options[i].letter == c)
            return &options[i];
    return NULL;
}

static int apply(const struct option_info *o, struct args *args)
{
    const char *wanted = "";
    if (!strchr(o->verbs, verbs[args->verb].letter))
        return usage_error(args, "option --%s is not for this command", o->name);
    if (o->set == set_help)
        return print_help(args->verb);
    if (!o->set(args, optarg, &wanted))
        return usage_error(args, "option --%s takes %s, not '%s'", o->name, wanted, optarg);
    return -1;
}

/* What getopt did not take. A cluster of letters is left only after its last one, so a letter is
 * named by itself. */
static int unknown_option(const struct args *args, const char *word)
{
    if (optopt >= 256)
        return usage_error(args, "option --%s takes no value", option_of(optopt)->name);
    if (optopt > ' ' && optopt < 0x7f)
        return usage_error(args, "there is no option '-%c'; try --help", optopt);
    return usage_error(args, "there is no option '%s', or it begins several; try --help", word);
}

/* --diag holds for faults of the options before it as well; a faulty --diag is told in its turn. */
static void find_diag(int argc, char **argv, struct args *args)
{
    const char *wanted;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], "--diag=", 7) == 0)
            (void)set_diag(args, argv[i] + 7, &wanted);
        else if (strcmp(argv[i], "--diag") == 0 && i + 1 < argc)
            (void)set_diag(args, argv[i + 1], &wanted);
    }
}

int args_parse(enum verb verb, int argc, char **argv, struct args *ret_args)
{
    struct option longs[N_OPTIONS + 1];
    char shorts[2 * N_OPTIONS + 2];
    getopt_tables(longs, shorts);
    *ret_args = (struct args){.verb = verb, .jobs = 1};
    find_diag(argc, argv, ret_args);
    opterr = 0;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (c == '?')
            return unknown_option(ret_args, argv[optind - 1]);
        if (c == ':')
            return usage_error(ret_args, "option '%s' needs a value", argv[optind - 1]);
        int code = apply(option_of(c), ret_args);
        if (code >= 0)
            return code;
    }
    bool rules = verb == VERB_CHECK || verb == VERB_BUILD || verb == VERB_DUMP;
    for (int i = optind; i < argc; i++)
        list_add(rules ? &ret_args->rules : &ret_args->inputs, argv[i]);
    return -1;
}

void args_finish(struct args *args)
{
    struct list *const lists[] = {&args->rules,     &args->inputs,       &args->ids,
                                  &args->not_ids,   &args->tags,         &args->not_tags,
                                  &args->no_warn,   &args->events,       &args->off,
                                  &args->pipelines, &args->bench.classes};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        free(lists[i]->v);
    free(args->logsource);
}
