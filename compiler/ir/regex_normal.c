/* Regex AST -> PCRE2 pattern text that means the same with no option but UTF.
 *
 * Letters that ignore case become classes of their fold-equals, because PCRE2's own folding differs
 * (it lets k match U+212A). Assertions are spelt so that no newline convention of a PCRE2 build can
 * change them: only LF ends a line. ^ with m does not hold behind an LF that ends the text, as in
 * Perl and PCRE. Sets are printed from the set itself, so equal sets have equal texts however they
 * were written. Recursion is bounded by REGEX_DEPTH_MAX. */
#include <sigmaton/fold.h>

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "ir.h"
#include "regex.h"
#include "vec.h"

#define CODE_MAX 0x10ffffu
#define SURROGATE_LO 0xd800u
#define SURROGATE_HI 0xdfffu

struct ranges {
    VEC(struct regex_range) list;
};

static void add_range(struct arena *a, struct ranges *r, uint32_t lo, uint32_t hi)
{
    *VEC_PUSH(a, &r->list) = (struct regex_range){lo, hi};
}

static int by_lo(const void *a, const void *b)
{
    const struct regex_range *x = a, *y = b;
    return (x->lo > y->lo) - (x->lo < y->lo);
}

/* Sorts and merges what overlaps or touches. Surrogates are no code points, so ranges on both sides
 * of them touch. */
static void merge_ranges(struct ranges *r)
{
    size_t kept = 0;
    if (r->list.n > 0)
        qsort(r->list.v, r->list.n, sizeof *r->list.v, by_lo);
    for (size_t i = 0; i < r->list.n; i++) {
        struct regex_range range = r->list.v[i];
        if (range.lo >= SURROGATE_LO && range.lo <= SURROGATE_HI)
            range.lo = SURROGATE_HI + 1;
        if (range.hi >= SURROGATE_LO && range.hi <= SURROGATE_HI)
            range.hi = SURROGATE_LO - 1;
        if (range.lo > range.hi)
            continue;
        struct regex_range *last = kept > 0 ? &r->list.v[kept - 1] : NULL;
        uint32_t next = !last ? 0 : last->hi == SURROGATE_LO - 1 ? SURROGATE_HI + 1 : last->hi + 1;
        if (!last || range.lo > next)
            r->list.v[kept++] = range;
        else if (range.hi > last->hi)
            last->hi = range.hi;
    }
    r->list.n = kept;
}

