#include <string.h>

#include "regex_parser.h"

static const struct regex_range digits[] = {{'0', '9'}};
static const struct regex_range words[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
static const struct regex_range spaces[] = {{'\t', '\r'}, {' ', ' '}};
/* PCRE's \v is a class, not the one character that it is in C. */
static const struct regex_range verticals[] = {{'\n', '\r'}, {0x85, 0x85}, {0x2028, 0x2029}};

#define SET(array) ((struct regex_set){(array), sizeof(array) / sizeof(array)[0]})

static const struct {
    char letter;
    char c;
} controls[] = {{'t', '\t'}, {'n', '\n'}, {'r', '\r'}, {'f', '\f'}, {'a', '\a'}, {'e', 0x1b}};

static const struct {
    char letter;
    enum regex_kind kind;
} anchors[] = {
    {'A', REGEX_TEXT_START}, {'Z', REGEX_TEXT_END}, {'z', REGEX_VERY_END},
    {'b', REGEX_WORD},       {'B', REGEX_NOT_WORD},
};

/* Escapes that PCRE knows and this language does not, each with its reason. */
static const struct {
    char letter;
    const char *why;
} refused[] = {
    {'h', "\\h is not supported; write [ \\t]"},
    {'H', "\\H is not supported; write [^ \\t]"},
    {'N', "\\N is not supported; write [^\\n]"},
    {'R', "\\R is not supported; write \\r?\\n"},
    {'X', "\\X (grapheme clusters) is not supported"},
    {'C', "\\C (single bytes) is not supported"},
    {'p', "Unicode properties are not supported; write the range of characters"},
    {'P', "Unicode properties are not supported; write the range of characters"},
    {'K', "\\K is not supported; a match has no position in Sigma"},
    {'G', "\\G is not supported; a match has no position in Sigma"},
    {'k', "back-references are not part of Sigma's regex language"},
    {'g', "back-references are not part of Sigma's regex language"},
    {'Q', "\\Q..\\E is not supported; escape each character"},
    {'E', "\\Q..\\E is not supported; escape each character"},
    {'u', "\\u is not supported; write \\x{hhhh}"},
    {'o', "\\o is not supported; write \\x{hhhh}"},
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* \x{h..}; the parser stands on the brace. */
static bool read_braced_hex(struct regex_parser *p, size_t start, uint32_t *ret_c)
{
    uint32_t c = 0;
    size_t n = 0;
    for (p->at++; hex_digit(regex_peek(p, 0)) >= 0; p->at++, n++) {
        c = c << 4 | (uint32_t)hex_digit(regex_peek(p, 0));
        if (c > CODE_POINT_MAX)
            return regex_fail(p, start, p->at + 1 - start,
                              "there is no character above \\x{10ffff}");
    }
    if (n == 0 || regex_peek(p, 0) != '}')
        return regex_fail(p, start, p->at - start, "\\x{ needs hex digits and a }");
    p->at++;
    if (c >= 0xd800 && c <= 0xdfff)
        return regex_fail(p, start, p->at - start, "a surrogate is no character");
    *ret_c = c;
    return true;
}

static bool read_hex(struct regex_parser *p, size_t start, uint32_t *ret_c)
{
    if (regex_peek(p, 0) == '{')
        return read_braced_hex(p, start, ret_c);
    uint32_t c = 0;
    size_t n = 0;
    for (; n < 2 && hex_digit(regex_peek(p, 0)) >= 0; p->at++, n++)
        c = c << 4 | (uint32_t)hex_digit(regex_peek(p, 0));
    if (n == 0)
        return regex_fail(p, start, 2, "\\x needs one or two hex digits");
    *ret_c = c;
    return true;
}

/* \0 and up to two more octal digits; other digits are back-references. */
static bool read_digits(struct regex_parser *p, size_t start, char first, uint32_t *ret_c)
{
    if (first != '0')
        return regex_fail(p, start, 2, "back-references are not part of Sigma's regex language");
    uint32_t c = 0;
    for (size_t n = 0; n < 2 && regex_peek(p, 0) >= '0' && regex_peek(p, 0) <= '7'; n++)
        c = c << 3 | (uint32_t)(p->pattern.p[p->at++] - '0');
    *ret_c = c;
    return true;
}

/* \cX: the control character of a printable ASCII one. */
static bool read_control(struct regex_parser *p, size_t start, uint32_t *ret_c)
{
    char c = regex_peek(p, 0);
    if (c < 0x20 || c > 0x7e)
        return regex_fail(p, start, 2, "\\c needs a printable ASCII character");
    p->at++;
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    *ret_c = (uint32_t)c ^ 0x40;
    return true;
}

static bool find_set(char letter, struct regex_escape *ret_escape)
{
    struct regex_set set;
    switch (letter | 0x20) {
    case 'd':
        set = SET(digits);
        break;
    case 'w':
        set = SET(words);
        break;
    case 's':
        set = SET(spaces);
        break;
    case 'v':
        set = SET(verticals);
        break;
    default:
        return false;
    }
    *ret_escape = (struct regex_escape){
        .kind = ESCAPE_SET, .set = set, .negated = letter >= 'A' && letter <= 'Z'};
    return true;
}

static bool find_control(char letter, struct regex_escape *ret_escape)
{
    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++) {
        if (controls[i].letter == letter) {
            ret_escape->c = (unsigned char)controls[i].c;
            return true;
        }
    }
    return false;
}

static bool find_anchor(char letter, struct regex_escape *ret_escape)
{
    for (size_t i = 0; i < sizeof anchors / sizeof anchors[0]; i++) {
        if (anchors[i].letter == letter) {
            *ret_escape = (struct regex_escape){.kind = ESCAPE_ANCHOR, .anchor = anchors[i].kind};
            return true;
        }
    }
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool refuse(struct regex_parser *p, size_t start, char letter)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (refused[i].letter == letter)
            return regex_fail(p, start, 2, refused[i].why);
    return regex_fail(p, start, 2, "a backslash before this letter has no meaning");
}

bool regex_read_escape(struct regex_parser *p, bool in_class, struct regex_escape *ret_escape)
{
    size_t start = p->at++;
    if (regex_at_end(p))
        return regex_fail(p, start, 1, "a backslash at the end");
    char c = regex_peek(p, 0);
    *ret_escape = (struct regex_escape){.kind = ESCAPE_CHAR};
    if (!is_letter(c) && !(c >= '0' && c <= '9'))
        return regex_read_char(p, &ret_escape->c);
    p->at++;
    if (c >= '0' && c <= '9')
        return read_digits(p, start, c, &ret_escape->c);
    if (c == 'x')
        return read_hex(p, start, &ret_escape->c);
    if (c == 'c')
        return read_control(p, start, &ret_escape->c);
    if (find_control(c, ret_escape) || find_set(c, ret_escape))
        return true;
    if (in_class && c == 'b') {
        ret_escape->c = '\b';
        return true;
    }
    if (find_anchor(c, ret_escape))
        return !in_class || regex_fail(p, start, 2, "an anchor has no meaning in a class");
    return refuse(p, start, c);
}
