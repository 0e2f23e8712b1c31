/* The walk, once for each level; its file has defined WIDTH, WALK and struct block with
 * block_load, block_equal, block_stops, block_odd, block_short_escapes, whose answers have bit i
 * for byte i. */
#include "leaf_text.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define COLD __attribute__((noinline, cold))
#define ALL_BITS (WIDTH == 32 ? UINT32_MAX : ((uint32_t)1 << WIDTH % 32) - 1)

/* ---- Loads --------------------------------------------------------------------------------- */

/* The bytes from p < end on; behind the end stand NULs, which no string holds. */
static COLD struct block tail_load(const uint8_t *p, const uint8_t *end)
{
    uint8_t room[WIDTH] = {0};
    memcpy(room, p, (size_t)(end - p));
    return block_load(room);
}

static inline struct block load(const uint8_t *p, const uint8_t *end)
{
    return LIKELY((size_t)(end - p) >= WIDTH) ? block_load(p) : tail_load(p, end);
}

static inline uint32_t below(uint32_t bit_mask)
{
    return (bit_mask & -bit_mask) - 1;
}

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

/* ---- Strings ------------------------------------------------------------------------------- */

/* Whether an odd number of backslashes stands before the quote at q. */
static inline bool is_escaped(const uint8_t *q)
{
    const uint8_t *b = q;
    while (b[-1] == '\\') /* ends at the opening quote at the latest */
        b--;
    return ((q - b) & 1) != 0;
}

/* p behind the opening quote; behind the closing one, or NULL. */
static inline const uint8_t *string_hop(const uint8_t *p, const uint8_t *end)
{
    while (LIKELY(p < end)) {
        for (uint32_t m = block_stops(load(p, end)); m != 0; m &= m - 1) {
            const uint8_t *q = p + __builtin_ctz(m);
            if (UNLIKELY(*q != '"'))
                return NULL;
            if (LIKELY(q[-1] != '\\' || !is_escaped(q)))
                return q + 1;
        }
        if ((size_t)(end - p) <= WIDTH)
            return NULL;
        p += WIDTH;
    }
    return NULL;
}

/* What a string that is used was seen to hold. */
struct seen {
    const uint8_t *close; /* the closing quote */
    bool escapes, odd;
    bool hidden; /* a character may be written as \\u or \\/ */
};

/* Which bytes of a block are escaped; *carry: the first one is, or, after, the next block's first.
 * Source: simdjson, json_escape_scanner. */
static inline uint32_t escaped_bytes(uint32_t backslash, uint32_t *carry)
{
    const uint32_t odd_bits = UINT32_C(0xaaaaaaaa) & ALL_BITS;
    uint32_t maybe = backslash & ~*carry;
    uint32_t codes = (((maybe << 1) & ALL_BITS) | odd_bits) - maybe;
    codes = (codes ^ odd_bits) & ALL_BITS;
    uint32_t escaped = codes ^ (backslash | *carry);
    *carry = (codes & backslash) >> (WIDTH - 1);
    return escaped;
}

/* Escaped bytes of a block at p that are none of the short escapes. */
static COLD bool escapes_check(const uint8_t *p, uint32_t bytes, const uint8_t *end)
{
    for (; bytes != 0; bytes &= bytes - 1)
        if (!srt_escape_holds(p + __builtin_ctz(bytes), end))
            return false;
    return true;
}

/* p behind the opening quote of a string that is used. false: it does not end well. */
static inline bool string_look(const uint8_t *p, const uint8_t *end, struct seen *ret)
{
    uint32_t carry = 0, escapes = 0, odd = 0, hidden = 0;
    while (LIKELY(p < end)) {
        struct block b = load(p, end);
        uint32_t quote = block_equal(b, '"'), backslash = block_equal(b, '\\');
        uint32_t strange = block_odd(b);
        if ((backslash | carry) != 0) {
            uint32_t escaped = escaped_bytes(backslash, &carry);
            quote &= ~escaped;
            uint32_t inside = quote != 0 ? below(quote) : ALL_BITS;
            uint32_t other = escaped & inside & ~backslash & ~block_short_escapes(b);
            escapes |= (backslash | escaped) & inside;
            hidden |= other | (escaped & inside & block_equal(b, '/'));
            if (UNLIKELY(other != 0) && !escapes_check(p, other, end))
                return false;
        }
        if (quote != 0) {
            ret->close = p + __builtin_ctz(quote);
            ret->escapes = escapes != 0;
            ret->odd = ((strange & below(quote)) | odd) != 0;
            ret->hidden = hidden != 0;
            return true;
        }
        odd |= strange;
        if ((size_t)(end - p) <= WIDTH)
            return false;
        p += WIDTH;
    }
    return false;
}

