#include "event_tree.h"

#include <string.h>

#include "vec.h"

struct reader {
    struct arena *arena;
    const char *start, *p, *end;
    struct json_error error; /* what == NULL: none yet */
    struct json_error fault; /* of the first string that has one */
};

static struct json *read_value(struct reader *r, unsigned depth);

static void *fail(struct reader *r, const char *what)
{
    if (!r->error.what)
        r->error = (struct json_error){what, (size_t)(r->p - r->start)};
    return NULL;
}

static void skip_blanks(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

/* The next byte, or 0 at the end (a NUL byte is no JSON outside strings either). */
static char peek(const struct reader *r)
{
    return r->p < r->end ? *r->p : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Length of the JSON number token that s begins with, or 0. */
static size_t number_length(struct str s)
{
    size_t i = 0;
    if (i < s.len && s.p[i] == '-')
        i++;
    if (i == s.len || !is_digit(s.p[i]))
        return 0;
    if (s.p[i] == '0')
        i++;
    else
        while (i < s.len && is_digit(s.p[i]))
            i++;
    if (i + 1 < s.len && s.p[i] == '.' && is_digit(s.p[i + 1])) {
        i += 2;
        while (i < s.len && is_digit(s.p[i]))
            i++;
    }
    if (i < s.len && (s.p[i] == 'e' || s.p[i] == 'E')) {
        size_t k = i + 1;
        if (k < s.len && (s.p[k] == '+' || s.p[k] == '-'))
            k++;
        if (k < s.len && is_digit(s.p[k])) {
            while (k < s.len && is_digit(s.p[k]))
                k++;
            i = k;
        }
    }
    return i;
}

bool json_is_number(struct str s)
{
    return s.len > 0 && number_length(s) == s.len;
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Four hex digits at p; -1 when they are not there. */
static int32_t hex4(const char *p, const char *end)
{
    if (end - p < 4)
        return -1;
    int32_t c = 0;
    for (int i = 0; i < 4; i++) {
        int h = hex_value(p[i]);
        if (h < 0)
            return -1;
        c = c * 16 + h;
    }
    return c;
}

/* What follows `\u`: one code point, of two escapes where they are a surrogate pair. A surrogate
 * without its partner is U+FFFD, and what follows it is read for itself. */
static bool read_unicode_escape(struct reader *r, uint32_t *ret_c)
{
    int32_t c = hex4(r->p, r->end);
    if (c < 0)
        return fail(r, "a \\u escape without four hex digits");
    r->p += 4;
    if (c >= 0xD800 && c <= 0xDBFF && r->end - r->p >= 2 && r->p[0] == '\\' && r->p[1] == 'u') {
        int32_t low = hex4(r->p + 2, r->end);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            r->p += 6;
            *ret_c = 0x10000 + ((uint32_t)(c - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
            return true;
        }
    }
    *ret_c = c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : (uint32_t)c;
    return true;
}

/* What follows a backslash, appended at out; returns the bytes written, 0 on error. */
static size_t read_escape(struct reader *r, char *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = peek(r);
    const char *known = c ? strchr(from, c) : NULL;
    if (known) {
        r->p++;
        *out = to[known - from];
        return 1;
    }
    if (c != 'u') {
        fail(r, "an unknown escape in a string");
        return 0;
    }
    r->p++;
    uint32_t code = 0;
    return read_unicode_escape(r, &code) ? utf8_put(code, out) : 0;
}

/* The bytes of a string whose opening quote is next, as they stand. A backslash and what follows it
 * are one, whatever it is. */
static bool find_string(struct reader *r, struct str *ret_raw)
{
    const char *start = ++r->p;
    while (r->p < r->end && *r->p != '"') {
        if (*r->p == '\n')
            return fail(r, "a line end in a string");
        r->p += *r->p == '\\' && r->end - r->p > 1 && r->p[1] != '\n' ? 2 : 1;
    }
    if (r->p == r->end)
        return fail(r, "a string without its closing quote");
    *ret_raw = (struct str){start, (size_t)(r->p++ - start)};
    return true;
}

static size_t malformed_at(struct str s);

/* The text that a string's bytes stand for. */
static bool decode(struct reader *r, struct str raw, struct str *ret_text)
{
    /* No escape is shorter than what it stands for. */
    char *out = arena_alloc(r->arena, raw.len + 1);
    size_t n = 0, bad = malformed_at(raw);
    for (r->p = raw.p; r->p < str_end(raw);) {
        unsigned char c = (unsigned char)*r->p;
        if (c < 0x20)
            return fail(r, "a control character in a string");
        if (r->p == raw.p + bad)
            return fail(r, "a byte that is no UTF-8");
        r->p++;
        if (c != '\\') {
            out[n++] = (char)c;
            continue;
        }
        size_t len = read_escape(r, out + n);
        if (len == 0)
            return false;
        n += len;
    }
    *ret_text = (struct str){out, n};
    return true;
}

/* A key: structure, so all of it must be sound. */
static bool read_key(struct reader *r, struct str *ret_text)
{
    struct str raw;
    if (!find_string(r, &raw) || !decode(r, raw, ret_text))
        return false;
    r->p = str_end(raw) + 1;
    return true;
}

/* A string that is a value. Its fault, if it has one, is remembered with it. */
static bool read_string(struct reader *r, struct json *value)
{
    struct str raw;
    if (!find_string(r, &raw))
        return false;
    if (!decode(r, raw, &value->text)) {
        value->fault = r->error;
        value->text = STR("");
        r->error = (struct json_error){0};
        if (!r->fault.what)
            r->fault = value->fault;
    }
    r->p = str_end(raw) + 1;
    return true;
}

/* Drops every later pair whose key an earlier one has. The keys are told apart by hash, because an
 * event may hold tens of thousands. */
static void drop_duplicate_keys(struct arena *a, struct json *object)
{
    size_t n_slots = 8;
    while (n_slots < object->n * 2)
        n_slots *= 2;
    size_t *slots = ARENA_ARRAY(a, n_slots, size_t); /* index + 1; 0: free */
    size_t kept = 0;
    for (size_t i = 0; i < object->n; i++) {
        struct str key = object->keys[i];
        size_t s = hash_bytes(key.p, key.len, 0) & (n_slots - 1);
        while (slots[s] != 0 && !str_eq(object->keys[slots[s] - 1], key))
            s = (s + 1) & (n_slots - 1);
        if (slots[s] != 0)
            continue;
        object->keys[kept] = key;
        object->items[kept] = object->items[i];
        slots[s] = ++kept;
    }
    object->n = kept;
}

static struct json *read_object(struct reader *r, struct json *object, unsigned depth)
{
    VEC(struct str) keys = {0};
    VEC(struct json *) items = {0};
    object->kind = JSON_OBJECT;
    r->p++;
    skip_blanks(r);
    for (bool first = true; first || peek(r) != '}'; first = false) {
        if (first && peek(r) == '}')
            break;
        if (!first) {
            if (peek(r) != ',')
                return fail(r, "an object goes on without comma or closing brace");
            r->p++;
            skip_blanks(r);
        }
        if (peek(r) != '"')
            return fail(r, "an object key is no string");
        if (!read_key(r, VEC_PUSH(r->arena, &keys)))
            return NULL;
        skip_blanks(r);
        if (peek(r) != ':')
            return fail(r, "an object key without its colon");
        r->p++;
        struct json *value = read_value(r, depth + 1);
        if (!value)
            return NULL;
        *VEC_PUSH(r->arena, &items) = value;
        skip_blanks(r);
    }
    r->p++;
    object->keys = keys.v;
    object->items = items.v;
    object->n = items.n;
    drop_duplicate_keys(r->arena, object);
    return object;
}

static struct json *read_array(struct reader *r, struct json *array, unsigned depth)
{
    VEC(struct json *) items = {0};
    array->kind = JSON_ARRAY;
    r->p++;
    skip_blanks(r);
    for (bool first = true; first || peek(r) != ']'; first = false) {
        if (first && peek(r) == ']')
            break;
        if (!first) {
            if (peek(r) != ',')
                return fail(r, "an array goes on without comma or closing bracket");
            r->p++;
        }
        struct json *value = read_value(r, depth + 1);
        if (!value)
            return NULL;
        *VEC_PUSH(r->arena, &items) = value;
        skip_blanks(r);
    }
    r->p++;
    array->items = items.v;
    array->n = items.n;
    return array;
}

static struct json *read_word(struct reader *r, struct json *value)
{
    static const struct {
        const char *word;
        enum json_kind kind;
        bool boolean;
    } words[] = {
        {"null", JSON_NULL, false}, {"true", JSON_BOOL, true}, {"false", JSON_BOOL, false}};
    struct str rest = {r->p, (size_t)(r->end - r->p)};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!str_starts(rest, str_of(words[i].word)))
            continue;
        value->kind = words[i].kind;
        value->boolean = words[i].boolean;
        r->p += strlen(words[i].word);
        return value;
    }
    return fail(r, "no JSON value where one is wanted");
}

static struct json *read_bare(struct reader *r, struct json *value, unsigned depth)
{
    char c = peek(r);
    if (c == '{' || c == '[') {
        if (depth > EVENT_DEPTH_MAX)
            return fail(r, "objects and arrays are nested too deep");
        return c == '{' ? read_object(r, value, depth) : read_array(r, value, depth);
    }
    if (c == '"') {
        value->kind = JSON_STRING;
        return read_string(r, value) ? value : NULL;
    }
    size_t len = number_length((struct str){r->p, (size_t)(r->end - r->p)});
    if (len == 0)
        return read_word(r, value);
    value->kind = JSON_NUMBER;
    value->text = (struct str){r->p, len};
    r->p += len;
    return value;
}

/* Recursion ends at EVENT_DEPTH_MAX. */
static struct json *read_value(struct reader *r, unsigned depth)
{
    skip_blanks(r);
    const char *start = r->p;
    struct json *value = read_bare(r, ARENA_NEW(r->arena, struct json), depth);
    if (value)
        value->raw = (struct str){start, (size_t)(r->p - start)};
    return value;
}

/* Offset of the first byte that is no UTF-8, or s.len. */
static size_t malformed_at(struct str s)
{
    const char *p = s.p, *end = str_end(s);
    while (p < end) {
        const char *here = p;
        uint32_t c = utf8_next(&p, end);
        if (c >= 0xD800 && c <= 0xDFFF)
            return (size_t)(here - s.p);
    }
    return s.len;
}

static struct json *read_all(struct reader *r)
{
    if (str_starts((struct str){r->p, (size_t)(r->end - r->p)}, STR("\xEF\xBB\xBF")))
        r->p += 3;
    struct json *root = read_value(r, 1);
    skip_blanks(r);
    if (root && r->p < r->end)
        root = fail(r, "more text behind the JSON value");
    return root;
}

static struct reader reader_of(struct arena *a, struct str text)
{
    if (!text.p)
        text = STR("");
    return (struct reader){.arena = a, .start = text.p, .p = text.p, .end = text.p + text.len};
}

struct json *json_read(struct arena *a, struct str text, struct json_error *ret_error)
{
    struct reader r = reader_of(a, text);
    struct json *root = read_all(&r);
    if (root && !r.fault.what)
        return root;
    *ret_error = root ? r.fault : r.error;
    return NULL;
}

struct json *json_read_event(struct arena *a, struct str text, struct json_error *ret_error,
                             bool *ret_any_fault)
{
    struct reader r = reader_of(a, text);
    struct json *root = read_all(&r);
    *ret_any_fault = r.fault.what != NULL;
    if (root && root->kind == JSON_OBJECT)
        return root;
    *ret_error = root ? (struct json_error){"an event that is no JSON object", 0} : r.error;
    return NULL;
}
