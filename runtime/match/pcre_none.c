/* What stands for pcre.c in a build without PCRE2. A pack is refused when it needs it; nobody gets
 * as far as the rest. */
#include "pcre.h"

struct srt_pcre *srt_pcre_create(const struct sigmaton_pack *pack,
                                 const struct srt_regex_options *options,
                                 struct srt_regex_failure *ret_failure)
{
    (void)pack;
    (void)options;
    *ret_failure = (struct srt_regex_failure){.no_pcre2 = true};
    return NULL;
}

void srt_pcre_destroy(struct srt_pcre *pcre)
{
    (void)pcre;
}

struct srt_pcre_scratch *srt_pcre_scratch_create(const struct srt_pcre *pcre)
{
    (void)pcre;
    return NULL;
}

void srt_pcre_scratch_destroy(struct srt_pcre_scratch *scratch)
{
    (void)scratch;
}

size_t srt_pcre_scratch_size(const struct srt_pcre *pcre)
{
    (void)pcre;
    return 0;
}

enum srt_answer srt_pcre_ask(struct srt_pcre_scratch *scratch, uint32_t index,
                             const struct sigmaton_slot *s)
{
    (void)scratch;
    (void)index;
    (void)s;
    return SRT_ANSWER_NONE;
}

void srt_pcre_library(char *out, size_t cap)
{
    (void)cap;
    out[0] = '\0';
}
