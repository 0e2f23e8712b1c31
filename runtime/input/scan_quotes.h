/* The first stage of the scanner, once for each level: where the quotes of a line stand. The
 * level's file has defined QUOTES, LOOK, and struct block of 64 bytes with block_load, block_equal,
 * block_odd, block_short_escapes, whose answers have bit i for byte i, and places_put;
 * BLOCK_LETTERS and block_letters where it has a better one; TWO_BLOCKS with two_any and two_odd
 * where two blocks at a time are cheaper; SEARCHES where it looks for srt_scan.search on the way,
 * with struct search and the functions that stand for it below.
 *
 * Source: simdjson's first stage (Langdale, Lemire, Parsing gigabytes of JSON per second, 2019),
 * without the structural characters: those between strings are few, and the walk looks at them.
 */
#include <string.h>

#include "leaf_text.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define COLD __attribute__((noinline, cold))
#ifndef WIDTH
#define WIDTH 64
#endif

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

#ifdef BLOCK_LETTERS
#define LETTERS_CHEAP true
#else
#define LETTERS_CHEAP false
/* Of bytes within ASCII those that are an escape behind a backslash and a letter, but u. */
static inline uint64_t block_letters(struct block b)
{
    return block_short_escapes(b) & ~block_equal(b, '/');
}
#endif

#ifndef BLOCK_PAIRS
/* Whether the bytes beyond ASCII are seen to be whole characters without a look at each. */
static inline bool block_pairs(struct block b, uint64_t wide)
{
    (void)b, (void)wide;
    return false;
}
#endif

#ifndef SEARCHES
#define SEARCH_AHEAD 0
struct search {
    bool none;
};

static inline uint32_t search_masks(const struct srt_scan *s)
{
    (void)s;
    return 0;
}

static inline struct search search_begin(const struct srt_scan *s, uint32_t n_masks)
{
    (void)s, (void)n_masks;
    return (struct search){true};
}

static inline uint64_t search_places(const struct search *to, uint32_t n_masks, struct block b,
                                     const uint8_t *p, size_t left)
{
    (void)to, (void)n_masks, (void)b, (void)p, (void)left;
    return 0;
}

static inline void search_note(struct search *to, uint64_t places, uint32_t at)
{
    (void)to, (void)places, (void)at;
}

static inline void search_end(const struct search *from, uint32_t n_masks)
{
    (void)from, (void)n_masks;
}
#endif

/* One block with whatever it holds, behind *to; the last one of a line ends the list. */
static __attribute__((noinline)) uint32_t *block_list(struct srt_scan *s, uint32_t *to)
{
    const uint8_t *p = s->next;
    const struct block b = load(p, s->end);
    if ((size_t)(s->end - p) < WIDTH + SEARCH_AHEAD) { /* plain_blocks has not seen it */
        const uint32_t n_masks = search_masks(s);
        struct search search = search_begin(s, n_masks);
        search_note(&search, search_places(&search, n_masks, b, p, (size_t)(s->end - p)),
                    (uint32_t)(p - s->begin));
        search_end(&search, n_masks);
    }
    uint64_t quote = block_equal(b, '"'), backslash = block_equal(b, '\\');
    uint64_t odd = block_odd(b), inside = UINT64_MAX;
    s->next = p + WIDTH;
    s->end_seen = s->next >= s->end;
    if (odd != 0) {
        uint64_t feed = s->lines ? block_equal(b, '\n') : 0;
        if (feed != 0) {
            inside = below(feed);
            odd &= line_bytes(b, feed);
            s->end_seen = true;
        }
        if (odd != 0)
            odd_look(s, p, odd & block_wide(b), odd & ~block_wide(b));
    }
    if ((backslash | s->carry) != 0) {
        uint64_t escaped = escaped_bytes(backslash, &s->carry) & inside, strange = 0;
        uint64_t other = escaped & ~backslash & ~quote;
        s->escapes |= ((backslash | escaped) & inside) != 0;
        quote &= ~escaped;
        if (other != 0)
            s->hidden |= hiding(b, other, &strange) != 0;
        if (strange != 0)
            s->faulty |= !escapes_hold(p, strange, s->end);
    }
    return places_put(to, quote & inside, (uint32_t)(p - s->begin));
}

struct listing {
    uint32_t *to;
    uint64_t carry, escapes;
    bool wide;
};

/* The block b at place `at`, of which the bytes `inside` have no control characters.
 * False: an escape in it wants a look, and it is not listed. */
static inline __attribute__((always_inline)) bool plain_block(struct listing *l, struct block b,
                                                              uint64_t inside, uint32_t at)
{
    uint64_t quote = block_equal(b, '"'), backslash = block_equal(b, '\\');
    if ((backslash | l->carry) != 0) {
        uint64_t carry = l->carry;
        const uint64_t escaped = escaped_bytes(backslash, &carry);
        const uint64_t other = escaped & ~backslash & ~quote & inside;
        /* how much of a line is escaped nobody foresees, and the look may be cheaper than that */
        if ((LETTERS_CHEAP || other != 0) && UNLIKELY((other & ~block_letters(b)) != 0))
            return false;
        l->carry = carry;
        l->escapes |= backslash & inside;
        quote &= ~escaped;
    }
    quote &= inside;
    if (quote != 0)
        l->to = places_put(l->to, quote, at);
    return true;
}

