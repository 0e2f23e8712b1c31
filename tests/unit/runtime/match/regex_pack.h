/* A pack image that has nothing but regexes, and a frame over their scratch, for tests. */
#ifndef SIGMATON_TESTS_MATCH_REGEX_PACK_H
#define SIGMATON_TESTS_MATCH_REGEX_PACK_H

#include "slots.h"

#include "regex.h"
#include "runtime.h"

#define PACK_REGEXES 8
#define PACK_TEXT 16384

struct regex_pack {
    struct sigmaton_pack pack;
    struct sigmaton_regex table[PACK_REGEXES];
    char text[PACK_TEXT];
};

static inline void regex_pack_fill(struct regex_pack *p, const char *const *patterns, uint32_t n)
{
    uint32_t at = offsetof(struct regex_pack, text);
    memset(p, 0, sizeof *p);
    p->pack.regexes = (struct sigmaton_ref){offsetof(struct regex_pack, table), n};
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t len = (uint32_t)strlen(patterns[i]);
        p->table[i].pattern = (struct sigmaton_ref){at, len};
        memcpy((char *)p + at, patterns[i], len);
        at += len;
    }
}

struct regex_bench {
    struct regex_pack pack;
    struct srt_regexes *regexes;
    struct srt_regex_scratch *scratch;
    struct srt_runtime runtime;
    struct sigmaton_frame frame;
};

static inline void regex_bench_start(struct regex_bench *b, const char *const *patterns, uint32_t n,
                                     struct srt_regex_options options)
{
    struct srt_regex_failure failure;
    memset(b, 0, sizeof *b);
    regex_pack_fill(&b->pack, patterns, n);
    b->regexes = srt_regexes_create(&b->pack.pack, &options, &failure);
    assert_non_null(b->regexes);
    b->scratch = srt_regex_scratch_create(b->regexes);
    assert_non_null(b->scratch);
    b->runtime.regex = b->scratch;
    b->frame.size = sizeof b->frame;
    b->frame.runtime = &b->runtime;
}

static inline void regex_bench_end(struct regex_bench *b)
{
    srt_regex_scratch_destroy(b->scratch);
    srt_regexes_destroy(b->regexes);
}

#endif
