/* The walk's run along plain members, once for each level that has instructions for it. The level's
 * file has defined RUN, AHEAD, which are bytes that must stand behind a member's quotes, and
 *
 *     bool key_equal(name, key, len)     whether key[len], two bytes or more, is name->text
 *     bool has_escapes(p, n)             whether p[n] has a backslash
 *
 * and, where it has better ones, DIGITS and, of 1 to DIGITS bytes,
 *
 *     bool digits_hold(p, n)             whether p[n] are digits
 *     uint64_t digits_number(p, n)       their number
 */
#include <string.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* The n <= 8 bytes at p, from which on eight may be read, less '0': a word's upper bytes, the last
 * one highest. Source of what is made of it: simdjson's parse_eight_digits_unrolled. */
static inline uint64_t eight_at(const uint8_t *p, size_t n)
{
    return (sigmaton_name_word(p) ^ EACH_BYTE('0')) << (64 - 8 * n);
}

static inline bool eight_hold(const uint8_t *p, size_t n)
{
    const uint64_t v = eight_at(p, n);
    return ((v | (v + EACH_BYTE(6))) & EACH_BYTE(0xf0)) == 0;
}

static inline uint64_t eight_number(const uint8_t *p, size_t n)
{
    uint64_t v = eight_at(p, n);
    v = (v * 10 + (v >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v * 100 + (v >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (uint32_t)(v * 10000 + (v >> 32));
}

#ifndef DIGITS
#define DIGITS 8
#define digits_hold eight_hold
#define digits_number eight_number
#endif

/* Most integers are short. */
static inline bool integer_short(const uint8_t *p, size_t n)
{
    return n - 1 < DIGITS && (*p != '0' || n == 1) && digits_hold(p, n);
}

/* The integer that the n bytes at p write, from which on nine may be read. false: they write none,
 * or one beyond 64 bits. */
static __attribute__((noinline)) bool integer_long(const uint8_t *p, size_t n, uint64_t *ret_number)
{
    const bool negative = *p == '-';
    p += negative;
    n -= negative;
    if (n - 1 >= 19 || (*p == '0' && (n > 1 || negative)))
        return false;
    size_t i = (n - 1) % 8 + 1;
    uint64_t v = eight_number(p, i);
    bool ok = eight_hold(p, i);
    for (; i < n; i += 8) {
        ok &= eight_hold(p + i, 8);
        v = v * 100000000 + eight_number(p + i, 8);
    }
    *ret_number = negative ? 0 - v : v;
    return ok && v <= (uint64_t)INT64_MAX + negative;
}

/* What a key is that its bucket's text is not. */
static __attribute__((noinline)) const struct srt_scan_name *
name_other(const struct srt_scanner *scanner, const uint8_t *key, uint32_t len)
{
    const struct srt_scan_name *name = srt_scan_name_find(scanner, key, len);
    return name != NULL && name->slot != SIGMATON_NO_SLOT ? name : NULL;
}

/* A slot is filled before it is known what stands behind its value: whoever then reads the member
 * finds it filled, and nothing left to do but to look at the value's end. */
struct srt_scan_place RUN(struct srt_scan *s, const struct srt_scan_place from) {
    const struct srt_scanner *const scanner = s->scanner;
    const uint8_t *const begin = s->begin;
    uint8_t *const slots = (uint8_t *)s->event->slots;
    struct sigmaton_slot **filled = s->event->filled + s->event->n_filled;
    const uint32_t kind = s->escapes ? SIGMATON_ESCAPED : SIGMATON_TEXT;
    /* Nothing of an event that is too near the end; and of SRT_SCAN_NO_QUOTE. */
    const size_t size = (size_t)(s->end - begin);
    const uint32_t safe = size > AHEAD ? (uint32_t)(size - AHEAD) : 0;
    const uint32_t *at = from.quote;
    uint32_t n_integers = 0;
    bool closed = false;
    if (at[0] != (uint32_t)(from.p - begin))
        return from;
    while (at[3] <= safe) {
        const uint8_t *key = begin + at[0] + 1, *behind = begin + at[1];
        const uint32_t len = at[1] - at[0] - 1;
        if (UNLIKELY(len - 2 > SRT_SCAN_KEY_MAX - 2))
            break;
        const struct srt_scan_name *name =
            scanner->buckets[srt_scan_bucket(key - 1, behind - 3, len)];
        struct sigmaton_slot *to = NULL;
        if (name != NULL) {
            if (UNLIKELY(!key_equal(name, key, len)))
                name = name_other(scanner, key, len);
            if (LIKELY(name != NULL)) {
                to = (void *)(slots + name->off);
                if (UNLIKELY(to->kind != SIGMATON_ABSENT))
                    break;
            }
        }
        if (LIKELY(memcmp(behind + 1, ":\"", 2) == 0)) {
            const uint8_t *close = begin + at[3];
            if (to != NULL) {
                const uint8_t *value = behind + 3;
                const size_t n = (size_t)(close - value);
                uint32_t as = kind;
                if (name->eager) {
                    if (UNLIKELY(has_escapes(value, n)))
                        break;
                    as = SIGMATON_TEXT;
                }
                to->at.text = value;
                to->len = (uint32_t)n;
                to->kind = as;
                *filled++ = to;
            }
            if (UNLIKELY(memcmp(close + 1, ",\"", 2) != 0)) {
                closed = close[1] == '}';
                break;
            }
            at += 4;
        } else {
            const uint8_t *value = behind + 2, *next = begin + at[2];
            const size_t n = (size_t)(next - 1 - value);
            uint64_t number = 0;
            if (behind[1] != ':' || next[-1] != ',')
                break;
            const bool is_short = integer_short(value, n);
            if (UNLIKELY(!is_short) && !integer_long(value, n, &number))
                break;
            if (to != NULL) {
                to->at.text = value;
                to->number = LIKELY(is_short) ? digits_number(value, n) : number;
                to->len = (uint32_t)n;
                to->kind = SIGMATON_INT;
                *filled++ = to;
            }
            at += 2;
            n_integers++;
        }
    }
    at += closed ? 4 : 0;
    s->event->n_filled = (uint32_t)(filled - s->event->filled);
    s->n_values += (uint32_t)(at - from.quote) / 2 + n_integers;
    /* Behind an integer stands the quote that is the next; more may not be listed yet. */
    const bool listed = !closed && at[0] != SRT_SCAN_NO_QUOTE;
    return (struct srt_scan_place){at, begin + (listed ? at[0] : at[-1] + (closed ? 1 : 2))};
}
