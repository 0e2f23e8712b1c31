/* The programs of all regexes of all rules, found by the regex itself. */
#ifndef SIGMATON_ORACLE_REGEX_TABLE_H
#define SIGMATON_ORACLE_REGEX_TABLE_H

#include "pipeline.h"
#include "regex_sim.h"

struct regex_entry {
    const struct regex *regex;
    struct regex_program *program;
};

struct regex_table {
    struct regex_entry *v; /* sorted by address of the regex */
    size_t n;
};

/* Writes out every regex of the rules. */
struct regex_table regex_table_of(struct arena *a, const struct mapped *rules);
/* The program of a regex of those rules. */
struct regex_program *regex_table_get(const struct regex_table *t, const struct regex *regex);

#endif
