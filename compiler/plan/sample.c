#include "sample.h"

#include <string.h>

#include "arena.h"
#include "vec.h"

struct reader {
    struct arena *arena;
    const char *p, *end; /* of the line */
    const char *why;
    VEC(struct str) values;
    char open[SAMPLE_DEPTH_MAX]; /* what closes each object and array */
    unsigned depth;
};

static bool wrong(struct reader *r, const char *why)
{
    r->why = why;
    return false;
}

static void skip_blanks(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\r'))
        r->p++;
}

static bool take(struct reader *r, char c)
{
    skip_blanks(r);
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

/* ---- strings ---- */

static bool hex4(const char *p, const char *end, uint32_t *ret)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t v = 0;
    if (end - p < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        char c = p[i] >= 'A' && p[i] <= 'F' ? (char)(p[i] + 32) : p[i];
        const char *at = c != '\0' ? strchr(digits, c) : NULL;
        if (!at)
            return false;
        v = v << 4 | (uint32_t)(at - digits);
    }
    *ret = v;
    return true;
}

/* Halves of a pair count as what they are not, which no text of a rule is. */
static bool decoded(struct reader *r, struct str raw, struct str *ret)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    struct text t;
    text_init(&t, r->arena);
    for (const char *p = raw.p, *end = str_end(raw); p < end; p++) {
        char bytes[4];
        uint32_t c;
        if (*p != '\\') {
            text_add(&t, (struct str){p, 1});
            continue;
        }
        p++;
        const char *letter = *p != '\0' ? strchr(letters, *p) : NULL;
        if (letter) {
            text_add(&t, (struct str){&meant[letter - letters], 1});
        } else if (*p == 'u' && hex4(p + 1, end, &c)) {
            p += 4;
            text_add(&t,
                     (struct str){bytes, utf8_put(c >= 0xD800 && c < 0xE000 ? 0xFFFD : c, bytes)});
        } else {
            return wrong(r, "a string has an unknown escape");
        }
    }
    *ret = text_str(&t);
    return true;
}

/* Behind its opening quote. */
static bool string(struct reader *r, struct str *ret)
{
    const char *from = r->p;
    bool escapes = false;
    for (; r->p < r->end && *r->p != '"'; r->p++) {
        if (*r->p == '\\') {
            escapes = true;
            if (++r->p == r->end)
                break;
        }
    }
    if (r->p >= r->end)
        return wrong(r, "a string has no end");
    *ret = (struct str){from, (size_t)(r->p++ - from)};
    return !escapes || decoded(r, *ret, ret);
}

/* ---- values ---- */

/* A number or a word. */
static bool token(struct reader *r)
{
    const char *from = r->p;
    while (r->p < r->end && *r->p != '\0' && strchr("+-.0123456789Eaeflnrstu", *r->p))
        r->p++;
    struct str s = {from, (size_t)(r->p - from)};
    if (str_eq(s, STR("true")) || str_eq(s, STR("false")) || str_eq(s, STR("null")))
        return true;
    for (size_t i = 0; i < s.len; i++)
        if (!strchr("+-.0123456789Ee", s.p[i]))
            return wrong(r, "a value is none of JSON's");
    if (s.len == 0)
        return wrong(r, "a value is missing");
    *VEC_PUSH(r->arena, &r->values) = s;
    return true;
}

static bool enter(struct reader *r, char closing)
{
    if (r->depth == SAMPLE_DEPTH_MAX)
        return wrong(r, "objects and arrays stand too deep in each other");
    r->open[r->depth++] = closing;
    return true;
}

static bool key(struct reader *r)
{
    struct str name;
    if (!take(r, '"'))
        return wrong(r, "a key is missing");
    return string(r, &name) && (take(r, ':') || wrong(r, "a key has no value"));
}

/* A value, or the beginning of one that holds others. *ret_whole: nothing of it is left to read. */
static bool value(struct reader *r, bool *ret_whole)
{
    struct str s;
    *ret_whole = true;
    if (take(r, '{') || take(r, '[')) {
        char closing = r->p[-1] == '{' ? '}' : ']';
        if (take(r, closing))
            return true;
        *ret_whole = false;
        return enter(r, closing) && (closing == ']' || key(r));
    }
    if (!take(r, '"'))
        return token(r);
    if (!string(r, &s))
        return false;
    *VEC_PUSH(r->arena, &r->values) = s;
    return true;
}

/* What follows a value: the end of what it stands in, or another. */
static bool go_on(struct reader *r)
{
    while (r->depth > 0 && take(r, r->open[r->depth - 1]))
        r->depth--;
    if (r->depth == 0)
        return true;
    if (!take(r, ','))
        return wrong(r, "a comma is missing, or the end of an object or array");
    return r->open[r->depth - 1] == ']' || key(r);
}

static bool event(struct reader *r)
{
    skip_blanks(r);
    if (r->p == r->end)
        return true;
    if (*r->p != '{')
        return wrong(r, "it is no JSON object");
    do {
        bool whole;
        if (!value(r, &whole) || (whole && !go_on(r)))
            return false;
    } while (r->depth > 0);
    skip_blanks(r);
    return r->p == r->end || wrong(r, "something follows the object");
}

bool plan_sample_read(struct arena *a, struct str text, struct plan_sample *ret_sample,
                      size_t *ret_line, const char **ret_why)
{
    struct reader r = {.arena = a};
    const char *end = str_end(text);
    size_t line = 1;
    size_t mark = text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (const char *p = text.p + mark; p < end; p = r.end + 1, line++) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        r.p = p;
        r.end = lf ? lf : end;
        if (!event(&r)) {
            *ret_line = line;
            *ret_why = r.why;
            return false;
        }
    }
    *ret_sample = (struct plan_sample){r.values.v, r.values.n};
    return true;
}
