#include "quick.h"

#include <string.h>

#include "arena.h"

/* A map or list that is open. */
struct level {
    size_t column;
    bool is_list;
    bool in_key_column; /* a list whose dashes stand where its map's keys do */
};

struct scan {
    struct quick *q;
    const char *text, *end; /* of all */
    const char *p;
    const char *line; /* where the line of p begins */
    struct level levels[QUICK_DEPTH_MAX];
    unsigned depth;
    bool waits;        /* the innermost level waits for a value .. */
    const char *since; /* .. behind the colon or dash that ends here */
};

enum sort { DECLINED, KEY, VALUE };

/* A text in one line. */
struct token {
    enum sort sort;
    const char *from, *to; /* with its quotes */
    const char *colon;     /* of a key */
    char quote;            /* 0: plain */
    bool doubled;          /* holds '' */
};

static struct stream_event *add(struct scan *s, yaml_event_type_t type, const char *from,
                                const char *to)
{
    struct stream_event *e = VEC_PUSH(s->q->arena, &s->q->events);
    *e = (struct stream_event){
        .type = type, .from = (size_t)(from - s->text), .to = (size_t)(to - s->text)};
    return e;
}

static bool ends_word(const struct scan *s, const char *p)
{
    return p == s->end || *p == ' ' || *p == '\n';
}

/* ---- texts in one line ---- */

static struct token plain_token(const struct scan *s, const char *from)
{
    struct token t = {.sort = VALUE, .from = from};
    const char *p = from;
    if (strchr("?:[]{},&*!|>%@`#", *p) || (*p == '-' && ends_word(s, p + 1)))
        return (struct token){0};
    for (; p < s->end && *p != '\n'; p++) {
        if (*p == ':' && ends_word(s, p + 1)) {
            t.sort = KEY;
            t.colon = p;
            break;
        }
        if (*p == '#' && p[-1] == ' ')
            break;
    }
    while (p > from && p[-1] == ' ')
        p--;
    t.to = p;
    return t;
}

static struct token quoted_token(const struct scan *s, const char *from)
{
    struct token t = {.sort = VALUE, .from = from, .quote = *from};
    const char *p = from + 1;
    for (;; p++) {
        if (p == s->end || *p == '\n' || (*p == '\\' && t.quote == '"'))
            return (struct token){0};
        if (*p != t.quote)
            continue;
        if (t.quote == '"' || p + 1 == s->end || p[1] != '\'')
            break;
        t.doubled = true;
        p++;
    }
    t.to = p + 1;
    if (t.to < s->end && *t.to == ':') {
        t.sort = ends_word(s, t.to + 1) ? KEY : DECLINED;
        t.colon = t.to;
    }
    return t;
}

static struct token next_token(const struct scan *s)
{
    struct token t = *s->p == '\'' || *s->p == '"' ? quoted_token(s, s->p) : plain_token(s, s->p);
    bool odd_key = t.sort == KEY && (t.colon != t.to || (size_t)(t.to - t.from) > QUICK_KEY_MAX);
    return odd_key ? (struct token){0} : t;
}

static struct str unquoted(struct scan *s, const struct token *t)
{
    struct str inner = {t->from + 1, (size_t)(t->to - t->from) - 2};
    if (!t->doubled)
        return inner;
    char *out = arena_alloc(s->q->arena, inner.len);
    size_t n = 0;
    for (size_t i = 0; i < inner.len; i++) {
        out[n++] = inner.p[i];
        i += inner.p[i] == '\'';
    }
    return (struct str){out, n};
}

static void add_text(struct scan *s, const struct token *t)
{
    struct stream_event *e = add(s, YAML_SCALAR_EVENT, t->from, t->to);
    e->quoted = t->quote != 0;
    e->kept = true;
    e->text = e->quoted ? unquoted(s, t) : (struct str){t->from, (size_t)(t->to - t->from)};
}

