#include "glance.h"

#if defined(__x86_64__)
#include "glance_avx512.h"

struct srt_glance glance_at(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n)
{
    return srt_glance(g, p, n);
}
#else
struct srt_glance glance_at(const struct sigmaton_grams *g, const uint8_t *p, uint32_t n)
{
    (void)g;
    (void)p;
    (void)n;
    return (struct srt_glance){0};
}
#endif
