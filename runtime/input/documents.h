/* Where one event ends and the next begins, in bytes that are not one event a line: pretty-printed
 * or concatenated JSON documents, or one array of them.
 *
 * Only brackets, strings and line ends are looked at; whether a document is JSON is the reader's to
 * say (ndjson.h). A document that does not end is given up where, at the start of a line, another
 * begins that cannot be its member. No allocation, no recursion; each byte is looked at once
 * however the bytes arrive.
 *
 *     struct srt_documents d = {0};
 *     while (srt_documents_next(&d, p, len, eof, &document) == SRT_CUT_DOCUMENT)
 *         judge(p + document.off, document.len), p += document.used, len -= document.used;
 */
#ifndef SRT_DOCUMENTS_H
#define SRT_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum srt_shape {
    SRT_SHAPE_UNSURE, /* more bytes are needed to tell */
    SRT_SHAPE_LINES,  /* one event a line, or nothing that is known */
    SRT_SHAPE_DOCUMENTS,
    SRT_SHAPE_ARRAY,
};

/* The shape of an input that begins with p[len]; eof: and ends there. Sure from eof on, and once
 * len exceeds SIGMATON_LINE_MAX. */
enum srt_shape srt_shape_of(const uint8_t *p, size_t len, bool eof);

/* Levels whose kind (object or array) is remembered; below, a document cannot be given up. */
#define SRT_DOCUMENT_LEVELS 192

struct srt_documents {
    size_t scanned; /* bytes given last time and to be given again that are looked at already */
    size_t indent;  /* blanks since the line began; SIZE_MAX: something else stands there */
    size_t column;  /* indent of the document */
    uint64_t is_array[SRT_DOCUMENT_LEVELS / 64];
    uint32_t depth;
    uint8_t last;  /* the last byte that is no blank */
    bool open;     /* a document has begun .. */
    bool stray;    /* .. or what stands in the place of one */
    bool skipping; /* it was given as too long */
    bool in_text, escaped, in_array, past_mark;
};

enum srt_cut_status {
    SRT_CUT_DOCUMENT,
    SRT_CUT_MORE, /* drop `used` bytes and come with more; never at eof */
    SRT_CUT_END,
};
struct srt_document {
    size_t off, len;   /* of the bytes given */
    size_t used;       /* bytes that the next call must not get again */
    bool too_long;     /* above SIGMATON_LINE_MAX: len is cut, the rest will be skipped */
    const char *fault; /* not NULL: this is no document; a phrase, static */
};

/* The next document of the unread bytes p[len]; eof: there will be no more. */
enum srt_cut_status srt_documents_next(struct srt_documents *d, const uint8_t *p, size_t len,
                                       bool eof, struct srt_document *ret_document);

#endif
