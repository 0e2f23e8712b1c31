/* Random regexes over everything that the parser takes, and texts that have something to do with
 * them. For tests that link ir/; all randomness comes from one number.
 *
 *     struct regex_gen g = {seed};
 *     struct str pattern = regex_gen_pattern(&g, arena);
 *     struct str text = regex_gen_text(&g, arena, re);       often one that `re` is found in
 */
#ifndef SIGMATON_TESTS_REGEX_GEN_H
#define SIGMATON_TESTS_REGEX_GEN_H

#include <sigmaton/fold.h>

#include "arena.h"
#include "regex.h"
#include "regex_set.h"
#include "str.h"

struct regex_gen {
    uint64_t state; /* not 0 */
    bool valid;     /* texts are UTF-8 */
};

static inline uint32_t regex_gen_below(struct regex_gen *g, uint32_t n)
{
    g->state ^= g->state << 13;
    g->state ^= g->state >> 7;
    g->state ^= g->state << 17;
    return (uint32_t)((g->state >> 20) % n);
}

#define REGEX_GEN_PICK(g, array) \
    ((array)[regex_gen_below((g), (uint32_t)(sizeof(array) / sizeof(array)[0]))])

/* ---- Patterns ---- */

static inline void regex_gen_class(struct regex_gen *g, struct text *out)
{
    static const char *const members[] = {
        "a",
        "b",
        "k",
        "s",
        "K",
        "S",
        "x",
        "z",
        "0",
        "9",
        "_",
        ".",
        "-a",
        "a-c",
        "a-z",
        "A-Z",
        "0-9",
        "k-s",
        "\\w",
        "\\W",
        "\\d",
        "\\D",
        "\\s",
        "\\S",
        "\\v",
        "\\n",
        "\\b",
        "\\\\",
        "\\]",
        "\\-",
        "^",
        "[:alpha:]",
        "[:^digit:]",
        "[:punct:]",
        "[:space:]",
        "[:xdigit:]",
        "\u00e9",
        "\u00df",
        "\u017f",
        "\u212a",
        "\u0430-\u044f",
        " ",
        "\\x{1e9e}",
        "\\x{80}-\\x{7ff}",
        "\\x{800}-\\x{ffff}",
        "\\x00-\\x1f",
        "\\x{10000}-\\x{10ffff}",
        "\\x{100}-\\x{20ff}",
        "\U0001f600-\U0001f64f",
        "\\t",
        "$",
        "|",
    };
    text_addz(out, regex_gen_below(g, 3) ? "[" : "[^");
    if (regex_gen_below(g, 12) == 0)
        text_addz(out, "]");
    for (uint32_t n = 1 + regex_gen_below(g, 3); n > 0; n--)
        text_addz(out, REGEX_GEN_PICK(g, members));
    text_addz(out, "]");
}

static inline void regex_gen_alternatives(struct regex_gen *g, struct text *out, uint32_t depth);

static inline void regex_gen_group(struct regex_gen *g, struct text *out, uint32_t depth)
{
    static const char *const opens[] = {"(",      "(",     "(",       "(?:",     "(?:",    "(?i:",
                                        "(?s:",   "(?m:",  "(?-i:",   "(?im-s:", "(?-m:",  "(?<n>",
                                        "(?P<n>", "(?'n'", "(?:(?i)", "((?m)",   "((?s-i)"};
    text_addz(out, REGEX_GEN_PICK(g, opens));
    regex_gen_alternatives(g, out, depth - 1);
    text_addz(out, ")");
}

static inline void regex_gen_quantifier(struct regex_gen *g, struct text *out)
{
    static const char *const all[] = {"*",    "*",      "+",   "+",   "?",     "?",
                                      "*?",   "+?",     "?\?", "{2}", "{0,2}", "{1,3}",
                                      "{2,}", "{0,1}?", "{3}", "{0}", "{1}",   "{2,4}?"};
    text_addz(out, REGEX_GEN_PICK(g, all));
}

