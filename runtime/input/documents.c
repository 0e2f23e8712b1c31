#include "documents.h"

#include <sigmaton/sigmaton.h>
#include <string.h>

#define ELSEWHERE SIZE_MAX       /* an indent that no line start has */
#define NO_COLUMN (SIZE_MAX - 1) /* a column that no indent is */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* ---- One document -------------------------------------------------------------------------- */

static void level_open(struct srt_documents *d, bool is_array)
{
    if (d->depth < SRT_DOCUMENT_LEVELS) {
        uint64_t bit = UINT64_C(1) << d->depth % 64, *word = &d->is_array[d->depth / 64];
        *word = is_array ? *word | bit : *word & ~bit;
    }
    d->depth++;
}

/* Whether a '{' here may be a value of the document. */
static bool object_fits(const struct srt_documents *d)
{
    if (d->depth == 0 || d->depth > SRT_DOCUMENT_LEVELS)
        return true;
    uint32_t level = d->depth - 1;
    bool in_array = d->is_array[level / 64] >> level % 64 & 1;
    return in_array ? d->last == '[' || d->last == ',' : d->last == ':';
}

/* A byte inside a string. A line end is none of its bytes: the quote is missing. */
static void text_step(struct srt_documents *d, uint8_t c)
{
    if (c == '\n')
        d->in_text = d->escaped = false;
    else if (d->escaped)
        d->escaped = false;
    else if (c == '\\')
        d->escaped = true;
    else if (c == '"')
        d->in_text = false;
}

static void indent_step(struct srt_documents *d, uint8_t c)
{
    if (c == '\n')
        d->indent = 0;
    else if (!is_blank(c))
        d->indent = ELSEWHERE;
    else if (d->indent != ELSEWHERE)
        d->indent++;
}

/* Looks at bytes from d->scanned on. True when the document ends: *ret_end is behind it. */
static bool document_scan(struct srt_documents *d, const uint8_t *p, size_t len, size_t *ret_end)
{
    for (size_t i = d->scanned; i < len; i++) {
        uint8_t c = p[i];
        bool was_text = d->in_text;
        if (was_text) {
            text_step(d, c);
        } else if (c == '{' && d->indent == d->column && !object_fits(d)) {
            *ret_end = i; /* given up: the next one begins */
            return true;
        } else if (c == '"') {
            d->in_text = true;
        } else if (c == '{' || c == '[') {
            level_open(d, c == '[');
        } else if ((c == '}' || c == ']') && --d->depth == 0) {
            indent_step(d, c);
            *ret_end = i + 1;
            return true;
        }
        indent_step(d, c);
        if (!is_blank(c))
            d->last = c;
    }
    d->scanned = len;
    return false;
}

/* What stands where a document should: up to the line's end, a document's start, or in an array
 * the element's end. */
static bool stray_scan(struct srt_documents *d, const uint8_t *p, size_t len, size_t *ret_end)
{
    for (size_t i = d->scanned; i < len; i++) {
        bool ends = p[i] == '\n' || p[i] == '{' || (d->in_array && (p[i] == ',' || p[i] == ']'));
        if (ends && (!d->in_text || p[i] == '\n')) {
            d->in_text = d->escaped = false;
            *ret_end = i;
            return true;
        }
        if (d->in_text)
            text_step(d, p[i]);
        else
            d->in_text = p[i] == '"';
        indent_step(d, p[i]);
    }
    d->scanned = len;
    return false;
}

/* ---- Between documents --------------------------------------------------------------------- */

