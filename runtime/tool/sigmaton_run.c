/* The `sigmaton-run` command: packs and events in, alerts out. No compiler, no YAML, no LLVM. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jobs.h"
#include "key.h"
#include "logsource.h"
#include "packs.h"
#include "say.h"

static const char help[] =
    "sigmaton-run -r PACK.so... [EVENTS...]\n"
    "judges events with packs that `sigmaton build` wrote; alerts on stdout, the rest on stderr\n"
    "\n"
    "  -r, --rules PACK.so     a pack file (many)\n"
    "  -f, --format NAME       of alerts: ndjson or text (default: text on a terminal)\n"
    "      --logsource SPEC    auto, none, or product=P,category=C,service=S\n"
    "  -j, --jobs N            threads; 0: one for each processor (default 1)\n"
    "      --verify-key PUBKEY judge only with packs that this key signed: minisign's key file,\n"
    "                          or the base64 in it\n"
    "      --fail-on-match     exit with 3 when anything matched\n"
    "      --regex MODE        auto, jit or interp: how PCRE2 runs (auto: interp)\n"
    "      --diag FORMAT       what goes to stderr as text or json\n"
    "      --color WHEN        auto, always or never (and NO_COLOR)\n"
    "  -q, --quiet             errors only on stderr\n"
    "  -h, --help              this text\n"
    "      --version           versions\n";

enum { OPT_LOGSOURCE = 256, OPT_KEY, OPT_FAIL, OPT_REGEX, OPT_DIAG, OPT_COLOR, OPT_VERSION };

static const struct option options[] = {
    {"rules", 1, NULL, 'r'},
    {"format", 1, NULL, 'f'},
    {"jobs", 1, NULL, 'j'},
    {"logsource", 1, NULL, OPT_LOGSOURCE},
    {"verify-key", 1, NULL, OPT_KEY},
    {"fail-on-match", 0, NULL, OPT_FAIL},
    {"regex", 1, NULL, OPT_REGEX},
    {"diag", 1, NULL, OPT_DIAG},
    {"color", 1, NULL, OPT_COLOR},
    {"quiet", 0, NULL, 'q'},
    {"help", 0, NULL, 'h'},
    {"version", 0, NULL, OPT_VERSION},
    {0},
};

enum { TERMINAL, NEVER, ALWAYS };

struct command {
    struct packs_options packs;
    struct say say;
    struct teller teller;
    const char **paths; /* of packs */
    char key[KEY_TEXT_MAX];
    int text, color; /* TERMINAL, NEVER, ALWAYS */
};

__attribute__((format(printf, 2, 3))) static int fail(const struct command *c, const char *format,
                                                      ...)
{
    char text[512];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    return c->teller.fail(c->teller.ctx, text);
}

static int print_version(void)
{
    char regex[64];
    sigmaton_regex_library(regex, sizeof regex);
    printf("sigmaton-run %s\nPCRE2 %s\npack ABI %d.%d\nalert schema 1\n", sigmaton_version(),
           *regex ? regex : "none", SIGMATON_ABI_MAJOR, SIGMATON_ABI_MINOR);
    return EXIT_FINE;
}

/* The index of value among names, or -1. */
static int choose(const char *value, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (strcmp(value, names[i]) == 0)
            return i;
    return -1;
}

static int wrong(const struct command *c, const char *option, const char *wanted)
{
    return fail(c, "option --%s takes %s, not '%s'", option, wanted, optarg);
}

static int set_logsource(struct command *c)
{
    struct logsource_choice choice;
    if (!logsource_parse(optarg, &choice))
        return wrong(c, "logsource", "auto, none, or product=P,category=C,service=S");
    c->packs.engine.routing = choice.routing;
    c->packs.engine.product = choice.source.product;
    c->packs.engine.category = choice.source.category;
    c->packs.engine.service = choice.source.service;
    return -1;
}

/* -1 to go on, else the exit code. */
static int set(struct command *c, int option)
{
    static const char *const formats[] = {"auto", "ndjson", "text"};
    static const char *const whens[] = {"auto", "never", "always"};
    static const char *const regexes[] = {"auto", "jit", "interp"};
    static const char *const diags[] = {"text", "json"};
    int i;
    switch (option) {
    case 'r':
        c->paths[c->packs.n_packs++] = optarg;
        return -1;
    case 'f':
        if ((i = choose(optarg, formats, 3)) < 0)
            return wrong(c, "format", "ndjson or text (csv and html come later)");
        c->text = i;
        return -1;
    case 'j':
        return jobs_parse(optarg, &c->packs.n_jobs) ? -1 : wrong(c, "jobs", JOBS_WANTED);
    case OPT_LOGSOURCE:
        return set_logsource(c);
    case OPT_KEY:
        c->packs.verify_key = c->key;
        return key_text(optarg, c->key) ? -1
                                        : fail(c, "%s: no public key can be read there", optarg);
    case OPT_FAIL:
        c->packs.fail_on_match = true;
        return -1;
    case OPT_REGEX:
        if ((i = choose(optarg, regexes, 3)) < 0)
            return wrong(c, "regex", "auto, jit or interp");
        c->packs.engine.regex = (enum sigmaton_regex_mode)i;
        return -1;
    case OPT_DIAG:
        if ((i = choose(optarg, diags, 2)) < 0)
            return wrong(c, "diag", "text or json");
        c->say.json = i == 1;
        return -1;
    case OPT_COLOR:
        if ((i = choose(optarg, whens, 3)) < 0)
            return wrong(c, "color", "auto, always or never");
        c->color = i;
        return -1;
    case 'q':
        c->say.quiet = true;
        return -1;
    case 'h':
        fputs(help, stdout);
        return EXIT_FINE;
    case OPT_VERSION:
        return print_version();
    default:
        return fail(c, "there is no such option, or its value is missing; try --help");
    }
}

static int run(struct command *c, int argc, char **argv)
{
    opterr = 0;
    for (int o; (o = getopt_long(argc, argv, "r:f:j:qh", options, NULL)) != -1;) {
        int code = set(c, o);
        if (code >= 0)
            return code;
    }
    if (c->packs.n_packs == 0)
        return fail(c, "no packs: give -r PACK.so");
    bool terminal = isatty(STDOUT_FILENO);
    const char *no_color = getenv("NO_COLOR");
    c->packs.inputs = (const char *const *)(argv + optind);
    c->packs.n_inputs = (size_t)(argc - optind);
    c->packs.text_alerts = c->text == ALWAYS || (c->text == TERMINAL && terminal);
    c->packs.color =
        c->color == ALWAYS || (c->color == TERMINAL && terminal && !(no_color && *no_color));
    return packs_run(&c->packs, &c->teller);
}

int main(int argc, char **argv)
{
    struct command c = {.packs.engine.size = sizeof c.packs.engine};
    c.say.out = malloc(sizeof *c.say.out);
    c.paths = calloc((size_t)argc + 1, sizeof *c.paths);
    if (!c.say.out || !c.paths) {
        fputs("sigmaton-run: out of memory\n", stderr);
        return EXIT_USAGE;
    }
    srt_buffer_init(c.say.out, STDERR_FILENO);
    c.packs.packs = c.paths;
    c.teller = say_teller(&c.say);
    int code = run(&c, argc, argv);
    if (fflush(stdout))
        code = fail(&c, "cannot write");
    free(c.say.out);
    free(c.paths);
    return code;
}
