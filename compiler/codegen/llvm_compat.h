/* What differs between LLVM 15 and 20: the only LLVM version #if in the tree. */
#ifndef SIGMATON_CODEGEN_LLVM_COMPAT_H
#define SIGMATON_CODEGEN_LLVM_COMPAT_H

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm/Config/llvm-config.h>

/* A constant of bytes, without a NUL behind them. */
static inline LLVMValueRef compat_bytes(LLVMContextRef context, const char *p, size_t len)
{
#if LLVM_VERSION_MAJOR >= 19
    return LLVMConstStringInContext2(context, p, len, 1);
#else
    return LLVMConstStringInContext(context, p, (unsigned)len, 1);
#endif
}

static inline LLVMTypeRef compat_array(LLVMTypeRef element, uint64_t n)
{
#if LLVM_VERSION_MAJOR >= 17
    return LLVMArrayType2(element, n);
#else
    return LLVMArrayType(element, (unsigned)n);
#endif
}

static inline LLVMValueRef compat_const_array(LLVMTypeRef element, LLVMValueRef *v, uint64_t n)
{
#if LLVM_VERSION_MAJOR >= 17
    return LLVMConstArray2(element, v, n);
#else
    return LLVMConstArray(element, v, (unsigned)n);
#endif
}

/* FastISel where the target's own default is another selector (AArch64): two to three times faster
 * to emit. LLVM before 18 has no call for it. */
static inline void compat_fast_isel(LLVMTargetMachineRef machine)
{
#if LLVM_VERSION_MAJOR >= 18
    LLVMSetTargetMachineGlobalISel(machine, 0);
    LLVMSetTargetMachineFastISel(machine, 1);
#else
    (void)machine;
#endif
}

#endif
