/* The values of sample events (--profile): what tells how rare texts are where a pack will run.
 *
 * NDJSON: an object a line, lines of blanks aside. Strings, decoded, and numbers are values; keys
 * and names are not.
 *
 *     if (!plan_sample_read(arena, text, &sample, &line, &why)) ... line 3: why
 */
#ifndef SIGMATON_PLAN_SAMPLE_H
#define SIGMATON_PLAN_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

/* Objects and arrays inside each other. */
#define SAMPLE_DEPTH_MAX 128

struct arena;

struct plan_sample {
    struct str *values; /* in the text, or in the arena where something was decoded */
    size_t n;
};

/* Reads a whole sample. False at the first line that is no JSON object, *ret_line from 1, *ret_why
 * a static phrase; ret_sample is then as it was. Linear. */
bool plan_sample_read(struct arena *a, struct str text, struct plan_sample *ret_sample,
                      size_t *ret_line, const char **ret_why);

#endif
