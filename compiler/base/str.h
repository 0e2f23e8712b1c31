/* Byte slices and interned names.
 *
 * A slice points into a source, an arena or a literal and is never assumed to end in NUL; it lives
 * as long as what it points into. An interned name is an integer: equal text, equal integer, so
 * that names are compared and used as table indices without touching their bytes.
 *
 *     struct str s = STR("Image");
 *     uint32_t id = names_intern(names, s);         names_text(names, id) gives the slice back
 */
#ifndef SIGMATON_BASE_STR_H
#define SIGMATON_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct str {
    const char *p;
    size_t len; /* bytes */
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
/* For printf's %.*s */
#define STR_ARG(s) ((int)(s).len), ((s).p ? (s).p : "")

/* One past the last byte; of an empty slice without a place, NULL, to which nothing may be added.
 */
static inline const char *str_end(struct str s)
{
    return s.len > 0 ? s.p + s.len : s.p;
}

/* What is asked most is inline, so that the length of a literal is no question at run time. */
static inline struct str str_of(const char *z) /* z is NUL-ended */
{
    return (struct str){z, strlen(z)};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool str_eq_z(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

/* The part of s that begins at `off` and has `len` bytes, clipped to s. */
static inline struct str str_sub(struct str s, size_t off, size_t len)
{
    if (off > s.len)
        off = s.len;
    if (len > s.len - off)
        len = s.len - off;
    return (struct str){s.p ? s.p + off : NULL, len};
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

static inline bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

/* ASCII letters compare without case; other bytes as they are. */
bool str_eq_nocase(struct str a, struct str b);
/* By bytes; of two where one begins the other, the shorter first: <0, 0, >0. */
int str_cmp(struct str a, struct str b);
/* Offset of byte c in s, or s.len. */
size_t str_find(struct str s, char c);
struct str str_trim(struct str s); /* ASCII blanks off both ends */
struct str str_dup(struct arena *a, struct str s);
/* printf into the arena. */
struct str str_format(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));
/* Edit distance with early exit: the distance, or `cap` + 1 when it is above cap (for "did you
 * mean"). A swap of neighbours counts one. Texts above STR_DISTANCE_MAX bytes count as far apart.
 */
#define STR_DISTANCE_MAX 127
unsigned str_distance(struct str a, struct str b, unsigned cap);

/* UTF-8: decodes one code point at p (end exclusive), advances *p; a malformed byte is consumed
 * alone and returned as 0xDC00 + byte, a value that no well-formed text holds. */
uint32_t utf8_next(const char **p, const char *end);
/* Writes code point c (or the malformed marker, as its byte) to out[4]; returns the bytes written.
 */
size_t utf8_put(uint32_t c, char out[4]);
bool utf8_valid(struct str s);
/* Characters, and bytes that are part of none. */
size_t utf8_count(struct str s);

/* A growing text, for printers. */
struct text {
    struct arena *arena;
    char *p;
    size_t len, cap;
};
void text_init(struct text *t, struct arena *a);
void text_add(struct text *t, struct str s);
void text_addz(struct text *t, const char *z);
void text_addf(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));
/* s between double quotes; quote, backslash and control bytes as \", \\, \n, \t, \r, \xHH; the rest
 * raw. */
void text_quoted(struct text *t, struct str s);
struct str text_str(const struct text *t);

/* The interner. Id 0 is the empty name. */
struct names;
struct names *names_new(struct arena *a);
uint32_t names_intern(struct names *n, struct str s); /* copies s into the arena on first sight */
/* The id of s, or UINT32_MAX when it was never interned. */
uint32_t names_find(const struct names *n, struct str s);
struct str names_text(const struct names *n, uint32_t id);
uint32_t names_count(const struct names *n);

uint64_t hash_bytes(const void *p, size_t len, uint64_t seed);

#endif
