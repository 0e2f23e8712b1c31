/* The second stage of the scanner: along the members of the event's object, from quote to quote. */
#include <string.h>

#include "leaf_text.h"
#include "scan.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define COLD __attribute__((noinline, cold))

static inline uint8_t byte_at(const uint8_t *p, const uint8_t *end)
{
    return LIKELY(p < end) ? *p : 0;
}

static COLD const uint8_t *blanks_hop(const struct srt_scan *s, const uint8_t *p)
{
    while (p < s->end && (*p == ' ' || *p == '\t' || *p == '\r' || (*p == '\n' && !s->lines)))
        p++;
    return p;
}

static inline const uint8_t *blanks_skip(const struct srt_scan *s, const uint8_t *p,
                                         const uint8_t *end)
{
    return UNLIKELY(p < end && *p <= ' ') ? blanks_hop(s, p) : p;
}

/* ---- Quotes -------------------------------------------------------------------------------- */

/* The walk's place among the quotes is no member of the scan, so that it lives in a register.
 * Here: more quotes behind those there are. Behind the last is SRT_SCAN_NO_QUOTE. */
static inline const uint32_t *quotes_list(struct srt_scan *s)
{
    if (!s->end_seen)
        s->scanner->quotes(s);
    for (uint32_t i = 0; i < SRT_SCAN_NO_QUOTES; i++)
        s->quotes[s->n_quotes + i] = SRT_SCAN_NO_QUOTE;
    return s->quotes;
}

/* The quotes from the place on as the first ones, and more. */
static COLD const uint32_t *quotes_refill(struct srt_scan *s, const uint32_t *at)
{
    uint32_t n = (uint32_t)(s->quotes + s->n_quotes - at);
    memmove(s->quotes, at, n * sizeof *at);
    s->n_quotes = n;
    return quotes_list(s);
}

static inline size_t quotes_left(const struct srt_scan *s, const uint32_t *at)
{
    return (size_t)(s->quotes + s->n_quotes - at);
}

/* The string whose opening quote is at p: its closing quote; NULL: there is no string. */
static inline const uint8_t *string_end(struct srt_scan *s, const uint32_t **at, const uint8_t *p)
{
    const uint32_t *q = *at;
    if (UNLIKELY(quotes_left(s, q) < 2))
        q = quotes_refill(s, q);
    if (UNLIKELY(q[0] != (uint32_t)(p - s->begin) || q[1] == SRT_SCAN_NO_QUOTE))
        return NULL;
    *at = q + 2;
    return s->begin + q[1];
}

/* ---- Strings ------------------------------------------------------------------------------- */

/* What a string may not hold that is used: most lines have nothing of the kind in them. */
static COLD bool string_holds(const struct srt_scan *s, const uint8_t *p, const uint8_t *close)
{
    const uint8_t *at;
    return s->faulty ? srt_text_fault(p, (size_t)(close - p), &at) == NULL
                     : srt_text_is_sound(p, (size_t)(close - p));
}

static inline bool string_look(const struct srt_scan *s, const uint8_t *p, const uint8_t *close)
{
    return LIKELY(!s->bad && !s->faulty) || string_holds(s, p, close);
}

/* A string that no slot asks for, whose closing quote is known. Where keywords may be searched
 * for, every string is used; a line feed is a fault everywhere. */
static inline bool string_pass(const struct srt_scan *s, const uint8_t *p, const uint8_t *close)
{
    if (LIKELY(!s->bad && !s->faulty))
        return true;
    return s->scanner->looks_all ? string_holds(s, p, close)
                                 : memchr(p, '\n', (size_t)(close - p)) == NULL;
}

/* ---- Keys ---------------------------------------------------------------------------------- */

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Whether keys are looked at that are no names as they stand: some may be one when they are read,
 * or are none that JSON knows. */
static inline bool keys_matter(const struct srt_scan *s)
{
    return UNLIKELY(s->hidden || s->bad || s->scanner->odd_names);
}

/* Whether a key has escapes, control characters or bytes beyond ASCII. */
static bool key_is_odd(const uint8_t *p, const uint8_t *close)
{
    uint64_t w;
    for (; close - p >= 8; p += 8) {
        memcpy(&w, p, 8);
        uint64_t slash = w ^ EACH_BYTE('\\');
        if ((((slash - EACH_BYTE(1)) | (w - EACH_BYTE(0x20)) | w) & EACH_BYTE(0x80)) != 0)
            return true;
    }
    for (; p < close; p++)
        if (*p < 0x20 || *p >= 0x80 || *p == '\\')
            return true;
    return false;
}

/* Of keys that a run has passed: whether one is odd. */
static bool keys_are_odd(const struct srt_scan *s, const uint32_t *from, const uint32_t *to)
{
    for (const uint32_t *q = from; q < to; q += s->begin[q[1] + 2] == '"' ? 4 : 2)
        if (key_is_odd(s->begin + q[0] + 1, s->begin + q[1]))
            return true;
    return false;
}

/* ---- Numbers and literals ------------------------------------------------------------------ */

