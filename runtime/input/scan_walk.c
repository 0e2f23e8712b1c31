/* The second stage of the scanner: along the members of the event's object, from quote to quote. */
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

#define NO_QUOTE UINT32_MAX

/* The walk's place among the quotes is no member of the scan, so that it lives in a register.
 * Here: it, and those behind it, as the first ones, and more. Behind the last is NO_QUOTE. */
static __attribute__((noinline)) const uint32_t *quotes_refill(struct srt_scan *s,
                                                               const uint32_t *at)
{
    uint32_t n = (uint32_t)(s->quotes + s->n_quotes - at);
    memmove(s->quotes, at, n * sizeof *at);
    s->n_quotes = n;
    if (!s->end_seen)
        s->scanner->quotes(s);
    for (uint32_t i = 0; i < SRT_SCAN_NO_QUOTES; i++)
        s->quotes[s->n_quotes + i] = NO_QUOTE;
    return s->quotes;
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
    if (UNLIKELY(q[0] != (uint32_t)(p - s->begin) || q[1] == NO_QUOTE))
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

/* Whether a key that is no name as it stands may be one when it is read: it has escapes, control
 * characters or bytes beyond ASCII. */
static inline bool key_is_odd(const struct srt_scan *s, const uint8_t *p, const uint8_t *close)
{
    if (LIKELY(!s->escapes && !s->wide && !s->bad))
        return false;
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

/* Of a key that is not empty, from whose begin on eight bytes may be read. */
static inline struct sigmaton_name_ends key_words(const uint8_t *key, uint32_t len)
{
    /* Keys of either kind take turns, so there is no branch. */
    const uint32_t more = len < 8 ? 8 - len : 0;
    const uint64_t used = UINT64_MAX >> 8 * more;
    return (struct sigmaton_name_ends){sigmaton_name_word(key) & used,
                                       sigmaton_name_word(key + len + more - 8) & used};
}

static inline struct sigmaton_name_ends key_ends(const uint8_t *key, uint32_t len,
                                                 const uint8_t *end)
{
    return UNLIKELY(end - key < 8) || len == 0 ? sigmaton_name_ends(key, len) : key_words(key, len);
}

static const struct srt_scan_name *name_hashed(const struct srt_scanner *scanner,
                                               const uint8_t *key, uint32_t len,
                                               struct sigmaton_name_ends ends)
{
    const uint64_t hash = sigmaton_name_hash(scanner->head.seed, key, len, ends);
    return &scanner->names[sigmaton_name_entry(&scanner->head, scanner->shifts, hash)];
}

static inline const struct srt_scan_name *name_find(const struct srt_scanner *scanner,
                                                    const uint8_t *key, uint32_t len,
                                                    struct sigmaton_name_ends ends)
{
    const uint16_t which = scanner->buckets[srt_scan_bucket(ends, len)];
    if (which == 0)
        return NULL;
    const struct srt_scan_name *name = LIKELY(which != SRT_SCAN_MANY)
                                           ? &scanner->names[which - 1]
                                           : name_hashed(scanner, key, len, ends);
    const uint64_t other =
        (name->first ^ ends.first) | (name->last ^ ends.last) | (name->len ^ len);
    return other == 0 && (len <= 16 || memcmp(name->key + 8, key + 8, len - 16) == 0) ? name : NULL;
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

/* A key of at most 32 bytes, of which there are as many behind p: whether it has a backslash or
 * bytes beyond ASCII. */
static inline uint32_t key_marks(const uint8_t *p, uint32_t len)
{
#if defined(__SSE2__)
    const __m128i slash = _mm_set1_epi8('\\');
    const __m128i low = _mm_loadu_si128((const __m128i *)(const void *)p);
    const __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(p + 16));
    uint32_t marks = (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(low, slash), low));
    marks |= (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(high, slash), high)) << 16;
    return (uint32_t)(marks & ((UINT64_C(1) << len) - 1));
#else
    uint32_t marks = 0;
    for (uint32_t i = 0; i < len; i++)
        marks |= p[i] == '\\' || p[i] >= 0x80;
    return marks;
#endif
}

/* The number of the n <= 8 digits at p, from which on eight bytes may be read. false: they are
 * none. Source: simdjson's parse_eight_digits_unrolled. */
static inline bool eight_digits(const uint8_t *p, size_t n, uint64_t *ret_number)
{
    /* The digits are the word's upper bytes, the last one highest; '0' below them. */
    uint64_t v = sigmaton_name_word(p) << (64 - 8 * n);
    v ^= EACH_BYTE('0') << (64 - 8 * n);
    const bool ok = ((v | (v + EACH_BYTE(6))) & EACH_BYTE(0xf0)) == 0;
    v = (v * 10 + (v >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v * 100 + (v >> 16)) & UINT64_C(0x0000ffff0000ffff);
    *ret_number = (uint32_t)(v * 10000 + (v >> 32));
    return ok;
}

/* The integer that the n bytes at p write, from which on nine may be read. false: they write none,
 * or one beyond 64 bits. */
static inline bool integer_read(const uint8_t *p, size_t n, uint64_t *ret_number)
{
    const bool negative = *p == '-';
    p += negative;
    n -= negative;
    if (n - 1 >= 19 || (*p == '0' && (n > 1 || negative)))
        return false;
    uint64_t v, more;
    size_t i = (n - 1) % 8 + 1;
    bool ok = eight_digits(p, i, &v);
    for (; UNLIKELY(i < n); i += 8) {
        ok &= eight_digits(p + i, 8, &more);
        v = v * 100000000 + more;
    }
    *ret_number = negative ? 0 - v : v;
    return ok && v <= (uint64_t)INT64_MAX + negative;
}

/* Whether a value's n bytes have a backslash. */
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

/* Three bytes, the first the lowest, of four that may be read. */
static inline uint32_t three_at(const uint8_t *p)
{
    return ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24) &
           0xffffff; /* as compilers know a load */
}

