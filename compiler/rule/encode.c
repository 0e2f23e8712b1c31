#include "encode.h"

#include <string.h>

#include "arena.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str encode_base64(struct arena *a, struct str bytes)
{
    char *out = arena_array(a, bytes.len / 3 + 1, 4);
    size_t n = 0;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t group = (uint32_t)(unsigned char)bytes.p[i] << 16;
        if (left > 1)
            group |= (uint32_t)(unsigned char)bytes.p[i + 1] << 8;
        if (left > 2)
            group |= (unsigned char)bytes.p[i + 2];
        out[n++] = alphabet[group >> 18];
        out[n++] = alphabet[group >> 12 & 63];
        out[n++] = left > 1 ? alphabet[group >> 6 & 63] : '=';
        out[n++] = left > 2 ? alphabet[group & 63] : '=';
    }
    return (struct str){out, n};
}

struct str encode_base64_offset(struct arena *a, struct str bytes, unsigned offset)
{
    static const size_t first[BASE64_OFFSETS] = {0, 2, 3};
    static const size_t last[3] = {0, 3,
                                   2}; /* padding and the character that what follows changes */
    char *shifted = arena_alloc(a, bytes.len + offset);
    memcpy(shifted + offset, bytes.p, bytes.len);
    struct str all = encode_base64(a, (struct str){shifted, bytes.len + offset});
    size_t cut = first[offset] + last[(bytes.len + offset) % 3];
    return str_sub(all, first[offset], all.len > cut ? all.len - cut : 0);
}

static size_t put_unit(char *out, size_t n, uint32_t unit, bool big)
{
    out[n] = (char)(unsigned char)(big ? unit >> 8 : unit & 0xff);
    out[n + 1] = (char)(unsigned char)(big ? unit & 0xff : unit >> 8);
    return n + 2;
}

struct str encode_utf16(struct arena *a, struct str utf8, enum utf16_form form)
{
    bool big = form == UTF16_BE;
    char *out = arena_array(a, utf8.len + 1, 2); /* no code point needs more than two per byte */
    size_t n = 0;
    if (form == UTF16_BOM)
        n = put_unit(out, n, 0xfeff, false);
    const char *p = utf8.p, *end = utf8.p + utf8.len;
    while (p < end) {
        uint32_t c = utf8_next(&p, end);
        if (c < 0x10000) {
            n = put_unit(out, n, c, big);
        } else {
            n = put_unit(out, n, 0xd800 + ((c - 0x10000) >> 10), big);
            n = put_unit(out, n, 0xdc00 + ((c - 0x10000) & 0x3ff), big);
        }
    }
    return (struct str){out, n};
}

bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}
