#include "arena.h"
#include "regex.h"

bool regex_is_literal(struct arena *a, const struct regex *re, struct str *ret_text)
{
    struct text text;
    text_init(&text, a);
    bool cat = re->kind == REGEX_CAT, icase = false;
    size_t n = cat ? re->n_children : re->kind != REGEX_EMPTY;
    for (size_t i = 0; i < n; i++) {
        const struct regex *c = cat ? re->children[i] : re;
        char bytes[4];
        if (c->kind != REGEX_CHAR || (i > 0 && c->icase != icase))
            return false;
        icase = c->icase;
        text_add(&text, (struct str){bytes, utf8_put(c->c, bytes)});
    }
    *ret_text = text_str(&text);
    return true;
}

static const char *const anchor_names[] = {
    [REGEX_EMPTY] = "empty",        [REGEX_LINE_START] = "line-start",
    [REGEX_LINE_END] = "line-end",  [REGEX_TEXT_START] = "text-start",
    [REGEX_TEXT_END] = "text-end",  [REGEX_VERY_END] = "very-end",
    [REGEX_WORD] = "word-boundary", [REGEX_NOT_WORD] = "no-word-boundary",
};

static void print_code_point(struct text *out, uint32_t c)
{
    if (c > ' ' && c < 0x7f && c != '\\' && c != ']' && c != '-')
        text_addf(out, "%c", (int)c);
    else
        text_addf(out, "\\x{%x}", (unsigned)c);
}

static void print_class(struct text *out, const struct regex *re)
{
    text_addf(out, "%s[%s", re->icase ? "i" : "", re->negated ? "^" : "");
    for (size_t i = 0; i < re->n_ranges; i++) {
        print_code_point(out, re->ranges[i].lo);
        if (re->ranges[i].lo == re->ranges[i].hi)
            continue;
        text_addz(out, "-");
        print_code_point(out, re->ranges[i].hi);
    }
    text_addz(out, "]");
}

/* The run of characters of one case mode from child i on; returns the child behind it. */
static size_t print_run(struct text *out, struct regex *const *chars, size_t n, size_t i)
{
    struct text run;
    text_init(&run, out->arena);
    bool icase = chars[i]->icase;
    for (; i < n && chars[i]->kind == REGEX_CHAR && chars[i]->icase == icase; i++) {
        char bytes[4];
        text_add(&run, (struct str){bytes, utf8_put(chars[i]->c, bytes)});
    }
    if (icase)
        text_addz(out, "i");
    text_quoted(out, text_str(&run));
    return i;
}

static void print_children(struct text *out, const struct regex *re)
{
    for (size_t i = 0; i < re->n_children;) {
        text_addz(out, " ");
        if (re->kind == REGEX_CAT && re->children[i]->kind == REGEX_CHAR) {
            i = print_run(out, re->children, re->n_children, i);
        } else {
            regex_print_ast(out, re->children[i]);
            i++;
        }
    }
    text_addz(out, ")");
}

void regex_print_ast(struct text *out, const struct regex *re)
{
    switch (re->kind) {
    case REGEX_CHAR: {
        struct regex one = *re, *child = &one;
        print_run(out, &child, 1, 0);
        break;
    }
    case REGEX_CLASS:
        print_class(out, re);
        break;
    case REGEX_CAT:
        text_addz(out, "(cat");
        print_children(out, re);
        break;
    case REGEX_ALT:
        text_addz(out, "(or");
        print_children(out, re);
        break;
    case REGEX_REPEAT:
        text_addf(out, "(repeat %u ", (unsigned)re->min);
        if (re->max == REGEX_INF)
            text_addz(out, "inf");
        else
            text_addf(out, "%u", (unsigned)re->max);
        print_children(out, re);
        break;
    default:
        text_addz(out, anchor_names[re->kind]);
        break;
    }
}
