#include "gram_scan.h"

#include "gram_verify.h"

uint32_t srt_gram_short_stand(const struct sigmaton_gram_short *set, const uint8_t *p, uint32_t n)
{
    const uint32_t last = n - 1;
    uint32_t stand = set->at[0][p[last]] & set->single;
    for (uint32_t i = 0; i < last; i++)
        stand |= set->at[0][p[i]] & set->at[1][p[i + 1]];
    return stand;
}

void srt_gram_shorts(const struct srt_gram_scan *s)
{
    const struct sigmaton_gram_short *sets = srt_gram_short_sets(s->g);
    for (uint32_t k = 0; s->n > 0 && k < s->g->n_shorts; k++)
        srt_gram_report_short(s, &sets[k], srt_gram_short_stand(&sets[k], s->p, s->n));
}

#if defined(__x86_64__)
#define LEVELS \
    LEVEL(SRT_SIMD_SSE42, sse42) LEVEL(SRT_SIMD_AVX2, avx2) LEVEL(SRT_SIMD_AVX512, avx512)
#elif defined(__aarch64__)
#define LEVELS LEVEL(SRT_SIMD_NEON, neon)
#else
#define LEVELS
#endif

srt_grams_scan_fn *srt_grams_scan_at(enum srt_simd level)
{
    (void)level; /* where there is only the plain one */
#define LEVEL(value, name) \
    if (level == value)    \
        return srt_grams_scan_##name;
    LEVELS
#undef LEVEL
    return srt_grams_scan;
}

srt_grams_raw_fn *srt_grams_raw_at(enum srt_simd level)
{
    (void)level; /* where there is only the plain one */
#define LEVEL(value, name) \
    if (level == value)    \
        return srt_grams_raw_##name;
    LEVELS
#undef LEVEL
    return srt_grams_raw;
}

srt_grams_leaves_fn *srt_grams_leaves_at(enum srt_simd level)
{
#if defined(__x86_64__)
    if (level == SRT_SIMD_AVX512)
        return srt_grams_leaves_avx512;
#endif
    (void)level;
    return NULL;
}