#define THREE(a, b, c) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)

/* Members from p on that are a key and a string with nothing to look at inside, or an
 * integer: nearly all. Returns where the first other member begins; NULL: a key may be a name when
 * it is read. marks: keys are looked at for what a name may be written with. */
static inline __attribute__((always_inline)) const uint8_t *
plain_run(struct srt_scan *s, const uint32_t **ret_at, const uint8_t *p, const bool marks)
{
    const uint8_t *const begin = s->begin, *const end = s->end;
    const uint32_t kind = s->escapes ? SIGMATON_ESCAPED : SIGMATON_TEXT;
    /* What is read beside keys and strings: four bytes behind a quote, eight from a key's begin on,
     * 32 for marks. Nothing of an event that is too near the end; and of NO_QUOTE. */
    const size_t size = (size_t)(end - begin), ahead = marks ? 40 : 8;
    const uint32_t safe = size > ahead ? (uint32_t)(size - ahead) : 0;
    const uint32_t *at = *ret_at;
    uint32_t odd = 0, n_members = 0;
    if (at[0] != (uint32_t)(p - begin))
        return p;
    for (; at[3] <= safe; n_members++) {
        const uint8_t *key = begin + at[0] + 1, *behind = begin + at[1], *close = begin + at[3];
        const uint32_t len = at[1] - at[0] - 1;
        if (UNLIKELY(len == 0 || (marks && len > 32)))
            break;
        const struct srt_scan_name *name = name_find(s->scanner, key, len, key_words(key, len));
        struct sigmaton_slot *to = NULL;
        if (name != NULL && name->slot != SIGMATON_NO_SLOT) {
            to = &s->event->slots[name->slot];
            if (UNLIKELY(to->kind != SIGMATON_ABSENT))
                break;
        }
        if (LIKELY(three_at(behind) == THREE('"', ':', '"'))) {
            if (three_at(close) != THREE('"', ',', '"'))
                break;
            if (to != NULL) {
                const uint8_t *value = behind + 3;
                const size_t n = (size_t)(close - value);
                if (kind == SIGMATON_ESCAPED && name->eager && has_escapes(value, n))
                    break;
                to->at.text = value;
                to->len = (uint32_t)n;
                to->kind = name->eager ? SIGMATON_TEXT : kind;
                srt_event_slot(s->event, name->slot);
            }
            p = close + 2;
            at += 4;
        } else {
            const uint8_t *value = behind + 2, *next = begin + at[2];
            uint64_t number;
            if (behind[1] != ':' || next[-1] != ',' ||
                !integer_read(value, (size_t)(next - 1 - value), &number))
                break;
            if (to != NULL) {
                to->at.text = value;
                to->number = number;
                to->len = (uint32_t)(next - 1 - value);
                to->kind = SIGMATON_INT;
                srt_event_slot(s->event, name->slot);
            }
            p = next;
            at += 2;
        }
        if (marks)
            odd |= key_marks(key, len);
    }
    s->n_values += 2 * n_members;
    *ret_at = at;
    return odd == 0 ? p : NULL;
}

const uint8_t *srt_scan_walk(struct srt_scan *s, const uint8_t *p)
{
    const uint8_t *end = s->end;
    const uint32_t *at;
    p = blanks_skip(s, p, end);
    if (byte_at(p, end) == '}')
        return p + 1;
    at = quotes_refill(s, s->quotes);
    for (;;) {
        if (LIKELY(!s->bad && !s->faulty))
            p = s->hidden || s->scanner->odd_names ? plain_run(s, &at, p, true)
                                                   : plain_run(s, &at, p, false);
        const uint8_t *close = p != NULL ? string_end(s, &at, p) : NULL;
        if (UNLIKELY(close == NULL))
            return NULL;
        const uint8_t *key = p + 1;
        const uint32_t len = (uint32_t)(close - key);
        p = blanks_skip(s, close + 1, end);
        if (UNLIKELY(byte_at(p, end) != ':'))
            return NULL;
        p = blanks_skip(s, p + 1, end);
        if (UNLIKELY(p >= end))
            return NULL;
        const struct srt_scan_name *name = name_find(s->scanner, key, len, key_ends(key, len, end));
        s->n_values += 2;
        if (name != NULL)
            p = value_take(s, &at, name, p, end);
        else
            p = key_is_odd(s, key, close) ? NULL : value_hop(s, &at, p, end);
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
