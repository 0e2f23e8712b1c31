/* Loaded source texts and places in them.
 *
 * A place is a byte span in a file; line and column are computed only when somebody is told. A
 * source set owns its texts for as long as its arena lives, so slices into them may be kept.
 */
#ifndef SIGMATON_BASE_SOURCE_H
#define SIGMATON_BASE_SOURCE_H

#include <stdint.h>

#include "str.h"

struct arena;

/* Files above this are refused: a rule file is a few kB, 16 MiB holds any collection that a person
 * made. */
#define SOURCE_FILE_MAX ((size_t)16 << 20)

/* Bytes [off, off + len) of file number `file`; file SPAN_NONE means "no place". */
struct span {
    uint32_t file, off, len;
};
#define SPAN_NONE UINT32_MAX
#define NO_SPAN ((struct span){SPAN_NONE, 0, 0})

struct source {
    struct str path; /* as shown to the user */
    struct str name; /* within its root folder, for packs: no path of a machine gets into one */
    struct str text; /* UTF-8, byte order mark included if the file has one */
};

struct sources;

struct sources *sources_new(struct arena *a);
/* Adds a text that the caller keeps alive as long as the arena. Returns its file number. */
uint32_t sources_add(struct sources *s, struct str path, struct str text);
/* Reads the file `path` ("-" is standard input), shown as path, its name within its root folder
 * being `name`. On failure returns SPAN_NONE and sets *ret_why to a phrase that lives for ever:
 * source_too_big itself when SOURCE_FILE_MAX was the reason. */
extern const char source_too_big[];
uint32_t sources_load(struct sources *s, struct str path, struct str name, const char **ret_why);
/* The same for `entry` of an open folder, AT_FDCWD or one whose file `path` it is: the system need
 * not look up the path again for each file. */
uint32_t sources_load_at(struct sources *s, int folder, const char *entry, struct str path,
                         struct str name, const char **ret_why);
/* NULL when there is no file of that number, as for SPAN_NONE. */
const struct source *sources_get(const struct sources *s, uint32_t file);
uint32_t sources_count(const struct sources *s);

/* Lines end with LF or CR LF. A span that goes past its line is clipped to it; one that goes past
 * the text is moved to its end. Linear in the text before the span. */
struct position {
    uint32_t line, column;  /* from 1; columns count characters, not bytes */
    struct str line_text;   /* without its line end */
    uint32_t column_length; /* characters of the span on this line, at least 1 */
};
struct position source_position(const struct source *src, struct span at);

#endif
