/* Diagnostics as one SARIF 2.1.0 document: collected while a command runs, written at its end.
 *
 *     struct sarif *s = sarif_new(arena);
 *     sarif_add_diag(s, sink, i);  ..
 *     sarif_render(s, STR("0.1.0"), exit_code, &out);
 *
 * Every code that occurs stands once in the table of rules. Columns count characters, as in all of
 * our messages, and the document says so (columnKind). A path becomes a relative or a file: URI.
 */
#ifndef SIGMATON_BASE_DIAG_SARIF_H
#define SIGMATON_BASE_DIAG_SARIF_H

#include "diag.h"

struct sarif;

/* What a result says. line 0: the file as a whole; column 0: the line as a whole. */
struct sarif_result {
    enum diag_code code;
    struct str file; /* empty: no place */
    unsigned long long line, column, length;
    struct str message, help;
    struct str rule; /* id of the Sigma rule concerned; empty: none */
};

struct sarif *sarif_new(struct arena *a);
/* The texts of the result are kept, not copied. */
void sarif_add(struct sarif *s, const struct sarif_result *result);
void sarif_add_diag(struct sarif *s, const struct diag_sink *sink, size_t i);
/* Something worth knowing about the run as a whole, such as a count of the summary: `json` is the
 * value as it is to stand. Both are kept. */
void sarif_property(struct sarif *s, const char *key, struct str json);
/* A failure that belongs to no rule and no event; kept. */
void sarif_failure(struct sarif *s, struct str message);
void sarif_render(const struct sarif *s, struct str version, int exit_code, struct text *out);

#endif
