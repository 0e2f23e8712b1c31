#include "value.h"

#include <string.h>

#include "arena.h"
#include "number_text.h"
#include "regex.h"
#include "vec.h"
#include "windash.h"

/* Builds a pattern so that its invariants hold whatever is added: no empty text, no two texts and
 * no two stars side by side. */
struct builder {
    struct arena *arena;
    VEC(struct part) parts;
    struct part few[4]; /* where parts begins: most patterns have no more */
    /* The literal run that is not a part yet: a slice of what was added, as long as that is one
     * piece, else a copy. */
    struct str run;
    struct text text;
};

static void builder_init(struct builder *b, struct arena *a)
{
    b->arena = a;
    b->parts.v = b->few;
    b->parts.n = 0;
    b->parts.cap = sizeof b->few / sizeof *b->few;
    b->run = (struct str){NULL, 0};
    text_init(&b->text, a);
}

/* s lives as long as the pattern. */
static void builder_text(struct builder *b, struct str s)
{
    if (b->text.len == 0 && b->run.len == 0) {
        b->run = s;
    } else if (b->text.len == 0 && str_end(b->run) == s.p) {
        b->run.len += s.len;
    } else {
        text_add(&b->text, b->run);
        b->run.len = 0;
        text_add(&b->text, s);
    }
}

static void builder_flush(struct builder *b)
{
    struct str text = b->text.len > 0 ? str_dup(b->arena, text_str(&b->text)) : b->run;
    if (text.len == 0)
        return;
    *VEC_PUSH(b->arena, &b->parts) = (struct part){.kind = PART_TEXT, .text = text};
    b->run.len = b->text.len = 0;
}

static void builder_mark(struct builder *b, enum part_kind kind)
{
    builder_flush(b);
    if (kind == PART_STAR && b->parts.n > 0 && b->parts.v[b->parts.n - 1].kind == PART_STAR)
        return;
    *VEC_PUSH(b->arena, &b->parts) = (struct part){.kind = kind};
}

static void builder_part(struct builder *b, const struct part *part)
{
    if (part->kind == PART_TEXT)
        builder_text(b, part->text);
    else
        builder_mark(b, part->kind);
}

static struct pattern builder_end(struct builder *b)
{
    builder_flush(b);
    struct part *parts = ARENA_ARRAY(b->arena, b->parts.n, struct part);
    memcpy(parts, b->parts.v, b->parts.n * sizeof *parts);
    return (struct pattern){parts, b->parts.n};
}

struct pattern pattern_parse(struct arena *a, struct str text)
{
    struct builder b;
    builder_init(&b, a);
    size_t from = 0; /* of the run of plain characters */
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (c != '\\' && c != '*' && c != '?')
            continue;
        char next = i + 1 < text.len ? text.p[i + 1] : 0;
        if (c == '\\' && next != '\\' && next != '*' && next != '?')
            continue;
        builder_text(&b, str_sub(text, from, i - from));
        if (c == '\\')
            builder_text(&b, str_sub(text, ++i, 1));
        else
            builder_mark(&b, c == '*' ? PART_STAR : PART_ONE);
        from = i + 1;
    }
    builder_text(&b, str_sub(text, from, text.len));
    return builder_end(&b);
}

bool pattern_has_wildcard(const struct pattern *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->parts[i].kind == PART_STAR || p->parts[i].kind == PART_ONE)
            return true;
    return false;
}

bool pattern_literal(const struct pattern *p, struct str *ret_text)
{
    if (p->n > 1 || (p->n == 1 && p->parts[0].kind != PART_TEXT))
        return false;
    *ret_text = p->n == 1 ? p->parts[0].text : STR("");
    return true;
}

struct pattern pattern_affix(struct arena *a, const struct pattern *p, bool front, bool behind)
{
    struct builder b;
    builder_init(&b, a);
    if (front)
        builder_mark(&b, PART_STAR);
    for (size_t i = 0; i < p->n; i++)
        builder_part(&b, &p->parts[i]);
    if (behind)
        builder_mark(&b, PART_STAR);
    return builder_end(&b);
}

struct pattern pattern_of_text(struct arena *a, struct str literal)
{
    struct builder b;
    builder_init(&b, a);
    builder_text(&b, str_dup(a, literal)); /* the caller may go on writing there */
    return builder_end(&b);
}

struct pattern pattern_join(struct arena *a, const struct pattern *p, size_t n)
{
    struct builder b;
    builder_init(&b, a);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < p[i].n; j++)
            builder_part(&b, &p[i].parts[j]);
    return builder_end(&b);
}

