/* What code may be made for: the processors and systems that packs exist for, and what the
 * descriptor says of them. */
#ifndef SIGMATON_CODEGEN_TARGET_H
#define SIGMATON_CODEGEN_TARGET_H

#include "str.h"

enum target_format { TARGET_ELF, TARGET_COFF, TARGET_MACHO, TARGET_WASM };

struct target {
    const char *triple; /* as LLVM writes it in full; lives for ever or in the arena */
    const char *cpu;    /* LLVM's name of it */
    struct str text;    /* "x86_64-pc-linux-gnu-generic", for the descriptor */
    uint64_t features;  /* SIGMATON_CPU_* that the code may use */
    enum target_format format;
    const char *tools; /* the prefix of GNU's tools for it: "aarch64-linux-gnu-" */
    bool native;       /* for the machine that compiles */
};

/* Names a target; triple and cpu may be NULL: the host, generic. False when no packs are made for
 * it: *ret_option is the option at fault, *ret_why a phrase, both static. */
bool target_find(struct arena *a, const char *triple, const char *cpu, struct target *ret_target,
                 const char **ret_option, const char **ret_why);

#endif
