/* Object bytes -> a static library with that one object: `ar` as System V and GNU write it, with
 * its table of symbols, and without times, owners and paths. */
#ifndef SIGMATON_EMIT_ARCHIVE_H
#define SIGMATON_EMIT_ARCHIVE_H

#include "str.h"

struct str archive_of(struct arena *a, const char *symbol, const uint8_t *object, size_t len);

#endif