#ifdef TWO_BLOCKS
/* From place `at` on two blocks at a time, as long as both are plain, the list has room for
 * whatever they hold and there is one more behind them; returns the place of the first one left. */
static inline __attribute__((always_inline)) int64_t
plain_pairs(const uint8_t *begin, int64_t at, int64_t last, const uint32_t *full, struct listing *l,
            struct search *search, const uint32_t n_masks)
{
    const size_t ahead = WIDTH + SEARCH_AHEAD;
    for (;;) {
        const int64_t room = (full - l->to) / (2 * WIDTH) * (2 * WIDTH);
        const int64_t stop = at + room < last - WIDTH ? at + room : last - WIDTH;
        if (at >= stop)
            return at;
        for (; at < stop; at += 2 * WIDTH) {
            const uint8_t *p = begin + at;
            const struct block a = block_load(p), b = block_load(p + WIDTH);
            const uint64_t places = search_places(search, n_masks, a, p, ahead);
            const uint64_t more = search_places(search, n_masks, b, p + WIDTH, ahead);
            if (UNLIKELY(two_odd(a, b)))
                return at;
            if (UNLIKELY(!plain_block(l, a, UINT64_MAX, (uint32_t)at)))
                return at;
            if (UNLIKELY(!plain_block(l, b, UINT64_MAX, (uint32_t)at + WIDTH))) {
                search_note(search, places, (uint32_t)at);
                return at + WIDTH;
            }
            if (UNLIKELY(two_any(places, more))) {
                search_note(search, places, (uint32_t)at);
                search_note(search, more, (uint32_t)at + WIDTH);
            }
        }
    }
}
#else
static inline int64_t plain_pairs(const uint8_t *begin, int64_t at, int64_t last,
                                  const uint32_t *full, struct listing *l, struct search *search,
                                  const uint32_t n_masks)
{
    (void)begin, (void)last, (void)full, (void)l, (void)search, (void)n_masks;
    return at;
}
#endif

/* Blocks as nearly all are: no control characters but the line's end, no bytes beyond ASCII or such
 * as block_pairs knows, escapes of one letter. Ends before the first other one, in which
 * srt_scan.search has been looked for already. There is no call in the loop, so that what it
 * compares with stays in registers. n_masks, of search_masks, is a constant. */
static inline __attribute__((always_inline)) uint32_t *
plain_blocks(struct srt_scan *s, uint32_t *to, const uint32_t n_masks)
{
    const uint8_t *const begin = s->begin;
    const uint32_t *const full = s->quotes + SRT_SCAN_QUOTES;
    const int64_t last = (s->end - begin) - (WIDTH + SEARCH_AHEAD);
    struct search search = search_begin(s, n_masks);
    struct listing l = {.to = to, .carry = s->carry};
    int64_t at = s->next - begin;
    for (;; at += WIDTH) {
        at = plain_pairs(begin, at, last, full, &l, &search, n_masks);
        if (at > last || l.to >= full)
            break;
        const uint8_t *p = begin + at;
        const struct block b = block_load(p);
        const uint64_t odd = block_odd(b);
        search_note(&search, search_places(&search, n_masks, b, p, WIDTH + SEARCH_AHEAD),
                    (uint32_t)at);
        if (UNLIKELY(odd != 0) && odd == block_wide(b) && block_pairs(b, odd)) {
            l.wide = true;
        } else if (UNLIKELY(odd != 0)) {
            s->end_seen = s->lines && p[__builtin_ctzll(odd)] == '\n' &&
                          plain_block(&l, b, below(odd), (uint32_t)at);
            break;
        }
        if (UNLIKELY(!plain_block(&l, b, UINT64_MAX, (uint32_t)at)))
            break;
    }
    s->next = begin + at + (s->end_seen ? WIDTH : 0);
    s->carry = l.carry;
    s->escapes |= l.escapes != 0;
    s->wide |= l.wide;
    search_end(&search, n_masks);
    return l.to;
}

void QUOTES(struct srt_scan *s)
{
    uint32_t *to = s->quotes + s->n_quotes, *const full = s->quotes + SRT_SCAN_QUOTES;
    const uint32_t n_masks = search_masks(s);
    while (!s->end_seen && to < full) {
        if (n_masks == 0)
            to = plain_blocks(s, to, 0);
        else
            to = n_masks == 3 ? plain_blocks(s, to, 3) : plain_blocks(s, to, 4);
        s->end_seen |= s->next >= s->end;
        if (!s->end_seen && to < full)
            to = block_list(s, to);
    }
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
