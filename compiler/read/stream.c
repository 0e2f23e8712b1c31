#include "stream.h"

#include <string.h>

#include "arena.h"
#include "quick.h"

static void release(void *object)
{
    struct stream *s = object;
    yaml_event_delete(&s->theirs);
    yaml_parser_delete(&s->parser); /* both leave zeroes behind, so a second call is harmless */
}

struct stream *stream_new(struct arena *a)
{
    struct stream *s = ARENA_NEW(a, struct stream);
    s->arena = a;
    s->quick = ARENA_NEW(a, struct quick);
    s->quick->arena = a;
    arena_defer(a, release, s);
    return s;
}

void stream_begin(struct stream *s, struct str text)
{
    stream_stop(s);
    s->text = text;
    s->line_off = s->line = 0;
}

static bool is_marker(struct str text, size_t off)
{
    if (text.len - off < 3 || memcmp(text.p + off, "---", 3) != 0)
        return false;
    return text.len - off == 3 || strchr(" \t\r\n", text.p[off + 3]) != NULL;
}

size_t stream_find_marker(struct str text, size_t from)
{
    while (from < text.len) {
        bool line_start = from == 0 || text.p[from - 1] == '\n';
        if (line_start && is_marker(text, from))
            return from;
        const char *lf = memchr(text.p + from, '\n', text.len - from);
        if (!lf)
            break;
        from = (size_t)(lf + 1 - text.p);
    }
    return text.len;
}

bool stream_is_marker(struct str text, size_t off)
{
    return off < text.len && (off == 0 || text.p[off - 1] == '\n') && is_marker(text, off);
}

/* Nothing in the text can be a fault of the reader, a marker or a directive, whatever libyaml makes
 * of it: ASCII of which no line begins with - - - or %. Written so that compilers take many bytes
 * at once. */
static bool is_plain(struct str text)
{
    const unsigned char *p = (const unsigned char *)text.p;
    unsigned char odd = 0;
    size_t i = 0, n = text.len;
    if (n > 0 && (p[0] == '%' || (n > 2 && memcmp(p, "---", 3) == 0)))
        return false;
    for (; i + 3 < n; i++)
        odd |= (unsigned char)((p[i] >= 0x7f) |
                               ((p[i] < 0x20) & (p[i] != '\n') & (p[i] != '\r') & (p[i] != '\t')) |
                               ((p[i] == '\n') &
                                ((p[i + 1] == '%') |
                                 ((p[i + 1] == '-') & (p[i + 2] == '-') & (p[i + 3] == '-')))));
    for (; i < n; i++) /* too few for a marker */
        odd |= (unsigned char)((p[i] >= 0x7f) |
                               ((p[i] < 0x20) & (p[i] != '\n') & (p[i] != '\r') & (p[i] != '\t')) |
                               ((p[i] == '\n') & (i + 1 < n) & (p[i + (i + 1 < n)] == '%')));
    return odd == 0;
}

/* How much of the text to hand out next: to the end of the line. Of a `---` line the marker goes
 * alone, for it still belongs to the end of the document before. */
static size_t portion(const struct stream *s, size_t max)
{
    if (s->plain)
        return max;
    const char *p = s->text.p + s->fed;
    const char *lf = memchr(p, '\n', max);
    size_t n = lf ? (size_t)(lf + 1 - p) : max;
    bool line_start = s->fed == s->base || p[-1] == '\n';
    if (line_start && n > 4 && is_marker(s->text, s->fed))
        n = 4;
    return n;
}

static int feed(void *data, unsigned char *buffer, size_t size, size_t *size_read)
{
    struct stream *s = data;
    *size_read = 0;
    size_t end = s->limit < s->text.len ? s->limit : s->text.len;
    if (s->fed >= end) {
        s->cut = s->cut || end < s->text.len;
        return 1;
    }
    size_t n = portion(s, size < end - s->fed ? size : end - s->fed);
    bool line_start = s->fed == s->base || s->text.p[s->fed - 1] == '\n';
    if (line_start && s->text.p[s->fed] == '%' && ++s->n_directives > STREAM_DIRECTIVES_MAX) {
        s->bad_directives = true;
        return 0;
    }
    memcpy(buffer, s->text.p + s->fed, n);
    s->fed += n;
    *size_read = n;
    return 1;
}