static inline bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static inline const uint8_t *digits_skip(const uint8_t *p, const uint8_t *end)
{
    if (!is_digit(byte_at(p, end)))
        return NULL;
    while (is_digit(byte_at(p, end)))
        p++;
    return p;
}

/* p on '-' or a digit; behind the number, or NULL. */
static COLD const uint8_t *number_skip(const uint8_t *p, const uint8_t *end)
{
    p += *p == '-';
    const uint8_t *first = p;
    p = digits_skip(p, end);
    if (p == NULL || (*first == '0' && p - first > 1))
        return NULL;
    if (byte_at(p, end) == '.') {
        p = digits_skip(p + 1, end);
        if (p == NULL)
            return NULL;
    }
    if ((byte_at(p, end) | 0x20) == 'e') {
        p++;
        if (byte_at(p, end) == '+' || byte_at(p, end) == '-')
            p++;
        p = digits_skip(p, end);
    }
    return p;
}

/* p < end on a digit but 0; most numbers are no longer than their digits. */
static inline const uint8_t *integer_skip(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *q = p + 1;
    while (is_digit(byte_at(q, end)))
        q++;
    return LIKELY(byte_at(q, end) != '.' && (byte_at(q, end) | 0x20) != 'e') ? q
                                                                             : number_skip(p, end);
}

static inline const uint8_t *word_skip(const uint8_t *p, const uint8_t *end, const char *word,
                                       size_t len)
{
    if ((size_t)(end - p) < len || memcmp(p, word, len) != 0)
        return NULL;
    return p + len;
}

/* p < end on a value that is neither string nor container. */
static inline const uint8_t *scalar_skip(const uint8_t *p, const uint8_t *end)
{
    switch (*p) {
    case 't':
        return word_skip(p, end, "true", 4);
    case 'f':
        return word_skip(p, end, "false", 5);
    case 'n':
        return word_skip(p, end, "null", 4);
    default:
        return *p == '-' || is_digit(*p) ? number_skip(p, end) : NULL;
    }
}

/* ---- Containers that nobody asks for ------------------------------------------------------- */

/* p on the opening quote of a string; behind the closing one, or NULL. */
static inline const uint8_t *string_hop(struct srt_scan *s, const uint32_t **at, const uint8_t *p)
{
    const uint8_t *close = string_end(s, at, p);
    return LIKELY(close != NULL) && string_pass(s, p + 1, close) ? close + 1 : NULL;
}

/* p < end on a key of an object; its value, or NULL. Keys are structure: looked at always. */
static const uint8_t *key_hop(struct srt_scan *s, const uint32_t **at, const uint8_t *p,
                              const uint8_t *end)
{
    const uint8_t *close = string_end(s, at, p);
    if (close == NULL || !string_look(s, p + 1, close))
        return NULL;
    s->n_values++;
    p = blanks_skip(s, close + 1, end);
    return byte_at(p, end) == ':' ? blanks_skip(s, p + 1, end) : NULL;
}

/* p on '{' or '['; behind the bracket that closes it, or NULL. */
static __attribute__((noinline)) const uint8_t *container_hop(struct srt_scan *s,
                                                              const uint32_t **at, const uint8_t *p)
{
    const uint8_t *end = s->end;
    uint8_t close[SIGMATON_DEPTH_MAX];
    uint32_t depth = 0; /* of containers inside the event's own object */
    for (;;) {
        bool opens = *p == '{' || *p == '[';
        s->n_values++;
        if (opens) {
            if (depth == SIGMATON_DEPTH_MAX - 1)
                return NULL;
            close[depth++] = *p == '{' ? '}' : ']';
            p++;
        } else {
            p = *p == '"' ? string_hop(s, at, p) : scalar_skip(p, end);
            if (p == NULL)
                return NULL;
        }
        p = blanks_skip(s, p, end);
        while (byte_at(p, end) == close[depth - 1]) {
            p++;
            if (--depth == 0)
                return p;
            p = blanks_skip(s, p, end);
            opens = false;
        }
        if (!opens) {
            if (byte_at(p, end) != ',')
                return NULL;
            p = blanks_skip(s, p + 1, end);
        }
        if (close[depth - 1] == '}')
            p = key_hop(s, at, p, end);
        if (p == NULL || p >= end)
            return NULL;
    }
}

struct hopped {
    const uint32_t *at;
    const uint8_t *p;
};

static __attribute__((noinline)) struct hopped container_skip(struct srt_scan *s,
                                                              const uint32_t *at, const uint8_t *p)
{
    s->n_values--; /* counted once more there */
    const uint8_t *behind = container_hop(s, &at, p);
    return (struct hopped){at, behind};
}

/* ---- Values -------------------------------------------------------------------------------- */

/* p < end on a value that nobody asks for. */
static inline const uint8_t *value_hop(struct srt_scan *s, const uint32_t **at, const uint8_t *p,
                                       const uint8_t *end)
{
    if (LIKELY(*p == '"'))
        return string_hop(s, at, p);
    if (*p != '{' && *p != '[')
        return *p >= '1' && *p <= '9' ? integer_skip(p, end) : scalar_skip(p, end);
    struct hopped to = container_skip(s, *at, p);
    *at = to.at;
    return to.p;
}

