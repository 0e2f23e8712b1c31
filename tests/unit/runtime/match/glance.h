/* srt_glance, which is compiled for the machines that have it, for tests that are not. */
#ifndef TEST_GLANCE_H
#define TEST_GLANCE_H

#include "gram_scan.h"

/* Called where srt_simd_has(SRT_SIMD_AVX512) alone. */
struct srt_glance glance_at(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n);

#endif
