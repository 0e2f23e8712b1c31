#include "regex_parser.h"

static struct regex *fail(struct regex_parser *p, size_t off, size_t len, const char *what)
{
    regex_fail(p, off, len, what);
    return NULL;
}

static const struct {
    const char *start, *why;
} refused_groups[] = {
    {"(?=", "look-ahead is not part of Sigma's regex language"},
    {"(?!", "look-ahead is not part of Sigma's regex language"},
    {"(?<=", "look-behind is not part of Sigma's regex language"},
    {"(?<!", "look-behind is not part of Sigma's regex language"},
    {"(?>", "atomic groups are not part of Sigma's regex language"},
    {"(?|", "branch reset is not part of Sigma's regex language"},
    {"(?(", "conditional groups are not part of Sigma's regex language"},
    {"(?P=", "back-references are not part of Sigma's regex language"},
    {"(?P>", "recursion is not part of Sigma's regex language"},
    {"(?&", "recursion is not part of Sigma's regex language"},
    {"(?R", "recursion is not part of Sigma's regex language"},
    {"(?+", "recursion is not part of Sigma's regex language"},
    {"(?C", "callouts are not part of Sigma's regex language"},
};

static const char *refused_group(const struct regex_parser *p, size_t *ret_len)
{
    for (size_t i = 0; i < sizeof refused_groups / sizeof refused_groups[0]; i++) {
        if (regex_looking_at(p, refused_groups[i].start)) {
            *ret_len = str_of(refused_groups[i].start).len;
            return refused_groups[i].why;
        }
    }
    char digit = regex_peek(p, regex_looking_at(p, "(?-") ? 3 : 2);
    *ret_len = 3;
    if (regex_peek(p, 1) == '?' && digit >= '0' && digit <= '9')
        return "recursion is not part of Sigma's regex language";
    *ret_len = 2;
    return regex_peek(p, 1) == '*' && regex_peek(p, 2) >= 'A' && regex_peek(p, 2) <= 'z'
               ? "verbs are not part of Sigma's regex language"
               : NULL;
}

/* The name of (?<name>, (?P<name> or (?'name'; the parser stands behind the opening mark. Names
 * have no use here, but a broken one is a broken pattern. */
static bool read_name(struct regex_parser *p, char close)
{
    size_t start = p->at;
    for (; !regex_at_end(p) && regex_peek(p, 0) != close; p->at++) {
        char c = regex_peek(p, 0);
        bool digit = c >= '0' && c <= '9';
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(digit && p->at > start))
            return regex_fail(p, p->at, 1, "a group's name is letters, digits and _");
    }
    if (regex_at_end(p) || p->at == start)
        return regex_fail(p, start, 0, "a group's name is missing or never closed");
    p->at++;
    return true;
}

/* The letters of (?im-s: and (?im-s); the parser stands behind the question mark. */
static bool read_flags(struct regex_parser *p, struct regex_flags *flags)
{
    bool on = true;
    for (;; p->at++) {
        char c = regex_peek(p, 0);
        if (c == ':' || c == ')')
            return true;
        if (c == '-' && on)
            on = false;
        else if (c == 'i')
            flags->icase = on;
        else if (c == 'm')
            flags->multiline = on;
        else if (c == 's')
            flags->dotall = on;
        else
            return regex_fail(p, p->at, !regex_at_end(p),
                              "only the flags i, m and s are part of Sigma's regex language");
    }
}

/* What follows "(": everything before the first alternative. */
static bool read_group_start(struct regex_parser *p)
{
    size_t start = p->at;
    p->at++;
    if (regex_peek(p, 0) != '?')
        return true;
    p->at++;
    if (regex_looking_at(p, "P<")) {
        p->at += 2;
        return read_name(p, '>');
    }
    if (regex_peek(p, 0) == '<' || regex_peek(p, 0) == '\'') {
        char close = regex_peek(p, 0) == '<' ? '>' : '\'';
        p->at++;
        return read_name(p, close);
    }
    if (!read_flags(p, &p->flags))
        return false;
    if (regex_peek(p, 0) == ')')
        return regex_fail(p, start, p->at + 1 - start,
                          "flags for the rest stand at the start of the pattern or of a group");
    p->at++;
    return true;
}

/* group := "(" ( "?:" | "?" flags ":" | "?<" name ">" )? alternatives ")" */
struct regex *regex_read_group(struct regex_parser *p)
{
    size_t start = p->at, len;
    const char *why = refused_group(p, &len);
    if (why)
        return fail(p, start, len, why);
    if (p->depth == REGEX_DEPTH_MAX)
        return fail(p, start, 1, "groups nested deeper than 64 levels");
    struct regex_flags outer = p->flags;
    if (!read_group_start(p))
        return NULL;
    p->depth++;
    struct regex *node = regex_read_alternatives(p);
    p->depth--;
    p->flags = outer;
    if (!node)
        return NULL;
    if (regex_at_end(p))
        return fail(p, start, 1, "this parenthesis is never closed");
    p->at++;
    return node;
}

/* True when "(?" letters ")" stands here. */
static bool at_flags(const struct regex_parser *p)
{
    size_t ahead = 2, len;
    if (!regex_looking_at(p, "(?") || refused_group(p, &len))
        return false;
    for (char c = regex_peek(p, ahead); c != ')'; c = regex_peek(p, ++ahead))
        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '^')
            return false;
    return true;
}

bool regex_read_leading_flags(struct regex_parser *p)
{
    for (;;) {
        if (!regex_skip_comments(p))
            return false;
        if (!at_flags(p))
            return true;
        p->at += 2;
        if (!read_flags(p, &p->flags))
            return false;
        p->at++;
        if (regex_at_quantifier(p))
            return regex_fail(p, p->at, 1, "nothing to repeat");
    }
}
