#define PCRE2_CODE_UNIT_WIDTH 8

#include "pcre.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leaf.h"

/* ---- Patterns ---- */

struct srt_pcre {
    pcre2_code **code; /* [n], NULL for a regex with an automaton */
    uint32_t n;
    struct srt_regex_options options;
    size_t frame_size; /* the largest backtracking frame of any pattern, bytes */
};

#define COMPILE_OPTIONS (PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C)

/* The C library's malloc serves PCRE2 at start-up. */
static pcre2_compile_context *compile_context(void)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (!context)
        return NULL;
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_parens_nest_limit(context, SRT_REGEX_NEST_MAX);
    return context;
}

static bool compile_one(struct srt_pcre *pcre, uint32_t i, const uint8_t *pattern, uint32_t len,
                        pcre2_compile_context *context, struct srt_regex_failure *ret_failure)
{
    size_t frame_size = 0;
    int code = 0;
    PCRE2_SIZE off = 0;
    pcre2_code *re =
        pcre2_compile(pattern, len, COMPILE_OPTIONS | PCRE2_AUTO_CALLOUT, &code, &off, context);
    /* Step counting makes compiled patterns longer; some fit only without it, and have PCRE2's
     * limits alone. */
    if (!re && code == PCRE2_ERROR_PATTERN_TOO_LARGE)
        re = pcre2_compile(pattern, len, COMPILE_OPTIONS, &code, &off, context);
    if (!re) {
        *ret_failure = (struct srt_regex_failure){
            .no_memory = code == PCRE2_ERROR_HEAP_FAILED, .index = i, .code = code, .off = off};
        pcre2_get_error_message(code, (PCRE2_UCHAR *)ret_failure->message,
                                sizeof ret_failure->message);
        return false;
    }
    pcre->code[i] = re;
    /* A pattern that the JIT declines is interpreted, as one that PCRE2 built without JIT is. */
    if (pcre->options.jit)
        (void)pcre2_jit_compile(re, PCRE2_JIT_COMPLETE);
    pcre2_pattern_info(re, PCRE2_INFO_FRAMESIZE, &frame_size);
    if (frame_size > pcre->frame_size)
        pcre->frame_size = frame_size;
    return true;
}

struct srt_pcre *srt_pcre_create(const struct sigmaton_pack *pack,
                                 const struct srt_regex_options *options,
                                 struct srt_regex_failure *ret_failure)
{
    const uint8_t *image = (const uint8_t *)pack;
    const struct sigmaton_regex *table =
        (const struct sigmaton_regex *)(const void *)(image + pack->regexes.off);
    struct srt_pcre *pcre = calloc(1, sizeof *pcre);
    pcre2_compile_context *context = compile_context();
    bool ok = pcre && context;
    *ret_failure = (struct srt_regex_failure){.no_memory = true};
    if (ok) {
        pcre->options = *options;
        pcre->code = calloc(pack->regexes.len + (size_t)1, sizeof *pcre->code);
        ok = pcre->code != NULL;
    }
    for (uint32_t i = 0; ok && i < pack->regexes.len; i++) {
        pcre->n = i + 1;
        ok = table[i].dfa.len > 0 || compile_one(pcre, i, image + table[i].pattern.off,
                                                 table[i].pattern.len, context, ret_failure);
    }
    pcre2_compile_context_free(context);
    if (ok)
        return pcre;
    srt_pcre_destroy(pcre);
    return NULL;
}

void srt_pcre_destroy(struct srt_pcre *pcre)
{
    if (!pcre)
        return;
    for (uint32_t i = 0; i < pcre->n; i++)
        pcre2_code_free(pcre->code[i]);
    free(pcre->code);
    free(pcre);
}

/* ---- One block of memory ---- */

/* PCRE2 takes a few small objects when the scratch is made, one behind the other, and keeps them.
 * In a match it grows the room for its frames: a larger piece, a copy, the old piece back. So large
 * pieces live in two halves, used in turn. */
struct block {
    uint8_t *objects, *halves[2];
    size_t objects_used, half_size;
    bool half_taken[2];
};

#define ALIGN 16u
/* Room for PCRE2's own objects: contexts, match data with one pair of offsets, the JIT stack's
 * head. A request above it is for frames. */
#define OBJECTS_ROOM ((size_t)4096)
/* What PCRE2 10.42 starts its frames with is 20 kB. */
#define FRAMES_MIN ((size_t)32 << 10)

static size_t align_up(size_t n)
{
    return (n + ALIGN - 1) / ALIGN * ALIGN;
}

#define HEAD_SIZE align_up(sizeof(struct srt_pcre_scratch))

static void *block_take(PCRE2_SIZE size, void *context)
{
    struct block *b = context;
    if (size <= OBJECTS_ROOM - b->objects_used) {
        uint8_t *piece = b->objects + b->objects_used;
        b->objects_used += align_up(size);
        return piece;
    }
    for (int i = 0; i < 2; i++) {
        if (b->half_taken[i] || size > b->half_size)
            continue;
        b->half_taken[i] = true;
        return b->halves[i];
    }
    return NULL;
}

static void block_give(void *piece, void *context)
{
    struct block *b = context;
    for (int i = 0; i < 2; i++)
        if (piece == b->halves[i])
            b->half_taken[i] = false;
}

/* ---- Scratch ---- */

/* What one question may still cost, and where the last step was. */
struct steps {
    uint64_t left;
    size_t at;
};

