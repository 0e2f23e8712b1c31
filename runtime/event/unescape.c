/* JSON escapes into text. SEMANTICS section 5. */
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "event.h"

static uint32_t hex4(const uint8_t *p)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        uint8_t c = p[i];
        v = v << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return v;
}

static uint8_t *utf8_put(uint8_t *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (uint8_t)c;
    } else if (c < 0x800) {
        *to++ = (uint8_t)(0xc0 | c >> 6);
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *to++ = (uint8_t)(0xe0 | c >> 12);
        *to++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    } else {
        *to++ = (uint8_t)(0xf0 | c >> 18);
        *to++ = (uint8_t)(0x80 | (c >> 12 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    }
    return to;
}

/* *p stands behind `\u`; reads the second half of a pair too. A lone surrogate is U+FFFD. */
static uint32_t unicode_escape(const uint8_t **p, const uint8_t *end)
{
    uint32_t c = hex4(*p);
    *p += 4;
    if (c < 0xd800 || c > 0xdfff)
        return c;
    if (c > 0xdbff || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
        return 0xfffd;
    uint32_t low = hex4(*p + 2);
    if (low < 0xdc00 || low > 0xdfff)
        return 0xfffd;
    *p += 6;
    return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

/* What stands for an escape of one character; 0: u, the only one longer. */
static const uint8_t short_escapes[256] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

struct place {
    uint8_t *to;
    const uint8_t *p;
};

/* The escape at at.p. */
static struct place escape_put(struct place at, const uint8_t *end)
{
    uint8_t c = short_escapes[at.p[1]];
    at.p += 2;
    if (c != 0)
        *at.to++ = c;
    else
        at.to = utf8_put(at.to, unicode_escape(&at.p, end));
    return at;
}

#if defined(__SSE2__)
#define BLOCK 16
/* Bytes read of a block, the one behind the last escape's included. */
#define BLOCK_READ (2 * BLOCK + 2)

static inline void block_copy(uint8_t *to, const uint8_t *p)
{
    _mm_storeu_si128((__m128i *)(void *)to, _mm_loadu_si128((const __m128i *)(const void *)p));
}

/* One block. Where its escapes stand is known before the first is put, so that no copy waits for
 * the one before it. */
static inline struct place block_put(struct place at, const uint8_t *end)
{
    const uint8_t *block = at.p;
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)block);
    uint32_t escapes = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    if (end - block < BLOCK)
        escapes &= (1u << (end - block)) - 1;
    uint32_t done = 0;
    _mm_storeu_si128((__m128i *)(void *)at.to, v);
    while (escapes != 0) {
        uint32_t i = (uint32_t)__builtin_ctz(escapes);
        uint8_t c = short_escapes[block[i + 1]];
        at.to += i - done;
        if (c == 0)
            return escape_put((struct place){at.to, block + i}, end);
        *at.to++ = c;
        done = i + 2;
        block_copy(at.to, block + done);
        escapes &= ~(3u << i);
    }
    uint32_t all = done > BLOCK ? done : BLOCK;
    return (struct place){at.to + (all - done), block + all};
}
#else
#define BLOCK 1
#define BLOCK_READ SIZE_MAX
static inline struct place block_put(struct place at, const uint8_t *end)
{
    (void)end;
    return at;
}
#endif
_Static_assert(2 * BLOCK <= SRT_UNESCAPE_SLACK, "a block and what is read too much of it");

size_t srt_unescape(const struct srt_seek *seek, uint8_t *to, const uint8_t *p, size_t len,
                    const uint8_t *readable)
{
    const uint8_t *end = p + len;
    struct place at = {to, p};
    while (seek != NULL && seek->unescape != NULL && at.p < end) {
        const struct srt_unescaped done = seek->unescape(at.to, at.p, end);
        at = (struct place){done.to, done.p};
        if (at.p < end)
            at = escape_put(at, end);
    }
    while (at.p < end && (size_t)(readable - at.p) >= BLOCK_READ)
        at = block_put(at, end);
    if (at.p > end) {
        at.to -= at.p - end;
        at.p = end;
    }
    while (at.p < end) {
        if (*at.p == '\\')
            at = escape_put(at, end);
        else
            *at.to++ = *at.p++;
    }
    return (size_t)(at.to - to);
}
