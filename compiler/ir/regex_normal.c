/* Regex AST -> PCRE2 pattern text that means the same with no option but UTF.
 *
 * Letters that ignore case become classes of their fold-equals, because PCRE2's own folding differs
 * (it lets k match U+212A). Assertions are spelt so that no newline convention of a PCRE2 build can
 * change them: only LF ends a line. ^ with m does not hold behind an LF that ends the text, as in
 * Perl and PCRE. Sets are printed from the set itself, so equal sets have equal texts however they
 * were written. Recursion is bounded by REGEX_DEPTH_MAX. */
#include "ir.h"

#include <string.h>

#include "arena.h"
#include "regex_set.h"

/* ---- printing ---- */

static bool is_plain(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Alone or in a class: letters and digits raw, other printable ASCII behind a backslash where PCRE2
 * gives it a meaning somewhere, all else by number. */
static void print_char(struct text *out, uint32_t c)
{
    if (is_plain(c) || (c < 0x80 && c > 0 && strchr(" !\"%',/:;<=>@_`~", (int)c)))
        text_addf(out, "%c", (int)c);
    else if (c > 0x20 && c < 0x7f)
        text_addf(out, "\\%c", (int)c);
    else
        text_addf(out, "\\x{%x}", c);
}

static void print_ranges(struct text *out, const struct ranges *r, bool negated)
{
    text_addz(out, negated ? "[^" : "[");
    for (size_t i = 0; i < r->list.n; i++) {
        struct regex_range range = r->list.v[i];
        print_char(out, range.lo);
        if (range.hi == range.lo)
            continue;
        if (range.hi > range.lo + 1)
            text_addz(out, "-");
        print_char(out, range.hi);
    }
    text_addz(out, "]");
}

/* A set that reaches to the last code point is printed by what it lacks: `.` becomes [^\x{a}], for
 * which PCRE2 has a fast operation. */
static void print_set(struct text *out, const struct ranges *r)
{
    size_t n = r->list.n;
    if (n == 0) {
        text_addf(out, "[^\\x{0}-\\x{%x}]", REGEX_CODE_MAX);
        return;
    }
    if (n == 1 && r->list.v[0].lo == r->list.v[0].hi) {
        print_char(out, r->list.v[0].lo);
        return;
    }
    if (r->list.v[n - 1].hi < REGEX_CODE_MAX) {
        print_ranges(out, r, false);
        return;
    }
    struct ranges lacks = ranges_complement(out->arena, r);
    if (lacks.list.n == 0)
        text_addz(out, "(?s:.)");
    else
        print_ranges(out, &lacks, true);
}

static bool is_single(const struct regex *re)
{
    return re->kind == REGEX_CHAR || re->kind == REGEX_CLASS;
}

static void print_single(struct text *out, const struct regex *re)
{
    struct ranges r = ranges_of(out->arena, re);
    print_set(out, &r);
}

static void print_count(struct text *out, uint32_t min, uint32_t max)
{
    if (min == 0 && max == REGEX_INF)
        text_addz(out, "*");
    else if (min == 1 && max == REGEX_INF)
        text_addz(out, "+");
    else if (min == 0 && max == 1)
        text_addz(out, "?");
    else if (max == REGEX_INF)
        text_addf(out, "{%u,}", min);
    else if (min == max)
        text_addf(out, "{%u}", min);
    else
        text_addf(out, "{%u,%u}", min, max);
}

static void print_regex(struct text *out, const struct regex *re, bool tail);

static void print_grouped(struct text *out, const struct regex *re)
{
    text_addz(out, "(?:");
    print_regex(out, re, false);
    text_addz(out, ")");
}

static bool is_star(const struct regex *re)
{
    return re->kind == REGEX_REPEAT && re->min == 0 && re->max == REGEX_INF &&
           is_single(re->children[0]);
}

/* `.*x.*y.*z` makes a backtracker try every x with every y. But C*X D* with C within D and X within
 * D is the same language as (C without X)*X D*: what is skipped to reach a later X may as well be
 * taken by D*. So is C*X at the end of a search. The narrowed star shares nothing with what follows
 * it, so PCRE2 never goes back into it. True when the star at child i may be narrowed; *ret_set is
 * what is left of it. */
static bool narrow(struct arena *a, const struct regex *cat, size_t i, bool tail,
                   struct ranges *ret_set)
{
    if (!is_star(cat->children[i]) || i + 1 >= cat->n_children || !is_single(cat->children[i + 1]))
        return false;
    struct ranges c = ranges_of(a, cat->children[i]->children[0]);
    struct ranges x = ranges_of(a, cat->children[i + 1]);
    if (i + 2 < cat->n_children) {
        if (!is_star(cat->children[i + 2]))
            return false;
        struct ranges d = ranges_of(a, cat->children[i + 2]->children[0]);
        if (!ranges_within(a, &c, &d) || !ranges_within(a, &x, &d))
            return false;
    } else if (!tail) {
        return false;
    }
    *ret_set = ranges_without(a, &c, &x);
    return true;
}

/* tail: nothing follows in the whole regex, so the shortest match is as good as any. */
static void print_cat(struct text *out, const struct regex *re, bool tail)
{
    for (size_t i = 0; i < re->n_children; i++) {
        const struct regex *child = re->children[i];
        struct ranges left;
        if (narrow(out->arena, re, i, tail, &left)) {
            print_set(out, &left);
            text_addz(out, "*");
        } else if (child->kind == REGEX_ALT) {
            print_grouped(out, child);
        } else {
            print_regex(out, child, false);
        }
    }
}

static void print_alt(struct text *out, const struct regex *re, bool tail)
{
    for (size_t i = 0; i < re->n_children; i++) {
        text_addz(out, i > 0 ? "|" : "");
        print_regex(out, re->children[i], tail);
    }
}

static void print_repeat(struct text *out, const struct regex *re)
{
    const struct regex *child = re->children[0];
    if (is_single(child))
        print_single(out, child);
    else
        print_grouped(out, child);
    print_count(out, re->min, re->max);
}

static void print_regex(struct text *out, const struct regex *re, bool tail)
{
    switch (re->kind) {
    case REGEX_EMPTY:
        break;
    case REGEX_CHAR:
    case REGEX_CLASS:
        print_single(out, re);
        break;
    case REGEX_CAT:
        print_cat(out, re, tail);
        break;
    case REGEX_ALT:
        print_alt(out, re, tail);
        break;
    case REGEX_REPEAT:
        print_repeat(out, re);
        break;
    case REGEX_LINE_START:
        text_addz(out, "(?:\\A|(?<=\\n)(?!\\z))");
        break;
    case REGEX_LINE_END:
        text_addz(out, "(?=\\n|\\z)");
        break;
    case REGEX_TEXT_START:
        text_addz(out, "\\A");
        break;
    case REGEX_TEXT_END:
        text_addz(out, "(?=\\n?\\z)");
        break;
    case REGEX_VERY_END:
        text_addz(out, "\\z");
        break;
    case REGEX_WORD:
        text_addz(out, "\\b");
        break;
    case REGEX_NOT_WORD:
        text_addz(out, "\\B");
        break;
    }
}

struct str ir_regex_normal(struct arena *a, const struct regex *re)
{
    struct text out;
    text_init(&out, a);
    print_regex(&out, re, true);
    return text_str(&out);
}
