#include "leaf_text.h"

#include <string.h>

size_t srt_utf8_sequence(const uint8_t *p, const uint8_t *end)
{
    size_t left = (size_t)(end - p);
    uint8_t b = p[0];
    if (b < 0x80)
        return 1;
    if (b >= 0xc2 && b <= 0xdf)
        return left >= 2 && (p[1] & 0xc0) == 0x80 ? 2 : 0;
    uint8_t lo = 0x80, hi = 0xbf; /* of the second byte */
    if (b >= 0xe0 && b <= 0xef) {
        if (b == 0xe0)
            lo = 0xa0;
        if (b == 0xed)
            hi = 0x9f;
        return left >= 3 && p[1] >= lo && p[1] <= hi && (p[2] & 0xc0) == 0x80 ? 3 : 0;
    }
    if (b < 0xf0 || b > 0xf4)
        return 0;
    if (b == 0xf0)
        lo = 0x90;
    if (b == 0xf4)
        hi = 0x8f;
    return left >= 4 && p[1] >= lo && p[1] <= hi && (p[2] & 0xc0) == 0x80 && (p[3] & 0xc0) == 0x80
               ? 4
               : 0;
}

static bool is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

size_t srt_escape_length(const uint8_t *p, const uint8_t *end, const char **ret_what)
{
    size_t left = (size_t)(end - p);
    *ret_what = NULL;
    if (left < 2)
        return 0;
    switch (p[1]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return 2;
    case 'u':
        break;
    default:
        *ret_what = "an unknown escape";
        return 0;
    }
    for (size_t i = 2; i < 6; i++) {
        if (i == left)
            return 0;
        if (!is_hex(p[i])) {
            *ret_what = "\\u without four hexadecimal digits";
            return 0;
        }
    }
    return 6;
}

bool srt_escape_holds(const uint8_t *p, const uint8_t *end)
{
    const char *what;
    return srt_escape_length(p - 1, end, &what) != 0;
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Nonzero when a byte of w is a backslash, a control character or not ASCII. */
static uint64_t special_bytes(uint64_t w)
{
    uint64_t backslash = w ^ EACH_BYTE('\\');
    return ((backslash - EACH_BYTE(1)) | (w - EACH_BYTE(0x20)) | w) & EACH_BYTE(0x80);
}

const char *srt_text_fault(const uint8_t *p, size_t len, const uint8_t **ret_at)
{
    const uint8_t *end = p + len;
    while (p < end) {
        uint64_t w;
        if (end - p >= 8 && (memcpy(&w, p, 8), special_bytes(w)) == 0) {
            p += 8;
            continue;
        }
        const char *what = "malformed UTF-8";
        size_t n = *p < 0x80 ? 1 : srt_utf8_sequence(p, end);
        if (*p == '\\') {
            n = srt_escape_length(p, end, &what);
            if (n == 0 && what == NULL)
                what = "\\u without four hexadecimal digits"; /* the string ends in it */
        } else if (*p < 0x20) {
            n = 0;
            what = "a control character in a string";
        }
        *ret_at = p;
        if (n == 0)
            return what;
        p += n;
    }
    return NULL;
}

bool srt_text_is_sound(const uint8_t *p, size_t len)
{
    const uint8_t *end = p + len;
    while (p < end) {
        uint64_t w;
        if (end - p >= 8) {
            memcpy(&w, p, 8);
            if ((((w - EACH_BYTE(0x20)) | w) & EACH_BYTE(0x80)) == 0) {
                p += 8;
                continue;
            }
        }
        size_t n = *p < 0x20 ? 0 : *p < 0x80 ? 1 : srt_utf8_sequence(p, end);
        if (n == 0)
            return false;
        p += n;
    }
    return true;
}

static struct sigmaton_slot leaf_of(uint32_t kind, const void *text, size_t len, uint64_t number)
{
    return (struct sigmaton_slot){
        .at.text = text, .number = number, .len = (uint32_t)len, .kind = kind};
}

bool srt_number_leaf(struct srt_event *event, const uint8_t *token, uint32_t len,
                     struct sigmaton_slot *ret_leaf)
{
    bool is_integer = true;
    for (uint32_t i = 0; i < len && is_integer; i++)
        is_integer = token[i] == '-' || (token[i] >= '0' && token[i] <= '9');
    struct srt_number number;
    if (is_integer && len == 2 && token[0] == '-' && token[1] == '0') {
        *ret_leaf = leaf_of(SIGMATON_INT, "0", 1, 0);
    } else if (!srt_number_read(token, len, &number)) { /* its double is infinite */
        *ret_leaf = leaf_of(SIGMATON_TEXT, token, len, 0);
    } else if (is_integer) {
        *ret_leaf = leaf_of(number.kind, token, len, number.bits);
    } else {
        uint8_t *text = srt_event_text(event, SRT_NUMBER_TEXT);
        if (text == NULL)
            return false;
        size_t n = srt_number_text(srt_number_double(number.bits), (char *)text);
        *ret_leaf = leaf_of(number.kind, text, n, number.bits);
    }
    return true;
}

void srt_literal_leaf(uint8_t first, struct sigmaton_slot *ret_leaf)
{
    if (first == 't')
        *ret_leaf = leaf_of(SIGMATON_BOOL, "true", 4, 1);
    else if (first == 'f')
        *ret_leaf = leaf_of(SIGMATON_BOOL, "false", 5, 0);
    else
        *ret_leaf = leaf_of(SIGMATON_NULL, NULL, 0, 0);
}
