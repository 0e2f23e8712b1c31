/* What the files that read a rule document share; nobody else includes it. */
#ifndef SIGMATON_RULE_RULE_READER_H
#define SIGMATON_RULE_RULE_READER_H

#include "rule.h"

/* One document on its way to a rule. Everything goes on after a fault, so that all are told. */
struct rule_reader {
    struct arena *arena;
    struct diag_sink *sink;
    const struct rule_options *options;
    struct rule *rule;
    struct span document_at; /* what is missing has no place of its own: the first key */
    bool faulty;
};

/* Reports an error and marks the rule as faulty. */
#define RULE_FAULT(reader, code, at, help, ...) \
    ((reader)->faulty = true, DIAG((reader)->sink, (code), (at), (help), __VA_ARGS__))
#define RULE_FAULT0(reader, code, at) \
    ((reader)->faulty = true, DIAG0((reader)->sink, (code), (at), NO_HELP))

/* "must be a list, this is a text" */
struct str wrong_kind(struct arena *a, const char *wanted, const struct node *node);

void attributes_read(struct rule_reader *r, const struct node *root); /* attributes.c */
/* `key` and `value` of the document's detection; value NULL when there is none. */
void detection_read(struct rule_reader *r, const struct node *key, const struct node *value);

bool uuid_valid(struct str s);

#endif
