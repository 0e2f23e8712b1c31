#include "probe.h"

#include <stdbool.h>
#include <string.h>

#include "cidr.h"
#include "fieldref.h"
#include "kinds.h"
#include "number.h"
#include "regex.h"
#include "runtime.h"
#include "set.h"
#include "text.h"
#include "time_part.h"
#include "wildcard.h"

#define HEADED_FROM (2 * SRT_HEAD) /* shorter values are decoded at once */
#define FULL_MAX 16u               /* texts of which two words of 8 bytes leave nothing out */

static const uint8_t *operand(const struct sigmaton_probe *q)
{
    return (const uint8_t *)q + q->off;
}

/* ---- texts ---- */

static uint64_t load8(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint32_t load4(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* The words of the n bytes at p are those of the probe's text. n >= 1. */
static bool words_agree(const uint8_t *p, uint32_t n, const uint64_t *words)
{
    if (n >= 8)
        return (((load8(p) | words[1]) ^ words[0]) | ((load8(p + n - 8) | words[3]) ^ words[2])) ==
               0;
    uint64_t have;
    if (n >= 4)
        have = load4(p) | (uint64_t)load4(p + n - 4) << 32;
    else
        have = p[0] | (uint64_t)p[n / 2] << 8 | (uint64_t)p[n - 1] << 16;
    return (have | words[1]) == words[0];
}

/* The text stands at `at`; of a long one the words in the middle are compared when the others
 * agree. */
static bool stands_at(const uint8_t *at, const struct sigmaton_probe *q)
{
    const uint32_t n = q->a;
    return n == 0 || (words_agree(at, n, q->words) &&
                      (n <= FULL_MAX || srt_text_eq(at, n, operand(q), n, q->flags)));
}

/* The searches of the machine. */
static const struct srt_seek *seek_of(const struct srt_runtime *runtime)
{
    return runtime != NULL && runtime->seek != NULL ? runtime->seek : &srt_seek_plain;
}

static bool text_kernel(const struct sigmaton_frame *frame, const struct sigmaton_slot *s,
                        const struct sigmaton_probe *q)
{
    switch (q->op) {
    case SIGMATON_PROBE_EQ:
    case SIGMATON_PROBE_EQ_WORDS:
        return srt_eq(s, operand(q), q->a, q->flags);
    case SIGMATON_PROBE_PREFIX:
    case SIGMATON_PROBE_PREFIX_WORDS:
        return srt_prefix(s, operand(q), q->a, q->flags);
    case SIGMATON_PROBE_SUFFIX:
    case SIGMATON_PROBE_SUFFIX_WORDS:
        return srt_suffix(s, operand(q), q->a, q->flags);
    case SIGMATON_PROBE_CONTAINS:
        return srt_contains(seek_of(frame->runtime), frame->runtime, s, operand(q), q->a, q->flags);
    default:
        return srt_wildcard(frame->runtime, s, operand(q), q->a, q->flags);
    }
}

/* ---- one probe ---- */

static bool number(const struct sigmaton_slot *s, const struct sigmaton_probe *q)
{
    if (q->b == SIGMATON_INT && s->kind == SIGMATON_INT && q->a == SIGMATON_EQ)
        return s->number == q->words[0];
    return srt_number(s, q->a, q->b, q->words[0]);
}

/* The predicates that texts and numbers, and nothing else, can satisfy. */
static inline bool scalar_holds(struct sigmaton_frame *frame, const struct sigmaton_slot *slots,
                                const struct sigmaton_probe *q)
{
    const struct sigmaton_slot *s = &slots[q->slot];
    switch (q->op) {
    case SIGMATON_PROBE_BOOL:
        return srt_boolean(s, q->a);
    case SIGMATON_PROBE_NUMBER:
        return number(s, q);
    case SIGMATON_PROBE_TIME:
        return srt_time(s, (uint32_t)q->words[1], q->a, q->b, q->words[0]);
    case SIGMATON_PROBE_CIDR:
        return srt_cidr(s, operand(q), q->a, q->b);
    case SIGMATON_PROBE_FIELDREF:
        return srt_fieldref(s, &slots[q->a], q->b, q->flags & SIGMATON_CASED);
    case SIGMATON_PROBE_REGEX:
        return (s->kind != SIGMATON_TEXT || s->len >= q->b) &&
               srt_regex(frame, s, q->a, (q->flags & SIGMATON_PROBE_NEGATIVE) != 0);
    case SIGMATON_PROBE_SET:
        return srt_set(seek_of(frame->runtime), frame->runtime, s, (const void *)operand(q));
    default:
        return text_kernel(frame, s, q);
    }
}

/* Many values that a rule names are never asked, so each is decoded when it first is. false: it
 * could not be, which the runtime keeps in mind, and the answer counts for nothing. */
static bool is_decoded(const struct sigmaton_frame *frame, const struct sigmaton_slot *s)
{
    struct srt_runtime *runtime = frame->runtime;
    return s->kind != SIGMATON_ESCAPED ||
           (runtime != NULL && runtime->decode != NULL &&
            runtime->decode(runtime, (struct sigmaton_slot *)(uintptr_t)s));
}

/* No text of fewer bytes holds what is asked, nor one that is written with fewer: escapes are
 * longer than what they stand for. */
static uint32_t least_len(const struct sigmaton_probe *q)
{
    switch (q->op) {
    case SIGMATON_PROBE_REGEX:
        return q->b;
    case SIGMATON_PROBE_CONTAINS:
    case SIGMATON_PROBE_EQ_WORDS:
    case SIGMATON_PROBE_PREFIX_WORDS:
    case SIGMATON_PROBE_SUFFIX_WORDS:
        return (q->flags & (SIGMATON_ASCII | SIGMATON_CASED)) != 0 ? q->a : 0;
    default:
        return 0;
    }
}

/* One that is not decoded yet; keywords are the line until they are. */
static bool is_string(const struct sigmaton_frame *frame, const struct sigmaton_slot *s)
{
    const struct srt_runtime *runtime = frame->runtime;
    return s->kind == SIGMATON_ESCAPED && runtime != NULL && s->at.text != runtime->line;
}

/* Whether a text that is looked for stands in what a long value begins with, as it does where the
 * value is long by what somebody wrote behind a form. What begins with it need not be decoded. */
static bool head_holds(const struct sigmaton_frame *frame, const struct sigmaton_slot *s,
                       const struct sigmaton_probe *q)
{
    const struct srt_runtime *runtime = frame->runtime;
    const struct sigmaton_set *set = (const void *)operand(q);
    uint8_t text[SRT_HEAD_ROOM];
    if (s->len < HEADED_FROM || runtime->head == NULL ||
        !(q->op == SIGMATON_PROBE_CONTAINS ||
          (q->op == SIGMATON_PROBE_SET && set->kind == SIGMATON_SET_CONTAINS)))
        return false;
    const uint32_t len = runtime->head(runtime, s, text);
    const struct sigmaton_slot head = {.at.text = text, .len = len, .kind = SIGMATON_TEXT};
    return len > 0 && (q->op == SIGMATON_PROBE_SET ? srt_set(seek_of(runtime), NULL, &head, set)
                                                   : srt_contains(seek_of(runtime), NULL, &head,
                                                                  operand(q), q->a, q->flags));
}

static bool __attribute__((noinline))
holds_other(struct sigmaton_frame *frame, const struct sigmaton_slot *slots,
            const struct sigmaton_probe *q)
{
    const struct sigmaton_slot *s = &slots[q->slot];
    if (q->op == SIGMATON_PROBE_EXISTS)
        return s->kind != SIGMATON_ABSENT;
    if (is_string(frame, s)) {
        if (q->op == SIGMATON_PROBE_ANY || head_holds(frame, s, q))
            return true;
        if (q->op == SIGMATON_PROBE_NULL || s->len < least_len(q))
            return false;
    }
    if (!is_decoded(frame, s) ||
        (q->op == SIGMATON_PROBE_FIELDREF && !is_decoded(frame, &slots[q->a])))
        return false;
    switch (q->op) {
    case SIGMATON_PROBE_NULL:
        return srt_null(s);
    case SIGMATON_PROBE_ANY:
        return srt_any(s);
    default:
        return (s->kind & (SIGMATON_SCALAR | SIGMATON_LIST)) != 0 && scalar_holds(frame, slots, q);
    }
}

static bool list_holds(struct sigmaton_frame *frame, const struct sigmaton_probes *probes);

/* A text's words, asked of a slot that is one text. */
static inline bool words_hold(const struct sigmaton_slot *s, const struct sigmaton_probe *q)
{
    const uint32_t n = q->a;
    if (q->op == SIGMATON_PROBE_EQ_WORDS)
        return s->len == n && stands_at(s->at.text, q);
    if (s->len < n)
        return false;
    return stands_at(q->op == SIGMATON_PROBE_SUFFIX_WORDS ? s->at.text + (s->len - n) : s->at.text,
                     q);
}

/* Most probes compare words, or are gates: they are asked without a call. */
static inline bool holds(struct sigmaton_frame *frame, const struct sigmaton_slot *slots,
                         const struct sigmaton_probe *q)
{
    const struct sigmaton_slot *s = &slots[q->slot];
    const bool by_words = q->op >= SIGMATON_PROBE_EQ_WORDS && q->op <= SIGMATON_PROBE_SUFFIX_WORDS;
    if (by_words && s->kind == SIGMATON_TEXT)
        return words_hold(s, q);
    if (q->op == SIGMATON_PROBE_GATE)
        return list_holds(frame, (const void *)operand(q));
    return holds_other(frame, slots, q);
}

/* Its answer is kept for the event. */
static bool holds_kept(struct sigmaton_frame *frame, const struct sigmaton_slot *slots,
                       const struct sigmaton_probe *q)
{
    uint64_t *known = &frame->memo[(size_t)(q->memo / 64) * 2], *value = known + 1;
    const uint64_t bit = UINT64_C(1) << (q->memo % 64);
    if ((*known & bit) != 0)
        return (*value & bit) != 0;
    const bool holds_now = holds(frame, slots, q);
    *known |= bit;
    if (holds_now)
        *value |= bit;
    return holds_now;
}

static bool list_holds(struct sigmaton_frame *frame, const struct sigmaton_probes *probes)
{
    const struct sigmaton_slot *slots = frame->slots;
    const struct sigmaton_probe *q = (const void *)(probes + 1);
    const bool any = probes->any != 0;
    for (uint32_t i = 0; i < probes->n; i++) {
        bool is =
            q->memo == SIGMATON_NO_MEMO ? holds(frame, slots, q) : holds_kept(frame, slots, q);
        is ^= (q->flags & SIGMATON_PROBE_NOT) != 0;
        if (is == any)
            return any;
        q = (const void *)((const uint8_t *)q + q->size);
    }
    return !any;
}

int32_t srt_probe(struct sigmaton_frame *frame, uint32_t off)
{
    return list_holds(frame, (const void *)((const uint8_t *)frame->image + off));
}
