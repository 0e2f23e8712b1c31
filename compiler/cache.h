/* The object cache: what one compilation came to, for the next one with equal input.
 *
 * An entry is named by the SHA-256 of everything that goes in: the rules' bytes and paths,
 * pipelines and placeholders, options, target, and the files of the compiler and of LLVM as they
 * are installed. It holds the object, the diagnostics and the counts. Entries are written beside
 * and renamed, so that a reader sees a whole one or none. A pack is code: a folder or entry that
 * others can write is not used.
 */
#ifndef SIGMATON_CACHE_H
#define SIGMATON_CACHE_H

#include <sigmatonc.h>

#include "diag.h"
#include "target.h"

struct cache;

struct cache_entry {
    struct sigmatonc_counts counts;
    size_t n_correlations; /* of the other documents */
    struct str object;
    const struct source *aids; /* the files beside the rules: placeholders, pipelines, and what */
    size_t n_aids;             /* pipelines name */
};

/* The folder, made where it is missing (for the user alone). NULL after reporting: DIAG_bad_option.
 */
struct cache *cache_open(struct arena *a, struct diag_sink *sink, const char *dir);

/* What the compilation of these sources with these options is called. False when that cannot be
 * said: the compiler's own file is not found, or a pipeline or placeholder file is not. Linear in
 * the sources. */
bool cache_key(struct cache *c, const struct sources *sources,
               const struct sigmatonc_options *options, const struct target *target);

/* The entry of the key: its diagnostics are added to the sink. False when there is none, or when a
 * file that a pipeline names has changed; one that is damaged or not to be trusted is reported
 * (DIAG_cache_unused). */
bool cache_load(struct cache *c, struct diag_sink *sink, struct cache_entry *ret);
/* Keeps it, with the diagnostics of the sink from the `first` on. What fails is reported
 * (DIAG_cache_unwritten) and harms nothing. */
void cache_store(struct cache *c, struct diag_sink *sink, size_t first,
                 const struct cache_entry *entry);

#endif
