#include "regex.h"

#include <stdlib.h>

#include "dfa.h"
#include "leaf.h"
#include "pcre.h"
#include "runtime.h"

/* ---- Regexes ---- */

struct srt_regexes {
    const uint8_t *image;
    const struct sigmaton_regex *table; /* [n], in the image */
    uint32_t n;
    struct srt_pcre *pcre; /* NULL: all have automata */
};

static bool needs_pcre(const struct srt_regexes *regexes)
{
    for (uint32_t i = 0; i < regexes->n; i++)
        if (regexes->table[i].dfa.len == 0)
            return true;
    return false;
}

struct srt_regexes *srt_regexes_create(const struct sigmaton_pack *pack,
                                       const struct srt_regex_options *options,
                                       struct srt_regex_failure *ret_failure)
{
    struct srt_regexes *regexes = calloc(1, sizeof *regexes);
    *ret_failure = (struct srt_regex_failure){.no_memory = true};
    if (!regexes)
        return NULL;
    regexes->image = (const uint8_t *)pack;
    regexes->table =
        (const struct sigmaton_regex *)(const void *)(regexes->image + pack->regexes.off);
    regexes->n = pack->regexes.len;
    if (!needs_pcre(regexes))
        return regexes;
    regexes->pcre = srt_pcre_create(pack, options, ret_failure);
    if (regexes->pcre)
        return regexes;
    free(regexes);
    return NULL;
}

void srt_regexes_destroy(struct srt_regexes *regexes)
{
    if (!regexes)
        return;
    srt_pcre_destroy(regexes->pcre);
    free(regexes);
}

uint32_t srt_regexes_count(const struct srt_regexes *regexes)
{
    return regexes->n;
}

/* ---- Scratch ---- */

struct remembered {
    uint64_t event;
    const struct sigmaton_slot *slot;
    enum srt_answer answer;
};

struct srt_regex_scratch {
    const struct srt_regexes *regexes;
    struct srt_pcre_scratch *pcre;  /* NULL: all have automata */
    uint64_t *limits;               /* [n] */
    struct remembered remembered[]; /* [n] */
};

static size_t own_size(const struct srt_regexes *regexes)
{
    return sizeof(struct srt_regex_scratch) +
           regexes->n * (sizeof(struct remembered) + sizeof(uint64_t));
}

size_t srt_regex_scratch_size(const struct srt_regexes *regexes)
{
    return own_size(regexes) + (regexes->pcre ? srt_pcre_scratch_size(regexes->pcre) : 0);
}

struct srt_regex_scratch *srt_regex_scratch_create(const struct srt_regexes *regexes)
{
    struct srt_regex_scratch *s = calloc(1, own_size(regexes));
    if (!s)
        return NULL;
    s->regexes = regexes;
    s->limits = (uint64_t *)(void *)(s->remembered + regexes->n);
    if (!regexes->pcre)
        return s;
    s->pcre = srt_pcre_scratch_create(regexes->pcre);
    if (s->pcre)
        return s;
    free(s);
    return NULL;
}

void srt_regex_scratch_destroy(struct srt_regex_scratch *scratch)
{
    if (!scratch)
        return;
    srt_pcre_scratch_destroy(scratch->pcre);
    free(scratch);
}

uint64_t srt_regex_limits(const struct srt_regex_scratch *scratch, uint32_t index)
{
    return index < scratch->regexes->n ? scratch->limits[index] : 0;
}

/* ---- Matching ---- */

static enum srt_answer ask_dfa(const struct srt_seek *seek, const struct sigmaton_dfa *dfa,
                               const struct sigmaton_slot *s)
{
    const struct srt_leaves leaves = srt_leaves(s);
    for (uint32_t i = 0; i < leaves.n; i++) {
        const struct sigmaton_slot *leaf = &leaves.v[i];
        if ((leaf->kind & SIGMATON_SCALAR) == 0)
            continue;
        if (srt_dfa_find_by(seek != NULL ? seek : &srt_seek_plain, dfa,
                            leaf->len ? leaf->at.text : (const uint8_t *)"", leaf->len))
            return SRT_ANSWER_YES;
    }
    return SRT_ANSWER_NO;
}

static enum srt_answer ask_slot(const struct srt_runtime *runtime, uint32_t index,
                                const struct sigmaton_slot *s)
{
    struct srt_regex_scratch *scratch = runtime->regex;
    const struct srt_regexes *regexes = scratch->regexes;
    const struct sigmaton_ref dfa = regexes->table[index].dfa;
    if (dfa.len == 0)
        return srt_pcre_ask(scratch->pcre, index, s);
    return ask_dfa(runtime->seek,
                   (const struct sigmaton_dfa *)(const void *)(regexes->image + dfa.off), s);
}

static enum srt_answer ask(struct srt_runtime *runtime, uint32_t index,
                           const struct sigmaton_slot *s)
{
    struct srt_regex_scratch *scratch = runtime ? runtime->regex : NULL;
    if (!scratch || index >= scratch->regexes->n)
        return SRT_ANSWER_NONE;
    struct remembered *r = &scratch->remembered[index];
    if (runtime->event != 0 && r->event == runtime->event && r->slot == s)
        return r->answer;
    const enum srt_answer answer = ask_slot(runtime, index, s);
    runtime->n_regexes++;
    *r = (struct remembered){runtime->event, s, answer};
    scratch->limits[index] += answer == SRT_ANSWER_NONE;
    return answer;
}

int32_t srt_regex(struct sigmaton_frame *frame, const struct sigmaton_slot *s, uint32_t index,
                  uint32_t negative)
{
    const enum srt_answer answer = ask(frame->runtime, index, s);
    if (answer != SRT_ANSWER_NONE)
        return answer == SRT_ANSWER_YES;
    frame->limits_hit++;
    return (negative != 0) != (frame->assume != 0);
}

void srt_regex_library(char *out, size_t cap)
{
    srt_pcre_library(out, cap);
}
