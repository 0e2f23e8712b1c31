/* The walk, once for each level; its file has defined WIDTH, WALK and struct block with
 * block_load, block_equal, block_stops, block_odd, whose answers have bit i for byte i. */
#include "leaf_text.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define ALL_BITS (WIDTH == 32 ? UINT32_MAX : ((uint32_t)1 << WIDTH % 32) - 1)

/* ---- Loads --------------------------------------------------------------------------------- */

/* The bytes from p < end on; behind the end stand NULs, which no string holds. */
static __attribute__((noinline)) struct block tail_load(const struct srt_scan *s, const uint8_t *p)
{
    uint8_t room[WIDTH] = {0};
    memcpy(room, p, (size_t)(s->end - p));
    return block_load(room);
}

static inline struct block load(const struct srt_scan *s, const uint8_t *p)
{
    return LIKELY((size_t)(s->end - p) >= WIDTH) ? block_load(p) : tail_load(s, p);
}

static inline uint32_t below(uint32_t bit_mask)
{
    return (bit_mask & -bit_mask) - 1;
}

static inline const uint8_t *blanks_skip(const struct srt_scan *s, const uint8_t *p)
{
    while (p < s->end && *p <= ' ' &&
           (*p == ' ' || *p == '\t' || *p == '\r' || (*p == '\n' && !s->lines)))
        p++;
    return p;
}

