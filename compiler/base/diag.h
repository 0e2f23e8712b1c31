/* Diagnostics: the sink that collects them and the renderers.
 *
 * Every message is one row of diag_codes.def, whose number keeps its meaning for ever. A row's text
 * has placeholders {0} {1} .. that are filled with slices. Nothing prints but diag_render_*, which
 * write to a struct text; nothing exits.
 *
 *     DIAG(sink, DIAG_unknown_modifier, span, help, name);     help may be an empty slice
 */
#ifndef SIGMATON_BASE_DIAG_H
#define SIGMATON_BASE_DIAG_H

#include <stdbool.h>
#include <stdint.h>

#include "source.h"
#include "str.h"

enum diag_severity { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

enum diag_code {
#define DIAG_ROW(number, name, severity, category, text, explain, example, since) DIAG_##name,
#include "diag_codes.def"
#undef DIAG_ROW
    DIAG__COUNT
};

struct diag_info {
    unsigned number; /* S<number> */
    const char *name;
    enum diag_severity severity;
    const char *category; /* a name of the specification's section 12 list, or "" */
    const char *text, *explain, *example, *since;
};
const struct diag_info *diag_info(enum diag_code code);
/* By its printed form, "S417" or "417"; NULL when there is none. */
const struct diag_info *diag_info_find(struct str code);
const char *diag_severity_name(enum diag_severity severity); /* "note", "warning", "error" */
/* The code's text with {0} {1} .. filled in, as the sink does it: arguments are cut at
 * DIAG_ARGUMENT_MAX. In a. */
struct str diag_message(struct arena *a, enum diag_code code, size_t n_args,
                        const struct str *args);

struct diag {
    enum diag_code code;
    struct span at;
    struct str message, help;
    struct str rule; /* id, else title, of the rule concerned; may be empty */
    bool rule_has_id;
};

struct diag_sink;

/* At most this many are kept per file; one more (DIAG_too_many) says how many were dropped. */
#define DIAG_PER_FILE_MAX 200
/* A message quotes at most this many characters of an argument, then "...". */
#define DIAG_ARGUMENT_MAX 256

struct diag_sink *diag_sink_new(struct arena *a, const struct sources *sources);
const struct sources *diag_sources(const struct diag_sink *s);
/* Adds a diagnostic. args fill {0} to {9}; args and help are copied. */
void diag_add(struct diag_sink *s, enum diag_code code, struct span at, struct str help,
              size_t n_args, const struct str *args);
/* With at least one argument slice. */
#define DIAG(sink, code, at, help, ...)                                \
    diag_add((sink), (code), (at), (help),                             \
             sizeof((struct str[]){__VA_ARGS__}) / sizeof(struct str), \
             (struct str[]){__VA_ARGS__})
/* Without arguments. */
#define DIAG0(sink, code, at, help) diag_add((sink), (code), (at), (help), 0, NULL)
#define NO_HELP ((struct str){NULL, 0})

/* The rule that later diagnostics belong to; an empty id clears. The slice is kept until the arena
 * ends. */
void diag_rule(struct diag_sink *s, struct str id_or_title, bool is_id);
/* Later diagnostics of this code are dropped and counted nowhere. For warnings and notes: an error
 * that is silenced would still refuse its rule. */
void diag_silence(struct diag_sink *s, enum diag_code code);
/* Adds diagnostics as they were, kept until the arena ends, of which n_errors are errors. */
void diag_restore(struct diag_sink *s, const struct diag *v, size_t n, size_t n_errors);
/* A sink in `a` for a part of what s is for, with the same sources and the same silence. */
struct diag_sink *diag_sink_part(struct arena *a, const struct diag_sink *s);
/* Adds what the parts [n] hold, NULL where there is none, in order of files. No two parts may speak
 * of one file, and each must have been told of its files in ascending order. The parts' arenas must
 * live as long as s. */
void diag_join(struct diag_sink *s, struct diag_sink *const *parts, size_t n);
size_t diag_count(const struct diag_sink *s);
size_t diag_errors(const struct diag_sink *s); /* severity error only; dropped ones count too */
const struct diag *diag_get(const struct diag_sink *s, size_t i);

struct diag_style {
    bool color;
};
/* file:line:column: error[S417]: ... with the source line and a caret. Control characters of the
 * file and malformed bytes are shown as U+FFFD; of long lines a window round the caret is shown. */
void diag_render_text(const struct diag_sink *s, size_t i, struct diag_style style,
                      struct text *out);
/* One JSON object and a line feed, keys as the contract names them. Without a place, file, line,
 * column and length are null; without a category, category is null. */
void diag_render_json(const struct diag_sink *s, size_t i, struct text *out);
/* JSON string escaping of s between quotes; malformed UTF-8 becomes U+FFFD. */
void text_json(struct text *out, struct str s);

#endif
