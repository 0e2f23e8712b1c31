/* The first stage of the scanner, once for each level: where the quotes of a line stand. The
 * level's file has defined QUOTES, LOOK, and struct block of 64 bytes with block_load, block_equal,
 * block_odd, block_short_escapes, whose answers have bit i for byte i, and places_put.
 *
 * Source: simdjson's first stage (Langdale, Lemire, Parsing gigabytes of JSON per second, 2019),
 * without the structural characters: those between strings are few, and the walk looks at them.
 */
#include <string.h>

#include "leaf_text.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define COLD __attribute__((noinline, cold))
#define WIDTH 64

/* The bytes from p < end on; behind the end stand blanks. */
static COLD struct block tail_load(const uint8_t *p, const uint8_t *end)
{
    uint8_t room[WIDTH];
    memset(room, ' ', sizeof room);
    memcpy(room, p, (size_t)(end - p));
    return block_load(room);
}

static inline struct block load(const uint8_t *p, const uint8_t *end)
{
    return LIKELY((size_t)(end - p) >= WIDTH) ? block_load(p) : tail_load(p, end);
}

static inline uint64_t below(uint64_t bit_mask)
{
    return (bit_mask & -bit_mask) - 1;
}

/* Which bytes of a block are escaped; *carry: the first one is, or, after, the next block's first.
 * Source: simdjson, json_escape_scanner. */
static inline uint64_t escaped_bytes(uint64_t backslash, uint64_t *carry)
{
    const uint64_t odd_bits = UINT64_C(0xaaaaaaaaaaaaaaaa);
    uint64_t maybe = backslash & ~*carry;
    uint64_t codes = (((maybe << 1) | odd_bits) - maybe) ^ odd_bits;
    uint64_t escaped = codes ^ (backslash | *carry);
    *carry = (codes & backslash) >> (WIDTH - 1);
    return escaped;
}

/* Escaped bytes of a block at p that are none of the short escapes: of the \\u that hold, and of
 * faults. */
static COLD bool escapes_hold(const uint8_t *p, uint64_t bytes, const uint8_t *end)
{
    for (; bytes != 0; bytes &= bytes - 1)
        if (!srt_escape_holds(p + __builtin_ctzll(bytes), end))
            return false;
    return true;
}

/* Bytes beyond ASCII of the block at p, and control characters: neither may be in most strings. Of
 * the former each must begin a sequence or be behind it; it may have begun in the block before. */
static __attribute__((noinline)) void odd_look(struct srt_scan *s, const uint8_t *p, uint64_t wide,
                                               uint64_t control)
{
    s->wide |= wide != 0;
    s->bad |= control != 0;
    for (; wide != 0; wide &= wide - 1) {
        const uint8_t *q = p + __builtin_ctzll(wide);
        if (q < s->sequence_end)
            continue;
        size_t n = srt_utf8_sequence(q, s->end);
        s->bad |= n == 0;
        s->sequence_end = q + n;
    }
}

/* The line feed that ends the line, with the carriage return before it in the block, is none of
 * its strange bytes. */
static inline uint64_t line_bytes(struct block b, uint64_t feed)
{
    uint64_t first = feed & -feed;
    return (first - 1) & ~(block_equal(b, '\r') & first >> 1);
}

/* Escapes of one character, `other` than backslashes and quotes: those that no letter follows that
 * JSON knows, or a slash, hide a character from who looks for it as it stands. */
static inline uint64_t hiding(struct block b, uint64_t other, uint64_t *strange)
{
    *strange = other & ~block_short_escapes(b);
    return (block_equal(b, '/') & other) | *strange;
}

void QUOTES(struct srt_scan *s)
{
    const uint8_t *p = s->next, *const begin = s->begin, *end = s->end;
    uint32_t *to = s->quotes + s->n_quotes, *const full = s->quotes + SRT_SCAN_QUOTES;
    uint64_t carry = s->carry, escapes = 0, hidden = 0;
    while (p < end && to < full) {
        struct block b = load(p, end);
        uint64_t quote = block_equal(b, '"'), backslash = block_equal(b, '\\');
        uint64_t odd = block_odd(b), inside = UINT64_MAX;
        if (UNLIKELY(odd != 0)) {
            uint64_t feed = s->lines ? block_equal(b, '\n') : 0;
            if (feed != 0) {
                inside = below(feed);
                odd &= line_bytes(b, feed);
                end = p; /* the last block */
            }
            if (odd != 0)
                odd_look(s, p, odd & block_wide(b), odd & ~block_wide(b));
        }
        if ((backslash | carry) != 0) {
            uint64_t escaped = escaped_bytes(backslash, &carry) & inside, strange = 0;
            uint64_t other = escaped & ~backslash & ~quote;
            escapes |= (backslash | escaped) & inside;
            quote &= ~escaped;
            if (other != 0)
                hidden |= hiding(b, other, &strange);
            if (UNLIKELY(strange != 0))
                s->faulty |= !escapes_hold(p, strange, s->end);
        }
        to = places_put(to, quote & inside, (uint32_t)(p - begin));
        p += WIDTH;
    }
    s->next = p;
    s->end_seen = p >= end;
    s->carry = carry;
    s->escapes |= escapes != 0;
    s->hidden |= hidden != 0;
    s->n_quotes = (uint32_t)(to - s->quotes);
}

bool LOOK(const uint8_t *p, const uint8_t *end)
{
    uint64_t carry = 0;
    while (p < end) {
        struct block b = load(p, end);
        uint64_t inside = (size_t)(end - p) < WIDTH ? (UINT64_C(1) << (end - p)) - 1 : UINT64_MAX;
        uint64_t backslash = block_equal(b, '\\'), odd = block_odd(b) & inside, escaped = 0;
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
        const uint8_t *q = p + __builtin_ctzll(odd);
        size_t n = *q < 0x80 || (escaped & odd & -odd) != 0 ? 0 : srt_utf8_sequence(q, end);
        if (n == 0)
            return false;
        p = q + n;
        carry = 0;
    }
    return carry == 0;
}