static inline const uint8_t *string_take(struct srt_scan *s, const uint32_t **at,
                                         const struct srt_scan_name *name, const uint8_t *p)
{
    const uint8_t *close = string_end(s, at, p++);
    if (UNLIKELY(close == NULL) || !string_look(s, p, close))
        return NULL;
    struct sigmaton_slot *to = srt_event_slot(s->event, name->slot);
    to->at.text = p;
    to->len = (uint32_t)(close - p);
    to->kind = s->escapes ? SIGMATON_ESCAPED : SIGMATON_TEXT;
    if (UNLIKELY(s->escapes && name->eager) && !srt_slot_decode(s->event, to))
        return NULL;
    return close + 1;
}

static COLD const uint8_t *number_look(struct srt_scan *s, uint32_t slot, const uint8_t *p)
{
    const uint8_t *q = number_skip(p, s->end);
    if (q == NULL ||
        !srt_number_leaf(s->event, p, (uint32_t)(q - p), srt_event_slot(s->event, slot)))
        return NULL;
    return q;
}

/* Integers of 64 bits, as nearly all are; others by the leaf code of both readers. */
static inline const uint8_t *number_take(struct srt_scan *s, uint32_t slot, const uint8_t *p,
                                         const uint8_t *end)
{
    bool negative = *p == '-';
    const uint8_t *first = p + negative, *q = first;
    uint64_t v = 0;
    while (q < end && is_digit(*q) && q - first < 20)
        v = v * 10 + (uint64_t)(*q++ - '0');
    uint8_t next = byte_at(q, end);
    if (UNLIKELY(q == first || q - first > 19 || v > (uint64_t)INT64_MAX + negative ||
                 (*first == '0' && (negative || q - first > 1)) || next == '.' ||
                 (next | 0x20) == 'e'))
        return number_look(s, slot, p);
    struct sigmaton_slot *to = srt_event_slot(s->event, slot);
    to->at.text = p;
    to->number = negative ? 0 - v : v;
    to->len = (uint32_t)(q - p);
    to->kind = SIGMATON_INT;
    return q;
}

static COLD const uint8_t *literal_take(struct srt_scan *s, uint32_t slot, const uint8_t *p)
{
    const uint8_t *q = scalar_skip(p, s->end);
    if (q != NULL)
        srt_literal_leaf(*p, srt_event_slot(s->event, slot));
    return q;
}

/* p < end on the value of a name. */
static inline const uint8_t *value_take(struct srt_scan *s, const uint32_t **at,
                                        const struct srt_scan_name *name, const uint8_t *p,
                                        const uint8_t *end)
{
    bool container = *p == '{' || *p == '[';
    if (UNLIKELY(container && (name->nested || *p == '[')))
        return NULL;
    if (UNLIKELY(name->slot == SIGMATON_NO_SLOT ||
                 s->event->slots[name->slot].kind != SIGMATON_ABSENT))
        return value_hop(s, at, p, end); /* a head's scalar; a key that was there before */
    if (LIKELY(*p == '"'))
        return string_take(s, at, name, p);
    if (*p == '-' || is_digit(*p))
        return number_take(s, name->slot, p, end);
    if (!container)
        return literal_take(s, name->slot, p);
    srt_event_slot(s->event, name->slot)->kind = SIGMATON_OBJECT;
    return value_hop(s, at, p, end);
}

/* ---- The event ----------------------------------------------------------------------------- */

const uint8_t *srt_scan_walk(struct srt_scan *s, const uint8_t *p)
{
    const uint8_t *end = s->end;
    p = blanks_skip(s, p, end);
    if (byte_at(p, end) == '}')
        return p + 1;
    const uint32_t *at = quotes_list(s);
    for (;;) {
        if (LIKELY(!s->bad && !s->faulty)) {
            const struct srt_scan_place to = s->scanner->run(s, (struct srt_scan_place){at, p});
            if (keys_matter(s) && keys_are_odd(s, at, to.quote))
                return NULL;
            if (to.quote != at && *to.p == '}')
                return to.p + 1;
            at = to.quote;
            p = to.p;
        }
        const uint8_t *close = string_end(s, &at, p);
        if (UNLIKELY(close == NULL))
            return NULL;
        const uint8_t *key = p + 1;
        p = blanks_skip(s, close + 1, end);
        if (UNLIKELY(byte_at(p, end) != ':'))
            return NULL;
        p = blanks_skip(s, p + 1, end);
        if (UNLIKELY(p >= end))
            return NULL;
        const struct srt_scan_name *name =
            srt_scan_name_find(s->scanner, key, (uint32_t)(close - key));
        s->n_values += 2;
        if (name != NULL)
            p = value_take(s, &at, name, p, end);
        else
            p = keys_matter(s) && key_is_odd(key, close) ? NULL : value_hop(s, &at, p, end);
        if (UNLIKELY(p == NULL))
            return NULL;
        p = blanks_skip(s, p, end);
        uint8_t c = byte_at(p, end);
        p++;
        if (UNLIKELY(c != ','))
            return c == '}' ? p : NULL;
        p = blanks_skip(s, p, end);
    }
}