static inline void regex_gen_piece(struct regex_gen *g, struct text *out, uint32_t depth)
{
    static const char *const literals[] = {
        "a",      "b",      "k",          "s",          "A",      "K",      "x",      " ",
        "0",      "_",      "-",          "ab",         "b",      "ba",     "cmd",    ".exe",
        "\u00e9", "\u00c9", "\u00df",     "\u017f",     "\u212a", "\u0436", "{",      "]",
        "\u03c2", "\u1e9e", "\U0001f600", "\U0010fffd", "\u07ff", "\u0800", "\uffff", "/"};
    static const char *const escapes[] = {
        "\\d",     "\\D",         "\\w", "\\W",  "\\s", "\\S", "\\v",   "\\V",   "\\t",   "\\n",
        "\\n",     "\\r",         "\\f", "\\a",  "\\e", "\\0", "\\012", "\\x41", "\\xe9", "\\cA",
        "\\x{df}", "\\x{10ffff}", "\\.", "\\\\", "\\*", "\\/", "\\-",   "\\\"",  "\\x",   "\\x61"};
    static const char *const anchors[] = {"^",   "$",   "^",   "$",   "\\b",
                                          "\\B", "\\b", "\\A", "\\z", "\\Z"};
    uint32_t kind = regex_gen_below(g, depth > 0 ? 16 : 13);
    if (kind < 5)
        text_addz(out, REGEX_GEN_PICK(g, literals));
    else if (kind < 7)
        regex_gen_class(g, out);
    else if (kind < 9)
        text_addz(out, REGEX_GEN_PICK(g, escapes));
    else if (kind < 11)
        text_addz(out, ".");
    else if (kind == 11)
        text_addz(out, REGEX_GEN_PICK(g, anchors));
    else if (kind == 12)
        text_addz(out, regex_gen_below(g, 4) ? "a" : "(?#)");
    else
        regex_gen_group(g, out, depth);
    if (kind != 11 && kind != 12 && regex_gen_below(g, 3) == 0)
        regex_gen_quantifier(g, out);
}

static inline void regex_gen_alternatives(struct regex_gen *g, struct text *out, uint32_t depth)
{
    do {
        for (uint32_t n = regex_gen_below(g, 5); n > 0; n--)
            regex_gen_piece(g, out, depth);
    } while (regex_gen_below(g, 5) == 0 && (text_addz(out, "|"), true));
}

/* Stars side by side over few characters: what one takes another may take as well. */
static inline void regex_gen_stars(struct regex_gen *g, struct text *out)
{
    static const char *const pieces[] = {"a",       "b",        "\\n",     ".",
                                         "[^a]",    "[ab]",     "(\\n|a)", "(ab|b)",
                                         "(a\\n?)", "(b|\\s)+", "\\s",     "(a|.b)"};
    static const char *const repeats[] = {"*", "*", "*", "+", "{2,}", "{1,3}", "", "", "?"};
    for (uint32_t n = 3 + regex_gen_below(g, 4); n > 0; n--) {
        text_addf(out, "(?:%s)", REGEX_GEN_PICK(g, pieces));
        text_addz(out, REGEX_GEN_PICK(g, repeats));
    }
}

/* C*X D* with sets of few characters that share some, where the search cannot begin later: the
 * normal form narrows the first star when the second takes what it leaves. */
static inline void regex_gen_narrow(struct regex_gen *g, struct text *out)
{
    static const char *const sets[] = {"a", "a", "b", "[ab]", "[ab]", "[bk]", ".", "[^a]", "\\w"};
    static const char *const first[] = {"^", "^", "x", "\\A", ""};
    static const char *const last[] = {"$", "$", "x", "\\z", ""};
    text_addz(out, REGEX_GEN_PICK(g, first));
    for (uint32_t n = 3 + 2 * regex_gen_below(g, 2), i = 0; i < n; i++)
        text_addf(out, "%s%s", REGEX_GEN_PICK(g, sets), i % 2 == 0 ? "*" : "");
    text_addz(out, REGEX_GEN_PICK(g, last));
}