void stream_stop(struct stream *s)
{
    release(s);
}

void stream_allow(struct stream *s, size_t from, size_t max)
{
    s->limit = max < SIZE_MAX - from ? from + max : SIZE_MAX;
    s->n_directives = 0;
}

static void start_libyaml(struct stream *s)
{
    if (!yaml_parser_initialize(&s->parser))
        arena_out_of_memory(s->arena);
    yaml_parser_set_encoding(&s->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input(&s->parser, feed, s);
}

void stream_start(struct stream *s, size_t from, size_t max)
{
    stream_stop(s);
    s->base = s->fed = s->mark_off = from;
    s->mark_index = 0;
    s->cut = s->bad_directives = false;
    stream_allow(s, from, max);
    /* Asked once: a text that is begun again and again must not be walked each time. */
    s->plain = from == 0 && s->text.len < s->limit && is_plain(s->text);
    s->n_quick = s->next_quick = 0;
    if (s->plain && quick_read(s->quick, s->text))
        s->n_quick = s->quick->events.n;
    else
        start_libyaml(s);
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static size_t offset_slow(struct stream *s, size_t mark)
{
    size_t off = s->mark_off, index = s->mark_index;
    for (; index < mark && off < s->text.len; index++)
        do
            off++;
        while (off < s->text.len && is_continuation(s->text.p[off]));
    for (; index > mark && off > s->base; index--)
        do
            off--;
        while (off > s->base && is_continuation(s->text.p[off]));
    s->mark_off = off;
    s->mark_index = index;
    return off;
}

size_t stream_offset(struct stream *s, const yaml_mark_t *mark)
{
    if (!s->plain)
        return offset_slow(s, mark->index);
    return mark->index < s->text.len - s->base ? s->base + mark->index : s->text.len;
}

/* The parts of their event that depend on its type. */
static void adopt(struct stream_event *e, const yaml_event_t *theirs)
{
    switch (theirs->type) {
    case YAML_SCALAR_EVENT:
        e->text = (struct str){(const char *)theirs->data.scalar.value, theirs->data.scalar.length};
        e->quoted = theirs->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        e->tag = (const char *)theirs->data.scalar.tag;
        e->anchor = (const char *)theirs->data.scalar.anchor;
        break;
    case YAML_ALIAS_EVENT:
        e->text = str_of((const char *)theirs->data.alias.anchor);
        break;
    case YAML_SEQUENCE_START_EVENT:
        e->tag = (const char *)theirs->data.sequence_start.tag;
        e->anchor = (const char *)theirs->data.sequence_start.anchor;
        break;
    case YAML_MAPPING_START_EVENT:
        e->tag = (const char *)theirs->data.mapping_start.tag;
        e->anchor = (const char *)theirs->data.mapping_start.anchor;
        break;
    default:
        break;
    }
}

bool stream_next(struct stream *s)
{
    if (s->next_quick < s->n_quick) {
        s->event = s->quick->events.v[s->next_quick++];
        return true;
    }
    yaml_event_delete(&s->theirs);
    if (yaml_parser_parse(&s->parser, &s->theirs)) {
        size_t from = stream_offset(s, &s->theirs.start_mark),
               to = stream_offset(s, &s->theirs.end_mark);
        s->event = (struct stream_event){.type = s->theirs.type, .from = from, .to = to};
        adopt(&s->event, &s->theirs);
        return true;
    }
    if (s->parser.error == YAML_MEMORY_ERROR)
        arena_out_of_memory(s->arena);
    return false;
}

size_t stream_line(struct stream *s, size_t off)
{
    for (; s->line_off < off; s->line_off++)
        s->line += s->text.p[s->line_off] == '\n';
    for (; s->line_off > off; s->line_off--)
        s->line -= s->text.p[s->line_off - 1] == '\n';
    return s->line + 1;
}
