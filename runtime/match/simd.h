/* Which vector instructions the kernels may use on this machine.
 *
 * The best level that the processor has; the environment variable SIGMATON_SIMD (plain, sse42,
 * avx2, avx512, neon) lowers it, for tests. A name that this machine does not have counts as none.
 */
#ifndef SRT_SIMD_H
#define SRT_SIMD_H

#include <stdbool.h>

enum srt_simd {
    SRT_SIMD_PLAIN,
    SRT_SIMD_SSE42,
    SRT_SIMD_AVX2,
    SRT_SIMD_AVX512, /* F, BW, VL, VBMI and VBMI2: Ice Lake and Zen 4 */
    SRT_SIMD_NEON,
    SRT_SIMD_COUNT
};

/* Whether this build and this processor have the level. */
bool srt_simd_has(enum srt_simd level);
/* The level to use: start-up only, for it reads the environment. */
enum srt_simd srt_simd_choose(void);
const char *srt_simd_name(enum srt_simd level);

#endif
