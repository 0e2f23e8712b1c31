#include "cpu.h"

#include <string.h>

#if defined __x86_64__
#include <cpuid.h>

#define BITS(r, mask) (((r) & (mask)) == (mask))

static bool os_saves(uint32_t registers)
{
    uint32_t eax, edx;
    __asm__ volatile("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
    return BITS(eax, registers);
}

/* The levels of the x86-64 psABI, section 3.1.1; each includes the one before. */
uint64_t srt_cpu_features(void)
{
    uint32_t a, b, c = 0, d, b7 = 0, c7, xc = 0;
    uint64_t found = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d))
        return 0;
    (void)__get_cpuid_count(7, 0, &a, &b7, &c7, &d);
    (void)__get_cpuid(UINT32_C(0x80000001), &a, &b, &xc, &d);
    /* sse3, ssse3, cx16, sse4.1, sse4.2, popcnt; lahf */
    if (!BITS(c, 1u | 1u << 9 | 1u << 13 | 1u << 19 | 1u << 20 | 1u << 23) || !BITS(xc, 1u))
        return found;
    found |= SIGMATON_CPU_X86_64_V2;
    /* fma, movbe, osxsave, avx, f16c; lzcnt; bmi1, avx2, bmi2 */
    if (!BITS(c, 1u << 12 | 1u << 22 | 1u << 27 | 1u << 28 | 1u << 29) || !BITS(xc, 1u << 5) ||
        !BITS(b7, 1u << 3 | 1u << 5 | 1u << 8) || !os_saves(6))
        return found;
    found |= SIGMATON_CPU_X86_64_V3;
    /* avx512 f, dq, cd, bw, vl */
    if (BITS(b7, 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31) && os_saves(0xe6))
        found |= SIGMATON_CPU_X86_64_V4;
    return found;
}

bool srt_cpu_hashes(void)
{
    uint32_t a, b = 0, c = 0, d, c7;
    return __get_cpuid(1, &a, &b, &c, &d) && BITS(c, 1u << 9 | 1u << 19) &&
           __get_cpuid_count(7, 0, &a, &b, &c7, &d) && BITS(b, 1u << 29);
}
#else
uint64_t srt_cpu_features(void)
{
    return 0;
}

bool srt_cpu_hashes(void)
{
    return false;
}
#endif

uint16_t srt_cpu_elf_machine(void)
{
#if defined __x86_64__
    return 62;
#elif defined __aarch64__
    return 183;
#elif defined __riscv && __riscv_xlen == 64
    return 243;
#else
    return 0;
#endif
}

/* Names of one processor. */
static const char *const own_names[] = {
#if defined __x86_64__
    "x86_64", "amd64",
#elif defined __aarch64__
    "aarch64", "arm64",
#elif defined __riscv && __riscv_xlen == 64
    "riscv64",
#elif defined __wasm32__
    "wasm32",
#endif
    "none", /* never an LLVM processor's; the list may not be empty */
};

static bool has_word(const char *p, size_t len, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= len; i++)
        if (memcmp(p + i, word, n) == 0)
            return true;
    return false;
}

bool srt_cpu_runs(const char *target, size_t len)
{
    const char *dash = memchr(target, '-', len);
    size_t n = dash != NULL ? (size_t)(dash - target) : len;
#if defined _WIN32
    bool windows = true;
#else
    bool windows = false;
#endif
    if (has_word(target, len, "-windows") != windows)
        return false;
    for (size_t i = 0; i + 1 < sizeof own_names / sizeof *own_names; i++)
        if (strlen(own_names[i]) == n && memcmp(own_names[i], target, n) == 0)
            return true;
    return false;
}