struct pattern pattern_windash(struct arena *a, const struct pattern *p)
{
    struct builder b;
    builder_init(&b, a);
    for (size_t i = 0; i < p->n; i++) {
        if (p->parts[i].kind != PART_TEXT) {
            builder_mark(&b, p->parts[i].kind);
            continue;
        }
        struct str text = p->parts[i].text;
        const char *at = text.p, *end = str_end(text);
        uint32_t before = ' '; /* the start of a text part counts as a non-word character */
        while (at < end) {
            const char *from = at;
            uint32_t c = utf8_next(&at, end);
            if (windash_position(before, c, at, end))
                builder_mark(&b, PART_DASH);
            else
                builder_text(&b, (struct str){from, (size_t)(at - from)});
            before = c;
        }
    }
    return builder_end(&b);
}

static void print_text(struct text *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '\\' || c == '*' || c == '?' || c == '"')
            text_addf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            text_addf(out, "\\x%02x", c);
        else
            text_add(out, str_sub(s, i, 1));
    }
}

void pattern_print(struct text *out, const struct pattern *p)
{
    for (size_t i = 0; i < p->n; i++) {
        switch (p->parts[i].kind) {
        case PART_TEXT:
            print_text(out, p->parts[i].text);
            break;
        case PART_STAR:
            text_addz(out, "*");
            break;
        case PART_ONE:
            text_addz(out, "?");
            break;
        case PART_DASH:
            text_addz(out, "<dash>");
            break;
        }
    }
}

static const char *const compare_names[] = {
    [COMPARE_EQ] = "=", [COMPARE_LT] = "<",   [COMPARE_LTE] = "<=",
    [COMPARE_GT] = ">", [COMPARE_GTE] = ">=",
};
static const char *const time_names[] = {
    [TIME_MINUTE] = "minute", [TIME_HOUR] = "hour",   [TIME_DAY] = "day",
    [TIME_WEEK] = "week",     [TIME_MONTH] = "month", [TIME_YEAR] = "year",
};
static const char *const affix_names[] = {
    [AFFIX_WHOLE] = "equals",
    [AFFIX_PREFIX] = "startswith",
    [AFFIX_SUFFIX] = "endswith",
    [AFFIX_INSIDE] = "contains",
};

static void print_patterns(struct text *out, const struct value *v)
{
    for (size_t i = 0; i < v->n; i++) {
        text_addz(out, i ? " | \"" : "\"");
        pattern_print(out, &v->patterns[i]);
        text_addz(out, "\"");
    }
}

static void print_regexes(struct text *out, const struct value *v)
{
    for (size_t i = 0; i < v->n; i++) {
        if (i > 0)
            text_addz(out, " | ");
        regex_print_ast(out, v->regexes[i]);
    }
}

static void print_network(struct text *out, const struct network *net)
{
    for (unsigned i = 0; i < (net->v6 ? 16u : 4u); i++) {
        if (net->v6)
            text_addf(out, "%s%02x", i && i % 2 == 0 ? ":" : "", net->address[i]);
        else
            text_addf(out, "%s%u", i ? "." : "", net->address[i]);
    }
    text_addf(out, "/%u", net->prefix);
}

void value_print(struct text *out, const struct value *v)
{
    if (v->cased)
        text_addz(out, "cased ");
    switch (v->kind) {
    case VALUE_NULL:
        text_addz(out, "null");
        break;
    case VALUE_BOOL:
        text_addz(out, v->boolean ? "true" : "false");
        break;
    case VALUE_NUMBER:
        text_addf(out, "number %s ", compare_names[v->compare]);
        number_print(out, &v->number);
        break;
    case VALUE_PATTERN:
        print_patterns(out, v);
        break;
    case VALUE_REGEX:
        text_addz(out, "regex ");
        print_regexes(out, v);
        break;
    case VALUE_CIDR:
        text_addz(out, "network ");
        print_network(out, &v->network);
        break;
    case VALUE_EXISTS:
        text_addz(out, v->boolean ? "present" : "absent");
        break;
    case VALUE_FIELDREF:
        text_addf(out, "%s field ", affix_names[v->affix]);
        text_quoted(out, v->other_field);
        break;
    case VALUE_TIME:
        text_addf(out, "%s %s ", time_names[v->time_part], compare_names[v->compare]);
        number_print(out, &v->number);
        break;
    }
}
