#include "simd.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[SRT_SIMD_COUNT] = {"plain", "sse42", "avx2", "avx512", "neon"};

bool srt_simd_has(enum srt_simd level)
{
    switch (level) {
    case SRT_SIMD_PLAIN:
        return true;
#if defined(__x86_64__)
    case SRT_SIMD_SSE42:
        return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
    case SRT_SIMD_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
               __builtin_cpu_supports("bmi2");
    case SRT_SIMD_AVX512:
        return srt_simd_has(SRT_SIMD_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
#endif
#if defined(__aarch64__)
    case SRT_SIMD_NEON:
        return true;
#endif
    default:
        return false;
    }
}

enum srt_simd srt_simd_choose(void)
{
    const char *wanted = getenv("SIGMATON_SIMD");
    enum srt_simd best = SRT_SIMD_PLAIN;
    for (int level = 0; level < SRT_SIMD_COUNT; level++) {
        if (!srt_simd_has((enum srt_simd)level))
            continue;
        if (wanted != NULL && strcmp(wanted, names[level]) == 0)
            return (enum srt_simd)level;
        best = (enum srt_simd)level;
    }
    return best;
}

const char *srt_simd_name(enum srt_simd level)
{
    return (unsigned)level < SRT_SIMD_COUNT ? names[level] : "unknown";
}
