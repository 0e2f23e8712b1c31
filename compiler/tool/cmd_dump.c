/* sigmaton dump: a stage of the compiler as text. */
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "commands.h"
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
    struct sigmatonc_options o = {
        .size = sizeof o,
        .paths = a->rules.v,
        .n_paths = a->rules.n,
        .last = stage,
        .dump = true,
        .dump_pass = a->after,
        .off = a->off.v,
        .n_off = a->off.n,
        .min_level = a->min_level,
        .min_status = a->min_status,
        .ids = a->ids.v,
        .n_ids = a->ids.n,
        .not_ids = a->not_ids.v,
        .n_not_ids = a->not_ids.n,
        .tags = a->tags.v,
        .n_tags = a->tags.n,
        .not_tags = a->not_tags.v,
        .n_not_tags = a->not_tags.n,
        .placeholders = a->placeholders,
        .pipelines = a->pipelines.v,
        .n_pipelines = a->pipelines.n,
        .silenced = a->no_warn.v,
        .n_silenced = a->no_warn.n,
    };
    struct sigmatonc *c = NULL;
    struct report r;
    enum sigmatonc_status status = sigmatonc_compile(&o, &c);
    if (!c)
        return usage_error(VERB_DUMP, "out of memory");
    report_init(&r, c->arena, a);
    report_diags(&r, c);
    int code = status != SIGMATONC_OK            ? EXIT_USAGE
               : sigmatonc_counts(c).refused > 0 ? EXIT_LEFT_OUT
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
        return usage_error(VERB_DUMP, "no rules: name files, folders or -");
    for (size_t i = 0; args->stage && i < sizeof stages / sizeof *stages; i++)
        if (strcmp(args->stage, stages[i].name) == 0)
            return dump(args, stages[i].stage);
    return usage_error(VERB_DUMP, "--stage is one of tree, rule, mapped, ir, opt, plan, llvm, asm");
}
