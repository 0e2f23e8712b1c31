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
    struct text text; /* the literal run that is not a part yet */
};

static void builder_init(struct builder *b, struct arena *a)
{
    *b = (struct builder){.arena = a};
    text_init(&b->text, a);
}

static void builder_flush(struct builder *b)
{
    if (b->text.len == 0)
        return;
    *VEC_PUSH(b->arena, &b->parts) =
        (struct part){.kind = PART_TEXT, .text = str_dup(b->arena, text_str(&b->text))};
    b->text.len = 0;
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
        text_add(&b->text, part->text);
    else
        builder_mark(b, part->kind);
}

static struct pattern builder_end(struct builder *b)
{
    builder_flush(b);
    return (struct pattern){b->parts.v, b->parts.n};
}

struct pattern pattern_parse(struct arena *a, struct str text)
{
    struct builder b;
    builder_init(&b, a);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        char next = i + 1 < text.len ? text.p[i + 1] : 0;
        if (c == '\\' && (next == '\\' || next == '*' || next == '?'))
            text_add(&b.text, str_sub(text, ++i, 1));
        else if (c == '*')
            builder_mark(&b, PART_STAR);
        else if (c == '?')
            builder_mark(&b, PART_ONE);
        else
            text_add(&b.text, str_sub(text, i, 1));
    }
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
    text_add(&b.text, literal);
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
                text_add(&b.text, (struct str){from, (size_t)(at - from)});
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
