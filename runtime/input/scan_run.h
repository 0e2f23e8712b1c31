/* The walk's run along plain members, once for each level that has instructions for it. The level's
 * file has defined RUN, AHEAD, which are bytes that must stand behind a member's quotes, and
 *
 *     bool key_equal(name, key, len)   whether key[len], of 2 to SRT_SCAN_KEY_MAX bytes, is
 * name->text bool has_escapes(p, n)           whether p[n] has a backslash
 */
#include <string.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* The number of the n <= 8 digits at p, from which on eight bytes may be read. false: some is none.
 * Source: simdjson's parse_eight_digits_unrolled. */
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

#ifndef DIGITS
#define DIGITS 8
static inline bool digits_read(const uint8_t *p, size_t n, uint64_t *ret_number)
{
    return eight_digits(p, n, ret_number);
}
#endif

/* The same of any integer, from which on nine bytes may be read. false: the n bytes at p write
 * none, or one beyond 64 bits. */
static __attribute__((noinline)) bool integer_other(const uint8_t *p, size_t n,
                                                    uint64_t *ret_number)
{
    const bool negative = *p == '-';
    p += negative;
    n -= negative;
    if (n - 1 >= 19 || (*p == '0' && (n > 1 || negative)))
        return false;
    uint64_t v, more;
    size_t i = (n - 1) % 8 + 1;
    bool ok = eight_digits(p, i, &v);
    for (; i < n; i += 8) {
        ok &= eight_digits(p + i, 8, &more);
        v = v * 100000000 + more;
    }
    *ret_number = negative ? 0 - v : v;
    return ok && v <= (uint64_t)INT64_MAX + negative;
}

static inline bool integer_read(const uint8_t *p, size_t n, uint64_t *ret_number)
{
    if (LIKELY(n - 1 < DIGITS && (*p != '0' || n == 1) && digits_read(p, n, ret_number)))
        return true;
    return integer_other(p, n, ret_number);
}

static inline uint32_t four_at(const uint8_t *p)
{
    uint32_t four;
    memcpy(&four, p, sizeof four);
    return four;
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
    const struct srt_scan_name *const names = scanner->names;
    struct sigmaton_slot *const slots = s->event->slots;
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
        const uint32_t which =
            scanner->buckets[srt_scan_bucket(four_at(key - 1), four_at(behind - 3), len)];
        const struct srt_scan_name *name = NULL;
        struct sigmaton_slot *to = NULL;
        if (which != 0) {
            name = &names[which];
            if (UNLIKELY(!key_equal(name, key, len)))
                name = name_other(scanner, key, len);
            if (name != NULL) {
                to = &slots[name->slot];
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
            uint64_t number;
            if (behind[1] != ':' || next[-1] != ',' ||
                !integer_read(value, (size_t)(next - 1 - value), &number))
                break;
            if (to != NULL) {
                to->at.text = value;
                to->number = number;
                to->len = (uint32_t)(next - 1 - value);
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