static inline uint8_t byte_at(const struct srt_scan *s, const uint8_t *p)
{
    return LIKELY(p < s->end) ? *p : 0;
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
static inline const uint8_t *string_hop(const struct srt_scan *s, const uint8_t *p)
{
    for (;;) {
        if (UNLIKELY(p >= s->end))
            return NULL;
        for (uint32_t m = block_stops(load(s, p)); m != 0; m &= m - 1) {
            const uint8_t *q = p + __builtin_ctz(m);
            if (UNLIKELY(*q != '"'))
                return NULL;
            if (LIKELY(q[-1] != '\\' || !is_escaped(q)))
                return q + 1;
        }
        if ((size_t)(s->end - p) <= WIDTH)
            return NULL;
        p += WIDTH;
    }
}

/* What a string that is used was seen to hold. */
struct seen {
    const uint8_t *close; /* the closing quote */
    bool escapes, odd;
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

/* The escaped bytes of a block that are no backslashes. */
static inline bool escapes_check(const struct srt_scan *s, const uint8_t *p, uint32_t bytes)
{
    for (; bytes != 0; bytes &= bytes - 1)
        if (!srt_escape_holds(p + __builtin_ctz(bytes), s->end))
            return false;
    return true;
}

/* p behind the opening quote of a string that is used. false: it does not end well. */
static inline bool string_look(const struct srt_scan *s, const uint8_t *p, struct seen *ret)
{
    uint32_t carry = 0, escapes = 0, odd = 0;
    for (;;) {
        if (UNLIKELY(p >= s->end))
            return false;
        struct block b = load(s, p);
        uint32_t quote = block_equal(b, '"'), backslash = block_equal(b, '\\');
        uint32_t strange = block_odd(b);
        if (UNLIKELY((backslash | carry) != 0)) {
            uint32_t escaped = escaped_bytes(backslash, &carry);
            quote &= ~escaped;
            uint32_t inside = quote != 0 ? below(quote) : ALL_BITS;
            escapes |= (backslash | escaped) & inside;
            if (!escapes_check(s, p, escaped & ~backslash & inside))
                return false;
        }
        if (LIKELY(quote != 0)) {
            ret->close = p + __builtin_ctz(quote);
            ret->escapes = escapes != 0;
            ret->odd = ((strange & below(quote)) | odd) != 0;
            return true;
        }
        odd |= strange;
        if ((size_t)(s->end - p) <= WIDTH)
            return false;
        p += WIDTH;
    }
}

/* ---- Keys ---------------------------------------------------------------------------------- */

/* p behind the opening quote; the closing one, or NULL: it is not there, or the key has escapes,
 * control characters or bytes beyond ASCII. */
static inline const uint8_t *key_end(const struct srt_scan *s, const uint8_t *p)
{
    for (;;) {
        if (UNLIKELY(p >= s->end))
            return NULL;
        struct block b = load(s, p);
        uint32_t quote = block_equal(b, '"');
        uint32_t other = block_equal(b, '\\') | block_odd(b);
        if (LIKELY(quote != 0))
            return (other & below(quote)) == 0 ? p + __builtin_ctz(quote) : NULL;
        if (other != 0 || (size_t)(s->end - p) <= WIDTH)
            return NULL;
        p += WIDTH;
    }
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

static inline const struct srt_scan_name *name_find(const struct srt_scan *s, const uint8_t *key,
                                                    uint32_t len)
{
    const struct srt_scanner *scanner = s->scanner;
    struct sigmaton_name_ends ends;
    if (len >= 8) {
        ends.first = word_load(key);
        ends.last = word_load(key + len - 8);
    } else if (LIKELY((size_t)(s->end - key) >= 8) && len > 0) {
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

static inline const uint8_t *digits_skip(const struct srt_scan *s, const uint8_t *p)
{
    if (!is_digit(byte_at(s, p)))
        return NULL;
    while (is_digit(byte_at(s, p)))
        p++;
    return p;
}

/* p on '-' or a digit; behind the number, or NULL. */
static const uint8_t *number_skip(const struct srt_scan *s, const uint8_t *p)
{
    p += *p == '-';
    const uint8_t *first = p;
    p = digits_skip(s, p);
    if (p == NULL || (*first == '0' && p - first > 1))
        return NULL;
    if (byte_at(s, p) == '.') {
        p = digits_skip(s, p + 1);
        if (p == NULL)
            return NULL;
    }
    if ((byte_at(s, p) | 0x20) == 'e') {
        p++;
        if (byte_at(s, p) == '+' || byte_at(s, p) == '-')
            p++;
        p = digits_skip(s, p);
    }
    return p;
}

static inline const uint8_t *word_skip(const struct srt_scan *s, const uint8_t *p, const char *word,
                                       size_t len)
{
    if ((size_t)(s->end - p) < len || memcmp(p, word, len) != 0)
        return NULL;
    return p + len;
}

/* p < end on a value that is neither string nor container. */
static inline const uint8_t *scalar_skip(const struct srt_scan *s, const uint8_t *p)
{
    switch (*p) {
    case 't':
        return word_skip(s, p, "true", 4);
    case 'f':
        return word_skip(s, p, "false", 5);
    case 'n':
        return word_skip(s, p, "null", 4);
    default:
        return *p == '-' || is_digit(*p) ? number_skip(s, p) : NULL;
    }
}

/* ---- Containers that nobody asks for ------------------------------------------------------- */

/* p < end on a key of an object; its value, or NULL. */
static const uint8_t *key_hop(struct srt_scan *s, const uint8_t *p)
{
    if (p >= s->end || *p != '"')
        return NULL;
    struct seen seen;
    const uint8_t *at;
    if (!string_look(s, p + 1, &seen))
        return NULL;
    if (seen.odd && srt_text_fault(p + 1, (size_t)(seen.close - p - 1), &at) != NULL)
        return NULL;
    s->n_values++;
    p = blanks_skip(s, seen.close + 1);
    return byte_at(s, p) == ':' ? blanks_skip(s, p + 1) : NULL;
}

/* p on '{' or '['; behind the bracket that closes it, or NULL. */
static __attribute__((noinline)) const uint8_t *container_skip(struct srt_scan *s, const uint8_t *p)
{
    uint8_t close[SIGMATON_DEPTH_MAX];
    uint32_t depth = 0; /* of containers inside the event's own object */
    for (;;) {
        bool opens = *p == '{' || *p == '[';
        s->n_values++;
        if (opens) {
            if (depth == SIGMATON_DEPTH_MAX - 1)
                return NULL;
            close[depth++] = *p == '{' ? '}' : ']';
            p = blanks_skip(s, p + 1);
        } else {
            p = *p == '"' ? string_hop(s, p + 1) : scalar_skip(s, p);
            if (p == NULL)
                return NULL;
            p = blanks_skip(s, p);
        }
        /* behind a value or an opening bracket */
        while (byte_at(s, p) == close[depth - 1]) {
            p++;
            if (--depth == 0)
                return p;
            p = blanks_skip(s, p);
            opens = false;
        }
        if (!opens) {
            if (byte_at(s, p) != ',')
                return NULL;
            p = blanks_skip(s, p + 1);
        }
        if (close[depth - 1] == '}')
            p = key_hop(s, p);
        if (p == NULL || p >= s->end)
            return NULL;
    }
}

/* ---- Values -------------------------------------------------------------------------------- */

/* p < end on a value that nobody asks for. */
static inline const uint8_t *value_hop(struct srt_scan *s, const uint8_t *p)
{
    if (LIKELY(*p == '"'))
        return string_hop(s, p + 1);
    if (*p != '{' && *p != '[')
        return scalar_skip(s, p);
    s->n_values--; /* counted once more there */
    return container_skip(s, p);
}

static inline const uint8_t *string_take(struct srt_scan *s, const struct srt_scan_name *name,
                                         const uint8_t *p)
{
    struct seen seen;
    const uint8_t *at;
    if (!string_look(s, p, &seen))
        return NULL;
    size_t len = (size_t)(seen.close - p);
    if (UNLIKELY(seen.odd) && srt_text_fault(p, len, &at) != NULL)
        return NULL;
    struct sigmaton_slot *to = srt_event_slot(s->event, name->slot);
    *to = (struct sigmaton_slot){.at.text = p,
                                 .len = (uint32_t)len,
                                 .kind = seen.escapes ? SIGMATON_ESCAPED : SIGMATON_TEXT};
    if (UNLIKELY(seen.escapes && name->eager) && !srt_slot_decode(s->event, to))
        return NULL;
    return seen.close + 1;
}

/* Integers of at most 18 digits, as nearly all are; others by the leaf code of both readers. */
static inline const uint8_t *number_take(struct srt_scan *s, uint32_t slot, const uint8_t *p)
{
    const uint8_t *first = p + (*p == '-'), *q = first;
    uint64_t v = 0;
    while (q < s->end && is_digit(*q) && q - first < 19)
        v = v * 10 + (uint64_t)(*q++ - '0');
    uint8_t next = byte_at(s, q);
    if (LIKELY(q > first && q - first < 19 && (*first != '0' || (q - first == 1 && first == p)) &&
               next != '.' && (next | 0x20) != 'e')) {
        *srt_event_slot(s->event, slot) = (struct sigmaton_slot){.at.text = p,
                                                                 .number = first > p ? 0 - v : v,
                                                                 .len = (uint32_t)(q - p),
                                                                 .kind = SIGMATON_INT};
        return q;
    }
    q = number_skip(s, p);
    if (q == NULL ||
        !srt_number_leaf(s->event, p, (uint32_t)(q - p), srt_event_slot(s->event, slot)))
        return NULL;
    return q;
}

static inline const uint8_t *literal_take(struct srt_scan *s, uint32_t slot, const uint8_t *p)
{
    const uint8_t *q = scalar_skip(s, p);
    if (q != NULL)
        srt_literal_leaf(*p, srt_event_slot(s->event, slot));
    return q;
}

/* p < end on the value of a name. */
static inline const uint8_t *value_take(struct srt_scan *s, const struct srt_scan_name *name,
                                        const uint8_t *p)
{
    bool container = *p == '{' || *p == '[';
    if (UNLIKELY(container && (name->nested || *p == '[')))
        return NULL;
    if (UNLIKELY(name->slot == SIGMATON_NO_SLOT ||
                 s->event->slots[name->slot].kind != SIGMATON_ABSENT))
        return value_hop(s, p); /* a head's scalar; a key that was there before */
    if (LIKELY(*p == '"'))
        return string_take(s, name, p + 1);
    if (container) {
        srt_event_slot(s->event, name->slot)->kind = SIGMATON_OBJECT;
        return value_hop(s, p);
    }
    return *p == '-' || is_digit(*p) ? number_take(s, name->slot, p)
                                     : literal_take(s, name->slot, p);
}

/* ---- The event ----------------------------------------------------------------------------- */

const uint8_t *WALK(struct srt_scan *s, const uint8_t *p)
{
    p = blanks_skip(s, p);
    if (byte_at(s, p) == '}')
        return p + 1;
    for (;;) {
        if (UNLIKELY(byte_at(s, p) != '"'))
            return NULL;
        const uint8_t *key = p + 1, *close = key_end(s, key);
        if (UNLIKELY(close == NULL))
            return NULL;
        p = close + 1;
        if (UNLIKELY(byte_at(s, p) != ':')) {
            p = blanks_skip(s, p);
            if (byte_at(s, p) != ':')
                return NULL;
        }
        p = blanks_skip(s, p + 1);
        if (UNLIKELY(p >= s->end))
            return NULL;
        const struct srt_scan_name *name = name_find(s, key, (uint32_t)(close - key));
        s->n_values += 2;
        p = name == NULL ? value_hop(s, p) : value_take(s, name, p);
        if (UNLIKELY(p == NULL))
            return NULL;
        p = blanks_skip(s, p);
        uint8_t c = byte_at(s, p);
        p++;
        if (c == '}')
            return p;
        if (UNLIKELY(c != ','))
            return NULL;
        p = blanks_skip(s, p);
    }
}
