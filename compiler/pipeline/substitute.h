/* Regexes of pipelines: matching at the start of a text, and replacing.
 *
 * Pipelines come from pySigma, whose regexes are Python's: they may look around, refer back, and
 * their groups are needed for replacements. So they run on PCRE2 in Unicode mode, once per value
 * when rules are compiled, never on events, and with a bound on every run. Rules' own regexes are
 * rule/regex.h's.
 *
 * A marked text has a byte beside each of its bytes that says what the byte is, so that wildcards
 * keep apart from literal stars while a regex sees both as they are written.
 */
#ifndef SIGMATON_PIPELINE_SUBSTITUTE_H
#define SIGMATON_PIPELINE_SUBSTITUTE_H

#include "diag.h"
#include "str.h"

struct arena;

#define REGEX_TEXT_LIMIT 1000000 /* matches tried in one run */

enum mark { MARK_TEXT = 't', MARK_WILDCARD = 'w', MARK_DASH = 'd' };

struct marked {
    struct text text, marks; /* of the same length */
};
void marked_init(struct marked *m, struct arena *a);
void marked_add(struct marked *m, struct str text, enum mark mark);

struct regex_text;
struct replacement;

/* NULL after reporting at `at`. */
struct regex_text *regex_text_new(struct arena *a, struct diag_sink *sink, struct str pattern,
                                  struct span at);

enum regex_answer { REGEX_TEXT_NO, REGEX_TEXT_YES, REGEX_TEXT_BOUND };

/* Whether it matches at the start of the text, or (search) anywhere. */
enum regex_answer regex_text_match(const struct regex_text *re, struct str text, bool search);

/* A replacement with \1, \g<1>, \g<name>, \\, \n, \r and \t. With `live` its stars and question
 * marks are wildcards, unless a backslash stands before. NULL after reporting. */
struct replacement *replacement_new(struct arena *a, struct diag_sink *sink, struct str text,
                                    bool live, const struct regex_text *re, struct span at);

/* Replaces every match. *ret_out is set on YES and NO. At most `max` bytes come out, else BOUND. */
enum regex_answer regex_text_replace(const struct regex_text *re, const struct replacement *by,
                                     const struct marked *in, size_t max, struct arena *a,
                                     struct marked *ret_out);

#endif
