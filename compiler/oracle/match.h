/* One value of a rule against one text, number, address or time. No events here but leaves.
 */
#ifndef SIGMATON_ORACLE_MATCH_H
#define SIGMATON_ORACLE_MATCH_H

#include "view.h"

/* A pattern as a row of code points and wild cards, folded unless cased. Reused from one pattern to
 * the next, so that matching does not fill the arena. */
struct glob {
    struct arena *arena;
    uint32_t *v;
    size_t n, cap;
};

/* Takes a pattern; `anywhere` puts a star on both sides (keywords). */
void glob_set(struct glob *g, const struct pattern *p, bool cased, bool anywhere);
/* Whether the whole text matches; the text is folded unless the pattern was cased. */
bool glob_matches(const struct glob *g, struct points text);

/* A strict address: dotted quad without leading zeros, or IPv6 in any notation without a zone. */
bool address_read(struct str s, bool *ret_v6, uint8_t ret_address[16]);
bool address_in(struct str s, const struct network *network);

/* The part of the time that the leaf holds: a time stamp's text, or a number of seconds (above 1e12
 * milliseconds) since 1970. False when it is no time. */
bool time_part_of(const struct leaf *leaf, enum time_part part, int64_t *ret_value);

/* fieldref: the leaf against the leaf of the other field. */
bool leaves_agree(const struct view *v, struct leaf *leaf, struct leaf *other,
                  const struct value *wanted);

#endif
