/* Plan -> LLVM modules -> object bytes. Owns the LLVM contexts; one destroy call frees all of it.
 *
 * The rules of a large pack are dealt to several modules, which threads make and emit side by side;
 * merge.c makes one object of them. It has one exported constant, sigmaton_pack: the plan's image
 * with eval_off filled in; internal functions of 64 rules each and one that calls them. There is no
 * undefined symbol: helpers come through the host table. The shapes are those that FastISel takes
 * (docs/architecture.md). LLVM's diagnostics are counted and any error is a failure. A plan with
 * probes gets small code that calls host->probe for its leaves, one without has them written out:
 * the first is quick to make, the second to run. Threads: one at a time per object, but for those
 * of the crew; codegen_create initialises LLVM's targets once per process.
 */
#ifndef SIGMATON_CODEGEN_CODEGEN_H
#define SIGMATON_CODEGEN_CODEGEN_H

#include "diag.h"
#include "plan.h"

struct codegen;

struct codegen_options {
    const char *triple, *cpu; /* NULL: the host's triple, "generic" */
    unsigned opt_level;       /* 0..3 */
    bool verify;              /* let LLVM check the module: for tests and debug builds */
    bool names;               /* blocks with names, for codegen_llvm */
    struct crew *crew;        /* NULL: one thread; the code is the same */
};

/* Builds the modules. NULL after reporting. The plan is kept until codegen_destroy. */
struct codegen *codegen_create(struct diag_sink *sink, const struct plan *plan,
                               const struct codegen_options *options);
void codegen_destroy(struct codegen *cg); /* accepts NULL */

/* Object bytes, owned by cg until codegen_destroy. false after reporting. */
bool codegen_object(struct codegen *cg, const uint8_t **ret_bytes, size_t *ret_len);
/* The modules as text (`dump --stage llvm`), or as assembly; in `a`. Call before codegen_object. */
struct str codegen_llvm(struct codegen *cg, struct arena *a);
bool codegen_assembly(struct codegen *cg, struct arena *a, struct str *ret_text);
/* "x86_64-pc-linux-gnu-generic" for the descriptor; static storage after the first call. */
const char *codegen_host_triple(void);
/* LLVM's version as text. */
const char *codegen_llvm_version(void);
/* An address within LLVM's code, to find the file that it comes from. */
const void *codegen_llvm_code(void);
/* Rule predicates in the modules: as many as the plan has rules. */
uint32_t codegen_predicates(const struct codegen *cg);

/* Places where LLVM's fast instruction selection gave up: where a function chooses a rule. 0 unless
 * LLVM was told to report them (-fast-isel-report-on-fallback), which tests do. */
uint32_t codegen_fallbacks(const struct codegen *cg);
/* Initialises LLVM's native target, or all of them, once per process. codegen_create does it. */
void codegen_initialise(bool all_targets);

#endif