bool LOOK(const uint8_t *p, const uint8_t *end)
{
    uint32_t carry = 0;
    while (p < end) {
        struct block b = load(p, end);
        size_t left = (size_t)(end - p);
        uint32_t inside = LIKELY(left >= WIDTH) ? ALL_BITS : ((uint32_t)1 << left % 32) - 1;
        uint32_t backslash = block_equal(b, '\\'), odd = block_odd(b) & inside, escaped = 0;
        if (UNLIKELY(odd != 0))
            inside = below(odd);
        if ((backslash | carry) != 0)
            escaped = escaped_bytes(backslash, &carry);
        if (escaped != 0 &&
            (escaped & inside & (~block_short_escapes(b) | block_equal(b, '/'))) != 0)
            return false;
        if (LIKELY(odd == 0)) {
            p += WIDTH;
            continue;
        }
        const uint8_t *q = p + __builtin_ctz(odd);
        size_t n = *q < 0x80 || (escaped & odd & -odd) != 0 ? 0 : srt_utf8_sequence(q, end);
        if (n == 0)
            return false;
        p = q + n;
        carry = 0;
    }
    return carry == 0;
}

/* ---- Keys ---------------------------------------------------------------------------------- */

/* p behind the opening quote; the closing one, or NULL: it is not there, or the key has escapes,
 * control characters or bytes beyond ASCII. */
static inline const uint8_t *key_end(const uint8_t *p, const uint8_t *end)
{
    while (LIKELY(p < end)) {
        struct block b = load(p, end);
        uint32_t quote = block_equal(b, '"');
        uint32_t other = block_equal(b, '\\') | block_odd(b);
        if (LIKELY(quote != 0))
            return (other & below(quote)) == 0 ? p + __builtin_ctz(quote) : NULL;
        if (other != 0 || (size_t)(end - p) <= WIDTH)
            return NULL;
        p += WIDTH;
    }
    return NULL;
}

static inline uint64_t word_load(const uint8_t *p)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
#else
    return sigmaton_name_word(p);
#endif
}

static inline const struct srt_scan_name *
name_find(const struct srt_scanner *scanner, const uint8_t *key, uint32_t len, const uint8_t *end)
{
    struct sigmaton_name_ends ends;
    if (len >= 8) {
        ends.first = word_load(key);
        ends.last = word_load(key + len - 8);
    } else if (LIKELY((size_t)(end - key) >= 8) && len > 0) {
        ends.first = ends.last = word_load(key) & (UINT64_MAX >> (64 - 8 * len));
    } else {
        ends = sigmaton_name_ends(key, len);
    }
    uint64_t hash = sigmaton_name_hash(scanner->head.seed, key, len, ends);
    const struct srt_scan_name *name =
        &scanner->names[sigmaton_name_entry(&scanner->head, scanner->shifts, hash)];
    if (name->first != ends.first || name->last != ends.last || name->len != len)
        return NULL;
    return len <= 16 || memcmp(name->key + 8, key + 8, len - 16) == 0 ? name : NULL;
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

/* p behind the opening quote of a string that no slot asks for; behind the closing one, or NULL.
 * Where keywords may be searched for, every string is used. */
static inline const uint8_t *string_pass(struct srt_scan *s, const uint8_t *p)
{
    struct seen seen;
    if (!s->scanner->looks_all)
        return string_hop(p, s->end);
    if (!string_look(p, s->end, &seen))
        return NULL;
    if (UNLIKELY(seen.odd) && !srt_text_is_sound(p, (size_t)(seen.close - p)))
        return NULL;
    s->hidden |= seen.hidden;
    return seen.close + 1;
}

/* ---- Containers that nobody asks for ------------------------------------------------------- */

/* p < end on a key of an object; its value, or NULL. */
static const uint8_t *key_hop(struct srt_scan *s, const uint8_t *p, const uint8_t *end)
{
    struct seen seen;
    if (byte_at(p, end) != '"' || !string_look(p + 1, end, &seen))
        return NULL;
    if (seen.odd && !srt_text_is_sound(p + 1, (size_t)(seen.close - p - 1)))
        return NULL;
    s->n_values++;
    p = blanks_skip(s, seen.close + 1, end);
    return byte_at(p, end) == ':' ? blanks_skip(s, p + 1, end) : NULL;
}

/* p on '{' or '['; behind the bracket that closes it, or NULL. */
static __attribute__((noinline)) const uint8_t *container_skip(struct srt_scan *s, const uint8_t *p)
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
            p = *p == '"' ? string_pass(s, p + 1) : scalar_skip(p, end);
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
            p = key_hop(s, p, end);
        if (p == NULL || p >= end)
            return NULL;
    }
}

