/* What both runners of vectors share: text -> mapped rules, and one question to all engines. */
#ifndef SIGMATON_TESTS_SPEC_SPEC_H
#define SIGMATON_TESTS_SPEC_SPEC_H

#include "pipeline.h"

struct spec_rules {
    struct str text, placeholders; /* as read */
    struct mapped mapped;
    size_t n_errors;
    struct str messages; /* the diagnostics, rendered */
};

/* Reads all rules of a text. `placeholders`: a JSON object name -> list, or empty. */
struct spec_rules spec_read(struct arena *a, struct str text, struct str placeholders);

enum spec_answer { SPEC_MISS, SPEC_HIT, SPEC_UNREADABLE };

struct spec_case {
    struct str event;
    enum spec_answer wanted; /* HIT: at least one rule matches */
    int line;                /* of its file, or its index; for messages */
};

/* Puts every event to every engine. Returns the number of wrong answers, each told with `name`. */
size_t spec_ask(struct arena *a, const char *name, const struct spec_rules *rules,
                const struct spec_case *cases, size_t n);

/* A whole file, NUL-ended; p is NULL when it cannot be read. */
struct str spec_load(struct arena *a, const char *path);

#endif