/* Skips what separates documents; the bytes skipped. */
static size_t separators_skip(struct srt_documents *d, const uint8_t *p, size_t len)
{
    size_t i = 0;
    if (!d->past_mark && len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        i = 3;
    for (; i < len; i++) {
        uint8_t c = p[i];
        if (c == '[' && !d->in_array)
            d->in_array = true;
        else if (c == ']' && d->in_array)
            d->in_array = false;
        else if (!is_blank(c) && !(c == ',' && d->in_array))
            break;
        indent_step(d, c);
    }
    d->past_mark = d->past_mark || i > 0 || len >= 3;
    return i;
}

static void document_begin(struct srt_documents *d, uint8_t c)
{
    d->column = d->indent == ELSEWHERE ? NO_COLUMN : d->indent;
    d->depth = 0;
    d->last = 0;
    d->in_text = d->escaped = d->skipping = false;
    d->open = true;
    d->stray = c != '{' && c != '[';
}

/* Nothing is left. */
static enum srt_cut_status input_end(struct srt_documents *d, struct srt_document *ret, bool eof)
{
    if (!eof)
        return SRT_CUT_MORE;
    if (!d->in_array)
        return SRT_CUT_END;
    d->in_array = false;
    ret->fault = "the array is not closed";
    return SRT_CUT_DOCUMENT;
}

static enum srt_cut_status document_give(struct srt_documents *d, size_t off, size_t len,
                                         struct srt_document *ret)
{
    *ret = (struct srt_document){.off = off, .len = len, .used = off + len};
    if (d->stray)
        ret->fault = "no JSON object";
    if (len > SIGMATON_LINE_MAX) {
        ret->len = SIGMATON_LINE_MAX;
        ret->too_long = true;
    }
    return SRT_CUT_DOCUMENT;
}

/* All bytes are looked at, and the document goes on. */
static enum srt_cut_status document_pause(struct srt_documents *d, size_t off, size_t len,
                                          struct srt_document *ret)
{
    if (!d->skipping && len <= SIGMATON_LINE_MAX) {
        ret->used = off;
        return SRT_CUT_MORE;
    }
    bool told = d->skipping;
    d->skipping = true;
    d->scanned = 0; /* what comes next is new */
    ret->used = off + len;
    return told ? SRT_CUT_MORE : document_give(d, off, len, ret);
}

enum srt_cut_status srt_documents_next(struct srt_documents *d, const uint8_t *p, size_t len,
                                       bool eof, struct srt_document *ret_document)
{
    size_t at = 0;
    for (;;) {
        if (!d->open)
            at += separators_skip(d, p + at, len - at);
        *ret_document = (struct srt_document){.off = at, .used = at};
        if (!d->open && at == len)
            return input_end(d, ret_document, eof);
        if (!d->open)
            document_begin(d, p[at]);
        size_t end = len - at;
        bool ends = d->stray ? stray_scan(d, p + at, len - at, &end)
                             : document_scan(d, p + at, len - at, &end);
        if (!ends && !eof)
            return document_pause(d, at, len - at, ret_document);
        d->open = false;
        d->scanned = 0;
        if (!d->skipping)
            return document_give(d, at, end, ret_document);
        at += end; /* the end of one that was too long */
    }
}

/* ---- Shape --------------------------------------------------------------------------------- */

static size_t blanks_skip(const uint8_t *p, size_t i, size_t len, bool line_ends)
{
    while (i < len && is_blank(p[i]) && (line_ends || p[i] != '\n'))
        i++;
    return i;
}

/* An object that stands alone on its line, whose first byte is p[0]. */
static bool is_whole_line(const uint8_t *p, size_t len)
{
    struct srt_documents d = {.column = NO_COLUMN};
    const uint8_t *feed = memchr(p, '\n', len);
    size_t end, line = feed != NULL ? (size_t)(feed - p) : len;
    return document_scan(&d, p, line, &end) && blanks_skip(p, end, line, false) == line;
}

/* The first document ends on its line, at p[end). */
static enum srt_shape shape_behind(const uint8_t *p, size_t end, size_t len, bool eof)
{
    size_t next = blanks_skip(p, end, len, false);
    if (next == len)
        return eof ? SRT_SHAPE_LINES : SRT_SHAPE_UNSURE;
    return p[next] == '{' ? SRT_SHAPE_DOCUMENTS : SRT_SHAPE_LINES;
}

/* The first document goes on behind its line, d as it was left there: is it a broken line, or does
 * it have several? */
static enum srt_shape shape_of_many(const struct srt_documents *d, const uint8_t *p, size_t feed,
                                    size_t len, bool eof)
{
    if (d->in_text)
        return SRT_SHAPE_LINES;
    size_t next = blanks_skip(p, feed, len, true);
    if (next == len)
        return eof ? SRT_SHAPE_LINES : SRT_SHAPE_UNSURE;
    if (p[next] != '{' || p[next - 1] != '\n')
        return SRT_SHAPE_DOCUMENTS;
    if (!eof && memchr(p + next, '\n', len - next) == NULL)
        return SRT_SHAPE_UNSURE;
    return object_fits(d) && !is_whole_line(p + next, len - next) ? SRT_SHAPE_DOCUMENTS
                                                                  : SRT_SHAPE_LINES;
}

enum srt_shape srt_shape_of(const uint8_t *p, size_t len, bool eof)
{
    struct srt_documents d = {.column = NO_COLUMN};
    size_t mark = len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, end;
    eof = eof || len > SIGMATON_LINE_MAX;
    size_t first = blanks_skip(p, mark, len, true);
    if (first == len)
        return eof ? SRT_SHAPE_LINES : SRT_SHAPE_UNSURE;
    if (p[first] == '[') {
        size_t next = blanks_skip(p, first + 1, len, true);
        if (next == len)
            return eof ? SRT_SHAPE_ARRAY : SRT_SHAPE_UNSURE;
        return p[next] == '{' || p[next] == ']' ? SRT_SHAPE_ARRAY : SRT_SHAPE_LINES;
    }
    if (p[first] != '{')
        return SRT_SHAPE_LINES;
    const uint8_t *feed = memchr(p + first, '\n', len - first);
    size_t line = feed != NULL ? (size_t)(feed - p) : len;
    if (document_scan(&d, p + first, line - first, &end))
        return shape_behind(p, first + end, len, eof);
    if (feed == NULL)
        return eof ? SRT_SHAPE_LINES : SRT_SHAPE_UNSURE;
    return shape_of_many(&d, p, line, len, eof);
}