/* To the next line, over blanks and a comment; false where something else stands there. */
static bool end_line(struct scan *s)
{
    const char *before = s->p;
    while (s->p < s->end && *s->p == ' ')
        s->p++;
    if (s->p < s->end && *s->p == '#' && s->p > before) {
        s->p = memchr(s->p, '\n', (size_t)(s->end - s->p));
        s->p = s->p ? s->p : s->end;
    }
    if (s->p < s->end && *s->p != '\n')
        return false;
    s->p += s->p < s->end;
    s->line = s->p;
    return true;
}

/* ---- literal blocks ---- */

static const char *skip_blanks(const struct scan *s, const char *p, size_t most)
{
    const char *from = p;
    while (p < s->end && *p == ' ' && (size_t)(p - from) < most)
        p++;
    return p;
}

/* How far the block is indented, by its first line; 0: declined. Blank lines before it are passed
 * over and counted. */
static size_t block_indent(struct scan *s, size_t least, size_t *ret_blank)
{
    size_t widest = 0;
    for (*ret_blank = 0;; ++*ret_blank) {
        const char *p = skip_blanks(s, s->p, SIZE_MAX);
        size_t column = (size_t)(p - s->p);
        widest = column > widest ? column : widest;
        if (p == s->end)
            return 0;
        if (*p != '\n')
            return column >= least && column == widest ? column : 0;
        s->p = p + 1;
    }
}

/* Where the first line begins that is not of the block. */
static const char *block_end(const struct scan *s, size_t indent)
{
    const char *line = s->p;
    while (line < s->end) {
        const char *p = skip_blanks(s, line, indent);
        if (p == s->end || (*p != '\n' && (size_t)(p - line) < indent))
            break;
        p = memchr(p, '\n', (size_t)(s->end - p));
        line = p ? p + 1 : s->end;
    }
    return line;
}

/* `|`, at p, and the lines below it. */
static bool literal_block(struct scan *s, size_t least)
{
    const char *from = s->p++;
    char chomp = '\0';
    if (s->p < s->end && (*s->p == '-' || *s->p == '+'))
        chomp = *s->p++;
    if (!end_line(s))
        return false;
    size_t n_breaks, indent = block_indent(s, least, &n_breaks), len = 0;
    if (indent == 0)
        return false;
    const char *end = block_end(s, indent);
    char *out = arena_alloc(s->q->arena, n_breaks + (size_t)(end - s->p));
    for (const char *p = s->p; p < end;) {
        p = skip_blanks(s, p, indent);
        if (*p == '\n') {
            n_breaks++;
            p++;
            continue;
        }
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        const char *stop = lf ? lf : end;
        memset(out + len, '\n', n_breaks);
        len += n_breaks;
        memcpy(out + len, p, (size_t)(stop - p));
        len += (size_t)(stop - p);
        n_breaks = lf != NULL;
        p = lf ? lf + 1 : end;
    }
    /* The last line's break and those behind it. */
    size_t kept = chomp == '+' ? n_breaks : chomp == '-' ? 0 : n_breaks > 0;
    memset(out + len, '\n', kept);
    struct stream_event *e = add(s, YAML_SCALAR_EVENT, from, end);
    e->quoted = e->kept = true;
    e->text = (struct str){out, len + kept};
    s->p = s->line = end;
    return true;
}

/* ---- maps and lists ---- */

static bool push(struct scan *s, struct level level, const char *to)
{
    if (s->depth == QUICK_DEPTH_MAX)
        return false;
    s->levels[s->depth++] = level;
    add(s, level.is_list ? YAML_SEQUENCE_START_EVENT : YAML_MAPPING_START_EVENT, s->p, to);
    return true;
}

static void pop(struct scan *s)
{
    const struct level *l = &s->levels[--s->depth];
    add(s, l->is_list ? YAML_SEQUENCE_END_EVENT : YAML_MAPPING_END_EVENT, s->p, s->p);
}

static void wait_behind(struct scan *s, const char *since)
{
    s->waits = true;
    s->since = s->p = since;
}

/* Nothing stood behind the colon or dash. */
static void add_nothing(struct scan *s)
{
    struct stream_event *e = add(s, YAML_SCALAR_EVENT, s->since, s->since);
    e->text = (struct str){s->since, 0};
    e->kept = true;
    s->waits = false;
}

static bool at_dash(const struct scan *s)
{
    return *s->p == '-' && ends_word(s, s->p + 1);
}