/* r sorted and merged. */
static bool holds_code(const struct ranges *r, uint32_t c)
{
    size_t lo = 0, hi = r->list.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (r->list.v[mid].hi < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < r->list.n && r->list.v[lo].lo <= c;
}

/* Calls for every code point that does not fold to itself: with it and what it folds to. */
typedef void (*fold_pair_fn)(void *ctx, uint32_t c, uint32_t folded);
static void each_fold_pair(fold_pair_fn fn, void *ctx)
{
    for (uint32_t c = 'A'; c <= 'Z'; c++)
        fn(ctx, c, c + 32);
    for (size_t i = 0; i < SIGMATON_FOLD_ROWS; i++) {
        const struct sigmaton_fold_row *row = &sigmaton_fold_rows[i];
        for (uint32_t c = row->lo; c <= row->hi; c += row->step)
            fn(ctx, c, (uint32_t)((int32_t)c + row->delta));
    }
}

struct closure {
    struct arena *arena;
    const struct ranges *set; /* sorted, merged */
    struct ranges made;
};

static void take_folded(void *ctx, uint32_t c, uint32_t folded)
{
    struct closure *k = ctx;
    if (holds_code(k->set, c))
        add_range(k->arena, &k->made, folded, folded);
}

static void take_siblings(void *ctx, uint32_t c, uint32_t folded)
{
    struct closure *k = ctx;
    if (holds_code(k->set, folded))
        add_range(k->arena, &k->made, c, c);
}

/* The set with everything that folds to the same as one of its members. */
static void close_case(struct arena *a, struct ranges *r)
{
    struct closure k = {.arena = a, .set = r};
    each_fold_pair(take_folded, &k);
    for (size_t i = 0; i < k.made.list.n; i++)
        add_range(a, r, k.made.list.v[i].lo, k.made.list.v[i].hi);
    merge_ranges(r);
    k.made.list.n = 0;
    each_fold_pair(take_siblings, &k);
    for (size_t i = 0; i < k.made.list.n; i++)
        add_range(a, r, k.made.list.v[i].lo, k.made.list.v[i].hi);
    merge_ranges(r);
}

/* Sorted, merged -> all other code points, likewise. */
static struct ranges complement(struct arena *a, const struct ranges *r)
{
    struct ranges out = {0};
    uint32_t from = 0;
    for (size_t i = 0; i < r->list.n; i++) {
        if (r->list.v[i].lo > from)
            add_range(a, &out, from, r->list.v[i].lo - 1);
        from = r->list.v[i].hi + 1;
    }
    if (from <= CODE_MAX)
        add_range(a, &out, from, CODE_MAX);
    merge_ranges(&out);
    return out;
}

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
        text_addf(out, "[^\\x{0}-\\x{%x}]", CODE_MAX);
        return;
    }
    if (n == 1 && r->list.v[0].lo == r->list.v[0].hi) {
        print_char(out, r->list.v[0].lo);
        return;
    }
    if (r->list.v[n - 1].hi < CODE_MAX) {
        print_ranges(out, r, false);
        return;
    }
    struct ranges lacks = complement(out->arena, r);
    if (lacks.list.n == 0)
        text_addz(out, "(?s:.)");
    else
        print_ranges(out, &lacks, true);
}

static void print_one(struct text *out, const struct regex *re)
{
    if (!re->icase) {
        print_char(out, re->c);
        return;
    }
    uint32_t same[SIGMATON_FOLD_CLASS_MAX];
    size_t n = sigmaton_fold_class(re->c, same);
    struct ranges r = {0};
    for (size_t i = 0; i < n; i++)
        add_range(out->arena, &r, same[i], same[i]);
    merge_ranges(&r);
    print_set(out, &r);
}

static void print_class(struct text *out, const struct regex *re)
{
    struct ranges r = {0};
    for (size_t i = 0; i < re->n_ranges; i++)
        add_range(out->arena, &r, re->ranges[i].lo, re->ranges[i].hi);
    merge_ranges(&r);
    if (re->icase)
        close_case(out->arena, &r);
    if (re->negated)
        r = complement(out->arena, &r);
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

static void print_regex(struct text *out, const struct regex *re);

static void print_grouped(struct text *out, const struct regex *re)
{
    text_addz(out, "(?:");
    print_regex(out, re);
    text_addz(out, ")");
}

static void print_children(struct text *out, const struct regex *re)
{
    for (size_t i = 0; i < re->n_children; i++) {
        const struct regex *child = re->children[i];
        if (re->kind == REGEX_ALT && i > 0)
            text_addz(out, "|");
        if (re->kind == REGEX_CAT && child->kind == REGEX_ALT)
            print_grouped(out, child);
        else
            print_regex(out, child);
    }
}

static void print_repeat(struct text *out, const struct regex *re)
{
    const struct regex *child = re->children[0];
    if (child->kind == REGEX_CHAR || child->kind == REGEX_CLASS)
        print_regex(out, child);
    else
        print_grouped(out, child);
    print_count(out, re->min, re->max);
}

static void print_regex(struct text *out, const struct regex *re)
{
    switch (re->kind) {
    case REGEX_EMPTY:
        break;
    case REGEX_CHAR:
        print_one(out, re);
        break;
    case REGEX_CLASS:
        print_class(out, re);
        break;
    case REGEX_CAT:
    case REGEX_ALT:
        print_children(out, re);
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
    print_regex(&out, re);
    return text_str(&out);
}
