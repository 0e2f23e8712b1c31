#include "host.h"

#include "cidr.h"
#include "fieldref.h"
#include "index.h"
#include "kinds.h"
#include "number.h"
#include "probe.h"
#include "regex.h"
#include "set.h"
#include "text.h"
#include "time_part.h"
#include "wildcard.h"

static int32_t wildcard(const struct sigmaton_slot *s, const uint8_t *pattern, uint32_t len,
                        uint32_t flags)
{
    return srt_wildcard(NULL, s, pattern, len, flags);
}

/* The table with the searches of one level. */
#define HOST(level, own_index, own_layer)                                                     \
    static int32_t contains_##level(const struct sigmaton_slot *s, const uint8_t *text,       \
                                    uint32_t len, uint32_t flags)                             \
    {                                                                                         \
        return srt_contains(&srt_seek_##level, NULL, s, text, len, flags);                    \
    }                                                                                         \
    static int32_t set_##level(const struct sigmaton_slot *s, const struct sigmaton_set *set) \
    {                                                                                         \
        return srt_set(&srt_seek_##level, NULL, s, set);                                      \
    }                                                                                         \
    static const struct sigmaton_host host_##level = {                                        \
        .size = sizeof host_##level,                                                          \
        .abi = (uint32_t)SIGMATON_ABI_MAJOR << 16 | SIGMATON_ABI_MINOR,                       \
        .eq = srt_eq,                                                                         \
        .prefix = srt_prefix,                                                                 \
        .suffix = srt_suffix,                                                                 \
        .contains = contains_##level,                                                         \
        .wildcard = wildcard,                                                                 \
        .set = set_##level,                                                                   \
        .any = srt_any,                                                                       \
        .null = srt_null,                                                                     \
        .boolean = srt_boolean,                                                               \
        .number = srt_number,                                                                 \
        .cidr = srt_cidr,                                                                     \
        .fieldref = srt_fieldref,                                                             \
        .time = srt_time,                                                                     \
        .regex = srt_regex,                                                                   \
        .probe = srt_probe,                                                                   \
        .index = own_index,                                                                   \
        .layer = own_layer,                                                                   \
    };

HOST(plain, srt_index, srt_layer)
#if defined(__x86_64__)
HOST(sse42, srt_index, srt_layer)
HOST(avx2, srt_index, srt_layer)
HOST(avx512, srt_index_avx512, srt_layer_avx512)
#define LEVELS \
    LEVEL(SRT_SIMD_SSE42, sse42) LEVEL(SRT_SIMD_AVX2, avx2) LEVEL(SRT_SIMD_AVX512, avx512)
#elif defined(__aarch64__)
HOST(neon, srt_index, srt_layer)
#define LEVELS LEVEL(SRT_SIMD_NEON, neon)
#else
#define LEVELS
#endif

const struct sigmaton_host *srt_host_at(enum srt_simd level)
{
    (void)level; /* where there is only the plain one */
#define LEVEL(value, name) \
    if (level == value)    \
        return &host_##name;
    LEVELS
#undef LEVEL
    return &host_plain;
}

const struct sigmaton_host *srt_host(void)
{
    return &host_plain;
}
