/* Places inside scalars: where in the source the bytes of a scalar's decoded text stand. */
#ifndef SIGMATON_RULE_PLACE_H
#define SIGMATON_RULE_PLACE_H

#include "diag.h"
#include "source.h"
#include "str.h"

/* A scalar's place and where its text begins in it. */
struct place {
    struct span at;
    size_t len;     /* of the text; 0 when the source holds other bytes than the text */
    uint32_t start; /* offset in the file of the text's first byte */
};

/* The place of a scalar whose decoded text is `text`. Places inside are exact when the source holds
 * the same bytes: plain scalars on one line, and quoted ones without escapes. */
static inline struct place place_of(const struct diag_sink *sink, struct span at, struct str text)
{
    struct place place = {.at = at};
    const struct source *source =
        at.file == SPAN_NONE ? NULL : sources_get(diag_sources(sink), at.file);
    if (!source || (at.len != text.len && at.len != text.len + 2))
        return place;
    uint32_t start = at.off + (at.len != text.len);
    if (text.len > 0 && str_eq(str_sub(source->text, start, text.len), text)) {
        place.len = text.len;
        place.start = start;
    }
    return place;
}

/* The bytes [off, off + len) of the text, or the whole scalar. */
static inline struct span place_inside(const struct place *place, size_t off, size_t len)
{
    if (off > place->len || len > place->len - off || place->len == 0)
        return place->at;
    return (struct span){place->at.file, place->start + (uint32_t)off, (uint32_t)len};
}

#endif