/* ---- Values -------------------------------------------------------------------------------- */

/* p < end on a value that nobody asks for. */
static inline const uint8_t *value_hop(struct srt_scan *s, const uint8_t *p, const uint8_t *end)
{
    if (LIKELY(*p == '"'))
        return string_pass(s, p + 1);
    if (*p != '{' && *p != '[')
        return *p >= '1' && *p <= '9' ? integer_skip(p, end) : scalar_skip(p, end);
    s->n_values--; /* counted once more there */
    return container_skip(s, p);
}

static inline const uint8_t *string_take(struct srt_scan *s, const struct srt_scan_name *name,
                                         const uint8_t *p, const uint8_t *end)
{
    struct seen seen;
    if (!string_look(p, end, &seen))
        return NULL;
    size_t len = (size_t)(seen.close - p);
    if (UNLIKELY(seen.odd) && !srt_text_is_sound(p, len))
        return NULL;
    s->hidden |= seen.hidden;
    struct sigmaton_slot *to = srt_event_slot(s->event, name->slot);
    to->at.text = p;
    to->len = (uint32_t)len;
    to->kind = seen.escapes ? SIGMATON_ESCAPED : SIGMATON_TEXT;
    if (UNLIKELY(seen.escapes && name->eager) && !srt_slot_decode(s->event, to))
        return NULL;
    return seen.close + 1;
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
static inline const uint8_t *value_take(struct srt_scan *s, const struct srt_scan_name *name,
                                        const uint8_t *p, const uint8_t *end)
{
    bool container = *p == '{' || *p == '[';
    if (UNLIKELY(container && (name->nested || *p == '[')))
        return NULL;
    if (UNLIKELY(name->slot == SIGMATON_NO_SLOT ||
                 s->event->slots[name->slot].kind != SIGMATON_ABSENT))
        return value_hop(s, p, end); /* a head's scalar; a key that was there before */
    if (LIKELY(*p == '"'))
        return string_take(s, name, p + 1, end);
    if (*p == '-' || is_digit(*p))
        return number_take(s, name->slot, p, end);
    if (!container)
        return literal_take(s, name->slot, p);
    srt_event_slot(s->event, name->slot)->kind = SIGMATON_OBJECT;
    return value_hop(s, p, end);
}

/* ---- The event ----------------------------------------------------------------------------- */

const uint8_t *WALK(struct srt_scan *s, const uint8_t *p)
{
    const uint8_t *end = s->end;
    const struct srt_scanner *scanner = s->scanner;
    p = blanks_skip(s, p, end);
    if (byte_at(p, end) == '}')
        return p + 1;
    for (;;) {
        if (UNLIKELY(byte_at(p, end) != '"'))
            return NULL;
        const uint8_t *key = p + 1, *close = key_end(key, end);
        if (UNLIKELY(close == NULL))
            return NULL;
        p = blanks_skip(s, close + 1, end);
        if (UNLIKELY(byte_at(p, end) != ':'))
            return NULL;
        p = blanks_skip(s, p + 1, end);
        if (UNLIKELY(p >= end))
            return NULL;
        const struct srt_scan_name *name = name_find(scanner, key, (uint32_t)(close - key), end);
        s->n_values += 2;
        p = name == NULL ? value_hop(s, p, end) : value_take(s, name, p, end);
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
