/* sigmaton dump: a stage of the compiler as text. */
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "commands.h"
#include "compile_options.h"
#include "report.h"

static const struct {
    const char *name;
    enum sigmatonc_stage stage;
} stages[] = {
    {"tree", SIGMATONC_READ}, {"rule", SIGMATONC_RULE}, {"mapped", SIGMATONC_MAPPED},
    {"ir", SIGMATONC_IR},     {"opt", SIGMATONC_OPT},   {"plan", SIGMATONC_PLAN},
    {"llvm", SIGMATONC_LLVM}, {"asm", SIGMATONC_ASM},
};

static int dump(const struct args *a, enum sigmatonc_stage stage)
{
    struct sigmatonc_options o = compile_options(a, stage);
    o.dump = true;
    struct sigmatonc *c = NULL;
    struct report r;
    enum sigmatonc_status status = sigmatonc_compile(&o, &c);
    if (!c)
        return usage_error(a, "out of memory");
    report_init(&r, c->arena, a);
    report_diags(&r, c);
    bool left_out = sigmatonc_counts(c).refused > 0 || diag_errors(c->sink) > 0;
    int code = status != SIGMATONC_OK ? EXIT_USAGE
               : left_out             ? (a->strict ? EXIT_USAGE : EXIT_LEFT_OUT)
                                      : EXIT_FINE;
    bool written = c->dump.len == 0 || fwrite(c->dump.p, 1, c->dump.len, stdout) == c->dump.len;
    if (!written || fflush(stdout))
        code = report_fail(&r, "cannot write the dump");
    report_end(&r, code);
    sigmatonc_destroy(c);
    return code;
}

int cmd_dump(const struct args *args)
{
    if (args->rules.n == 0)
        return usage_error(args, "no rules: name files, folders or -");
    if (args->after && (!args->stage || strcmp(args->stage, "opt") != 0))
        return usage_error(args, "--after belongs to --stage opt");
    for (size_t i = 0; args->stage && i < sizeof stages / sizeof *stages; i++)
        if (strcmp(args->stage, stages[i].name) == 0)
            return dump(args, stages[i].stage);
    return usage_error(args, "--stage is one of tree, rule, mapped, ir, opt, plan, llvm, asm");
}
