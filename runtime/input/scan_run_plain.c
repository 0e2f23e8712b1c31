/* For all levels that have no masked loads: SSE2 where the machine is of that kind, else words. */
#include "scan.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define RUN srt_scan_run_plain
#define AHEAD SRT_SCAN_TEXT

static inline bool key_equal(const struct srt_scan_name *name, const uint8_t *key, uint32_t len)
{
    if (name->len != len || len >= SRT_SCAN_TEXT)
        return false;
#if defined(__SSE2__)
    const __m128i low = _mm_cmpeq_epi8(_mm_loadu_si128((const void *)key),
                                       _mm_load_si128((const void *)name->text));
    const __m128i high = _mm_cmpeq_epi8(_mm_loadu_si128((const void *)(key + 16)),
                                        _mm_load_si128((const void *)(name->text + 16)));
    const uint32_t equal = (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high)
                                                                  << 16;
    return (~equal & ((UINT32_C(1) << len) - 1)) == 0;
#else
    uint64_t other = 0;
    for (uint32_t i = 0; i < len; i += 8) {
        const uint64_t used = len - i < 8 ? (UINT64_C(1) << 8 * (len - i)) - 1 : UINT64_MAX;
        other |= (sigmaton_name_word(key + i) ^ sigmaton_name_word(name->text + i)) & used;
    }
    return other == 0;
#endif
}

static inline bool has_escapes(const uint8_t *p, size_t n)
{
#if defined(__SSE2__)
    if (n >= 16) {
        const __m128i slash = _mm_set1_epi8('\\');
        __m128i any = _mm_cmpeq_epi8(slash, _mm_loadu_si128((const void *)(p + n - 16)));
        for (size_t i = 0; i + 16 < n; i += 16)
            any = _mm_or_si128(any, _mm_cmpeq_epi8(slash, _mm_loadu_si128((const void *)(p + i))));
        return _mm_movemask_epi8(any) != 0;
    }
#endif
    return memchr(p, '\\', n) != NULL;
}

#include "scan_run.h"
