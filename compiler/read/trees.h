/* The trees of many files, read by a crew: whatever its size, the same trees and the same messages
 * in the same order. */
#ifndef SIGMATON_READ_TREES_H
#define SIGMATON_READ_TREES_H

#include "crew.h"
#include "tree.h"

/* The files 0 to n - 1 of the sink's sources: [n], by file, in a. */
struct documents *trees_read(struct arena *a, struct crew *crew, uint32_t n,
                             struct diag_sink *sink);

#endif