/* Counts up to their limits between few characters, which the counted sets have or lack. */
static inline void regex_gen_counts(struct regex_gen *g, struct text *out)
{
    static const char *const pieces[] = {"a",   "b",    "ab",   "ba",      "a.", "[ab]", "(a|bb)",
                                         "a*b", "\\ba", "a\\b", "(\\n|a)", "^a", "aba",  "(?m:^)b"};
    static const char *const counted[] = {".", "[ab]", "[ab]", "[ab]", "[^b]", "a", "\\w"};
    static const char *const last[] = {"", "", "", "$", "\\b", "\\z", "a?$"};
    for (uint32_t n = 1 + regex_gen_below(g, 5); n > 0; n--) {
        uint32_t least = regex_gen_below(g, 3) ? regex_gen_below(g, 6) : 60 + regex_gen_below(g, 6);
        text_addz(out, REGEX_GEN_PICK(g, pieces));
        text_addf(out, "%s{%u,%u}", REGEX_GEN_PICK(g, counted), least,
                  least + regex_gen_below(g, regex_gen_below(g, 4) ? 8 : 70));
    }
    text_addz(out, REGEX_GEN_PICK(g, pieces));
    text_addz(out, REGEX_GEN_PICK(g, last));
}

/* Now and then one that the parser refuses. */
static inline struct str regex_gen_pattern(struct regex_gen *g, struct arena *a)
{
    struct text out;
    text_init(&out, a);
    if (regex_gen_below(g, 6) == 0)
        text_addz(&out, "(?i)");
    if (regex_gen_below(g, 6) == 0)
        text_addz(&out, "(?ms)");
    uint32_t kind = regex_gen_below(g, 18);
    if (kind < 2)
        regex_gen_stars(g, &out);
    else if (kind == 2)
        regex_gen_narrow(g, &out);
    else if (kind == 3)
        regex_gen_counts(g, &out);
    else
        regex_gen_alternatives(g, &out, 3);
    return text_str(&out);
}

static inline struct regex_flags regex_gen_flags(struct regex_gen *g)
{
    return (struct regex_flags){regex_gen_below(g, 4) == 0, regex_gen_below(g, 4) == 0,
                                regex_gen_below(g, 4) == 0};
}

/* ---- Texts ---- */

static inline void regex_gen_code(struct text *out, uint32_t c)
{
    char bytes[4];
    text_add(out, (struct str){bytes, utf8_put(c, bytes)});
}

static inline void regex_gen_noise(struct regex_gen *g, struct text *out, uint32_t n)
{
    static const char *const letters[] = {
        "a",      "b",      "k",      "s",      "A",      "K",          "x",
        " ",      "0",      "_",      "-",      "\n",     "\n",         ".",
        "cmd",    ".exe",   "\r",     "\u00e9", "\u00c9", "\u00df",     "\u017f",
        "\u212a", "\u0436", "\u0416", "\u03c3", "\u1e9e", "\U0001f600", "\U0010ffff",
        "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\xc2\x80"};
    static const struct str broken[] = {{"\0", 1},
                                        {"\xff", 1},
                                        {"\x80", 1},
                                        {"\xc3", 1},
                                        {"\xe2\x82", 2},
                                        {"\xc0\xaf", 2},
                                        {"\xed\xa0\x80", 3},
                                        {"\xf0\x9f\x98", 3},
                                        {"\xf4\x90\x80\x80", 4},
                                        {"\xe0\x80\x80", 3},
                                        {"\xf5", 1},
                                        {"\xbf\xbf", 2},
                                        {"\xf0\x80\x80\x80", 4}};
    for (; n > 0; n--) {
        uint32_t kind = regex_gen_below(g, 8);
        if (kind == 0)
            text_add(out, g->valid ? STR("\0") : REGEX_GEN_PICK(g, broken));
        else
            text_addz(out, REGEX_GEN_PICK(g, letters));
    }
}

