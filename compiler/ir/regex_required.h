/* What every text that a regex is found in must hold: one of a few literals.
 *
 *     struct required r;
 *     if (regex_required(arena, re, &r))      \d+\.(exe|dll)    ".exe" or ".dll"
 *
 * Sound, not complete: a text without any of them never matches; a text with one may or may not.
 */
#ifndef SIGMATON_IR_REGEX_REQUIRED_H
#define SIGMATON_IR_REGEX_REQUIRED_H

#include <stdbool.h>
#include <stdint.h>

#include "regex.h"

#define REGEX_REQUIRED_MAX 64 /* texts of one regex */

struct required {
    struct str *texts; /* n of them, none empty, none needless beside another; UTF-8 */
    bool *cased;       /* [n]: the text stands byte by byte; else it is folded (fold.h) and stands
                          in the folded text */
    uint32_t n;
};

/* The literals of `re`, few and rare rather than many and common. False, and n == 0, when nothing
 * is required or nothing was found that is. In `a`; linear in the regex. */
bool regex_required(struct arena *a, const struct regex *re, struct required *ret);

#endif
