/* sigmaton test: cases with their answers inside, put to the engines. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "commands.h"
#include "judge.h"
#include "link.h"
#include "test_case.h"

void tester_start(struct tester *t)
{
    t->mark = clock_ns();
}

void tester_tell(struct tester *t, struct str suite, struct str id, enum test_verdict verdict,
                 struct str why)
{
    t->n[verdict]++;
    if (verdict == TEST_FAILED)
        printf("FAIL %.*s: %.*s\n", STR_ARG(id), STR_ARG(why));
    if (verdict == TEST_SKIPPED)
        report_note(&t->report, "skipped %.*s: %.*s", STR_ARG(id), STR_ARG(why));
    if (t->args.junit)
        *VEC_PUSH(t->arena, &t->results) = (struct test_result){
            .suite = str_dup(t->arena, suite),
            .id = str_dup(t->arena, id),
            .verdict = verdict,
            .why = str_dup(t->arena, why),
            .seconds = (double)(clock_ns() - t->mark) / 1e9,
        };
}

struct args tester_args(const struct tester *t, size_t engine, enum routing_choice routing)
{
    struct args a = t->args;
    a.engine = t->engines[engine];
    a.routing = routing;
    return a;
}

static void choose_engines(struct tester *t)
{
    static const enum engine_choice all[] = {
        ENGINE_JIT,
        ENGINE_IR,
#ifdef SIGMATON_ORACLE
        ENGINE_ORACLE,
#endif
    };
    if (t->args.engine == ENGINE_ALL) {
        t->n_engines = sizeof all / sizeof *all;
        memcpy(t->engines, all, sizeof all);
        if (link_is_possible())
            t->engines[t->n_engines++] = ENGINE_AOT;
    } else {
        t->engines[t->n_engines++] = t->args.engine;
    }
    t->stage = judge_stage(t->args.engine);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Runs every operand; -1 when the results decide, else an exit code. */
static int run_operands(struct tester *t)
{
    const struct list *operands = &t->args.inputs;
    for (size_t i = 0; i < operands->n; i++) {
        if (!is_folder(operands->v[i]) || t->regression)
            continue;
        if (t->args.rules.n == 0)
            return report_fail(&t->report, "%s is a folder of samples: give their rules with -r",
                               operands->v[i]);
        int code = regression_open(t);
        if (code >= 0)
            return code;
    }
    for (size_t i = 0; i < operands->n; i++) {
        if (is_folder(operands->v[i]))
            test_regression(t, operands->v[i]);
        else
            test_vectors(t, operands->v[i]);
    }
    return -1;
}

static int close_run(struct tester *t)
{
    struct str line = str_format(t->arena, "%zu passed, %zu failed, %zu skipped", t->n[TEST_PASSED],
                                 t->n[TEST_FAILED], t->n[TEST_SKIPPED]);
    struct summary_item items[] = {
        {"passed", t->n[TEST_PASSED], NULL},
        {"failed", t->n[TEST_FAILED], NULL},
        {"skipped", t->n[TEST_SKIPPED], NULL},
    };
    printf("%.*s\n", STR_ARG(line));
    if (t->args.diag == DIAG_FORMAT_JSON) /* as text, it would be said twice */
        report_summary(&t->report, line.p, items, sizeof items / sizeof *items);
    if (t->args.junit && !junit_write(t, t->args.junit))
        return report_fail(&t->report, "cannot write %s: %s", t->args.junit, strerror(errno));
    if (fflush(stdout) || ferror(stdout))
        return report_fail(&t->report, "cannot write the results: %s", strerror(errno));
    if (t->n[TEST_PASSED] + t->n[TEST_FAILED] + t->n[TEST_SKIPPED] == 0)
        return report_fail(&t->report, "there are no cases");
    return t->n[TEST_FAILED] > 0 ? EXIT_LEFT_OUT : EXIT_FINE;
}

static int test(struct tester *t)
{
    t->arena = arena_create(ARENA_LIMIT);
    if (!t->arena || setjmp(*arena_on_oom(t->arena)))
        return usage_error(&t->args, "out of memory");
    report_init(&t->report, t->arena, &t->args);
    choose_engines(t);
    int code = run_operands(t);
    return report_end(&t->report, code < 0 ? close_run(t) : code);
}

int cmd_test(const struct args *args)
{
    if (args->inputs.n == 0)
        return usage_error(args, "no cases: give vector files or folders of samples");
    struct tester *t = calloc(1, sizeof *t);
    if (!t)
        return usage_error(args, "out of memory");
    t->args = *args;
    int code = test(t);
    regression_close(t->regression);
    arena_destroy(t->arena);
    free(t);
    return code;
}
