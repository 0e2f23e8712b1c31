#include "diag.h"

#include <inttypes.h>
#include <stdio.h>

/* Source lines above this many characters are shown as a window round the span. */
#define LINE_SHOWN_MAX 160
#define LINE_BEFORE_CARET 80

#define BOLD "\x1b[1m"
#define RED "\x1b[1;31m"
#define YELLOW "\x1b[1;33m"
#define BLUE "\x1b[1;34m"
#define GREEN "\x1b[1;32m"
#define PLAIN "\x1b[0m"

static const char *const severity_colors[] = {
    [DIAG_NOTE] = BLUE, [DIAG_WARNING] = YELLOW, [DIAG_ERROR] = RED};

const char *diag_severity_name(enum diag_severity severity)
{
    static const char *const names[] = {
        [DIAG_NOTE] = "note", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error"};
    return names[severity];
}

static bool is_malformed(uint32_t c)
{
    return c >= 0xDC80 && c <= 0xDCFF;
}

/* Control characters, which could drive a terminal, and the marks that turn the direction of text,
 * which could make a line read as another. */
static bool is_harmful(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029 || c == 0x200E ||
           c == 0x200F || is_malformed(c);
}

/* Text of strangers for the terminal, on one line; one character stays one column. */
static void add_clean(struct text *out, struct str s, bool keep_tabs)
{
    if (s.len == 0)
        return;
    const char *p = s.p, *end = str_end(s);
    while (p < end) {
        const char *from = p;
        uint32_t c = utf8_next(&p, end);
        if (c == '\t' && !keep_tabs)
            text_addz(out, " ");
        else if (c != '\t' && is_harmful(c))
            text_addz(out, "\xEF\xBF\xBD");
        else
            text_add(out, (struct str){from, (size_t)(p - from)});
    }
}

static void paint(struct text *out, struct diag_style style, const char *color)
{
    if (style.color)
        text_addz(out, color);
}

/* What is shown of a source line, and where the caret stands in it. */
struct window {
    struct str line;
    uint32_t column, length; /* of the caret, in characters from 1 */
    bool cut_left, cut_right;
};

static const char *skip_characters(const char *p, const char *end, uint32_t n)
{
    while (n-- > 0 && p < end)
        utf8_next(&p, end);
    return p;
}

static struct window window_of(struct position pos)
{
    struct window w = {pos.line_text, pos.column, pos.column_length, false, false};
    if (w.line.len == 0)
        return w;
    const char *p = w.line.p, *end = w.line.p + w.line.len;
    if (skip_characters(p, end, LINE_SHOWN_MAX) == end)
        return w;
    uint32_t skip = pos.column > LINE_BEFORE_CARET ? pos.column - LINE_BEFORE_CARET : 0;
    p = skip_characters(p, end, skip);
    const char *stop = skip_characters(p, end, LINE_SHOWN_MAX);
    w.line = (struct str){p, (size_t)(stop - p)};
    w.column -= skip;
    w.cut_left = skip > 0;
    w.cut_right = stop < end;
    if (w.length > LINE_SHOWN_MAX - w.column + 1)
        w.length = LINE_SHOWN_MAX - w.column + 1;
    return w;
}

static void add_source_line(struct text *out, uint32_t number, struct window w)
{
    text_addf(out, "%5" PRIu32 " | ", number);
    if (w.cut_left)
        text_addz(out, "...");
    add_clean(out, w.line, true);
    if (w.cut_right)
        text_addz(out, "...");
    text_addz(out, "\n");
}

/* Blanks up to the caret; the tabs of the line stay tabs, so that the caret stands under its
 * character whatever the tab width. */
static void add_caret(struct text *out, uint32_t number, struct window w)
{
    int margin = number > 99999 ? snprintf(NULL, 0, "%" PRIu32, number) : 5;
    text_addf(out, "%*s | ", margin, "");
    if (w.cut_left)
        text_addz(out, "   ");
    const char *p = w.line.p, *end = w.line.len > 0 ? w.line.p + w.line.len : p;
    for (uint32_t i = 1; i < w.column && p < end; i++)
        text_addz(out, utf8_next(&p, end) == '\t' ? "\t" : " ");
    text_addz(out, "^");
    for (uint32_t i = 1; i < w.length; i++)
        text_addz(out, "~");
}

void diag_render_text(const struct diag_sink *s, size_t i, struct diag_style style,
                      struct text *out)
{
    const struct diag *d = diag_get(s, i);
    const struct diag_info *info = diag_info(d->code);
    const struct source *src = sources_get(diag_sources(s), d->at.file);
    struct position pos = {0};
    if (src) {
        pos = source_position(src, d->at);
        paint(out, style, BOLD);
        add_clean(out, src->path, false);
        text_addf(out, ":%" PRIu32 ":%" PRIu32 ": ", pos.line, pos.column);
    }
    paint(out, style, severity_colors[info->severity]);
    text_addf(out, "%s[S%u]: ", diag_severity_name(info->severity), info->number);
    paint(out, style, PLAIN BOLD);
    add_clean(out, d->message, false);
    paint(out, style, PLAIN);
    text_addz(out, "\n");
    if (src) {
        struct window w = window_of(pos);
        add_source_line(out, pos.line, w);
        paint(out, style, GREEN);
        add_caret(out, pos.line, w);
    } else {
        text_addz(out, "     ");
    }
    if (d->help.len > 0) {
        text_addz(out, " ");
        add_clean(out, d->help, false);
        text_addz(out, "       ");
    }
    paint(out, style, PLAIN);
    text_addf(out, " (`sigmaton explain S%u`)\n", info->number);
}

void text_json(struct text *out, struct str s)
{
    text_addz(out, "\"");
    const char *p = s.p, *end = s.len > 0 ? s.p + s.len : p, *from = p;
    while (p < end) {
        const char *at = p;
        uint32_t c = utf8_next(&p, end);
        if (c >= 0x20 && c != '"' && c != '\\' && !is_malformed(c))
            continue;
        text_add(out, (struct str){from, (size_t)(at - from)});
        from = p;
        if (c == '"' || c == '\\')
            text_addf(out, "\\%c", (char)c);
        else if (c == '\n')
            text_addz(out, "\\n");
        else if (c == '\t')
            text_addz(out, "\\t");
        else if (c == '\r')
            text_addz(out, "\\r");
        else if (is_malformed(c))
            text_addz(out, "\xEF\xBF\xBD");
        else
            text_addf(out, "\\u%04x", (unsigned)c);
    }
    if (from < end)
        text_add(out, (struct str){from, (size_t)(end - from)});
    text_addz(out, "\"");
}

static void add_member(struct text *out, const char *key, struct str value, bool present)
{
    text_addf(out, ",\"%s\":", key);
    if (present)
        text_json(out, value);
    else
        text_addz(out, "null");
}

void diag_render_json(const struct diag_sink *s, size_t i, struct text *out)
{
    const struct diag *d = diag_get(s, i);
    const struct diag_info *info = diag_info(d->code);
    const struct source *src = sources_get(diag_sources(s), d->at.file);
    struct str category = str_of(info->category);
    text_addf(out, "{\"severity\":\"%s\",\"code\":\"S%u\"", diag_severity_name(info->severity),
              info->number);
    add_member(out, "category", category, category.len > 0);
    if (src) {
        struct position pos = source_position(src, d->at);
        add_member(out, "file", src->path, true);
        text_addf(out, ",\"line\":%" PRIu32 ",\"column\":%" PRIu32 ",\"length\":%" PRIu32, pos.line,
                  pos.column, pos.column_length);
    } else {
        text_addz(out, ",\"file\":null,\"line\":null,\"column\":null,\"length\":null");
    }
    add_member(out, "rule", d->rule, d->rule_has_id);
    add_member(out, "message", d->message, true);
    add_member(out, "help", d->help, true);
    text_addz(out, "}\n");
}
