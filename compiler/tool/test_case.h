/* What `sigmaton test` knows while it runs: the engines to ask, and the results so far.
 *
 * A case passes when every engine that was asked for gives the wanted answer. Files of cases
 * (test_vectors.c) and folders of samples (test_regression.c) tell each result here; it is counted,
 * printed where it failed, and kept for JUnit. */
#ifndef SIGMATON_TOOL_TEST_CASE_H
#define SIGMATON_TOOL_TEST_CASE_H

#include <stdint.h>

#include "args.h"
#include "report.h"
#include "vec.h"

enum test_verdict { TEST_PASSED, TEST_FAILED, TEST_SKIPPED };

struct test_result {
    struct str suite; /* the operand: a file or a folder */
    struct str id;
    enum test_verdict verdict;
    struct str why; /* failed: wanted what, came what; skipped: the reason */
    double seconds;
};
struct test_results {
    struct test_result *v;
    size_t n, cap;
};

#define TESTER_ENGINES_MAX 4

struct regression;

struct tester {
    struct args args;
    struct report report;
    struct arena *arena; /* until the end of the command */
    enum engine_choice engines[TESTER_ENGINES_MAX];
    size_t n_engines;
    enum sigmatonc_stage stage; /* that the engines need */
    size_t n[TEST_SKIPPED + 1]; /* by verdict */
    struct test_results results;
    uint64_t mark;                 /* when the case at hand began, ns */
    struct regression *regression; /* NULL: no folder among the operands */
};

/* Starts the clock of a case. */
void tester_start(struct tester *t);
/* Tells a result. Texts are copied. */
void tester_tell(struct tester *t, struct str suite, struct str id, enum test_verdict verdict,
                 struct str why);
/* The arguments for one engine. */
struct args tester_args(const struct tester *t, size_t engine, enum routing_choice routing);

/* A file of vectors: JSON objects one a line, as documents, or an array of them. */
void test_vectors(struct tester *t, const char *path);

/* Samples below a folder, each an info.yml beside its events. regression_open compiles the rules of
 * -r: -1 to go on, else the exit code after having said why; close it in any case. */
int regression_open(struct tester *t);
void regression_close(struct regression *g); /* accepts NULL */
void test_regression(struct tester *t, const char *folder);

/* The results as JUnit XML, a test suite for each operand. False: errno says why. */
bool junit_write(const struct tester *t, const char *path);

#endif
