/* JSON escapes into text. SEMANTICS section 5. */
#include <string.h>

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

static uint32_t simple_escape(uint8_t c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

size_t srt_unescape(uint8_t *to, const uint8_t *p, size_t len)
{
    uint8_t *start = to;
    const uint8_t *end = p + len;
    while (p < end) {
        const uint8_t *backslash = memchr(p, '\\', (size_t)(end - p));
        size_t plain = (size_t)((backslash != NULL ? backslash : end) - p);
        memcpy(to, p, plain);
        to += plain;
        p += plain;
        if (p == end)
            break;
        uint8_t c = p[1];
        p += 2;
        to = utf8_put(to, c == 'u' ? unicode_escape(&p, end) : simple_escape(c));
    }
    return (size_t)(to - start);
}