struct srt_pcre_scratch {
    const struct srt_pcre *pcre;
    pcre2_general_context *general;
    pcre2_match_context *match;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
    struct block block;
    struct steps steps;
};

/* Frames that the match limit allows, so that it ends a run before the memory does. */
static size_t frames_size(const struct srt_pcre *pcre)
{
    const uint64_t want = (pcre->options.match_limit + UINT64_C(2)) * pcre->frame_size;
    if (want > SRT_REGEX_FRAMES_MAX)
        return SRT_REGEX_FRAMES_MAX;
    return align_up(want < FRAMES_MIN ? FRAMES_MIN : (size_t)want);
}

size_t srt_pcre_scratch_size(const struct srt_pcre *pcre)
{
    return HEAD_SIZE + OBJECTS_ROOM + 2 * frames_size(pcre) +
           (pcre->options.jit ? SRT_REGEX_JIT_STACK : 0);
}

/* PCRE2 calls this before each item of the pattern that it tries. */
static int count_step(pcre2_callout_block *callout, void *data)
{
    struct steps *steps = data;
    const size_t at = callout->current_position;
    const uint64_t cost = 1 + (at > steps->at ? (at - steps->at) / SRT_REGEX_BYTES_PER_STEP : 0);
    steps->at = at;
    steps->left = cost < steps->left ? steps->left - cost : 0;
    return steps->left > 0 ? 0 : PCRE2_ERROR_MATCHLIMIT;
}

static bool prepare(struct srt_pcre_scratch *s)
{
    const struct srt_pcre *pcre = s->pcre;
    s->general = pcre2_general_context_create(block_take, block_give, &s->block);
    if (!s->general)
        return false;
    s->match = pcre2_match_context_create(s->general);
    s->data = pcre2_match_data_create(1, s->general);
    if (!s->match || !s->data)
        return false;
    pcre2_set_match_limit(s->match, pcre->options.match_limit);
    pcre2_set_depth_limit(s->match, pcre->options.match_limit);
    pcre2_set_heap_limit(s->match, (uint32_t)(frames_size(pcre) / 1024));
    pcre2_set_callout(s->match, count_step, &s->steps);
    if (!pcre->options.jit)
        return true;
    /* Its pages are reserved here and now; without it JIT code has 32 KiB of the thread's stack. */
    s->stack = pcre2_jit_stack_create(SRT_REGEX_JIT_STACK, SRT_REGEX_JIT_STACK, s->general);
    if (s->stack)
        pcre2_jit_stack_assign(s->match, NULL, s->stack);
    return true;
}

struct srt_pcre_scratch *srt_pcre_scratch_create(const struct srt_pcre *pcre)
{
    const size_t half_size = frames_size(pcre);
    uint8_t *memory = calloc(1, HEAD_SIZE + OBJECTS_ROOM + 2 * half_size);
    if (!memory)
        return NULL;
    struct srt_pcre_scratch *s = (void *)memory;
    s->pcre = pcre;
    s->block.objects = memory + HEAD_SIZE;
    s->block.halves[0] = s->block.objects + OBJECTS_ROOM;
    s->block.halves[1] = s->block.halves[0] + half_size;
    s->block.half_size = half_size;
    if (prepare(s))
        return s;
    srt_pcre_scratch_destroy(s);
    return NULL;
}

void srt_pcre_scratch_destroy(struct srt_pcre_scratch *scratch)
{
    if (!scratch)
        return;
    pcre2_jit_stack_free(scratch->stack); /* its pages are outside the block */
    free(scratch);
}

/* ---- Matching ---- */

static enum srt_answer match_leaf(struct srt_pcre_scratch *scratch, const pcre2_code *re,
                                  const struct sigmaton_slot *leaf)
{
    const uint8_t *text = leaf->len ? leaf->at.text : (const uint8_t *)"";
    scratch->steps.at = 0;
    scratch->steps.left += (uint64_t)SRT_REGEX_STEPS_PER_BYTE * leaf->len;
    const int rc = pcre2_match(re, text, leaf->len, 0, 0, scratch->data, scratch->match);
    if (rc >= 0)
        return SRT_ANSWER_YES;
    return rc == PCRE2_ERROR_NOMATCH ? SRT_ANSWER_NO : SRT_ANSWER_NONE;
}

/* A leaf that matches settles the question, whatever ran into a limit before it. */
enum srt_answer srt_pcre_ask(struct srt_pcre_scratch *scratch, uint32_t index,
                             const struct sigmaton_slot *s)
{
    const pcre2_code *re = scratch->pcre->code[index];
    const struct srt_leaves leaves = srt_leaves(s);
    enum srt_answer answer = SRT_ANSWER_NO;
    scratch->steps.left = (uint64_t)SRT_REGEX_STEPS_PER_LIMIT * scratch->pcre->options.match_limit;
    for (uint32_t i = 0; i < leaves.n; i++) {
        if ((leaves.v[i].kind & SIGMATON_SCALAR) == 0)
            continue;
        const enum srt_answer one = match_leaf(scratch, re, &leaves.v[i]);
        if (one == SRT_ANSWER_YES)
            return SRT_ANSWER_YES;
        if (one == SRT_ANSWER_NONE)
            answer = SRT_ANSWER_NONE;
        if (scratch->steps.left == 0)
            return SRT_ANSWER_NONE;
    }
    return answer;
}

void srt_pcre_library(char *out, size_t cap)
{
    char text[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, text);
    snprintf(out, cap, "%s", text);
}
