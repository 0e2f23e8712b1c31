#include "target.h"

#include <string.h>

#include <sigmaton/pack.h>

#include "arena.h"
#include "llvm_compat.h"

/* Processors that packs are made for: 64 bits, little-endian, and wasm32. */
static const struct {
    const char *name, *tools;
} archs[] = {
    {"x86_64", "x86_64-linux-gnu-"},
    {"aarch64", "aarch64-linux-gnu-"},
    {"arm64", "aarch64-linux-gnu-"},
    {"riscv64", "riscv64-linux-gnu-"},
    {"wasm32", ""},
};

/* A name stands for what the runtime can ask the processor for. */
static const struct {
    const char *name, *arch;
    uint64_t features;
} cpus[] = {
    {"x86-64", "x86_64", 0},
    {"x86-64-v2", "x86_64", SIGMATON_CPU_X86_64_V2},
    {"x86-64-v3", "x86_64", SIGMATON_CPU_X86_64_V2 | SIGMATON_CPU_X86_64_V3},
    {"x86-64-v4", "x86_64",
     SIGMATON_CPU_X86_64_V2 | SIGMATON_CPU_X86_64_V3 | SIGMATON_CPU_X86_64_V4},
};

static bool find_arch(struct target *t)
{
    for (size_t i = 0; i < sizeof archs / sizeof *archs; i++) {
        size_t n = strlen(archs[i].name);
        if (strncmp(t->triple, archs[i].name, n) == 0 && t->triple[n] == '-') {
            t->tools = archs[i].tools;
            return true;
        }
    }
    return false;
}

static bool find_cpu(struct target *t, const char *cpu)
{
    t->cpu = "generic";
    if (!cpu || strcmp(cpu, "generic") == 0)
        return true;
    for (size_t i = 0; i < sizeof cpus / sizeof *cpus; i++) {
        if (strcmp(cpu, cpus[i].name) != 0 ||
            strncmp(t->triple, cpus[i].arch, strlen(cpus[i].arch)) != 0)
            continue;
        t->cpu = cpus[i].name;
        t->features = cpus[i].features;
        return true;
    }
    return false;
}

static enum target_format format_of(const char *triple)
{
    if (strstr(triple, "-windows"))
        return TARGET_COFF;
    if (strncmp(triple, "wasm32-", 7) == 0)
        return TARGET_WASM;
    return strstr(triple, "-darwin") || strstr(triple, "-macos") || strstr(triple, "-ios")
               ? TARGET_MACHO
               : TARGET_ELF;
}

bool target_find(struct arena *a, const char *triple, const char *cpu, struct target *ret_target,
                 const char **ret_option, const char **ret_why)
{
    struct target t = {0};
    char *host = LLVMGetDefaultTargetTriple();
    char *full = LLVMNormalizeTargetTriple(triple ? triple : host);
    struct str name = str_dup(a, str_of(full)), own = str_dup(a, str_of(host));
    LLVMDisposeMessage(full);
    LLVMDisposeMessage(host);
    t.triple = arena_copy(a, name.p, name.len);
    t.native = !triple || str_eq(name, own);
    t.format = format_of(t.triple);
    *ret_option = "--target";
    *ret_why = "packs are made for x86_64, aarch64, riscv64 and wasm32, as in aarch64-linux-gnu";
    if (!find_arch(&t))
        return false;
    *ret_option = "--cpu";
    *ret_why = "this target has generic, and on x86_64 x86-64, x86-64-v2, x86-64-v3, x86-64-v4";
    if (!find_cpu(&t, cpu))
        return false;
    t.text = str_format(a, "%s-%s", t.triple, t.cpu);
    *ret_target = t;
    return true;
}