static bool map_entry(struct scan *s, const struct token *key);

/* What stands behind a colon or dash: a value, nothing yet, or behind a dash a map's first key. */
static bool rest_of_line(struct scan *s)
{
    const char *p = s->p;
    const struct level *l = &s->levels[s->depth - 1];
    while (p < s->end && *p == ' ')
        p++;
    if (p == s->end || *p == '\n' || *p == '#')
        return end_line(s);
    s->p = p;
    if (*p == '|') {
        s->waits = false;
        return literal_block(s, l->column + 1);
    }
    struct token t = next_token(s);
    if (t.sort == KEY && l->is_list) {
        s->waits = false;
        return push(s, (struct level){.column = (size_t)(p - s->line)}, p) && map_entry(s, &t);
    }
    if (t.sort != VALUE)
        return false;
    s->waits = false;
    add_text(s, &t);
    s->p = t.to;
    return end_line(s);
}

static bool map_entry(struct scan *s, const struct token *key)
{
    add_text(s, key);
    wait_behind(s, key->colon + 1);
    return rest_of_line(s);
}

static bool list_entry(struct scan *s)
{
    wait_behind(s, s->p + 1);
    return rest_of_line(s);
}

/* A value that begins on a line of its own. */
static bool begin_level(struct scan *s, size_t column)
{
    s->waits = false;
    if (at_dash(s))
        return push(s, (struct level){column, true, false}, s->p) && list_entry(s);
    struct token t = next_token(s);
    return t.sort == KEY && push(s, (struct level){.column = column}, s->p) && map_entry(s, &t);
}

/* The line at p, which begins with neither blanks nor a comment. */
static bool read_line(struct scan *s)
{
    size_t column = (size_t)(s->p - s->line);
    bool dash = at_dash(s);
    if (s->depth == 0)
        return column == 0 && !dash && begin_level(s, 0);
    const struct level *l = &s->levels[s->depth - 1];
    if (s->waits && column > l->column)
        return begin_level(s, column);
    if (s->waits && column == l->column && dash && !l->is_list) {
        s->waits = false;
        return push(s, (struct level){column, true, true}, s->p + 1) && list_entry(s);
    }
    if (s->waits)
        add_nothing(s);
    while (s->depth > 0 && (s->levels[s->depth - 1].column > column ||
                            (s->levels[s->depth - 1].in_key_column &&
                             s->levels[s->depth - 1].column == column && !dash)))
        pop(s);
    if (s->depth == 0 || s->levels[s->depth - 1].column != column ||
        s->levels[s->depth - 1].is_list != dash)
        return false;
    if (dash)
        return list_entry(s);
    struct token t = next_token(s);
    return t.sort == KEY && map_entry(s, &t);
}

static bool begins_oddly(const struct scan *s)
{
    return s->p == s->line && s->end - s->p >= 3 && memcmp(s->p, "...", 3) == 0;
}

bool quick_read(struct quick *q, struct str text)
{
    struct scan s = {.q = q, .text = text.p, .end = str_end(text), .p = text.p, .line = text.p};
    q->events.n = 0;
    if (text.len == 0 || memchr(text.p, '\t', text.len) || memchr(text.p, '\r', text.len))
        return false;
    while (s.p < s.end) {
        s.p = skip_blanks(&s, s.p, SIZE_MAX);
        if (s.p == s.end)
            break;
        if (*s.p == '#' || *s.p == '\n') {
            const char *lf = memchr(s.p, '\n', (size_t)(s.end - s.p));
            s.p = s.line = lf ? lf + 1 : s.end;
            continue;
        }
        if (q->events.n == 0)
            add(&s, YAML_DOCUMENT_START_EVENT, s.p, s.p);
        if (begins_oddly(&s) || !read_line(&s))
            return false;
    }
    if (s.depth == 0)
        return false;
    if (s.waits)
        add_nothing(&s);
    while (s.depth > 0)
        pop(&s);
    add(&s, YAML_DOCUMENT_END_EVENT, s.end, s.end);
    add(&s, YAML_STREAM_END_EVENT, s.end, s.end);
    return true;
}