/* One code point of the set, its ends more often than its middle. */
static inline void regex_gen_member(struct regex_gen *g, struct text *out, const struct ranges *r)
{
    if (r->list.n == 0)
        return;
    struct regex_range range = r->list.v[regex_gen_below(g, (uint32_t)r->list.n)];
    uint32_t kind = regex_gen_below(g, 4), c = kind == 0 ? range.lo : range.hi;
    if (kind > 1)
        c = range.lo +
            regex_gen_below(
                g, (kind == 2 && range.hi - range.lo > 200 ? 200 : range.hi - range.lo) + 1);
    regex_gen_code(out, c >= 0xd800 && c <= 0xdfff ? 0xe000 : c);
}

/* A text that the regex matches as long as its assertions hold. */
static inline void regex_gen_match(struct regex_gen *g, struct text *out, const struct regex *re)
{
    struct ranges r;
    switch (re->kind) {
    case REGEX_CHAR:
    case REGEX_CLASS:
        r = ranges_of(out->arena, re);
        regex_gen_member(g, out, &r);
        break;
    case REGEX_CAT:
        for (size_t i = 0; i < re->n_children; i++)
            regex_gen_match(g, out, re->children[i]);
        break;
    case REGEX_ALT:
        regex_gen_match(g, out, re->children[regex_gen_below(g, (uint32_t)re->n_children)]);
        break;
    case REGEX_REPEAT: {
        uint32_t most = re->max < re->min + 2 ? re->max : re->min + 2;
        uint32_t n = re->min + regex_gen_below(g, most - re->min + 1);
        if (re->max != REGEX_INF && regex_gen_below(g, 4) == 0)
            n = re->max; /* damage then makes it one more or one less */
        for (; n > 0 && out->len < 4096; n--)
            regex_gen_match(g, out, re->children[0]);
        break;
    }
    case REGEX_LINE_END:
        if (regex_gen_below(g, 2))
            text_addz(out, "\n");
        break;
    default:
        break;
    }
}

/* A byte changed, left out or put in; a character when texts are UTF-8. */
static inline struct str regex_gen_damage(struct regex_gen *g, struct arena *a, struct str s)
{
    struct text out;
    const char *p = s.p, *end = str_end(s);
    uint32_t at = regex_gen_below(g, (uint32_t)s.len + 1);
    text_init(&out, a);
    while (p < end && (size_t)(p - s.p) < at) {
        const char *from = p;
        if (g->valid)
            utf8_next(&p, end);
        else
            p++;
        text_add(&out, (struct str){from, (size_t)(p - from)});
    }
    if (regex_gen_below(g, 2))
        regex_gen_noise(g, &out, 1);
    if (p < end && regex_gen_below(g, 2)) {
        if (g->valid)
            utf8_next(&p, end);
        else
            p++;
    }
    text_add(&out, (struct str){p, (size_t)(end - p)});
    return text_str(&out);
}

/* One character again and again, so that a walk that rests goes over whole blocks. */
static inline void regex_gen_fill(struct regex_gen *g, struct text *out)
{
    static const char *const letters[] = {"q", "q", "y", ";", "a", "\n", "\u0448"};
    const char *letter = REGEX_GEN_PICK(g, letters);
    for (uint32_t n = regex_gen_below(g, 150); n > 0; n--)
        text_addz(out, letter);
}

/* A match between noise, now and then damaged; or noise alone. */
static inline struct str regex_gen_text(struct regex_gen *g, struct arena *a,
                                        const struct regex *re)
{
    struct text out;
    text_init(&out, a);
    regex_gen_noise(g, &out, regex_gen_below(g, 2) ? 0 : regex_gen_below(g, 6));
    if (regex_gen_below(g, 30) == 0)
        regex_gen_fill(g, &out);
    if (regex_gen_below(g, 3))
        regex_gen_match(g, &out, re);
    if (regex_gen_below(g, 4) == 0)
        text_addz(&out, "\n");
    if (regex_gen_below(g, 60) == 0)
        regex_gen_fill(g, &out);
    regex_gen_noise(g, &out, regex_gen_below(g, 2) ? 0 : regex_gen_below(g, 6));
    struct str s = text_str(&out);
    return regex_gen_below(g, 3) ? s : regex_gen_damage(g, a, s);
}

#endif
