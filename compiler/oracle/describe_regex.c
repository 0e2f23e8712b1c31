#include <string.h>

#include "describe.h"
#include "regex.h"

/* How tightly the surroundings bind, loosest first. */
enum binding { BIND_ALT, BIND_CAT, BIND_REPEAT };

static void print_char(struct text *out, uint32_t c, const char *special)
{
    if (c < 0x20 || c == 0x7F) {
        text_addf(out, "\\x%02X", c);
        return;
    }
    if (c < 0x80 && strchr(special, (int)c))
        text_addz(out, "\\");
    char bytes[4];
    text_add(out, (struct str){bytes, utf8_put(c, bytes)});
}

static bool is_range(const struct regex_range *r, uint32_t lo, uint32_t hi)
{
    return r->lo == lo && r->hi == hi;
}

/* Everything, or everything but LF: the dot. */
static bool is_dot(const struct regex *re)
{
    const struct regex_range *r = re->ranges;
    if (re->negated)
        return re->n_ranges == 0 || (re->n_ranges == 1 && is_range(r, '\n', '\n'));
    return (re->n_ranges == 1 && is_range(r, 0, 0x10FFFF)) ||
           (re->n_ranges == 2 && is_range(r, 0, '\n' - 1) && is_range(r + 1, '\n' + 1, 0x10FFFF));
}

static void print_class(struct text *out, const struct regex *re)
{
    static const char special[] = "\\]^-[";
    if (is_dot(re)) {
        text_addz(out, ".");
        return;
    }
    text_addz(out, re->negated ? "[^" : "[");
    for (size_t i = 0; i < re->n_ranges; i++) {
        const struct regex_range *r = &re->ranges[i];
        print_char(out, r->lo, special);
        if (r->hi > r->lo + 1)
            text_addz(out, "-");
        if (r->hi > r->lo)
            print_char(out, r->hi, special);
    }
    text_addz(out, "]");
}

static void print_count(struct text *out, const struct regex *re)
{
    if (re->max == REGEX_INF && re->min <= 1)
        text_addz(out, re->min == 0 ? "*" : "+");
    else if (re->max == REGEX_INF)
        text_addf(out, "{%u,}", re->min);
    else if (re->min == 0 && re->max == 1)
        text_addz(out, "?");
    else if (re->min == re->max)
        text_addf(out, "{%u}", re->min);
    else
        text_addf(out, "{%u,%u}", re->min, re->max);
}

static bool needs_group(const struct regex *re, enum binding around)
{
    switch (re->kind) {
    case REGEX_ALT:
        return around != BIND_ALT;
    case REGEX_EMPTY:
    case REGEX_CAT:
    case REGEX_REPEAT:
        return around == BIND_REPEAT;
    default:
        return false;
    }
}

static const char *assertion(enum regex_kind kind)
{
    switch (kind) {
    case REGEX_LINE_START:
        return "(?m:^)";
    case REGEX_LINE_END:
        return "(?m:$)";
    case REGEX_TEXT_START:
        return "^";
    case REGEX_TEXT_END:
        return "$";
    case REGEX_VERY_END:
        return "\\z";
    case REGEX_WORD:
        return "\\b";
    case REGEX_NOT_WORD:
        return "\\B";
    default:
        return "";
    }
}

/* Recursion is bounded by the parser's depth limit. */
static void print(struct text *out, const struct regex *re, enum binding around)
{
    bool group = needs_group(re, around);
    text_addz(out, group ? "(?:" : "");
    switch (re->kind) {
    case REGEX_CHAR:
        print_char(out, re->c, "\\.^$|()[]{}*+?");
        break;
    case REGEX_CLASS:
        print_class(out, re);
        break;
    case REGEX_CAT:
        for (size_t i = 0; i < re->n_children; i++)
            print(out, re->children[i], BIND_CAT);
        break;
    case REGEX_ALT:
        for (size_t i = 0; i < re->n_children; i++) {
            text_addz(out, i > 0 ? "|" : "");
            print(out, re->children[i], BIND_ALT);
        }
        break;
    case REGEX_REPEAT:
        print(out, re->children[0], BIND_REPEAT);
        print_count(out, re);
        break;
    default:
        text_addz(out, assertion(re->kind));
        break;
    }
    text_addz(out, group ? ")" : "");
}

static bool ignores_case(const struct regex *re)
{
    if (re->kind == REGEX_CHAR || re->kind == REGEX_CLASS)
        return re->icase;
    bool found = false;
    for (size_t i = 0; i < re->n_children && !found; i++)
        found = ignores_case(re->children[i]);
    return found;
}

void describe_regex(struct text *out, const struct regex *re)
{
    text_addz(out, ignores_case(re) ? "(?i)" : "");
    print(out, re, BIND_ALT);
}
