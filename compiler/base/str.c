#include "str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.p, b.p, len) : 0;
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

size_t str_find(struct str s, char c)
{
    const char *at = s.len > 0 ? memchr(s.p, c, s.len) : NULL;
    return at ? (size_t)(at - s.p) : s.len;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_blank(s.p[0]))
        s = str_sub(s, 1, s.len);
    while (s.len > 0 && is_blank(s.p[s.len - 1]))
        s.len--;
    return s;
}

struct str str_dup(struct arena *a, struct str s)
{
    return (struct str){arena_copy(a, s.p, s.len), s.len};
}

struct str str_format(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        va_end(again);
        return (struct str){NULL, 0};
    }
    /* arena_alloc may leave by longjmp; glibc's va_end has nothing to release. */
    char *p = arena_alloc(a, (size_t)len + 1);
    vsnprintf(p, (size_t)len + 1, format, again);
    va_end(again);
    return (struct str){p, (size_t)len};
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Optimal string alignment: insertions, deletions, replacements and swaps of neighbours count one.
 */
unsigned str_distance(struct str a, struct str b, unsigned cap)
{
    size_t gap = a.len > b.len ? a.len - b.len : b.len - a.len;
    if (gap > cap || a.len > STR_DISTANCE_MAX || b.len > STR_DISTANCE_MAX)
        return cap + 1;
    unsigned rows[3][STR_DISTANCE_MAX + 1];
    for (unsigned j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a.len; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        unsigned best = row[0] = i;
        for (unsigned j = 1; j <= b.len; j++) {
            unsigned swap = above[j - 1] + (a.p[i - 1] != b.p[j - 1]);
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
                above2[j - 2] + 1 < swap)
                swap = above2[j - 2] + 1;
            row[j] = min3(above[j] + 1, row[j - 1] + 1, swap);
            best = row[j] < best ? row[j] : best;
        }
        if (best > cap + 1) /* a swap may still take one off */
            return cap + 1;
    }
    unsigned distance = rows[a.len % 3][b.len];
    return distance > cap ? cap + 1 : distance;
}

/* Length of the sequence that begins with c, and the range of its second byte; 0 for none. */
static unsigned sequence(unsigned char c, unsigned char *ret_low, unsigned char *ret_high)
{
    *ret_low = 0x80;
    *ret_high = 0xBF;
    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c <= 0xDF)
        return 2;
    if (c >= 0xE0 && c <= 0xEF) {
        if (c == 0xE0)
            *ret_low = 0xA0; /* shorter forms exist */
        if (c == 0xED)
            *ret_high = 0x9F; /* surrogates */
        return 3;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        if (c == 0xF0)
            *ret_low = 0x90;
        if (c == 0xF4)
            *ret_high = 0x8F; /* beyond U+10FFFF */
        return 4;
    }
    return 0;
}

uint32_t utf8_next(const char **p, const char *end)
{
    const unsigned char *s = (const unsigned char *)*p;
    unsigned char low, high;
    unsigned n = sequence(s[0], &low, &high);
    (*p)++;
    if (n == 1)
        return s[0];
    uint32_t malformed = 0xDC00u + s[0];
    if (n == 0 || (size_t)(end - *p) < n - 1 || s[1] < low || s[1] > high)
        return malformed;
    uint32_t c = s[0] & (0x7Fu >> n);
    for (unsigned i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return malformed;
        c = c << 6 | (s[i] & 0x3Fu);
    }
    *p += n - 1;
    return c;
}

size_t utf8_put(uint32_t c, char out[4])
{
    if (c < 0x80 || (c >= 0xDC80 && c <= 0xDCFF)) {
        out[0] = (char)(c & 0xFF);
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (c >> 18 & 0x07));
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

size_t utf8_count(struct str s)
{
    size_t n = 0;
    for (const char *p = s.p, *end = str_end(s); p < end; n++) {
        if ((unsigned char)*p < 0x80)
            p++;
        else
            utf8_next(&p, end);
    }
    return n;
}

bool utf8_valid(struct str s)
{
    if (s.len == 0)
        return true;
    const char *p = s.p, *end = str_end(s);
    while (p < end) {
        if ((unsigned char)*p < 0x80) {
            p++;
            continue;
        }
        uint32_t c = utf8_next(&p, end);
        if (c >= 0xDC80 && c <= 0xDCFF)
            return false;
    }
    return true;
}

void text_init(struct text *t, struct arena *a)
{
    *t = (struct text){.arena = a};
}

/* Makes room for n more bytes and a NUL. */
static void text_reserve(struct text *t, size_t n)
{
    if (n >= SIZE_MAX - t->len)
        arena_out_of_memory(t->arena);
    size_t need = t->len + n + 1;
    if (need <= t->cap)
        return;
    size_t cap = t->cap > 0 && t->cap <= SIZE_MAX / 2 ? t->cap * 2 : 64;
    if (cap < need)
        cap = need;
    char *p = arena_alloc(t->arena, cap);
    if (t->len > 0)
        memcpy(p, t->p, t->len);
    t->p = p;
    t->cap = cap;
}

void text_add(struct text *t, struct str s)
{
    if (s.len == 0)
        return;
    text_reserve(t, s.len);
    memcpy(t->p + t->len, s.p, s.len);
    t->len += s.len;
}

void text_addz(struct text *t, const char *z)
{
    text_add(t, str_of(z));
}

void text_addf(struct text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len > 0) {
        text_reserve(t, (size_t)len);
        vsnprintf(t->p + t->len, (size_t)len + 1, format, again);
        t->len += (size_t)len;
    }
    va_end(again);
}

void text_quoted(struct text *t, struct str s)
{
    text_addz(t, "\"");
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != 0x7F && c != '"' && c != '\\')
            continue;
        text_add(t, str_sub(s, from, i - from));
        from = i + 1;
        if (c == '"' || c == '\\')
            text_addf(t, "\\%c", c);
        else if (c == '\n' || c == '\t' || c == '\r')
            text_addz(t, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
        else
            text_addf(t, "\\x%02X", c);
    }
    text_add(t, str_sub(s, from, s.len - from));
    text_addz(t, "\"");
}

struct str text_str(const struct text *t)
{
    return (struct str){t->p, t->len};
}
