#include "emit.h"

#include <llvm-c/Core.h>
#include <llvm-c/LLJIT.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "codegen.h"

struct jit {
    LLVMOrcLLJITRef lljit;
    const struct sigmaton_pack *pack;
    uint64_t link_ns;
};

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Writes a page and makes it executable, as the linker will. Asked first because some versions of
 * LLVM find out too late to say so. */
static bool may_execute(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return false;
    *(volatile char *)p = 0;
    bool ok = mprotect(p, page, PROT_READ | PROT_EXEC) == 0;
    munmap(p, page);
    return ok;
}

/* Takes the error. True when there was none. */
static bool fine(struct diag_sink *sink, LLVMErrorRef error)
{
    if (!error)
        return true;
    char *text = LLVMGetErrorMessage(error);
    DIAG(sink, DIAG_jit_failed, NO_SPAN, NO_HELP, str_of(text));
    LLVMDisposeErrorMessage(text);
    return false;
}

static bool link_copy(struct jit *jit, struct diag_sink *sink, const uint8_t *object, size_t len)
{
    if (!fine(sink, LLVMOrcCreateLLJIT(&jit->lljit, NULL)))
        return false;
    /* AddObjectFile takes the buffer. */
    LLVMMemoryBufferRef copy =
        LLVMCreateMemoryBufferWithMemoryRangeCopy((const char *)object, len, "pack");
    LLVMOrcJITDylibRef dylib = LLVMOrcLLJITGetMainJITDylib(jit->lljit);
    if (!fine(sink, LLVMOrcLLJITAddObjectFile(jit->lljit, dylib, copy)))
        return false;
    LLVMOrcExecutorAddress address = 0;
    if (!fine(sink, LLVMOrcLLJITLookup(jit->lljit, &address, SIGMATON_PACK_SYMBOL)))
        return false;
    jit->pack = (const struct sigmaton_pack *)(uintptr_t)address;
    return true;
}

struct jit *jit_create(struct diag_sink *sink, const uint8_t *object, size_t len)
{
    if (!may_execute()) {
        DIAG0(sink, DIAG_jit_refused, NO_SPAN, NO_HELP);
        return NULL;
    }
    struct jit *jit = calloc(1, sizeof *jit);
    if (!jit) {
        DIAG(sink, DIAG_jit_failed, NO_SPAN, NO_HELP, STR("out of memory"));
        return NULL;
    }
    codegen_initialise(false);
    uint64_t start = now();
    if (!link_copy(jit, sink, object, len)) {
        jit_destroy(jit);
        return NULL;
    }
    jit->link_ns = now() - start;
    return jit;
}

void jit_destroy(struct jit *jit)
{
    if (!jit)
        return;
    if (jit->lljit) {
        LLVMErrorRef error = LLVMOrcDisposeLLJIT(jit->lljit);
        if (error) /* nothing is left that could fail for the caller */
            LLVMConsumeError(error);
    }
    free(jit);
}

const struct sigmaton_pack *jit_pack(const struct jit *jit)
{
    return jit->pack;
}

uint64_t jit_link_ns(const struct jit *jit)
{
    return jit->link_ns;
}
